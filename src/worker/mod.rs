//! Claims jobs, runs them, and completes, retries or buries them.
//!
//! No transaction is held while a model runs: a claim is a lease, and a worker that dies loses it.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::pipeline::jobs::{self as owed, ANALYSE, CLUSTER, IMPORT, PROFILE};
use crate::pipeline::{analyse, cluster, journey, profile, uploads};
use crate::stores::sql::jobs::{self, Job, Lease, Outcome};

/// How long a job waits for a part of the system that is away.
const AWAY: TimeDelta = TimeDelta::seconds(5);

/// How often uploads that nobody went on with are cleared away.
const TIDY_EVERY: Duration = Duration::from_secs(300);

/// Every how many of those times everything else that is old goes too: once an hour.
const ALL_EVERY: u32 = 12;

/// How often a process asks whether corrections taught something new; one small query.
const LEARN_EVERY: Duration = Duration::from_secs(30);

/// How the worker works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many texts are analysed together.
    pub batch: u32,
    /// How long a claim holds, in seconds; longer than the slowest batch.
    pub lease_s: u32,
    /// How often the queue is looked at when nobody called, in milliseconds.
    pub poll_ms: u64,
    /// How often everything is grouped anew, in minutes; 0 for never.
    pub regroup_every_min: u64,
    /// How often customers are told apart anew, in minutes; 0 for never.
    pub profile_every_min: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { batch: 64, lease_s: 300, poll_ms: 1_000, regroup_every_min: 60, profile_every_min: 360 }
    }
}

/// What one look at the queue came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many jobs were done or given back.
    Worked(usize),
    /// Nothing was due.
    Idle,
}

/// Works until `stop`; a batch in hand is finished first.
pub async fn run(app: App, settings: Settings, stop: CancellationToken) {
    let poll = Duration::from_millis(settings.poll_ms);
    while !stop.is_cancelled() {
        match step(&app, &settings).await {
            Ok(Step::Worked(_)) => {}
            Ok(Step::Idle) => wait(&app, poll, &stop).await,
            Err(error) => {
                tracing::error!(error = %error, cause = ?std::error::Error::source(&error), "the job queue can't be read");
                wait(&app, poll, &stop).await;
            }
        }
    }
}

async fn wait(app: &App, poll: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = app.job_added.notified() => {}
        () = tokio::time::sleep(poll) => {}
        () = stop.cancelled() => {}
    }
}

/// Works until nothing is owed, and waits for what is to be tried again or is in other hands; for commands.
/// `done` hears of each step's jobs.
///
/// # Errors
/// Those of the database.
pub async fn finish(app: &App, settings: &Settings, mut done: impl FnMut(usize)) -> Result<()> {
    loop {
        match step(app, settings).await? {
            Step::Worked(count) => done(count),
            Step::Idle if jobs::next_due(&app.db, &[ANALYSE, CLUSTER, IMPORT, PROFILE]).await?.is_none() => {
                return Ok(());
            }
            Step::Idle => tokio::time::sleep(Duration::from_millis(settings.poll_ms)).await,
        }
    }
}

/// Claims what is due and runs it: a part of an import, or else a batch of texts, or else one grouping, or else one look
/// at all customers.
///
/// # Errors
/// Those of the database; a job's own failure is its own matter.
pub async fn step(app: &App, settings: &Settings) -> Result<Step> {
    let imports = claim(app, settings, IMPORT, 1).await?;
    if let Some(import) = imports.first() {
        let outcome = uploads::run::run(app, import).await;
        return settle(app, &imports, outcome).await;
    }
    let texts = claim(app, settings, ANALYSE, settings.batch).await?;
    if !texts.is_empty() {
        let outcome = analyse::analyse(app, &texts).await;
        return settle(app, &texts, outcome).await;
    }
    let groupings = claim(app, settings, CLUSTER, 1).await?;
    if !groupings.is_empty() {
        let outcome = cluster::cluster(app, &groupings).await;
        if outcome.is_ok() {
            place_on_journeys(app).await;
        }
        return settle(app, &groupings, outcome).await;
    }
    let profiles = claim(app, settings, PROFILE, 1).await?;
    if profiles.is_empty() {
        return Ok(Step::Idle);
    }
    let outcome = profile::profile(app, &profiles).await;
    settle(app, &profiles, outcome).await
}

