//! Takes feedback in: masked, then stored with its job in one transaction; only then is it accepted.

use crate::app::App;
use crate::error::Result;
use crate::feedback::{Feedback, FeedbackId, NewFeedback};
use crate::privacy;
use crate::stores::sql::feedback::{self, Inserted};
use crate::stores::sql::jobs;

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
    let now = app.clock.now();
    let masked: Vec<Feedback> = items
        .into_iter()
        .map(|item| Feedback {
            id: FeedbackId(app.clock.new_id()),
            text: privacy::mask(&item.text).text,
            question: item.question.map(|question| privacy::mask(&question).text),
            rating: item.rating,
            origin: item.origin,
            received_at: now,
            analysis: None,
        })
        .collect();
    let mut tx = app.db.begin().await?;
    let inserted = feedback::insert_many(&mut tx, &masked).await?;
    let fresh: Vec<_> = inserted
        .iter()
        .filter(|outcome| outcome.is_new())
        .map(|outcome| analyse_job(outcome.id(), app.clock.new_id(), now))
        .collect();
    jobs::enqueue(&mut tx, &fresh, now).await?;
    tx.commit().await?;
    app.job_added.notify_one();
    Ok(inserted.iter().map(|outcome: &Inserted| Accepted { id: outcome.id(), created: outcome.is_new() }).collect())
}
