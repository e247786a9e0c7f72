//! Takes an upload in, a batch of lines a transaction: how far it is moves with the lines themselves,
//! so a crash at any moment neither loses nor doubles one, whether lines have ids or not.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::look::{masked, open, options};
use super::{WAITS, file};
use crate::access::Action;
use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::pipeline::audit;
use crate::pipeline::import::{ImportError, Line, Lines};
use crate::pipeline::ingest::insert;
use crate::pipeline::jobs::import_of;
use crate::privacy::RawText;
use crate::stores::sql::imports::{self, Advance, Import, State};
use crate::stores::sql::jobs::{self, Job};

/// How many lines are stored in one transaction.
const BATCH: usize = 256;

/// How many batches are read ahead of the database.
const AHEAD: usize = 4;

/// After how long others get their turn; far below a lease.
const SLICE: Duration = Duration::from_secs(20);

/// How the reading ended.
enum End {
    /// With the file, or with why it broke off.
    Whole(Option<&'static str>),
    /// There is more.
    Slice,
}

/// Goes on with the import of a claimed job: to its end, or for a while.
///
/// # Errors
/// `Unavailable` while its file is not on this machine, or those of the database; what came before is kept.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let id = import_of(job)?;
    let found = imports::get(&app.db, id).await?.filter(|import| import.state == State::Running);
    let Some(import) = found else { return drop_job(app, job).await };
    let (path, reading) = (file::path(app, id), import.clone());
    let opening = tokio::task::spawn_blocking(move || {
        let options = options(&reading)?;
        open(&path, &reading, &options)
    });
    let lines = match opening.await.map_err(|_| broken())? {
        Ok(lines) => lines,
        Err(ImportError::Unreadable(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            return missing(app, job, &import).await;
        }
        Err(_) => return end(app, job, id, Some("unreadable")).await,
    };
    match take(app, import, lines).await? {
        End::Whole(fault) => end(app, job, id, fault).await,
        End::Slice => {
            let mut tx = app.db.begin().await?;
            jobs::postpone(&mut tx, job, "there is more", app.clock.now()).await?;
            tx.commit().await?;
            app.job_added.notify_one();
            Ok(())
        }
    }
}

async fn take(app: &App, mut import: Import, lines: Lines) -> Result<End> {
    let begun = Instant::now();
    let (sender, mut batches) = mpsc::channel(AHEAD);
    let done = usize::try_from(import.lines).unwrap_or(usize::MAX);
    let reading = tokio::task::spawn_blocking(move || read(lines, done, &sender));
    while let Some(batch) = batches.recv().await {
        store(app, &mut import, batch).await?;
        if begun.elapsed() > SLICE {
            return Ok(End::Slice);
        }
    }
    let broke_off = reading.await.map_err(|_| broken())?;
    Ok(End::Whole(broke_off.then_some("broken_off")))
}

/// Reads what is not done yet; whether the file broke off.
fn read(mut lines: Lines, done: usize, sender: &mpsc::Sender<Vec<Line>>) -> bool {
    lines.by_ref().take(done).for_each(drop);
    loop {
        let batch: Vec<Line> = lines.by_ref().take(BATCH).collect();
        if batch.is_empty() || sender.blocking_send(batch).is_err() {
            return lines.broken_off().is_some();
        }
    }
}

async fn store(app: &App, import: &mut Import, batch: Vec<Line>) -> Result<()> {
    let mut more = Advance::default();
    let mut items = Vec::with_capacity(batch.len());
    for line in batch {
        match line.outcome {
            Ok(item) => items.push(item),
            Err(reason) => more.refusals.push((line.number, masked(&RawText::new(reason)))),
        }
    }
    let mut tx = app.db.begin().await?;
    for accepted in insert(app, &mut tx, items).await? {
        match accepted.created {
            true => more.accepted += 1,
            false => more.duplicates += 1,
        }
    }
    imports::advance(&mut tx, import, &more, app.clock.now()).await?;
    tx.commit().await?;
    app.job_added.notify_one();
    import.accepted += more.accepted;
    import.duplicates += more.duplicates;
    import.refused += more.refusals.len() as u64;
    import.lines = import.accepted + import.duplicates + import.refused;
    Ok(())
}

/// A file that is not here may lie with another process over the same database, for as long as files wait.
async fn missing(app: &App, job: &Job, import: &Import) -> Result<()> {
    if app.clock.now() - import.updated_at < WAITS {
        return Err(Error::new(Kind::Unavailable, "the file of the import lies with another process"));
    }
    end(app, job, import.id, Some("gone")).await
}

/// Ends the import with its job and then deletes its file; one that a crash leaves behind goes with the old ones.
async fn end(app: &App, job: &Job, id: Uuid, fault: Option<&str>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if jobs::complete(&mut tx, std::slice::from_ref(job)).await?.is_empty() {
        return Ok(());
    }
    let state = if fault.is_some() { State::Failed } else { State::Done };
    imports::set_state(&mut tx, id, (State::Running, state), fault, app.clock.now()).await?;
    if let Some(import) = imports::get(&app.db, id).await? {
        let Import { accepted, duplicates, refused, .. } = import;
        let details = json!({ "accepted": accepted, "duplicates": duplicates, "refused": refused, "fault": fault });
        let subject = id.to_string();
        let by = import.actor();
        audit::record(&mut tx, &app.clock, &by, Action::ImportFinished, Some(("import", &subject)), details).await?;
    }
    tx.commit().await?;
    file::remove(app, id).await
}

async fn drop_job(app: &App, job: &Job) -> Result<()> {
    let mut tx = app.db.begin().await?;
    jobs::complete(&mut tx, std::slice::from_ref(job)).await?;
    Ok(tx.commit().await?)
}

/// What a panic says may quote a customer, so it is not passed on.
fn broken() -> Error {
    Error::new(Kind::Internal, "reading the file of an import broke off")
}
