//! Feedback rows: what came in, and what was understood of it.
//!
//! The whole analysis is kept as JSON; the parts that lists are filtered by stand in columns of their own.
//! Themes come and go, so a feedback's theme is put together on reading: its membership and the theme's present title.

mod analysis;
mod counts;
mod filter;
mod ratings;
mod read;
mod series;

use crate::feedback::{Feedback, FeedbackId};
use crate::stores::{Cursor, Error, MAX_PAGE, Page, Store};

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};

pub use analysis::{Analysed, analysed, membership, memberships, move_to_themes, of_theme, save_analysis, set_themes};
pub use counts::{Counts, Week, counts};
pub use filter::{AtStep, Attribute, Filter};
pub use ratings::{Column, Rated, contradicting, count_contradicting, ratings};
use read::{SELECT, read};
pub use series::{Day, ThemeWeek, days, last_collected, theme_weeks};

/// How many rows one statement carries: their values must fit into SQLite's limit of 32 766.
const CHUNK: usize = 200;

/// What became of a feedback that was to be inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It was new.
    New(FeedbackId),
    /// It was there already, under this id.
    Exists(FeedbackId),
}

impl Inserted {
    /// The id under which it is kept.
    #[must_use]
    pub const fn id(self) -> FeedbackId {
        match self {
            Self::New(id) | Self::Exists(id) => id,
        }
    }

    /// Whether it was new.
    #[must_use]
    pub const fn is_new(self) -> bool {
        matches!(self, Self::New(_))
    }
}

/// Keeps a feedback, once for each source and external id; its analysis is left out.
///
/// # Errors
/// [`Error::Refused`] for a NUL character, which PostgreSQL can't keep.
pub async fn insert(tx: &mut Tx, feedback: &Feedback) -> Result<Inserted, Error> {
    let inserted = insert_many(tx, std::slice::from_ref(feedback)).await?;
    inserted.first().copied().ok_or_else(|| Error::other(Store::Database, "an insert gave no answer"))
}

/// Keeps many at once, with one answer for each in the same order.
///
/// # Errors
/// As [`insert`]; then none of them is kept.
pub async fn insert_many(tx: &mut Tx, feedback: &[Feedback]) -> Result<Vec<Inserted>, Error> {
    let mut answers = Vec::with_capacity(feedback.len());
    for chunk in feedback.chunks(CHUNK) {
        let new = insert_chunk(tx, chunk).await?;
        for feedback in chunk {
            answers.push(match new.contains(&feedback.id) {
                true => Inserted::New(feedback.id),
                false => Inserted::Exists(existing(tx, feedback).await?),
            });
        }
    }
    Ok(answers)
}

/// The ids of the chunk that were new.
async fn insert_chunk(tx: &mut Tx, chunk: &[Feedback]) -> Result<std::collections::HashSet<FeedbackId>, Error> {
    let mut statement = Statement::new(
        "INSERT INTO feedback (id, source, external_id, text, question, rating_method, rating_value, channel, \
         source_kind, touchpoint, customer, segment, collected_at, received_at, metadata) VALUES ",
    );
    for (index, feedback) in chunk.iter().enumerate() {
        statement.push(if index == 0 { "(" } else { ", (" });
        bind_row(&mut statement, feedback)?;
        statement.push(")");
    }
    statement.push(" ON CONFLICT DO NOTHING RETURNING id");
    let rows = statement.rows(tx).await?;
    rows.iter().map(|row| Reader::new("feedback", "id", row).id("id").map(FeedbackId)).collect()
}

