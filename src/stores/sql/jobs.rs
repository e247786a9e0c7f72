//! Work that is owed: one small table with leases.
//!
//! No job library can put a job into the caller's own transaction on both SQLite and PostgreSQL, and that is the point:
//! a feedback and the job that analyses it are kept together or not at all.
//!
//! A worker claims jobs for a while, works without holding a transaction, and then, in the transaction that keeps the
//! results, completes them *first* and keeps only the results of those that were still its own.
//! So a job may be worked on twice, after a crash or when a lease ran out, but its results are kept once.
//!
//! A job's payload holds ids, never text.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::stores::Error;

/// How often a job is tried before it counts as dead.
pub const MAX_ATTEMPTS: u32 = 8;

/// How many values one statement lists.
const CHUNK: usize = 200;

/// A job that is to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Its id, in the order of making.
    pub id: Uuid,
    /// Which kind of work.
    pub kind: String,
    /// What about: ids.
    pub payload: serde_json::Value,
    /// While a job of this key waits or runs, no second one is made.
    pub unique_key: Option<String>,
    /// When it may begin.
    pub run_at: DateTime<Utc>,
}

/// A job that a worker holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// Which kind of work.
    pub kind: String,
    /// What about: ids.
    pub payload: serde_json::Value,
    /// How often it was begun, this time included.
    pub attempts: u32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The lease under which it is held.
    pub lease: Uuid,
}

/// For how long jobs are held, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A new id for each claim.
    pub id: Uuid,
    /// When others may take the jobs.
    pub until: DateTime<Utc>,
}

/// What becomes of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is tried again then.
    Later(DateTime<Utc>),
    /// It is not tried again.
    Dead,
    /// It was somebody else's by now.
    Lost,
}

/// How much work of a kind is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Which kind.
    pub kind: String,
    /// Waiting or running.
    pub live: u64,
    /// Those of them that a worker holds.
    pub held: u64,
    /// Given up.
    pub dead: u64,
    /// When the oldest that waits or runs was made.
    pub oldest: Option<DateTime<Utc>>,
}

impl Pending {
    /// Those that nobody holds.
    #[must_use]
    pub const fn waiting(&self) -> u64 {
        self.live - self.held
    }
}

/// How long to wait after the `attempts`th failure: 1 s, 2 s, 4 s… and 10 minutes at most.
#[must_use]
pub fn backoff(attempts: u32) -> TimeDelta {
    TimeDelta::seconds(1_i64 << attempts.saturating_sub(1).min(10)).min(TimeDelta::minutes(10))
}

/// Adds jobs; says how many were new and not kept out by their unique key.
///
/// # Errors
/// As the database says.
pub async fn enqueue(tx: &mut Tx, jobs: &[NewJob], now: DateTime<Utc>) -> Result<u64, Error> {
    let mut added = 0;
    for chunk in jobs.chunks(CHUNK) {
        let mut statement = Statement::new(
            "INSERT INTO jobs (id, kind, payload, unique_key, state, visible_at, attempts, created_at) VALUES ",
        );
        for (index, job) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind(job.id.to_string()).push(", ").bind(job.kind.as_str()).push(", ");
            statement.bind(to_json(&job.payload)?).push(", ").bind(job.unique_key.as_deref()).push(", 'live', ");
            statement.bind(job.run_at.timestamp_millis()).push(", 0, ").bind(now.timestamp_millis()).push(")");
        }
        statement.push(" ON CONFLICT (unique_key) DO NOTHING");
        added += statement.execute(tx).await?;
    }
    Ok(added)
}

