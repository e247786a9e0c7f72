//! What people changed in the themes: a log to which edits are added, and in which they are marked as undone.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx, dialect};
use crate::stores::{Cursor, Error, MAX_PAGE, Page};
use crate::themes::Edit;

const SELECT: &str = "SELECT id, made_at, made_by, payload, undone_at FROM theme_edits";

/// Lets nobody else edit until the end of the transaction, so that edits are made one after the other.
///
/// # Errors
/// As the database says.
pub async fn take_turns(tx: &mut Tx) -> Result<(), Error> {
    dialect::take_turns(tx, "theme_edits").await
}

/// Keeps a new edit.
///
/// # Errors
/// As the database says.
pub async fn insert(tx: &mut Tx, edit: &Edit) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO theme_edits (id, made_at, made_by, kind, payload) VALUES (");
    statement.bind(edit.id.to_string()).push(", ").bind(edit.made_at.timestamp_millis()).push(", ");
    statement.bind_list([edit.made_by.as_str(), edit.act.kind(), to_json(&edit.act)?.as_str()]).push(")");
    statement.execute(tx).await.map(drop)
}

/// Marks an edit as undone; false if there is none that holds.
///
/// # Errors
/// As the database says.
pub async fn undo(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    let mut statement = Statement::new("UPDATE theme_edits SET undone_at = ");
    statement.bind(now.timestamp_millis()).push(" WHERE undone_at IS NULL AND id = ").bind(id.to_string());
    Ok(statement.execute(tx).await? > 0)
}

/// Every edit that holds, in the order in which they were made.
///
/// # Errors
/// As the database says.
pub async fn holding(tx: &mut Tx) -> Result<Vec<Edit>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE undone_at IS NULL ORDER BY made_at, id");
    statement.rows(tx).await?.iter().map(read).collect()
}

/// One edit.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: Uuid) -> Result<Option<Edit>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// A page of all edits, or of those that name one theme or feedback; undone ones too, the last made first.
///
/// # Errors
/// As the database says.
pub async fn page(db: &Db, about: Option<Uuid>, after: Option<&Cursor>, limit: u32) -> Result<Page<Edit>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE payload LIKE ").bind(about.map_or_else(|| "%".to_owned(), |id| format!("%{id}%")));
    if let Some(after) = after {
        statement.push(" AND (made_at, id) < (").bind(after.key).push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY made_at DESC, id DESC LIMIT ").bind(i64::from(limit) + 1);
    let edits = statement.all(db).await?.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    Ok(Page::cut(edits, limit, |edit| Cursor { rank: 0, key: edit.made_at.timestamp_millis(), id: edit.id }))
}

fn read(row: &AnyRow) -> Result<Edit, Error> {
    let row = Reader::new("theme_edits", "id", row);
    Ok(Edit {
        id: row.id("id")?,
        made_at: row.time("made_at")?,
        made_by: row.text("made_by")?,
        act: row.json("payload")?,
        undone_at: row.optional_time("undone_at")?,
    })
}
