//! The HTTP interface: who asks, what they ask for, one use case, and how its answer looks.
//!
//! Nothing is decided here about feedback.
//! A handler reads its input into valid values, calls one use case, and shows what came back as a view of its own.
//! Every failure leaves as `application/problem+json`, whoever made it; people who look at `pages` read it as one.

pub mod api;
pub mod auth;
pub mod extract;
pub mod idempotency;
pub mod layers;
pub mod limits;
pub mod listen;
pub mod metrics;
pub mod pages;
pub mod paging;
pub mod problem;
mod settings;
pub mod state;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef as _};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_swagger_ui::{Config, SwaggerUi};

pub use api::analysis::AnalysisView;
pub use settings::Settings;

use self::limits::Rates;
use self::state::{Readers, Web};
use crate::app::App;

/// Where the OpenAPI document is.
const DOCUMENT: &str = "/openapi.json";

/// The whole HTTP interface over `app`; `metrics` renders what was counted.
pub fn router(app: App, metrics: PrometheusHandle, settings: &Settings) -> Router {
    let web = Web::new(app.clone(), metrics, settings);
    let limit = Duration::from_secs(settings.request_timeout_seconds);
    let rates = Arc::new(Rates::new(settings.requests_per_minute));
    let room = Arc::new(Semaphore::new(settings.max_in_flight));
    let guarded = api::guarded()
        .layer(from_fn_with_state(limit, limits::give_up))
        .merge(api::streaming())
        .route_layer(from_fn_with_state(rates, limits::per_token))
        .route_layer(from_fn_with_state(app.clone(), auth::authenticate));
    let pages = pages::routes()
        .layer(from_fn_with_state(limit, limits::give_up))
        .merge(pages::streaming())
        .route_layer(from_fn_with_state(room.clone(), limits::bound));
    let guarded = guarded.route_layer(from_fn_with_state(room, limits::bound));
    Router::from(guarded.merge(api::open()))
        .merge(documentation())
        .merge(pages)
        .layer(DefaultBodyLimit::max(settings.max_body_bytes))
        .layer(CatchPanicLayer::custom(layers::of_panic))
        .layer(from_fn_with_state(Readers::from_ref(&web), layers::present))
        .layer(from_fn(layers::observe))
        .layer(from_fn_with_state(app, layers::identify))
        .with_state(web)
}

/// The OpenAPI document, from the same lines that register the routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    api::guarded().merge(api::streaming()).merge(api::open()).into_openapi()
}

/// The document and a page to read it on, whose files are in the binary.
fn documentation() -> Router<Web> {
    let document: Arc<str> = openapi().to_json().unwrap_or_default().into();
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let page = SwaggerUi::new("/docs").config(Config::from(DOCUMENT).validator_url("none").deep_linking(true));
    Router::from(page).route(DOCUMENT, get(move || async move { (json, document.to_string()) }))
}
