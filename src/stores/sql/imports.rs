//! Files that people import on the pages: how they are to be read, how far they are, what was refused.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::access::Actor;
use crate::feedback::{Channel, names};
use crate::stores::Error;

/// How many refusals of an import are kept.
pub const MAX_REFUSALS: u64 = 10_000;

/// How many values one statement lists.
const CHUNK: usize = 200;

const SELECT: &str = "SELECT id, user_id, user_name, file_name, bytes, choice, state, lines, accepted, duplicates, \
    refused, fault, created_at, updated_at FROM imports";

names! {
    /// Where an import stands.
    State, "state", {
        /// Its file is there and somebody has to say how it is to be read.
        Waiting = "waiting",
        /// It is being taken in.
        Running = "running",
        /// It is taken in.
        Done = "done",
        /// It came to an end too early; what came before is kept.
        Failed = "failed",
        /// Nobody went on with it, so its file was deleted.
        Expired = "expired",
    }
}

/// How a file is to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the columns become, like `text=#2,nps=#3`; guessed where empty.
    pub map: String,
    /// Whether the first row names the columns; guessed if none.
    pub header: Option<bool>,
    /// The encoding's label; detected if none.
    pub encoding: Option<String>,
    /// The system that it comes from.
    pub source: String,
    /// The channel of lines that don't say.
    pub channel: Channel,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id, under which its file waits.
    pub id: Uuid,
    /// Whose id it is.
    pub user_id: Uuid,
    /// Who began it.
    pub user_name: String,
    /// What the file was called.
    pub file_name: String,
    /// How large it is.
    pub bytes: u64,
    /// How it is to be read.
    pub choice: Choice,
    /// Where it stands.
    pub state: State,
    /// How many lines are done.
    pub lines: u64,
    /// Feedback that was new.
    pub accepted: u64,
    /// Feedback that was there already.
    pub duplicates: u64,
    /// Lines that were refused.
    pub refused: u64,
    /// Why it failed: `gone`, `unreadable`, `broken_off`, `given_up`.
    pub fault: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it last went on.
    pub updated_at: DateTime<Utc>,
}

impl Import {
    /// Who began it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.user_id, name: self.user_name.clone() }
    }
}

/// What became of some more lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// Feedback that was new.
    pub accepted: u64,
    /// Feedback that was there already.
    pub duplicates: u64,
    /// Each refused line and why, masked.
    pub refusals: Vec<(u64, String)>,
}

/// Keeps a new import.
///
/// # Errors
/// As the database says.
pub async fn insert(tx: &mut Tx, import: &Import) -> Result<(), Error> {
    let mut statement = Statement::new(
        "INSERT INTO imports (id, user_id, user_name, file_name, choice, state, bytes, lines, accepted, duplicates, \
         refused, created_at, updated_at) VALUES (",
    );
    let (id, user) = (import.id.to_string(), import.user_id.to_string());
    let choice = to_json(&import.choice)?;
    statement.bind_list([&id, &user, &import.user_name, &import.file_name, &choice, import.state.name()]);
    statement.push(", ").bind(number(import.bytes)).push(", 0, 0, 0, 0, ");
    statement.bind(import.created_at.timestamp_millis()).push(", ");
    statement.bind(import.updated_at.timestamp_millis()).push(")");
    statement.execute(tx).await.map(drop)
}

/// One import.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: Uuid) -> Result<Option<Import>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// The last imports, newest first.
///
/// # Errors
/// As the database says.
pub async fn last(db: &Db, limit: u32) -> Result<Vec<Import>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(i64::from(limit));
    statement.all(db).await?.iter().map(read).collect()
}

/// Says how a waiting import is to be read.
///
/// # Errors
/// [`Error::Conflict`] if it doesn't wait any more.
pub async fn choose(tx: &mut Tx, id: Uuid, choice: &Choice) -> Result<(), Error> {
    let mut statement = Statement::new("UPDATE imports SET choice = ");
    statement.bind(to_json(choice)?).push(" WHERE state = 'waiting' AND id = ").bind(id.to_string());
    changed(statement.execute(tx).await?)
}

/// Moves an import from one state to another.
///
/// # Errors
/// [`Error::Conflict`] if it isn't in the first any more.
pub async fn set_state(
    tx: &mut Tx,
    id: Uuid,
    (from, to): (State, State),
    fault: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut statement = Statement::new("UPDATE imports SET state = ");
    statement.bind(to.name()).push(", fault = ").bind(fault);
    statement.push(", updated_at = ").bind(now.timestamp_millis());
    statement.push(" WHERE id = ").bind(id.to_string()).push(" AND state = ").bind(from.name());
    changed(statement.execute(tx).await?)
}

