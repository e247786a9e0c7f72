//! Makes, lists, checks and withdraws tokens.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::access::{Action, Actor, Scope, Secret, Token};
use crate::app::App;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::stores::sql::{Db, tokens};

use super::audit;

/// Makes a token; the secret is shown this once.
///
/// # Errors
/// Those of the database.
pub async fn create_token(
    app: &App,
    by: &Actor,
    name: String,
    scopes: Vec<Scope>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(Token, Secret)> {
    issue(&app.db, &app.clock, by, name, scopes, expires_at).await
}

/// Makes a token where there is a database but no engine, as on the command line.
///
/// # Errors
/// Those of the database.
pub async fn issue(
    db: &Db,
    clock: &Clock,
    by: &Actor,
    name: String,
    scopes: Vec<Scope>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(Token, Secret)> {
    let secret = Secret::from_random(random_bytes());
    let (id, hash) = (clock.new_id(), secret.hash());
    let token = Token { id, name, hash, scopes, created_at: clock.now(), expires_at, revoked_at: None };
    let mut tx = db.begin().await?;
    tokens::insert(&mut tx, &token).await?;
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.name()).collect();
    let details = json!({ "name": token.name, "scopes": scopes });
    audit::record(&mut tx, clock, by, Action::TokenCreated, Some(("token", &id.to_string())), details).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// 32 bytes of the system's randomness: four version 4 UUIDs hold 488 random bits, hashed to 256.
pub(super) fn random_bytes() -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for _ in 0..4 {
        hasher.update(Uuid::new_v4().as_bytes());
    }
    hasher.finalize().into()
}

/// All tokens, secrets excepted.
///
/// # Errors
/// Those of the database.
pub async fn list_tokens(app: &App) -> Result<Vec<Token>> {
    Ok(tokens::list(&app.db).await?)
}

/// Withdraws a token; it stops working at once.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn revoke_token(app: &App, by: &Actor, id: Uuid) -> Result<()> {
    withdraw(&app.db, &app.clock, by, id).await
}

/// Withdraws a token where there is a database but no engine, as on the command line.
///
/// # Errors
/// As [`revoke_token`].
pub async fn withdraw(db: &Db, clock: &Clock, by: &Actor, id: Uuid) -> Result<()> {
    let name = tokens::list(db).await?.into_iter().find(|token| token.id == id).map(|token| token.name);
    let mut tx = db.begin().await?;
    if !tokens::revoke(&mut tx, id, clock.now()).await? {
        return Err(Error::not_found("working token", id));
    }
    let details = json!({ "name": name });
    audit::record(&mut tx, clock, by, Action::TokenRevoked, Some(("token", &id.to_string())), details).await?;
    Ok(tx.commit().await?)
}

/// The working token with this secret, if there is one.
///
/// # Errors
/// Those of the database.
pub async fn authenticate(app: &App, secret: &Secret) -> Result<Option<Token>> {
    let token = tokens::by_hash(&app.db, &secret.hash()).await?;
    Ok(token.filter(|token| token.works_at(app.clock.now())))
}
