//! Trends: does a theme grow, fade, or stay as it is?
//!
//! The Mann–Kendall test (Mann 1945; Kendall 1975) with its correction for ties asks whether later weeks tend to have
//! more than earlier ones; it needs no straight line and a single loud week does not move it.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// With fewer weeks nothing is said.
const MIN_WEEKS: usize = 6;

/// With fewer messages in all nothing is said.
const MIN_TOTAL: u64 = 10;

/// Two-sided 5 % of the normal distribution.
const CRITICAL: f64 = 1.96;

/// Where a theme is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// More from week to week, beyond chance.
    Growing,
    /// Neither, or too little to say.
    Steady,
    /// Less from week to week, beyond chance.
    Fading,
}

/// The trend of these counts, one for each whole week, the oldest first.
#[must_use]
pub fn trend(counts: &[u64]) -> Trend {
    if counts.len() < MIN_WEEKS || counts.iter().sum::<u64>() < MIN_TOTAL {
        return Trend::Steady;
    }
    let z = mann_kendall(counts);
    if z > CRITICAL {
        Trend::Growing
    } else if z < -CRITICAL {
        Trend::Fading
    } else {
        Trend::Steady
    }
}

/// The test's standard normal statistic, with the correction for continuity.
fn mann_kendall(counts: &[u64]) -> f64 {
    let mut rises = 0_i64;
    for (at, earlier) in counts.iter().enumerate() {
        for later in &counts[at + 1..] {
            rises += match later.cmp(earlier) {
                Ordering::Greater => 1,
                Ordering::Equal => 0,
                Ordering::Less => -1,
            };
        }
    }
    let spread = |count: f64| count * (count - 1.0) * (2.0 * count + 5.0);
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let ties: f64 = sorted.chunk_by(|left, right| left == right).map(|tie| spread(tie.len() as f64)).sum();
    let variance = (spread(counts.len() as f64) - ties) / 18.0;
    if variance <= 0.0 { 0.0 } else { (rises - rises.signum()) as f64 / variance.sqrt() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn trends_are_told_from_noise_and_bursts() {
        for (counts, expected) in [
            (&[0, 0, 0, 1, 2, 3, 4, 5, 6, 9, 12, 14][..], Trend::Growing),
            (&[10, 9, 9, 8, 8, 2, 0, 0, 0, 0, 0, 0], Trend::Fading),
            (&[4, 5, 3, 4, 6, 4, 5, 3, 5, 4, 4, 5], Trend::Steady),
            (&[3, 4, 2, 3, 4, 3, 2, 4, 43, 3, 2, 4], Trend::Steady),
            (&[7; 12], Trend::Steady),
            (&[0; 12], Trend::Steady),
            (&[1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1], Trend::Steady),
            (&[1, 5, 25, 125], Trend::Steady),
            (&[], Trend::Steady),
        ] {
            assert_eq!(trend(counts), expected, "{counts:?}");
        }
    }

    #[test]
    fn the_statistic_is_the_textbook_s() {
        // S = 15 - 0 for six rising values, variance 6·5·17/18.
        assert!((mann_kendall(&[1, 2, 3, 4, 5, 6]) - 14.0 / (510.0_f64 / 18.0).sqrt()).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn backwards_is_the_opposite(counts in prop::collection::vec(0_u64..50, 0..30)) {
            let backwards: Vec<_> = counts.iter().rev().copied().collect();
            let opposite = match trend(&counts) {
                Trend::Growing => Trend::Fading,
                Trend::Steady => Trend::Steady,
                Trend::Fading => Trend::Growing,
            };
            prop_assert_eq!(trend(&backwards), opposite);
        }
    }
}
