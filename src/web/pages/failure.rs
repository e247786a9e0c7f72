//! What a person reads when something goes wrong; programs read [`Problem`] as JSON.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::locale::Locale;
use super::page::Page;
use super::text;
use crate::web::problem::Problem;

/// Paths whose readers are programs, whatever they say that they accept.
const PROGRAMS: [&str; 5] = ["/v1", "/health", "/metrics", "/openapi.json", "/docs"];

/// A page about a problem.
#[derive(Debug, Template)]
#[template(path = "failure.html")]
pub struct Failure {
    page: Page,
    title: String,
    advice: String,
    detail: Option<String>,
    request_id: String,
}

impl Failure {
    /// The page about `problem`; its own words are English, so that other languages say what the status means.
    #[must_use]
    pub fn new(page: Page, status: StatusCode, problem: &Problem, request_id: &str) -> Self {
        let known = match status.as_u16() {
            401 | 403 => "forbidden",
            404 | 405 => "missing",
            409 => "conflict",
            400 | 413 | 415 | 422 => "invalid",
            429 => "busy",
            503 => "unavailable",
            _ => "internal",
        };
        let told = page.locale == Locale::English && !matches!(known, "missing" | "internal");
        Self {
            title: page.t(&format!("failure-{known}")),
            advice: page.t(&format!("failure-{known}-advice")),
            detail: told.then(|| text::visible(problem.detail())),
            request_id: request_id.to_owned(),
            page,
        }
    }

    /// Writes it out as the body of `response`, whose status and headers stay.
    pub fn write(&self, response: &mut Response) {
        let body = self.render().unwrap_or_default();
        response.headers_mut().remove(CONTENT_LENGTH);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(super::HTML));
        *response.body_mut() = Body::from(body);
    }
}

/// Whether a person reads the answer: a browser asks for a page, and not where only programs go.
#[must_use]
pub fn is_for_a_person(request: &Request) -> bool {
    let path = request.uri().path();
    let is_below =
        |start: &&str| path.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let programs = PROGRAMS.iter().any(is_below);
    let accepts = request.headers().get(ACCEPT).and_then(|accepts| accepts.to_str().ok());
    !programs && accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_pages_and_programs_problems() {
        for (path, accept, expected) in [
            ("/inbox", Some("text/html,application/xhtml+xml,*/*;q=0.8"), true),
            ("/v1x", Some("text/html"), true),
            ("/inbox", Some("*/*"), false),
            ("/inbox", None, false),
            ("/v1/themes", Some("text/html"), false),
            ("/docs", Some("text/html"), false),
        ] {
            let mut request = Request::new(Body::empty());
            *request.uri_mut() = path.parse().expect("a path");
            request.headers_mut().extend(accept.map(|value| (ACCEPT, HeaderValue::from_static(value))));
            assert_eq!(is_for_a_person(&request), expected, "{path} {accept:?}");
        }
    }
}
