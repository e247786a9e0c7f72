//! What every answer of the HTTP interface looks like, whatever the use case.

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use serde_json::{Value, json};

use crate::support::TestApp;

async fn ask(app: &TestApp, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = app.send(request.body(Body::empty()).expect("a request")).await;
    (answer.status.as_u16(), answer.headers, answer.text)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_with_its_request_id() {
    let app = TestApp::start().await;
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
        let (got, headers, body) = ask(&app, method, path, &[("x-request-id", "req-7")]).await;
        let problem: Value = serde_json::from_str(&body).expect("json");
        assert_eq!((got, &problem["code"]), (status, &json!(code)), "{method} {path}");
        assert_eq!(headers["content-type"], "application/problem+json", "{method} {path}");
        assert_eq!(problem["status"], status, "{method} {path}");
        assert_eq!((&problem["instance"], &problem["request_id"]), (&json!(path), &json!("req-7")), "{method} {path}");
        assert_eq!(headers["x-request-id"], "req-7");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401);
        assert!(status != 405 || headers.contains_key("allow"), "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_is_made_where_none_or_a_strange_one_comes() {
    let app = TestApp::start().await;
    for (brought, kept) in [(None, false), (Some("a b"), false), (Some(""), false), (Some("0b9f:1/2=3"), true)] {
        let headers: Vec<_> = brought.iter().map(|id| ("x-request-id", *id)).collect();
        let (_, headers, _) = ask(&app, "GET", "/health/live", &headers).await;
        let id = headers["x-request-id"].to_str().expect("ascii").to_owned();
        assert_eq!(Some(id.as_str()) == brought, kept, "{brought:?}");
        assert!(kept || id.parse::<uuid::Uuid>().is_ok(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_open_paths_answer_without_a_token() {
    let app = TestApp::start().await;
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
        let (got, headers, body) = ask(&app, "GET", path, &[]).await;
        assert_eq!(got, status, "{path}");
        assert!(body.starts_with(start), "{path}: {}", body.chars().take(60).collect::<String>());
        assert!(headers.contains_key("content-security-policy"), "{path}");
    }
}
