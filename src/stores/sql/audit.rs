//! Who changed what: added to and read, never changed.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::access::{Action, Actor, AuditEntry};
use crate::stores::{Cursor, Error, MAX_PAGE, Page};

/// Which entries a list is about; what is `None` doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was done.
    pub action: Option<Action>,
    /// The name of the user or token that did it.
    pub actor: Option<String>,
    /// The id or name of what it was done to.
    pub subject: Option<String>,
    /// At this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Before this time.
    pub until: Option<DateTime<Utc>>,
}

/// Adds an entry.
///
/// # Errors
/// As the database says.
pub async fn insert(tx: &mut Tx, entry: &AuditEntry) -> Result<(), Error> {
    let mut statement = Statement::new(
        "INSERT INTO audit (id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, details, \
         happened_at) VALUES (",
    );
    let (kind, id) = entry.subject.clone().unzip();
    statement.bind_list([
        Some(entry.id.to_string()),
        Some(entry.actor.kind().to_owned()),
        entry.actor.id().map(|id| id.to_string()),
        entry.actor.name().map(str::to_owned),
        Some(entry.action.name().to_owned()),
        kind,
        id,
        Some(to_json(&entry.details)?),
    ]);
    statement.push(", ").bind(entry.at.timestamp_millis()).push(")");
    statement.execute(tx).await.map(drop)
}

/// A page of what the filter lets through, last done first; at most [`MAX_PAGE`] entries.
///
/// # Errors
/// As the database says.
pub async fn page(db: &Db, filter: &Filter, after: Option<&Cursor>, limit: u32) -> Result<Page<AuditEntry>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(
        "SELECT id, happened_at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, details \
         FROM audit WHERE 1 = 1",
    );
    for (column, value) in [
        ("action", filter.action.map(Action::name)),
        ("actor_name", filter.actor.as_deref()),
        ("subject_id", filter.subject.as_deref()),
    ] {
        if let Some(value) = value {
            statement.push(" AND ").push(column).push(" = ").bind(value);
        }
    }
    if let Some(since) = filter.since {
        statement.push(" AND happened_at >= ").bind(since.timestamp_millis());
    }
    if let Some(until) = filter.until {
        statement.push(" AND happened_at < ").bind(until.timestamp_millis());
    }
    if let Some(after) = after {
        statement.push(" AND (happened_at, id) < (").bind(after.key);
        statement.push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY happened_at DESC, id DESC LIMIT ").bind(i64::from(limit) + 1);
    let items = statement.all(db).await?.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(items, limit, |last: &AuditEntry| Cursor { rank: 0, key: last.at.timestamp_millis(), id: last.id }))
}

fn read(row: &AnyRow) -> Result<AuditEntry, Error> {
    let row = Reader::new("audit", "id", row);
    let actor = Actor::kept(&row.text("actor_kind")?, row.optional_id("actor_id")?, row.optional_text("actor_name")?);
    Ok(AuditEntry {
        id: row.id("id")?,
        at: row.time("happened_at")?,
        actor: actor.ok_or_else(|| row.corrupt("actor_kind", "no such actor"))?,
        action: row.parsed("action")?,
        subject: row.optional_text("subject_kind")?.zip(row.optional_text("subject_id")?),
        details: row.json("details")?,
    })
}
