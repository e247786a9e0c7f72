//! Journeys that people wrote, and on which steps the feedback falls.

mod records;

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

use super::row::Reader;
use super::statement::Statement;
use super::{Db, Tx};
use crate::journeys::JourneyId;
use crate::stores::{Error, Store};

pub use records::{Placed, Stop, Unplaced, count_placed, on_step, place, unplaced, visits};

const SELECT: &str = "SELECT id, toml, author, changed_at FROM journeys";

/// A journey as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its id.
    pub id: JourneyId,
    /// The file as it was written.
    pub toml: String,
    /// Who wrote it: a person's name or a token's.
    pub author: String,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// Keeps a journey in place of what was under its id, and forgets on which of its steps feedback fell.
///
/// # Errors
/// [`Error::Refused`] for a NUL character, which PostgreSQL can't keep.
pub async fn put(tx: &mut Tx, written: &Written) -> Result<(), Error> {
    if written.toml.contains('\0') || written.author.contains('\0') {
        return Err(Error::refused(Store::Database, "a journey holds a NUL character; remove it"));
    }
    let mut statement = Statement::new("INSERT INTO journeys (id, toml, author, changed_at) VALUES (");
    statement.bind_list([written.id.as_str(), &written.toml, &written.author]).push(", ");
    statement.bind(written.changed_at.timestamp_millis());
    statement.push(
        ") ON CONFLICT (id) DO UPDATE SET toml = excluded.toml, author = excluded.author, changed_at = excluded.changed_at",
    );
    statement.execute(tx).await?;
    forget(tx, &written.id).await
}

/// Forgets a journey and on which of its steps feedback fell; false if nobody wrote it.
///
/// # Errors
/// As the database says.
pub async fn delete(tx: &mut Tx, id: &JourneyId) -> Result<bool, Error> {
    forget(tx, id).await?;
    let mut statement = Statement::new("DELETE FROM journeys WHERE id = ");
    statement.bind(id.as_str());
    Ok(statement.execute(tx).await? > 0)
}

async fn forget(tx: &mut Tx, id: &JourneyId) -> Result<(), Error> {
    let mut statement = Statement::new("DELETE FROM journey_records WHERE journey = ");
    statement.bind(id.as_str());
    statement.execute(tx).await.map(drop)
}

/// One that somebody wrote.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: &JourneyId) -> Result<Option<Written>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE id = ").bind(id.as_str());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// All that people wrote, by id.
///
/// # Errors
/// As the database says.
pub async fn list(db: &Db) -> Result<Vec<Written>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" ORDER BY id");
    statement.all(db).await?.iter().map(read).collect()
}

fn read(row: &AnyRow) -> Result<Written, Error> {
    let row = Reader::new("journeys", "id", row);
    Ok(Written {
        id: row.parsed("id")?,
        toml: row.text("toml")?,
        author: row.text("author")?,
        changed_at: row.time("changed_at")?,
    })
}
