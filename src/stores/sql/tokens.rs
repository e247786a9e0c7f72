//! Tokens, by the hash of their secret; the secret itself is never kept.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::Reader;
use super::statement::Statement;
use super::{Db, Tx};
use crate::access::{Token, parse_scopes};
use crate::stores::Error;

const SELECT: &str = "SELECT id, name, hash, scopes, created_at, expires_at, revoked_at FROM tokens";

/// Keeps a new token.
///
/// # Errors
/// [`Error::Conflict`] if its id or hash is taken.
pub async fn insert(tx: &mut Tx, token: &Token) -> Result<(), Error> {
    let scopes = token.scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ");
    let mut statement =
        Statement::new("INSERT INTO tokens (id, name, hash, scopes, created_at, expires_at, revoked_at) VALUES (");
    statement.bind_list([&token.id.to_string(), &token.name, &token.hash, &scopes]).push(", ");
    statement.bind(token.created_at.timestamp_millis()).push(", ");
    statement.bind(token.expires_at.map(|time| time.timestamp_millis())).push(", ");
    statement.bind(token.revoked_at.map(|time| time.timestamp_millis())).push(")");
    statement.execute(tx).await.map(drop)
}

/// The token whose secret has this hash, working or not.
///
/// # Errors
/// As the database says.
pub async fn by_hash(db: &Db, hash: &str) -> Result<Option<Token>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE hash = ").bind(hash);
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// Every token, oldest first.
///
/// # Errors
/// As the database says.
pub async fn list(db: &Db) -> Result<Vec<Token>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" ORDER BY created_at, id");
    statement.all(db).await?.iter().map(read).collect()
}

/// Withdraws a token; false if there is none, or none that still stands.
///
/// # Errors
/// As the database says.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    let mut statement = Statement::new("UPDATE tokens SET revoked_at = ");
    statement.bind(now.timestamp_millis()).push(" WHERE id = ").bind(id.to_string()).push(" AND revoked_at IS NULL");
    Ok(statement.execute(tx).await? > 0)
}

fn read(row: &AnyRow) -> Result<Token, Error> {
    let row = Reader::new("tokens", "id", row);
    Ok(Token {
        id: row.id("id")?,
        name: row.text("name")?,
        hash: row.text("hash")?,
        scopes: parse_scopes(&row.text("scopes")?).map_err(|error| row.corrupt("scopes", error))?,
        created_at: row.time("created_at")?,
        expires_at: row.optional_time("expires_at")?,
        revoked_at: row.optional_time("revoked_at")?,
    })
}
