//! Groups of feedback about the same thing, found without a list.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::feedback::{FeedbackId, Language};

/// A group of feedback about the same thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Theme {
    /// Its id, kept from run to run.
    pub id: Uuid,
    /// Its title in each language that its members are written in.
    pub titles: BTreeMap<Language, String>,
    /// The words that tell it from the others, best first, per language.
    pub keywords: BTreeMap<Language, Vec<String>>,
    /// The mean direction of its members' vectors, unit length.
    pub centre: Vec<f32>,
    /// Members, most typical first (at most 5), as evidence.
    pub examples: Vec<FeedbackId>,
    /// How many members it had when it was last grouped.
    pub size: usize,
    /// When it first appeared.
    pub created_at: DateTime<Utc>,
    /// When it was last grouped.
    pub updated_at: DateTime<Utc>,
}

/// One member of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// Which feedback.
    pub feedback_id: FeedbackId,
    /// Its theme, or none if it is near to none.
    pub theme_id: Option<Uuid>,
    /// The nearest theme, also for the unassigned.
    pub nearest: Option<Uuid>,
    /// Cosine similarity to the nearest theme's centre, −1 to 1.
    pub similarity: f32,
}
