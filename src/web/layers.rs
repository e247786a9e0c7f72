//! What happens around every request: its id, its line in the log, its numbers, and how a failure is written out.
//!
//! No body, no query and no header of a client reaches the log.

use std::any::Any;
use std::error::Error as _;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::metrics;
use super::pages::Shown;
use super::pages::failure::{Failure, is_for_a_person};
use super::pages::page::Page;
use super::problem::Problem;
use super::state::Readers;
use crate::app::App;
use crate::error::{Error, Kind};

/// The header of a request's id, taken from the client if it is sensible, and given back.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Keeps other sites' windows apart from ours.
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// Keeps other sites from loading what is ours.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A request's id.
#[derive(Clone, Debug)]
pub struct RequestId(pub HeaderValue);

impl RequestId {
    fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Gives every request an id, or keeps the one that it brings.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let brought = request.headers().get(&REQUEST_ID).filter(|id| is_sensible(id)).cloned();
    let id = brought
        .or_else(|| HeaderValue::try_from(app.clock.new_id().to_string()).ok())
        .unwrap_or_else(|| HeaderValue::from_static("unknown"));
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// 1 to 128 letters, digits and `-_.:/+=`.
fn is_sensible(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=128).contains(&bytes.len())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
}

/// One span, one line of the log and one observation for every request.
pub async fn observe(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = known_method(request.method());
    let path = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let id = request.extensions().get::<RequestId>().cloned();
    let request_id = id.as_ref().map_or("", RequestId::as_str);
    let span = tracing::info_span!("request", request_id, method, path);
    let in_flight = metrics::InFlight::begin();
    let response = next.run(request).instrument(span.clone()).await;
    drop(in_flight);
    let (status, duration) = (response.status().as_u16(), start.elapsed());
    metrics::answered(method, &path, status, duration);
    let duration_ms = duration.as_secs_f64() * 1000.0;
    if path.starts_with("/v1/") {
        tracing::info!(parent: &span, status, duration_ms, "answered");
    } else {
        tracing::debug!(parent: &span, status, duration_ms, "answered");
    }
    response
}

/// The method, or `other`: clients must not be able to invent names for our metrics.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Writes every failure out, for programs as a problem and for people as a page, logs the cause of ours,
/// and adds the headers that every answer has.
pub async fn present(State(readers): State<Readers>, request: Request, next: Next) -> Response {
    let instance = request.uri().path().to_owned();
    let id = request.extensions().get::<RequestId>().cloned();
    let page = is_for_a_person(&request).then(|| Page::of(request.headers(), request.uri(), &readers));
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = response.extensions_mut().remove::<Problem>();
    let unsaid = is_failure(&response) && response.extensions().get::<Shown>().is_none();
    if let Some(problem) = problem.or_else(|| unsaid.then(|| Problem::of_status(status))) {
        if let Some(cause) = problem.cause().filter(|_| status.is_server_error()) {
            tracing::error!(code = problem.code(), error = chain(cause), "request failed");
        }
        let id = id.as_ref().map_or("", RequestId::as_str);
        match page {
            Some(page) => Failure::new(page, status, &problem, id).write(&mut response),
            None => problem.write(&mut response, &instance, id),
        }
    }
    add_headers(response.headers_mut(), &instance);
    response
}

fn is_failure(response: &Response) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}

/// An error and its causes, outermost first.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// What the reference page may load.
const OF_DOCS: &str =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";
/// What our own pages may load and run and where their forms may go: nothing comes from elsewhere, nothing stands in them.
const OF_PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What any other answer may load.
const OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// Headers that keep browsers from guessing, framing and keeping what isn't theirs.
fn add_headers(headers: &mut HeaderMap, path: &str) {
    let is_docs = path.starts_with("/docs");
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // a form's browser tells its origin only if its page may tell where it is
    let (policy, referrer) = match (is_docs, is_page) {
        (true, _) => (OF_DOCS, "no-referrer"),
        (false, true) => (OF_PAGES, "same-origin"),
        (false, false) => (OF_DATA, "no-referrer"),
    };
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    if !is_docs && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// A panic's answer. Its words are told to nobody: they may quote the text that a slice was cut from.
pub fn of_panic(_words: Box<dyn Any + Send>) -> Response {
    Problem::from(Error::new(Kind::Internal, "a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use chrono::{DateTime, Offset as _, Utc};
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn a_panic_is_an_internal_problem_that_tells_nothing() {
        async fn panics() {
            panic!("the customer said: secret");
        }
        let readers = Readers { offset: Utc.fix(), hijri: false, clock: Clock::manual(DateTime::UNIX_EPOCH) };
        for (accept, expected) in [("*/*", "\"internal\""), ("text/html", "<h1>")] {
            let router = Router::new().route("/", get(panics)).layer(CatchPanicLayer::custom(of_panic));
            let router = router.layer(from_fn_with_state(readers.clone(), present));
            let request = Request::builder().header("accept", accept).body(Body::empty()).expect("a request");
            let response = router.oneshot(request).await.expect("infallible");
            assert_eq!(response.status().as_u16(), 500);
            let body = response.into_body().collect().await.expect("a body").to_bytes();
            let body = String::from_utf8_lossy(&body);
            assert!(body.contains(expected) && !body.contains("secret"), "{body}");
        }
    }

    #[test]
    fn only_sensible_request_ids_are_kept() {
        for (id, sensible) in
            [("0b9f:1/2=3", true), ("a b", false), ("", false), ("x;y", false), (&"x".repeat(129), false)]
        {
            assert_eq!(is_sensible(&HeaderValue::from_str(id).expect("ascii")), sensible, "{id:?}");
        }
    }
}
