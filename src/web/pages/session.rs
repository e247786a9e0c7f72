//! Who looks at a page: the person of the session's cookie, or nobody, who is then asked to sign in.

use axum::extract::{FromRef as _, FromRequestParts};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use cookie::{Cookie, SameSite};

use super::locale::cookie;
use super::page::Page;
use crate::access::{Scope, Secret};
use crate::app::App;
use crate::pipeline;
use crate::web::problem::Problem;
use crate::web::state::{Readers, Web};

/// The cookie over plain HTTP.
const PLAIN: &str = "sada_session";
/// The cookie over HTTPS: browsers take the prefix only with `Secure`, `Path=/` and no domain.
const SECURE: &str = "__Host-sada_session";

/// How sessions are kept in browsers.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// How long somebody stays signed in.
    pub lifetime: TimeDelta,
    /// Whether browsers come over HTTPS only.
    pub https: bool,
}

impl Sessions {
    const fn name(self) -> &'static str {
        if self.https { SECURE } else { PLAIN }
    }

    /// The secret that a request's cookie holds.
    #[must_use]
    pub fn secret(self, headers: &HeaderMap) -> Option<Secret> {
        cookie(headers, self.name()).map(|secret| Secret::presented(&secret))
    }

    /// Puts a session's cookie into an answer.
    pub fn begin(self, response: &mut Response, secret: &Secret) {
        self.set(response, secret.reveal(), self.lifetime.num_seconds());
    }

    /// Takes the cookie away.
    pub fn end(self, response: &mut Response) {
        self.set(response, "", 0);
    }

    fn set(self, response: &mut Response, value: &str, seconds: i64) {
        let mut cookie = Cookie::new(self.name(), value);
        cookie.set_path("/");
        cookie.set_same_site(SameSite::Lax);
        cookie.set_http_only(true);
        cookie.set_secure(self.https);
        let line = HeaderValue::try_from(format!("{cookie}; Max-Age={seconds}"));
        response.headers_mut().extend(line.ok().map(|line| (SET_COOKIE, line)));
    }
}

/// A page with the person who looks at it.
#[derive(Clone, Debug)]
pub struct Visit(pub Page);

impl Visit {
    /// The page, if the person's role allows `scope`.
    ///
    /// # Errors
    /// 403 if it doesn't.
    pub fn allowed(self, scope: Scope) -> Result<Page, Problem> {
        if self.0.may(scope) {
            return Ok(self.0);
        }
        let detail = format!("your role does not allow this; it takes {scope}");
        Err(Problem::new(StatusCode::FORBIDDEN, "missing_role", detail))
    }
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let mut page = Page::of(&parts.headers, &parts.uri, &Readers::from_ref(web));
        if let Some(secret) = Sessions::from_ref(web).secret(&parts.headers) {
            let signed_in = pipeline::signed_in(&App::from_ref(web), &secret).await;
            page.user = signed_in.map_err(|error| Problem::from(error).into_response())?;
        }
        if page.user.is_some() {
            return Ok(Self(page));
        }
        // a form that was sent too late can't be sent again by an address
        let back = if parts.method == Method::GET { page.here.as_str() } else { "/" };
        Err(Redirect::to(&sign_in_for(back)).into_response())
    }
}

/// The address of the sign-in page that leads back to `here`.
fn sign_in_for(here: &str) -> String {
    match here {
        "/" => "/sign-in".to_owned(),
        here => format!("/sign-in?{}", super::address::query(&[("to", here)])),
    }
}

/// An address of our own to go on to, whatever was asked for.
#[must_use]
pub fn onward(to: Option<&str>) -> &str {
    let ours = |to: &&str| to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n', '\t']);
    to.filter(ours).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        for (https, expected) in [
            (false, "sada_session=s; HttpOnly; SameSite=Lax; Path=/; Max-Age=3600"),
            (true, "__Host-sada_session=s; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=3600"),
        ] {
            let sessions = Sessions { lifetime: TimeDelta::hours(1), https };
            let mut response = ().into_response();
            sessions.begin(&mut response, &Secret::presented("s"));
            assert_eq!(response.headers()[SET_COOKIE], expected);
        }
    }

    #[test]
    fn signing_in_never_leads_elsewhere() {
        for (to, expected) in [
            (None, "/"),
            (Some("/inbox?queue=care"), "/inbox?queue=care"),
            (Some("//evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some("/\t/evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some(""), "/"),
        ] {
            assert_eq!(onward(to), expected, "{to:?}");
        }
        assert_eq!(sign_in_for("/search?q=a b&c"), "/sign-in?to=%2Fsearch%3Fq%3Da+b%26c");
    }
}
