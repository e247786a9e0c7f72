//! Journeys: the ideal one as a team writes it, the actual one as its customers tell it, and the gaps between.
//!
//! A journey is a list of steps; of each step four questions are asked twice: what does the customer expect, think and
//! feel there, and which touchpoint is it. The ideal's answers are written ([`parse`]); the actual ones are told from the
//! records that fall on the step ([`fall()`]):
//!
//! | question | told from |
//! |---|---|
//! | expects | what texts ask for, and what they say should have happened and did not ([`expectation()`]) |
//! | thinks | the themes of the step's records, and the words that set its texts apart |
//! | feels | the distribution of the texts' sentiment |
//! | touchpoint | what the sources call the interaction |
//!
//! Every answer is a [`Told`]: how many of how many, the 95 % interval of the share, and records that show it. Where no
//! record speaks there is no answer, which pages and API call unknown.
//!
//! Nothing here depends on the order of the records.

mod actual;
mod expectation;
mod fall;
mod file;
mod gap;
mod ideal;
mod leaving;

pub use actual::{StepFacts, Visit, actual};
pub use expectation::{Expectation, Expected, expectation};
pub use fall::{By, Fall, StepProfile, fall};
pub use file::{Fault, FaultKind, MAX_FILE, defaults, parse, version};
pub use gap::{Gap, TOLERATED, gaps};
pub use ideal::{BadId, Ideal, JourneyId, Step, StepId, Words};
pub use leaving::{Leaving, QUIET_DAYS, leaving};

use serde::Serialize;

use crate::feedback::FeedbackId;
use crate::statistics::{Interval, wilson};

/// How many records show a statement, at most.
pub const EVIDENCE: usize = 5;

/// How many of how many, and between which shares the truth lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Of these it is true.
    pub part: u64,
    /// Of these it could be.
    pub whole: u64,
    /// The share's 95 % interval, 0 to 1 (Wilson 1927).
    pub interval: Interval,
}

impl Share {
    /// So many of so many.
    #[must_use]
    pub fn of(part: u64, whole: u64) -> Self {
        Self { part, whole, interval: wilson(part, whole) }
    }

    /// The share itself, 0 to 1; 0 of nothing.
    #[must_use]
    pub fn value(&self) -> f64 {
        if self.whole == 0 { 0.0 } else { self.part as f64 / self.whole as f64 }
    }
}

/// A statement about a step, with what supports it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told<What> {
    /// What is said.
    pub what: What,
    /// How many of the step's records say it.
    pub share: Share,
    /// Records that show it, the plainest first; at most [`EVIDENCE`].
    pub evidence: Vec<FeedbackId>,
}

#[cfg(test)]
mod tests;
