//! What a pseudonymous customer did, record by record.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::voice::{Voice, voice};
use crate::feedback::{
    Channel, CustomerId, Dialect, Feedback, FeedbackId, Language, Rating, SentimentLabel, Touchpoint,
};

/// What is looked at of one feedback.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which.
    pub id: FeedbackId,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// Where it came in.
    pub channel: Channel,
    /// Which interaction it is about.
    pub touchpoint: Option<Touchpoint>,
    /// The theme it belongs to.
    pub theme: Option<Uuid>,
    /// How it feels; none if that would be a guess.
    pub feeling: Option<SentimentLabel>,
    /// The number that came with it.
    pub rating: Option<Rating>,
    /// What it is written in.
    pub language: Language,
    /// The kind of Arabic.
    pub dialect: Option<Dialect>,
    /// Whether it asks or expects.
    pub voice: Voice,
    /// How long its text is, in characters.
    pub length: usize,
}

impl Record {
    /// What is looked at of a feedback; none until it is analysed.
    #[must_use]
    pub fn of(item: &Feedback) -> Option<Self> {
        let analysis = item.analysis.as_ref()?;
        Some(Self {
            id: item.id,
            at: item.origin.collected_at,
            channel: item.origin.channel,
            touchpoint: item.origin.touchpoint.clone(),
            theme: analysis.theme.as_ref().map(|theme| theme.id),
            feeling: analysis.known_sentiment().map(|sentiment| sentiment.label),
            rating: item.rating,
            language: analysis.language.clone(),
            dialect: analysis.dialect,
            voice: voice(item.text.as_str()),
            length: item.text.as_str().chars().count(),
        })
    }
}

/// A customer and all that they wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// Who, by a pseudonym.
    pub id: CustomerId,
    /// What they wrote, oldest first.
    pub records: Vec<Record>,
}

/// Records by customer: customers by id, records by time, so that the order they come in changes nothing.
#[must_use]
pub fn customers(records: impl IntoIterator<Item = (CustomerId, Record)>) -> Vec<Customer> {
    let mut by_id: BTreeMap<CustomerId, Vec<Record>> = BTreeMap::new();
    for (customer, record) in records {
        by_id.entry(customer).or_default().push(record);
    }
    let customer = |(id, mut records): (CustomerId, Vec<Record>)| {
        records.sort_by_key(|record| (record.at, record.id));
        Customer { id, records }
    };
    by_id.into_iter().map(customer).collect()
}
