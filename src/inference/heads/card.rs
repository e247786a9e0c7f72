//! What stands beside a head's weights: what it says, what it was made of and how good it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::feedback::names;

names! {
    /// A question that a head answers.
    HeadName, "head", {
        /// How a text feels.
        Sentiment = "sentiment",
        /// How bad it is.
        Impact = "impact",
        /// How fast it gets worse.
        Urgency = "urgency",
        /// Which circumstances raise its priority.
        Triggers = "triggers",
        /// Whether it comes before everything else.
        First = "first",
        /// Whether it is human language of a kind the model knows.
        Supported = "supported",
        /// What a text in Latin letters is written in.
        Language = "language",
        /// What kind of Arabic a text in Arabic letters is.
        Dialect = "dialect",
    }
}

names! {
    /// How a head's labels exclude each other.
    HeadKind, "kind of head", {
        /// Exactly one holds.
        Choice = "choice",
        /// Any number of them may hold.
        Each = "each",
    }
}

names! {
    /// What a head reads.
    Reads, "source of features", {
        /// The means of the encoder's last three layers side by side, not normalised.
        Layers = "layers",
        /// The mean of the tuned copies' last layer, not normalised.
        Tuned = "tuned",
        /// Both side by side, the tuned copies' first.
        Both = "both",
    }
}

impl HeadName {
    /// How the labels of this head exclude each other.
    #[must_use]
    pub const fn kind(self) -> HeadKind {
        match self {
            Self::Triggers | Self::First => HeadKind::Each,
            _ => HeadKind::Choice,
        }
    }

    /// The labels that the program expects of this head, in order; none where any will do.
    #[must_use]
    pub fn labels(self) -> Option<Vec<&'static str>> {
        use crate::feedback::{Level, Priority, SentimentLabel, TriggerKind};
        match self {
            Self::Sentiment => Some(SentimentLabel::ALL.iter().map(|label| label.name()).collect()),
            Self::Impact | Self::Urgency => Some(Level::ALL.iter().map(|level| level.name()).collect()),
            Self::Triggers => Some(TriggerKind::ALL.iter().map(|kind| kind.name()).collect()),
            Self::First => Some(vec![Priority::P1.name()]),
            Self::Supported => Some(vec!["noise", "language"]),
            Self::Language | Self::Dialect => None,
        }
    }
}

/// The file beside the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Which head.
    pub name: HeadName,
    /// How its labels exclude each other.
    pub kind: HeadKind,
    /// The classes in the order of the weights.
    pub labels: Vec<String>,
    /// What the weights read.
    pub reads: Reads,
    /// How many numbers that is.
    pub inputs: usize,
    /// The base model that it was fitted on, by name.
    pub model_name: String,
    /// SHA-256 of that model's weights and tokenizer, in hexadecimal.
    pub model_digest: String,
    /// What starts every random choice of the fit.
    pub seed: u64,
    /// Inverse strength of the penalty, chosen on development data.
    pub inverse_penalty: f64,
    /// What the scores were divided by to calibrate them; built into the weights.
    pub temperature: Vec<f32>,
    /// What it learned from.
    pub training: Vec<TrainingFile>,
    /// How good it was on development data.
    pub development: serde_json::Value,
}

/// A file that a head learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingFile {
    /// Its name within the data folder, or within this project.
    pub file: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Under which terms it may be used.
    pub licence: String,
    /// How many of its texts were used.
    pub rows: usize,
    /// How much each of them counted.
    pub weight: f32,
}
