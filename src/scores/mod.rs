//! Scores of ratings: counts in; score, interval and significance out.
//!
//! Every measure is a mean of what each rating is worth: a promoter 100, a passive 0, a detractor −100 (NPS); a
//! satisfied customer 1, any other 0 (CSAT); the number itself (the mean of CES). Intervals come from the method that
//! the field uses for each, which [`Kind`] names.
//!
//! # Honesty
//!
//! - Below [`MIN_N`] ratings there is no score, only counts.
//! - Ratings of two methods never make one score: whatever is given two kinds of them gives nothing.
//! - A difference is called significant only if its interval excludes nought *and* a test that trusts neither side's own
//!   spread agrees ([`Difference::p`]): where nearly all ratings are alike, the interval alone is wrong far too often.
//! - Where several differences are shown together, their p values are adjusted for that ([`corrected`]).

mod class;
mod difference;
mod driver;
mod feeling;
mod measure;
mod period;
mod ratings;

pub use class::Class;
pub use difference::{Difference, corrected, difference};
pub use driver::{Driver, drivers};
pub use feeling::{Clash, Disagreement, STRONG, disagreement, feeling};
pub use measure::{Kind, Measure, Score, score, scores};
pub use period::{Step, beginning_before};
pub use ratings::{MixedMethods, Ratings};

/// Fewer ratings than this give counts and no score.
pub const MIN_N: u64 = 30;

#[cfg(test)]
mod tests;
