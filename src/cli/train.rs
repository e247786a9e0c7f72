//! `sada train`: fits the heads on labelled files and writes them with a report.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Global, ready};
use crate::inference::Engine;
use crate::inference::heads::HeadName;
use crate::inference::train::{DataFolder, Plan, Progress, train};

/// What to fit, from where, to where.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Folder of labelled texts: TASK/DATASET.SPLIT.jsonl.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Folder that the heads are written to.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Heads to fit [default: all].
    #[arg(long = "head", value_name = "NAME", num_args = 1..)]
    heads: Vec<HeadName>,
    /// File that keeps the texts' features, so that the next run need not encode them again.
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
    /// File for the report, besides the terminal.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Fits, writes, prints.
pub(super) fn run(global: &Global, args: Args) -> Result<()> {
    let config = global.load()?;
    let heads = if args.heads.is_empty() { HeadName::ALL.to_vec() } else { args.heads };
    let plan = Plan { data: DataFolder::open(&args.data)?, out: args.out, heads, cache: args.cache };
    let engine =
        Engine::start(&ready::model(&config)?, None, config.engine.clone()).context("the model can't be started")?;
    let bar = ProgressBar::new(0).with_style(style());
    let report = train(&engine, &plan, |progress| match progress {
        Progress::Encoded(done, all) => show(&bar, "texts encoded", done, all),
        Progress::Fitted(head, done, all) => show(&bar, &format!("fits done ({head})"), done, all),
    })?;
    bar.finish_and_clear();
    print!("{report}");
    println!("The heads are in {}.", plan.out.display());
    if let Some(path) = &args.report {
        fs::write(path, &report).with_context(|| format!("can't write the report to {}", path.display()))?;
    }
    Ok(())
}

/// A bar with counts, a word on what is counted, and the time left.
pub(super) fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Moves the bar.
pub(super) fn show(bar: &ProgressBar, what: &str, done: usize, all: usize) {
    bar.set_length(all as u64);
    bar.set_position(done as u64);
    bar.set_message(what.to_owned());
}
