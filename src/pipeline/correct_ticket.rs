//! Corrects a ticket: where it stands, how urgent it is, whose work it is.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::access::{Action, Actor};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::Priority;
use crate::stores::sql::{Tx, tickets};
use crate::triage;
use crate::triage::ticket::{Status, Ticket};

use super::audit;
use super::lessons::{learn_soon, teach};
use super::tickets::ticket;

/// What a ticket shall be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Where it stands.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Whose work it is.
    pub queue: String,
    /// When the ticket that was read had last changed.
    pub seen: DateTime<Utc>,
}

/// Corrects a ticket; another priority moves its due times, counted from when it was opened, and another queue teaches
/// routing where such texts belong.
///
/// # Errors
/// `NotFound` if there is none, `Conflict` if it changed since it was read or can't go there from where it is,
/// `Invalid` for a queue that there isn't, or those of the database.
pub async fn correct_ticket(app: &App, by: &Actor, id: Uuid, correction: Correction) -> Result<Ticket> {
    let present = ticket(app, id).await?;
    if present.updated_at != correction.seen {
        return Err(Error::conflict("somebody changed the ticket since you read it; read it again"));
    }
    let Correction { status, priority, queue, .. } = correction;
    let status = present.status.change(status).map_err(|bad| Error::conflict(bad.to_string()))?;
    if queue != present.queue && !app.rules.queues.iter().any(|known| known.name == queue) {
        return Err(Error::invalid(format!("there is no queue {queue:?}; choose one of the settings")));
    }
    let mut changed = Ticket { status, priority, queue, updated_at: app.clock.now(), ..present.clone() };
    if priority != present.priority {
        let due = triage::due(priority, present.created_at, &app.rules.settings.due);
        (changed.first_reply_due, changed.resolution_due) = (due.first_reply, due.resolution);
    }
    let mut tx = app.db.begin().await?;
    tickets::correct(&mut tx, &present, &changed).await?;
    record(&mut tx, app, by, &present, &changed).await?;
    if changed.queue != present.queue {
        teach(&mut tx, app, &changed).await?;
    }
    tx.commit().await?;
    learn_soon(app).await;
    Ok(changed)
}

/// Notes in the audit log what is not as it was.
pub(super) async fn record(tx: &mut Tx, app: &App, by: &Actor, before: &Ticket, after: &Ticket) -> Result<()> {
    let parts = [
        ("status", before.status.name(), after.status.name()),
        ("priority", before.priority.name(), after.priority.name()),
        ("queue", &before.queue, &after.queue),
    ];
    let changed = parts.into_iter().filter(|(_, before, after)| before != after);
    let details: Map<String, Value> =
        changed.map(|(name, before, after)| (name.to_owned(), json!([before, after]))).collect();
    if details.is_empty() {
        return Ok(());
    }
    let id = before.id.to_string();
    audit::record(tx, &app.clock, by, Action::TicketCorrected, Some(("ticket", &id)), Value::Object(details)).await
}
