//! Work on the database that applies; safe beside a running server.

use anyhow::Result;

use super::Global;
use crate::clock::Clock;
use crate::server;
use crate::stores::sql::Db;

/// Opens the database, does the work and closes it.
pub(super) fn with(global: &Global, work: impl AsyncFnOnce(&Db, &Clock) -> Result<()>) -> Result<()> {
    let config = global.load()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let db = Db::open(&server::database_settings(&config)?).await?;
        work(&db, &Clock::system()).await?;
        db.close().await;
        Ok(())
    })
}
