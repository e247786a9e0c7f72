//! Takes changes from our own pages only, so that no other site can act in a signed-in person's name.
//!
//! Browsers say where a form comes from: in `Sec-Fetch-Site`, and those that don't in `Origin`
//! (OWASP's cheat sheet on cross-site request forgery). The session's cookie is `SameSite=Lax` besides.

use axum::extract::Request;
use axum::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::web::problem::Problem;

/// What a browser says of the page that a request comes from.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a change that does not come from a page of ours with 403.
pub async fn check(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_ours(request.headers()) {
        return next.run(request).await;
    }
    let detail = "this change did not come from a page of Sada; open the page here and send its form again";
    Problem::new(StatusCode::FORBIDDEN, "wrong_origin", detail).into_response()
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(SITE), text(ORIGIN), text(HOST)) {
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_our_own_pages_are_believed() {
        for (site, origin, host, expected) in [
            (Some("same-origin"), None, None, true),
            (Some("same-origin"), Some("null"), Some("sada.example"), true),
            (Some("same-site"), Some("https://sada.example"), Some("sada.example"), false),
            (Some("cross-site"), Some("https://sada.example"), Some("sada.example"), false),
            (Some("none"), None, Some("sada.example"), false),
            (None, Some("https://sada.example"), Some("sada.example"), true),
            (None, Some("http://127.0.0.1:8080"), Some("127.0.0.1:8080"), true),
            (None, Some("http://127.0.0.1:9090"), Some("127.0.0.1:8080"), false),
            (None, Some("https://sada.example.evil"), Some("sada.example"), false),
            (None, Some("null"), Some("sada.example"), false),
            (None, None, Some("sada.example"), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.extend(site.map(|value| (SITE, HeaderValue::from_static(value))));
            headers.extend(origin.map(|value| (ORIGIN, HeaderValue::from_static(value))));
            headers.extend(host.map(|value| (HOST, HeaderValue::from_static(value))));
            assert_eq!(is_ours(&headers), expected, "{site:?} {origin:?} {host:?}");
        }
    }
}
