//! `sada eval`: how good it is, on data whose truth is known.

mod agreement;
mod demo;
mod rates;
mod sentiment;
mod urgency;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use serde::Serialize;

use super::Global;

/// What to measure.
#[derive(Debug, Subcommand)]
pub(super) enum Suite {
    /// Triage and themes on the built-in demo set, against its truth.
    Demo(BuiltIn),
    /// Sentiment by language on UMSAB's test and other test files that the data folder has.
    Sentiment(sentiment::Args),
    /// Which messages come first, on the built-in urgency test set.
    Urgency(BuiltIn),
}

/// What the suites on built-in data understand.
#[derive(clap::Args, Debug)]
pub(super) struct BuiltIn {
    /// Also write the figures to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// List the messages that were misjudged.
    #[arg(long)]
    misses: bool,
}

/// Measures and prints.
pub(super) fn run(global: &Global, suite: Suite) -> Result<()> {
    match suite {
        Suite::Demo(args) => demo::run(global, &args),
        Suite::Sentiment(args) => sentiment::run(global, &args),
        Suite::Urgency(args) => urgency::run(global, &args),
    }
}

/// Writes figures to the file that was asked for, if one was.
fn write_json(file: Option<&Path>, figures: &impl Serialize) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let json = serde_json::to_string_pretty(figures)? + "\n";
    std::fs::write(file, json).with_context(|| format!("can't write the figures to {}", file.display()))
}
