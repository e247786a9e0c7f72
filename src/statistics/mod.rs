//! What a few numbers can prove: intervals of shares, quantiles, many comparisons at once, how well two groupings agree.

mod agreement;
mod random;

use libm::erfc;
use serde::{Deserialize, Serialize};

pub use agreement::{adjusted_rand, v_measure};
pub use random::Random;

/// Standard deviations to either side that hold 95 % of the normal distribution.
pub const NORMAL_95: f64 = 1.959_963_984_540_054;

/// Between which two values something lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// As far to either side of `centre` as `half`.
    #[must_use]
    pub const fn around(centre: f64, half: f64) -> Self {
        Self { low: centre - half, high: centre + half }
    }

    /// Whether it holds this value, its ends included.
    #[must_use]
    pub const fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The part of it between `low` and `high`.
    #[must_use]
    pub const fn within(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }
}

/// Wilson's score interval (1927) of the share `part / whole`, 0 to 1; all of it where there is nothing.
#[must_use]
pub fn wilson(part: u64, whole: u64) -> Interval {
    if whole == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (n, share, z2) = (whole as f64, part as f64 / whole as f64, NORMAL_95 * NORMAL_95);
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = NORMAL_95 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    Interval::around(centre, half).within(0.0, 1.0)
}

/// Standard errors to either side that hold 95 % of Student's t distribution, by its expansion around the normal one
/// (Abramowitz and Stegun 1964, 26.7.5): right to seven digits from 29 degrees of `freedom` on.
#[must_use]
pub fn student_95(freedom: f64) -> f64 {
    let z = NORMAL_95;
    let terms = [
        z,
        (z.powi(3) + z) / 4.0,
        (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0,
        (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0,
        (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1482.0 * z.powi(5) - 1920.0 * z.powi(3) - 945.0 * z) / 92_160.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| sum / freedom + term)
}

/// How probable it is to lie `z` standard deviations or more from the middle of the normal distribution, to either side.
#[must_use]
pub fn two_sided(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// The p values of many comparisons, adjusted so that of those at or below 0.05 at most a twentieth are expected to be
/// chance (Benjamini and Hochberg 1995, "Controlling the false discovery rate"), in the same order.
///
/// Where no difference is real, the chance that any is called so is a twentieth, too.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|left, right| p[*right].total_cmp(&p[*left]));
    let mut adjusted = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (above, at) in order.into_iter().enumerate() {
        let rank = p.len() - above;
        least = least.min(p[at] * (p.len() as f64 / rank as f64));
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wilsons_interval_of_known_shares() {
        for (part, whole, low, high) in
            [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (95, 100, 0.8882, 0.9785), (0, 0, 0.0, 1.0)]
        {
            let interval = wilson(part, whole);
            assert!((interval.low - low).abs() < 1e-4 && (interval.high - high).abs() < 1e-4, "{interval:?}");
        }
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (freedom, expected) in [
            (29.0, 2.045_229_642),
            (35.0, 2.030_107_928),
            (58.7, 2.001_209_374),
            (1000.0, 1.962_339_081),
            (1e7, 1.959_964_222),
        ] {
            assert!((student_95(freedom) - expected).abs() < 1e-7, "{freedom}: {}", student_95(freedom));
        }
        for (z, expected) in [(0.0, 1.0), (NORMAL_95, 0.05), (-2.575_829, 0.01), (40.0, 0.0)] {
            assert!((two_sided(z) - expected).abs() < 1e-7, "{z}: {}", two_sided(z));
        }
    }

    #[test]
    fn the_example_of_benjamini_and_hochberg() {
        // Their table of fifteen comparisons (1995, section 3.2): the first four are real at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let adjusted = benjamini_hochberg(&p);
        assert_eq!(adjusted.iter().filter(|p| **p <= 0.05).count(), 4);
        assert!((adjusted[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-12, "{adjusted:?}");
        assert_eq!(benjamini_hochberg(&[]), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn an_interval_of_a_share_holds_it(whole in 1_u64..100_000, part in 0.0..=1.0) {
            let part = (whole as f64 * part) as u64;
            let (share, interval) = (part as f64 / whole as f64, wilson(part, whole));
            prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
            prop_assert!(interval.low <= share + 1e-12 && share <= interval.high + 1e-12);
        }

        #[test]
        fn adjusting_makes_nothing_surer_and_keeps_the_order(p in prop::collection::vec(0.0..=1.0, 0..40)) {
            let adjusted = benjamini_hochberg(&p);
            for (one, left) in p.iter().enumerate() {
                prop_assert!(*left <= adjusted[one] && adjusted[one] <= 1.0);
                prop_assert!(p.iter().enumerate().all(|(other, right)| left > right || adjusted[one] <= adjusted[other]));
            }
        }
    }
}
