//! What is new since a moment, told from the times that rows have anyway: nothing is written for it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Db;
use super::row::Reader;
use super::statement::Statement;
use crate::feedback::names;
use crate::stores::Error;

names! {
    /// What happened.
    EventKind, "event", {
        /// Feedback came in.
        FeedbackReceived = "feedback_received",
        /// Feedback was understood.
        FeedbackAnalysed = "feedback_analysed",
        /// A ticket was opened.
        TicketOpened = "ticket_opened",
        /// A ticket was corrected, or another message belongs to it.
        TicketChanged = "ticket_changed",
        /// Many write of the same trouble: an incident was opened.
        IncidentOpened = "incident_opened",
        /// An incident was closed, or more messages belong to it.
        IncidentChanged = "incident_changed",
        /// Everything was grouped anew.
        ThemesGrouped = "themes_grouped",
        /// An import of the pages went on, or ended.
        ImportChanged = "import_changed",
    }
}

/// One thing that happened: what, when, to which; no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// The feedback, ticket, incident or import; none if it is about everything.
    pub id: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What happened since a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The last of it, oldest first.
    pub events: Vec<Event>,
    /// Whether there was more of a kind than `limit`, whose older part is left out.
    pub more: bool,
}

/// What happened at `since` or later, the last `limit` of each kind.
///
/// # Errors
/// As the database says.
pub async fn since(db: &Db, since: DateTime<Utc>, limit: u32) -> Result<Happened, Error> {
    let since = since.timestamp_millis();
    let mut statement = Statement::new("SELECT kind, id, happened_at FROM (");
    for (kind, table, column, more) in [
        (EventKind::FeedbackReceived, "feedback", "received_at", ""),
        (EventKind::FeedbackAnalysed, "feedback", "analysed_at", " AND analysed_at IS NOT NULL"),
        (EventKind::TicketOpened, "tickets", "created_at", ""),
        (EventKind::TicketChanged, "tickets", "updated_at", " AND updated_at > created_at"),
        (EventKind::IncidentOpened, "incidents", "opened_at", ""),
        (EventKind::IncidentChanged, "incidents", "updated_at", " AND updated_at > opened_at"),
        (EventKind::ImportChanged, "imports", "updated_at", ""),
    ] {
        statement.push("SELECT * FROM (SELECT '").push(kind.name()).push("' AS kind, id, ").push(column);
        statement.push(" AS happened_at FROM ").push(table).push(" WHERE ").push(column).push(" >= ").bind(since);
        statement.push(more).push(" ORDER BY ").push(column).push(" DESC, id DESC LIMIT ").bind(i64::from(limit));
        statement.push(") AS of_").push(kind.name()).push(" UNION ALL ");
    }
    statement.push("SELECT 'themes_grouped' AS kind, CAST(NULL AS TEXT) AS id, max(updated_at) AS happened_at ");
    statement.push("FROM themes HAVING max(updated_at) >= ").bind(since);
    statement.push(") AS happened ORDER BY happened_at, kind, id");
    let rows = statement.all(db).await?;
    let event = |row| {
        let row = Reader::new("events", "id", row);
        Ok(Event { kind: row.parsed("kind")?, id: row.optional_id("id")?, at: row.time("happened_at")? })
    };
    let events = rows.iter().map(event).collect::<Result<Vec<_>, Error>>()?;
    let full = |kind: &EventKind| events.iter().filter(|event| event.kind == *kind).count() >= limit as usize;
    Ok(Happened { more: EventKind::ALL.iter().any(full), events })
}
