//! What every answer of the HTTP interface has in common, whichever operation gave it.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use sada::access::Scope;
use serde_json::json;

use crate::support::{Answer, TestApp};

async fn ask(app: &TestApp, method: &str, path: &str, id: Option<&str>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(id) = id {
        request = request.header("x-request-id", id);
    }
    app.send(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_names_its_place_and_its_request() {
    let app = TestApp::start().await;
    for (method, path, status, code) in [
        ("GET", "/nowhere", 404, "no_such_path"),
        ("GET", "/v1/nowhere", 404, "no_such_path"),
        ("GET", "/docs/nowhere.js", 404, "no_such_path"),
        ("PUT", "/health/live", 405, "method_not_allowed"),
        ("GET", "/v1/themes", 401, "missing_token"),
        ("DELETE", "/v1/themes", 401, "missing_token"),
        ("POST", "/v1/classify", 401, "missing_token"),
        ("POST", "/v1/feedback/import", 401, "missing_token"),
    ] {
        let place = format!("{method} {path}");
        let answer = ask(&app, method, path, Some("req-7")).await;
        let problem = answer.json();
        assert_eq!((answer.status.as_u16(), &problem["code"]), (status, &json!(code)), "{place}");
        assert_eq!((&problem["instance"], &problem["request_id"]), (&json!(path), &json!("req-7")), "{place}");
        assert_eq!((&problem["status"], &problem["type"]), (&json!(status), &json!("about:blank")), "{place}");
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{place}");
        assert_eq!(answer.headers["x-request-id"], "req-7", "{place}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{place}");
        assert_eq!(answer.headers.contains_key("www-authenticate"), status == 401, "{place}");
        assert!(status != 405 || answer.headers.contains_key("allow"), "{place}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_sensible_id_gets_one() {
    let app = TestApp::start().await;
    for id in [None, Some("a b"), Some("")] {
        let answer = ask(&app, "GET", "/health/live", id).await;
        let given = answer.headers["x-request-id"].to_str().expect("ascii");
        assert!(given.parse::<uuid::Uuid>().is_ok(), "{id:?} became {given}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_page_is_in_the_binary() {
    let app = TestApp::start().await;
    for (path, status, start) in [
        ("/docs/", 200, "<!-- HTML"),
        ("/docs/swagger-ui.css", 200, "."),
        ("/openapi.json", 200, "{\"openapi\":\"3.1.0\""),
        ("/docs", 303, ""),
        ("/", 303, ""),
    ] {
        let answer = ask(&app, "GET", path, None).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert!(answer.text.starts_with(start), "{path}: {}", answer.text.chars().take(60).collect::<String>());
        assert!(answer.headers.contains_key("content-security-policy"), "{path}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_asks_too_often_is_told_when_to_come_back() {
    let app = TestApp::start_with(&[("web.requests_per_minute", "2")]).await;
    for left in ["1", "0"] {
        let answer = app.get("/v1/themes").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.headers["ratelimit-policy"], "\"minute\";q=2;w=60");
        let limit = answer.headers["ratelimit"].to_str().expect("ascii");
        assert!(limit.starts_with(&format!("\"minute\";r={left};t=")), "{limit}");
    }
    let refused = app.get("/v1/themes").await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("rate_limited")));
    let wait: u64 = refused.headers["retry-after"].to_str().ok().and_then(|text| text.parse().ok()).expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_says_so_at_once() {
    let app = TestApp::start_with(&[("web.max_in_flight", "0")]).await;
    let answer = app.get("/v1/themes").await;
    assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("busy")));
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(ask(&app, "GET", "/health/live", None).await.status, StatusCode::OK);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_made_listed_and_withdrawn_by_the_admin_only() {
    let app = TestApp::start().await;
    let made = app.call(Method::POST, "/v1/tokens", &json!({ "name": "bot", "scopes": ["feedback:read"] })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let (id, secret) = (made.json()["token"]["id"].clone(), made.json()["secret"].clone());
    let (id, secret) = (id.as_str().expect("an id"), secret.as_str().expect("a secret"));
    let with = |secret: &str, path: &str| {
        let request = Request::get(path).header("authorization", format!("bearer {secret}"));
        request.body(Body::empty()).expect("a request")
    };
    assert_eq!(app.send(with(secret, "/v1/feedback")).await.status, StatusCode::OK);
    assert_eq!(app.send(with(secret, "/v1/tokens")).await.status, StatusCode::FORBIDDEN);
    let listed = app.get("/v1/tokens").await;
    assert!(listed.text.contains(id) && !listed.text.contains(secret) && !listed.text.contains("hash"));
    let path = format!("/v1/tokens/{id}");
    for expected in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        let withdrawn = app.send(app.request(Method::DELETE, &path).body(Body::empty()).expect("a request")).await;
        assert_eq!(withdrawn.status, expected, "{}", withdrawn.text);
    }
    assert_eq!(app.send(with(secret, "/v1/feedback")).await.status, StatusCode::UNAUTHORIZED);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_bodies_are_refused_with_the_place() {
    let app = TestApp::start().await;
    let secret = app.token(&[Scope::Classify]).await;
    for (body, status, told) in [
        (b"{\"items\":[{\"text\":\"\\ud83d\"}]}".to_vec(), 400, "line 1 column"),
        (b"{\"items\":[{\"text\":\"\xc7\xe1\"}]}".to_vec(), 400, "byte 19"),
        (b"{\"items\":[{\"text\":1e999}]}".to_vec(), 400, "number out of range"),
        ("[".repeat(100_000).into_bytes(), 400, "recursion limit"),
        (b"".to_vec(), 400, "EOF"),
        (b"{\"items\":[],\"more\":1}".to_vec(), 422, "more"),
        (b"{\"items\":{}}".to_vec(), 422, "items"),
        (b"[]".to_vec(), 422, "object with items"),
    ] {
        let request = Request::post("/v1/classify").header("authorization", format!("Bearer {secret}"));
        let request = request.header("content-type", "application/json").body(Body::from(body.clone()));
        let answer = app.send(request.expect("a request")).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]);
        assert_eq!(answer.status.as_u16(), status, "{shown}: {}", answer.text);
        assert!(answer.text.contains(told), "{shown}: {}", answer.text);
    }
    app.finish().await;
}
