//! The pages for people: drawn on the server, readable without scripts, in Arabic and English.
//!
//! A page is a typed context and a template; a handler fills the context from use cases and decides nothing else.
//! Whatever a customer wrote is escaped by the template and set apart by `dir="auto"`.

pub mod address;
pub mod assets;
pub mod chart;
pub mod choice;
pub mod failure;
pub mod feedback;
pub mod format;
pub mod inbox;
pub mod locale;
pub mod messages;
pub mod origin;
pub mod overview;
pub mod page;
pub mod record;
pub mod search;
pub mod session;
pub mod sign_in;
#[cfg(test)]
mod tests;
pub mod text;
pub mod themes;
pub mod ticket;
pub mod ticket_line;

use askama::Template;
use axum::Router;
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

/// Every page and what it needs.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(overview::overview))
        .route("/inbox", get(inbox::inbox))
        .route("/inbox/{id}", get(ticket::ticket).post(ticket::correct))
        .route("/themes", get(themes::themes))
        .route("/themes/{id}", get(themes::theme).post(themes::rename))
        .route("/search", get(search::search))
        .route("/feedback", get(feedback::list))
        .route("/feedback/{id}", get(feedback::record))
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
        ("empty overview", overview::Overview::new(page("/"), None).render()),
        ("inbox", inbox::Inbox::sample(page("/inbox")).render()),
        ("ticket", ticket::TicketPage::sample(page("/inbox/7")).render()),
        ("themes", themes::Themes::sample(page("/themes")).render()),
        ("theme", themes::ThemePage::sample(page("/themes/7")).render()),
        ("feedback", feedback::FeedbackPage::sample(page("/feedback")).render()),
        ("record", feedback::RecordPage::sample(page("/feedback/7")).render()),
        ("search", search::Search::sample(page("/search?q=x")).render()),
    ]
}
