//! Batches whose items are read one by one, so that a wrong one fails alone.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::text::NoText;
use crate::web::problem::{InvalidParam, Problem};

/// The most items that a batch holds.
pub const MAX_ITEMS: usize = 256;

/// A batch before its items are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with items")]
pub struct Items {
    items: Vec<Value>,
}

impl Items {
    /// The items, if there are 1 to 256.
    ///
    /// # Errors
    /// 422 if there are none or too many.
    pub fn bounded(self) -> Result<Vec<Value>, Problem> {
        let count = self.items.len();
        if (1..=MAX_ITEMS).contains(&count) {
            return Ok(self.items);
        }
        Err(Problem::invalid_param("items", format!("must hold 1 to {MAX_ITEMS} items, not {count}")))
    }
}

/// Why one item of a batch was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemProblem {
    /// A name for programs.
    #[schema(value_type = String, example = "text_empty")]
    code: &'static str,
    /// What is wrong and what to do about it.
    #[schema(example = "text is empty; send what the customer wrote")]
    detail: String,
}

impl ItemProblem {
    /// A problem; `code` is for programs, `detail` for people.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// A field that holds no text.
    pub fn no_text(field: &str, error: NoText) -> Self {
        Self::new(error.code(), format!("{field} {error}"))
    }

    /// An id that an item before it had.
    pub fn duplicate_id() -> Self {
        Self::new("duplicate_id", "another item of this batch has the same id; give each its own")
    }

    /// Our own fault.
    pub fn internal() -> Self {
        Self::new("internal", "this failed on our side")
    }

    /// Its name for programs.
    #[cfg(test)]
    pub fn code(&self) -> &str {
        self.code
    }
}

impl From<InvalidParam> for ItemProblem {
    fn from(param: InvalidParam) -> Self {
        Self::new("invalid", format!("{}: {}", param.name, param.reason))
    }
}

impl From<Vec<InvalidParam>> for ItemProblem {
    fn from(params: Vec<InvalidParam>) -> Self {
        let told: Vec<String> = params.into_iter().map(|param| format!("{}: {}", param.name, param.reason)).collect();
        Self::new("invalid", told.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_holds_1_to_256_items() {
        for (count, fine) in [(0, false), (1, true), (256, true), (257, false)] {
            assert_eq!(Items { items: vec![Value::Null; count] }.bounded().is_ok(), fine, "{count}");
        }
    }
}
