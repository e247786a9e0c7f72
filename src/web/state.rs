//! What handlers can ask for.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use chrono::{FixedOffset, TimeDelta};
use metrics_exporter_prometheus::PrometheusHandle;

use super::Settings;
use super::api::import::Idle;
use super::pages::session::Sessions;
use super::pages::sign_in::Tries;
use super::pages::upload::UploadRoom;
use crate::app::App;
use crate::clock::Clock;
use crate::pipeline::Events;

/// Where and when the pages' readers are.
#[derive(Clone, Debug)]
pub struct Readers {
    /// Local time minus UTC.
    pub offset: FixedOffset,
    /// Whether days of the Hijri calendar stand beside.
    pub hijri: bool,
    /// The time.
    pub clock: Clock,
}

/// Everything that handlers can ask for; a cheap handle.
#[derive(Clone)]
pub struct Web {
    app: App,
    metrics: PrometheusHandle,
    idle: Idle,
    readers: Readers,
    sessions: Sessions,
    tries: Tries,
    events: Arc<Events>,
    room: UploadRoom,
}

impl Web {
    /// Puts the parts together.
    pub fn new(app: App, metrics: PrometheusHandle, settings: &Settings) -> Self {
        let idle = Idle(Duration::from_secs(settings.import_idle_seconds));
        let readers = Readers { offset: settings.offset(), hijri: settings.hijri_dates, clock: app.clock.clone() };
        let lifetime = TimeDelta::hours(i64::from(settings.session_hours));
        let sessions = Sessions { lifetime, https: settings.https };
        Self {
            app,
            metrics,
            idle,
            readers,
            sessions,
            tries: Tries::default(),
            events: Arc::default(),
            room: UploadRoom(settings.max_upload_bytes),
        }
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

impl FromRef<Web> for Arc<Events> {
    fn from_ref(web: &Web) -> Self {
        Self::clone(&web.events)
    }
}

impl FromRef<Web> for UploadRoom {
    fn from_ref(web: &Web) -> Self {
        web.room
    }
}

impl FromRef<Web> for Readers {
    fn from_ref(web: &Web) -> Self {
        web.readers.clone()
    }
}

impl FromRef<Web> for Sessions {
    fn from_ref(web: &Web) -> Self {
        web.sessions
    }
}

impl FromRef<Web> for Tries {
    fn from_ref(web: &Web) -> Self {
        web.tries.clone()
    }
}
