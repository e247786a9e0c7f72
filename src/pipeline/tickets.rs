//! Lists tickets and moves them along.

use uuid::Uuid;

use crate::access::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::FeedbackId;
use crate::stores::sql::tickets::{self, Filter};
use crate::stores::{Cursor, Page};
use crate::triage::ticket::{Status, Ticket};

use super::correct_ticket::record;

/// By priority, then by when the first reply is due.
///
/// # Errors
/// Those of the database.
pub async fn list_tickets(app: &App, filter: Filter, after: Option<Cursor>, limit: usize) -> Result<Page<Ticket>> {
    Ok(tickets::page(&app.db, &filter, after.as_ref(), u32::try_from(limit).unwrap_or(u32::MAX)).await?)
}

/// One ticket.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn ticket(app: &App, id: Uuid) -> Result<Ticket> {
    tickets::get(&app.db, id).await?.ok_or_else(|| Error::not_found("ticket", id))
}

/// The ticket that a feedback opened or belongs to, if there is one.
///
/// # Errors
/// Those of the database.
pub async fn ticket_of(app: &App, id: FeedbackId) -> Result<Option<Ticket>> {
    Ok(tickets::of_feedback(&app.db, id).await?)
}

/// Moves a ticket along.
///
/// # Errors
/// `NotFound` if there is none, `Conflict` if it can't go there from where it is, or those of the database.
pub async fn change_ticket_status(app: &App, by: &Actor, id: Uuid, to: Status) -> Result<Ticket> {
    let present = ticket(app, id).await?;
    let to = present.status.change(to).map_err(|bad| Error::conflict(bad.to_string()))?;
    let mut tx = app.db.begin().await?;
    let changed = tickets::change_status(&mut tx, id, present.status, to, app.clock.now()).await?;
    let changed = changed.ok_or_else(|| Error::not_found("ticket", id))?;
    record(&mut tx, app, by, &present, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}
