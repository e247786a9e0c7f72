//! What the models and the rules said of one feedback.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::origin::names;
use super::{Dialect, Direction, Language, Span};

/// Everything that is known of a feedback beyond its own words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// What it is written in.
    pub language: Language,
    /// The way its text runs.
    pub direction: Direction,
    /// The kind of Arabic, where that can be told.
    pub dialect: Option<Dialect>,
    /// How the person feels.
    pub sentiment: Sentiment,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// Who should act.
    pub route: Route,
    /// Whether a chatbot must hand over to a person, and why.
    pub handover: Handover,
    /// Which answers are withheld because they would be guesses.
    pub abstained: Vec<Abstained>,
    /// The nearest theme, if one is near enough.
    pub theme: Option<ThemeMatch>,
    /// What else it says, in the order of the text.
    #[serde(default)]
    pub mentions: Vec<ThemeMention>,
    /// Whether the end of the text was not read.
    pub truncated: bool,
    /// How many windows of the model's length the text took.
    pub windows: u16,
    /// The model that said so.
    pub model: ModelInfo,
}

impl Analysis {
    /// How the person feels, unless that would be a guess.
    #[must_use]
    pub fn known_sentiment(&self) -> Option<&Sentiment> {
        Some(&self.sentiment).filter(|_| !self.abstained.contains(&Abstained::Sentiment))
    }
}

names! {
    /// How a text feels.
    SentimentLabel, "sentiment", {
        /// Unhappy.
        Negative = "negative",
        /// Matter of fact.
        Neutral = "neutral",
        /// Happy.
        Positive = "positive",
        /// Both poles, each about something else.
        Mixed = "mixed",
    }
}

/// How a text feels, with the model's doubts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// The answer.
    pub label: SentimentLabel,
    /// Positive minus negative probability, −1 to 1.
    pub score: f32,
    /// Calibrated, summing to 1.
    pub probabilities: SentimentProbabilities,
}

/// Calibrated probabilities of the three poles; they sum to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentimentProbabilities {
    /// Of being unhappy.
    pub negative: f32,
    /// Of being matter of fact.
    pub neutral: f32,
    /// Of being happy.
    pub positive: f32,
}

names! {
    /// One axis of the priority matrix.
    Level, "level", {
        /// Little.
        Low = "low",
        /// Some.
        Medium = "medium",
        /// Much.
        High = "high",
    }
}

/// What comes first: P1 before P4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    /// At once.
    P1,
    /// Today, first.
    P2,
    /// Today.
    P3,
    /// When there is time.
    P4,
}

impl Priority {
    /// Every priority, most urgent first.
    pub const ALL: [Self; 4] = [Self::P1, Self::P2, Self::P3, Self::P4];

    /// The name in the API and the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
            Self::P4 => "P4",
        }
    }

    /// One step more urgent; P1 stays.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::P1 | Self::P2 => Self::P1,
            Self::P3 => Self::P2,
            Self::P4 => Self::P3,
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Priority {
    type Err = super::UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.name() == text)
            .ok_or_else(|| super::UnknownName::new("priority", text, Self::ALL.into_iter().map(Self::name)))
    }
}

/// How soon somebody must act, and what makes it so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Urgency {
    /// The matrix of the two levels, raised by the triggers.
    pub priority: Priority,
    /// How bad it is.
    pub impact: Level,
    /// How fast it gets worse.
    pub urgency: Level,
    /// Calibrated probability that this needs somebody at once (P1), 0 to 1.
    pub probability: f32,
    /// What raised the priority.
    pub triggers: Vec<Trigger>,
}

names! {
    /// A circumstance that may only raise a priority.
    TriggerKind, "trigger", {
        /// Somebody is or may be hurt.
        Safety = "safety",
        /// The customer speaks of ending their life.
        SelfHarm = "self_harm",
        /// Fraud, a taken-over account, a stolen card or phone, an unknown payment.
        Fraud = "fraud",
        /// Leaked, shared or misused personal data.
        Privacy = "privacy",
        /// A regulator, a court, the police or the press.
        Legal = "legal",
        /// Illness, disability, bereavement, hardship.
        Vulnerable = "vulnerable",
        /// The customer means to leave.
        Churn = "churn",
        /// At least the third contact about the same problem.
        RepeatContact = "repeat_contact",
    }
}

/// One circumstance and the words that show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// Which.
    pub kind: TriggerKind,
    /// Where it stands in the text.
    pub span: Span,
    /// The words there.
    pub text: String,
    /// How sure the model is, 0 to 1; 1 for a phrase rule.
    pub probability: f32,
}

/// Where a case goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// The queue's name in the settings.
    pub queue: String,
    /// How sure, 0 to 1.
    pub probability: f32,
    /// The next best, best first.
    pub alternatives: Vec<RouteOption>,
}

/// A queue that was not chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteOption {
    /// The queue's name in the settings.
    pub queue: String,
    /// How sure, 0 to 1.
    pub probability: f32,
}

/// Whether a chatbot must hand over to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Whether it must.
    pub needed: bool,
    /// Why; none if it need not.
    pub reason: Option<HandoverReason>,
}

names! {
    /// Why a person must take over.
    HandoverReason, "handover reason", {
        /// The priority is P1.
        TopPriority = "top_priority",
        /// The priority may be P1 after all; a person must look.
        PerhapsTopPriority = "perhaps_top_priority",
        /// The customer is vulnerable.
        VulnerableCustomer = "vulnerable_customer",
        /// A regulator, a court or the press is named.
        LegalThreat = "legal_threat",
        /// The same problem came up again.
        RepeatContact = "repeat_contact",
        /// The customer asks for a person.
        AskedForPerson = "asked_for_person",
        /// The model does not know.
        Unsure = "unsure",
    }
}

names! {
    /// An answer that is withheld.
    Abstained, "answer", {
        /// The sentiment.
        Sentiment = "sentiment",
        /// The priority.
        Urgency = "urgency",
        /// The queue.
        Route = "route",
        /// The language.
        Language = "language",
    }
}

/// The nearest theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThemeMatch {
    /// Its id.
    pub id: Uuid,
    /// Its title in the text's language.
    pub title: String,
    /// Cosine similarity to its centre, −1 to 1.
    pub similarity: f32,
}

/// A stretch of a text that speaks of another theme than the text's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThemeMention {
    /// The theme's id.
    pub theme: Uuid,
    /// Its title in the text's language.
    pub title: String,
    /// Where it stands in the text.
    pub span: Span,
    /// The words there.
    pub text: String,
    /// Cosine similarity of the words to the theme's centre, −1 to 1.
    pub similarity: f32,
}

/// Which model spoke.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Its name.
    pub name: String,
    /// SHA-256 over weights, tokenizer and heads, in hexadecimal.
    pub digest: String,
}
