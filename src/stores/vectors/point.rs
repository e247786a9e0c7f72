//! What is stored with a vector and what searches give back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::feedback::{Channel, Language};

/// A feedback's vector and what searches filter by.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The feedback's id.
    pub id: Uuid,
    /// Of the index's size; unit length when it comes back.
    pub vector: Vec<f32>,
    /// What searches filter by.
    pub payload: Payload,
}

/// What searches filter by; never text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// When the person gave the feedback, to the millisecond.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub collected_at: DateTime<Utc>,
    /// What it is written in.
    pub language: Language,
    /// Where it came in.
    pub channel: Channel,
}

/// The names of the payload's fields.
pub(super) mod field {
    pub(in super::super) const COLLECTED_AT: &str = "collected_at";
    pub(in super::super) const LANGUAGE: &str = "language";
    pub(in super::super) const CHANNEL: &str = "channel";
}

/// Which points a search is about; what is `None` doesn't matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// What the feedback is written in.
    pub language: Option<Language>,
    /// Where it came in.
    pub channel: Option<Channel>,
    /// Given at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Given before this time.
    pub until: Option<DateTime<Utc>>,
    /// Not these.
    pub exclude: Vec<Uuid>,
}

impl Filter {
    /// The fields that must equal a word.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, String)> {
        let language = self.language.as_ref().map(|language| (field::LANGUAGE, language.code().to_owned()));
        let channel = self.channel.map(|channel| (field::CHANNEL, channel.name().to_owned()));
        language.into_iter().chain(channel)
    }

    /// The span of time in milliseconds, from the first to before the second.
    pub(super) fn span(&self) -> Option<(Option<i64>, Option<i64>)> {
        let since = self.since.map(|time| time.timestamp_millis());
        let until = self.until.map(|time| time.timestamp_millis());
        (since.is_some() || until.is_some()).then_some((since, until))
    }
}

/// A point that a search found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The feedback's id.
    pub id: Uuid,
    /// Cosine similarity, −1 to 1.
    pub score: f32,
}

/// A stretch of all points.
#[derive(Clone, Debug, PartialEq)]
pub struct Scrolled {
    /// The points, in the order of their ids.
    pub points: Vec<Point>,
    /// Where the next stretch begins; none at the end.
    pub next: Option<Uuid>,
}
