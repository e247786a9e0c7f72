//! What admins change: people and tokens.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use uuid::Uuid;

use super::{Notice, render};
use crate::access::{Password, Role, Scope, UserName};
use crate::app::App;
use crate::error::{Error, Kind};
use crate::pipeline;
use crate::web::api::text;
use crate::web::extract::Path;
use crate::web::pages::session::Visit;
use crate::web::problem::Problem;

/// The most days that a token works.
const MOST_DAYS: i64 = 36_500;

/// Makes a token and shows its secret, this once.
///
/// # Errors
/// 403 for anybody but an admin, or those of the database; a wrong field is told on the page.
pub async fn create_token(
    State(app): State<App>,
    visit: Visit,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::Admin)?;
    let of = |name: &str| sent.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let scopes = sent.iter().filter(|(field, _)| field == "scope").map(|(_, name)| name.parse::<Scope>());
    let scopes: Vec<Scope> = scopes.filter_map(Result::ok).collect();
    let days = match of("days") {
        "" => Some(None),
        days => days.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days)).map(Some),
    };
    let (Ok(name), false, Some(days)) = (text::short(of("name")), scopes.is_empty(), days) else {
        let fault = Notice::Fault(page.t("settings-bad-token"));
        return render(&app, page, Some(fault)).await;
    };
    let expires_at = days.map(|days| app.clock.now() + TimeDelta::days(days));
    let (_, secret) = pipeline::create_token(&app, &page.actor(), name, scopes, expires_at).await?;
    render(&app, page, Some(Notice::Secret(secret.reveal().to_owned()))).await
}

/// Withdraws a token.
///
/// # Errors
/// 403 for anybody but an admin, 404 if no such token works, or those of the database.
pub async fn revoke_token(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::Admin)?;
    pipeline::revoke_token(&app, &page.actor(), id).await?;
    Ok(Redirect::to("/settings#tokens").into_response())
}

/// A new person, as the form sends one.
#[derive(Deserialize)]
pub struct NewUser {
    name: String,
    role: String,
    password: String,
}

/// Lets a person sign in from now on.
///
/// # Errors
/// 403 for anybody but an admin, or those of the database; a wrong field is told on the page.
pub async fn create_user(State(app): State<App>, visit: Visit, Form(sent): Form<NewUser>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::Admin)?;
    let fault = match (sent.name.parse::<UserName>(), sent.role.parse::<Role>(), Password::new(&sent.password)) {
        (Ok(name), Ok(role), Ok(password)) => {
            match pipeline::create_user(&app.db, &app.clock, &page.actor(), name, role, password).await {
                Ok(_) => return Ok(Redirect::to("/settings#people").into_response()),
                Err(error) if error.kind() == Kind::Conflict => "settings-name-taken",
                Err(error) => return Err(error.into()),
            }
        }
        (Err(_), ..) => "settings-bad-name",
        (_, Err(_), _) => "settings-bad-role",
        (.., Err(_)) => "settings-bad-password",
    };
    let fault = Notice::Fault(page.t(fault));
    render(&app, page, Some(fault)).await
}

/// What to change of a person, as the form sends it.
#[derive(Deserialize)]
pub struct UserChange {
    name: String,
    #[serde(rename = "do")]
    what: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    password: String,
}

/// Gives a person another role or password, or removes them.
///
/// # Errors
/// 403 for anybody but an admin, 404 if there is no such person, 422 for an unknown wish, or those of the database;
/// a wrong field and the loss of the last admin are told on the page.
pub async fn change_user(
    State(app): State<App>,
    visit: Visit,
    Form(sent): Form<UserChange>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::Admin)?;
    let name = sent.name.parse::<UserName>().map_err(|error| Problem::invalid_param("name", error.to_string()))?;
    let (db, clock, by) = (&app.db, &app.clock, page.actor());
    let done: Result<(), Error> = match sent.what.as_str() {
        "role" => match sent.role.parse::<Role>() {
            Ok(role) => pipeline::change_role(db, clock, &by, &name, role).await,
            Err(error) => return Err(Problem::invalid_param("role", error.to_string())),
        },
        "password" => match Password::new(&sent.password) {
            Ok(password) => pipeline::change_password(db, clock, &by, &name, password).await,
            Err(_) => {
                let fault = Notice::Fault(page.t("settings-bad-password"));
                return render(&app, page, Some(fault)).await;
            }
        },
        "remove" => pipeline::remove_user(db, clock, &by, &name).await,
        _ => return Err(Problem::invalid_param("do", "must be role, password or remove")),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/settings#people").into_response()),
        Err(error) if error.kind() == Kind::Conflict => {
            let fault = Notice::Fault(page.t("settings-last-admin"));
            render(&app, page, Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}
