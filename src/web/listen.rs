//! Events as server-sent events: ids only, no words.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response, sse};
use chrono::{DateTime, Utc};
use futures_util::stream::unfold;
use serde::Serialize;
use uuid::Uuid;

use super::problem::Problem;
use crate::app::App;
use crate::pipeline::{Events, Listener, Told};

/// What a browser sends when it comes back.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How long a reader waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);

/// The data of an event.
#[derive(Debug, Serialize)]
struct Data {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    at: DateTime<Utc>,
}

/// Tells events from now on, or since the one that the header `Last-Event-ID` names, or else since `since`.
///
/// # Errors
/// 422 for a header that no event had, 429 if too many listen, or those of the database.
pub async fn tell(
    app: &App,
    events: &Arc<Events>,
    headers: &HeaderMap,
    since: Option<DateTime<Utc>>,
) -> Result<Response, Problem> {
    let listener = events.listen(app, last_heard(headers)?.or(since)).await?;
    let told = unfold(listener, |mut listener| async move { Some((next(&mut listener).await?, listener)) });
    let every = KeepAlive::new().interval(Duration::from_secs(20));
    Ok(Sse::new(told).keep_alive(every).into_response())
}

fn last_heard(headers: &HeaderMap) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(header) = headers.get(&LAST_EVENT_ID) else { return Ok(None) };
    let millis = header.to_str().ok().and_then(|text| text.parse().ok());
    let time = millis.and_then(DateTime::from_timestamp_millis);
    time.map(Some).ok_or_else(|| Problem::invalid_param("Last-Event-ID", "is the id of no event; leave it out"))
}

async fn next(listener: &mut Listener) -> Option<Result<sse::Event, Infallible>> {
    let told = match listener.next().await {
        Ok(told) => told?,
        Err(error) => {
            // the reader comes back by itself and hears what it missed
            tracing::warn!(error = %error, "events can't be told");
            return None;
        }
    };
    let event = sse::Event::default().retry(RETRY);
    Some(Ok(match told {
        Told::Lagged => event.event("lagged").data("{}"),
        Told::Event(told) => {
            let data = serde_json::to_string(&Data { id: told.id, at: told.at }).unwrap_or_default();
            event.event(told.kind.name()).id(told.at.timestamp_millis().to_string()).data(data)
        }
    }))
}
