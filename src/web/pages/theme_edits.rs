//! What a person may change in the themes: forms that need no scripts, and the log with a button to undo each change.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::locale::Locale;
use super::page::Page;
use super::session::Visit;
use crate::access::Scope;
use crate::app::App;
use crate::error::Error;
use crate::feedback::FeedbackId;
use crate::pipeline::{self, Descent, LoggedEdit, Wish};
use crate::themes::{Act, Event, Theme};
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// One change, in the reader's words.
#[derive(Debug)]
pub struct EditLine {
    /// Its id.
    pub id: Uuid,
    /// What was done.
    pub what: String,
    /// Who did it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it was undone.
    pub undone: bool,
    /// Whether it does nothing for now.
    pub idle: bool,
}

impl EditLine {
    /// Puts a change into words.
    #[must_use]
    pub fn new(page: &Page, logged: &LoggedEdit) -> Self {
        let LoggedEdit { edit, idle, titles } = logged;
        let title = |at: usize| titles.get(at).map_or_else(|| "—".to_owned(), |titles| page.title_of(titles));
        let what = match &edit.act {
            Act::Rename { titles, .. } => {
                let given: Vec<String> = titles.values().map(|title| super::text::visible(title)).collect();
                page.about("edit-rename", &given.join(" · "))
            }
            Act::Merge { .. } => page.two_texts("edit-merge", &title(0), &title(1)),
            Act::Split { .. } => page.two_texts("edit-split", &title(0), &title(1)),
            Act::Pin { .. } => page.about("edit-pin", &title(0)),
            Act::Hide { .. } => page.about("edit-hide", &title(0)),
            Act::Assign { theme: Some(_), .. } => page.about("edit-assign", &title(0)),
            Act::Assign { theme: None, .. } => page.t("edit-assign-none"),
        };
        let by = super::text::visible(&edit.made_by);
        Self { id: edit.id, what, by, at: edit.made_at, undone: edit.undone_at.is_some(), idle: *idle }
    }
}

/// What a run made of a theme, in the reader's words.
#[derive(Debug)]
pub struct DescentLine {
    /// What became of it.
    pub what: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The other theme's title, and its id if it is still there.
    pub other: Option<(Option<Uuid>, String)>,
}

impl DescentLine {
    /// Puts a line of a lineage into words, as seen from the theme `own`, beside which there are these `others`.
    #[must_use]
    pub fn new(page: &Page, descent: &Descent, own: Uuid, others: &[Theme]) -> Self {
        let lineage = &descent.lineage;
        let count = |id: &str, number: usize| page.n(id, &(number as u64));
        let is_own = lineage.theme == own;
        let what = match (lineage.event, is_own) {
            (Event::Same, _) => page.two("lineage-same", &(lineage.shared as u64), &(lineage.before as u64)),
            (Event::Split, true) => count("lineage-split", lineage.shared),
            (Event::Split, false) => count("lineage-parted", lineage.shared),
            (Event::Merged, true) => count("lineage-merged", lineage.shared),
            (Event::Merged, false) => count("lineage-took", lineage.shared),
            (Event::New, _) => count("lineage-new", lineage.after),
            (Event::Gone, _) => count("lineage-gone", lineage.before),
        };
        let there = |id: Uuid| others.iter().any(|theme| theme.id == id).then_some(id);
        let other = match (lineage.other, is_own) {
            (Some(other), true) => Some((there(other), page.title_of(&descent.other_titles))),
            (Some(_), false) => Some((there(lineage.theme), page.title_of(&descent.titles))),
            (None, _) => None,
        };
        Self { what, at: descent.run_at, other }
    }
}

/// A new title, as it is sent.
#[derive(Debug, Deserialize)]
pub struct Title {
    title: String,
    language: Locale,
}

/// The theme that takes another's feedback, as it is sent.
#[derive(Debug, Deserialize)]
pub struct Into {
    into: Uuid,
}

/// The theme of a feedback, as it is sent; empty for none.
#[derive(Debug, Deserialize)]
pub struct Home {
    theme: String,
}

/// Does what is wished, if the person's role allows it.
async fn edit(app: &App, visit: Visit, wish: Wish) -> Result<LoggedEdit, Problem> {
    let page = visit.allowed(Scope::ThemesWrite)?;
    Ok(pipeline::edit_theme(app, &page.actor(), wish).await?)
}

fn to_theme(id: Uuid) -> Response {
    Redirect::to(&format!("/themes/{id}")).into_response()
}

/// Renames the theme and shows it again.
///
/// # Errors
/// 403 if the role does not allow it, 404 if there is no such theme, 422 for a title that can't be taken.
pub async fn rename(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(sent): Form<Title>,
) -> Result<Response, Problem> {
    let titles = [(sent.language.language(), sent.title)].into();
    edit(&app, visit, Wish::Rename { theme: id, titles }).await?;
    Ok(to_theme(id))
}

/// Puts the theme into another and shows that one.
///
/// # Errors
/// As [`rename`].
pub async fn merge(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(sent): Form<Into>,
) -> Result<Response, Problem> {
    edit(&app, visit, Wish::Merge { theme: id, into: sent.into }).await?;
    Ok(to_theme(sent.into))
}

/// Makes a theme of the chosen feedback and shows it.
///
/// # Errors
/// As [`rename`].
pub async fn split(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let chosen = sent.iter().filter(|(name, _)| name == "record").map(|(_, id)| id.parse().map(FeedbackId));
    let records = chosen.collect::<Result<Vec<_>, _>>().map_err(|error| Error::invalid(format!("record: {error}")))?;
    let done = edit(&app, visit, Wish::Split { theme: id, records }).await?;
    Ok(to_theme(done.edit.act.themes().last().unwrap_or(id)))
}

/// Pins the theme and shows it again.
///
/// # Errors
/// As [`rename`].
pub async fn pin(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    edit(&app, visit, Wish::Pin { theme: id }).await?;
    Ok(to_theme(id))
}

/// Hides the theme and shows the others.
///
/// # Errors
/// As [`rename`].
pub async fn hide(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    edit(&app, visit, Wish::Hide { theme: id }).await?;
    Ok(Redirect::to("/themes").into_response())
}

/// Puts a feedback into a theme, or into none, and shows it again.
///
/// # Errors
/// As [`rename`].
pub async fn assign(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<FeedbackId>,
    Form(sent): Form<Home>,
) -> Result<Response, Problem> {
    let theme = match sent.theme.as_str() {
        "" => None,
        theme => Some(theme.parse().map_err(|error| Error::invalid(format!("theme: {error}")))?),
    };
    edit(&app, visit, Wish::Assign { feedback: id, theme }).await?;
    Ok(Redirect::to(&format!("/feedback/{id}")).into_response())
}

/// Undoes a change and shows the theme that it was made in, or all if that is gone.
///
/// # Errors
/// As [`rename`].
pub async fn undo(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::ThemesWrite)?;
    let undone = pipeline::undo_theme_edit(&app, &page.actor(), id).await?;
    let present = app.themes.get();
    let theme = undone.edit.act.themes().find(|id| present.plan.themes().contains_key(id));
    Ok(theme.map_or_else(|| Redirect::to("/themes").into_response(), to_theme))
}
