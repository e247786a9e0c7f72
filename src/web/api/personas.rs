//! `/v1/personas`: kinds of customers found in what they did, with the records behind every number.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use utoipa::IntoParams;
use uuid::Uuid;

use super::feedback::FeedbackView;
use super::names::Aspect;
use super::persona::{PersonaWithQuotes, Personas};
use crate::app::App;
use crate::pipeline::{self, Showing};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Path, Query};
use crate::web::pages::locale::Locale;
use crate::web::pages::page::Page as Reader;
use crate::web::pages::persona_markdown::{MARKDOWN, markdown};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};
use crate::web::state::Readers;

/// Which of a persona's records are meant.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Shown {
    /// Those that show something in this aspect; needs `key`.
    #[param(inline)]
    aspect: Option<Aspect>,
    /// What they show: the `key` of a line; needs `aspect`.
    key: Option<String>,
}

impl Parameters for Shown {
    fn read(fields: &mut Fields) -> Self {
        let shown = Self { aspect: fields.optional("aspect"), key: fields.optional("key") };
        if shown.aspect.is_some() != shown.key.is_some() {
            fields.note("key", "goes together with aspect: give both or neither");
        }
        shown
    }
}

impl Shown {
    fn showing(self) -> Option<Showing> {
        Some(Showing { aspect: self.aspect?.0, key: self.key? })
    }
}

/// In which language an export is written.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Written {
    /// `ar` or `en`.
    #[param(value_type = Option<String>, example = "en")]
    language: Option<Locale>,
}

impl Parameters for Written {
    fn read(fields: &mut Fields) -> Self {
        Self { language: fields.optional("language") }
    }
}

/// List personas
///
/// One to four kinds of customers whose habits go together, as the last run found them, or why there are none.
#[utoipa::path(
    get,
    path = "/v1/personas",
    operation_id = "list_personas",
    tag = "personas",
    security(("bearer" = ["feedback:read"])),
    responses(
        (status = 200, description = "What the last run found.", body = Personas, example = json!(Personas::sample())),
        problem::Usual,
    )
)]
pub async fn list_personas(_: Allowed<scope::FeedbackRead>, State(app): State<App>) -> Result<Json<Personas>, Problem> {
    Ok(Json(pipeline::list_personas(&app).await?.into()))
}

/// Get a persona
///
/// With the records that speak for it and its customers' ratings.
#[utoipa::path(
    get,
    path = "/v1/personas/{id}",
    operation_id = "get_persona",
    tag = "personas",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The persona's id.")),
    responses(
        (status = 200, description = "The persona.", body = PersonaWithQuotes,
            example = json!(PersonaWithQuotes::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_persona(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<PersonaWithQuotes>, Problem> {
    Ok(Json(pipeline::persona(&app, id).await?.into()))
}

/// List a persona's records
///
/// Those that its numbers were counted from, last received first: all, or those behind one line.
#[utoipa::path(
    get,
    path = "/v1/personas/{id}/records",
    operation_id = "list_persona_records",
    tag = "personas",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The persona's id."), Shown, Paging),
    responses(
        (status = 200, description = "A page of them.", body = Page<FeedbackView>,
            example = json!(Page::sample(FeedbackView::sample()))),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn list_persona_records(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query((shown, paging)): Query<(Shown, Paging)>,
) -> Result<Json<Page<FeedbackView>>, Problem> {
    let showing = shown.showing();
    let page = pipeline::persona_records(&app, id, showing.as_ref(), paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, FeedbackView::from)))
}

/// Look at all customers again
///
/// Puts the work in the queue and answers at once; the personas change when it is done.
#[utoipa::path(
    post,
    path = "/v1/personas/runs",
    operation_id = "create_persona_run",
    tag = "personas",
    security(("bearer" = ["themes:write"])),
    responses((status = 202, description = "It is in the queue."), problem::Usual)
)]
pub async fn create_persona_run(_: Allowed<scope::ThemesWrite>, State(app): State<App>) -> Result<StatusCode, Problem> {
    pipeline::request_profiling(&app).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Export personas as Markdown
///
/// All cards, to be read and shared; what customers wrote stands there as text.
#[utoipa::path(
    get,
    path = "/v1/personas/export.md",
    operation_id = "export_personas",
    tag = "personas",
    security(("bearer" = ["feedback:read"])),
    params(Written),
    responses(
        (status = 200, description = "The cards, or why there are none.", body = String, content_type = "text/markdown",
            example = json!("# Personas\n")),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn export_personas(
    allowed: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    State(readers): State<Readers>,
    Query(written): Query<Written>,
) -> Result<Response, Problem> {
    let locale = written.language.unwrap_or(Locale::English);
    let reader = Reader {
        locale,
        offset: readers.offset,
        hijri: readers.hijri,
        now: readers.clock.now(),
        here: "/personas".to_owned(),
        user: None,
    };
    let (all, stories) = (pipeline::list_personas(&app).await?, pipeline::persona_stories(&app).await?);
    let text = markdown(&reader, all.run.as_ref(), &stories);
    pipeline::note_export(&app, &allowed.actor(), "personas", None).await?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(MARKDOWN))], text).into_response())
}
