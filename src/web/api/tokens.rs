//! `/v1/tokens`: who may do what.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::Scope;
use super::text;
use crate::access::{self, Token};
use crate::app::App;
use crate::pipeline;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Json, Path};
use crate::web::problem::{self, Faults, Problem};

/// A token to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What it is for, in your own words.
    #[schema(min_length = 1, max_length = 200, example = "chatbot")]
    name: String,
    /// What it allows, at least one thing.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// When it stops working; never if nobody says.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

impl TokenRequest {
    /// The name, and the scopes without repetition.
    fn check(self, now: DateTime<Utc>) -> Result<(String, Vec<access::Scope>), Problem> {
        let mut faults = Faults::default();
        let name = faults.keep("name", text::short(&self.name));
        let mut scopes: Vec<access::Scope> = self.scopes.into_iter().map(|scope| scope.0).collect();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            faults.note("scopes", "must hold at least one scope");
        }
        if self.expires_at.is_some_and(|end| end <= now) {
            faults.note("expires_at", "must lie ahead");
        }
        faults.finish().map_err(Problem::invalid)?;
        Ok((name.unwrap_or_default(), scopes))
    }

    fn sample() -> Self {
        Self { name: "chatbot".to_owned(), scopes: vec![Scope(access::Scope::Classify)], expires_at: None }
    }
}

/// A token; its secret is not kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub struct TokenView {
    id: Uuid,
    name: String,
    scopes: Vec<Scope>,
    created_at: DateTime<Utc>,
    /// When it stops working; null if it doesn't.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    /// When it was withdrawn; null if it was not.
    #[schema(required)]
    revoked_at: Option<DateTime<Utc>>,
}

/// A new token with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewToken {
    token: TokenView,
    /// Shown this once; send it as `Authorization: Bearer …`.
    #[schema(example = "sada_…")]
    secret: String,
}

/// All tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    items: Vec<TokenView>,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: token.scopes.into_iter().map(Scope).collect(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

impl TokenView {
    fn sample() -> Self {
        Self {
            id: super::sample_id(),
            name: "chatbot".to_owned(),
            scopes: vec![Scope(access::Scope::Classify)],
            created_at: super::sample_time(),
            expires_at: None,
            revoked_at: None,
        }
    }
}

impl NewToken {
    fn sample() -> Self {
        Self { token: TokenView::sample(), secret: format!("sada_{}", "0123456789abcdef".repeat(4)) }
    }
}

impl Tokens {
    fn sample() -> Self {
        Self { items: vec![TokenView::sample()] }
    }
}

/// Make a token
///
/// The secret is in this answer and nowhere else.
#[utoipa::path(
    post,
    path = "/v1/tokens",
    operation_id = "create_token",
    tag = "tokens",
    security(("bearer" = ["admin"])),
    request_body(content = TokenRequest, example = json!(super::sent(TokenRequest::sample()))),
    responses(
        (status = 201, description = "The token with its secret.", body = NewToken,
            example = json!(NewToken::sample())),
        problem::BadBody,
        problem::Usual,
    )
)]
pub async fn create_token(
    allowed: Allowed<scope::Admin>,
    State(app): State<App>,
    Json(request): Json<TokenRequest>,
) -> Result<(StatusCode, Json<NewToken>), Problem> {
    let expires_at = request.expires_at;
    let (name, scopes) = request.check(app.clock.now())?;
    let (token, secret) = pipeline::create_token(&app, &allowed.actor(), name, scopes, expires_at).await?;
    Ok((StatusCode::CREATED, Json(NewToken { token: token.into(), secret: secret.reveal().to_owned() })))
}

/// List tokens
///
/// Those that were withdrawn or have expired too; never a secret.
#[utoipa::path(
    get,
    path = "/v1/tokens",
    operation_id = "list_tokens",
    tag = "tokens",
    security(("bearer" = ["admin"])),
    responses(
        (status = 200, description = "All tokens.", body = Tokens, example = json!(Tokens::sample())),
        problem::Usual,
    )
)]
pub async fn list_tokens(_: Allowed<scope::Admin>, State(app): State<App>) -> Result<Json<Tokens>, Problem> {
    let tokens = pipeline::list_tokens(&app).await?;
    Ok(Json(Tokens { items: tokens.into_iter().map(TokenView::from).collect() }))
}

/// Withdraw a token
///
/// It stops working at once.
#[utoipa::path(
    delete,
    path = "/v1/tokens/{id}",
    operation_id = "revoke_token",
    tag = "tokens",
    security(("bearer" = ["admin"])),
    params(("id" = Uuid, Path, description = "The token's id.")),
    responses(
        (status = 204, description = "It is withdrawn."),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn revoke_token(
    allowed: Allowed<scope::Admin>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    pipeline::revoke_token(&app, &allowed.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_needs_a_name_a_scope_and_a_future() {
        let now = super::super::sample_time();
        let wrong = TokenRequest { name: " ".to_owned(), scopes: Vec::new(), expires_at: Some(now) };
        let problem = wrong.check(now).expect_err("wrong");
        let names: Vec<_> = problem.invalid_params().iter().map(|param| param.name.as_str()).collect();
        assert_eq!(names, ["name", "scopes", "expires_at"]);
        let scopes = [access::Scope::FeedbackRead, access::Scope::Classify, access::Scope::FeedbackRead];
        let twice = TokenRequest { scopes: scopes.map(Scope).into(), ..TokenRequest::sample() };
        let (_, scopes) = twice.check(now).expect("fine");
        assert_eq!(scopes, [access::Scope::Classify, access::Scope::FeedbackRead]);
    }
}
