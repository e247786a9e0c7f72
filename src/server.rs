//! One process: what is opened, what runs for long, and how it stops.
//!
//! The only place that starts long-lived tasks; each is tracked and ends on the same token.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, CurrentLessons, CurrentThemes, JourneyProfiles};
use crate::clock::Clock;
use crate::config::Config;
use crate::feedback::ModelInfo;
use crate::inference::Reader;
use crate::pipeline::{self, rules};
use crate::stores::folder::FolderLock;
use crate::stores::sql::{self, DatabaseSettings, Db};
use crate::stores::vectors::VectorIndex;
use crate::themes::{Plan, Present};
use crate::{telemetry, web, worker};

/// The database's file in the data folder.
const DATABASE_FILE: &str = "sada.db";

/// The vectors' folder in the data folder.
const VECTORS_FOLDER: &str = "vectors";

/// The folder of files that wait to be imported, in the data folder.
const UPLOADS_FOLDER: &str = "uploads";

/// The fact in the database that says which model its vectors are of.
const VECTORS_OF: &str = "vectors.model";

/// How long running work may take after the first signal.
const GRACE: Duration = Duration::from_secs(60);

/// An app with the lock on its data folder; dropping it lets others have the folder.
pub struct Opened {
    /// What is wired.
    pub app: App,
    /// Held for as long as the app lives.
    pub lock: FolderLock,
}

/// The data folder that applies.
///
/// # Errors
/// If the platform has none and none is set.
pub fn data_folder(config: &Config) -> Result<PathBuf> {
    if !config.data.folder.as_os_str().is_empty() {
        return Ok(config.data.folder.clone());
    }
    let folders = directories::ProjectDirs::from("", "", "sada")
        .context("this user has no home folder; name a data folder with --data-dir")?;
    Ok(folders.data_dir().to_owned())
}

/// The database that applies: the one that is set, or a file in the data folder.
///
/// # Errors
/// If there is no data folder.
pub fn database_settings(config: &Config) -> Result<DatabaseSettings> {
    if !config.database.url.is_empty() {
        return Ok(config.database.clone());
    }
    let folder = data_folder(config)?;
    std::fs::create_dir_all(&folder).with_context(|| format!("can't make the data folder {}", folder.display()))?;
    Ok(DatabaseSettings::sqlite(&folder.join(DATABASE_FILE)))
}

/// Opens the stores and wires them to a model that is ready.
///
/// # Errors
/// If another process owns the folder, or a store can't be opened.
pub async fn open(config: &Config, clock: Clock, reader: Reader) -> Result<Opened> {
    let folder = data_folder(config)?;
    let lock = FolderLock::acquire(&folder)?;
    let db = Db::open(&database_settings(config)?).await?;
    if config.database.url.is_empty() {
        free_jobs(&db, &clock).await?;
    }
    same_model(&db, &reader.space()).await?;
    let vectors = VectorIndex::open(&config.vectors, &folder.join(VECTORS_FOLDER), reader.dimension()).await?;
    let rules = rules::compile(&config.triage, &config.queue, &reader).await?;
    let themes = CurrentThemes::default();
    themes.set(present(&db).await?);
    let app = App {
        clock,
        reader,
        writer: None,
        rules: Arc::new(rules),
        db,
        vectors,
        grouping: Arc::new(config.themes.clone()),
        themes,
        journeys: JourneyProfiles::default(),
        lessons: CurrentLessons::default(),
        job_added: Arc::default(),
        stop: CancellationToken::new(),
        uploads: folder.join(UPLOADS_FOLDER).into(),
        queues: rules::queues(&config.queue).into(),
        settings: config.shown.clone().into(),
    };
    pipeline::learn(&app).await?;
    Ok(Opened { app, lock })
}

/// The themes as they were left.
async fn present(db: &Db) -> Result<Present> {
    let themes = sql::themes::list(db).await?.into_iter().map(|listed| listed.theme).collect();
    let mut tx = db.begin().await?;
    let groups = sql::themes::groups(&mut tx).await?;
    let edits = sql::theme_edits::holding(&mut tx).await?;
    let plan = Plan::new(groups.iter().map(|group| group.id), &edits);
    Ok(Present { groups, themes, plan })
}

/// Places of two spaces can't be compared, so the space of the first model that fills a database is noted in it.
async fn same_model(db: &Db, space: &ModelInfo) -> Result<()> {
    match sql::meta::get(db, VECTORS_OF).await? {
        Some(digest) if digest == space.digest => Ok(()),
        Some(digest) => bail!(
            "what is stored was read by another model (digest {digest:.12}, and {} is {:.12}), and vectors of two models \
             can't be compared; start with that model, or import into a fresh data folder",
            space.name,
            space.digest
        ),
        None => {
            let mut tx = db.begin().await?;
            sql::meta::set(&mut tx, VECTORS_OF, &space.digest).await?;
            Ok(tx.commit().await?)
        }
    }
}

/// The lock says that nobody else works on the folder's own database, so whoever held a job of it is gone.
async fn free_jobs(db: &Db, clock: &Clock) -> Result<()> {
    let mut tx = db.begin().await?;
    let freed = sql::jobs::free_all(&mut tx, clock.now()).await?;
    tx.commit().await?;
    if freed > 0 {
        tracing::info!(jobs = freed, "took up what the last process left unfinished");
    }
    Ok(())
}

/// Listens where the settings say.
///
/// # Errors
/// If the address is taken or not ours.
pub async fn listen(config: &Config) -> Result<TcpListener> {
    let address = config.server.listen;
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {} is in use; stop what listens there, or take another with --port", address.port())
        }
        Err(error) => Err(error).with_context(|| format!("can't listen on {address}")),
    }
}

/// Serves and works until `stop`, then finishes what is in hand and closes the stores.
///
/// # Errors
/// If serving fails.
pub async fn run(
    opened: Opened,
    listener: TcpListener,
    config: &Config,
    metrics: PrometheusHandle,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let Opened { app, mut lock } = opened;
    lock.announce(&listener.local_addr()?.to_string())?;
    let token = app.stop.clone();
    let tasks = TaskTracker::new();
    tasks.spawn(worker::run(app.clone(), config.worker.clone(), token.clone()));
    tasks.spawn(worker::schedule(app.clone(), config.worker.clone(), token.clone()));
    tasks.spawn(worker::tidy(app.clone(), token.clone()));
    tasks.spawn(worker::learn(app.clone(), token.clone()));
    tasks.spawn(telemetry::keep_up(metrics.clone(), token.clone()));
    let stopping = token.clone();
    tasks.spawn(async move {
        stop.await;
        stopping.cancel();
    });
    let router = web::router(app.clone(), metrics, &config.web);
    let served = axum::serve(listener, router).with_graceful_shutdown(token.clone().cancelled_owned()).await;
    token.cancel();
    tasks.close();
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("work was still running after {} s; its leases will run out", GRACE.as_secs());
    }
    app.db.close().await;
    drop(lock);
    Ok(served?)
}

/// Ends on Ctrl-C or a termination signal; a second one ends the process at once.
pub async fn stop_signal() {
    signal().await;
    tracing::info!("stopping; press Ctrl-C again to stop at once");
    std::thread::spawn(|| {
        let second = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(second) = second {
            second.block_on(signal());
            std::process::exit(130);
        }
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn signal() {
    drop(tokio::signal::ctrl_c().await);
}