/// Counts more lines of a running import that is exactly `before` lines far.
///
/// # Errors
/// [`Error::Conflict`] if somebody else took it further meanwhile; then nothing of the transaction must be kept.
pub async fn advance(tx: &mut Tx, import: &Import, more: &Advance, now: DateTime<Utc>) -> Result<(), Error> {
    let refused = more.refusals.len() as u64;
    let mut statement = Statement::new("UPDATE imports SET lines = lines + ");
    statement.bind(number(more.accepted + more.duplicates + refused));
    statement.push(", accepted = accepted + ").bind(number(more.accepted));
    statement.push(", duplicates = duplicates + ").bind(number(more.duplicates));
    statement.push(", refused = refused + ").bind(number(refused));
    statement.push(", updated_at = ").bind(now.timestamp_millis());
    statement.push(" WHERE state = 'running' AND id = ").bind(import.id.to_string());
    statement.push(" AND lines = ").bind(number(import.lines));
    changed(statement.execute(tx).await?)?;
    let room = usize::try_from(MAX_REFUSALS.saturating_sub(import.refused)).unwrap_or(usize::MAX);
    for chunk in more.refusals[..more.refusals.len().min(room)].chunks(CHUNK) {
        let mut statement = Statement::new("INSERT INTO import_refusals (import_id, line, reason) VALUES ");
        for (index, (line, reason)) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind(import.id.to_string()).push(", ").bind(number(*line));
            statement.push(", ").bind(reason.replace('\0', "\u{fffd}")).push(")");
        }
        statement.execute(tx).await?;
    }
    Ok(())
}

/// The first refused lines of an import and why.
///
/// # Errors
/// As the database says.
pub async fn refusals(db: &Db, id: Uuid, limit: u32) -> Result<Vec<(u64, String)>, Error> {
    let mut statement = Statement::new("SELECT import_id, line, reason FROM import_refusals WHERE import_id = ");
    statement.bind(id.to_string()).push(" ORDER BY line LIMIT ").bind(i64::from(limit));
    let rows = statement.all(db).await?;
    let each = rows.iter().map(|row| {
        let row = Reader::new("import_refusals", "import_id", row);
        Ok((row.count("line")?, row.text("reason")?))
    });
    each.collect()
}

/// Ends what nobody will go on with: files that have waited since before `waited`, and imports that have not gone on
/// since then and have no job any more.
///
/// # Errors
/// As the database says.
pub async fn expire(tx: &mut Tx, waited: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Error> {
    let mut statement = Statement::new("UPDATE imports SET state = 'expired', updated_at = ");
    statement.bind(now.timestamp_millis()).push(" WHERE state = 'waiting' AND created_at < ");
    statement.bind(waited.timestamp_millis());
    statement.execute(tx).await?;
    let mut statement = Statement::new("UPDATE imports SET state = 'failed', fault = 'given_up', updated_at = ");
    statement.bind(now.timestamp_millis()).push(" WHERE state = 'running' AND updated_at < ");
    statement.bind(waited.timestamp_millis());
    statement.push(" AND NOT EXISTS (SELECT 1 FROM jobs WHERE unique_key = 'import:' || imports.id)");
    statement.execute(tx).await.map(drop)
}

/// Forgets why lines of imports before `old` were refused.
///
/// # Errors
/// As the database says.
pub async fn forget_refusals(tx: &mut Tx, old: DateTime<Utc>) -> Result<u64, Error> {
    let mut statement =
        Statement::new("DELETE FROM import_refusals WHERE import_id IN (SELECT id FROM imports WHERE created_at < ");
    statement.bind(old.timestamp_millis()).push(")");
    statement.execute(tx).await
}

fn changed(rows: u64) -> Result<(), Error> {
    match rows {
        0 => Err(Error::conflict("the import went on meanwhile; load its page again")),
        _ => Ok(()),
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read(row: &AnyRow) -> Result<Import, Error> {
    let row = Reader::new("imports", "id", row);
    Ok(Import {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        user_name: row.text("user_name")?,
        file_name: row.text("file_name")?,
        bytes: row.count("bytes")?,
        choice: row.json("choice")?,
        state: row.parsed("state")?,
        lines: row.count("lines")?,
        accepted: row.count("accepted")?,
        duplicates: row.count("duplicates")?,
        refused: row.count("refused")?,
        fault: row.optional_text("fault")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}
