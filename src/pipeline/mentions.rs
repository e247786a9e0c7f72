//! What texts say besides their theme: told when they are analysed and anew in each run, and kept right when themes are
//! edited.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::{FeedbackId, Segment, Touchpoint, Understanding};
use crate::privacy::Text;
use crate::stores::sql::mentions::{self as rows, Standing};
use crate::stores::sql::{Tx, pieces};
use crate::themes::edits::Record;
use crate::themes::{self, Item, Membership, Mention, Piece, Plan, Present, Settings, Whole};

/// Texts and mentions are read in pages of this many.
const PAGE: u32 = 1_000;

/// At most this many pieces are given to the engine at once, which others use, too.
const AT_ONCE: usize = 64;

/// The mentions of a text.
type Told = (FeedbackId, Vec<Mention>);

/// The pieces of each of these texts, in order; none of a text that says one thing and courtesies.
///
/// Each piece is read once more by itself.
///
/// # Errors
/// Those of the engine.
pub(super) async fn pieces_of(app: &App, read: &[(&Text, &Understanding)]) -> Result<Vec<Vec<Piece>>> {
    let said: Vec<Vec<(&Segment, Text)>> = read.iter().map(|(text, understanding)| said(text, understanding)).collect();
    let words: Vec<Text> = said.iter().flatten().map(|(_, words)| words.clone()).collect();
    let mut alone = Vec::with_capacity(words.len());
    for chunk in words.chunks(AT_ONCE) {
        alone.extend(app.reader.understand(chunk.to_vec()).await?.into_iter().map(|understanding| understanding.place));
    }
    let mut alone = alone.into_iter();
    let piece = |(segment, alone): (&Segment, Vec<f32>)| Piece::between(segment.span, &segment.place, &alone);
    let pieces = |said: Vec<(&Segment, Text)>| {
        said.into_iter().map(|(segment, _)| segment).zip(alone.by_ref()).map(piece).collect()
    };
    Ok(said.into_iter().map(pieces).collect())
}

/// The pieces of a text that are about something, with their words; none if there are not two.
fn said<'a>(text: &Text, understanding: &'a Understanding) -> Vec<(&'a Segment, Text)> {
    let words = |segment: &'a Segment| (segment, text.part(|text| segment.span.slice(text)));
    let about = |(_, words): &(&Segment, Text)| !themes::is_courtesy(words.as_str());
    let said: Vec<_> = understanding.segments.iter().map(words).filter(about).collect();
    if said.len() > 1 { said } else { Vec::new() }
}

/// Where a text lies as a whole.
pub(super) const fn whole<'a>(member: &Membership, touchpoint: Option<&'a Touchpoint>) -> Whole<'a> {
    Whole { touchpoint, group: member.group_id, theme: member.theme_id }
}

/// What each text of a run says besides its theme, where `present` is what the run found and `members` says where each of
/// its items lies, in the same order. Texts of one piece are left out.
///
/// # Errors
/// Those of the database.
pub(super) async fn of_run(
    app: &App,
    items: &[Item],
    members: &[Membership],
    present: &Arc<Present>,
) -> Result<Vec<Told>> {
    let at: HashMap<FeedbackId, usize> = items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
    let mut told = Vec::new();
    let mut after = None;
    loop {
        let page = pieces::page(&app.db, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(told) };
        after = Some(*last);
        let known = page.into_iter().filter_map(|(id, pieces)| {
            let at = *at.get(&id)?;
            Some(Known { member: members[at].clone(), touchpoint: items[at].touchpoint.clone(), pieces })
        });
        told.extend(tell(known.collect(), present.clone(), app.grouping.clone()).await?);
    }
}

/// A text of which all is known that decides its mentions.
struct Known {
    member: Membership,
    touchpoint: Option<Touchpoint>,
    pieces: Vec<Piece>,
}

async fn tell(texts: Vec<Known>, present: Arc<Present>, settings: Arc<Settings>) -> Result<Vec<Told>> {
    let one = move |text: &Known| {
        let whole = whole(&text.member, text.touchpoint.as_ref());
        (text.member.feedback_id, themes::mentions(&text.pieces, &whole, &present, &settings))
    };
    let all = tokio::task::spawn_blocking(move || texts.par_iter().map(one).collect()).await;
    // what a panic says may quote a customer, so it is not passed on
    all.map_err(|_| Error::new(Kind::Internal, "telling mentions broke off; the themes stay as they were"))
}

/// Says of every mention which theme it speaks of once edits come to this plan, after the texts were moved to theirs.
///
/// # Errors
/// Those of the database.
pub(super) async fn follow(tx: &mut Tx, plan: &Plan) -> Result<()> {
    let mut after = None;
    loop {
        let page = rows::page(tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some((last.feedback_id, last.mention.piece));
        let asked = |standing: &&Standing| plan.wants_vector(&record(&standing.mention));
        let mut asked: Vec<FeedbackId> = page.iter().filter(asked).map(|standing| standing.feedback_id).collect();
        asked.dedup();
        let places = pieces::of(tx, &asked).await?;
        let moved: Vec<_> = page.iter().filter_map(|standing| moved(standing, plan, &places)).collect();
        rows::move_to_themes(tx, &moved).await?;
    }
}

/// What the plan needs to know of a mention but for its place.
const fn record(mention: &Mention) -> Record<'static> {
    Record { id: None, group: Some(mention.group), vector: None }
}

/// A mention that speaks of another theme now: its text, its piece and the theme.
fn moved(
    standing: &Standing,
    plan: &Plan,
    places: &BTreeMap<FeedbackId, Vec<Piece>>,
) -> Option<(FeedbackId, usize, Option<Uuid>)> {
    let Standing { feedback_id, mention, group, theme } = standing;
    let piece = places.get(feedback_id).and_then(|pieces| pieces.get(mention.piece));
    let whole = Whole { touchpoint: None, group: *group, theme: *theme };
    let now = themes::theme_of_mention(plan, mention.group, piece.map(|piece| piece.place.as_slice()), &whole);
    (now != mention.theme).then_some((*feedback_id, mention.piece, now))
}
