//! Makes, lists and removes the people who may sign in.

use uuid::Uuid;

use crate::access::{Password, PasswordHash, Role, User, UserName};
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::stores::sql::{Db, users};

/// Makes a user.
///
/// # Errors
/// `Conflict` if the name is taken, or those of the database.
pub async fn create_user(db: &Db, clock: &Clock, name: UserName, role: Role, password: Password) -> Result<User> {
    let password = hash(password).await?;
    let user = User { id: clock.new_id(), name, role, password, created_at: clock.now() };
    let mut tx = db.begin().await?;
    users::insert(&mut tx, &user).await?;
    tx.commit().await?;
    Ok(user)
}

/// Everybody, by name.
///
/// # Errors
/// Those of the database.
pub async fn list_users(db: &Db) -> Result<Vec<User>> {
    Ok(users::list(db).await?)
}

/// Gives a user another password; whoever was signed in under that name no longer is.
///
/// # Errors
/// `NotFound` if there is no such user, or those of the database.
pub async fn change_password(db: &Db, name: &UserName, password: Password) -> Result<()> {
    let user = find(db, name).await?;
    let password = hash(password).await?;
    let mut tx = db.begin().await?;
    users::set_password(&mut tx, user.id, &password).await?;
    Ok(tx.commit().await?)
}

/// Removes a user and signs them out everywhere.
///
/// # Errors
/// `NotFound` if there is no such user, or those of the database.
pub async fn remove_user(db: &Db, name: &UserName) -> Result<()> {
    let user = find(db, name).await?;
    let mut tx = db.begin().await?;
    users::remove(&mut tx, user.id).await?;
    Ok(tx.commit().await?)
}

async fn find(db: &Db, name: &UserName) -> Result<User> {
    users::by_name(db, name).await?.ok_or_else(|| Error::not_found("user", name))
}

/// Hashes off the threads that serve requests.
async fn hash(password: Password) -> Result<PasswordHash> {
    let salt = *Uuid::new_v4().as_bytes();
    let hashed = tokio::task::spawn_blocking(move || password.hash(salt)).await;
    let failed = || Error::new(Kind::Internal, "a password could not be hashed");
    hashed.map_err(|cause| failed().caused_by(cause))?.map_err(|cause| failed().caused_by(cause))
}
