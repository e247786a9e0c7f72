//! `sada eval --data FOLDER`: every suite over labelled texts, as tables, JSON and pictures.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Error, Result, anyhow};
use indicatif::ProgressBar;
use serde::Serialize;

use super::super::{Global, ready, train};
use super::write_json;
use crate::clock::Clock;
use crate::config::Config;
use crate::evals::{AIMS, Bench, Picture, Section, Suite, aim_table, pictures};
use crate::inference::Reader;
use crate::inference::train::{DataFolder, Encodings};
use crate::telemetry;

/// The name of the report's files.
const REPORT: &str = "accuracy";

/// What to measure, on which files.
#[derive(clap::Args, Debug)]
pub(super) struct Measure {
    /// Folder of labelled texts, TASK/DATASET.SPLIT.jsonl [default: only what the project wrote itself].
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Suites to run, of sentiment, urgency, routing, language, themes and privacy [default: all].
    #[arg(long = "suite", value_name = "NAME", num_args = 1..)]
    suites: Vec<Suite>,
    /// Folder for the report: `accuracy.md`, `accuracy.json` and pictures.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// File that keeps the texts' features, so that the next run need not encode them again.
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
}

/// What a report says of its own making.
#[derive(Debug, Serialize)]
struct Report {
    date: String,
    program: &'static str,
    encoder: String,
    encoder_digest: String,
    precision: String,
    model_digest: String,
    machine: String,
    minutes: f64,
    /// Whether features of an earlier run were at hand.
    cached: bool,
    sections: Vec<Section>,
}

/// Measures, prints, writes.
pub(super) fn run(global: &Global, args: &Measure) -> Result<()> {
    let config = global.load()?;
    telemetry::init(&config.log.quiet())?;
    let data = args.data.as_deref().map(DataFolder::open).transpose()?;
    let reader = ready::reader(&config)?;
    let rules = ready::rules(&config, &reader)?;
    let bar = ProgressBar::new(0).with_style(train::style());
    let mut progress = |what: &str, done, all| train::show(&bar, &format!("texts of {what}"), done, all);
    let cached = args.cache.as_deref().is_some_and(Path::is_file);
    let encodings = Encodings::new(reader.engine(), args.cache.as_deref());
    let mut bench = Bench { reader: &reader, rules: &rules, data: data.as_ref(), encodings, progress: &mut progress };
    let began = Instant::now();
    let sections = measure(args, &mut bench, &bar)?;
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    bar.finish_and_clear();
    print!("# aims\n\n{}", aim_table(&AIMS, &sections));
    if data.is_none() {
        println!("\nOnly the project's own texts were measured; --data FOLDER adds public sets (evals/README.md).");
    }
    match &args.out {
        Some(folder) => write(folder, &Report::new(&config, &reader, (minutes, cached), sections)),
        None => Ok(()),
    }
}

/// Runs the suites; one that has nothing to measure is left out, unless it was asked for by name.
fn measure(args: &Measure, bench: &mut Bench<'_>, bar: &ProgressBar) -> Result<Vec<Section>> {
    let (named, data) = (!args.suites.is_empty(), args.data.as_deref());
    let suites = if named { args.suites.as_slice() } else { &Suite::ALL };
    let mut sections = Vec::new();
    for suite in suites {
        let section = suite.run(bench)?;
        if !section.lines.is_empty() {
            bar.suspend(|| print!("# {}\n\n{}\n", section.suite, section.table()));
            sections.push(section);
        } else if named {
            return Err(nothing(&format!(" for {}", suite.name()), data));
        }
    }
    if sections.is_empty() { Err(nothing("", data)) } else { Ok(sections) }
}

/// Says that nothing was measured, and what would be.
fn nothing(of: &str, data: Option<&Path>) -> Error {
    let folder = data.map_or("no folder was given".into(), |folder| format!("{} has no file for it", folder.display()));
    anyhow!("nothing to measure{of}: {folder}; evals/README.md lists the files that --data FOLDER may hold")
}

impl Report {
    fn new(config: &Config, reader: &Reader, (minutes, cached): (f64, bool), sections: Vec<Section>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            date: Clock::system().now().format("%Y-%m-%d").to_string(),
            program: env!("CARGO_PKG_VERSION"),
            encoder: reader.encoder().name.clone(),
            encoder_digest: reader.encoder().digest.clone(),
            precision: format!("{:?}", config.engine.precision).to_lowercase(),
            model_digest: reader.model().digest,
            machine: format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH),
            minutes: (minutes * 10.0).round() / 10.0,
            cached,
            sections,
        }
    }

    /// The report for people; `drawn` are each section's pictures.
    fn markdown(&self, drawn: &[Vec<Picture>]) -> String {
        let Self { date, program, encoder, encoder_digest, model_digest, precision, machine, .. } = self;
        let Self { minutes, cached, sections, .. } = self;
        let kept = if *cached { ", with features of texts that an earlier run kept" } else { "" };
        let mut text = format!(
            "# How right it is\n\nMeasured on {date} by `sada eval` {program} with {encoder} (`{encoder_digest}`; with its \
             heads `{model_digest}`) in {precision}, on {machine}, in {minutes} minutes{kept}. Shares are 0 to 1, with 95 % \
             intervals (Wilson; bootstrap for macro-F1). Mistakes are named by id alone.\n\n## Aims\n\n{}",
            aim_table(&AIMS, sections)
        );
        for (section, drawn) in sections.iter().zip(drawn) {
            let suite = &section.suite;
            let _ = write!(text, "\n## {suite}\n\n{}", section.table());
            for Picture { kind, .. } in drawn {
                let _ = write!(text, "\n![{suite}, {kind}]({})\n", picture_file(suite, kind));
            }
            if !section.confusions.is_empty() {
                let _ = write!(text, "\n### {suite}: what was said of what\n\n{}", section.confusion_tables());
            }
            if !section.mistakes.is_empty() {
                let _ = write!(text, "\n### {suite}: sure and wrong\n\n{}", section.mistake_table());
            }
        }
        text + &files(sections)
    }
}

/// Which files were read, with their digests.
fn files(sections: &[Section]) -> String {
    let files: BTreeMap<&String, &String> = sections.iter().flat_map(|section| &section.files).collect();
    let mut text = String::from("\n## Files\n\n| file | SHA-256 |\n|---|---|\n");
    for (file, digest) in files {
        let _ = writeln!(text, "| {file} | `{digest}` |");
    }
    text
}

fn picture_file(suite: &str, kind: &str) -> String {
    format!("{REPORT}-{suite}-{kind}.svg")
}

fn write(folder: &Path, report: &Report) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("can't make the folder {}", folder.display()))?;
    let put = |name: String, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))
    };
    let drawn: Result<Vec<Vec<Picture>>, String> = report.sections.iter().map(pictures).collect();
    let drawn = drawn.map_err(|reason| anyhow!("can't draw the picture {reason}"))?;
    for (section, drawn) in report.sections.iter().zip(&drawn) {
        for Picture { kind, svg } in drawn {
            put(picture_file(&section.suite, kind), svg)?;
        }
    }
    write_json(Some(&folder.join(format!("{REPORT}.json"))), report)?;
    put(format!("{REPORT}.md"), &report.markdown(&drawn))?;
    println!("\nThe report is {}.", folder.join(format!("{REPORT}.md")).display());
    Ok(())
}
