//! Which incident the latest texts of a group belong to, and whether they begin one.
//!
//! What counts is how many people speak, not how much they say: of a customer the first text counts, and of texts of the
//! very same moment one, because a file or a batch without times of its own doesn't tell when its texts were written.
//! Who belongs to an incident already is told by [`Heard`], so that running it twice changes nothing.
//! A second group that bursts on its own at the same time is an incident of its own: how near the centres of two groups
//! lie does not tell whether they speak of the same trouble (measured on the demo set).

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::burst::{OVER, SOONEST, ongoing};
use crate::feedback::{CustomerId, FeedbackId};

/// How far back texts are looked at: a window of a burst, and as long again until it is over.
pub const LATELY: TimeDelta = TimeDelta::hours(4);

/// A text of the last hours that is not positive and lies nearest to the group in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Which.
    pub id: FeedbackId,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// The incident that it belongs to.
    pub incident: Option<Belongs>,
}

/// An incident as one of its texts knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belongs {
    /// Which.
    pub id: Uuid,
    /// Whether it is open.
    pub open: bool,
    /// Whether it goes on in the group in question.
    pub here: bool,
}

/// Texts that are an incident, or belong to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wave {
    /// Which incident; that of the first text if it is new.
    pub incident: Uuid,
    /// Whether they begin it.
    pub is_new: bool,
    /// They, oldest first; at least one.
    pub texts: Vec<FeedbackId>,
    /// When the first of them was given.
    pub start: DateTime<Utc>,
    /// When the last of them was given.
    pub end: DateTime<Utc>,
}

impl Wave {
    /// Those of the texts that belong nowhere, oldest first; none if there are none.
    ///
    /// They join an incident if there is one, else they begin one under the id of the first.
    fn of<'heard>(texts: impl IntoIterator<Item = &'heard Heard>, joined: Option<Uuid>) -> Option<Self> {
        let new: Vec<&Heard> = texts.into_iter().filter(|text| text.incident.is_none()).collect();
        let (first, last) = (new.first()?, new.last()?);
        Some(Self {
            incident: joined.unwrap_or(first.id.0),
            is_new: joined.is_none(),
            start: first.at,
            end: last.at,
            texts: new.iter().map(|text| text.id).collect(),
        })
    }
}

/// The texts that an incident that goes on in this group has not got yet: none of them comes two hours or more after the
/// one before.
#[must_use]
pub fn joins(heard: &[Heard]) -> Option<Wave> {
    let heard = in_order(heard);
    let goes_on = |belongs: &Belongs| belongs.open && belongs.here;
    let incident = heard.iter().rev().find_map(|text| text.incident.filter(goes_on))?.id;
    let belongs = |text: &Heard| text.incident.is_some_and(|belongs| belongs.id == incident);
    let from = heard.iter().position(|text| belongs(text))?;
    let mut last = heard[from].at;
    let known = |text: &&&Heard| text.incident.is_none() || belongs(text);
    let chain = heard[from..].iter().filter(known).take_while(|text| {
        let near = text.at - last < OVER;
        last = text.at;
        near
    });
    Wave::of(chain.copied(), Some(incident))
}

/// Whether there are enough texts, and one that belongs to no incident, for a look at [`begins`] to be worth its price.
#[must_use]
pub fn may_begin(heard: &[Heard]) -> bool {
    heard.len() >= SOONEST && heard.iter().any(|text| text.incident.is_none())
}

/// The burst that goes on at the end of `observed`: most of it may lie in an open incident that was found elsewhere, as
/// when groups were found anew; else it is an incident of its own.
///
/// So many texts as `earlier` came before those heard, within `observed`. What belongs to a closed incident counts no more.
#[must_use]
pub fn begins(heard: &[Heard], earlier: usize, observed: Range<DateTime<Utc>>) -> Option<Wave> {
    let mut heard = in_order(heard);
    heard.retain(|text| text.incident.is_none_or(|belongs| belongs.open));
    let burst = ongoing(&voices(&heard), earlier, observed)?;
    let wave: Vec<&Heard> = heard.into_iter().filter(|text| text.at >= burst.start).collect();
    let mut shares = BTreeMap::<Uuid, usize>::new();
    for belongs in wave.iter().filter_map(|text| text.incident) {
        *shares.entry(belongs.id).or_default() += 1;
    }
    let largest = shares.into_iter().max_by_key(|(_, count)| *count);
    let joined = largest.filter(|(_, count)| count * 2 >= wave.len()).map(|(incident, _)| incident);
    Wave::of(wave, joined)
}

fn in_order(heard: &[Heard]) -> Vec<&Heard> {
    let mut heard: Vec<&Heard> = heard.iter().collect();
    heard.sort_unstable_by_key(|text| (text.at, text.id));
    heard
}

/// When each customer was first heard, and each text without a customer, no moment twice.
fn voices(heard: &[&Heard]) -> Vec<DateTime<Utc>> {
    let mut known = BTreeSet::new();
    let new = heard.iter().filter(|text| text.customer.as_ref().is_none_or(|customer| known.insert(customer)));
    let mut times: Vec<_> = new.map(|text| text.at).collect();
    times.dedup();
    times
}
