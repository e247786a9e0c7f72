//! `sada jobs`: what is owed, and another try for what was given up.

use anyhow::Result;

use super::{Global, database};
use crate::clock::Clock;
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
    database::with(global, async |db, clock| {
        if args.retry {
            println!("{} taken up again", revive(db, clock).await?);
        }
        let owed = jobs::pending(db).await?;
        if owed.is_empty() {
            println!("nothing is owed");
        }
        for kind in owed {
            let (waiting, held, dead) = (kind.waiting(), kind.held, kind.dead);
            println!("{:<12} {waiting} waiting, {held} in hand, {dead} given up", kind.kind);
        }
        Ok(())
    })
}

async fn revive(db: &Db, clock: &Clock) -> Result<u64> {
    let mut tx = db.begin().await?;
    let revived = jobs::revive(&mut tx, clock.now()).await?;
    tx.commit().await?;
    Ok(revived)
}
