//! `sada config`: the settings, shown and checked.

use anyhow::Result;
use clap::Subcommand;

use super::Global;
use crate::telemetry;

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Print every setting with its default and a comment: a file to start from.
    Default,
    /// Check the settings that apply.
    Check,
    /// Print the settings that apply, secrets masked.
    Print,
}

/// Prints or checks the settings.
pub(super) fn run(global: &Global, action: Action) -> Result<()> {
    match action {
        Action::Default => print!("{}", crate::config::DEFAULTS),
        Action::Check => {
            telemetry::init(&global.load()?.log)?;
            println!("the settings are fine");
        }
        Action::Print => print!("{}", crate::config::print(global.config.as_deref(), &global.flags())?),
    }
    Ok(())
}
