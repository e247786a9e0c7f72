//! Where customers are heard of for the last time.
//!
//! Who is not heard of any more has not necessarily left: feedback is not behaviour. It is told as what it is, a share of
//! customers whose last record is at a step, beside the same share at the other steps.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Share, Visit};
use crate::feedback::CustomerId;

/// How long nothing must have come from a customer for the last record to count as the last, in days.
pub const QUIET_DAYS: i64 = 28;

/// Fewer customers than this, at the step or elsewhere, say nothing: see `MIN_N` of scores.
const LEAST: u64 = 30;

/// Customers at a step who were not heard of again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaving {
    /// Of the customers at this step, those whose last record on the journey it is.
    pub here: Share,
    /// The same at all other steps.
    pub elsewhere: Share,
    /// Whether more fall silent here than elsewhere beyond chance: the 95 % interval of the difference (Newcombe 1998,
    /// method 10) lies above nought.
    pub more: bool,
    /// Last records count if they were given before this time.
    pub before: DateTime<Utc>,
}

/// For each step how many are not heard of again; none where fewer than 30 customers can be told of, here or elsewhere.
///
/// `end` is when the latest record of all was given. A customer whose last record is younger than [`QUIET_DAYS`] before
/// that may still go on and is not counted at that step. Of two records at one time the one with the greater id is later.
#[must_use]
pub fn leaving(visits: &[Visit], steps: usize, end: DateTime<Utc>) -> Vec<Option<Leaving>> {
    let before = end - TimeDelta::days(QUIET_DAYS);
    let mut counted = vec![(0_u64, 0_u64); steps];
    for path in paths(visits).values() {
        let Some(last) = path.last() else { continue };
        for (step, counts) in counted.iter_mut().enumerate() {
            let silent = last.step == step;
            if path.iter().any(|visit| visit.step == step) && (!silent || last.at < before) {
                counts.0 += u64::from(silent);
                counts.1 += 1;
            }
        }
    }
    let all = counted.iter().fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
    let of = |counts: &(u64, u64)| {
        let (here, elsewhere) = (Share::of(counts.0, counts.1), Share::of(all.0 - counts.0, all.1 - counts.1));
        let enough = here.whole >= LEAST && elsewhere.whole >= LEAST;
        enough.then(|| Leaving { more: above(&here, &elsewhere), here, elsewhere, before })
    };
    counted.iter().map(of).collect()
}

/// Each customer's records in order.
fn paths(visits: &[Visit]) -> BTreeMap<&CustomerId, Vec<&Visit>> {
    let mut paths: BTreeMap<&CustomerId, Vec<&Visit>> = BTreeMap::new();
    for visit in visits {
        if let Some(customer) = &visit.customer {
            paths.entry(customer).or_default().push(visit);
        }
    }
    for path in paths.values_mut() {
        path.sort_by_key(|visit| (visit.at, visit.id));
    }
    paths
}

/// Whether the lower end of the difference of two shares lies above nought.
fn above(here: &Share, elsewhere: &Share) -> bool {
    let (down, up) = (here.value() - here.interval.low, elsewhere.interval.high - elsewhere.value());
    here.value() - elsewhere.value() - down.hypot(up) > 0.0
}