/// Takes up to `limit` jobs that are due, oldest first; commit before you work on them.
///
/// One that was begun [`MAX_ATTEMPTS`] times and never came to an end, because it takes the process with it, is given up.
///
/// # Errors
/// As the database says.
pub async fn claim(
    tx: &mut Tx,
    kinds: &[&str],
    limit: u32,
    lease: Lease,
    now: DateTime<Utc>,
) -> Result<Vec<Job>, Error> {
    // Materialised, because PostgreSQL may otherwise ask the inner query twice and take more than `limit`.
    let mut statement =
        Statement::new("WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE state = 'live' AND kind IN (");
    statement.bind_list(kinds.iter().copied()).push(") AND visible_at <= ").bind(now.timestamp_millis());
    statement.push(" ORDER BY visible_at, id LIMIT ").bind(i64::from(limit)).push(tx.dialect.skip_locked());
    statement.push(") UPDATE jobs SET lease = ").bind(lease.id.to_string());
    statement.push(", visible_at = ").bind(lease.until.timestamp_millis());
    statement.push(", attempts = attempts + 1 WHERE id IN (SELECT id FROM due)");
    statement.push(" RETURNING id, kind, payload, attempts, created_at");
    let rows = statement.rows(tx).await?;
    let mut jobs = rows.iter().map(|row| read(row, lease.id)).collect::<Result<Vec<_>, _>>()?;
    jobs.sort_unstable_by_key(|job| job.id);
    let (jobs, worn_out) = jobs.into_iter().partition::<Vec<_>, _>(|job| job.attempts <= MAX_ATTEMPTS);
    for job in &worn_out {
        bury(tx, job, "it was begun too often and never came to an end").await?;
    }
    Ok(jobs)
}

/// Ends jobs that are done; returns the ids of those that were still held.
///
/// The others lost their lease: somebody else does them, so their results must not be kept.
///
/// # Errors
/// As the database says.
pub async fn complete(tx: &mut Tx, jobs: &[Job]) -> Result<HashSet<Uuid>, Error> {
    let mut ended = HashSet::with_capacity(jobs.len());
    for chunk in jobs.chunks(CHUNK) {
        let mut statement = Statement::new("DELETE FROM jobs WHERE ");
        held(&mut statement, chunk);
        statement.push(" RETURNING id");
        for row in statement.rows(tx).await? {
            ended.insert(Reader::new("jobs", "id", &row).id("id")?);
        }
    }
    Ok(ended)
}

/// Puts a job that failed back for later, or gives it up if it failed too often; `error` holds no customer's words.
///
/// # Errors
/// As the database says.
pub async fn retry(tx: &mut Tx, job: &Job, error: &str, now: DateTime<Utc>) -> Result<Outcome, Error> {
    if job.attempts >= MAX_ATTEMPTS {
        return Ok(if bury(tx, job, error).await? { Outcome::Dead } else { Outcome::Lost });
    }
    let at = now + backoff(job.attempts);
    let back = put_back(tx, job, "UPDATE jobs SET lease = NULL", error, at).await?;
    Ok(if back { Outcome::Later(at) } else { Outcome::Lost })
}

/// Puts a job back for `until` as if it had not been begun: what it needs is away, and that is no fault of its own.
/// False if it was somebody else's by now.
///
/// # Errors
/// As the database says.
pub async fn postpone(tx: &mut Tx, job: &Job, error: &str, until: DateTime<Utc>) -> Result<bool, Error> {
    put_back(tx, job, "UPDATE jobs SET lease = NULL, attempts = attempts - 1", error, until).await
}

async fn put_back(tx: &mut Tx, job: &Job, set: &str, error: &str, until: DateTime<Utc>) -> Result<bool, Error> {
    let mut statement = Statement::new(set);
    statement.push(", visible_at = ").bind(until.timestamp_millis());
    set_if_held(tx, job, statement, error).await
}

