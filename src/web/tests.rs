//! The router without a use case behind it: what every answer looks like.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request};
use chrono::DateTime;
use http_body_util::BodyExt;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::clock::Clock;

fn app() -> App {
    let clock = Clock::manual(DateTime::from_timestamp(1_767_254_400, 0).expect("in range"));
    App { clock, stub: Arc::new(()) }
}

fn router() -> Router {
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    super::router(app(), metrics, &Settings::default())
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router().oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
    (parts.status.as_u16(), parts.headers, bytes)
}

#[tokio::test]
async fn every_refusal_is_a_problem_with_its_request_id() {
    for (method, path, status, code) in [
        ("GET", "/nowhere", 404, "no_such_path"),
        ("GET", "/v1/nowhere", 404, "no_such_path"),
        ("GET", "/docs/nowhere.js", 404, "no_such_path"),
        ("DELETE", "/v1/themes", 401, "missing_token"),
        ("PUT", "/health/live", 405, "method_not_allowed"),
        ("GET", "/v1/themes", 401, "missing_token"),
        ("POST", "/v1/classify", 401, "missing_token"),
        ("POST", "/v1/feedback/import", 401, "missing_token"),
    ] {
        let (got, headers, body) = ask(method, path, &[("x-request-id", "req-7")]).await;
        let problem: Value = serde_json::from_slice(&body).expect("json");
        assert_eq!((got, &problem["code"]), (status, &json!(code)), "{method} {path}");
        assert_eq!(headers["content-type"], problem::MEDIA_TYPE, "{method} {path}");
        assert_eq!(problem["status"], status, "{method} {path}");
        assert_eq!((&problem["instance"], &problem["request_id"]), (&json!(path), &json!("req-7")), "{method} {path}");
        assert_eq!(headers["x-request-id"], "req-7");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401);
        assert!(status != 405 || headers.contains_key("allow"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_request_id_is_made_where_none_or_a_strange_one_comes() {
    for (brought, kept) in [(None, false), (Some("a b"), false), (Some(""), false), (Some("0b9f:1/2=3"), true)] {
        let headers: Vec<_> = brought.iter().map(|id| ("x-request-id", *id)).collect();
        let (_, headers, _) = ask("GET", "/health/live", &headers).await;
        let id = headers["x-request-id"].to_str().expect("ascii").to_owned();
        assert_eq!(Some(id.as_str()) == brought, kept, "{brought:?}");
        assert!(kept || id.parse::<uuid::Uuid>().is_ok(), "{id}");
    }
}

#[tokio::test]
async fn the_open_paths_answer_without_a_token() {
    for (path, status, start) in [
        ("/health/live", 200, "{\"status\":\"alive\""),
        ("/health/ready", 200, "{\"status\":\"ready\""),
        ("/metrics", 200, ""),
        ("/openapi.json", 200, "{\"openapi\":\"3.1.0\""),
        ("/docs/", 200, "<!-- HTML"),
        ("/docs/swagger-ui-bundle.js", 200, ""),
        ("/docs", 303, ""),
        ("/", 303, ""),
    ] {
        let (got, headers, body) = ask("GET", path, &[]).await;
        let body = String::from_utf8_lossy(&body);
        assert_eq!(got, status, "{path}");
        assert!(body.starts_with(start), "{path}: {}", body.chars().take(60).collect::<String>());
        assert!(headers.contains_key("content-security-policy"), "{path}");
    }
}

#[tokio::test]
async fn a_panic_is_an_internal_problem_that_tells_nothing() {
    async fn panics() {
        panic!("the customer said: secret");
    }
    let router = Router::new()
        .route("/", get(panics))
        .layer(CatchPanicLayer::custom(layers::of_panic))
        .layer(from_fn(layers::present));
    let response = router.oneshot(Request::new(Body::empty())).await.expect("infallible");
    assert_eq!(response.status().as_u16(), 500);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let body = String::from_utf8_lossy(&body);
    assert!(body.contains("\"internal\"") && !body.contains("secret"), "{body}");
}
