//! Keeps addresses short and languages remembered: both by one redirect, so that no page has to know of it.

use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use cookie::{Cookie, SameSite};

use super::locale::{COOKIE_NAME, Locale};

/// The parameter that changes the language.
const LANGUAGE: &str = "lang";

/// Sends a `GET` with empty fields or a language on to the address without them, and remembers the language.
pub async fn tidy(request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let Some((address, chosen)) = tidied(request.uri()) else { return next.run(request).await };
    let mut response = Redirect::to(&address).into_response();
    if let Some(locale) = chosen
        && let Ok(cookie) = HeaderValue::try_from(remembering(locale))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The address without what says nothing, and the language that it chose; none if it is tidy.
fn tidied(uri: &Uri) -> Option<(String, Option<Locale>)> {
    let query = uri.query()?;
    let says_something =
        |pair: &&str| pair.split_once('=').is_some_and(|(name, value)| name != LANGUAGE && !value.is_empty());
    let kept: Vec<&str> = query.split('&').filter(says_something).collect();
    let chosen = query.split('&').filter_map(|pair| pair.strip_prefix("lang=")).find_map(|name| name.parse().ok());
    let joined = kept.join("&");
    if joined == query {
        return None;
    }
    // a path of our own never begins with two slashes, which would name another host
    let path = format!("/{}", uri.path().trim_start_matches('/'));
    Some((if joined.is_empty() { path } else { format!("{path}?{joined}") }, chosen))
}

/// Fields as a query.
#[must_use]
pub fn query(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A cookie for a year.
fn remembering(locale: Locale) -> String {
    let mut cookie = Cookie::new(COOKIE_NAME, locale.name());
    cookie.set_path("/");
    cookie.set_same_site(SameSite::Lax);
    cookie.set_http_only(true);
    // `cookie` counts in a clock of its own; the attribute is plain text
    format!("{cookie}; Max-Age=31536000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_leaves_the_address() {
        for (before, after) in [
            ("/inbox", None),
            ("/inbox?queue=care", None),
            ("/inbox?queue=&status=open", Some(("/inbox?status=open", None))),
            ("/inbox?queue=&status=", Some(("/inbox", None))),
            ("/?lang=ar", Some(("/", Some(Locale::Arabic)))),
            ("/search?q=a%26b&lang=en", Some(("/search?q=a%26b", Some(Locale::English)))),
            ("/?lang=xx", Some(("/", None))),
            ("//evil.example/?lang=ar", Some(("/evil.example/", Some(Locale::Arabic)))),
        ] {
            let expected = after.map(|(address, chosen)| (address.to_owned(), chosen));
            assert_eq!(tidied(&before.parse().expect("an address")), expected, "{before}");
        }
    }

    #[test]
    fn the_language_is_remembered_for_a_year() {
        let expected = "sada_lang=ar; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000";
        assert_eq!(remembering(Locale::Arabic), expected);
    }
}
