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

/// Tells customers apart anew.
pub const PROFILE: &str = "profile";

/// Takes in a file that somebody uploaded.
pub const IMPORT: &str = "import";

/// The job that takes in an upload.
#[must_use]
pub fn import_job(import: Uuid, id: Uuid, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id,
        kind: IMPORT.to_owned(),
        payload: json!({ "import_id": import }),
        unique_key: Some(format!("{IMPORT}:{import}")),
        run_at: now,
    }
}

/// The upload that an import job is about.
///
/// # Errors
/// `Internal` if the payload is not ours.
pub fn import_of(job: &Job) -> Result<Uuid> {
    serde_json::from_value(job.payload["import_id"].clone()).map_err(|source| {
        Error::new(crate::error::Kind::Internal, format!("job {} names no import", job.id)).caused_by(source)
    })
}

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
    request(app, CLUSTER).await
}

/// Puts a look at all customers in the queue, unless one is waiting already.
///
/// # Errors
/// Those of the database.
pub async fn request_profiling(app: &App) -> Result<()> {
    request(app, PROFILE).await
}

/// Puts a job in the queue that carries nothing and of whose kind one is enough.
///
/// # Errors
/// Those of the database.
pub async fn request(app: &App, kind: &str) -> Result<()> {
    let now = app.clock.now();
    let job = NewJob {
        id: app.clock.new_id(),
        kind: kind.to_owned(),
        payload: json!({}),
        unique_key: Some(kind.to_owned()),
        run_at: now,
    };
    let mut tx = app.db.begin().await?;
    jobs::enqueue(&mut tx, &[job], now).await?;
    tx.commit().await?;
    app.job_added.notify_one();
    Ok(())
}
