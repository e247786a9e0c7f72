//! `sada import`: a file of feedback, into the folder or through the server that owns it.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;

use super::{Global, demo, ready};
use crate::access::Actor;
use crate::clock::Clock;
use crate::config::Config;
use crate::feedback::Channel;
use crate::pipeline::import::{self, Assignment, Field, Format, Lines, Options, Refusal, Summary};
use crate::pipeline::record::Defaults;
use crate::pipeline::take_in::take_in;
use crate::stores::folder;
use crate::stores::sql::jobs;
use crate::{server, telemetry};

/// What `import` understands.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// CSV, NDJSON or XLSX file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Columns by hand, as field=column: text=Comment,rating=Score, or by number: text=#3; fields: text, question, rating, nps, csat, ces, stars, channel, source_kind, touchpoint, customer, date, source, id, metadata, none.
    #[arg(long, value_name = "FIELD=COLUMN,…", default_value = "")]
    map: String,
    /// What the file is [default: by its name, else by its beginning].
    #[arg(long, value_name = "csv|ndjson|xlsx")]
    format: Option<String>,
    /// The workbook's sheet [default: the first].
    #[arg(long)]
    sheet: Option<String>,
    /// Encoding, such as windows-1256 [default: detected].
    #[arg(long)]
    encoding: Option<String>,
    /// System that the file comes from; with each line's id the key that makes importing twice safe.
    #[arg(long, default_value = "import")]
    source: String,
    /// Channel of lines that don't say.
    #[arg(long, default_value = "other")]
    channel: Channel,
    /// Show what would be read and the mapping, and import nothing.
    #[arg(long)]
    dry_run: bool,
    /// Token with feedback:write, for importing through a running server.
    #[arg(long, env = "SADA_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

