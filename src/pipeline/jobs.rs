//! The jobs there are: what each is called and what it carries (ids only).

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::FeedbackId;
use crate::stores::sql::jobs::{self, Job, NewJob};

/// Understands one feedback.
pub const ANALYSE: &str = "analyse";

/// Groups everything anew.
pub const CLUSTER: &str = "cluster";

/// The job that analyses one feedback.
#[must_use]
pub fn analyse_job(feedback: FeedbackId, id: Uuid, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id,
        kind: ANALYSE.to_owned(),
        payload: json!({ "feedback_id": feedback }),
        unique_key: Some(format!("{ANALYSE}:{feedback}")),
        run_at: now,
    }
}

/// The feedback that an analyse job is about.
///
/// # Errors
/// `Internal` if the payload is not ours.
pub fn feedback_of(job: &Job) -> Result<FeedbackId> {
    serde_json::from_value(job.payload["feedback_id"].clone()).map_err(|source| {
        Error::new(crate::error::Kind::Internal, format!("job {} names no feedback", job.id)).caused_by(source)
    })
}

/// Puts a grouping in the queue, unless one is waiting already.
///
/// # Errors
/// Those of the database.
pub async fn request_clustering(app: &App) -> Result<()> {
    let now = app.clock.now();
    let job = NewJob {
        id: app.clock.new_id(),
        kind: CLUSTER.to_owned(),
        payload: json!({}),
        unique_key: Some(CLUSTER.to_owned()),
        run_at: now,
    };
    let mut tx = app.db.begin().await?;
    jobs::enqueue(&mut tx, &[job], now).await?;
    tx.commit().await?;
    app.job_added.notify_one();
    Ok(())
}
