//! The actual journey: what the records on each step say, counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{By, EVIDENCE, Expectation, Share, Told};
use crate::feedback::{CustomerId, FeedbackId, Priority, SentimentLabel, Touchpoint};

/// How many themes and touchpoints of a step are told.
const TOLD: usize = 5;

/// One record on one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The record.
    pub id: FeedbackId,
    /// The step's place in the journey.
    pub step: usize,
    /// What placed it there.
    pub by: By,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// What the source calls the interaction.
    pub touchpoint: Option<Touchpoint>,
    /// How it feels and how strongly, −1 to 1.
    pub sentiment: (SentimentLabel, f64),
    /// How urgent it is.
    pub priority: Priority,
    /// What its rating says by itself, if it has one.
    pub rated: Option<SentimentLabel>,
    /// The theme it belongs to.
    pub theme: Option<Uuid>,
    /// What it shows of its writer's expectations.
    pub expectation: Option<Expectation>,
}

/// What the records of one step say; what they are silent about is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct StepFacts {
    /// How many of the journey's records are on it.
    pub volume: Share,
    /// How many of them their meaning placed here.
    pub by_meaning: u64,
    /// What they expect: of all, those that miss something and those that ask for something.
    pub expects: Vec<Told<Expectation>>,
    /// What they think: the themes that most of them belong to.
    pub thinks: Vec<Told<Uuid>>,
    /// What they feel, every feeling that occurs.
    pub feels: Vec<Told<SentimentLabel>>,
    /// Which touchpoints they name, the most frequent first.
    pub touchpoints: Vec<Told<Touchpoint>>,
}

/// What the records say, step by step.
///
/// A statement's evidence is the records that feel most strongly, the latest first among equals.
#[must_use]
pub fn actual(visits: &[Visit], steps: usize) -> Vec<StepFacts> {
    (0..steps).map(|step| facts(&on(visits, step), visits.len() as u64)).collect()
}

/// The records of one step, in an order that does not depend on theirs.
pub(super) fn on(visits: &[Visit], step: usize) -> Vec<&Visit> {
    let mut on: Vec<&Visit> = visits.iter().filter(|visit| visit.step == step).collect();
    on.sort_by(|left, right| {
        let strength = |visit: &Visit| visit.sentiment.1.abs();
        strength(right)
            .total_cmp(&strength(left))
            .then_with(|| (Reverse(left.at), left.id).cmp(&(Reverse(right.at), right.id)))
    });
    on
}

fn facts(on: &[&Visit], all: u64) -> StepFacts {
    let whole = on.len() as u64;
    let mut thinks = told(on, whole, |visit| visit.theme);
    let mut touchpoints = told(on, whole, |visit| visit.touchpoint.clone());
    thinks.truncate(TOLD);
    touchpoints.truncate(TOLD);
    StepFacts {
        volume: Share::of(whole, all),
        by_meaning: on.iter().filter(|visit| visit.by == By::Meaning).count() as u64,
        expects: told(on, whole, |visit| visit.expectation),
        thinks,
        feels: told(on, whole, |visit| Some(visit.sentiment.0)),
        touchpoints,
    }
}

/// A statement for each thing that records say, those that most say first; of equals the lesser.
pub(super) fn told<What: Ord + Clone>(
    on: &[&Visit],
    whole: u64,
    what: impl Fn(&Visit) -> Option<What>,
) -> Vec<Told<What>> {
    let mut by: BTreeMap<What, Vec<FeedbackId>> = BTreeMap::new();
    for visit in on {
        if let Some(what) = what(visit) {
            by.entry(what).or_default().push(visit.id);
        }
    }
    let told = |(what, ids): (What, Vec<FeedbackId>)| Told {
        what,
        share: Share::of(ids.len() as u64, whole),
        evidence: ids.into_iter().take(EVIDENCE).collect(),
    };
    let mut all: Vec<Told<What>> = by.into_iter().map(told).collect();
    all.sort_by_key(|told| Reverse(told.share.part));
    all
}
