//! Multinomial logistic regression with an L2 penalty, on standardised features or as they are.
//!
//! The standardisation is folded into the weights that come out, so a head takes raw features.

use std::thread;

use super::lbfgs::{Stop, minimise};
use super::matrix::Matrix;
use crate::inference::heads::Linear;
use crate::vector::dot;

/// Rows are summed in so many pieces, in order, whatever the number of threads: same bytes everywhere.
const PIECES: usize = 8;

/// What to fit.
#[derive(Clone, Debug)]
pub(super) struct Problem<'data> {
    /// One row of features for each example.
    pub(super) features: &'data Matrix,
    /// Rows of `features` to learn from.
    pub(super) rows: Vec<usize>,
    /// The class of each of `rows`.
    pub(super) labels: Vec<usize>,
    /// How much each of `rows` counts.
    pub(super) weights: Vec<f32>,
    /// Number of classes, at least 2.
    pub(super) classes: usize,
    /// Whether features are made comparable first.
    pub(super) scaling: Scaling,
    /// Inverse strength of the penalty, more than 0.
    pub(super) inverse_penalty: f64,
}

/// What is done with features before they are penalised alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scaling {
    /// Each gets mean 0 and deviation 1.
    Standardised,
    /// They are comparable as they are.
    AsIs,
}

impl Problem<'_> {
    /// Makes every class count the same in sum.
    pub(super) fn balance(&mut self) {
        let mut sums = vec![0.0_f64; self.classes];
        for (label, weight) in self.labels.iter().zip(&self.weights) {
            sums[*label] += f64::from(*weight);
        }
        let present = sums.iter().filter(|sum| **sum > 0.0).count().max(1) as f64;
        let total: f64 = sums.iter().sum();
        for (label, weight) in self.labels.iter().zip(&mut self.weights) {
            *weight *= (total / (present * sums[*label])) as f32;
        }
    }

    /// The best weights; biases are not penalised.
    pub(super) fn fit(&self) -> Linear {
        let scale = match self.scaling {
            Scaling::Standardised => Scale::of(self.features, &self.rows),
            Scaling::AsIs => Scale::none(self.features.columns()),
        };
        let rows = scale.apply(self.features, &self.rows);
        let columns = rows.columns();
        let total: f64 = self.weights.iter().map(|weight| f64::from(*weight)).sum();
        let penalty = 1.0 / (self.inverse_penalty * total);
        let start = vec![0.0; self.classes * (columns + 1)];
        let found = minimise(start, Stop { max_steps: 200, gradient: 2e-5 }, |point, gradient| {
            let value = self.loss(&rows, point, gradient) / total;
            gradient.iter_mut().for_each(|component| *component /= total);
            let (weights, _) = point.split_at(self.classes * columns);
            gradient.iter_mut().zip(weights).for_each(|(into, weight)| *into += penalty * weight);
            value + 0.5 * penalty * weights.iter().map(|weight| weight * weight).sum::<f64>()
        });
        scale.fold(self.classes, &found)
    }

    /// Sum of the weighted log losses; writes its gradient.
    #[expect(clippy::expect_used, reason = "a panic in a piece is a panic of the whole")]
    fn loss(&self, rows: &Matrix, point: &[f64], gradient: &mut [f64]) -> f64 {
        let narrow: Vec<f32> = point.iter().map(|component| *component as f32).collect();
        let size = self.rows.len().div_ceil(PIECES).max(1);
        let count = self.rows.len();
        let pieces: Vec<(f64, Vec<f32>)> = thread::scope(|scope| {
            let handles: Vec<_> = (0..count)
                .step_by(size)
                .map(|start| {
                    let narrow = &narrow;
                    scope.spawn(move || self.piece(rows, narrow, start..(start + size).min(count)))
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().expect("BUG: a piece of the loss panicked")).collect()
        });
        gradient.fill(0.0);
        for (_, part) in &pieces {
            gradient.iter_mut().zip(part).for_each(|(into, part)| *into += f64::from(*part));
        }
        pieces.iter().map(|(value, _)| value).sum()
    }

    fn piece(&self, rows: &Matrix, point: &[f32], range: std::ops::Range<usize>) -> (f64, Vec<f32>) {
        let columns = rows.columns();
        let (weights, biases) = point.split_at(self.classes * columns);
        let mut gradient = vec![0.0_f32; point.len()];
        let mut value = 0.0;
        let mut scores = vec![0.0_f32; self.classes];
        for index in range {
            let row = rows.row(index);
            for (class, score) in scores.iter_mut().enumerate() {
                *score = dot(&weights[class * columns..(class + 1) * columns], row) + biases[class];
            }
            let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = scores.iter().map(|score| (score - highest).exp()).sum();
            let (label, weight) = (self.labels[index], self.weights[index]);
            value += f64::from(weight) * f64::from(sum.ln() + highest - scores[label]);
            for (class, score) in scores.iter().enumerate() {
                let probability = (score - highest).exp() / sum;
                let error = weight * (probability - if class == label { 1.0 } else { 0.0 });
                let into = &mut gradient[class * columns..(class + 1) * columns];
                into.iter_mut().zip(row).for_each(|(into, feature)| *into += error * feature);
                gradient[self.classes * columns + class] += error;
            }
        }
        (value, gradient)
    }
}

