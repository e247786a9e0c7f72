//! What each head learns from.

mod feeling;
mod noise;
mod trouble;
mod writing;

use sha2::{Digest, Sha256};

pub(super) use noise::texts as noise;

use super::TrainError;
use super::data::{DataFolder, Row, Source};
use super::task::{Example, Part, SEED, Task};
use crate::inference::heads::{HeadName, TrainingFile, hexadecimal};

/// The files of the data folder that this head learns from.
pub(super) const fn files(head: HeadName) -> &'static [&'static str] {
    match head {
        HeadName::Sentiment => feeling::FILES,
        HeadName::Impact | HeadName::Urgency | HeadName::Triggers | HeadName::First => &[],
        HeadName::Supported => writing::SUPPORTED_FILES,
        HeadName::Language => writing::LANGUAGE_FILES,
        HeadName::Dialect => writing::DIALECT_FILES,
    }
}

/// Reads what this head learns from.
pub(super) fn task(head: HeadName, data: &DataFolder) -> Result<Task, TrainError> {
    match head {
        HeadName::Sentiment => feeling::task(data),
        HeadName::Impact | HeadName::Urgency => trouble::levels(head),
        HeadName::Triggers => trouble::triggers(),
        HeadName::First => trouble::first(),
        HeadName::Supported => writing::supported(data),
        HeadName::Language => writing::language(data),
        HeadName::Dialect => writing::dialect(data),
    }
}

/// Collects examples and the lines of the card for the files they come from.
struct Builder {
    labels: Vec<String>,
    examples: Vec<Example>,
    sources: Vec<TrainingFile>,
}

impl Builder {
    fn new(labels: &[&str]) -> Self {
        Self {
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            examples: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Adds the rows of `source` for which `labels` names labels, and notes the file.
    fn add(
        &mut self,
        source: &Source,
        weight: f32,
        part: impl Fn(&Row) -> Part,
        slice: impl Fn(&Row) -> String,
        labels: impl Fn(&Row) -> Option<Vec<String>>,
    ) {
        let before = self.examples.len();
        for row in source.rows.iter().filter(|row| !row.text.trim().is_empty()) {
            let Some(names) = labels(row) else { continue };
            let class = |name: &String| self.labels.iter().position(|label| label == name);
            let classes = names.iter().filter_map(class).collect();
            self.examples.push(Example {
                text: row.text.clone(),
                labels: classes,
                weight,
                part: part(row),
                slice: slice(row),
            });
        }
        self.sources.push(source.line(self.examples.len() - before, weight));
    }
}

/// The card's line for texts that no file holds.
fn generated(what: &str, rows: usize, weight: f32) -> TrainingFile {
    TrainingFile {
        file: what.to_owned(),
        sha256: hexadecimal(&SEED.to_be_bytes()),
        licence: "Apache-2.0 (this project)".to_owned(),
        rows,
        weight,
    }
}

/// The only label of a text.
fn one(label: &str) -> Option<Vec<String>> {
    Some(vec![label.to_owned()])
}

/// A fold of `folds`, the same for equal names on every machine.
fn fold_of(name: &str, folds: usize) -> usize {
    let digest = Sha256::digest(name.as_bytes());
    u16::from_le_bytes([digest[0], digest[1]]) as usize % folds
}

/// Whether a text belongs to the `percent` of texts that a sample keeps.
fn sampled(text: &str, percent: usize) -> bool {
    fold_of(text, 100) < percent
}

/// What the urgency file's dialect field says, or its language.
fn dialect_or_language(row: &Row) -> String {
    row.dialect.clone().unwrap_or_else(|| row.lang.clone())
}
