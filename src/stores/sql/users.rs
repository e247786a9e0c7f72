//! People and who of them is signed in; neither passwords nor session secrets are kept, only their hashes.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::dialect::take_turns;
use super::row::Reader;
use super::statement::Statement;
use super::{Db, Tx};
use crate::access::{PasswordHash, Role, Session, User, UserName};
use crate::stores::Error;

const SELECT: &str = "SELECT u.id, u.name, u.role, u.password, u.created_at FROM users u";

/// Keeps a new user.
///
/// # Errors
/// [`Error::Conflict`] if the name is taken.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO users (id, name, role, password, created_at) VALUES (");
    statement.bind_list([&user.id.to_string(), user.name.as_str(), user.role.name(), user.password.as_str()]);
    statement.push(", ").bind(user.created_at.timestamp_millis()).push(") ON CONFLICT DO NOTHING");
    match statement.execute(tx).await? {
        0 => Err(Error::conflict(format!("there is a user {} already", user.name))),
        _ => Ok(()),
    }
}

/// The user who signs in with this name.
///
/// # Errors
/// As the database says.
pub async fn by_name(db: &Db, name: &UserName) -> Result<Option<User>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE u.name = ").bind(name.as_str());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// Everybody, by name.
///
/// # Errors
/// As the database says.
pub async fn list(db: &Db) -> Result<Vec<User>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" ORDER BY u.name");
    statement.all(db).await?.iter().map(read).collect()
}

/// Gives a user another password and ends all their sessions; false if there is no such user.
///
/// # Errors
/// As the database says.
pub async fn set_password(tx: &mut Tx, id: Uuid, password: &PasswordHash) -> Result<bool, Error> {
    let mut statement = Statement::new("UPDATE users SET password = ");
    statement.bind(password.as_str()).push(" WHERE id = ").bind(id.to_string());
    let changed = statement.execute(tx).await? > 0;
    end_all(tx, id).await?;
    Ok(changed)
}

/// Gives a user another role; false if there is no such user.
///
/// # Errors
/// As the database says.
pub async fn set_role(tx: &mut Tx, id: Uuid, role: Role) -> Result<bool, Error> {
    let mut statement = Statement::new("UPDATE users SET role = ");
    statement.bind(role.name()).push(" WHERE id = ").bind(id.to_string());
    Ok(statement.execute(tx).await? > 0)
}

/// Whether somebody else than `id` is an admin; nobody else changes that before the transaction ends.
///
/// # Errors
/// As the database says.
pub async fn has_admin_besides(tx: &mut Tx, id: Uuid) -> Result<bool, Error> {
    take_turns(tx, "admins").await?;
    let mut statement = Statement::new("SELECT id FROM users WHERE role = ");
    statement.bind(Role::Admin.name()).push(" AND id <> ").bind(id.to_string()).push(" LIMIT 1");
    Ok(statement.optional(tx).await?.is_some())
}

/// Removes a user and ends all their sessions; false if there is no such user.
///
/// # Errors
/// As the database says.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool, Error> {
    end_all(tx, id).await?;
    let mut statement = Statement::new("DELETE FROM users WHERE id = ");
    statement.bind(id.to_string());
    Ok(statement.execute(tx).await? > 0)
}

async fn end_all(tx: &mut Tx, user: Uuid) -> Result<(), Error> {
    let mut statement = Statement::new("DELETE FROM sessions WHERE user_id = ");
    statement.bind(user.to_string());
    statement.execute(tx).await.map(drop)
}

/// Begins a session.
///
/// # Errors
/// [`Error::Conflict`] if its user is gone.
pub async fn begin_session(tx: &mut Tx, session: &Session) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO sessions (hash, user_id, created_at, expires_at) VALUES (");
    statement.bind_list([session.hash.as_str(), &session.user_id.to_string()]);
    statement.push(", ").bind(session.created_at.timestamp_millis());
    statement.push(", ").bind(session.expires_at.timestamp_millis()).push(")");
    statement.execute(tx).await.map(drop)
}

/// Who is signed in at `now` with the secret of this hash.
///
/// # Errors
/// As the database says.
pub async fn of_session(db: &Db, hash: &str, now: DateTime<Utc>) -> Result<Option<User>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" JOIN sessions s ON s.user_id = u.id WHERE s.hash = ").bind(hash);
    statement.push(" AND s.expires_at > ").bind(now.timestamp_millis());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// Ends a session, if it is there.
///
/// # Errors
/// As the database says.
pub async fn end_session(tx: &mut Tx, hash: &str) -> Result<(), Error> {
    let mut statement = Statement::new("DELETE FROM sessions WHERE hash = ");
    statement.bind(hash);
    statement.execute(tx).await.map(drop)
}

/// Forgets sessions that are over; says how many.
///
/// # Errors
/// As the database says.
pub async fn expire_sessions(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64, Error> {
    let mut statement = Statement::new("DELETE FROM sessions WHERE expires_at <= ");
    statement.bind(now.timestamp_millis());
    statement.execute(tx).await
}

fn read(row: &AnyRow) -> Result<User, Error> {
    let row = Reader::new("users", "id", row);
    Ok(User {
        id: row.id("id")?,
        name: row.parsed("name")?,
        role: row.parsed("role")?,
        password: PasswordHash::stored(row.text("password")?),
        created_at: row.time("created_at")?,
    })
}
