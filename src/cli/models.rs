//! `sada models`: what can be had, what is here, and whether it is whole.

use anyhow::Result;
use clap::Subcommand;

use super::{Global, ready};
use crate::inference::models::{self, DEFAULT_MODEL};

/// What to do with models.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Fetch a model now rather than when it is first needed.
    Pull {
        /// A name of `sada models list`.
        #[arg(default_value = DEFAULT_MODEL)]
        name: String,
    },
    /// Show the models that Sada knows how to fetch.
    List,
    /// Read every byte of a fetched model and compare digests.
    Verify {
        /// A name of `sada models list`.
        #[arg(default_value = DEFAULT_MODEL)]
        name: String,
    },
}

/// Fetches, lists or checks.
pub(super) fn run(global: &Global, action: Action) -> Result<()> {
    let dir = ready::model_dir(&global.load()?)?;
    match action {
        Action::Pull { name } => {
            let folder = models::pull(&dir, &name, &models::terminal())?;
            println!("{name} is in {}", folder.path().display());
        }
        Action::List => {
            for listed in models::list(&dir)? {
                let place =
                    listed.folder.map_or("not fetched".to_owned(), |folder| folder.path().display().to_string());
                println!("{}  {}  {place}", listed.model.name, listed.model.licence);
            }
        }
        Action::Verify { name } => {
            let folder = models::verify(&dir, &name)?;
            println!("{name} in {} is whole; digest {}", folder.path().display(), folder.digest()?);
        }
    }
    Ok(())
}
