//! `sada demo`: real messages through the whole path, on the spot.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::summary::Summary;
use super::user::made_up;
use super::{Global, ready};
use crate::access::{Actor, Role, Scope, UserName};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Data};
use crate::feedback::{Channel, NewFeedback};
use crate::pipeline;
use crate::pipeline::import::{self, Format, Options};
use crate::pipeline::record::Defaults;
use crate::pipeline::{ingest, jobs, overview, score, tokens};
use crate::stores::sql::DatabaseSettings;
use crate::stores::vectors::VectorSettings;
use crate::{server, telemetry, worker};

/// 918 messages to an invented delivery-and-wallet company, over twelve weeks.
const MESSAGES: &str = include_str!("../../evals/demo/feedback.ndjson");

/// How many messages are taken in together.
const BATCH: usize = 256;

/// How many themes and tickets the summary shows.
const SHOWN: (usize, u32) = (10, 8);

/// What `demo` understands.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Port to serve on afterwards.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// Language model that writes answers: a GGUF file, or a name of `sada models list`.
    #[arg(long, value_name = "MODEL", env = "SADA_LLM")]
    llm: Option<String>,
    /// Stop after the summary.
    #[arg(long)]
    exit: bool,
}

/// Imports, understands, groups, shows, and serves until Ctrl-C.
pub(super) fn run(global: &Global, args: Args) -> Result<()> {
    let listen = format!("127.0.0.1:{}", args.port);
    let mut flags = vec![("server.listen", listen)];
    flags.extend(args.llm.map(|llm| ("llm.path", llm)));
    let settled = global.load_with(flags)?;
    let (folder, _removed_at_the_end) = fresh_folder(&settled.data.folder)?;
    let config = within(settled, &folder);
    telemetry::init(&config.log.quiet())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(show(&config, args.exit))
}

async fn show(config: &Config, exit: bool) -> Result<()> {
    let listener = if exit { None } else { Some(server::listen(config).await?) };
    let reader = tokio::task::block_in_place(|| ready::reader(config))?;
    let writer = tokio::task::block_in_place(|| ready::writer(config))?;
    let mut opened = server::open(config, Clock::system(), reader).await?;
    opened.app.writer = writer;
    let app = &opened.app;
    take_in(app).await?;
    work(app, &config.worker).await?;
    let scores = score::scores(app, score::Question::default()).await?;
    let personas = pipeline::list_personas(app).await?;
    println!("{}", Summary(&overview::overview(app, SHOWN.0, SHOWN.1).await?, &scores, &personas));
    let Some(listener) = listener else {
        app.db.close().await;
        return Ok(());
    };
    let scopes = vec![Scope::Admin];
    let (_, secret) = tokens::create_token(app, &Actor::Operator, "demo".to_owned(), scopes, None).await?;
    let password = made_up()?;
    let name: UserName = "demo".parse()?;
    pipeline::create_user(&app.db, &app.clock, &Actor::Operator, name.clone(), Role::Admin, password.clone()).await?;
    println!("ready http://{}\ntoken {}", listener.local_addr()?, secret.reveal());
    println!("sign in on that page as {name} with the password {}", password.reveal());
    server::run(opened, listener, config, telemetry::metrics(), server::stop_signal()).await
}

/// The folder that was named, if nothing is in it, or a temporary one that goes when the guard does.
fn fresh_folder(named: &Path) -> Result<(PathBuf, Option<tempfile::TempDir>)> {
    if named.as_os_str().is_empty() {
        let folder = tempfile::Builder::new().prefix("sada-demo-").tempdir()?;
        return Ok((folder.path().to_owned(), Some(folder)));
    }
    if named.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty; the demo wants a fresh folder, so that it touches nothing of yours", named.display());
    }
    Ok((named.to_owned(), None))
}

/// The settings with everything that is kept in `folder`, whatever databases and servers they name.
pub(super) fn within(config: Config, folder: &Path) -> Config {
    Config {
        data: Data { folder: folder.to_owned() },
        database: DatabaseSettings { url: String::new(), ..config.database },
        vectors: VectorSettings { url: None, ..config.vectors },
        ..config
    }
}

pub(super) async fn take_in(app: &App) -> Result<()> {
    let defaults = Defaults { source: "demo".to_owned(), channel: Channel::Other, now: app.clock.now() };
    let mut items: Vec<NewFeedback> = Vec::new();
    for line in import::lines(Cursor::new(MESSAGES), Some(Format::Ndjson), &Options::new(defaults))? {
        match line.outcome {
            Ok(item) => items.push(item),
            Err(reason) => bail!("BUG: line {} of the demo's messages: {reason}", line.number),
        }
    }
    let bar = bar("taking in", items.len() as u64);
    let mut items = items.into_iter().peekable();
    while items.peek().is_some() {
        let batch: Vec<NewFeedback> = items.by_ref().take(BATCH).collect();
        bar.inc(batch.len() as u64);
        ingest::ingest(app, batch).await?;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Works off the queue with a bar, then groups the messages and tells the customers apart.
pub(super) async fn work(app: &App, settings: &worker::Settings) -> Result<()> {
    let waiting = crate::stores::sql::jobs::pending(&app.db).await?.iter().map(|pending| pending.live).sum();
    let bar = bar("understanding", waiting);
    worker::finish(app, settings, |count| bar.inc(count as u64)).await?;
    bar.finish_and_clear();
    jobs::request_clustering(app).await?;
    worker::finish(app, settings, |_| {}).await?;
    jobs::request_profiling(app).await?;
    worker::finish(app, settings, |_| {}).await?;
    Ok(())
}

/// A bar with a count, a rate and the time left.
pub(super) fn bar(what: &'static str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length).with_message(what);
    match ProgressStyle::with_template("{msg:14} {bar:32} {pos}/{len}  {per_sec}  {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_settings_name_the_demo_stays_in_its_folder() {
        let flags = vec![
            ("database.url", "postgres://sada@db/production".to_owned()),
            ("vectors.url", "http://qdrant:6334".to_owned()),
        ];
        let config = within(crate::config::load(None, &flags).expect("settings"), Path::new("/fresh"));
        let settings =
            server::database_settings(&Config { data: Data { folder: std::env::temp_dir() }, ..config.clone() });
        assert!(settings.expect("a database").url.starts_with("sqlite"));
        assert_eq!((config.data.folder.as_path(), config.vectors.url), (Path::new("/fresh"), None));
    }
}