/// Imports a file and analyses it, or hands it to the server that owns the folder.
pub(super) fn run(global: &Global, args: Args) -> Result<()> {
    let config = global.load()?;
    telemetry::init(&config.log.quiet())?;
    let clock = Clock::system();
    let (lines, bar) = open(&args, &clock)?;
    show_mapping(&lines);
    if args.dry_run {
        return dry_run(lines);
    }
    if let Some(address) = folder::owner(&server::data_folder(&config)?)?.and_then(|owner| owner.address) {
        drop(lines);
        return through_server(&args, &address);
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(local(&config, clock, lines, &bar))
}

/// Tells what an import would refuse and why.
fn dry_run(mut lines: Lines) -> Result<()> {
    let mut summary = Summary::new(lines.detected().clone());
    let mut fine = 0_u64;
    for line in lines.by_ref() {
        match line.outcome {
            Ok(_) => fine += 1,
            Err(reason) => summary.refuse(line.number, reason),
        }
    }
    println!("nothing imported; {fine} lines are fine, {} would be refused", summary.refused);
    show_refusals(&summary);
    match lines.broken_off() {
        Some(reason) => bail!("the file ended too early: {reason}"),
        None => Ok(()),
    }
}

async fn local(config: &Config, clock: Clock, lines: Lines, bar: &ProgressBar) -> Result<()> {
    let reader = tokio::task::block_in_place(|| ready::reader(config))?;
    let opened = server::open(config, clock, reader).await?;
    let summary = take_in(&opened.app, &Actor::Operator, lines, |_| {}).await?;
    bar.finish_and_clear();
    show(&summary);
    demo::work(&opened.app, &config.worker).await?;
    let given_up: u64 = jobs::pending(&opened.app.db).await?.iter().map(|owed| owed.dead).sum();
    opened.app.db.close().await;
    if given_up > 0 {
        bail!("{given_up} jobs were given up, the log says why; `sada jobs --retry` tries them again");
    }
    match summary.broken_off {
        Some(reason) => bail!("the file ended too early: {reason}; what came before is imported"),
        None if summary.refused > 0 && summary.refused == summary.total() => bail!("every line was refused"),
        None => Ok(()),
    }
}

fn open(args: &Args, clock: &Clock) -> Result<(Lines, ProgressBar)> {
    let defaults = Defaults { source: args.source.clone(), channel: args.channel, now: clock.now() };
    let options = Options {
        map: Assignment::list(&args.map)?,
        sheet: args.sheet.clone(),
        encoding: args.encoding.clone(),
        ..Options::new(defaults)
    };
    let file = File::open(&args.file).with_context(|| format!("can't open {}", args.file.display()))?;
    let bar = ProgressBar::new(file.metadata()?.len()).with_message("reading");
    if let Ok(style) = ProgressStyle::with_template("{msg:14} {bar:32} {bytes}/{total_bytes}  {eta} left") {
        bar.set_style(style);
    }
    let lines = import::lines(bar.wrap_read(file), format(args)?, &options)
        .with_context(|| format!("{} can't be imported", args.file.display()))?;
    Ok((lines, bar))
}

fn format(args: &Args) -> Result<Option<Format>> {
    Ok(match args.format.as_deref() {
        None => Format::of_path(&args.file),
        Some("csv") => Some(Format::Csv),
        Some("ndjson") => Some(Format::Ndjson),
        Some("xlsx") => Some(Format::Xlsx),
        Some(other) => bail!("{other:?} is no format; it must be csv, ndjson or xlsx"),
    })
}

fn show_mapping(lines: &Lines) {
    let detected = lines.detected();
    if let Some(encoding) = detected.encoding.as_ref().filter(|_| detected.converted) {
        println!("converted from {encoding}");
    }
    let Some(mapping) = &detected.mapping else { return };
    println!("{:<24} {:<14} sure", "column", "becomes");
    for column in &mapping.columns {
        println!("{:<24} {:<14} {:.0} %", column.name, column.field.to_string(), column.confidence * 100.0);
    }
    if !mapping.columns.iter().any(|column| column.field == Field::ExternalId) {
        println!(
            "no column is an id: importing this file again would import it twice; assign one with --map id=COLUMN"
        );
    }
}

fn show(summary: &Summary) {
    println!("{} new, {} there already, {} refused", summary.accepted, summary.duplicate, summary.refused);
    show_refusals(summary);
}

fn show_refusals(summary: &Summary) {
    for refusal in &summary.refusals {
        println!("  line {}: {}", refusal.line, refusal.reason);
    }
    let more = summary.refused.saturating_sub(summary.refusals.len() as u64);
    if more > 0 {
        println!("  and {more} more");
    }
}

/// A server owns the folder: it takes the file, so that two processes never write to it.
fn through_server(args: &Args, address: &str) -> Result<()> {
    let Some(token) = &args.token else {
        bail!(
            "a server at {address} owns the data folder; give a token with feedback:write to import through it: \
             sada import {} --token $(sada token create import --scopes feedback:write)",
            args.file.display()
        );
    };
    println!("importing through the server at {address}");
    let told = send(&args.file, &format!("http://{address}/v1/feedback/import"), token, args)?;
    let Told { accepted, duplicates: duplicate, refused, refusals } = told;
    show(&Summary { accepted, duplicate, refused, refusals, ..Summary::default() });
    Ok(())
}

/// What a server says of an import.
#[derive(Deserialize)]
struct Told {
    accepted: u64,
    duplicates: u64,
    refused: u64,
    refusals: Vec<Refusal>,
}

fn send(path: &Path, url: &str, token: &str, args: &Args) -> Result<Told> {
    if args.sheet.is_some() {
        bail!("a server reads a workbook's first sheet; stop the server to import another one, or save it as CSV");
    }
    let media_type = format(args)?.map_or("application/octet-stream", Format::media_type);
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent
        .post(url)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", media_type)
        .query("source", &args.source)
        .query("channel", args.channel.name())
        .query("map", &args.map);
    if let Some(encoding) = &args.encoding {
        request = request.query("encoding", encoding);
    }
    let mut response =
        request.send(File::open(path)?).with_context(|| format!("the server at {url} does not answer"))?;
    let body = response.body_mut().read_to_string()?;
    if !response.status().is_success() {
        bail!("the server refused the import ({}): {body}", response.status());
    }
    serde_json::from_str(&body).context("the server answers in a way that this version does not know")
}
