//! What development data say of a head, for its card and for people.

use std::fmt::Write as _;

use serde::Serialize;

use super::calibrate::Calibration;
use super::metrics::{self, ChoiceScore, LabelScore};
use super::task::{Example, HeldOut, Task};
use crate::inference::heads::{Head, HeadKind};

/// How good a head was on examples that it had not learned from.
#[derive(Clone, Debug, Serialize)]
pub struct Development {
    /// Number of examples.
    pub count: usize,
    /// Macro-F1 of a choice; mean average precision of independent labels.
    pub score: f64,
    /// Share of right choices; none for independent labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// How far stated probabilities are from what happens.
    pub calibration_error: f64,
    /// One line for each label.
    pub labels: Vec<LabelLine>,
    /// One line for each slice: its name, its size and its score.
    pub slices: Vec<SliceLine>,
    /// Inverse penalties that were tried, with what they scored.
    pub tried: Vec<(f64, f64)>,
}

/// One label on development data.
#[derive(Clone, Debug, Serialize)]
pub struct LabelLine {
    /// Which.
    pub label: String,
    /// Precision and recall: of the choice, or of a probability of at least one half.
    #[serde(flatten)]
    pub score: LabelScore,
    /// Area under precision over recall; none for a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_precision: Option<f64>,
}

/// One slice of development data.
#[derive(Clone, Debug, Serialize)]
pub struct SliceLine {
    /// Its name.
    pub slice: String,
    /// Number of examples.
    pub count: usize,
    /// As [`Development::score`].
    pub score: f64,
    /// As [`Development::accuracy`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
}

/// Macro-F1 of a choice, mean average precision of independent labels.
pub(super) fn score(task: &Task, examples: &[&Example], scores: &[Vec<f32>]) -> f64 {
    match task.name.kind() {
        HeadKind::Choice => choice(task, examples, scores).macro_f1,
        HeadKind::Each => {
            let present = (0..task.labels.len()).filter(|label| examples.iter().any(|it| it.labels.contains(label)));
            let precisions = present.map(|label| {
                let (truth, of_label) = of_label(examples, scores, label);
                metrics::average_precision(&truth, &of_label)
            });
            metrics::mean(&precisions.collect::<Vec<_>>())
        }
    }
}

/// A slice's name, its examples, and their scores.
pub(super) type Slice<'task> = (String, Vec<&'task Example>, Vec<Vec<f32>>);

/// Held-out examples by slice, in order of name.
pub(super) fn slices<'task>(held_out: &HeldOut<'task>) -> Vec<Slice<'task>> {
    let mut slices: std::collections::BTreeMap<&str, (Vec<&'task Example>, Vec<Vec<f32>>)> = Default::default();
    for (example, scores) in held_out.examples.iter().zip(&held_out.scores) {
        let slice = slices.entry(&example.slice).or_default();
        slice.0.push(example);
        slice.1.push(scores.clone());
    }
    slices.into_iter().map(|(name, (examples, scores))| (name.to_owned(), examples, scores)).collect()
}

/// Everything for the card.
pub(super) fn development(
    task: &Task,
    held_out: &HeldOut<'_>,
    calibration: &Calibration,
    tried: Vec<(f64, f64)>,
) -> Development {
    let examples = &held_out.examples;
    let probabilities: Vec<Vec<f32>> = held_out.scores.iter().map(|it| calibration.probabilities(it)).collect();
    let of_slice = |(slice, examples, scores): (String, Vec<&Example>, Vec<Vec<f32>>)| SliceLine {
        slice,
        count: examples.len(),
        score: score(task, &examples, &scores),
        accuracy: accuracy(task, &examples, &scores),
    };
    Development {
        count: examples.len(),
        score: score(task, examples, &held_out.scores),
        accuracy: accuracy(task, examples, &held_out.scores),
        calibration_error: calibration_error(task, examples, &probabilities),
        labels: labels(task, examples, &probabilities),
        slices: slices(held_out).into_iter().map(of_slice).collect(),
        tried,
    }
}

