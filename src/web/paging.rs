//! Pages of a list: an opaque cursor, and how many.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Fields, Parameters};
use crate::pipeline::{self, Cursor};

/// How many things a page holds if nobody says.
const DEFAULT_LIMIT: usize = 100;
/// The most that a page holds.
const MAX_LIMIT: usize = 1_000;

/// Where to go on in a list.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many to give, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 100, required = false)]
    pub limit: usize,
    /// The `next_cursor` of the page before; nothing for the first page.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl Parameters for Paging {
    fn read(fields: &mut Fields) -> Self {
        let limit = fields.optional_with("limit", |text| limit(text, MAX_LIMIT)).unwrap_or(DEFAULT_LIMIT);
        let cursor = fields.optional("cursor");
        Self { limit, cursor }
    }
}

/// How many of the nearest to give.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Nearest {
    /// How many to give, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 10, required = false)]
    pub limit: usize,
}

impl Nearest {
    /// How many are given if nobody says.
    pub const DEFAULT: usize = 10;
    /// The most that are given.
    pub const MAX: usize = 100;
}

impl Parameters for Nearest {
    fn read(fields: &mut Fields) -> Self {
        Self { limit: fields.optional_with("limit", |text| limit(text, Self::MAX)).unwrap_or(Self::DEFAULT) }
    }
}

/// A limit within 1 and `max`.
fn limit(text: &str, max: usize) -> Result<usize, String> {
    let limit = text.parse().ok().filter(|limit| (1..=max).contains(limit));
    limit.ok_or_else(|| format!("must be a whole number from 1 to {max}"))
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The things, in order.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; null at the end.
    #[schema(required = true, example = "MDE5NzNiMWM")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page as the API shows it.
    pub fn of<D>(page: pipeline::Page<D>, view: impl FnMut(D) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(view).collect(),
            next_cursor: page.next.map(|cursor| cursor.to_string()),
        }
    }

    /// A last page that holds one thing, as an example.
    pub fn sample(item: T) -> Self {
        Self { items: vec![item], next_cursor: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_bounded() {
        for (text, expected) in [("1", Some(1)), ("1000", Some(1000)), ("0", None), ("1001", None), ("-1", None)] {
            assert_eq!(limit(text, 1_000).ok(), expected, "{text}");
        }
        assert!(limit("99999999999999999999999", 1_000).is_err() && limit("ten", 1_000).is_err());
    }
}
