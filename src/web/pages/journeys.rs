//! Journeys: all of them, one as its file, and the form to write one.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::page::Page;
use super::session::Visit;
use super::text::{shortened, visible, visible_toml};
use crate::access::Scope;
use crate::app::App;
use crate::error::Kind;
use crate::journeys::{Fault, FaultKind, JourneyId};
use crate::pipeline::journey::{self, Journey, Unreadable};
use crate::web::extract::{Fields, Parameters, Path, Query};
use crate::web::problem::Problem;

/// What a new journey begins with.
const BLANK: &str = include_str!("blank_journey.toml");

/// All journeys.
#[derive(Debug, Template)]
#[template(path = "journeys.html")]
pub struct Journeys {
    page: Page,
    rows: Vec<Row>,
    may_change: bool,
}

/// One of them.
#[derive(Debug)]
struct Row {
    id: String,
    title: String,
    steps: Vec<String>,
    written: Option<(String, String)>,
}

/// The id of a journey to write.
#[derive(Clone, Debug)]
pub struct Wanted(Option<JourneyId>);

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self(fields.optional("id"))
    }
}

/// Shows all; with an id leads on to writing that one.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for an id that is none, or those of the stores.
pub async fn journeys(State(app): State<App>, visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    if let Wanted(Some(id)) = wanted {
        return Ok(Redirect::to(&format!("/journeys/{id}/edit")).into_response());
    }
    super::show(&Journeys::new(page, &journey::list(&app).await?))
}

impl Journeys {
    /// Puts the journeys on the page.
    #[must_use]
    pub fn new(page: Page, all: &[Journey]) -> Self {
        let language = page.locale.language();
        let row = |journey: &Journey| Row {
            id: journey.id.to_string(),
            title: visible(journey.ideal.title.in_language(&language)),
            steps: journey.ideal.steps.iter().map(|step| visible(step.title.in_language(&language))).collect(),
            written: journey.written.as_ref().map(|(author, at)| (visible(author), page.date(at))),
        };
        Self { rows: all.iter().map(row).collect(), may_change: page.may(Scope::ThemesWrite), page }
    }
}

/// The file, to be kept or sent on.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such journey, or those of the stores.
pub async fn file(State(app): State<App>, visit: Visit, Path(id): Path<JourneyId>) -> Result<Response, Problem> {
    visit.allowed(Scope::FeedbackRead)?;
    let journey = journey::get(&app, &id).await?;
    let name = HeaderValue::try_from(format!("attachment; filename=\"{id}.toml\"")).map_err(|_| Problem::internal())?;
    let kind = HeaderValue::from_static("application/toml; charset=utf-8");
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], journey.toml).into_response())
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "journey_edit.html")]
pub struct Edit {
    page: Page,
    id: String,
    toml: String,
    faults: Vec<(u64, String, String)>,
    count: u64,
    may_remove: bool,
    built_in: bool,
}

/// Shows the form; an id that is not taken begins a new journey.
///
/// # Errors
/// 403 if the role does not allow writing, or those of the stores.
pub async fn form(State(app): State<App>, visit: Visit, Path(id): Path<JourneyId>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::ThemesWrite)?;
    super::show(&Edit::new(page, &id, there(&app, &id).await?.as_ref(), None))
}

/// The journey of this id, if there is one.
async fn there(app: &App, id: &JourneyId) -> Result<Option<Journey>, Problem> {
    match journey::get(app, id).await {
        Ok(journey) => Ok(Some(journey)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The file, as it is sent.
#[derive(Debug, Deserialize)]
pub struct Sent {
    toml: String,
}

/// Keeps the file and shows the journey, or shows the form again with all that is wrong.
///
/// # Errors
/// 403 if the role does not allow writing, or those of the stores.
pub async fn write(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<JourneyId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::ThemesWrite)?;
    match journey::write(&app, &id, &sent.toml, &page.actor()).await {
        Ok(_) => Ok(Redirect::to(&format!("/journeys/{id}")).into_response()),
        Err(Unreadable::Other(error)) => Err(error.into()),
        Err(Unreadable::File(faults)) => {
            let journey = there(&app, &id).await?;
            let form = Edit::new(page, &id, journey.as_ref(), Some((&sent.toml, &faults)));
            Ok(super::with_status(StatusCode::UNPROCESSABLE_ENTITY, super::show(&form)?))
        }
    }
}

/// Takes back what was written under this id.
///
/// # Errors
/// 403 if the role does not allow writing, 404 if there is no such journey, 409 if it is as it came along.
pub async fn remove(State(app): State<App>, visit: Visit, Path(id): Path<JourneyId>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::ThemesWrite)?;
    journey::remove(&app, &page.actor(), &id).await?;
    Ok(Redirect::to("/journeys").into_response())
}

impl Edit {
    /// The form with the journey's file in it, or with what was sent and what is wrong with it.
    #[must_use]
    pub fn new(page: Page, id: &JourneyId, journey: Option<&Journey>, refused: Option<(&str, &[Fault])>) -> Self {
        let kept = journey.map_or(BLANK, |journey| journey.toml.as_str());
        let (toml, faults) = refused.unwrap_or((kept, &[]));
        let fault = |fault: &Fault| {
            let line = toml.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
            (fault.line as u64, told(&page, fault), shortened(line, 160))
        };
        Self {
            id: id.to_string(),
            faults: faults.iter().map(fault).collect(),
            count: faults.len() as u64,
            may_remove: journey.is_some_and(|journey| journey.written.is_some()),
            built_in: journey.is_some_and(|journey| journey.built_in),
            toml: visible_toml(toml),
            page,
        }
    }
}

/// What is wrong, in the reader's language; what the reader of TOML says stays as it says it.
fn told(page: &Page, fault: &Fault) -> String {
    let about = visible(&fault.about);
    match fault.kind {
        FaultKind::Toml => page.about("journey-fault-toml", &about),
        kind => page.about(&format!("journey-fault-{kind}"), &about),
    }
}

#[cfg(test)]
impl Journeys {
    /// The journeys that come along, one of them changed.
    pub(super) fn sample(page: Page) -> Self {
        let changed = super::sampled::actual_journey().journey;
        let plain = Journey { written: None, ..changed.clone() };
        Self::new(page, &[changed, plain])
    }
}

#[cfg(test)]
impl Edit {
    /// A form with every fault there is.
    pub(super) fn sample(page: Page) -> Self {
        let journey = super::sampled::actual_journey().journey;
        let fault = |kind: &FaultKind| Fault { line: 1, kind: *kind, about: super::sampled::NASTY.to_owned() };
        let faults: Vec<Fault> = FaultKind::ALL.iter().map(fault).collect();
        Self::new(page, &journey.id.clone(), Some(&journey), Some((super::sampled::NASTY, &faults)))
    }
}
