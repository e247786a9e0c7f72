//! What a method makes of its ratings: one number, and how surely it is known.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Class, MIN_N, Ratings};
use crate::feedback::{RatingMethod, names};
use crate::statistics::{Interval, NORMAL_95, student_95, wilson};

names! {
    /// A number that sums up ratings of one method.
    Measure, "measure", {
        /// Net Promoter Score, −100 to 100: percent of promoters (9–10) less percent of detractors (0–6) (Reichheld 2003).
        Nps = "nps",
        /// Customer satisfaction, 0 to 1: the share of 4 and 5.
        Csat = "csat",
        /// Customer Effort Score 2.0 as a mean, 1 to 7, 7 is easiest (Dixon, Toman and DeLisi 2013).
        CesMean = "ces_mean",
        /// Customer Effort Score 2.0 as a share, 0 to 1: those who agree at least somewhat, 5 to 7.
        CesShare = "ces_share",
        /// Customer effort as an index, −100 to 100: BT's Net Easy Score, percent of easy (6–7) less percent of
        /// difficult (1–3), on the scale of CES 2.0, where 7 is easiest.
        NetEasy = "net_easy",
        /// The mean of stars, 1 to 5.
        StarsMean = "stars_mean",
        /// The share of four and five stars, 0 to 1.
        StarsShare = "stars_share",
    }
}

/// How a measure is computed, and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Percent in the best class less percent in the worst, with the normal interval of that difference:
    /// 1.96 · 100 · √((p + d − (p − d)²) / n).
    Net,
    /// A share, with Wilson's score interval (1927).
    Share,
    /// A mean, with Student's t interval.
    Mean,
}

/// A measure of some ratings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Which.
    pub measure: Measure,
    /// Its value, within [`Measure::range`].
    pub value: f64,
    /// Where it lies with 95 % confidence.
    pub interval: Interval,
}

/// A measure of these ratings; none if there are fewer than [`MIN_N`] or they were asked for in another way.
#[must_use]
pub fn score(measure: Measure, ratings: &Ratings) -> Option<Score> {
    let enough = ratings.method() == measure.method() && ratings.n() >= MIN_N;
    enough.then(|| {
        let (low, high) = measure.range();
        let interval = measure.interval(ratings).within(low, high);
        Score { measure, value: measure.moments(ratings).mean, interval }
    })
}

/// All measures of these ratings, the main one first; empty if there are fewer than [`MIN_N`].
#[must_use]
pub fn scores(ratings: &Ratings) -> Vec<Score> {
    Measure::of(ratings.method()).iter().filter_map(|measure| score(*measure, ratings)).collect()
}

/// What is known of the ratings' worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) n: f64,
    pub(super) mean: f64,
    /// Mean squared distance from the mean.
    pub(super) variance: f64,
}

impl Moments {
    /// The variance that a sample estimates: of `n − 1` rather than `n`.
    pub(super) fn sample_variance(self) -> f64 {
        self.variance * self.n / (self.n - 1.0)
    }
}

impl Measure {
    /// The measures of a method, the main one first.
    #[must_use]
    pub const fn of(method: RatingMethod) -> &'static [Self] {
        match method {
            RatingMethod::Nps => &[Self::Nps],
            RatingMethod::Csat => &[Self::Csat],
            RatingMethod::Ces => &[Self::CesMean, Self::CesShare, Self::NetEasy],
            RatingMethod::Stars => &[Self::StarsMean, Self::StarsShare],
        }
    }

    /// The main measure of a method, the one that trends and drivers are told in.
    #[must_use]
    pub const fn main(method: RatingMethod) -> Self {
        Self::of(method)[0]
    }

    /// The method whose ratings it sums up.
    #[must_use]
    pub const fn method(self) -> RatingMethod {
        match self {
            Self::Nps => RatingMethod::Nps,
            Self::Csat => RatingMethod::Csat,
            Self::CesMean | Self::CesShare | Self::NetEasy => RatingMethod::Ces,
            Self::StarsMean | Self::StarsShare => RatingMethod::Stars,
        }
    }

    /// How it is computed.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Nps | Self::NetEasy => Kind::Net,
            Self::Csat | Self::CesShare | Self::StarsShare => Kind::Share,
            Self::CesMean | Self::StarsMean => Kind::Mean,
        }
    }

    /// The least and the greatest that it can be.
    #[must_use]
    pub const fn range(self) -> (f64, f64) {
        match self.kind() {
            Kind::Net => (-100.0, 100.0),
            Kind::Share => (0.0, 1.0),
            Kind::Mean => {
                let (low, high) = self.method().range();
                (low as f64, high as f64)
            }
        }
    }

    /// The ratings that count for it, and those that count against it if it is a net score.
    fn ends(self) -> (RangeInclusive<u8>, RangeInclusive<u8>) {
        if self == Self::NetEasy {
            return (6..=7, 1..=3);
        }
        let [best, _, worst] = Class::of(self.method());
        (best.low..=best.high, worst.low..=worst.high)
    }

    /// What one rating adds to the mean that the measure is.
    fn worth(self, value: u8) -> f64 {
        let (best, worst) = self.ends();
        match self.kind() {
            Kind::Mean => f64::from(value),
            Kind::Share => f64::from(u8::from(best.contains(&value))),
            Kind::Net => {
                100.0 * (f64::from(u8::from(best.contains(&value))) - f64::from(u8::from(worst.contains(&value))))
            }
        }
    }

    pub(super) fn moments(self, ratings: &Ratings) -> Moments {
        let n = ratings.n() as f64;
        let mean_of = |term: &dyn Fn(f64) -> f64| {
            ratings.each().map(|(value, count)| term(self.worth(value)) * count as f64).sum::<f64>() / n
        };
        let mean = mean_of(&|worth| worth);
        Moments { n, mean, variance: mean_of(&|worth| (worth - mean).powi(2)) }
    }

    /// The 95 % interval, which may reach beyond what is possible.
    pub(super) fn interval(self, ratings: &Ratings) -> Interval {
        let moments = self.moments(ratings);
        match self.kind() {
            Kind::Share => wilson((moments.mean * moments.n).round() as u64, ratings.n()),
            _ if moments.variance == 0.0 => self.of_equals(&moments, ratings.n()),
            Kind::Net => Interval::around(moments.mean, NORMAL_95 * (moments.variance / moments.n).sqrt()),
            Kind::Mean => {
                let error = (moments.sample_variance() / moments.n).sqrt();
                Interval::around(moments.mean, student_95(moments.n - 1.0) * error)
            }
        }
    }

    /// The interval where all ratings are worth the same, so that the formulas would claim certainty:
    /// as many as Wilson's interval leaves room for may be of another mind, and stand at the far end.
    fn of_equals(self, moments: &Moments, n: u64) -> Interval {
        let others = 1.0 - wilson(n, n).low;
        let (least, greatest) = self.range();
        let value = moments.mean;
        Interval { low: value - others * (value - least), high: value + others * (greatest - value) }
    }
}
