//! `sada eval sentiment`: how a text feels, on labelled test files.

use std::path::PathBuf;

use anyhow::{Context, Result};
use indicatif::ProgressBar;

use super::super::{Global, ready, train};
use super::write_json;
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
    write_json(args.json.as_deref(), &measured)
}
