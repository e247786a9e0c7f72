//! What was answered under an `Idempotency-Key`, for a day, so that a request sent twice is done once.
//!
//! Complete it in the transaction that does the work: then either both are kept or neither is.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Tx;
use super::row::Reader;
use super::statement::Statement;
use crate::stores::Error;

/// How long an answer is kept.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// After how long a request without an answer counts as lost in a crash.
pub const LOST_AFTER: TimeDelta = TimeDelta::minutes(10);

/// A request that carries a key.
#[derive(Clone, Copy, Debug)]
pub struct Request<'request> {
    /// Whose key it is; two tokens may use the same.
    pub token_id: Uuid,
    /// The key.
    pub key: &'request str,
    /// A hash of method, path and body.
    pub hash: &'request str,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// It is new and now reserved: do it, then complete or forget it.
    New,
    /// It is being done.
    Running,
    /// It was answered.
    Done {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// The key was used for another request.
    Mismatch,
}

/// Reserves the key, or says what became of it.
///
/// # Errors
/// As the database says.
pub async fn reserve(tx: &mut Tx, request: &Request<'_>, now: DateTime<Utc>) -> Result<Reserved, Error> {
    let mut insert = Statement::new("INSERT INTO idempotency (token_id, key, request_hash, created_at) VALUES (");
    insert.bind_list([request.token_id.to_string().as_str(), request.key, request.hash]).push(", ");
    insert.bind(now.timestamp_millis()).push(
        ") ON CONFLICT (token_id, key) DO UPDATE SET request_hash = excluded.request_hash, status = NULL, body = NULL, \
         created_at = excluded.created_at WHERE idempotency.created_at <= ",
    );
    insert.bind((now - KEPT_FOR).timestamp_millis());
    insert.push(" OR (idempotency.status IS NULL AND idempotency.created_at <= ");
    insert.bind((now - LOST_AFTER).timestamp_millis()).push(")");
    if insert.execute(tx).await? > 0 {
        return Ok(Reserved::New);
    }
    let mut select = Statement::new("SELECT key, request_hash, status, body FROM idempotency");
    by_key(&mut select, request);
    let row = select.optional(tx).await?;
    let Some(row) = row else { return Ok(Reserved::Running) };
    let row = Reader::new("idempotency", "key", &row);
    if row.text("request_hash")? != request.hash {
        return Ok(Reserved::Mismatch);
    }
    let Some(status) = row.optional_integer("status")? else { return Ok(Reserved::Running) };
    let status = u16::try_from(status).map_err(|error| row.corrupt("status", error))?;
    Ok(Reserved::Done { status, body: row.optional_text("body")?.unwrap_or_default() })
}

/// Keeps the answer.
///
/// # Errors
/// [`Error::Conflict`] if the key was forgotten or answered meanwhile; then take back the work too.
pub async fn complete(tx: &mut Tx, request: &Request<'_>, status: u16, body: &str) -> Result<(), Error> {
    let mut statement = Statement::new("UPDATE idempotency SET status = ");
    statement.bind(i64::from(status)).push(", body = ").bind(body);
    by_key(&mut statement, request);
    statement.push(" AND status IS NULL AND request_hash = ").bind(request.hash);
    match statement.execute(tx).await? {
        0 => Err(Error::conflict("another attempt of this request was faster; ask again for its answer")),
        _ => Ok(()),
    }
}

/// Frees the key, because the request failed and may be sent again.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, request: &Request<'_>) -> Result<(), Error> {
    let mut statement = Statement::new("DELETE FROM idempotency");
    by_key(&mut statement, request);
    statement.push(" AND status IS NULL");
    statement.execute(tx).await.map(drop)
}

/// Deletes what is older than a day; says how much.
///
/// # Errors
/// As the database says.
pub async fn expire(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, Error> {
    let mut statement = Statement::new("DELETE FROM idempotency WHERE created_at <= ");
    statement.bind((now - KEPT_FOR).timestamp_millis());
    statement.execute(tx).await
}

fn by_key(statement: &mut Statement, request: &Request<'_>) {
    statement.push(" WHERE token_id = ").bind(request.token_id.to_string()).push(" AND key = ").bind(request.key);
}
