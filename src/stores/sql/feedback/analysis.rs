//! What was understood of feedback: saved once the worker has been there, and grouped into themes from time to time.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::{CHUNK, Db, Reader, SELECT, Statement, Tx, read, to_json};
use crate::feedback::{Analysis, Feedback, FeedbackId, Language, SentimentLabel};
use crate::stores::{Cursor, Error, MAX_PAGE, Page};
use crate::themes::Membership;

/// Keeps what was understood of a feedback, in place of what was before; false if there is no such feedback.
///
/// A theme that was dissolved meanwhile is left out.
///
/// # Errors
/// As the database says.
pub async fn save_analysis(
    tx: &mut Tx,
    id: FeedbackId,
    analysis: &Analysis,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let theme = analysis.theme.as_ref();
    let stored = Analysis { theme: None, mentions: Vec::new(), ..analysis.clone() };
    let mut statement = Statement::new("UPDATE feedback SET analysed_at = ");
    statement.bind(now.timestamp_millis());
    statement.push(", analysis = ").bind(to_json(&stored)?);
    statement.push(", language = ").bind(analysis.language.code());
    statement.push(", sentiment = ").bind(analysis.sentiment.label.name());
    statement.push(", sentiment_score = ");
    match analysis.known_sentiment() {
        Some(sentiment) => statement.bind(f64::from(sentiment.score)),
        None => statement.push("NULL"),
    };
    statement.push(", priority = ").bind(analysis.urgency.priority.name());
    statement.push(", queue = ").bind(analysis.route.queue.as_str());
    statement.push(", theme_id = ");
    match theme {
        Some(theme) => {
            let id = theme.id.to_string();
            statement.push("(SELECT id FROM themes WHERE id = ").bind(id.as_str());
            statement.push("), theme_nearest = (SELECT id FROM theme_groups WHERE id = ").bind(id.as_str());
            statement.push("), theme_similarity = ").bind(f64::from(theme.similarity));
        }
        None => {
            statement.push("NULL, theme_nearest = NULL, theme_similarity = NULL");
        }
    }
    statement.push(" WHERE id = ").bind(id.to_string());
    Ok(statement.execute(tx).await? > 0)
}

/// What grouping needs to know of a feedback besides its vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysed {
    /// Which.
    pub id: FeedbackId,
    /// When the person gave it.
    pub collected_at: DateTime<Utc>,
    /// What it is written in.
    pub language: Language,
    /// How it feels.
    pub sentiment: SentimentLabel,
}

/// A page of all that is analysed, first received first.
///
/// # Errors
/// As the database says.
pub async fn analysed(db: &Db, after: Option<&Cursor>, limit: u32) -> Result<Page<Analysed>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(
        "SELECT id, received_at, collected_at, language, sentiment FROM feedback WHERE analysed_at IS NOT NULL",
    );
    if let Some(after) = after {
        statement.push(" AND (received_at, id) > (").bind(after.key).push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY received_at, id LIMIT ").bind(i64::from(limit) + 1);
    let rows = statement.all(db).await?;
    let items = rows.iter().map(|row| {
        let row = Reader::new("feedback", "id", row);
        let analysed = Analysed {
            id: FeedbackId(row.id("id")?),
            collected_at: row.time("collected_at")?,
            language: Language::new(&row.text("language")?),
            sentiment: SentimentLabel::from_str(&row.text("sentiment")?)
                .map_err(|error| row.corrupt("sentiment", error))?,
        };
        Ok((row.integer("received_at")?, analysed))
    });
    let items = items.collect::<Result<Vec<_>, Error>>()?;
    let page = Page::cut(items, limit, |(key, last)| Cursor { rank: 0, key: *key, id: last.id.0 });
    Ok(Page { items: page.items.into_iter().map(|(_, analysed)| analysed).collect(), next: page.next })
}

