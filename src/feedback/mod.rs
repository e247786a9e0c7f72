//! The item everything turns on: one text from one person, and what was understood of it.

mod analysis;
pub mod fold;
mod language;
mod origin;
pub mod pieces;
mod rating;
mod reading;
pub mod segment;
mod span;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use analysis::{
    Abstained, Analysis, Handover, HandoverReason, Level, ModelInfo, Priority, Route, RouteOption, Sentiment,
    SentimentLabel, SentimentProbabilities, ThemeMatch, ThemeMention, Trigger, TriggerKind, Urgency,
};
pub use language::{Dialect, Direction, Language};
pub(crate) use origin::names;
pub use origin::{BadName, Channel, CustomerId, SourceKind, Touchpoint, UnknownName};
pub use rating::{Rating, RatingError, RatingMethod};
pub use reading::{LevelProbabilities, Reading, Segment, Understanding};
pub use span::Span;

use crate::privacy::{RawText, Text};

/// The longest text that is taken, in Unicode scalar values.
pub const MAX_TEXT_CHARS: usize = 10_000;

/// Identifies one feedback; its order is the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeedbackId(pub Uuid);

impl fmt::Display for FeedbackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FeedbackId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Feedback at the door: checked for form, not yet masked.
#[derive(Clone, Debug)]
pub struct NewFeedback {
    /// What the person wrote.
    pub text: RawText,
    /// The question that was asked, if one was.
    pub question: Option<RawText>,
    /// The number the person gave with it.
    pub rating: Option<Rating>,
    /// Where and whom it came from.
    pub origin: Origin,
}

/// Where, when and from whom a feedback came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The system that it comes from; with `external_id` the natural key.
    pub source: String,
    /// Its id in that system; sending the same one again changes nothing.
    pub external_id: Option<String>,
    /// Where it came in.
    pub channel: Channel,
    /// Direct, indirect or inferred.
    pub source_kind: SourceKind,
    /// Which interaction it is about.
    pub touchpoint: Option<Touchpoint>,
    /// The sender's pseudonymous id in the customer's own systems.
    pub customer: Option<CustomerId>,
    /// When the person gave it.
    pub collected_at: DateTime<Utc>,
    /// Whatever else the source wants back.
    pub metadata: BTreeMap<String, serde_json::Value>,
}

/// What sources call the field of the metadata that names a customer's segment.
const SEGMENT: [&str; 3] = ["segment", "شريحة", "الشريحة"];

impl Origin {
    /// The customer's segment: the metadata's text called `segment` or شريحة, whatever its case, of at most 200 characters.
    #[must_use]
    pub fn segment(&self) -> Option<&str> {
        let called = |key: &str| SEGMENT.iter().any(|name| key.eq_ignore_ascii_case(name));
        let (_, value) = self.metadata.iter().find(|(key, _)| called(key))?;
        let name = value.as_str()?.trim();
        Some(name).filter(|name| !name.is_empty() && name.chars().nth(200).is_none() && !name.contains('\0'))
    }
}

/// A feedback as it is kept: masked, and analysed once the worker has been there.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// Its own id, also that of its vector.
    pub id: FeedbackId,
    /// The masked text.
    pub text: Text,
    /// The masked question.
    pub question: Option<Text>,
    /// The number the person gave with it.
    pub rating: Option<Rating>,
    /// Where and whom it came from.
    pub origin: Origin,
    /// When it was accepted.
    pub received_at: DateTime<Utc>,
    /// What the models and rules said; none until then.
    pub analysis: Option<Analysis>,
}
