//! `/v1/queues/lessons`: what corrections taught routing, and taking it back.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::App;
use crate::feedback::FeedbackId;
use crate::pipeline;
use crate::triage::Lesson;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// Which lessons are meant.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Where the texts belong.
    queue: Option<String>,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self { queue: fields.optional("queue") }
    }
}

/// A text that stands for a queue since its ticket was moved there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lesson)]
pub struct LessonView {
    /// Whose text it is.
    feedback_id: Uuid,
    /// Where such texts belong.
    queue: String,
    /// Where the model had sent it.
    instead_of: String,
    /// When the ticket was moved.
    taught_at: DateTime<Utc>,
}

impl From<Lesson> for LessonView {
    fn from(lesson: Lesson) -> Self {
        let Lesson { feedback_id, queue, instead_of, taught_at } = lesson;
        Self { feedback_id: feedback_id.0, queue, instead_of, taught_at }
    }
}

impl LessonView {
    fn sample() -> Self {
        Self {
            feedback_id: super::sample_id(),
            queue: "delivery".to_owned(),
            instead_of: "payments".to_owned(),
            taught_at: super::sample_time(),
        }
    }
}

/// List lessons
///
/// What corrections taught routing, newest first: a text whose ticket was moved to another queue counts from then on like
/// an example of that queue. The newest hundred of each queue count.
#[utoipa::path(
    get,
    path = "/v1/queues/lessons",
    operation_id = "list_lessons",
    tag = "tickets",
    security(("bearer" = ["feedback:read"])),
    params(Wanted, Paging),
    responses(
        (status = 200, description = "A page of lessons.", body = Page<LessonView>,
            example = json!(Page::sample(LessonView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_lessons(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query((wanted, paging)): Query<(Wanted, Paging)>,
) -> Result<Json<Page<LessonView>>, Problem> {
    let page = pipeline::list_lessons(&app, wanted.queue, paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, LessonView::from)))
}

/// Take a lesson back
///
/// Routing forgets it; the ticket stays where it is.
#[utoipa::path(
    delete,
    path = "/v1/queues/lessons/{id}",
    operation_id = "forget_lesson",
    tag = "tickets",
    security(("bearer" = ["tickets:write"])),
    params(("id" = Uuid, Path, description = "The id of the feedback whose text taught it.")),
    responses(
        (status = 204, description = "It is forgotten."),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn forget_lesson(
    allowed: Allowed<scope::TicketsWrite>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    pipeline::forget_lesson(&app, &allowed.actor(), FeedbackId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
