//! What people changed in the themes: a log of edits, each of which can be undone, and the plan that they come to.
//!
//! A run finds *groups*; people see *themes*. Edits never touch the groups: they are replayed, in the order in which they
//! were made, on whatever groups the last run found, so that no run can lose one and undoing one is replaying the others.
//! Invariant: the same groups and edits give the same themes, whatever was done and undone on the way.

mod plan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::space::Space;
use crate::feedback::{FeedbackId, Language};

pub use plan::{Marks, Plan, Record, Role};

/// One change that somebody made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Its id; ids grow with time.
    pub id: Uuid,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who made it: a user's name, or that of a token.
    pub made_by: String,
    /// What was done.
    pub act: Act,
    /// When it was undone, if it was.
    pub undone_at: Option<DateTime<Utc>>,
}

/// What can be done to themes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Act {
    /// Calls a theme by these titles.
    Rename {
        /// Which theme.
        theme: Uuid,
        /// Its titles by language; those of other languages stay.
        titles: BTreeMap<Language, String>,
    },
    /// Puts all of one theme into another, whose title and id stay.
    Merge {
        /// The theme that is no more.
        theme: Uuid,
        /// The theme that takes its feedback.
        into: Uuid,
    },
    /// Makes a theme of its own out of some of a theme's feedback and what is like it.
    Split {
        /// The theme that is parted.
        theme: Uuid,
        /// What was taken out of it.
        part: Box<Part>,
    },
    /// Keeps a theme though it shrinks.
    Pin {
        /// Which theme.
        theme: Uuid,
    },
    /// Takes a theme out of the lists; its feedback stays in it.
    Hide {
        /// Which theme.
        theme: Uuid,
    },
    /// Says where one feedback belongs.
    Assign {
        /// Which feedback.
        feedback: FeedbackId,
        /// Its theme, or none.
        theme: Option<Uuid>,
    },
}

/// What was taken out of a theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The id of the new theme.
    pub id: Uuid,
    /// The feedback that was named: it belongs to the new theme in any case.
    pub records: Vec<FeedbackId>,
    /// The middle of what stayed; a feedback nearer to it stays.
    pub here: Vec<f32>,
    /// The middle of what was named; a feedback nearer to it goes along.
    pub there: Vec<f32>,
    /// The new theme's titles from its own words.
    pub titles: BTreeMap<Language, String>,
    /// The words that tell it from what stayed, best first.
    pub keywords: BTreeMap<Language, Vec<String>>,
}

impl Act {
    /// Every kind there is, by name.
    pub const KINDS: [&str; 6] = ["rename", "merge", "split", "pin", "hide", "assign"];

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Rename { .. } => "rename",
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Pin { .. } => "pin",
            Self::Hide { .. } => "hide",
            Self::Assign { .. } => "assign",
        }
    }

    /// The themes that it speaks of, the one that it is about first.
    pub fn themes(&self) -> impl Iterator<Item = Uuid> {
        let (first, second) = match self {
            Self::Rename { theme, .. } | Self::Pin { theme } | Self::Hide { theme } => (Some(*theme), None),
            Self::Merge { theme, into } => (Some(*theme), Some(*into)),
            Self::Split { theme, part } => (Some(*theme), Some(part.id)),
            Self::Assign { theme, .. } => (*theme, None),
        };
        first.into_iter().chain(second)
    }
}

/// The themes that must outlive every run because an edit that holds speaks of them.
#[must_use]
pub fn anchored(edits: &[Edit]) -> BTreeSet<Uuid> {
    edits.iter().filter(|edit| edit.undone_at.is_none()).flat_map(|edit| edit.act.themes()).collect()
}

/// One member of a theme that is to be parted.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Which feedback.
    pub id: FeedbackId,
    /// The language it is written in.
    pub language: &'a Language,
    /// Its vector, unit length.
    pub vector: &'a [f32],
}

/// The middles of what stays of a theme and of what was named, in that order; what its languages have in common is taken out.
#[must_use]
pub fn middles(members: &[Member<'_>], named: &BTreeSet<FeedbackId>) -> (Vec<f32>, Vec<f32>) {
    let texts: Vec<_> = members.iter().map(|member| (member.language, member.vector)).collect();
    let space = Space::of(&texts);
    let middle = |wanted: bool| {
        let mut sum = vec![0.0; members.first().map_or(0, |member| member.vector.len())];
        for member in members.iter().filter(|member| named.contains(&member.id) == wanted) {
            sum.iter_mut().zip(space.meaning(member.vector)).for_each(|(total, value)| *total += value);
        }
        space.probe(&sum)
    };
    (middle(false), middle(true))
}
