//! What a client reads when something goes wrong: RFC 9457, and the one place that turns an error's kind into a status.
//!
//! A [`Problem`] travels in its response's extensions; [`super::layers::present`] writes it out,
//! because only there the request's id and path are known.
//! The client reads a fixed text for our own faults; their cause goes to the log, once.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::error::{Error, Kind};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was refused or failed.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    invalid_params: Vec<InvalidParam>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Arc<Error>>,
}

/// A field or parameter that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InvalidParam {
    /// Where it stands, like `items[3].rating`.
    #[schema(example = "limit")]
    pub name: String,
    /// What is wrong with it.
    #[schema(example = "must be a whole number from 1 to 1000")]
    pub reason: String,
}

/// A problem as it is written out (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Always `about:blank`: `code` says which problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'a str,
    /// The HTTP status.
    status: u16,
    /// A name for programs; it stays the same when the words change.
    code: &'a str,
    /// What went wrong here and what to do about it.
    detail: &'a str,
    /// The path that was asked for.
    instance: &'a str,
    /// The request's id, as in the header `x-request-id` and in the log.
    request_id: &'a str,
    /// The fields and parameters that are wrong, all of them.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(required = false)]
    invalid_params: &'a [InvalidParam],
}

impl Problem {
    /// A problem with this status; `code` is for programs, `detail` for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), invalid_params: Vec::new(), headers: Vec::new(), cause: None }
    }

    /// Fields or parameters that are wrong: 422.
    pub fn invalid(invalid_params: Vec<InvalidParam>) -> Self {
        let detail = match invalid_params.as_slice() {
            [InvalidParam { name, reason }] => format!("{name}: {reason}"),
            many => format!("{} fields or parameters are wrong", many.len()),
        };
        Self { invalid_params, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// One field or parameter that is wrong: 422.
    pub fn invalid_param(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::invalid(vec![InvalidParam { name: name.into(), reason: reason.into() }])
    }

    /// Our own fault: 500, without a word on why.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "this failed on our side; the log tells why under this request id",
        )
    }

    /// The problem that a bare status stands for, as routing and layers answer it.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("no_such_path", "there is nothing at this path; /docs lists what there is"),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "this path does not take this method; the header Allow lists those it takes")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "the body is larger than this server takes"),
            _ if status.is_server_error() => return Self { status, ..Self::internal() },
            _ => ("refused", "the request can't be handled"),
        };
        Self::new(status, code, detail)
    }

    /// The same problem with a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same problem, with the seconds after which to try again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(RETRY_AFTER, seconds)
    }

    /// What to do about it.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Its name for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The fields or parameters that are wrong.
    pub fn invalid_params(&self) -> &[InvalidParam] {
        &self.invalid_params
    }

    /// The error behind it, for the log.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_deref()
    }

    /// Writes it out as the body of `response`, whose status and headers stay.
    pub fn write(&self, response: &mut Response, instance: &str, request_id: &str) {
        let body = ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            instance,
            request_id,
            invalid_params: &self.invalid_params,
        };
        let json = serde_json::to_vec(&body).unwrap_or_default();
        response.headers_mut().remove(CONTENT_LENGTH);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        *response.body_mut() = Body::from(json);
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let told = |status, code| Self::new(status, code, error.to_string());
        let problem = match error.kind() {
            Kind::Invalid => told(StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Kind::NotFound => told(StatusCode::NOT_FOUND, "not_found"),
            Kind::Conflict => told(StatusCode::CONFLICT, "conflict"),
            Kind::Busy => told(StatusCode::TOO_MANY_REQUESTS, "busy").retry_after(1),
            Kind::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "a part that this needs can't be reached; nothing was changed, try again later",
            )
            .retry_after(5),
            Kind::Internal => Self::internal(),
        };
        Self { cause: Some(Arc::new(error)), ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(self.headers.iter().cloned());
        response.extensions_mut().insert(self);
        response
    }
}

/// Collects what is wrong, so that a client reads all of it at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<InvalidParam>);

