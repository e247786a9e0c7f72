//! Takes feedback in: masked, then stored with its job in one transaction; only then is it accepted.

use serde_json::Value;

use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::{Feedback, FeedbackId, NewFeedback, Origin, Touchpoint};
use crate::privacy::{self, RawText};
use crate::stores::sql::feedback::{self, Inserted};
use crate::stores::sql::idempotency::{self, Request};
use crate::stores::sql::{Tx, jobs};

use super::idempotency::Kept;
use super::jobs::analyse_job;

/// What became of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its id, or that of the one that was there already.
    pub id: FeedbackId,
    /// Whether it is new; not so if the same source and external id were there.
    pub created: bool,
}

/// Masks and stores the items and their jobs; one outcome per item, in order.
///
/// # Errors
/// `Unavailable` or `Busy` from the database; then nothing was accepted.
pub async fn ingest(app: &App, items: Vec<NewFeedback>) -> Result<Vec<Accepted>> {
    let mut tx = app.db.begin().await?;
    let accepted = insert(app, &mut tx, items).await?;
    tx.commit().await?;
    app.job_added.notify_one();
    Ok(accepted)
}

/// As [`ingest`], and keeps the answer under the request's key in the same transaction:
/// whoever sends the request again after a crash gets the answer or does the work, never both.
///
/// # Errors
/// As [`ingest`], what `answer` says, and `Conflict` if another attempt of the request was faster; then nothing was accepted.
pub async fn ingest_once<A: Kept, E: From<Error>>(
    app: &App,
    items: Vec<NewFeedback>,
    request: Option<Request<'_>>,
    answer: impl FnOnce(Vec<Accepted>) -> Result<A, E>,
) -> Result<A, E> {
    let mut tx = app.db.begin().await.map_err(Error::from)?;
    let answer = answer(insert(app, &mut tx, items).await?)?;
    if let Some(request) = request {
        let (status, body) = answer.kept();
        idempotency::complete(&mut tx, &request, status, body).await.map_err(Error::from)?;
    }
    tx.commit().await.map_err(Error::from)?;
    app.job_added.notify_one();
    Ok(answer)
}

/// Masks and stores the items and their jobs in a transaction of the caller's, who then wakes the worker.
///
/// # Errors
/// Those of the database.
pub(super) async fn insert(app: &App, tx: &mut Tx, items: Vec<NewFeedback>) -> Result<Vec<Accepted>> {
    let now = app.clock.now();
    let masked: Vec<Feedback> = items
        .into_iter()
        .map(|item| Feedback {
            id: FeedbackId(app.clock.new_id()),
            text: privacy::mask(&item.text).text,
            question: item.question.map(|question| privacy::mask(&question).text),
            rating: item.rating,
            origin: masked_origin(item.origin),
            received_at: now,
            analysis: None,
        })
        .collect();
    let inserted = feedback::insert_many(tx, &masked).await?;
    let fresh: Vec<_> = inserted
        .iter()
        .filter(|outcome| outcome.is_new())
        .map(|outcome| analyse_job(outcome.id(), app.clock.new_id(), now))
        .collect();
    jobs::enqueue(tx, &fresh, now).await?;
    Ok(inserted.iter().map(|outcome: &Inserted| Accepted { id: outcome.id(), created: outcome.is_new() }).collect())
}

/// The origin with whatever is personal in its free fields masked.
fn masked_origin(origin: Origin) -> Origin {
    let touchpoint = origin.touchpoint.and_then(|name| Touchpoint::try_from(masked(name.as_str())).ok());
    let metadata = origin.metadata.into_iter().map(|(key, value)| (masked(&key), masked_value(value))).collect();
    Origin { source: masked(&origin.source), touchpoint, metadata, ..origin }
}

fn masked(text: &str) -> String {
    privacy::mask(&RawText::new(text)).text.as_str().to_owned()
}

/// Masks every text inside; a number is looked at as it would be written.
fn masked_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(masked(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(masked_value).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (masked(&key), masked_value(value))).collect())
        }
        Value::Number(number) => {
            let (typed, kept) = (number.to_string(), masked(&number.to_string()));
            if typed == kept { Value::Number(number) } else { Value::String(kept) }
        }
        Value::Null | Value::Bool(_) => value,
    }
}
