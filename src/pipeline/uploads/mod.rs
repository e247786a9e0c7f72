//! Files that people import on the pages: received, looked at, and taken in by a job that a crash does not lose.
//!
//! A file waits in the data folder under its import's id, readable by nobody else (mode 600): it holds what customers
//! wrote, unmasked. It is deleted when it is taken in, and after an hour if nobody goes on with it.

pub mod file;
pub mod look;
pub mod run;

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use crate::access::Action;
use crate::app::App;
use crate::error::{Error, Result};
use crate::stores::sql::imports::{self, Choice, Import, State};
use crate::stores::sql::jobs;

use super::audit;
use super::jobs::import_job;

pub use file::{Reception, receive};
pub use look::{Look, look};

/// How long a file waits.
pub const WAITS: TimeDelta = TimeDelta::hours(1);

/// How long it is kept why lines were refused.
const REFUSALS_STAY: TimeDelta = TimeDelta::days(30);

/// One import.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn import(app: &App, id: Uuid) -> Result<Import> {
    imports::get(&app.db, id).await?.ok_or_else(|| Error::not_found("import", id))
}

/// The last imports, newest first.
///
/// # Errors
/// Those of the database.
pub async fn last_imports(app: &App, limit: u32) -> Result<Vec<Import>> {
    Ok(imports::last(&app.db, limit).await?)
}

/// The first refused lines of an import and why.
///
/// # Errors
/// Those of the database.
pub async fn refusals(app: &App, id: Uuid, limit: u32) -> Result<Vec<(u64, String)>> {
    Ok(imports::refusals(&app.db, id, limit).await?)
}

/// Says how a waiting file is to be read.
///
/// # Errors
/// `Conflict` if it doesn't wait any more, or those of the database.
pub async fn choose(app: &App, id: Uuid, choice: &Choice) -> Result<()> {
    let mut tx = app.db.begin().await?;
    imports::choose(&mut tx, id, choice).await?;
    Ok(tx.commit().await?)
}

/// Begins to take a waiting file in; from now on a crash loses nothing of it.
///
/// # Errors
/// `Conflict` if it doesn't wait any more, or those of the database.
pub async fn start(app: &App, import: &Import) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    imports::set_state(&mut tx, import.id, (State::Waiting, State::Running), None, now).await?;
    jobs::enqueue(&mut tx, &[import_job(import.id, app.clock.new_id(), now)], now).await?;
    let id = import.id.to_string();
    let details = json!({ "bytes": import.bytes, "source": import.choice.source });
    audit::record(&mut tx, &app.clock, &import.actor(), Action::ImportStarted, Some(("import", &id)), details).await?;
    tx.commit().await?;
    app.job_added.notify_one();
    Ok(())
}

/// Deletes a waiting file.
///
/// # Errors
/// `Conflict` if it doesn't wait any more, or those of the database.
pub async fn discard(app: &App, id: Uuid) -> Result<()> {
    let mut tx = app.db.begin().await?;
    imports::set_state(&mut tx, id, (State::Waiting, State::Expired), None, app.clock.now()).await?;
    tx.commit().await?;
    file::remove(app, id).await
}

/// Deletes files that nobody goes on with, and forgets old refusals.
///
/// # Errors
/// Those of the database.
pub async fn expire(app: &App) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    imports::expire(&mut tx, now - WAITS, now).await?;
    imports::forget_refusals(&mut tx, now - REFUSALS_STAY).await?;
    tx.commit().await?;
    for id in file::waiting(app).await {
        let state = imports::get(&app.db, id).await?.map(|import| import.state);
        let needed = match state {
            Some(state) => matches!(state, State::Waiting | State::Running),
            None => file::is_young(id, now),
        };
        if !needed {
            file::remove(app, id).await?;
        }
    }
    Ok(())
}
