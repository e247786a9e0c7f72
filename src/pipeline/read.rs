//! Reads what is there: feedback by page, by meaning and by theme.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::{CustomerId, Feedback, FeedbackId};
use crate::privacy::{self, RawText};
use crate::stores::sql::feedback::{self, Filter as FeedbackFilter};
use crate::stores::sql::journeys;
use crate::stores::sql::themes::{self, Listed};
use crate::stores::sql::{incidents, personas, sub_themes};
use crate::stores::vectors::{self, Hit};
use crate::stores::{Cursor, Page};

use super::journey::place_for;

/// A filtered search looks at this many times more neighbours than were asked for.
const OVERSAMPLING: usize = 10;

/// A feedback and how near it is, cosine, −1 to 1.
pub type Near = (Feedback, f32);

/// One feedback.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn feedback(app: &App, id: FeedbackId) -> Result<Feedback> {
    feedback::get(&app.db, id).await?.ok_or_else(|| Error::not_found("feedback", id))
}

/// Newest first.
///
/// # Errors
/// Those of the database.
pub async fn list_feedback(
    app: &App,
    filter: FeedbackFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Feedback>> {
    place_for(app, &filter).await?;
    Ok(feedback::page(&app.db, &filter, after.as_ref(), rows(limit)).await?)
}

/// How much of it there is.
///
/// # Errors
/// Those of the database.
pub async fn count_feedback(app: &App, filter: &FeedbackFilter) -> Result<feedback::Counts> {
    place_for(app, filter).await?;
    Ok(feedback::counts(&app.db, filter).await?)
}

/// Nearest to a stored feedback by meaning, best first, itself left out.
///
/// # Errors
/// `NotFound` if there is none, `Conflict` if it was not analysed yet, or those of the stores.
pub async fn similar(app: &App, id: FeedbackId, limit: usize) -> Result<Vec<Near>> {
    let Some(hits) = app.vectors.similar(id.0, limit, &vectors::Filter::default()).await? else {
        feedback(app, id).await?;
        return Err(Error::conflict(format!("feedback {id} is not analysed yet; ask again in a moment")));
    };
    join(app, &hits).await
}

/// Nearest to a text by meaning, best first.
///
/// # Errors
/// Those of the engine and the stores.
pub async fn search(app: &App, query: RawText, filter: FeedbackFilter, limit: usize) -> Result<Vec<Near>> {
    let text = privacy::mask(&query).text;
    let understood = app.reader.understand(vec![text]).await?;
    let Some(understanding) = understood.first() else { return Ok(Vec::new()) };
    let narrowed = vectors::Filter {
        language: filter.language.clone(),
        channel: filter.channel,
        since: filter.since,
        until: filter.until,
        exclude: Vec::new(),
    };
    let wanted = if filter == FeedbackFilter::default() { limit } else { limit * OVERSAMPLING };
    let hits = app.vectors.nearest(&understanding.place, wanted, &narrowed).await?;
    let mut found = join(app, &hits).await?;
    let members = match filter.persona {
        Some(id) => Some(personas::members(&app.db, id).await?),
        None => None,
    };
    found.retain(|(item, _)| filter.matches(item) && is_of(members.as_ref(), item));
    if let Some(id) = filter.sub_theme {
        let members = sub_themes::members(&app.db, id).await?;
        found.retain(|(item, _)| members.contains(&item.id));
    }
    if let Some(id) = filter.incident {
        let members = incidents::members(&app.db, id).await?;
        found.retain(|(item, _)| members.contains(&item.id));
    }
    if let Some(at) = &filter.step {
        place_for(app, &filter).await?;
        let ids: Vec<FeedbackId> = found.iter().map(|(item, _)| item.id).collect();
        let there = journeys::on_step(&app.db, at, &ids).await?;
        found.retain(|(item, _)| there.contains(&item.id));
    }
    found.truncate(limit);
    Ok(found)
}

/// Whether its customer is one of these; any is if nobody is named.
fn is_of(members: Option<&BTreeSet<CustomerId>>, item: &Feedback) -> bool {
    members.is_none_or(|members| item.origin.customer.as_ref().is_some_and(|customer| members.contains(customer)))
}

/// A page of what holds these words in this order, last received first.
///
/// The words are masked as all texts are, so that a number is found by what stands in its place.
///
/// # Errors
/// Those of the database.
pub async fn search_words(
    app: &App,
    words: &RawText,
    filter: &FeedbackFilter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<Feedback>> {
    let words = privacy::mask(words).text;
    Ok(feedback::with_words(&app.db, words.as_str(), filter, after, rows(limit)).await?)
}

/// The rows of `hits`, in their order; a vector whose row is gone is left out.
async fn join(app: &App, hits: &[Hit]) -> Result<Vec<Near>> {
    let ids: Vec<FeedbackId> = hits.iter().map(|hit| FeedbackId(hit.id)).collect();
    let scores: HashMap<Uuid, f32> = hits.iter().map(|hit| (hit.id, hit.score)).collect();
    let rows = feedback::get_many(&app.db, &ids).await?;
    let scored = |row: Feedback| {
        let score = scores.get(&row.id.0).copied().unwrap_or_default();
        (row, score)
    };
    Ok(rows.into_iter().map(scored).collect())
}

/// All themes with the members that they have now, those that came after the grouping included; largest first.
///
/// # Errors
/// Those of the database.
pub async fn list_themes(app: &App) -> Result<Vec<Listed>> {
    Ok(themes::list(&app.db).await?)
}

/// One theme.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn theme(app: &App, id: Uuid) -> Result<Listed> {
    themes::get(&app.db, id).await?.ok_or_else(|| Error::not_found("theme", id))
}

/// A theme's members, most typical first.
///
/// # Errors
/// `NotFound` if there is no such theme, or those of the database.
pub async fn theme_feedback(app: &App, id: Uuid, after: Option<Cursor>, limit: usize) -> Result<Page<Near>> {
    theme(app, id).await?;
    let page = feedback::of_theme(&app.db, id, after.as_ref(), rows(limit)).await?;
    Ok(Page { items: page.items.into_iter().map(with_similarity).collect(), next: page.next })
}

fn with_similarity(item: Feedback) -> Near {
    let theme = item.analysis.as_ref().and_then(|analysis| analysis.theme.as_ref());
    let similarity = theme.map_or(0.0, |theme| theme.similarity);
    (item, similarity)
}

/// The stores count rows in 32 bits and bound a page themselves.
fn rows(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}
