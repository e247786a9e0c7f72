//! On which step a record falls: by its touchpoint, else by what it means, else on none.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Step;
use crate::feedback::fold::{WordKind, fold};
use crate::feedback::{Touchpoint, names};
use crate::vector::dot;

/// How near a text must be to its step, cosine, −1 to 1, and how much nearer than to the next step.
///
/// Chosen on texts of our own (`tests/it/data/journey_texts.jsonl`, those marked `choose`), so that of the texts that
/// belong to no step few fall on one; the other half of that file says how often that is right. They are for the
/// projection that comes with the default encoder.
const LEAST: f32 = 0.22;
const MARGIN: f32 = 0.04;

names! {
    /// What placed a record on a step.
    By, "way to place a record", {
        /// Its touchpoint is one of the step's.
        Touchpoint = "touchpoint",
        /// It means what the step's description and examples mean.
        Meaning = "meaning",
    }
}

/// A step as falling sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct StepProfile {
    touchpoints: BTreeSet<String>,
    places: Vec<Vec<f32>>,
}

/// Where a record fell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fall {
    /// The step's place in the journey.
    pub step: usize,
    /// What placed it there.
    pub by: By,
    /// How near it is to the step in meaning, −1 to 1; 1 by touchpoint.
    pub nearness: f32,
}

impl StepProfile {
    /// The profile of a step whose texts lie at these places, each of unit length.
    #[must_use]
    pub fn new(step: &Step, places: Vec<Vec<f32>>) -> Self {
        Self { touchpoints: step.touchpoints.iter().map(|name| folded(name.as_str())).collect(), places }
    }

    /// Whether records with this touchpoint fall on it.
    #[must_use]
    pub fn takes(&self, touchpoint: &Touchpoint) -> bool {
        self.touchpoints.contains(&folded(touchpoint.as_str()))
    }
}

/// A touchpoint however it is written: `Call-Centre`, `call_centre` and `call centre` are one, التوصيل is توصيل.
pub(super) fn folded(name: &str) -> String {
    let words = fold(name).into_iter().filter(|word| word.kind != WordKind::Stop && !word.form.is_empty());
    let bare = |form: String| match form.strip_prefix("ال") {
        Some(rest) if rest.chars().count() >= 3 => rest.to_owned(),
        _ => form,
    };
    words.map(|word| bare(word.form)).collect::<Vec<_>>().join(" ")
}

/// The step that a record falls on; none if its touchpoint is no step's and its meaning is near to none, or to two.
///
/// `place` is where its text lies, of unit length; empty if that is not known.
#[must_use]
pub fn fall(touchpoint: Option<&Touchpoint>, place: &[f32], steps: &[StepProfile]) -> Option<Fall> {
    let by_touchpoint = touchpoint.and_then(|name| steps.iter().position(|step| step.takes(name)));
    by_touchpoint.map(|step| Fall { step, by: By::Touchpoint, nearness: 1.0 }).or_else(|| {
        by_meaning(place, steps)
            .filter(|(_, nearness, ahead)| *nearness >= LEAST && *ahead >= MARGIN)
            .map(|(step, nearness, _)| Fall { step, by: By::Meaning, nearness })
    })
}

/// The nearest step, how near it is, and by how much the next one is farther; of equals the earlier step.
fn by_meaning(place: &[f32], steps: &[StepProfile]) -> Option<(usize, f32, f32)> {
    let mut near: Vec<(usize, f32)> =
        steps.iter().enumerate().filter_map(|(at, step)| Some((at, nearness(place, &step.places)?))).collect();
    near.sort_by(|left, right| right.1.total_cmp(&left.1));
    let (step, nearness) = *near.first()?;
    let ahead = near.get(1).map_or(f32::INFINITY, |(_, next)| nearness - next);
    Some((step, nearness, ahead))
}

/// The mean of the two nearest places: one good example counts, a lucky one does not decide.
fn nearness(place: &[f32], places: &[Vec<f32>]) -> Option<f32> {
    let comparable = |other: &&Vec<f32>| !place.is_empty() && other.len() == place.len();
    let mut cosines: Vec<f32> = places.iter().filter(comparable).map(|other| dot(place, other)).collect();
    cosines.retain(|cosine| cosine.is_finite());
    cosines.sort_by(|left, right| right.total_cmp(left));
    let best = cosines.first()?;
    Some((best + cosines.get(1).unwrap_or(best)) / 2.0)
}
