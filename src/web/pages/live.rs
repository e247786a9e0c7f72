//! Events for the pages' own script: the same as `/v1/events`, for whoever is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::session::Visit;
use crate::access::Scope;
use crate::app::App;
use crate::pipeline::Events;
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::listen;
use crate::web::problem::Problem;

/// When the page was made that listens.
#[derive(Clone, Copy, Debug)]
pub struct Since(Option<DateTime<Utc>>);

impl Parameters for Since {
    fn read(fields: &mut Fields) -> Self {
        let time = |text: &str| text.parse().ok().and_then(DateTime::from_timestamp_millis);
        Self(fields.optional_with("since", |text| time(text).ok_or("must be milliseconds since 1970")))
    }
}

/// Tells what happens, while it happens and since the page was made.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for no time, or as [`listen::tell`].
pub async fn events(
    State(app): State<App>,
    State(events): State<Arc<Events>>,
    visit: Visit,
    Query(Since(since)): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    visit.allowed(Scope::FeedbackRead)?;
    listen::tell(&app, &events, &headers, since).await
}
