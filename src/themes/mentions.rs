//! What else a text says: stretches of it that speak of another theme than its own.
//!
//! A text's pieces are compared with the groups as whole texts are. Which group a stretch speaks of is kept also where
//! that is the text's own, so that edits of themes can be replayed on it like on everything else.
//! Invariants: the stretches of a text lie in it, in order and apart, and none is said to speak of the text's own theme.

use uuid::Uuid;

use super::assign::score;
use super::edits::{Plan, Record};
use super::{Present, Settings, Theme};
use crate::feedback::{Span, Touchpoint};
use crate::vector::dot;

/// A piece is this much more like its group than like the next one, as scores go.
///
/// On messages of train files put together in pairs 91 % of what was found was right with it, and 80 % without it;
/// it was found in 53 % of the pairs and in 57 %.
const CLEAR: f32 = 0.05;

/// One piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where it stands.
    pub span: Span,
    /// Its vector, unit length.
    pub place: Vec<f32>,
}

impl Piece {
    /// The piece that lies at one place where it is read within its text and at another where it is read alone.
    ///
    /// It lies in the middle of both: within its text it holds much of the rest, and alone it may mean anything.
    #[must_use]
    pub fn between(span: Span, within: &[f32], alone: &[f32]) -> Self {
        let sum: Vec<f32> = within.iter().zip(alone).map(|(left, right)| left + right).collect();
        let length = dot(&sum, &sum).sqrt().max(f32::MIN_POSITIVE);
        Self { span, place: sum.into_iter().map(|value| value / length).collect() }
    }
}

/// Where a whole text lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Whole<'a> {
    /// The interaction that it is about, where its source says so.
    pub touchpoint: Option<&'a Touchpoint>,
    /// Its group, if it is in any.
    pub group: Option<Uuid>,
    /// Its theme, if it is in any.
    pub theme: Option<Uuid>,
}

/// A stretch of a text that speaks of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mention {
    /// Which of the text's pieces is nearest to the group, from 0; no two mentions of a text have the same.
    pub piece: usize,
    /// Where it stands.
    pub span: Span,
    /// The group.
    pub group: Uuid,
    /// What the edits of people make of the group; none if that is the theme of the whole text.
    pub theme: Option<Uuid>,
    /// Similarity of the nearest piece to the group's centre: about a cosine, −1 to 1.
    pub similarity: f32,
}

/// The stretches of a text that speak of a group; a text of one piece has none.
///
/// A piece counts only if it is as near to the group as most of its members are, and clearly nearer than to any other.
/// Neighbouring pieces that speak of the same group are one stretch.
#[must_use]
pub fn mentions(pieces: &[Piece], whole: &Whole<'_>, present: &Present, settings: &Settings) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut next = 0;
    for (number, piece) in pieces.iter().enumerate().filter(|_| pieces.len() > 1) {
        let Some((group, similarity)) = near(piece, whole.touchpoint, &present.groups, settings) else { continue };
        let mention = Mention { piece: number, span: piece.span, group, theme: None, similarity };
        match found.last_mut() {
            Some(last) if last.group == group && next == number => *last = joined(*last, mention),
            _ => found.push(mention),
        }
        next = number + 1;
    }
    for mention in &mut found {
        mention.theme = theme(&present.plan, mention.group, Some(&pieces[mention.piece].place), whole);
    }
    found
}

/// The theme of which a stretch in a group speaks, unless it is that of the whole text; `place` is that of its nearest
/// piece, where it is at hand.
///
/// A text that somebody took out of its theme does not speak of that theme either.
#[must_use]
pub fn theme(plan: &Plan, group: Uuid, place: Option<&[f32]>, whole: &Whole<'_>) -> Option<Uuid> {
    let own = whole.theme.or_else(|| plan.leads_to(whole.group?));
    plan.home(&Record { id: None, group: Some(group), vector: place }).filter(|theme| Some(*theme) != own)
}

/// The group that a piece speaks of, and how near it is to its centre.
fn near(piece: &Piece, touchpoint: Option<&Touchpoint>, groups: &[Theme], settings: &Settings) -> Option<(Uuid, f32)> {
    let mut best: Option<(&Theme, (f32, f32))> = None;
    let mut next = f32::NEG_INFINITY;
    for group in groups {
        let scored = score(&piece.place, touchpoint, &group.centre, settings);
        let before = best.map_or(f32::NEG_INFINITY, |(_, (score, _))| score);
        next = next.max(scored.0.min(before));
        if scored.0 > before {
            best = Some((group, scored));
        }
    }
    let (group, (score, similarity)) = best?;
    let reach = group.centre.reach.unwrap_or(settings.similarity_floor).max(settings.similarity_floor);
    (similarity >= reach && score - next >= CLEAR).then_some((group.id, similarity))
}

/// Two neighbours as one.
fn joined(left: Mention, right: Mention) -> Mention {
    let nearest = if right.similarity > left.similarity { right } else { left };
    Mention { span: Span { start: left.span.start, end: right.span.end }, ..nearest }
}
