//! What became of each theme in each run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::Language;
use crate::stores::Error;
use crate::themes::{Event, Lineage};

/// What became of a theme in one run, with the titles of then.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// An id of its own.
    pub id: Uuid,
    /// When the run was.
    pub run_at: DateTime<Utc>,
    /// What became of it.
    pub lineage: Lineage,
    /// The theme's titles.
    pub titles: BTreeMap<Language, String>,
    /// Those of the theme that it was parted from or went into.
    pub other_titles: BTreeMap<Language, String>,
}

/// Adds what a run did; of what only went on, nothing older is kept.
///
/// # Errors
/// As the database says.
pub async fn add(tx: &mut Tx, run: &[Descent]) -> Result<(), Error> {
    let mut forget = Statement::new("DELETE FROM theme_lineage WHERE event = ");
    forget.bind(Event::Same.name());
    forget.execute(tx).await?;
    for descent in run {
        insert(tx, descent).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, descent: &Descent) -> Result<(), Error> {
    let Descent { lineage, .. } = descent;
    let mut statement = Statement::new(
        "INSERT INTO theme_lineage \
         (id, run_at, theme_id, event, other_id, titles, other_titles, shared, size_before, size_after) VALUES (",
    );
    statement.bind(descent.id.to_string()).push(", ").bind(descent.run_at.timestamp_millis()).push(", ");
    statement.bind(lineage.theme.to_string()).push(", ").bind(lineage.event.name()).push(", ");
    statement.bind(lineage.other.map(|id| id.to_string())).push(", ");
    statement.bind_list([to_json(&descent.titles)?, to_json(&descent.other_titles)?]).push(", ");
    let counts = [lineage.shared, lineage.before, lineage.after];
    statement.bind_list(counts.map(|count| i64::try_from(count).unwrap_or(i64::MAX))).push(")");
    statement.execute(tx).await.map(drop)
}

/// What became of a theme and what came of it or into it, the last run first; at most `limit`.
///
/// # Errors
/// As the database says.
pub async fn of_theme(db: &Db, theme: Uuid, limit: u32) -> Result<Vec<Descent>, Error> {
    let mut statement = Statement::new(
        "SELECT id, run_at, theme_id, event, other_id, titles, other_titles, shared, size_before, size_after \
         FROM theme_lineage WHERE theme_id = ",
    );
    statement.bind(theme.to_string()).push(" OR other_id = ").bind(theme.to_string());
    statement.push(" ORDER BY run_at DESC, id DESC LIMIT ").bind(i64::from(limit));
    statement.all(db).await?.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Descent, Error> {
    let row = Reader::new("theme_lineage", "id", row);
    let count = |column| usize::try_from(row.integer(column)?).map_err(|error| row.corrupt(column, error));
    Ok(Descent {
        id: row.id("id")?,
        run_at: row.time("run_at")?,
        lineage: Lineage {
            theme: row.id("theme_id")?,
            event: row.parsed("event")?,
            other: row.optional_id("other_id")?,
            shared: count("shared")?,
            before: count("size_before")?,
            after: count("size_after")?,
        },
        titles: row.json("titles")?,
        other_titles: row.json("other_titles")?,
    })
}
