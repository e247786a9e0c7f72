//! A new feedback and the themes there are.

use uuid::Uuid;

use super::{Centre, Settings, Theme};
use crate::feedback::Touchpoint;
use crate::vector::dot;

/// Where a new feedback belongs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assigned {
    /// The nearest theme.
    pub nearest: Uuid,
    /// The same, if it is near enough to belong to it.
    pub theme: Option<Uuid>,
    /// Similarity to the theme's centre: about a cosine, −1 to 1.
    pub similarity: f32,
}

/// The theme of a new feedback, from its unit vector and what its source says of it; none only where there are no themes.
#[must_use]
pub fn assign(
    vector: &[f32],
    touchpoint: Option<&Touchpoint>,
    themes: &[Theme],
    settings: &Settings,
) -> Option<Assigned> {
    let mut best: Option<(f32, Assigned)> = None;
    for theme in themes {
        let (score, similarity) = score(vector, touchpoint, &theme.centre, settings);
        if best.is_none_or(|(highest, _)| score > highest) {
            let near = similarity >= settings.similarity_floor;
            best = Some((score, Assigned { nearest: theme.id, theme: near.then_some(theme.id), similarity }));
        }
    }
    best.map(|(_, assigned)| assigned)
}

/// What decides between centres (similarity, and more where the touchpoint is usual there), and the similarity alone.
pub(super) fn score(
    vector: &[f32],
    touchpoint: Option<&Touchpoint>,
    centre: &Centre,
    settings: &Settings,
) -> (f32, f32) {
    let similarity = similarity(vector, centre);
    let share = match touchpoint {
        Some(touchpoint) if !centre.touchpoints.is_empty() => {
            centre.touchpoints.get(touchpoint).copied().unwrap_or(0.0)
        }
        _ => 0.5,
    };
    (similarity + settings.touchpoint_weight * share, similarity)
}

/// About the cosine of a unit vector and a centre, −1 to 1; −1 also where their sizes differ (another model's vector).
pub(super) fn similarity(vector: &[f32], centre: &Centre) -> f32 {
    if vector.len() == centre.probe.len() { dot(vector, &centre.probe).clamp(-1.0, 1.0) } else { -1.0 }
}
