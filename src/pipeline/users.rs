//! Makes, lists, changes and removes the people who may sign in.

use serde_json::json;
use uuid::Uuid;

use crate::access::{Action, Actor, Password, PasswordHash, Role, User, UserName};
use crate::clock::Clock;
use crate::error::{Error, Kind, Result};
use crate::stores::sql::{Db, Tx, users};

use super::audit;

/// Makes a user.
///
/// # Errors
/// `Conflict` if the name is taken, or those of the database.
pub async fn create_user(
    db: &Db,
    clock: &Clock,
    by: &Actor,
    name: UserName,
    role: Role,
    password: Password,
) -> Result<User> {
    let password = hash(password).await?;
    let user = User { id: clock.new_id(), name, role, password, created_at: clock.now() };
    let mut tx = db.begin().await?;
    users::insert(&mut tx, &user).await?;
    record(&mut tx, clock, by, Action::UserCreated, &user, json!({ "role": role.name() })).await?;
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
pub async fn change_password(db: &Db, clock: &Clock, by: &Actor, name: &UserName, password: Password) -> Result<()> {
    let user = find(db, name).await?;
    let password = hash(password).await?;
    let mut tx = db.begin().await?;
    users::set_password(&mut tx, user.id, &password).await?;
    record(&mut tx, clock, by, Action::PasswordChanged, &user, json!({})).await?;
    Ok(tx.commit().await?)
}

/// Gives a user another role, from their next request on.
///
/// # Errors
/// `NotFound` if there is no such user, `Conflict` if nobody would be left who is an admin, or those of the database.
pub async fn change_role(db: &Db, clock: &Clock, by: &Actor, name: &UserName, role: Role) -> Result<()> {
    let user = find(db, name).await?;
    if user.role == role {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    if role != Role::Admin {
        keep_an_admin(&mut tx, &user).await?;
    }
    users::set_role(&mut tx, user.id, role).await?;
    let details = json!({ "role": [user.role.name(), role.name()] });
    record(&mut tx, clock, by, Action::RoleChanged, &user, details).await?;
    Ok(tx.commit().await?)
}

/// Removes a user and signs them out everywhere.
///
/// # Errors
/// `NotFound` if there is no such user, `Conflict` if a person asks and nobody would be left who is an admin,
/// or those of the database.
pub async fn remove_user(db: &Db, clock: &Clock, by: &Actor, name: &UserName) -> Result<()> {
    let user = find(db, name).await?;
    let mut tx = db.begin().await?;
    if *by != Actor::Operator {
        keep_an_admin(&mut tx, &user).await?;
    }
    users::remove(&mut tx, user.id).await?;
    record(&mut tx, clock, by, Action::UserRemoved, &user, json!({ "role": user.role.name() })).await?;
    Ok(tx.commit().await?)
}

/// Refuses to lose the last admin: nobody could make another on the pages.
async fn keep_an_admin(tx: &mut Tx, losing: &User) -> Result<()> {
    if users::has_admin_besides(tx, losing.id).await? {
        return Ok(());
    }
    Err(Error::conflict(format!("{} is the only admin; make somebody else an admin first", losing.name)))
}

async fn record(
    tx: &mut Tx,
    clock: &Clock,
    by: &Actor,
    action: Action,
    user: &User,
    details: serde_json::Value,
) -> Result<()> {
    audit::record(tx, clock, by, action, Some(("user", user.name.as_str())), details).await
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
