//! `sada jobs`: what is owed, and another try for what was given up.

use anyhow::Result;

use super::Global;
use crate::clock::Clock;
use crate::server;
use crate::stores::sql::{Db, jobs};

/// What `jobs` understands.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Try what was given up once more; a running server or the next import takes it up.
    #[arg(long)]
    retry: bool,
}

/// Shows the jobs by kind; safe beside a running server.
pub(super) fn run(global: &Global, args: &Args) -> Result<()> {
    let config = global.load()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let db = Db::open(&server::database_settings(&config)?).await?;
        if args.retry {
            println!("{} taken up again", revive(&db).await?);
        }
        let owed = jobs::pending(&db).await?;
        if owed.is_empty() {
            println!("nothing is owed");
        }
        for kind in owed {
            let (waiting, held, dead) = (kind.waiting(), kind.held, kind.dead);
            println!("{:<12} {waiting} waiting, {held} in hand, {dead} given up", kind.kind);
        }
        db.close().await;
        Ok(())
    })
}

async fn revive(db: &Db) -> Result<u64> {
    let mut tx = db.begin().await?;
    let revived = jobs::revive(&mut tx, Clock::system().now()).await?;
    tx.commit().await?;
    Ok(revived)
}
