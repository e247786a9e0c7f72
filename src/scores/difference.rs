//! The difference of two scores, with an interval, and whether chance explains it.

use super::measure::Moments;
use super::{Kind, MIN_N, Measure, Ratings};
use crate::statistics::{Interval, benjamini_hochberg, student_95, two_sided};

/// How often at most something is called a difference where there is none.
const LEVEL: f64 = 0.05;

/// How much one score is above another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Of what.
    pub measure: Measure,
    /// The one less the other, in the measure's own unit.
    pub value: f64,
    /// Where the difference lies with 95 % confidence.
    pub interval: Interval,
    /// How probable it is to see as much where there is no difference, 0 to 1.
    ///
    /// Pitman's permutation test (1937) in its normal approximation: the spread is that of all ratings together.
    pub p: f64,
    /// The same, adjusted for all that it is shown with; as `p` if it stands alone.
    pub adjusted_p: f64,
    /// Whether it is beyond chance: `adjusted_p` is at most 0.05 and the interval excludes nought.
    pub significant: bool,
}

/// How much the score of `later` is above that of `earlier`.
///
/// None if either has fewer than [`MIN_N`] ratings, or they were asked for in another way than the measure wants.
///
/// The interval of a net score is that of the sum of both scores' variances; that of shares is Newcombe's hybrid score
/// interval (1998, method 10); that of means is Welch's (1947).
#[must_use]
pub fn difference(measure: Measure, later: &Ratings, earlier: &Ratings) -> Option<Difference> {
    let fits = |ratings: &Ratings| ratings.method() == measure.method() && ratings.n() >= MIN_N;
    if !fits(later) || !fits(earlier) {
        return None;
    }
    let (new, old) = (measure.moments(later), measure.moments(earlier));
    let value = new.mean - old.mean;
    let interval = match measure.kind() {
        Kind::Mean if new.variance > 0.0 && old.variance > 0.0 => welch(&new, &old),
        _ => hybrid((new.mean, measure.interval(later)), (old.mean, measure.interval(earlier))),
    };
    let (least, greatest) = measure.range();
    let p = permutation(measure, later, earlier, value)?;
    let difference = Difference {
        measure,
        value,
        interval: interval.within(least - greatest, greatest - least),
        p,
        adjusted_p: p,
        significant: false,
    };
    Some(difference.judged(p))
}

/// The same differences, with p values adjusted for how many there are (Benjamini and Hochberg 1995).
///
/// Where none of them is real, the chance that any is called significant stays at most 5 %.
#[must_use]
pub fn corrected(differences: Vec<Option<Difference>>) -> Vec<Option<Difference>> {
    let p: Vec<f64> = differences.iter().flatten().map(|difference| difference.p).collect();
    let mut adjusted = benjamini_hochberg(&p).into_iter();
    let judged = |difference: Difference| difference.judged(adjusted.next().unwrap_or(1.0));
    let mut judged = judged;
    differences.into_iter().map(|difference| difference.map(&mut judged)).collect()
}

impl Difference {
    fn judged(self, adjusted_p: f64) -> Self {
        Self { adjusted_p, significant: adjusted_p <= LEVEL && !self.interval.contains(0.0), ..self }
    }
}

/// The interval of a difference from those of its two sides (Newcombe 1998; for other measures than shares Zou and
/// Donner 2008). Where both are normal intervals, it is that of the sum of their variances.
fn hybrid((new, new_interval): (f64, Interval), (old, old_interval): (f64, Interval)) -> Interval {
    let value = new - old;
    Interval {
        low: value - (new - new_interval.low).hypot(old_interval.high - old),
        high: value + (new_interval.high - new).hypot(old - old_interval.low),
    }
}

/// Welch's interval of a difference of means, with the degrees of freedom of Satterthwaite (1946).
fn welch(new: &Moments, old: &Moments) -> Interval {
    let errors = [new, old].map(|side| (side.sample_variance() / side.n, side.n - 1.0));
    let total: f64 = errors.iter().map(|(error, _)| error).sum();
    let freedom = total.powi(2) / errors.iter().map(|(error, freedom)| error.powi(2) / freedom).sum::<f64>();
    Interval::around(new.mean - old.mean, student_95(freedom) * total.sqrt())
}

/// How probable a difference of `value` or more is if who answered when is chance.
fn permutation(measure: Measure, later: &Ratings, earlier: &Ratings, value: f64) -> Option<f64> {
    let all = measure.moments(&later.plus(earlier)?);
    let (new, old) = (later.n() as f64, earlier.n() as f64);
    let error = (all.sample_variance() * (1.0 / new + 1.0 / old)).sqrt();
    Some(if error > 0.0 { two_sided(value / error) } else { 1.0 })
}
