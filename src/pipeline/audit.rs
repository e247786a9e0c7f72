//! Keeps who changed what: in the transaction of the change, so that neither is there without the other.

use serde_json::{Value, json};

use crate::access::{Action, Actor, AuditEntry};
use crate::app::App;
use crate::clock::Clock;
use crate::error::Result;
use crate::stores::sql::Tx;
use crate::stores::sql::audit::{self, Filter};
use crate::stores::{Cursor, Page};

/// Notes that `by` did `action` to `subject` (its kind and its id or name).
///
/// `details` holds names and numbers, before and after; never a customer's words.
///
/// # Errors
/// Those of the database.
pub async fn record(
    tx: &mut Tx,
    clock: &Clock,
    by: &Actor,
    action: Action,
    subject: Option<(&str, &str)>,
    details: Value,
) -> Result<()> {
    let subject = subject.map(|(kind, id)| (kind.to_owned(), id.to_owned()));
    let entry = AuditEntry { id: clock.new_id(), at: clock.now(), actor: by.clone(), action, subject, details };
    Ok(audit::insert(tx, &entry).await?)
}

/// Notes that `by` took something out of Sada as a file: `what` of `subject`.
///
/// # Errors
/// Those of the database.
pub async fn note_export(app: &App, by: &Actor, what: &str, subject: Option<(&str, &str)>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    record(&mut tx, &app.clock, by, Action::Exported, subject, json!({ "what": what })).await?;
    Ok(tx.commit().await?)
}

/// A page of the audit log, last done first.
///
/// # Errors
/// Those of the database.
pub async fn read_audit(app: &App, filter: &Filter, after: Option<&Cursor>, limit: usize) -> Result<Page<AuditEntry>> {
    Ok(audit::page(&app.db, filter, after, u32::try_from(limit).unwrap_or(u32::MAX)).await?)
}
