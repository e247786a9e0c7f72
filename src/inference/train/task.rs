//! What one head learns, and how its settings are chosen: on development data alone.

use super::TrainError;
use super::calibrate;
use super::features::Features;
use super::logistic::{Problem, Scaling};
use super::metrics::mean;
use super::report::{self, Development};
use crate::feedback::ModelInfo;
use crate::inference::heads::{Card, Head, HeadKind, HeadName, Linear, Reads, TrainingFile};

/// What starts every random choice.
pub(super) const SEED: u64 = 20_240_607;

/// How an example is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Always learned from.
    Train,
    /// Held out while its fold is predicted, learned from otherwise.
    Fold(usize),
}

/// One text and the truth about it.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) text: String,
    /// The labels that hold: exactly one for a choice.
    pub(super) labels: Vec<usize>,
    /// How much it counts.
    pub(super) weight: f32,
    pub(super) part: Part,
    /// What it is reported under.
    pub(super) slice: String,
}

/// What the inverse penalty is chosen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// The score over all development examples.
    Overall,
    /// The mean score of the slices.
    Slices,
}

/// Everything that one head is fitted from.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) name: HeadName,
    pub(super) labels: Vec<String>,
    pub(super) examples: Vec<Example>,
    pub(super) sources: Vec<TrainingFile>,
    /// Inverse penalties to try.
    pub(super) grid: Vec<f64>,
    pub(super) aim: Aim,
}

/// Held-out scores: for each development example one score for each label.
pub(super) struct HeldOut<'task> {
    pub(super) examples: Vec<&'task Example>,
    pub(super) scores: Vec<Vec<f32>>,
}

impl Task {
    /// Chooses the penalty, calibrates, and fits on everything.
    pub(super) fn fit(
        &self,
        features: &Features,
        model: &ModelInfo,
        mut step: impl FnMut(),
    ) -> Result<(Head, Development), TrainError> {
        let rows = self.rows(features)?;
        let mut best: Option<(f64, f64, HeldOut<'_>)> = None;
        let mut tried = Vec::new();
        for inverse_penalty in &self.grid {
            let held_out = self.held_out(features, &rows, *inverse_penalty);
            let score = self.judge(&held_out);
            tried.push((*inverse_penalty, score));
            if best.as_ref().is_none_or(|(_, highest, _)| score > *highest) {
                best = Some((*inverse_penalty, score, held_out));
            }
            step();
        }
        let Some((inverse_penalty, _, held_out)) = best else {
            return Err(TrainError::NoExamples { head: self.name, label: "any".to_owned() });
        };
        let everything: Vec<usize> = (0..self.examples.len()).collect();
        let fitted = self.layer(features, &rows, &everything, inverse_penalty);
        let calibration = calibrate::fit(self.name.kind(), &held_out);
        let development = report::development(self, &held_out, &calibration, tried);
        step();
        let card = Card {
            name: self.name,
            kind: self.name.kind(),
            labels: self.labels.clone(),
            reads: Reads::Layers,
            inputs: features.matrix().columns(),
            model_name: model.name.clone(),
            model_digest: model.digest.clone(),
            seed: SEED,
            inverse_penalty,
            temperature: calibration.temperatures(),
            training: self.sources.clone(),
            development: serde_json::to_value(&development).unwrap_or_default(),
        };
        Ok((Head { card, linear: calibration.apply(&fitted) }, development))
    }

    #[expect(clippy::expect_used, reason = "every text of a task is encoded before it is fitted")]
    fn rows(&self, features: &Features) -> Result<Vec<usize>, TrainError> {
        for (class, label) in self.labels.iter().enumerate() {
            if !self.examples.iter().any(|example| example.labels.contains(&class)) {
                return Err(TrainError::NoExamples { head: self.name, label: label.clone() });
            }
        }
        let row = |example: &Example| features.row(&example.text).expect("BUG: a text that was not encoded");
        Ok(self.examples.iter().map(row).collect())
    }

    /// Predicts every fold from the rest.
    fn held_out(&self, features: &Features, rows: &[usize], inverse_penalty: f64) -> HeldOut<'_> {
        let mut folds: Vec<usize> = self.examples.iter().filter_map(fold).collect();
        folds.sort_unstable();
        folds.dedup();
        let mut held_out = HeldOut { examples: Vec::new(), scores: Vec::new() };
        for current in folds {
            let known: Vec<usize> =
                (0..rows.len()).filter(|index| fold(&self.examples[*index]) != Some(current)).collect();
            let layer = self.layer(features, rows, &known, inverse_penalty);
            let judged = |example: &Example| fold(example) == Some(current);
            for (example, row) in self.examples.iter().zip(rows).filter(|(example, _)| judged(example)) {
                held_out.examples.push(example);
                held_out.scores.push(layer.scores(features.matrix().row(*row)));
            }
        }
        held_out
    }

    /// Fits one layer on the examples at `known`.
    fn layer(&self, features: &Features, rows: &[usize], known: &[usize], inverse_penalty: f64) -> Linear {
        let problem = |labels: Vec<usize>, classes: usize| {
            let mut problem = Problem {
                features: features.matrix(),
                rows: known.iter().map(|index| rows[*index]).collect(),
                labels,
                weights: known.iter().map(|index| self.examples[*index].weight).collect(),
                classes,
                scaling: Scaling::Standardised,
                inverse_penalty,
            };
            problem.balance();
            problem.fit()
        };
        match self.name.kind() {
            HeadKind::Choice => {
                let labels = known.iter().map(|index| self.examples[*index].labels[0]).collect();
                problem(labels, self.labels.len())
            }
            HeadKind::Each => {
                let (mut weights, mut biases) = (Vec::new(), Vec::new());
                for class in 0..self.labels.len() {
                    let holds = |index: &usize| usize::from(self.examples[*index].labels.contains(&class));
                    let pair = problem(known.iter().map(holds).collect(), 2);
                    let (no, yes) = pair.weights().split_at(pair.inputs());
                    weights.extend(yes.iter().zip(no).map(|(yes, no)| yes - no));
                    biases.push(pair.biases()[1] - pair.biases()[0]);
                }
                Linear::new(weights, biases)
            }
        }
    }

    /// The number that the penalty is chosen by.
    fn judge(&self, held_out: &HeldOut<'_>) -> f64 {
        let overall = report::score(self, &held_out.examples, &held_out.scores);
        match self.aim {
            Aim::Overall => overall,
            Aim::Slices => {
                let slices = report::slices(held_out);
                mean(
                    &slices
                        .iter()
                        .map(|(_, examples, scores)| report::score(self, examples, scores))
                        .collect::<Vec<_>>(),
                )
            }
        }
    }
}

fn fold(example: &Example) -> Option<usize> {
    match example.part {
        Part::Train => None,
        Part::Fold(fold) => Some(fold),
    }
}
