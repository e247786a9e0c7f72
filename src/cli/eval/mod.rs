//! `sada eval`: how good it is, on data whose truth is known.

mod agreement;
mod demo;
mod rates;
mod sentiment;
mod urgency;

use anyhow::Result;
use clap::Subcommand;

use super::Global;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(super) enum Suite {
    /// Triage and themes on the built-in demo set, against its truth.
    Demo(demo::Args),
    /// Sentiment by language on UMSAB's test and other test files that the data folder has.
    Sentiment(sentiment::Args),
    /// Which messages come first, on the built-in urgency test set.
    Urgency(urgency::Args),
}

/// Measures and prints.
pub(super) fn run(global: &Global, suite: Suite) -> Result<()> {
    match suite {
        Suite::Demo(args) => demo::run(global, &args),
        Suite::Sentiment(args) => sentiment::run(global, &args),
        Suite::Urgency(args) => urgency::run(global, &args),
    }
}
