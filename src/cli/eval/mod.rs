//! `sada eval`: how good it is, on data whose truth is known.

mod demo;
mod measure;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use serde::Serialize;

use super::Global;

/// What to measure: every suite on labelled texts, or one thing by itself.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    alone: Option<Alone>,
    #[command(flatten)]
    measure: measure::Measure,
}

/// What is measured by itself.
#[derive(Debug, Subcommand)]
enum Alone {
    /// Triage and themes on the built-in demo set, against its truth.
    Demo(BuiltIn),
}

/// What a measurement on built-in data understands.
#[derive(clap::Args, Debug)]
struct BuiltIn {
    /// Also write the figures to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// List the messages that were misjudged.
    #[arg(long)]
    misses: bool,
}

/// Measures and prints.
pub(super) fn run(global: &Global, args: Args) -> Result<()> {
    match args.alone {
        Some(Alone::Demo(alone)) => demo::run(global, &alone),
        None => measure::run(global, &args.measure),
    }
}

/// Writes figures to the file that was asked for, if one was.
fn write_json(file: Option<&Path>, figures: &impl Serialize) -> Result<()> {
    let Some(file) = file else { return Ok(()) };
    let json = serde_json::to_string_pretty(figures)? + "\n";
    std::fs::write(file, json).with_context(|| format!("can't write the figures to {}", file.display()))
}
