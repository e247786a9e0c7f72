//! Kinds of customers, found in what they did; refused where the data shows none.
//!
//! A persona is a group of pseudonymous customers whose habits go together: what they write about, how they feel and
//! rate, and how they reach the company. [`find`] tells the groups apart and measures how stable they are, [`cards`]
//! says what is known of each, [`match_previous`] keeps their ids from run to run. Nothing here reads a store, a clock
//! or a model.
//!
//! # Honesty
//!
//! - A customer with one record shows no habit and is left out ([`MIN_RECORDS`]).
//! - The number of groups is the one that bootstraps agree on, two to four, and only if customers differ by more than
//!   chance; otherwise there are no personas, and [`Refusal`] says why and what is missing.
//! - Every line of a card counts customers, carries an interval and names records that show it. What fewer than
//!   [`MIN_EVIDENCE`] customers show is not said.
//! - Nobody is guessed: no age, gender, origin or name. A role is called by its own themes and channels.
//!
//! Invariant: the same records give the same groups and cards, in whatever order they come.

mod card;
mod customer;
mod features;
mod find;
mod identity;
mod line;
mod mixture;
mod name;
mod stability;

mod voice;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use card::{Card, Mention, cards};
pub use customer::{Customer, Record, customers};
pub use find::{Found, Group, Outcome, Refusal, Tried, find};
pub use identity::{MIN_OVERLAP, Previous, match_previous};
pub use line::{Aspect, Line, Proportion, key};
pub use voice::{Folded, Voice, voice};

/// The most personas there are: more can't be kept in mind (and so the field holds it).
pub const MAX_PERSONAS: usize = 4;

/// Records that a customer needs to show habits.
pub const MIN_RECORDS: usize = 2;

/// Customers that are needed in all: two groups of the size below which this project shows no score.
pub const MIN_CUSTOMERS: usize = 60;

/// Customers that each group needs.
pub const MIN_GROUP: usize = 15;

/// Customers, and so records, that a line needs to be said.
pub const MIN_EVIDENCE: usize = 3;

/// Records that a line shows at most.
pub const MAX_EVIDENCE: usize = 5;

/// How stable the groups must be: the mean adjusted Rand index between the groups and those of bootstraps, at most 1.
pub const STABLE: f64 = 0.75;

/// How surely each single group must come back: the mean Jaccard index with its likeliest match in a bootstrap, 0 to 1.
///
/// Below 0.6 a group should not be trusted (Hennig 2007, "Cluster-wise assessment of cluster stability").
pub const STABLE_GROUP: f64 = 0.6;

/// How probable the groups may be where customers don't differ, 0 to 1: a twentieth for the three numbers of groups
/// that are tried together (Bonferroni).
pub const CHANCE: f64 = 0.05 / 3.0;

/// A kind of customer as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Persona {
    /// Its id, kept from run to run.
    pub id: Uuid,
    /// What is known of it.
    pub card: Card,
    /// When it was first found.
    pub created_at: DateTime<Utc>,
    /// When it was last found.
    pub updated_at: DateTime<Utc>,
}

/// One look at all customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: Uuid,
    /// When it looked; what came in later is not in its numbers.
    pub at: DateTime<Utc>,
    /// What it looked at.
    pub population: Population,
    /// How well each number of groups did.
    pub tried: Vec<Tried>,
    /// How many groups there are; 0 if it was refused.
    pub groups: usize,
    /// Why there are none, if so.
    pub refusal: Option<Refusal>,
}

/// What a run looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// Customers with records enough, which were told apart.
    pub customers: usize,
    /// Their records.
    pub records: usize,
    /// Customers who are left out because they have too few records.
    pub with_too_few: usize,
    /// Records that name no customer.
    pub anonymous: usize,
}