impl Faults {
    /// Notes that `name` is wrong.
    pub fn note(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.0.push(InvalidParam { name: name.into(), reason: reason.into() });
    }

    /// The value, or none and a note.
    pub fn keep<T, E: std::fmt::Display>(&mut self, name: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.note(name, error.to_string())).ok()
    }

    /// Everything noted.
    ///
    /// # Errors
    /// The notes, if there is one.
    pub fn finish(self) -> Result<(), Vec<InvalidParam>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Error responses for the OpenAPI document: a set of statuses that operations share.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident => [$($status:literal),+];)+) => {
        $($(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
                [$($status),+].into_iter().map(described).collect()
            }
        })+
    };
}

refusals! {
    /// What any operation with a token may answer.
    Usual => [401, 403, 429, 500, 503];
    /// What an operation that reads JSON may answer.
    BadBody => [400, 413, 415, 422];
    /// What an operation that reads a stream may answer.
    BadUpload => [400, 408, 415];
    /// What an operation with parameters may answer.
    BadParams => [422];
    /// What an operation on one thing may answer.
    Missing => [404, 422];
    /// What a change that may clash may answer.
    Clash => [409];
    /// What an operation that isn't ready may answer.
    NotReady => [503];
}

/// One error response of the OpenAPI document.
fn described(status: u16) -> (String, RefOr<utoipa::openapi::Response>) {
    let (code, description) = match status {
        400 => ("malformed_json", "The body is not JSON."),
        401 => ("invalid_token", "The token is missing, wrong, expired or revoked."),
        403 => ("missing_scope", "The token lacks the scope that this needs."),
        404 => ("not_found", "There is no such thing."),
        408 => ("upload_idle", "The upload sent nothing for too long; what came before is stored."),
        409 => ("conflict", "It clashes with what is there."),
        413 => ("body_too_large", "The body is too large."),
        415 => ("wrong_content_type", "The body has a content type that this does not take."),
        422 => ("invalid", "Fields or parameters are wrong; each is named."),
        429 => ("busy", "Too many requests; the header Retry-After says when to try again."),
        503 => {
            ("unavailable", "A part that this needs can't be reached; the header Retry-After says when to try again.")
        }
        _ => ("internal", "This failed on our side."),
    };
    let example = serde_json::json!({
        "type": "about:blank",
        "title": StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()),
        "status": status,
        "code": code,
        "detail": description,
        "instance": "/v1/feedback",
        "request_id": "01973b1c-7a52-7c1e-9d55-0d3c5d3f6a10",
    });
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).example(Some(example)).build();
    (status.to_string(), ResponseBuilder::new().description(description).content(MEDIA_TYPE, content).build().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_status_and_our_faults_tell_nothing() {
        let secret = "postgres://user:password@db";
        for (kind, status, retry, told) in [
            (Kind::Invalid, 422, None, true),
            (Kind::NotFound, 404, None, true),
            (Kind::Conflict, 409, None, true),
            (Kind::Busy, 429, Some("1"), true),
            (Kind::Unavailable, 503, Some("5"), false),
            (Kind::Internal, 500, None, false),
        ] {
            let problem = Problem::from(Error::new(kind, secret));
            assert_eq!(problem.detail().contains(secret), told, "{kind:?}");
            assert!(problem.cause().is_some());
            let response = problem.into_response();
            assert_eq!(response.status().as_u16(), status, "{kind:?}");
            assert_eq!(response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()), retry, "{kind:?}");
        }
    }

    #[test]
    fn one_fault_is_told_in_the_detail_and_many_are_counted() {
        let mut faults = Faults::default();
        assert_eq!(faults.keep("limit", "7".parse::<u8>()), Some(7));
        assert_eq!(faults.keep("limit", "x".parse::<u8>()), None);
        let one = faults.finish().expect_err("a fault");
        assert_eq!(Problem::invalid(one.clone()).detail(), "limit: invalid digit found in string");
        let two = [one.clone(), one].concat();
        assert_eq!(Problem::invalid(two).detail(), "2 fields or parameters are wrong");
    }
}
