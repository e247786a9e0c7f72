//! `sada eval`: how good it is, on data whose truth is known.

mod agreement;
mod demo;

use anyhow::Result;
use clap::Subcommand;

use super::Global;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(super) enum Suite {
    /// Triage and themes on the built-in demo set, against its truth.
    Demo(demo::Args),
}

/// Measures and prints.
pub(super) fn run(global: &Global, suite: Suite) -> Result<()> {
    match suite {
        Suite::Demo(args) => demo::run(global, &args),
    }
}
