//! Who asks, and whether they may: bearer tokens and their scopes.
//!
//! [`authenticate`] runs before every guarded handler; a handler then names the scope that it needs in its arguments,
//! as [`Allowed`], so that none can forget to ask.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HeaderMap, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::Problem;
use crate::access::{Actor, Scope, Secret, Token};
use crate::app::App;
use crate::pipeline;

/// The token that a request came with.
#[derive(Clone, Debug)]
pub struct Principal(pub Arc<Token>);

/// Lets a request through if its token works, and notes the token.
///
/// # Errors
/// 401 without a token that works, or those of the database.
pub async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let secret = bearer(request.headers())?;
    let Some(token) = pipeline::authenticate(&app, &secret).await? else {
        return Err(unauthorized("invalid_token", "this token is wrong, expired or revoked").with_header(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"sada\", error=\"invalid_token\""),
        ));
    };
    request.extensions_mut().insert(Principal(Arc::new(token)));
    Ok(next.run(request).await)
}

/// The secret in the header `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Result<Secret, Problem> {
    let challenge = HeaderValue::from_static("Bearer realm=\"sada\"");
    let missing = |detail| unauthorized("missing_token", detail).with_header(WWW_AUTHENTICATE, challenge.clone());
    let header = headers.get(AUTHORIZATION).ok_or_else(|| missing("send the header Authorization: Bearer <token>"))?;
    let (scheme, secret) = header.to_str().ok().and_then(|header| header.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || secret.trim().is_empty() {
        return Err(missing("the header Authorization must read Bearer <token>"));
    }
    Ok(Secret::presented(secret.trim()))
}

fn unauthorized(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, detail)
}

/// A scope that a handler needs, as a type.
pub trait Needed {
    /// Which.
    const SCOPE: Scope;
}

/// A type for each scope that a handler can need.
pub mod scope {
    use super::{Needed, Scope};

    macro_rules! needed {
        ($($name:ident),+) => {
            $(
                #[doc = concat!("[`Scope::", stringify!($name), "`] as a type.")]
                #[derive(Clone, Copy, Debug)]
                pub struct $name;

                impl Needed for $name {
                    const SCOPE: Scope = Scope::$name;
                }
            )+
        };
    }

    needed!(Classify, FeedbackRead, FeedbackWrite, TicketsWrite, ThemesWrite, Admin);
}

/// Proof that the request's token allows `S`.
#[derive(Clone, Debug)]
pub struct Allowed<S> {
    /// The token.
    pub token: Arc<Token>,
    scope: PhantomData<S>,
}

impl<S> Allowed<S> {
    /// The token as the audit log names it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::from(&*self.token)
    }
}

impl<S: Needed, State: Sync> FromRequestParts<State> for Allowed<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        let Some(Principal(token)) = parts.extensions.get().cloned() else {
            return Err(Problem::internal());
        };
        if token.allows(S::SCOPE) {
            return Ok(Self { token, scope: PhantomData });
        }
        let name = S::SCOPE.name();
        let detail = format!("this token lacks the scope {name}; use one that has it, or make one with `sada token`");
        let problem = Problem::new(StatusCode::FORBIDDEN, "missing_scope", detail);
        let challenge = format!("Bearer realm=\"sada\", error=\"insufficient_scope\", scope=\"{name}\"");
        Err(match HeaderValue::try_from(challenge) {
            Ok(challenge) => problem.with_header(WWW_AUTHENTICATE, challenge),
            Err(_) => problem,
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request as HttpRequest;
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn only_a_bearer_token_is_taken() {
        for (header, expected) in [
            (None, None),
            (Some("Bearer sada_1"), Some("sada_1")),
            (Some("bearer  sada_1 "), Some("sada_1")),
            (Some("Basic dTpw"), None),
            (Some("Bearer "), None),
            (Some("Bearer"), None),
            (Some("sada_1"), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.extend(header.map(|header| (AUTHORIZATION, HeaderValue::from_static(header))));
            let secret = bearer(&headers).ok();
            assert_eq!(secret.as_ref().map(Secret::reveal), expected, "{header:?}");
        }
    }

    async fn asked(scopes: Option<Vec<Scope>>) -> Result<Allowed<scope::TicketsWrite>, Problem> {
        let (mut parts, ()) = HttpRequest::new(()).into_parts();
        if let Some(scopes) = scopes {
            let created_at = DateTime::from_timestamp(0, 0).expect("in range");
            let (id, name, hash) = (Uuid::nil(), "bot".to_owned(), String::new());
            let token = Token { id, name, hash, scopes, created_at, expires_at: None, revoked_at: None };
            parts.extensions.insert(Principal(Arc::new(token)));
        }
        Allowed::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn a_missing_scope_is_named_and_a_forgotten_guard_fails_closed() {
        assert!(asked(Some(vec![Scope::TicketsWrite])).await.is_ok());
        assert!(asked(Some(vec![Scope::Admin])).await.is_ok());
        let refused = asked(Some(vec![Scope::Classify])).await.expect_err("no scope");
        assert_eq!(refused.code(), "missing_scope");
        assert!(refused.detail().contains("tickets:write"), "{}", refused.detail());
        assert_eq!(asked(None).await.expect_err("no guard").code(), "internal");
    }
}
