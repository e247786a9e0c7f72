//! How many gave each number.

use super::Class;
use crate::feedback::{Rating, RatingMethod};

/// As many numbers as the longest scale has, that of NPS.
const VALUES: usize = 11;

/// How many gave each number, all asked in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratings {
    method: RatingMethod,
    counts: [u64; VALUES],
}

/// Ratings of two methods were to be counted together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("ratings of {0} and {1} can't be counted together")]
pub struct MixedMethods(RatingMethod, RatingMethod);

impl Ratings {
    /// None so far.
    #[must_use]
    pub const fn none(method: RatingMethod) -> Self {
        Self { method, counts: [0; VALUES] }
    }

    /// Counts a rating that was given so many `times`.
    ///
    /// # Errors
    /// [`MixedMethods`] if it was asked for in another way; then nothing changes.
    pub fn add(&mut self, rating: Rating, times: u64) -> Result<(), MixedMethods> {
        if rating.method() != self.method {
            return Err(MixedMethods(self.method, rating.method()));
        }
        self.counts[usize::from(rating.value())] += times;
        Ok(())
    }

    /// How they were asked for.
    #[must_use]
    pub const fn method(&self) -> RatingMethod {
        self.method
    }

    /// How many there are.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many of these are from `low` to `high`.
    #[must_use]
    pub fn between(&self, low: u8, high: u8) -> u64 {
        self.each().filter(|(value, _)| (low..=high).contains(value)).map(|(_, count)| count).sum()
    }

    /// Every number that the method allows, lowest first, and how many gave it.
    pub fn each(&self) -> impl Iterator<Item = (u8, u64)> {
        let (low, high) = self.method.range();
        (low..=high).zip(self.counts.into_iter().skip(usize::from(low)))
    }

    /// The method's classes and how many are in each, best first.
    #[must_use]
    pub fn classes(&self) -> [(Class, u64); 3] {
        Class::of(self.method).map(|class| (class, self.between(class.low, class.high)))
    }

    /// These and those; none if they were asked for in another way.
    #[must_use]
    pub fn plus(&self, others: &Self) -> Option<Self> {
        self.combined(others, |own, other| own.checked_add(other))
    }

    /// These without those; none if they are not among these.
    #[must_use]
    pub fn minus(&self, others: &Self) -> Option<Self> {
        self.combined(others, |own, other| own.checked_sub(other))
    }

    fn combined(&self, others: &Self, combine: impl Fn(u64, u64) -> Option<u64>) -> Option<Self> {
        if self.method != others.method {
            return None;
        }
        let mut counts = self.counts;
        for (own, other) in counts.iter_mut().zip(others.counts) {
            *own = combine(*own, other)?;
        }
        Some(Self { counts, ..*self })
    }
}
