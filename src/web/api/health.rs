//! Whether it is alive, whether it is ready, and its numbers: for machines, without a token.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::pipeline;
use crate::web::extract::Json;
use crate::web::problem::{self, Problem};

/// How it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `alive` or `ready`.
    #[schema(example = "ready")]
    status: &'static str,
    /// How each part is.
    parts: BTreeMap<&'static str, String>,
}

/// Is it alive?
///
/// Answers as long as the process can answer anything.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "health_live",
    tag = "health",
    responses((status = 200, description = "It is alive.", body = Health,
        example = json!(Health { status: "alive", parts: BTreeMap::new() })))
)]
pub async fn health_live() -> Json<Health> {
    Json(Health { status: "alive", parts: BTreeMap::new() })
}

/// Is it ready?
///
/// Answers 200 once the model is warm and the database and the vectors can be reached.
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "health_ready",
    tag = "health",
    responses(
        (status = 200, description = "It is ready.", body = Health,
            example = json!(Health { status: "ready", parts: [("database", "ok".to_owned())].into() })),
        problem::NotReady,
    )
)]
pub async fn health_ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let health = pipeline::health(&app).await;
    if health.ready {
        return Ok(Json(Health { status: "ready", parts: health.parts }));
    }
    let wrong = health
        .parts
        .iter()
        .filter(|(part, state)| **part != "language_model" && *state != "ok")
        .map(|(part, state)| format!("{part}: {state}"));
    let detail = format!("not ready: {}", wrong.collect::<Vec<_>>().join("; "));
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail).retry_after(5))
}

/// Numbers
///
/// In the text format of Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "health",
    responses((status = 200, description = "Counters and histograms.", body = String, content_type = "text/plain",
        example = json!("sada_http_requests_total{method=\"GET\",path=\"/v1/themes\",status=\"200\"} 3\n")))
)]
pub async fn metrics(
    State(app): State<App>,
    State(handle): State<PrometheusHandle>,
) -> ([(HeaderName, &'static str); 1], String) {
    if let Err(error) = pipeline::count_jobs(&app).await {
        tracing::warn!(%error, "the jobs can't be counted");
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render())
}
