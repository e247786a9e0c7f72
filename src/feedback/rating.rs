//! The number that a person gave, with the question's method, because numbers of different methods never mix.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::origin::names;

names! {
    /// How a rating was asked for.
    RatingMethod, "method", {
        /// Net Promoter Score: "how likely are you to recommend us", 0–10.
        Nps = "nps",
        /// Customer satisfaction, 1–5.
        Csat = "csat",
        /// Customer Effort Score 2.0: "made it easy to handle my issue", 1–7, 7 is easiest.
        Ces = "ces",
        /// Plain stars, 1–5, of a review that asked no question.
        Stars = "stars",
    }
}

impl RatingMethod {
    /// The smallest and the largest value that the method allows.
    #[must_use]
    pub const fn range(self) -> (u8, u8) {
        match self {
            Self::Nps => (0, 10),
            Self::Csat | Self::Stars => (1, 5),
            Self::Ces => (1, 7),
        }
    }
}

/// A rating within its method's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Rating {
    method: RatingMethod,
    value: u8,
}

#[derive(Deserialize)]
struct Unchecked {
    method: RatingMethod,
    value: i64,
}

/// A number outside its method's range.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{} takes whole numbers from {} to {}, not {value}", method.name(), method.range().0, method.range().1)]
pub struct RatingError {
    method: RatingMethod,
    value: i64,
}

impl Rating {
    /// Checks `value` against the method's range.
    ///
    /// # Errors
    /// [`RatingError`] outside of it.
    pub fn new(method: RatingMethod, value: i64) -> Result<Self, RatingError> {
        let (low, high) = method.range();
        match u8::try_from(value) {
            Ok(inside) if (low..=high).contains(&inside) => Ok(Self { method, value: inside }),
            _ => Err(RatingError { method, value }),
        }
    }

    /// How it was asked for.
    #[must_use]
    pub const fn method(self) -> RatingMethod {
        self.method
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.value
    }
}

impl TryFrom<Unchecked> for Rating {
    type Error = RatingError;

    fn try_from(unchecked: Unchecked) -> Result<Self, Self::Error> {
        Self::new(unchecked.method, unchecked.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_keeps_its_range() {
        for (method, low, high) in [
            (RatingMethod::Nps, 0, 10),
            (RatingMethod::Csat, 1, 5),
            (RatingMethod::Ces, 1, 7),
            (RatingMethod::Stars, 1, 5),
        ] {
            assert!(Rating::new(method, low).is_ok() && Rating::new(method, high).is_ok());
            assert!(Rating::new(method, low - 1).is_err() && Rating::new(method, high + 1).is_err());
        }
        let message = Rating::new(RatingMethod::Csat, i64::MAX).expect_err("too large").to_string();
        assert_eq!(message, "csat takes whole numbers from 1 to 5, not 9223372036854775807");
    }
}
