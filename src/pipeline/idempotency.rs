//! Answers a repeated request with the first one's answer.

use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::stores::sql::idempotency::{self, Request, Reserved};

/// Claims a token's key for a request that is about to run; `hash` tells the request from others.
///
/// # Errors
/// Those of the database.
pub async fn reserve_request(app: &App, token_id: Uuid, key: &str, hash: &str) -> Result<Reserved> {
    let mut tx = app.db.begin().await?;
    let reserved = idempotency::reserve(&mut tx, &Request { token_id, key, hash }, app.clock.now()).await?;
    tx.commit().await?;
    Ok(reserved)
}

/// An answer that can be kept for whoever asks again.
pub trait Kept {
    /// Its status and its body.
    fn kept(&self) -> (u16, &str);
}

/// Frees the key of a request that failed, so that it can be tried again.
///
/// # Errors
/// Those of the database.
pub async fn forget_request(app: &App, request: Request<'_>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    idempotency::forget(&mut tx, &request).await?;
    tx.commit().await?;
    Ok(())
}
