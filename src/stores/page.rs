//! A page of a list and the place where the next one starts.
//!
//! Pages are found by key, not by counting rows, so that nothing is skipped or shown twice while rows come in.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The largest page.
pub const MAX_PAGE: u32 = 1000;

/// A stretch of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; none at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The page out of `limit + 1` rows: the extra one only shows that there is more.
    pub(super) fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

/// The last item of a page, by the list's sort keys; its text is opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// First sort key, where the list has two.
    pub(super) rank: u8,
    /// The main sort key.
    pub(super) key: i64,
    /// What tells apart items of the same keys.
    pub(super) id: Uuid,
}

/// A cursor that no list gave out.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the cursor is not one that a list returned; leave it out to start from the beginning")]
pub struct BadCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{:x}.{}", self.rank, self.key, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadCursor);
        let rank = u8::from_str_radix(part()?, 16).map_err(|_| BadCursor)?;
        let key = u64::from_str_radix(part()?, 16).map_err(|_| BadCursor)?.cast_signed();
        let id = Uuid::try_parse(part()?).map_err(|_| BadCursor)?;
        Ok(Self { rank, key, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text() {
        for key in [0, 1_700_000_000_123, -5, i64::MIN, i64::MAX] {
            let cursor = Cursor { rank: 4, key, id: Uuid::from_u128(77) };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn anything_else_is_no_cursor() {
        for bad in ["", "1", "1.2", "1.2.3", "x.2.00000000000000000000000000000001", "1.2.3.4", "é.é.é"] {
            assert_eq!(bad.parse::<Cursor>(), Err(BadCursor), "{bad}");
        }
    }

    #[test]
    fn the_extra_row_only_shows_that_there_is_more() {
        let cursor = |key: &i64| Cursor { rank: 0, key: *key, id: Uuid::nil() };
        let page = Page::cut(vec![1, 2, 3], 2, cursor);
        assert_eq!((page.items, page.next.map(|next| next.key)), (vec![1, 2], Some(2)));
        let page = Page::cut(vec![1, 2], 2, cursor);
        assert_eq!((page.items, page.next), (vec![1, 2], None));
    }
}
