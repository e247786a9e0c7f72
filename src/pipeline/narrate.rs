//! Describes a persona in a few sentences, each with its evidence.

use uuid::Uuid;

use super::answer::{Answer, answer};
use super::evidence::evidence;
use crate::answers::{Asked, Kind, Line, Sheet, Tongue};
use crate::app::App;
use crate::error::Result;

/// How many lines of each kind a description rests on at most.
const LINES: [(Kind, usize); 9] = [
    (Kind::Size, 1),
    (Kind::Pain, 2),
    (Kind::Need, 2),
    (Kind::Expectation, 1),
    (Kind::Feeling, 2),
    (Kind::Theme, 1),
    (Kind::Channel, 1),
    (Kind::Touchpoint, 0),
    (Kind::Language, 1),
];

/// Counts that a description without a model has at most.
const COUNTS: usize = 8;

/// Describes it in this language.
///
/// # Errors
/// `NotFound` if there is no such persona now, or those of the engine and the stores.
pub async fn narrate(app: &App, persona: Uuid, tongue: Tongue) -> Result<Answer> {
    let known = evidence(app, persona, tongue).await?;
    let of =
        |(kind, most): (Kind, usize)| known.counts.iter().filter(move |line| line.kind == kind).take(most).cloned();
    let mut lines: Vec<Line> = LINES.into_iter().flat_map(of).collect();
    let quoted = known.quotes.iter().filter_map(|id| known.records.iter().find(|record| record.id == *id));
    lines.extend(quoted.cloned().map(Line::quoting));
    let sheet = Sheet { tongue, lines, set_aside: known.set_aside };
    answer(app, sheet, &Asked::Narrative, COUNTS).await
}
