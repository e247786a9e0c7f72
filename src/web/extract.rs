//! JSON bodies, path and query parameters, with every rejection as one of our problems.

use std::fmt::Display;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::problem::{Faults, InvalidParam, Problem};
use crate::error::Error;

/// A JSON body, in either direction.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = json_bytes(request, state).await?;
        parse_json(&body).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
            Err(error) => {
                let failure = Error::new(crate::error::Kind::Internal, "an answer can't be written as JSON");
                Problem::from(failure.caused_by(error)).into_response()
            }
        }
    }
}

/// The bytes of a body that says it is JSON.
///
/// # Errors
/// 415 if it says otherwise, 413 if it is too large, 400 if it breaks off.
pub async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    if !says_json(request.headers()) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "wrong_content_type",
            "this takes JSON; send the header Content-Type: application/json",
        ));
    }
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(cause) if cause.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)
        }
        _ => Problem::new(StatusCode::BAD_REQUEST, "broken_body", "the body broke off before its end"),
    })
}

/// The media type of a body, in lower case and without its parameters.
pub fn media_type(headers: &HeaderMap) -> String {
    let header = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn says_json(headers: &HeaderMap) -> bool {
    let media = media_type(headers);
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

/// The value that a JSON body holds.
///
/// # Errors
/// 400 with the place if it isn't JSON in UTF-8, 422 with the field if it doesn't fit.
pub fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let detail = format!("the body is not UTF-8: byte {} is wrong", error.valid_up_to());
        Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail)
    })?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        rejected(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| rejected("", &error))?;
    Ok(value)
}

/// The value that a part of a JSON body holds, or what is wrong with it.
///
/// # Errors
/// The field that doesn't fit.
pub fn parse_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, InvalidParam> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        misfit(&path, error.inner())
    })
}

fn rejected(path: &str, error: &serde_json::Error) -> Problem {
    match error.classify() {
        Category::Data => Problem::invalid(vec![misfit(path, error)]),
        Category::Io | Category::Syntax | Category::Eof => {
            Problem::new(StatusCode::BAD_REQUEST, "malformed_json", format!("the body is not JSON: {}", brief(error)))
        }
    }
}

/// The field that an error is about: serde names a missing or unknown one in its words, others by their path.
fn misfit(path: &str, error: &serde_json::Error) -> InvalidParam {
    let reason = brief(error);
    let named = ["missing field `", "unknown field `", "duplicate field `"].iter().find_map(|start| {
        let rest = reason.strip_prefix(start)?;
        rest.split_once('`').map(|(name, _)| name.to_owned())
    });
    let parent = path.trim_start_matches('.');
    let name = match named {
        Some(name) if parent.is_empty() || parent == name || parent.ends_with(&format!(".{name}")) => {
            if parent.is_empty() { name } else { parent.to_owned() }
        }
        Some(name) => format!("{parent}.{name}"),
        None if parent.is_empty() => "body".to_owned(),
        None => parent.to_owned(),
    };
    InvalidParam { name, reason }
}

/// An error's words without a whole text in them.
fn brief(error: &serde_json::Error) -> String {
    let words = error.to_string();
    if words.chars().count() <= 240 {
        return words;
    }
    let (start, end): (String, Vec<char>) = (words.chars().take(80).collect(), words.chars().rev().take(120).collect());
    format!("{start}…{}", end.into_iter().rev().collect::<String>())
}

/// A parameter in the path.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: FromStr + Send, S: Send + Sync> FromRequestParts<S> for Path<T>
where
    T::Err: Display,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let extract::Path(text) = extract::Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::invalid_param("id", rejection.body_text()))?;
        text.parse().map(Self).map_err(|error: T::Err| Problem::invalid_param("id", error.to_string()))
    }
}

/// The parameters in the query.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// Parameters that can be read from a query.
pub trait Parameters: Sized {
    /// Reads them; what is wrong is noted in `fields`, and the value is then not used.
    fn read(fields: &mut Fields) -> Self;
}

impl<A: Parameters, B: Parameters> Parameters for (A, B) {
    fn read(fields: &mut Fields) -> Self {
        (A::read(fields), B::read(fields))
    }
}

impl<T: Parameters, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pairs = extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|rejection| Problem::invalid_param("query", rejection.body_text()))?;
        let mut fields = Fields { pairs: pairs.0, known: Vec::new(), faults: Faults::default() };
        let value = T::read(&mut fields);
        fields.finish().map(|()| Self(value))
    }
}

/// A query's parameters while they are read: those that nobody asks for are wrong.
#[derive(Debug, Default)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Faults,
}

