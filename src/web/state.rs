//! What handlers can ask for.

use std::time::Duration;

use axum::extract::FromRef;
use metrics_exporter_prometheus::PrometheusHandle;

use super::Settings;
use super::api::import::Idle;
use crate::app::App;

/// Everything that handlers can ask for; a cheap handle.
#[derive(Clone)]
pub struct Web {
    app: App,
    metrics: PrometheusHandle,
    idle: Idle,
}

impl Web {
    /// Puts the parts together.
    pub fn new(app: App, metrics: PrometheusHandle, settings: &Settings) -> Self {
        Self { app, metrics, idle: Idle(Duration::from_secs(settings.import_idle_seconds)) }
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}

impl FromRef<Web> for PrometheusHandle {
    fn from_ref(web: &Web) -> Self {
        web.metrics.clone()
    }
}

impl FromRef<Web> for Idle {
    fn from_ref(web: &Web) -> Self {
        web.idle
    }
}
