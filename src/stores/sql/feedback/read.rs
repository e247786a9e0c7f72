//! A row of feedback into its value.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::Reader;
use crate::feedback::{Analysis, Feedback, FeedbackId, Language, Origin, Rating, Span, ThemeMatch, ThemeMention};
use crate::privacy::Text;
use crate::stores::Error;

/// Every column that [`read`] needs; mentions are put together as JSON, of which titles are already.
pub(super) const SELECT: &str = r#"SELECT f.id, f.source, f.external_id, f.text, f.question, f.rating_method,
    f.rating_value, f.channel, f.source_kind, f.touchpoint, f.customer, f.collected_at, f.received_at, f.metadata,
    f.analysis, f.theme_similarity, t.id AS theme_id, t.titles,
    (SELECT '[' || string_agg('{"theme":"' || m.theme_id || '","titles":' || mt.titles || ',"start":' || m.span_start
        || ',"end":' || m.span_end || ',"similarity":' || m.similarity || '}', ',') || ']'
        FROM mentions m JOIN themes mt ON mt.id = m.theme_id WHERE m.feedback_id = f.id) AS mentions
    FROM feedback f LEFT JOIN themes t ON t.id = f.theme_id"#;

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
    analysis.mentions = mentions(row, &analysis.language)?;
    Ok(Some(analysis))
}

/// The theme that the feedback belongs to now, with its title in `language` if it has one, else in any.
fn theme(row: &Reader<'_>, language: &Language) -> Result<Option<ThemeMatch>, Error> {
    let (Some(id), Some(similarity)) = (row.optional_id("theme_id")?, row.optional_real("theme_similarity")?) else {
        return Ok(None);
    };
    let title = title(row.json("titles")?, language);
    #[expect(clippy::cast_possible_truncation, reason = "it was an f32 when it was written")]
    let similarity = similarity as f32;
    Ok(Some(ThemeMatch { id, title, similarity }))
}

/// A mention as [`SELECT`] puts it.
#[derive(Deserialize)]
struct Mentioned {
    theme: Uuid,
    titles: BTreeMap<Language, String>,
    start: usize,
    end: usize,
    similarity: f32,
}

/// What else the text says now, in the order of the text.
fn mentions(row: &Reader<'_>, language: &Language) -> Result<Vec<ThemeMention>, Error> {
    let Some(mut found) = row.optional_json::<Vec<Mentioned>>("mentions")? else { return Ok(Vec::new()) };
    let text = row.text("text")?;
    found.sort_by_key(|each| each.start);
    let mention = |each: Mentioned| {
        let span = Span { start: each.start, end: each.end };
        ThemeMention {
            theme: each.theme,
            title: title(each.titles, language),
            span,
            text: span.slice(&text).to_owned(),
            similarity: each.similarity,
        }
    };
    Ok(found.into_iter().map(mention).collect())
}

/// The title in `language` if there is one, else any.
fn title(mut titles: BTreeMap<Language, String>, language: &Language) -> String {
    titles.remove(language).or_else(|| titles.into_values().next()).unwrap_or_default()
}