/// Lets every job that was given up begin anew; says how many those were.
///
/// # Errors
/// As the database says.
pub async fn revive(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, Error> {
    let mut statement = Statement::new("UPDATE jobs SET state = 'live', attempts = 0, visible_at = ");
    statement.bind(now.timestamp_millis()).push(" WHERE state = 'dead'");
    statement.execute(tx).await
}

/// Gives a job up; it stays to be seen, and its unique key is free again. False if it was somebody else's by now.
///
/// # Errors
/// As the database says.
pub async fn bury(tx: &mut Tx, job: &Job, error: &str) -> Result<bool, Error> {
    let statement = Statement::new("UPDATE jobs SET state = 'dead', lease = NULL, unique_key = NULL");
    set_if_held(tx, job, statement, error).await
}

/// Ends an update of one job with its error; false if the job was somebody else's by now.
async fn set_if_held(tx: &mut Tx, job: &Job, mut statement: Statement, error: &str) -> Result<bool, Error> {
    statement.push(", last_error = ").bind(error).push(" WHERE ");
    held(&mut statement, std::slice::from_ref(job));
    Ok(statement.execute(tx).await? > 0)
}

/// Frees every job that is held; says how many those were.
///
/// Only for a database that nobody else works on: whoever held them is gone. They count as begun.
///
/// # Errors
/// As the database says.
pub async fn free_all(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, Error> {
    let mut statement = Statement::new("UPDATE jobs SET lease = NULL, visible_at = ");
    statement.bind(now.timestamp_millis()).push(" WHERE state = 'live' AND lease IS NOT NULL");
    statement.execute(tx).await
}

/// When the next job of these kinds may begin, which may be long ago; none if there is nothing to do.
///
/// # Errors
/// As the database says.
pub async fn next_due(db: &Db, kinds: &[&str]) -> Result<Option<DateTime<Utc>>, Error> {
    let mut statement = Statement::new("SELECT 'next' AS id, min(visible_at) AS due FROM jobs WHERE state = 'live'");
    statement.push(" AND kind IN (").bind_list(kinds.iter().copied()).push(")");
    let row = statement.one(db).await?;
    row.map_or(Ok(None), |row| Reader::new("jobs", "id", &row).optional_time("due"))
}

/// How much is owed, by kind.
///
/// # Errors
/// As the database says.
pub async fn pending(db: &Db) -> Result<Vec<Pending>, Error> {
    let statement = Statement::new(
        "SELECT kind, count(CASE WHEN state = 'live' THEN 1 END) AS live, count(CASE WHEN state = 'dead' THEN 1 END) \
         AS dead, count(CASE WHEN state = 'live' THEN lease END) AS held, \
         min(CASE WHEN state = 'live' THEN created_at END) AS oldest FROM jobs GROUP BY kind ORDER BY kind",
    );
    let rows = statement.all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Reader::new("jobs", "kind", row);
            Ok(Pending {
                kind: row.text("kind")?,
                live: row.count("live")?,
                held: row.count("held")?,
                dead: row.count("dead")?,
                oldest: row.optional_time("oldest")?,
            })
        })
        .collect()
}

/// Adds the condition that a job is one of `jobs` and still held under its lease.
fn held(statement: &mut Statement, jobs: &[Job]) {
    statement.push("(id, lease) IN (VALUES ");
    for (index, job) in jobs.iter().enumerate() {
        statement.push(if index == 0 { "(" } else { ", (" });
        statement.bind_list([job.id.to_string(), job.lease.to_string()]).push(")");
    }
    statement.push(")");
}

fn read(row: &AnyRow, lease: Uuid) -> Result<Job, Error> {
    let row = Reader::new("jobs", "id", row);
    Ok(Job {
        id: row.id("id")?,
        kind: row.text("kind")?,
        payload: row.json("payload")?,
        attempts: u32::try_from(row.integer("attempts")?).map_err(|error| row.corrupt("attempts", error))?,
        created_at: row.time("created_at")?,
        lease,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_ten_minutes() {
        let seconds = (0..=12).map(|attempts| backoff(attempts).num_seconds()).collect::<Vec<_>>();
        assert_eq!(seconds, [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    }
}
