//! The pages for people: drawn on the server, readable without scripts, in Arabic and English.
//!
//! A page is a typed context and a template; a handler fills the context from use cases and decides nothing else.
//! Whatever a customer wrote is escaped by the template and set apart by `dir="auto"`.

pub mod address;
pub mod answers;
pub mod assets;
pub mod audit;
pub mod chart;
pub mod choice;
pub mod disagreements;
pub mod failure;
pub mod feedback;
pub mod format;
pub mod import;
pub mod import_file;
pub mod inbox;
pub mod incident;
pub mod incident_card;
pub mod journey;
pub mod journey_line;
pub mod journeys;
pub mod live;
pub mod locale;
pub mod messages;
pub mod origin;
pub mod overview;
pub mod page;
pub mod persona_card;
pub mod persona_markdown;
pub mod persona_run;
#[cfg(test)]
mod persona_samples;
pub mod personas;
pub mod record;
#[cfg(test)]
mod sampled;
pub mod score_chart;
pub mod score_view;
pub mod scores;
pub mod search;
pub mod session;
pub mod settings;
mod sheet;
pub mod sign_in;
#[cfg(test)]
mod tests;
pub mod text;
pub mod theme_edits;
pub mod theme_map;
pub mod themes;
pub mod ticket;
pub mod ticket_line;
pub mod upload;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::problem::Problem;
use super::state::Web;
use crate::error::{Error, Kind};

/// The media type of a page.
pub const HTML: &str = "text/html; charset=utf-8";

/// What takes as long as its body: files.
pub fn streaming() -> Router<Web> {
    Router::new()
        .route("/import", post(upload::receive))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(origin::check))
}

/// Every page and what it needs.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(overview::overview))
        .route("/inbox", get(inbox::inbox))
        .route("/inbox/{id}", get(ticket::ticket).post(ticket::correct))
        .route("/inbox/{id}/forget", post(ticket::forget))
        .route("/incidents/{id}", get(incident::incident).post(incident::close))
        .route("/themes", get(themes::themes))
        .route("/journeys", get(journeys::journeys))
        .route("/journeys/{id}", get(journey::journey))
        .route("/journeys/{id}/file", get(journeys::file))
        .route("/journeys/{id}/edit", get(journeys::form).post(journeys::write))
        .route("/journeys/{id}/remove", post(journeys::remove))
        .route("/personas", get(personas::list).post(personas::ask))
        .route("/personas/print", get(personas::print))
        .route("/personas/export.md", get(personas::export))
        .route("/personas/{id}", get(personas::persona))
        .route("/personas/{id}/ask", get(answers::form).post(answers::answer))
        .route("/personas/{id}/records", get(personas::records))
        .route("/themes/{id}", get(themes::theme).post(theme_edits::rename))
        .route("/themes/{id}/merge", post(theme_edits::merge))
        .route("/themes/{id}/split", post(theme_edits::split))
        .route("/themes/{id}/pin", post(theme_edits::pin))
        .route("/themes/{id}/hide", post(theme_edits::hide))
        .route("/themes/edits/{id}/undo", post(theme_edits::undo))
        .route("/scores", get(scores::scores))
        .route("/scores/disagreements", get(disagreements::disagreements))
        .route("/search", get(search::search))
        .route("/feedback", get(feedback::list))
        .route("/feedback/{id}", get(feedback::record))
        .route("/feedback/{id}/theme", post(theme_edits::assign))
        .route("/import", get(import::imports))
        .route("/import/{id}", get(import_file::show).post(import_file::go_on))
        .route("/import/{id}/refusals.csv", get(import_file::download))
        .route("/settings", get(settings::show))
        .route("/settings/tokens", post(settings::create_token))
        .route("/settings/tokens/{id}", post(settings::revoke_token))
        .route("/settings/users", post(settings::create_user))
        .route("/settings/users/change", post(settings::change_user))
        .route("/audit", get(audit::audit))
        .route("/events", get(live::events))
        .route("/assets/{name}", get(assets::serve))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .layer(from_fn(origin::check))
        .layer(from_fn(address::tidy))
}

/// A template as an answer.
///
/// # Errors
/// 500 if it can't be written.
pub fn show(template: &impl Template) -> Result<Response, Problem> {
    let body = template
        .render()
        .map_err(|error| Problem::from(Error::new(Kind::Internal, "a page can't be written").caused_by(error)))?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(HTML))], body).into_response())
}

/// The same answer with another status.
fn with_status(status: StatusCode, mut response: Response) -> Response {
    *response.status_mut() = status;
    response.extensions_mut().insert(Shown);
    response
}

/// Marks an answer that says itself what is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Shown;

/// Every page of a signed-in person, from a sample of its context.
#[cfg(test)]
fn samples(locale: locale::Locale) -> Vec<(&'static str, Result<String, askama::Error>)> {
    let page = |here| page::Page::sample(locale, here);
    vec![
        ("sign in", sign_in::SignIn::sample(page("/sign-in")).render()),
        ("overview", overview::Overview::sample(page("/")).render()),
        ("empty overview", overview::Overview::new(page("/"), None, &[]).render()),
        ("inbox", inbox::Inbox::sample(page("/inbox")).render()),
        ("ticket", ticket::TicketPage::sample(page("/inbox/7")).render()),
        ("incident", incident::IncidentPage::sample(page("/incidents/7")).render()),
        ("themes", themes::Themes::sample(page("/themes")).render()),
        ("theme", themes::ThemePage::sample(page("/themes/7")).render()),
        ("journeys", journeys::Journeys::sample(page("/journeys")).render()),
        ("journey", journey::JourneyPage::sample(page("/journeys/shop")).render()),
        ("journey form", journeys::Edit::sample(page("/journeys/shop/edit")).render()),
        ("personas", personas::Personas::sample(page("/personas")).render()),
        ("refused personas", personas::Personas::refused(page("/personas")).render()),
        ("no personas", personas::Personas::new(page("/personas"), None, &[], personas::Asked(true)).render()),
        ("persona", personas::PersonaPage::sample(page("/personas/7")).render()),
        ("personas to print", personas::PrintPage::sample(page("/personas/print")).render()),
        ("records of a persona", personas::RecordsPage::sample(page("/personas/7/records")).render()),
        ("feedback", feedback::FeedbackPage::sample(page("/feedback")).render()),
        ("record", feedback::RecordPage::sample(page("/feedback/7")).render()),
        ("scores", scores::ScoresPage::sample(page("/scores")).render()),
        ("no scores", scores::ScoresPage::new(page("/scores"), &scores::Choice::default(), None).render()),
        ("disagreements", disagreements::Disagreements::sample(page("/scores/disagreements")).render()),
        ("audit", audit::Audit::sample(page("/audit")).render()),
        ("imports", import::Imports::sample(page("/import")).render()),
        ("import", import_file::ImportPage::sample_waiting(page("/import/7")).render()),
        ("import that lacks a column", import_file::ImportPage::sample_fault(page("/import/7")).render()),
        ("import that runs", import_file::ImportPage::sample_running(page("/import/7")).render()),
        ("import that is done", import_file::ImportPage::sample_done(page("/import/7")).render()),
        ("settings", settings::SettingsPage::sample(page("/settings")).render()),
        ("search", search::Search::sample(page("/search?q=x")).render()),
        ("ask", answers::AskPage::sample(page("/personas/7/ask")).render()),
    ]
}
