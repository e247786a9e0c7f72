//! Gaps between the ideal and the actual journey, ranked by how many records there are and how bad they are.

use uuid::Uuid;

use super::actual::{on, told};
use super::{EVIDENCE, Share, Told, Visit};
use crate::feedback::{FeedbackId, Priority, SentimentLabel};

/// Up to which share of unhappy records a step is as it should be, where the ideal says nothing else, 0 to 1.
///
/// Those who are unhappy write more often than those who are not, so some unhappy records prove nothing.
pub const TOLERATED: f64 = 0.1;

/// How much each part counts in the severity: unhappy records, urgent ones, low ratings. Our own choice: what customers
/// say counts most, what must not wait counts more than a number, and ratings confirm.
const WEIGHTS: [f64; 3] = [0.5, 0.3, 0.2];

/// How many themes of a gap are told.
const THEMES: usize = 3;

/// A step that is worse than it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The step's place in the journey.
    pub step: usize,
    /// How many records are on the step.
    pub volume: u64,
    /// How many of them are unhappy.
    pub negative: Share,
    /// How many of them are P1 or P2.
    pub urgent: Share,
    /// How many of those that came with a rating came with a low one, by their method's classes; none without ratings.
    pub low_ratings: Option<Share>,
    /// How bad it is at least, 0 to 1: see [`gaps`].
    pub severity: f64,
    /// Volume times severity: as many records' worth of harm.
    pub weight: f64,
    /// What the unhappy records are about; shares are of them.
    pub themes: Vec<Told<Uuid>>,
    /// Unhappy records, the most urgent first, then those that feel most strongly; at most [`EVIDENCE`].
    pub evidence: Vec<FeedbackId>,
}

/// The steps whose share of unhappy records is, with 95 % confidence, above what the ideal tolerates; the heaviest first,
/// of equals the earlier step.
///
/// Severity is the weighted mean of three shares' lower bounds (Wilson): unhappy records (0.5), urgent records (0.3), low
/// ratings (0.2; left out where nobody rated). Lower bounds, so that few records never look worse than many.
/// `tolerated` holds a share for each step.
#[must_use]
pub fn gaps(visits: &[Visit], tolerated: &[f64]) -> Vec<Gap> {
    let found = tolerated.iter().enumerate().filter_map(|(step, tolerated)| gap(&on(visits, step), step, *tolerated));
    let mut gaps: Vec<Gap> = found.collect();
    gaps.sort_by(|left, right| right.weight.total_cmp(&left.weight).then(left.step.cmp(&right.step)));
    gaps
}

fn gap(on: &[&Visit], step: usize, tolerated: f64) -> Option<Gap> {
    let volume = on.len() as u64;
    let count = |holds: fn(&&&Visit) -> bool| on.iter().filter(holds).count() as u64;
    let negative = Share::of(count(|visit| unhappy(visit)), volume);
    if negative.part == 0 || negative.interval.low <= tolerated {
        return None;
    }
    let urgent = Share::of(count(|visit| visit.priority <= Priority::P2), volume);
    let rated = count(|visit| visit.rated.is_some());
    let low = count(|visit| visit.rated == Some(SentimentLabel::Negative));
    let low_ratings = (rated > 0).then(|| Share::of(low, rated));
    let severity = severity(&negative, &urgent, low_ratings.as_ref());
    let mut harmed: Vec<&Visit> = on.iter().copied().filter(|visit| unhappy(visit)).collect();
    let mut themes = told(&harmed, negative.part, |visit| visit.theme);
    themes.truncate(THEMES);
    // stable: within a priority those that feel most strongly stay first
    harmed.sort_by_key(|visit| visit.priority);
    let evidence = harmed.iter().take(EVIDENCE).map(|visit| visit.id).collect();
    Some(Gap {
        step,
        volume,
        negative,
        urgent,
        low_ratings,
        severity,
        weight: volume as f64 * severity,
        themes,
        evidence,
    })
}

fn unhappy(visit: &Visit) -> bool {
    visit.sentiment.0 == SentimentLabel::Negative
}

fn severity(negative: &Share, urgent: &Share, low_ratings: Option<&Share>) -> f64 {
    let parts = [Some(negative), Some(urgent), low_ratings];
    let known = || parts.iter().zip(WEIGHTS).filter_map(|(share, weight)| Some(((*share)?.interval.low, weight)));
    let total: f64 = known().map(|(_, weight)| weight).sum();
    known().map(|(low, weight)| low * weight).sum::<f64>() / total
}
