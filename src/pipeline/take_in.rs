//! Takes a whole file in, batch by batch; what was taken stays taken whatever happens to the rest.

use serde_json::json;
use tokio::sync::mpsc;

use crate::access::{Action, Actor};
use crate::app::App;
use crate::error::Result;

use super::audit;
use super::import::{Line, Lines, Summary};
use super::ingest::ingest;

/// How many lines are stored in one transaction.
const BATCH: usize = 256;

/// How many batches are read ahead of the database.
const AHEAD: usize = 4;

/// Takes in every line in the name of `by`; `progress` is told the counts after each batch.
///
/// # Errors
/// Those of the database; what came before is kept, and sending everything again changes nothing about it
/// if its lines have external ids.
pub async fn take_in(app: &App, by: &Actor, lines: Lines, mut progress: impl FnMut(&Summary)) -> Result<Summary> {
    let mut summary = Summary::new(lines.detected().clone());
    let (sender, mut batches) = mpsc::channel(AHEAD);
    let reading = tokio::task::spawn_blocking(move || read(lines, &sender));
    while let Some(batch) = batches.recv().await {
        store(app, batch, &mut summary).await?;
        progress(&summary);
    }
    summary.broken_off = reading.await.unwrap_or_else(|_| Some("the reader failed; please report this".to_owned()));
    note(app, by, &summary).await?;
    Ok(summary)
}

async fn note(app: &App, by: &Actor, summary: &Summary) -> Result<()> {
    let Summary { accepted, duplicate, refused, .. } = summary;
    let details = json!({ "accepted": accepted, "duplicates": duplicate, "refused": refused });
    let mut tx = app.db.begin().await?;
    audit::record(&mut tx, &app.clock, by, Action::ImportFinished, None, details).await?;
    Ok(tx.commit().await?)
}

/// Reads until the end, or until nobody takes the batches; says why the input broke off, if it did.
fn read(mut lines: Lines, sender: &mpsc::Sender<Vec<Line>>) -> Option<String> {
    loop {
        let batch: Vec<Line> = lines.by_ref().take(BATCH).collect();
        if batch.is_empty() || sender.blocking_send(batch).is_err() {
            return lines.broken_off().map(str::to_owned);
        }
    }
}

async fn store(app: &App, batch: Vec<Line>, summary: &mut Summary) -> Result<()> {
    let mut items = Vec::with_capacity(batch.len());
    for line in batch {
        match line.outcome {
            Ok(item) => items.push(item),
            Err(reason) => summary.refuse(line.number, reason),
        }
    }
    for accepted in ingest(app, items).await? {
        match accepted.created {
            true => summary.accepted += 1,
            false => summary.duplicate += 1,
        }
    }
    Ok(())
}
