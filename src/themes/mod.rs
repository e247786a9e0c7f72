//! Groups of feedback about the same thing, found without a list.
//!
//! Vectors and texts in, groups and titles out: nothing here reads a store, a clock or a model.
//! [`group`] finds the groups and [`parts`] what is said within them, [`assign`] puts one new feedback into one,
//! [`mentions`] tells what else it speaks of, [`titles`] names them from their own words,
//! [`continued`] keeps their ids from run to run and tells what became of each, [`edits`] replays what people changed,
//! [`trend`] and [`burst`] say how they move, [`joins`] and [`begins`] which texts are an incident.
//! Invariant: the same items give the same groups, in whatever order they come.

mod assign;
mod burst;
mod cells;
pub mod change;
mod communities;
mod continuity;
mod courtesy;
pub mod edits;
mod group;
mod lineage;
mod map;
mod mentions;
#[cfg(test)]
mod mentions_tests;
mod neighbours;
mod parts;
mod present;
mod space;
mod stop;
#[cfg(test)]
mod tests;
mod title;
mod trend;
mod wave;
mod wording;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::feedback::{FeedbackId, Language, Touchpoint};

pub use assign::{Assigned, assign};
pub use burst::{Burst, burst};
pub use change::Change;
pub use continuity::{Continued, Event, Lineage, continued};
pub use courtesy::is_courtesy;
pub use edits::{Act, Edit, Marks, Plan};
pub use group::{Group, Groups, Item, Place, group, regroup};
pub use lineage::{Previous, match_previous};
pub use map::map;
pub use mentions::{Mention, Piece, Whole, mentions, theme as theme_of_mention};
pub use parts::{InPart, SubTheme, parts};
pub use present::{Lying, Present, show};
pub use title::{Excerpt, Titles, titles};
pub use trend::{Trend, trend};
pub use wave::{Belongs, Heard, LATELY, Wave, begins, joins, may_begin};

/// A group of feedback about the same thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its id, kept from run to run.
    pub id: Uuid,
    /// Its title in each language that its members are written in.
    pub titles: BTreeMap<Language, String>,
    /// The words that tell it from the others, best first, per language.
    pub keywords: BTreeMap<Language, Vec<String>>,
    /// What a new feedback is compared with.
    pub centre: Centre,
    /// Members, most typical first (at most 5), as evidence.
    pub examples: Vec<FeedbackId>,
    /// How many members it had when it was last grouped.
    pub size: usize,
    /// When it first appeared.
    pub created_at: DateTime<Utc>,
    /// When it was last grouped.
    pub updated_at: DateTime<Utc>,
    /// How people marked it.
    pub marks: Marks,
}

/// The middle of a group, ready to be compared with a feedback in any of the group's languages.
///
/// What the texts of one language have in common is already taken out of the probe, so nothing else has to be kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Centre {
    /// Its dot product with a feedback's unit vector is about the cosine of the two once their languages are taken out.
    pub probe: Vec<f32>,
    /// The share of its members at each touchpoint, of those that name one; 0 to 1.
    pub touchpoints: BTreeMap<Touchpoint, f32>,
    /// Three quarters of its members are at least as similar to it as this, −1 to 1; none for a centre of an older run.
    #[serde(default)]
    pub reach: Option<f32>,
}

/// One member of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// Which feedback.
    pub feedback_id: FeedbackId,
    /// The group that it was found in, or none if it is near to none.
    pub group_id: Option<Uuid>,
    /// Its theme: what the edits of people make of its group.
    pub theme_id: Option<Uuid>,
    /// What it says in particular of its theme; known from the next grouping on.
    pub sub_theme: Option<Uuid>,
    /// The nearest group, also for the unassigned.
    pub nearest: Option<Uuid>,
    /// Similarity to the nearest group's centre: about a cosine, −1 to 1.
    pub similarity: f32,
}

/// How finely and how strictly texts are grouped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Groups with fewer members are dissolved into their neighbours; at least 2.
    pub smallest_group: usize,
    /// How many nearest neighbours a text is linked to.
    pub neighbours: usize,
    /// How much the same touchpoint adds to a similarity, 0 (texts alone) to 1.
    pub touchpoint_weight: f32,
    /// How much the same wording adds to a similarity when texts are grouped, 0 (meaning alone) to 1.
    pub wording_weight: f32,
    /// How much the same topic of customer service adds to a similarity when texts are grouped, 0 (meaning alone) to 1.
    pub topic_weight: f32,
    /// A text less similar than this to its group's centre stays unassigned, −1 to 1.
    pub similarity_floor: f32,
    /// At most this share of the texts stays unassigned, 0 to 1; the floor sinks to keep it.
    pub unassigned_share: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            smallest_group: 5,
            neighbours: 10,
            touchpoint_weight: 0.25,
            wording_weight: 0.35,
            topic_weight: 0.3,
            similarity_floor: 0.15,
            unassigned_share: 0.10,
        }
    }
}
