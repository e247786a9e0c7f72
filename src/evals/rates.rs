//! Recall and precision of one yes-or-no question.

use std::fmt;

use serde::Serialize;

/// Hits and misses of one yes-or-no question.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Rates {
    /// How often the truth is yes.
    pub wanted: usize,
    /// How often the answer is yes.
    pub found: usize,
    /// How often both are.
    pub right: usize,
}

impl Rates {
    /// Counts one answer.
    pub fn count(&mut self, wanted: bool, found: bool) {
        self.wanted += usize::from(wanted);
        self.found += usize::from(found);
        self.right += usize::from(wanted && found);
    }

    /// Share of what was wanted that was found, 0 to 1.
    #[must_use]
    pub fn recall(&self) -> f64 {
        self.right as f64 / self.wanted.max(1) as f64
    }

    /// Share of what was found that was wanted, 0 to 1.
    #[must_use]
    pub fn precision(&self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (recall, precision) = (self.recall(), self.precision());
        write!(f, "recall {recall:.3} ({} of {})  precision {precision:.3}", self.right, self.wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_shares_of_what_was_wanted_and_found() {
        let mut rates = Rates::default();
        for (wanted, found) in [(true, true), (true, false), (false, true), (false, false), (true, true)] {
            rates.count(wanted, found);
        }
        assert_eq!(rates.to_string(), "recall 0.667 (2 of 3)  precision 0.667");
        assert_eq!(Rates::default().to_string(), "recall 0.000 (0 of 0)  precision 0.000");
    }
}
