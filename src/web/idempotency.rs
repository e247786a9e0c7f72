//! Answers a request that is sent twice with the same `Idempotency-Key` only once.
//!
//! The key belongs to the token; the request is known by its method, path and body.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::extract::{json_bytes, parse_json};
use super::problem::Problem;
use crate::app::App;
use crate::error::{Error, Kind};
use crate::pipeline::{self, IdempotentRequest, Kept, Reserved};

/// The header with the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header that marks an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A JSON body whose request may be sent twice.
#[derive(Clone, Debug)]
pub struct Once<T> {
    /// The body.
    pub body: T,
    /// What the request is known by, if it has a key.
    pub request: Option<Repeatable>,
}

/// What a request is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeatable {
    key: String,
    hash: String,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Once<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let key = key(request.headers())?;
        let target = format!("{} {}\n", request.method(), request.uri());
        let bytes: Bytes = json_bytes(request, state).await?;
        let request = key.map(|key| Repeatable { key, hash: hash(&target, &bytes) });
        Ok(Self { body: parse_json(&bytes)?, request })
    }
}

/// The key, 1 to 255 visible ASCII characters.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(&KEY) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > 255 {
        return Err(Problem::invalid_param("Idempotency-Key", "must have 1 to 255 visible ASCII characters"));
    }
    Ok(Some(key.to_owned()))
}

/// SHA-256 of method, path and body, in hexadecimal.
fn hash(target: &str, body: &[u8]) -> String {
    let digest = Sha256::new().chain_update(target).chain_update(body).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An answer that can be kept.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    body: String,
}

impl Answer {
    /// `view` as JSON.
    ///
    /// # Errors
    /// 500 if it can't be written.
    pub fn new(status: StatusCode, view: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(view)
            .map_err(|error| Error::new(Kind::Internal, "an answer can't be written as JSON").caused_by(error))?;
        Ok(Self { status, body })
    }
}

impl Kept for Answer {
    fn kept(&self) -> (u16, &str) {
        (self.status.as_u16(), &self.body)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.body).into_response()
    }
}

/// Does `work` unless the same request was answered before; then that answer is given again.
/// `work` keeps its answer under the request that it is handed, in the transaction that does the work.
///
/// # Errors
/// 409 while the same request is being worked on, 422 if the key was used for another one, or those of `work`;
/// after a failure the key may be used again.
pub async fn once(
    app: &App,
    token: Uuid,
    request: Option<Repeatable>,
    work: impl AsyncFnOnce(Option<IdempotentRequest<'_>>) -> Result<Answer, Problem>,
) -> Result<Response, Problem> {
    let Some(Repeatable { key, hash }) = request else { return Ok(work(None).await?.into_response()) };
    let known = IdempotentRequest { token_id: token, key: &key, hash: &hash };
    match pipeline::reserve_request(app, token, &key, &hash).await? {
        Reserved::New => {}
        Reserved::Done { status, body } => return Ok(replayed(status, body)),
        Reserved::Running => return Err(running()),
        Reserved::Mismatch => {
            return Err(Problem::invalid_param("Idempotency-Key", "was used for another request; take a new one"));
        }
    }
    match work(Some(known)).await {
        Ok(answer) => Ok(answer.into_response()),
        Err(problem) => {
            pipeline::forget_request(app, known).await?;
            Err(problem)
        }
    }
}

fn running() -> Problem {
    let detail = "a request with this Idempotency-Key is still being worked on; ask again in a moment";
    Problem::new(StatusCode::CONFLICT, "still_running", detail).retry_after(1)
}

fn replayed(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = Answer { status, body }.into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_is_known_by_method_path_and_body() {
        let known = async |uri: &str, key: Option<&'static str>, body: &'static str| {
            let mut request = axum::http::Request::post(uri).body(axum::body::Body::from(body)).expect("a request");
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            request.headers_mut().extend(key.map(|key| (KEY, HeaderValue::from_static(key))));
            Once::<serde_json::Value>::from_request(request, &()).await.map(|once| once.request)
        };
        let first = known("/v1/feedback", Some("k"), "{}").await.expect("fine");
        assert_eq!(first, known("/v1/feedback", Some("k"), "{}").await.expect("fine"));
        assert_ne!(first, known("/v1/feedback", Some("k"), "[]").await.expect("fine"));
        assert_ne!(first, known("/v1/other", Some("k"), "{}").await.expect("fine"));
        assert_eq!(known("/v1/feedback", None, "{}").await.expect("fine"), None);
        for bad in ["", " ", &"k".repeat(256)] {
            let key = HeaderMap::from_iter([(KEY, HeaderValue::from_str(bad).expect("ascii"))]);
            assert!(super::key(&key).is_err(), "{bad:?}");
        }
    }
}
