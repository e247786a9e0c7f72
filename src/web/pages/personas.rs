//! Personas: the groups that were found or why there are none, one of them, its records, and all of them on paper.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::address::query;
use super::page::Page;
use super::persona_card::{CardView, label};
use super::persona_markdown::{MARKDOWN, markdown};
use super::persona_run::RunView;
use super::record::Record;
use super::session::Visit;
use super::text::visible;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::Feedback;
use crate::personas::{Aspect, Persona, Run};
use crate::pipeline::{self, Cursor, PersonaStory, Showing};
use crate::web::extract::{Fields, Parameters, Path, Query};
use crate::web::problem::Problem;

/// How many records a page has.
const PAGE: usize = 30;

/// All personas.
#[derive(Debug, Template)]
#[template(path = "personas.html")]
pub struct Personas {
    page: Page,
    run: Option<RunView>,
    cards: Vec<CardView>,
    asked: bool,
    may_ask: bool,
}

/// Whether a new look was just asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked(pub(super) bool);

impl Parameters for Asked {
    fn read(fields: &mut Fields) -> Self {
        Self(fields.optional::<u8>("asked").is_some())
    }
}

/// Shows all.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn list(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let run = pipeline::list_personas(&app).await?.run;
    let stories = pipeline::persona_stories(&app).await?;
    super::show(&Personas::new(page, run.as_ref(), &stories, asked))
}

/// Asks for a new look at all customers and goes back.
///
/// # Errors
/// 403 if the role does not allow it, or those of the stores.
pub async fn ask(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    visit.allowed(Scope::ThemesWrite)?;
    pipeline::request_profiling(&app).await?;
    Ok(Redirect::to("/personas?asked=1").into_response())
}

impl Personas {
    /// Puts the personas, or the refusal, on the page.
    #[must_use]
    pub fn new(page: Page, run: Option<&Run>, stories: &[PersonaStory], asked: Asked) -> Self {
        Self {
            run: run.map(|run| RunView::new(&page, run)),
            cards: cards(&page, stories),
            asked: asked.0,
            may_ask: page.may(Scope::ThemesWrite),
            page,
        }
    }
}

fn cards(page: &Page, stories: &[PersonaStory]) -> Vec<CardView> {
    stories.iter().map(|story| CardView::new(page, &story.persona, &story.quotes, &story.scores)).collect()
}

/// One persona.
#[derive(Debug, Template)]
#[template(path = "persona.html")]
pub struct PersonaPage {
    page: Page,
    run: RunView,
    card: CardView,
    since: chrono::DateTime<chrono::Utc>,
}

/// Shows one.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such persona now, or those of the stores.
pub async fn persona(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let story = pipeline::persona(&app, id).await?;
    super::show(&PersonaPage::new(page, &story))
}

impl PersonaPage {
    /// Puts the persona on the page.
    #[must_use]
    pub fn new(page: Page, story: &PersonaStory) -> Self {
        let card = CardView::new(&page, &story.persona, &story.quotes, &story.scores);
        Self { run: RunView::new(&page, &story.run), card, since: story.persona.created_at, page }
    }
}

/// All of them, to be printed.
#[derive(Debug, Template)]
#[template(path = "personas_print.html")]
pub struct PrintPage {
    page: Page,
    run: Option<RunView>,
    cards: Vec<CardView>,
}

/// Shows all, whole.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn print(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let run = pipeline::list_personas(&app).await?.run;
    super::show(&PrintPage::new(page, run.as_ref(), &pipeline::persona_stories(&app).await?))
}

impl PrintPage {
    /// Puts all cards on the page.
    #[must_use]
    pub fn new(page: Page, run: Option<&Run>, stories: &[PersonaStory]) -> Self {
        Self { run: run.map(|run| RunView::new(&page, run)), cards: cards(&page, stories), page }
    }
}

/// Gives all as a file of Markdown in the reader's language.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn export(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let run = pipeline::list_personas(&app).await?.run;
    pipeline::note_export(&app, &page.actor(), "personas", None).await?;
    let text = markdown(&page, run.as_ref(), &pipeline::persona_stories(&app).await?);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(MARKDOWN)),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"personas.md\"")),
    ];
    Ok((headers, text).into_response())
}

/// Which records are meant, and where the page before ended.
#[derive(Clone, Debug)]
pub struct Shown {
    aspect: Option<Aspect>,
    key: Option<String>,
    after: Option<Cursor>,
}

impl Parameters for Shown {
    fn read(fields: &mut Fields) -> Self {
        Self { aspect: fields.optional("aspect"), key: fields.optional("key"), after: fields.optional("after") }
    }
}

/// The records behind a number.
#[derive(Debug, Template)]
#[template(path = "persona_records.html")]
pub struct RecordsPage {
    page: Page,
    id: Uuid,
    name: String,
    showing: Option<(&'static str, String)>,
    total: u64,
    records: Vec<Record>,
    next: Option<String>,
}

/// Shows them.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such persona now, or those of the stores.
pub async fn records(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Query(shown): Query<Shown>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let showing = shown.aspect.zip(shown.key).map(|(aspect, key)| Showing { aspect, key });
    let persona = pipeline::persona(&app, id).await?.persona;
    let found = pipeline::persona_records(&app, id, showing.as_ref(), shown.after, PAGE).await?;
    let total = pipeline::count_persona_records(&app, id, showing.as_ref()).await?;
    super::show(&RecordsPage::new(page, &persona, showing.as_ref(), &found, total))
}

impl RecordsPage {
    /// Puts the records, of so many in all, on the page.
    #[must_use]
    pub fn new(
        page: Page,
        persona: &Persona,
        showing: Option<&Showing>,
        found: &pipeline::Page<Feedback>,
        total: u64,
    ) -> Self {
        let next = found.next.as_ref().map(|after| {
            let after = after.to_string();
            let mut fields: Vec<(&str, &str)> = showing
                .map(|showing| vec![("aspect", showing.aspect.name()), ("key", showing.key.as_str())])
                .unwrap_or_default();
            fields.push(("after", &after));
            format!("/personas/{}/records?{}", persona.id, query(&fields))
        });
        let told =
            |showing: &Showing| (showing.aspect.name(), label(&page, &persona.card, showing.aspect, &showing.key));
        Self {
            id: persona.id,
            name: visible(persona.card.name(&page.locale.language())),
            showing: showing.map(told),
            total,
            records: found.items.iter().map(Record::new).collect(),
            next,
            page,
        }
    }
}