fn accuracy(task: &Task, examples: &[&Example], scores: &[Vec<f32>]) -> Option<f64> {
    (task.name.kind() == HeadKind::Choice).then(|| choice(task, examples, scores).accuracy)
}

fn choice(task: &Task, examples: &[&Example], scores: &[Vec<f32>]) -> ChoiceScore {
    let truth: Vec<usize> = examples.iter().map(|example| example.labels[0]).collect();
    let predicted: Vec<usize> = scores.iter().map(|scores| highest(scores)).collect();
    metrics::choice(&truth, &predicted, task.labels.len())
}

/// The class with the highest score; of equals the last.
#[must_use]
pub fn highest(scores: &[f32]) -> usize {
    scores.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1)).map_or(0, |(class, _)| class)
}

fn of_label(examples: &[&Example], scores: &[Vec<f32>], label: usize) -> (Vec<bool>, Vec<f32>) {
    let truth = examples.iter().map(|example| example.labels.contains(&label)).collect();
    (truth, scores.iter().map(|scores| scores[label]).collect())
}

fn labels(task: &Task, examples: &[&Example], probabilities: &[Vec<f32>]) -> Vec<LabelLine> {
    let chosen = choice_or_none(task, examples, probabilities);
    let line = |(label, name): (usize, &String)| match &chosen {
        Some(chosen) => LabelLine { label: name.clone(), score: chosen.labels[label], average_precision: None },
        None => {
            let (truth, scores) = of_label(examples, probabilities, label);
            LabelLine {
                label: name.clone(),
                score: metrics::at_threshold(&truth, &scores, 0.5),
                average_precision: Some(metrics::average_precision(&truth, &scores)),
            }
        }
    };
    task.labels.iter().enumerate().map(line).collect()
}

fn choice_or_none(task: &Task, examples: &[&Example], probabilities: &[Vec<f32>]) -> Option<ChoiceScore> {
    (task.name.kind() == HeadKind::Choice).then(|| choice(task, examples, probabilities))
}

fn calibration_error(task: &Task, examples: &[&Example], probabilities: &[Vec<f32>]) -> f64 {
    let (mut right, mut stated) = (Vec::new(), Vec::new());
    for (example, probabilities) in examples.iter().zip(probabilities) {
        match task.name.kind() {
            HeadKind::Choice => {
                let best = highest(probabilities);
                right.push(example.labels[0] == best);
                stated.push(probabilities[best]);
            }
            HeadKind::Each => {
                right.extend((0..task.labels.len()).map(|label| example.labels.contains(&label)));
                stated.extend_from_slice(probabilities);
            }
        }
    }
    metrics::calibration_error(&right, &stated)
}

/// A head's development numbers as a piece of Markdown.
#[must_use]
pub fn markdown(head: &Head, development: &Development) -> String {
    let mut text = String::new();
    let what = if head.card.kind == HeadKind::Choice { "macro-F1" } else { "mean average precision" };
    let _ = writeln!(
        text,
        "## {}\n\n{} development texts, {what} **{:.1}**, calibration error {:.3}, inverse penalty {}.\n",
        head.card.name,
        development.count,
        development.score * 100.0,
        development.calibration_error,
        head.card.inverse_penalty,
    );
    let _ =
        writeln!(text, "| label | texts | precision | recall | F1 | average precision |\n|---|---|---|---|---|---|");
    for line in &development.labels {
        let average = line.average_precision.map_or_else(String::new, |it| format!("{:.1}", it * 100.0));
        let percent = |share: f64| format!("{:.1}", share * 100.0);
        let (precision, recall, f1) =
            (percent(line.score.precision), percent(line.score.recall), percent(line.score.f1));
        let _ = writeln!(text, "| {} | {} | {precision} | {recall} | {f1} | {average} |", line.label, line.score.count);
    }
    let _ = writeln!(text, "\n| slice | texts | {what} |\n|---|---|---|");
    for line in &development.slices {
        let _ = writeln!(text, "| {} | {} | {:.1} |", line.slice, line.count, line.score * 100.0);
    }
    text.push('\n');
    text
}
