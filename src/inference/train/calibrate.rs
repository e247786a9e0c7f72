//! Makes scores honest: a temperature for choices, a line for each independent label (Platt's way).

use super::lbfgs::{Stop, minimise};
use super::task::HeldOut;
use crate::inference::heads::{HeadKind, Linear, sigmoid, softmax};

/// What scores become before they are probabilities.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Calibration {
    /// Every score times this.
    Scale(f32),
    /// Each label's score times the first number plus the second.
    Lines(Vec<(f32, f32)>),
}

/// Fits a calibration on held-out scores.
pub(super) fn fit(kind: HeadKind, held_out: &HeldOut<'_>) -> Calibration {
    match kind {
        HeadKind::Choice => Calibration::Scale(scale(held_out)),
        HeadKind::Each => {
            let labels = held_out.scores.first().map_or(0, Vec::len);
            Calibration::Lines((0..labels).map(|label| line(held_out, label)).collect())
        }
    }
}

impl Calibration {
    /// The layer with the calibration built in.
    pub(super) fn apply(&self, layer: &Linear) -> Linear {
        match self {
            Self::Scale(factor) => layer.scaled(*factor),
            Self::Lines(lines) => {
                let rows = layer.weights().chunks_exact(layer.inputs()).zip(lines);
                let weights = rows.flat_map(|(row, (slope, _))| row.iter().map(move |weight| weight * slope)).collect();
                let biases = layer.biases().iter().zip(lines).map(|(bias, (slope, shift))| bias * slope + shift);
                Linear::new(weights, biases.collect())
            }
        }
    }

    /// Probabilities from the scores of a layer without calibration.
    pub(super) fn probabilities(&self, scores: &[f32]) -> Vec<f32> {
        match self {
            Self::Scale(factor) => softmax(&scores.iter().map(|score| score * factor).collect::<Vec<_>>()),
            Self::Lines(lines) => {
                scores.iter().zip(lines).map(|(score, (slope, shift))| sigmoid(score * slope + shift)).collect()
            }
        }
    }

    /// What the scores are divided by.
    pub(super) fn temperatures(&self) -> Vec<f32> {
        match self {
            Self::Scale(factor) => vec![1.0 / factor],
            Self::Lines(lines) => lines.iter().map(|(slope, _)| 1.0 / slope).collect(),
        }
    }
}

const STOP: Stop = Stop { max_steps: 100, gradient: 1e-7 };

/// The factor with the least log loss; searched by its logarithm, so that it stays positive.
fn scale(held_out: &HeldOut<'_>) -> f32 {
    let count = held_out.scores.len().max(1) as f64;
    let found = minimise(vec![0.0], STOP, |point, gradient| {
        let factor = point[0].exp();
        let (mut loss, mut slope) = (0.0, 0.0);
        for (example, scores) in held_out.examples.iter().zip(&held_out.scores) {
            let scaled: Vec<f32> = scores.iter().map(|score| score * factor as f32).collect();
            let probabilities = softmax(&scaled);
            let truth = example.labels[0];
            loss -= f64::from(probabilities[truth].max(1e-12)).ln();
            let expected: f32 = probabilities.iter().zip(scores).map(|(p, score)| p * score).sum();
            slope += f64::from(expected - scores[truth]) * factor;
        }
        gradient[0] = slope / count;
        loss / count
    });
    found[0].exp() as f32
}

/// Slope and shift with the least log loss; the slope stays positive, so the order of texts stays.
fn line(held_out: &HeldOut<'_>, label: usize) -> (f32, f32) {
    let count = held_out.scores.len().max(1) as f64;
    let found = minimise(vec![0.0, 0.0], STOP, |point, gradient| {
        let (slope, shift) = (point[0].exp(), point[1]);
        let mut loss = 0.0;
        gradient.fill(0.0);
        for (example, scores) in held_out.examples.iter().zip(&held_out.scores) {
            let score = f64::from(scores[label]);
            let truth = f64::from(u8::from(example.labels.contains(&label)));
            let probability = 1.0 / (1.0 + (-(score * slope + shift)).exp());
            loss -= (if truth > 0.5 { probability } else { 1.0 - probability }).max(1e-12).ln();
            gradient[0] += (probability - truth) * score * slope / count;
            gradient[1] += (probability - truth) / count;
        }
        loss / count
    });
    (found[0].exp() as f32, found[1] as f32)
}

#[cfg(test)]
mod tests {
    use super::super::task::{Example, Part};
    use super::*;
    use crate::statistics::Random;

    fn examples(truth: &[usize]) -> Vec<Example> {
        let one = |truth: &usize| Example {
            text: String::new(),
            labels: vec![*truth],
            weight: 1.0,
            part: Part::Fold(0),
            slice: String::new(),
        };
        truth.iter().map(one).collect()
    }

    #[test]
    fn scores_that_shout_are_calmed() {
        let mut random = Random::new(3);
        let truth: Vec<usize> = (0..400).map(|_| usize::from(random.below(2) == 0)).collect();
        let examples = examples(&truth);
        let scores: Vec<Vec<f32>> = truth
            .iter()
            .map(|truth| {
                let right = if random.below(10) < 8 { *truth } else { 1 - *truth };
                if right == 0 { vec![10.0, 0.0] } else { vec![0.0, 10.0] }
            })
            .collect();
        let held_out = HeldOut { examples: examples.iter().collect(), scores };
        let calibration = fit(HeadKind::Choice, &held_out);
        let sure = calibration.probabilities(&[10.0, 0.0])[0];
        assert!((sure - 0.8).abs() < 0.05, "{sure}");
        let layer = Linear::new(vec![10.0, 0.0], vec![0.0, 0.0]);
        assert!((calibration.apply(&layer).choice(&[1.0])[0] - sure).abs() < 1e-5);
    }

    #[test]
    fn rare_labels_get_small_probabilities() {
        let truth: Vec<usize> = (0..500).map(|index| usize::from(index % 10 == 0)).collect();
        let examples = examples(&truth);
        let scores = truth.iter().enumerate().map(|(index, truth)| vec![0.0, *truth as f32 + (index % 7) as f32 * 0.2]);
        let held_out = HeldOut { examples: examples.iter().collect(), scores: scores.collect() };
        let calibration = fit(HeadKind::Each, &held_out);
        let mean: f32 = held_out.scores.iter().map(|scores| calibration.probabilities(scores)[1]).sum::<f32>() / 500.0;
        assert!((mean - 0.1).abs() < 0.01, "{mean}");
        assert!(calibration.probabilities(&[0.0, 2.0])[1] > calibration.probabilities(&[0.0, 0.0])[1]);
    }
}
