//! `sada eval sentiment`: how a text feels, on labelled test files.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use super::super::{Global, ready, train};
use crate::inference::train::{DataFolder, evaluate_sentiment, table};
use crate::inference::{Heads, Reader};

/// What to measure, on which files.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of labelled texts: TASK/DATASET.SPLIT.jsonl.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// Folder of heads that `sada train` wrote [default: those that the program carries].
    #[arg(long, value_name = "FOLDER")]
    heads: Option<PathBuf>,
    /// File for the numbers as JSON, besides the table on the terminal.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Measures, prints, writes.
pub(super) fn run(global: &Global, args: &Args) -> Result<()> {
    let config = global.load()?;
    let data = DataFolder::open(&args.data)?;
    let heads = args.heads.as_deref().map_or_else(Heads::builtin, Heads::load)?;
    let reader = Reader::start(&ready::model(&config)?, heads, &config.engine).context("the model can't be started")?;
    let bar = ProgressBar::new(0).with_style(train::style());
    let show = |done, all| train::show(&bar, "texts encoded", done, all);
    let measured = evaluate_sentiment(&reader, &data, show)?;
    bar.finish_and_clear();
    print!("{}", table(&measured));
    if let Some(path) = &args.json {
        let json = serde_json::to_string_pretty(&measured)?;
        fs::write(path, json + "\n").with_context(|| format!("can't write the numbers to {}", path.display()))?;
    }
    Ok(())
}
