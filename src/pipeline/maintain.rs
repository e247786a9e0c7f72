//! What has to be done from time to time so that nothing grows for ever.

use crate::app::App;
use crate::error::Result;
use crate::stores::sql::{idempotency, users};

/// Forgets answers under keys that are a day old and sessions that are over, and tidies the vectors.
///
/// # Errors
/// Those of the stores.
pub async fn maintain(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let forgotten = idempotency::expire(&mut tx, app.clock.now()).await?;
    let sessions = users::expire_sessions(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    app.vectors.maintain().await?;
    tracing::debug!(forgotten, sessions, "tidied up");
    Ok(())
}
