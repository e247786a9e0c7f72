//! A row of feedback into its value.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::any::AnyRow;

use super::Reader;
use crate::feedback::{Analysis, Feedback, FeedbackId, Language, Origin, Rating, ThemeMatch};
use crate::privacy::Text;
use crate::stores::Error;

/// Every column that [`read`] needs.
pub(super) const SELECT: &str = "SELECT f.id, f.source, f.external_id, f.text, f.question, f.rating_method, \
    f.rating_value, f.channel, f.source_kind, f.touchpoint, f.customer, f.collected_at, f.received_at, f.metadata, \
    f.analysis, f.theme_similarity, t.id AS theme_id, t.titles FROM feedback f LEFT JOIN themes t ON t.id = f.theme_id";

pub(super) fn read(row: &AnyRow) -> Result<Feedback, Error> {
    let row = Reader::new("feedback", "id", row);
    Ok(Feedback {
        id: FeedbackId(row.id("id")?),
        text: Text::stored(row.text("text")?),
        question: row.optional_text("question")?.map(Text::stored),
        rating: rating(&row)?,
        origin: origin(&row)?,
        received_at: row.time("received_at")?,
        analysis: analysis(&row)?,
    })
}

fn origin(row: &Reader<'_>) -> Result<Origin, Error> {
    let touchpoint = row.optional_text("touchpoint")?.map(TryInto::try_into).transpose();
    let customer = row.optional_text("customer")?.map(TryInto::try_into).transpose();
    Ok(Origin {
        source: row.text("source")?,
        external_id: row.optional_text("external_id")?,
        channel: row.parsed("channel")?,
        source_kind: row.parsed("source_kind")?,
        touchpoint: touchpoint.map_err(|error| row.corrupt("touchpoint", error))?,
        customer: customer.map_err(|error| row.corrupt("customer", error))?,
        collected_at: row.time("collected_at")?,
        metadata: row.json("metadata")?,
    })
}

fn rating(row: &Reader<'_>) -> Result<Option<Rating>, Error> {
    let Some(method) = row.optional_text("rating_method")? else { return Ok(None) };
    let rating = json!({ "method": method, "value": row.integer("rating_value")? });
    serde_json::from_value(rating).map(Some).map_err(|error| row.corrupt("rating_value", error))
}

fn analysis(row: &Reader<'_>) -> Result<Option<Analysis>, Error> {
    let Some(mut analysis) = row.optional_json::<Analysis>("analysis")? else { return Ok(None) };
    analysis.theme = theme(row, &analysis.language)?;
    Ok(Some(analysis))
}

/// The theme that the feedback belongs to now, with its title in `language` if it has one, else in any.
fn theme(row: &Reader<'_>, language: &Language) -> Result<Option<ThemeMatch>, Error> {
    let (Some(id), Some(similarity)) = (row.optional_id("theme_id")?, row.optional_real("theme_similarity")?) else {
        return Ok(None);
    };
    let mut titles = row.json::<BTreeMap<Language, String>>("titles")?;
    let title = titles.remove(language).or_else(|| titles.into_values().next()).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "it was an f32 when it was written")]
    let similarity = similarity as f32;
    Ok(Some(ThemeMatch { id, title, similarity }))
}
