//! What can be said of predictions beyond a mean: intervals, rankings, honesty of stated probabilities.

use serde::{Deserialize, Serialize};

use crate::inference::train::metrics;
use crate::statistics::{Interval, Random};

/// Resamples of a bootstrap.
const RESAMPLES: usize = 1000;

/// Bins of a reliability curve.
const BINS: usize = 10;

/// One bin of a reliability curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Mean stated probability, 0 to 1.
    pub stated: f64,
    /// Share that came true, 0 to 1.
    pub happened: f64,
    /// How many.
    pub count: usize,
}

/// What is left to be wrong where the least sure answers are withheld.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    /// Share of texts that are answered, 0 to 1.
    pub coverage: f64,
    /// Share of the answers that are wrong, 0 to 1.
    pub risk: f64,
}

/// The percentile bootstrap of macro-F1 over texts, from a fixed seed.
pub(super) fn macro_f1_interval(truth: &[usize], predicted: &[usize], classes: usize) -> Interval {
    let mut random = Random::new(truth.len() as u64);
    let mut score = || {
        let texts = (0..truth.len()).map(|_| random.below(truth.len()));
        let counts = metrics::confusion(texts.map(|text| (truth[text], predicted[text])), classes);
        metrics::score(&counts, classes).macro_f1
    };
    let mut scores: Vec<f64> = (0..RESAMPLES).map(|_| score()).collect();
    scores.sort_by(f64::total_cmp);
    let at = |share: f64| scores[((RESAMPLES - 1) as f64 * share).round() as usize];
    Interval { low: at(0.025), high: at(0.975) }
}

/// The curve of what was stated and what happened, bins without texts left out.
pub(super) fn reliability(right: &[bool], stated: &[f32]) -> Vec<Bin> {
    let mut bins = [(0.0_f64, 0_usize, 0_usize); BINS];
    for (right, stated) in right.iter().zip(stated) {
        let bin = &mut bins[((stated * BINS as f32) as usize).min(BINS - 1)];
        bin.0 += f64::from(*stated);
        bin.1 += usize::from(*right);
        bin.2 += 1;
    }
    let full = bins.into_iter().filter(|(.., count)| *count > 0);
    let bin = |(stated, happened, count): (f64, usize, usize)| Bin {
        stated: stated / count as f64,
        happened: happened as f64 / count as f64,
        count,
    };
    full.map(bin).collect()
}

/// The curve of risk over coverage at every twentieth, the surest answers first.
pub(super) fn risks(right: &[bool], sureness: &[f32]) -> Vec<Risk> {
    let order = metrics::most_first(sureness);
    let parts = (1..=20).map(|part| part as f64 / 20.0);
    let risk = |coverage: f64| {
        let answered = ((order.len() as f64 * coverage).round() as usize).clamp(1, order.len());
        let wrong = order[..answered].iter().filter(|&&text| !right[text]).count();
        Risk { coverage, risk: wrong as f64 / answered as f64 }
    };
    if order.is_empty() { Vec::new() } else { parts.map(risk).collect() }
}

/// Area under the receiver operating characteristic: how often a true text scores above an untrue one, ties half.
pub(super) fn auroc(truth: &[bool], scores: &[f32]) -> f64 {
    let mut order: Vec<usize> = (0..truth.len()).collect();
    order.sort_by(|left, right| scores[*left].total_cmp(&scores[*right]));
    let positives = truth.iter().filter(|truth| **truth).count() as f64;
    let negatives = truth.len() as f64 - positives;
    let mut sum = 0.0;
    let mut below = 0.0;
    for tie in order.chunk_by(|left, right| scores[*left] == scores[*right]) {
        let yes = tie.iter().filter(|&&text| truth[text]).count() as f64;
        let no = tie.len() as f64 - yes;
        sum += yes * (below + no / 2.0);
        below += no;
    }
    if positives * negatives == 0.0 { 0.5 } else { sum / (positives * negatives) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rankings_from_best_to_worst() {
        let truth = [true, true, false, false];
        for (scores, expected) in
            [([0.9, 0.8, 0.2, 0.1], 1.0), ([0.1, 0.2, 0.8, 0.9], 0.0), ([0.5; 4], 0.5), ([0.9, 0.3, 0.4, 0.1], 0.75)]
        {
            assert_eq!(auroc(&truth, &scores), expected, "{scores:?}");
        }
    }

    #[test]
    fn withholding_the_unsure_leaves_less_to_be_wrong() {
        let curve = risks(&[true, true, true, false], &[0.9, 0.8, 0.7, 0.3]);
        assert_eq!(curve.first().map(|point| point.risk), Some(0.0));
        assert_eq!(curve.last(), Some(&Risk { coverage: 1.0, risk: 0.25 }));
        assert_eq!(risks(&[], &[]), []);
    }

    #[test]
    fn a_curve_of_reliability() {
        let bins = reliability(&[true, false, true], &[0.95, 0.15, 1.0]);
        assert_eq!(bins.iter().map(|bin| (bin.happened, bin.count)).collect::<Vec<_>>(), [(0.0, 1), (1.0, 2)]);
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_value(pairs in prop::collection::vec((0_usize..3, 0_usize..3), 20..60)) {
            let (truth, predicted): (Vec<usize>, Vec<usize>) = pairs.into_iter().unzip();
            let interval = macro_f1_interval(&truth, &predicted, 3);
            prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0);
        }
    }
}
