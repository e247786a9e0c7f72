//! Makes, lists, checks and withdraws tokens.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::access::{Scope, Secret, Token};
use crate::app::App;
use crate::error::{Error, Result};
use crate::stores::sql::{Db, tokens};

/// Makes a token; the secret is shown this once.
///
/// # Errors
/// Those of the database.
pub async fn create_token(
    app: &App,
    name: String,
    scopes: Vec<Scope>,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(Token, Secret)> {
    issue(&app.db, app.clock.new_id(), name, scopes, (app.clock.now(), expires_at)).await
}

/// Makes a token where there is a database but no engine, as on the command line.
///
/// # Errors
/// Those of the database.
pub async fn issue(
    db: &Db,
    id: Uuid,
    name: String,
    scopes: Vec<Scope>,
    (created_at, expires_at): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<(Token, Secret)> {
    let secret = Secret::from_random(random_bytes());
    let token = Token { id, name, hash: secret.hash(), scopes, created_at, expires_at, revoked_at: None };
    let mut tx = db.begin().await?;
    tokens::insert(&mut tx, &token).await?;
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
pub async fn revoke_token(app: &App, id: Uuid) -> Result<Token> {
    let mut tx = app.db.begin().await?;
    let revoked = tokens::revoke(&mut tx, id, app.clock.now()).await?;
    tx.commit().await?;
    let token = tokens::list(&app.db).await?.into_iter().find(|token| token.id == id && revoked);
    token.ok_or_else(|| Error::not_found("working token", id))
}

/// The working token with this secret, if there is one.
///
/// # Errors
/// Those of the database.
pub async fn authenticate(app: &App, secret: &Secret) -> Result<Option<Token>> {
    let token = tokens::by_hash(&app.db, &secret.hash()).await?;
    Ok(token.filter(|token| token.works_at(app.clock.now())))
}
