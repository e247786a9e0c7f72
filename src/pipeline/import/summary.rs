//! What became of an import, for whoever started it.

use serde::{Deserialize, Serialize};

use super::Detected;

/// How many refusals are kept with their reasons.
pub const MAX_REFUSALS: usize = 100;

/// A line that wasn't taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The line, or row, where it starts.
    pub line: u64,
    /// What is wrong; may quote up to 40 characters of the line, so it is for the sender and not for a log.
    pub reason: String,
}

/// The counts of an import so far; their sum is the number of lines that were read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Feedback that is new.
    pub accepted: u64,
    /// Feedback that was there already, by its source and external id.
    pub duplicate: u64,
    /// Lines that weren't taken.
    pub refused: u64,
    /// The first [`MAX_REFUSALS`] of them.
    pub refusals: Vec<Refusal>,
    /// Why the input ended too early, if it did; what came before is kept.
    pub broken_off: Option<String>,
    /// What the file turned out to be.
    pub detected: Option<Detected>,
}

impl Summary {
    /// A summary of nothing yet.
    #[must_use]
    pub fn new(detected: Detected) -> Self {
        Self { detected: Some(detected), ..Self::default() }
    }

    /// Counts one line that wasn't taken.
    pub fn refuse(&mut self, line: u64, reason: impl Into<String>) {
        self.refused += 1;
        if self.refusals.len() < MAX_REFUSALS {
            self.refusals.push(Refusal { line, reason: reason.into() });
        }
    }

    /// Every line that was read.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.accepted + self.duplicate + self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_all_counted_and_the_first_kept() {
        let mut summary = Summary { accepted: 3, duplicate: 1, ..Summary::default() };
        for line in 1..=250 {
            summary.refuse(line, "text: is missing");
        }
        assert_eq!((summary.total(), summary.refused, summary.refusals.len()), (254, 250, MAX_REFUSALS));
        assert_eq!(summary.refusals[99].line, 100);
    }
}