/// Mean and standard deviation of each feature.
struct Scale {
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl Scale {
    fn of(features: &Matrix, rows: &[usize]) -> Self {
        let count = rows.len().max(1) as f64;
        let mut means = vec![0.0; features.columns()];
        for row in rows {
            means.iter_mut().zip(features.row(*row)).for_each(|(mean, value)| *mean += f64::from(*value) / count);
        }
        let mut variances = vec![0.0; features.columns()];
        for row in rows {
            for ((variance, value), mean) in variances.iter_mut().zip(features.row(*row)).zip(&means) {
                *variance += (f64::from(*value) - mean).powi(2) / count;
            }
        }
        let deviations = variances.into_iter().map(|variance| variance.sqrt().max(1e-6)).collect();
        Self { means, deviations }
    }

    fn none(columns: usize) -> Self {
        Self { means: vec![0.0; columns], deviations: vec![1.0; columns] }
    }

    fn apply(&self, features: &Matrix, rows: &[usize]) -> Matrix {
        let mut scaled = Matrix::new(features.columns());
        for row in rows {
            let values = features.row(*row).iter().zip(&self.means).zip(&self.deviations);
            scaled.push(values.map(|((value, mean), deviation)| ((f64::from(*value) - mean) / deviation) as f32));
        }
        scaled
    }

    /// Weights over standardised features become weights over raw ones.
    fn fold(&self, classes: usize, point: &[f64]) -> Linear {
        let columns = self.means.len();
        let (scaled, mut biases) = (&point[..classes * columns], point[classes * columns..].to_vec());
        let mut weights = Vec::with_capacity(scaled.len());
        for (class, bias) in biases.iter_mut().enumerate() {
            for column in 0..columns {
                let weight = scaled[class * columns + column] / self.deviations[column];
                *bias -= weight * self.means[column];
                weights.push(weight as f32);
            }
        }
        Linear::new(weights, biases.into_iter().map(|bias| bias as f32).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Random;

    /// Three clouds of points around far centres.
    fn clouds() -> (Matrix, Vec<usize>) {
        let mut random = Random::new(7);
        let mut features = Matrix::new(3);
        let mut labels = Vec::new();
        for index in 0..300 {
            let label = index % 3;
            features.push((0..3).map(|column| {
                let centre = if column == label { 50.0 } else { 40.0 };
                centre + random.below(8) as f32
            }));
            labels.push(label);
        }
        (features, labels)
    }

    fn problem<'data>(features: &'data Matrix, labels: &[usize], inverse_penalty: f64) -> Problem<'data> {
        let rows: Vec<usize> = (0..labels.len()).collect();
        let weights = vec![1.0; rows.len()];
        Problem {
            features,
            rows,
            labels: labels.to_vec(),
            weights,
            classes: 3,
            scaling: Scaling::Standardised,
            inverse_penalty,
        }
    }

    #[test]
    fn separate_clouds_are_told_apart_by_raw_features() {
        let (features, labels) = clouds();
        let head = problem(&features, &labels, 100.0).fit();
        let right = labels.iter().enumerate().filter(|(row, label)| {
            let scores = head.scores(features.row(*row));
            (0..3).max_by(|a, b| scores[*a].total_cmp(&scores[*b])) == Some(**label)
        });
        assert_eq!(right.count(), 300);
    }

    #[test]
    fn a_strong_penalty_leaves_the_class_shares() {
        let (features, labels) = clouds();
        let head = problem(&features, &labels, 1e-9).fit();
        for probability in head.choice(features.row(0)) {
            assert!((probability - 1.0 / 3.0).abs() < 0.01, "{probability}");
        }
    }

    #[test]
    fn fitting_twice_gives_the_same_bytes() {
        let (features, labels) = clouds();
        let fit = || problem(&features, &labels, 1.0).fit();
        assert_eq!(fit(), fit());
    }

    #[test]
    fn balance_gives_each_class_the_same_sum() {
        let (features, _) = clouds();
        let labels: Vec<usize> = (0..300).map(|index| usize::from(index >= 270)).collect();
        let mut skewed = Problem { classes: 2, ..problem(&features, &labels, 1.0) };
        skewed.balance();
        let sum = |class| -> f32 {
            skewed
                .labels
                .iter()
                .zip(&skewed.weights)
                .filter(|(label, _)| **label == class)
                .map(|(_, weight)| weight)
                .sum()
        };
        assert!((sum(0) - sum(1)).abs() < 0.1, "{} {}", sum(0), sum(1));
    }
}
