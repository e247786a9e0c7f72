//! Sub-themes: what the members of one theme say in particular.
//!
//! Invariants: a sub-theme has members of one theme only, and a theme has none or at least two of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::feedback::{FeedbackId, Language};

/// What some members of a theme say in particular.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubTheme {
    /// Its id, kept from run to run.
    pub id: Uuid,
    /// Its title in each language that its members are written in; it tells it from the others of its theme.
    pub titles: BTreeMap<Language, String>,
    /// When it first appeared.
    pub created_at: DateTime<Utc>,
}

/// Where a feedback lies for its sub-theme's sake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InPart {
    /// Which.
    pub id: FeedbackId,
    /// Its theme.
    pub theme: Uuid,
    /// The part of the texts in which it was found.
    pub part: usize,
}

/// The members of the sub-themes of each theme: those of its parts with at least `smallest` members, if there are two or
/// more, largest first. What lies in a smaller part belongs to the theme alone.
#[must_use]
pub fn parts(lying: impl IntoIterator<Item = InPart>, smallest: usize) -> Vec<(Uuid, Vec<Vec<FeedbackId>>)> {
    let mut themes: BTreeMap<Uuid, BTreeMap<usize, Vec<FeedbackId>>> = BTreeMap::new();
    for each in lying {
        themes.entry(each.theme).or_default().entry(each.part).or_default().push(each.id);
    }
    let large = |parts: BTreeMap<usize, Vec<FeedbackId>>| {
        let mut parts: Vec<_> = parts.into_values().filter(|members| members.len() >= smallest).collect();
        parts.sort_by_key(|members| std::cmp::Reverse(members.len()));
        parts
    };
    themes.into_iter().map(|(theme, of)| (theme, large(of))).filter(|(_, parts)| parts.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lying(numbers: &[(u128, u128, usize)]) -> Vec<InPart> {
        let each = |&(id, theme, part): &(u128, u128, usize)| InPart {
            id: FeedbackId(Uuid::from_u128(id)),
            theme: Uuid::from_u128(theme),
            part,
        };
        numbers.iter().map(each).collect()
    }

    #[test]
    fn a_theme_has_none_or_at_least_two() {
        let one = lying(&[(1, 1, 0), (2, 1, 0), (3, 1, 0)]);
        assert_eq!(parts(one, 2), []);
        let small = lying(&[(1, 1, 0), (2, 1, 0), (3, 1, 1)]);
        assert_eq!(parts(small, 2), [], "a part of one is none");
        let two = lying(&[(1, 1, 7), (2, 1, 7), (3, 1, 2), (4, 1, 2), (5, 1, 2), (6, 2, 7), (7, 2, 7)]);
        let found = parts(two, 2);
        assert_eq!(found.len(), 1, "one part of another theme is not divided");
        let sizes: Vec<usize> = found[0].1.iter().map(Vec::len).collect();
        assert_eq!((found[0].0, sizes), (Uuid::from_u128(1), vec![3, 2]));
    }
}
