//! What goes along when some of a theme's feedback is made a theme of its own, and what it is called.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::{Feedback, FeedbackId};
use crate::stores::sql::feedback;
use crate::stores::vectors::Point;
use crate::themes::edits::{Member, Part, middles};
use crate::themes::{Excerpt, titles};

/// The part that `named` and what is like them make of a theme with these members.
///
/// # Errors
/// Those of the stores.
pub(super) async fn take_part(app: &App, members: &[FeedbackId], named: BTreeSet<FeedbackId>) -> Result<Part> {
    let records = feedback::get_many(&app.db, members).await?;
    let points = app.vectors.get(&members.iter().map(|id| id.0).collect::<Vec<_>>()).await?;
    let id = app.clock.new_id();
    let taken = tokio::task::spawn_blocking(move || part(id, &records, &points, &named)).await;
    taken.map_err(|_| Error::new(Kind::Internal, "the theme could not be parted; nothing was changed"))
}

fn part(id: Uuid, records: &[Feedback], points: &[Point], named: &BTreeSet<FeedbackId>) -> Part {
    let vectors: HashMap<Uuid, &[f32]> = points.iter().map(|point| (point.id, point.vector.as_slice())).collect();
    let members: Vec<(Member<'_>, &str)> = records.iter().filter_map(|record| member(record, &vectors)).collect();
    let (here, there) = middles(&members.iter().map(|(member, _)| *member).collect::<Vec<_>>(), named);
    let records = named.iter().copied().collect();
    let part = Part { id, records, here, there, titles: BTreeMap::new(), keywords: BTreeMap::new() };
    let words = |wanted: bool| -> Vec<Excerpt<'_>> {
        let those = members.iter().filter(|(member, _)| part.takes(member.id, member.vector) == wanted);
        those.map(|(member, text)| Excerpt { language: member.language, text }).collect()
    };
    let called = titles(&[words(true), words(false)]).into_iter().next().unwrap_or_default();
    Part { titles: called.titles, keywords: called.keywords, ..part }
}

fn member<'a>(record: &'a Feedback, vectors: &HashMap<Uuid, &'a [f32]>) -> Option<(Member<'a>, &'a str)> {
    let (vector, analysis) = (vectors.get(&record.id.0)?, record.analysis.as_ref()?);
    Some((Member { id: record.id, language: &analysis.language, vector }, record.text.as_str()))
}
