//! `/v1/events`: what happens, while it happens.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::App;
use crate::pipeline::Events;
use crate::web::auth::{Allowed, scope};
use crate::web::listen;
use crate::web::problem::{self, Problem};

/// Listen to events
///
/// Server-sent events, with ids and no texts: `feedback_received`, `feedback_analysed`, `ticket_opened`,
/// `ticket_changed`, `incident_opened`, `incident_changed`, `themes_grouped`, `import_changed`. Data is `{id, at}`; without an id, it is about everything.
///
/// They come within about a second, at least once each: whoever comes back with `Last-Event-ID` hears what came since,
/// and the last ten seconds before it again. `lagged` says that more happened than was told (a slow reader, a large
/// import, more than an hour away): read again what you show. A stream ends after 15 minutes; come back then.
#[utoipa::path(
    get,
    path = "/v1/events",
    operation_id = "listen_to_events",
    tag = "events",
    security(("bearer" = ["feedback:read"])),
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was heard.")),
    responses(
        (status = 200, description = "Events without an end.", body = String, content_type = "text/event-stream",
            example = json!("retry: 3000\nevent: ticket_opened\nid: 1767254400000\ndata: {\"id\":\"01973b1c-7a52-7c1e-9d55-0d3c5d3f6a10\",\"at\":\"2026-01-01T08:00:00Z\"}\n\n")),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn listen_to_events(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    State(events): State<Arc<Events>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    listen::tell(&app, &events, &headers, None).await
}
