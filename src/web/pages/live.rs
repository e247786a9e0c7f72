//! Events for the pages' own script: the same as `/v1/events`, for whoever is signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::session::Visit;
use crate::access::Scope;
use crate::app::App;
use crate::pipeline::Events;
use crate::web::listen;
use crate::web::problem::Problem;

/// Tells what happens, while it happens.
///
/// # Errors
/// 403 if the role does not allow reading, or as [`listen::tell`].
pub async fn events(
    State(app): State<App>,
    State(events): State<Arc<Events>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    visit.allowed(Scope::FeedbackRead)?;
    listen::tell(&app, &events, &headers).await
}