/// Says of many feedback which group and theme they belong to; what was dissolved meanwhile is left out.
///
/// # Errors
/// As the database says.
pub async fn set_themes(tx: &mut Tx, memberships: &[Membership]) -> Result<(), Error> {
    for chunk in memberships.chunks(CHUNK) {
        let mut statement = Statement::new(
            "UPDATE feedback SET theme_id = (SELECT id FROM themes WHERE id = v.column2), \
             theme_nearest = (SELECT id FROM theme_groups WHERE id = v.column3), theme_similarity = v.column4, \
             group_id = (SELECT id FROM theme_groups WHERE id = v.column5), \
             sub_theme_id = (SELECT id FROM sub_themes WHERE id = v.column6) FROM (VALUES ",
        );
        for (index, member) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind(member.feedback_id.to_string()).push(", ");
            statement.bind(member.theme_id.map(|id| id.to_string())).push(", ");
            statement.bind(member.nearest.map(|id| id.to_string())).push(", ");
            statement.bind(f64::from(member.similarity)).push(", ");
            statement.bind(member.group_id.map(|id| id.to_string())).push(", ");
            statement.bind(member.sub_theme.map(|id| id.to_string())).push(")");
        }
        statement.push(") AS v WHERE feedback.id = v.column1");
        statement.execute(tx).await?;
    }
    Ok(())
}

/// Says of many feedback which theme they belong to; their groups stay.
///
/// # Errors
/// As the database says.
pub async fn move_to_themes(tx: &mut Tx, moved: &[(FeedbackId, Option<Uuid>)]) -> Result<(), Error> {
    for chunk in moved.chunks(CHUNK) {
        let mut statement = Statement::new("UPDATE feedback SET theme_id = v.column2 FROM (VALUES ");
        for (index, (id, theme)) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind(id.to_string()).push(", ").bind(theme.map(|theme| theme.to_string())).push(")");
        }
        statement.push(") AS v WHERE feedback.id = v.column1");
        statement.execute(tx).await?;
    }
    Ok(())
}

/// Where everything that was ever grouped lies, by id.
///
/// # Errors
/// As the database says.
pub async fn memberships(tx: &mut Tx) -> Result<Vec<Membership>, Error> {
    let statement = Statement::new(
        "SELECT id, group_id, theme_id, sub_theme_id, theme_nearest, theme_similarity FROM feedback \
         WHERE theme_similarity IS NOT NULL OR theme_id IS NOT NULL ORDER BY id",
    );
    statement.rows(tx).await?.iter().map(lying).collect()
}

/// The theme and the group of a feedback, or the nearest group; none if it was never grouped.
///
/// # Errors
/// As the database says.
pub async fn membership(db: &Db, id: FeedbackId) -> Result<Option<Membership>, Error> {
    let mut statement = Statement::new(
        "SELECT id, group_id, theme_id, sub_theme_id, theme_nearest, theme_similarity FROM feedback \
         WHERE theme_similarity IS NOT NULL AND id = ",
    );
    statement.bind(id.to_string());
    statement.one(db).await?.as_ref().map(lying).transpose()
}

fn lying(row: &AnyRow) -> Result<Membership, Error> {
    let row = Reader::new("feedback", "id", row);
    let similarity = row.optional_real("theme_similarity")?.unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "it was an f32 when it was written")]
    let similarity = similarity as f32;
    Ok(Membership {
        feedback_id: FeedbackId(row.id("id")?),
        group_id: row.optional_id("group_id")?,
        theme_id: row.optional_id("theme_id")?,
        sub_theme: row.optional_id("sub_theme_id")?,
        nearest: row.optional_id("theme_nearest")?,
        similarity,
    })
}

/// A page of a theme's members, nearest to its centre first.
///
/// # Errors
/// As the database says.
pub async fn of_theme(db: &Db, theme: Uuid, after: Option<&Cursor>, limit: u32) -> Result<Page<Feedback>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE f.theme_id = ").bind(theme.to_string());
    if let Some(after) = after {
        statement.push(" AND (f.theme_similarity, f.id) < (").bind(f64::from_bits(after.key.cast_unsigned()));
        statement.push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY f.theme_similarity DESC, f.id DESC LIMIT ").bind(i64::from(limit) + 1);
    let rows = statement.all(db).await?;
    let items = rows.iter().map(|row| {
        let similarity = Reader::new("feedback", "id", row).optional_real("theme_similarity")?;
        Ok((similarity.unwrap_or_default(), read(row)?))
    });
    let items = items.collect::<Result<Vec<_>, Error>>()?;
    let page = Page::cut(items, limit, |(similarity, last)| Cursor {
        rank: 0,
        key: similarity.to_bits().cast_signed(),
        id: last.id.0,
    });
    Ok(Page { items: page.items.into_iter().map(|(_, feedback)| feedback).collect(), next: page.next })
}
