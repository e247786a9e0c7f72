//! Signs people in and out.

use std::sync::LazyLock;

use chrono::TimeDelta;
use serde_json::json;

use crate::access::{Action, Actor, Password, PasswordHash, Secret, Session, User, UserName};
use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::stores::sql::users;

use super::audit;
use super::tokens::random_bytes;

/// A hash of nobody's password: looking for a name that isn't there takes as long as for one that is.
static NOBODY: LazyLock<PasswordHash> = LazyLock::new(|| {
    let nobody = Password::presented("nobody's").hash([0; 16]);
    nobody.unwrap_or_else(|_| PasswordHash::stored(String::new()))
});

/// Begins a session of `lifetime` for whoever has this name and password; none if nobody has.
///
/// # Errors
/// Those of the database.
pub async fn sign_in(app: &App, name: &UserName, password: Password, lifetime: TimeDelta) -> Result<Option<Secret>> {
    let user = users::by_name(&app.db, name).await?;
    let kept = user.as_ref().map(|user| user.password.clone());
    // some hundredths of a second of work, off the threads that serve requests
    let checked = tokio::task::spawn_blocking(move || kept.as_ref().unwrap_or(&NOBODY).is_of(&password)).await;
    let right =
        checked.map_err(|cause| Error::new(Kind::Internal, "a password could not be checked").caused_by(cause))?;
    let Some(user) = user.as_ref().filter(|_| right) else {
        refuse(app, user.as_ref()).await?;
        return Ok(None);
    };
    let secret = Secret::from_random(random_bytes());
    let now = app.clock.now();
    let session = Session { hash: secret.hash(), user_id: user.id, created_at: now, expires_at: now + lifetime };
    let mut tx = app.db.begin().await?;
    users::begin_session(&mut tx, &session).await?;
    let subject = Some(("user", user.name.as_str()));
    audit::record(&mut tx, &app.clock, &Actor::from(user), Action::SignedIn, subject, json!({})).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// Notes a try that failed; a name that nobody has may be a password in the wrong field, so it is not kept.
async fn refuse(app: &App, user: Option<&User>) -> Result<()> {
    let subject = user.map(|user| ("user", user.name.as_str()));
    let mut tx = app.db.begin().await?;
    audit::record(&mut tx, &app.clock, &Actor::Nobody, Action::SignInRefused, subject, json!({})).await?;
    Ok(tx.commit().await?)
}

/// Who is signed in with this secret.
///
/// # Errors
/// Those of the database.
pub async fn signed_in(app: &App, secret: &Secret) -> Result<Option<User>> {
    Ok(users::of_session(&app.db, &secret.hash(), app.clock.now()).await?)
}

/// Ends the session of this secret, if there is one.
///
/// # Errors
/// Those of the database.
pub async fn sign_out(app: &App, secret: &Secret) -> Result<()> {
    let mut tx = app.db.begin().await?;
    users::end_session(&mut tx, &secret.hash()).await?;
    Ok(tx.commit().await?)
}
