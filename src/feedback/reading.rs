//! What the model's heads read in a text, before any rule looks at it.

use super::{Dialect, Language, Level, ModelInfo, SentimentProbabilities, Span, TriggerKind};

/// What the heads read in one text, or in one piece of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// How it feels, if it has one feeling.
    pub sentiment: SentimentProbabilities,
    /// Probability that it has both poles, each about something else, 0 to 1.
    pub mixed: f32,
    /// How bad it is.
    pub impact: LevelProbabilities,
    /// How fast it gets worse.
    pub urgency: LevelProbabilities,
    /// Probability of each circumstance, independent of one another, 0 to 1; in the order of [`TriggerKind::ALL`].
    pub triggers: Vec<f32>,
    /// Probability that it comes before everything else (P1), 0 to 1.
    pub first: f32,
}

impl Reading {
    /// Probability of one circumstance, 0 to 1.
    #[must_use]
    pub fn trigger(&self, kind: TriggerKind) -> f32 {
        TriggerKind::ALL.iter().zip(&self.triggers).find(|(each, _)| **each == kind).map_or(0.0, |(_, &p)| p)
    }
}

/// Calibrated probabilities of the three levels; they sum to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelProbabilities {
    /// Of little.
    pub low: f32,
    /// Of some.
    pub medium: f32,
    /// Of much.
    pub high: f32,
}

impl LevelProbabilities {
    /// The most probable level; of equals the higher one, because a miss costs more than an alert.
    #[must_use]
    pub fn most_likely(&self) -> Level {
        if self.high >= self.medium && self.high >= self.low {
            Level::High
        } else if self.medium >= self.low {
            Level::Medium
        } else {
            Level::Low
        }
    }
}

/// Everything that the model said of one text: the input of every rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Understanding {
    /// What it is written in, `und` if that can't be told.
    pub language: Language,
    /// The kind of Arabic, where that can be told.
    pub dialect: Option<Dialect>,
    /// Probability that it is human language of a kind the model knows, 0 to 1.
    pub supported: f32,
    /// Unit length; what search, themes and routing compare: near texts are about the same.
    pub place: Vec<f32>,
    /// The whole text.
    pub whole: Reading,
    /// Its pieces in order, with their own places; one that covers everything if the text says one thing.
    pub segments: Vec<Segment>,
    /// How many windows of the model's length the text took.
    pub windows: u16,
    /// Whether the end of the text was not read.
    pub truncated: bool,
    /// The model that said so.
    pub model: ModelInfo,
}

/// One piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Where it stands.
    pub span: Span,
    /// Unit length; near pieces ask for the same.
    pub place: Vec<f32>,
    /// What the heads read in it alone.
    pub reading: Reading,
}
