//! Signing in and out.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::page::Page;
use super::session::{Sessions, onward};
use super::text::visible;
use crate::access::{Password, UserName};
use crate::app::App;
use crate::pipeline;
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::limits::Rates;
use crate::web::problem::Problem;

/// How often a name may be tried in a minute.
const OF_A_NAME: u32 = 6;
/// How often all names together may be tried in a minute: each try costs some hundredths of a second.
const OF_ALL: u32 = 120;

/// How often somebody may try to sign in.
#[derive(Clone, Debug)]
pub struct Tries {
    names: Arc<Rates>,
    all: Arc<Rates>,
}

impl Default for Tries {
    fn default() -> Self {
        Self { names: Arc::new(Rates::new(OF_A_NAME)), all: Arc::new(Rates::new(OF_ALL)) }
    }
}

impl Tries {
    /// Counts a try; how long to wait if it is one too many.
    fn wait(&self, name: &str) -> Option<Duration> {
        let key = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        self.names.wait(key).or_else(|| self.all.wait(Uuid::nil()))
    }
}

/// The page to sign in on.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    page: Page,
    to: String,
    name: String,
    fault: Option<String>,
}

/// Where to go on to.
#[derive(Debug)]
pub struct To(Option<String>);

impl Parameters for To {
    fn read(fields: &mut Fields) -> Self {
        Self(fields.optional("to"))
    }
}

/// The form.
#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
    #[serde(default)]
    to: String,
}

/// Shows the form.
///
/// # Errors
/// As [`super::show`].
pub async fn form(page: Page, Query(To(to)): Query<To>) -> Result<Response, Problem> {
    let to = onward(to.as_deref()).to_owned();
    super::show(&SignIn { page, to, name: String::new(), fault: None })
}

/// Signs somebody in, or says that the name or the password is wrong, not which.
///
/// # Errors
/// Those of the database.
pub async fn sign_in(
    State(app): State<App>,
    State(sessions): State<Sessions>,
    State(tries): State<Tries>,
    page: Page,
    Form(credentials): Form<Credentials>,
) -> Result<Response, Problem> {
    let Credentials { name, password, to } = credentials;
    let to = onward(Some(&to)).to_owned();
    let known = name.parse::<UserName>();
    if let Some(wait) = tries.wait(known.as_ref().map_or("", UserName::as_str)) {
        let fault = page.n("sign-in-too-often", &wait.as_secs().max(1));
        return refused(StatusCode::TOO_MANY_REQUESTS, SignIn { fault: Some(fault), page, to, name: visible(&name) });
    }
    if let Ok(known) = known
        && let Some(secret) = pipeline::sign_in(&app, &known, Password::presented(&password), sessions.lifetime).await?
    {
        let mut response = Redirect::to(&to).into_response();
        sessions.begin(&mut response, &secret);
        return Ok(response);
    }
    let fault = page.t("sign-in-wrong");
    refused(StatusCode::UNPROCESSABLE_ENTITY, SignIn { fault: Some(fault), page, to, name: visible(&name) })
}

/// The form again, with what was wrong.
fn refused(status: StatusCode, form: SignIn) -> Result<Response, Problem> {
    Ok(super::with_status(status, super::show(&form)?))
}

/// Signs somebody out.
///
/// # Errors
/// Those of the database.
pub async fn sign_out(
    State(app): State<App>,
    State(sessions): State<Sessions>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(secret) = sessions.secret(&headers) {
        pipeline::sign_out(&app, &secret).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    sessions.end(&mut response);
    Ok(response)
}

#[cfg(test)]
impl SignIn {
    /// The form after a wrong try.
    pub(super) fn sample(page: Page) -> Self {
        let (name, fault) = (visible(super::sampled::NASTY), Some(page.t("sign-in-wrong")));
        Self { page, to: "/inbox".to_owned(), name, fault }
    }
}
