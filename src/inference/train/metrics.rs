//! How good predictions are.

use serde::Serialize;

/// Counts of one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LabelScore {
    /// Share of the predicted that is right.
    pub precision: f64,
    /// Share of the true that is found.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// How many truly have the label.
    pub count: usize,
}

/// How good a choice between labels is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ChoiceScore {
    /// Number of texts.
    pub count: usize,
    /// Share that is right.
    pub accuracy: f64,
    /// Mean F1 of the labels that occur.
    pub macro_f1: f64,
    /// One for each label, in order.
    pub labels: Vec<LabelScore>,
}

/// Compares predictions with the truth.
#[must_use]
pub fn choice(truth: &[usize], predicted: &[usize], classes: usize) -> ChoiceScore {
    score(&confusion(truth.iter().copied().zip(predicted.iter().copied()), classes), classes)
}

/// How often each label was predicted of each true one, of pairs of truth and prediction: `classes × classes`, a row
/// a truth.
#[must_use]
pub fn confusion(pairs: impl Iterator<Item = (usize, usize)>, classes: usize) -> Vec<usize> {
    let mut counts = vec![0; classes * classes];
    pairs.for_each(|(truth, predicted)| counts[truth * classes + predicted] += 1);
    counts
}

/// The score of a table of [`confusion`].
#[must_use]
pub fn score(counts: &[usize], classes: usize) -> ChoiceScore {
    let right = |class: usize| counts[class * classes + class];
    let labels: Vec<LabelScore> = (0..classes)
        .map(|class| {
            let said = counts.iter().skip(class).step_by(classes).sum();
            label(right(class), said, counts[class * classes..][..classes].iter().sum())
        })
        .collect();
    let count = counts.iter().sum();
    let present: Vec<f64> = labels.iter().filter(|label| label.count > 0).map(|label| label.f1).collect();
    ChoiceScore { count, accuracy: ratio((0..classes).map(right).sum(), count), macro_f1: mean(&present), labels }
}

/// Precision and recall of one label where `scores` of at least `threshold` say yes.
#[must_use]
pub fn at_threshold(truth: &[bool], scores: &[f32], threshold: f32) -> LabelScore {
    let said = scores.iter().map(|score| *score >= threshold);
    let right = truth.iter().zip(said.clone()).filter(|(truth, said)| **truth && *said).count();
    label(right, said.filter(|said| *said).count(), truth.iter().filter(|truth| **truth).count())
}

/// Area under the curve of precision over recall: the mean precision at each true text, best scores first.
#[must_use]
pub fn average_precision(truth: &[bool], scores: &[f32]) -> f64 {
    let mut found = 0;
    let mut precisions = Vec::new();
    for (rank, index) in most_first(scores).into_iter().enumerate() {
        if truth[index] {
            found += 1;
            precisions.push(ratio(found, rank + 1));
        }
    }
    mean(&precisions)
}

/// Numbers of the values, the greatest first, of equals the earlier.
#[must_use]
pub fn most_first(values: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|left, right| values[*right].total_cmp(&values[*left]));
    order
}

/// How far stated probabilities are from what happens: mean distance over ten bins (expected calibration error).
#[must_use]
pub fn calibration_error(right: &[bool], stated: &[f32]) -> f64 {
    let mut bins = [(0.0_f64, 0.0_f64); 10];
    for (right, stated) in right.iter().zip(stated) {
        let bin = &mut bins[((stated * 10.0) as usize).min(9)];
        bin.0 += f64::from(u8::from(*right));
        bin.1 += f64::from(*stated);
    }
    bins.iter().map(|(happened, stated)| (happened - stated).abs()).sum::<f64>() / right.len().max(1) as f64
}

/// The mean; 0 of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn label(right: usize, said: usize, there: usize) -> LabelScore {
    let (precision, recall) = (ratio(right, said), ratio(right, there));
    let f1 = if right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    LabelScore { precision, recall, f1, count: there }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_counted() {
        assert_eq!(confusion([(0, 0), (0, 1), (1, 1), (1, 1)].into_iter(), 3), [1, 1, 0, 0, 2, 0, 0, 0, 0]);
        let score = choice(&[0, 0, 1, 1], &[0, 1, 1, 1], 3);
        assert_eq!((score.count, score.accuracy), (4, 0.75));
        assert_eq!((score.labels[0].precision, score.labels[0].recall), (1.0, 0.5));
        assert!((score.macro_f1 - (2.0 / 3.0 + 0.8) / 2.0).abs() < 1e-12, "absent labels do not count");
    }

    #[test]
    fn rankings_are_judged_by_their_precision() {
        let truth = [true, false, true, false];
        assert_eq!(average_precision(&truth, &[0.9, 0.1, 0.8, 0.2]), 1.0);
        assert!((average_precision(&truth, &[0.9, 0.8, 0.7, 0.1]) - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        let half = at_threshold(&truth, &[0.9, 0.8, 0.1, 0.1], 0.5);
        assert_eq!((half.precision, half.recall, half.count), (0.5, 0.5, 2));
    }

    #[test]
    fn honest_probabilities_have_no_error() {
        let right: Vec<bool> = (0..100).map(|index| index % 4 != 0).collect();
        assert!(calibration_error(&right, &[0.75; 100]) < 1e-6);
        assert!((calibration_error(&right, &[0.95; 100]) - 0.2).abs() < 1e-6);
    }
}