fn bind_row(statement: &mut Statement, feedback: &Feedback) -> Result<(), Error> {
    let origin = &feedback.origin;
    let question = feedback.question.as_ref().map(|question| question.as_str());
    let names = [Some(origin.source.as_str()), origin.external_id.as_deref(), Some(feedback.text.as_str()), question];
    if names.iter().flatten().any(|text| text.contains('\0')) {
        let message = format!("feedback {} holds a NUL character; remove it before sending it", feedback.id);
        return Err(Error::refused(Store::Database, message));
    }
    statement.bind(feedback.id.to_string()).push(", ").bind_list(names).push(", ");
    statement.bind(feedback.rating.map(|rating| rating.method().name())).push(", ");
    statement.bind(feedback.rating.map(|rating| i64::from(rating.value()))).push(", ");
    statement.bind_list([
        Some(origin.channel.name()),
        Some(origin.source_kind.name()),
        origin.touchpoint.as_ref().map(|touchpoint| touchpoint.as_str()),
        origin.customer.as_ref().map(|customer| customer.as_str()),
        origin.segment(),
    ]);
    statement.push(", ").bind(origin.collected_at.timestamp_millis());
    statement.push(", ").bind(feedback.received_at.timestamp_millis());
    statement.push(", ").bind(to_json(&origin.metadata)?);
    Ok(())
}

/// The id of the row that stood in the way: that of the same natural key, else the row of the very same id.
async fn existing(tx: &mut Tx, feedback: &Feedback) -> Result<FeedbackId, Error> {
    let Some(external_id) = feedback.origin.external_id.as_deref() else { return Ok(feedback.id) };
    let mut statement = Statement::new("SELECT id FROM feedback WHERE source = ");
    statement.bind(feedback.origin.source.as_str()).push(" AND external_id = ").bind(external_id);
    match statement.optional(tx).await? {
        Some(row) => Reader::new("feedback", "id", &row).id("id").map(FeedbackId),
        None => Ok(feedback.id),
    }
}

/// One feedback.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: FeedbackId) -> Result<Option<Feedback>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE f.id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// Many, in the order of `ids`; those that aren't there are left out.
///
/// # Errors
/// As the database says.
pub async fn get_many(db: &Db, ids: &[FeedbackId]) -> Result<Vec<Feedback>, Error> {
    let mut found = std::collections::HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let mut statement = Statement::new(SELECT);
        statement.push(" WHERE f.id IN (").bind_list(chunk.iter().map(ToString::to_string)).push(")");
        for row in statement.all(db).await? {
            let feedback = read(&row)?;
            found.insert(feedback.id, feedback);
        }
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// The feedback that `source` calls `external_id`.
///
/// # Errors
/// As the database says.
pub async fn by_external(db: &Db, source: &str, external_id: &str) -> Result<Option<Feedback>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE f.source = ").bind(source).push(" AND f.external_id = ").bind(external_id);
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// A page of what holds these words in this order and the filter lets through, last received first; at most
/// [`MAX_PAGE`] items.
///
/// # Errors
/// As the database says.
pub async fn with_words(
    db: &Db,
    words: &str,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page<Feedback>, Error> {
    let mut pattern = String::from("%");
    for letter in words.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    let mut statement = Statement::new(SELECT);
    filter.push(&mut statement);
    statement.push(" AND lower(f.text) LIKE ").bind(pattern).push(" ESCAPE '\\'");
    newest_first(db, statement, after, limit).await
}

/// A page of what the filter lets through, last received first; at most [`MAX_PAGE`] items.
///
/// # Errors
/// As the database says.
pub async fn page(db: &Db, filter: &Filter, after: Option<&Cursor>, limit: u32) -> Result<Page<Feedback>, Error> {
    let mut statement = Statement::new(SELECT);
    filter.push(&mut statement);
    newest_first(db, statement, after, limit).await
}

/// A page of what `statement` selects, which has its `WHERE` already, last received first.
async fn newest_first(
    db: &Db,
    mut statement: Statement,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page<Feedback>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    if let Some(after) = after {
        statement
            .push(" AND (f.received_at, f.id) < (")
            .bind(after.key)
            .push(", ")
            .bind(after.id.to_string())
            .push(")");
    }
    statement.push(" ORDER BY f.received_at DESC, f.id DESC LIMIT ").bind(i64::from(limit) + 1);
    let items = statement.all(db).await?.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(items, limit, place))
}

/// Where a list goes on after this feedback, last received first.
#[must_use]
pub fn place(last: &Feedback) -> Cursor {
    Cursor { rank: 0, key: last.received_at.timestamp_millis(), id: last.id.0 }
}
