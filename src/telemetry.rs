//! Logs and metrics: where they go and in what form.
//!
//! Nothing here or anywhere logs a customer's text; the two kinds of text print as their length.

use std::io::IsTerminal;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How often, as the exporter advises.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// How logs are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `text` for people, `json` for machines.
    pub format: Format,
    /// Which events are written, in the syntax of `tracing_subscriber::EnvFilter`.
    pub filter: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A line to read.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self { format: Format::Text, filter: "info,sqlx=warn,qdrant_edge=error,hyper=warn".to_owned() }
    }
}

impl Settings {
    /// For commands that show progress: nothing below a warning, unless a filter was set.
    #[must_use]
    pub fn quiet(&self) -> Self {
        let set = self.filter != Self::default().filter;
        let filter = if set { self.filter.clone() } else { "warn,qdrant_edge=error".to_owned() };
        Self { filter, ..self.clone() }
    }
}

/// A filter that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("log.filter {filter:?} can't be read: {source}")]
pub struct BadFilter {
    filter: String,
    source: tracing_subscriber::filter::ParseError,
}

/// Makes a panic tell where it was, and what it said only if no value can be in it.
fn hide_words_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(its words are withheld)");
        tracing::error!(place, words, "BUG: a panic; please report it");
    }));
}

/// Starts logging to standard error, and keeps values out of what panics say; a second call changes nothing.
///
/// # Errors
/// [`BadFilter`] if the filter's syntax is wrong.
pub fn init(settings: &Settings) -> Result<(), BadFilter> {
    let filter =
        EnvFilter::try_new(&settings.filter).map_err(|source| BadFilter { filter: settings.filter.clone(), source })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    hide_words_of_panics();
    let started = match settings.format {
        Format::Text => lines.try_init(),
        Format::Json => lines.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started already");
    }
    Ok(())
}

/// Sorts what was measured into its buckets until `stop`, so that samples don't pile up where nobody asks for them.
pub async fn keep_up(metrics: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => metrics.run_upkeep(),
        }
    }
}

/// Collects metrics for `/metrics`; installed once, later calls get a collector of their own.
#[must_use]
pub fn metrics() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::debug!("metrics are collected already");
    }
    handle
}