/// Who looks at a journey places what is missing, too, so a failure here costs only time.
async fn place_on_journeys(app: &App) {
    if let Err(error) = journey::catch_up_all(app).await {
        tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "records could not be placed on journeys");
    }
}

async fn claim(app: &App, settings: &Settings, kind: &str, limit: u32) -> Result<Vec<Job>> {
    let now = app.clock.now();
    let lease = Lease { id: app.clock.new_id(), until: now + TimeDelta::seconds(i64::from(settings.lease_s)) };
    let mut tx = app.db.begin().await?;
    let claimed = jobs::claim(&mut tx, &[kind], limit, lease, now).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// What runs well has completed its jobs itself, with its results; what failed goes back or is buried.
async fn settle(app: &App, claimed: &[Job], outcome: Result<()>) -> Result<Step> {
    let Err(error) = outcome else { return Ok(Step::Worked(claimed.len())) };
    tracing::warn!(jobs = claimed.len(), error = %error, cause = ?std::error::Error::source(&error), "a batch of jobs failed");
    if let (true, true) = (claimed.len() > 1, error.kind() != Kind::Unavailable) {
        return one_by_one(app, claimed).await;
    }
    for job in claimed {
        give_back(app, job, &error).await?;
    }
    Ok(Step::Worked(claimed.len()))
}

/// One bad item must not take its batch down with it.
async fn one_by_one(app: &App, claimed: &[Job]) -> Result<Step> {
    for job in claimed {
        if let Err(error) = analyse::analyse(app, std::slice::from_ref(job)).await {
            give_back(app, job, &error).await?;
        }
    }
    Ok(Step::Worked(claimed.len()))
}

async fn give_back(app: &App, job: &Job, error: &Error) -> Result<()> {
    let (now, told, mut given_up) = (app.clock.now(), error.to_string(), false);
    let mut tx = app.db.begin().await?;
    match error.kind() {
        Kind::Invalid | Kind::NotFound => {
            given_up = jobs::bury(&mut tx, job, &told).await?;
        }
        Kind::Busy | Kind::Unavailable => {
            jobs::postpone(&mut tx, job, &told, now + AWAY).await?;
        }
        Kind::Conflict | Kind::Internal => {
            given_up = jobs::retry(&mut tx, job, &told, now).await? == Outcome::Dead;
        }
    }
    tx.commit().await?;
    if given_up {
        tracing::error!(job = %job.id, kind = job.kind, error = told, "gave a job up; `sada jobs --retry` tries it again");
    }
    Ok(())
}

/// Tidies up until `stop`: uploads every five minutes, all else every hour.
pub async fn tidy(app: App, stop: CancellationToken) {
    let mut times = tokio::time::interval(TIDY_EVERY);
    for time in (0..ALL_EVERY).cycle() {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = times.tick() => {}
        }
        if let Err(error) = uploads::expire(&app).await {
            tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "old uploads can't be cleared away");
        }
        if time != 0 {
            continue;
        }
        if let Err(error) = crate::pipeline::maintain(&app).await {
            tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "tidying up failed");
        }
    }
}

/// Learns every half minute until `stop` what corrections in other processes taught.
pub async fn learn(app: App, stop: CancellationToken) {
    let mut times = tokio::time::interval(LEARN_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = times.tick() => {}
        }
        if let Err(error) = crate::pipeline::learn(&app).await {
            tracing::warn!(error = %error, cause = ?std::error::Error::source(&error), "lessons could not be read");
        }
    }
}

/// Asks for groupings and looks at all customers at the set times until `stop`.
pub async fn schedule(app: App, settings: Settings, stop: CancellationToken) {
    let groupings = every(settings.regroup_every_min, CLUSTER, &app, &stop);
    let profiles = every(settings.profile_every_min, PROFILE, &app, &stop);
    tokio::join!(groupings, profiles);
}

/// Asks for a job of this kind every so many minutes until `stop`; never if these are 0.
async fn every(minutes: u64, kind: &str, app: &App, stop: &CancellationToken) {
    if minutes == 0 {
        return;
    }
    let every = Duration::from_secs(minutes * 60);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        if let Err(error) = owed::request(app, kind).await {
            tracing::warn!(kind, error = %error, "a job could not be scheduled");
        }
    }
}