impl Fields {
    /// The parameter, if it is there and right.
    pub fn optional<T: FromStr>(&mut self, name: &'static str) -> Option<T>
    where
        T::Err: Display,
    {
        self.optional_with(name, |text| text.parse())
    }

    /// The parameter, if it is there and `parse` takes it.
    pub fn optional_with<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.known.push(name);
        let mut values = self.pairs.iter().filter(|(key, _)| key == name);
        let value = values.next()?.1.clone();
        if values.next().is_some() {
            self.faults.note(name, "is given more than once");
            return None;
        }
        self.faults.keep(name, parse(&value))
    }

    /// Notes that `name` is wrong.
    pub fn note(&mut self, name: &'static str, reason: &str) {
        self.faults.note(name, reason);
    }

    fn finish(mut self) -> Result<(), Problem> {
        let known = self.known.join(", ");
        for (key, _) in self.pairs.iter().filter(|(key, _)| !self.known.contains(&key.as_str())) {
            let key: String = key.chars().take(60).collect();
            self.faults.note(key, format!("is no parameter of this path; it takes {known}"));
        }
        self.faults.finish().map_err(Problem::invalid)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request as HttpRequest;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[serde(rename = "items")]
        _items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[serde(rename = "text")]
        _text: String,
    }

    #[test]
    fn bodies_are_refused_with_the_place() {
        for (body, code, place) in [
            (&b"{"[..], "malformed_json", "line 1 column 1"),
            (b"", "malformed_json", "line 1 column 0"),
            (b"{\"items\":[]} x", "malformed_json", "line 1 column 14"),
            (b"{\"items\":[{\"text\":\"\\ud800\"}]}", "malformed_json", "line 1 column"),
            (b"{\"items\":[{\"text\":\"\xff\"}]}", "malformed_json", "byte 19"),
            (b"{\"items\":[{\"text\":1e999}]}", "malformed_json", "number out of range"),
            (b"[]", "invalid", "expected struct Body"),
            (b"{}", "invalid", "missing field `items`"),
            (b"{\"items\":[{\"text\":1}]}", "invalid", "items[0].text"),
            (b"{\"items\":[{\"text\":\"\",\"txt\":1}]}", "invalid", "items[0].txt"),
            (b"{\"items\":[{}]}", "invalid", "items[0].text"),
            (b"{\"itmes\":[]}", "invalid", "itmes"),
            (b"7", "invalid", "body"),
        ] {
            let problem = parse_json::<Body>(body).expect_err("refused");
            let told = format!("{} {:?}", problem.detail(), problem.invalid_params());
            assert_eq!(problem.code(), code, "{told}");
            assert!(told.contains(place), "{place:?} in {told}");
        }
    }

    #[test]
    fn a_whole_text_is_not_given_back() {
        let body = format!("{{\"items\":[{{\"text\":{{\"{}\":1}}}}]}}", "س".repeat(5_000));
        let problem = parse_json::<Body>(body.as_bytes()).expect_err("refused");
        assert!(problem.detail().chars().count() < 400);
    }

    #[tokio::test]
    async fn only_json_is_taken_as_json() {
        for (content_type, fine) in [
            (Some("application/json"), true),
            (Some("Application/JSON; charset=utf-8"), true),
            (Some("application/vnd.sada+json"), true),
            (Some("text/plain"), false),
            (Some("application/x-www-form-urlencoded"), false),
            (None, false),
        ] {
            let mut request = HttpRequest::new(axum::body::Body::from("[1]"));
            request.headers_mut().extend(content_type.map(|value| (CONTENT_TYPE, HeaderValue::from_static(value))));
            let answer = Json::<Vec<u8>>::from_request(request, &()).await;
            assert_eq!(answer.is_ok(), fine, "{content_type:?}");
        }
    }

    #[derive(Debug)]
    struct Two(Option<u8>, Option<bool>);

    impl Parameters for Two {
        fn read(fields: &mut Fields) -> Self {
            Self(fields.optional("limit"), fields.optional("open"))
        }
    }

    async fn query(query: &str) -> Result<Two, Vec<String>> {
        let (mut parts, ()) = HttpRequest::builder().uri(format!("/x?{query}")).body(()).expect("a uri").into_parts();
        match Query::from_request_parts(&mut parts, &()).await {
            Ok(Query(two)) => Ok(two),
            Err(problem) => Err(problem.invalid_params().iter().map(|param| param.name.clone()).collect()),
        }
    }

    #[tokio::test]
    async fn every_wrong_parameter_is_named() {
        assert!(matches!(query("limit=7&open=true").await, Ok(Two(Some(7), Some(true)))));
        assert!(matches!(query("").await, Ok(Two(None, None))));
        assert_eq!(query("limit=x&open=1&lmit=2").await.expect_err("wrong"), ["limit", "open", "lmit"]);
        assert_eq!(query("limit=1&limit=2").await.expect_err("twice"), ["limit"]);
    }
}
