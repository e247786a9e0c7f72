//! `/v1/journeys`: the ideal journeys, written and read; the actual ones; and the gaps.
//!
//! Writing takes the scope `themes:write`: a journey decides how feedback is looked at, as a theme's title does, and the
//! people who may correct the one are those who may write the other. It touches no feedback, token or setting.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{Offset, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::filter::Filter;
use super::journey::JourneyView;
use super::journey_actual::ActualView;
use super::journey_gaps::GapsView;
use crate::app::App;
use crate::journeys::{Fault, JourneyId};
use crate::pipeline::journey::{self, Unreadable};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Json, Path, Query};
use crate::web::problem::{self, InvalidParam, Problem};

/// A journey's file, as an example.
pub(super) const SAMPLE: &str = "title = { ar = \"التسوّق\", en = \"Shopping\" }\n\n[[step]]\nid = \"delivery\"\n\
    title = { ar = \"التوصيل\", en = \"Delivery\" }\ntouchpoints = [\"delivery\", \"المندوب\"]\n\
    examples = [\"الطلب تأخر ساعتين\"]\nexpects = { ar = \"الطلب في موعده\", en = \"Everything on time\" }\n\
    thinks = { ar = \"وعدوا فأوفوا\", en = \"They keep their word\" }\nfeels = { ar = \"سرور\", en = \"Pleased\" }\n";

/// All journeys.
#[derive(Debug, Serialize, ToSchema)]
pub struct Journeys {
    /// By id.
    items: Vec<JourneyView>,
}

/// A journey to keep.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JourneyRequest {
    /// Its file: a title, and for each step its id, title, touchpoints, description, examples, and what the customer
    /// should expect, think and feel.
    toml: String,
}

/// List journeys
///
/// The ideal ones: those that come along and those that were written.
#[utoipa::path(
    get,
    path = "/v1/journeys",
    operation_id = "list_journeys",
    tag = "journeys",
    security(("bearer" = ["feedback:read"])),
    responses(
        (status = 200, description = "All journeys.", body = Journeys,
            example = json!(Journeys { items: vec![JourneyView::sample()] })),
        problem::Usual,
    )
)]
pub async fn list_journeys(_: Allowed<scope::FeedbackRead>, State(app): State<App>) -> Result<Json<Journeys>, Problem> {
    let items = journey::list(&app).await?.into_iter().map(JourneyView::from).collect();
    Ok(Json(Journeys { items }))
}

/// Get a journey
///
/// The ideal one, with the file that it was read from.
#[utoipa::path(
    get,
    path = "/v1/journeys/{id}",
    operation_id = "get_journey",
    tag = "journeys",
    security(("bearer" = ["feedback:read"])),
    params(("id" = String, Path, description = "The journey's id, like shop.")),
    responses(
        (status = 200, description = "The journey.", body = JourneyView, example = json!(JourneyView::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_journey(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<JourneyId>,
) -> Result<Json<JourneyView>, Problem> {
    Ok(Json(journey::get(&app, &id).await?.into()))
}

/// Write a journey
///
/// In place of what is there under this id, if anything is. A file with faults is refused with every one of them and its
/// line. Feedback falls on the new steps at once.
#[utoipa::path(
    put,
    path = "/v1/journeys/{id}",
    operation_id = "put_journey",
    tag = "journeys",
    security(("bearer" = ["themes:write"])),
    params(("id" = String, Path, description = "The journey's id: small Latin letters, digits, - and _.")),
    request_body(content = JourneyRequest, example = json!(JourneyRequest { toml: SAMPLE.to_owned() })),
    responses(
        (status = 200, description = "It is kept.", body = JourneyView, example = json!(JourneyView::sample())),
        problem::BadBody,
        problem::Usual,
    )
)]
pub async fn put_journey(
    allowed: Allowed<scope::ThemesWrite>,
    State(app): State<App>,
    Path(id): Path<JourneyId>,
    Json(request): Json<JourneyRequest>,
) -> Result<Json<JourneyView>, Problem> {
    let written = journey::write(&app, &id, &request.toml, &allowed.actor()).await;
    Ok(Json(written.map_err(refused)?.into()))
}

/// Every fault as a reason of its own.
fn refused(unreadable: Unreadable) -> Problem {
    let reason = |fault: &Fault| InvalidParam { name: "toml".to_owned(), reason: fault.to_string() };
    match unreadable {
        Unreadable::File(faults) => Problem::invalid(faults.iter().map(reason).collect()),
        Unreadable::Other(error) => error.into(),
    }
}

/// Remove a journey
///
/// One that comes along is then again as it came; where nobody has written another in its place this answers 409.
#[utoipa::path(
    delete,
    path = "/v1/journeys/{id}",
    operation_id = "delete_journey",
    tag = "journeys",
    security(("bearer" = ["themes:write"])),
    params(("id" = String, Path, description = "The journey's id.")),
    responses((status = 204, description = "It is gone."), problem::Missing, problem::Clash, problem::Usual)
)]
pub async fn delete_journey(
    allowed: Allowed<scope::ThemesWrite>,
    State(app): State<App>,
    Path(id): Path<JourneyId>,
) -> Result<StatusCode, Problem> {
    journey::remove(&app, &allowed.actor(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Get the actual journey
///
/// What the records say of each step: how many there are, what customers expect, think and feel, which touchpoints they
/// name, ratings and effort, and where customers fall silent. A record falls on the step that names its touchpoint, else
/// on the step that it is clearly nearest to in meaning, else on none. Every statement has a count, a 95 % interval, up to
/// five records and the path that lists all of them; what nobody speaks of is left empty.
#[utoipa::path(
    get,
    path = "/v1/journeys/{id}/actual",
    operation_id = "get_actual_journey",
    tag = "journeys",
    security(("bearer" = ["feedback:read"])),
    params(("id" = String, Path, description = "The journey's id."), Filter),
    responses(
        (status = 200, description = "The actual journey.", body = ActualView, example = json!(ActualView::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_actual_journey(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<JourneyId>,
    Query(filter): Query<Filter>,
) -> Result<Json<ActualView>, Problem> {
    let filter = filter.check().map_err(Problem::invalid)?;
    Ok(Json(journey::actual(&app, &id, filter, Utc.fix()).await?.into()))
}

/// List a journey's gaps
///
/// The steps where more records are unhappy than the ideal tolerates, with 95 % confidence, ranked by volume × severity.
#[utoipa::path(
    get,
    path = "/v1/journeys/{id}/gaps",
    operation_id = "list_journey_gaps",
    tag = "journeys",
    security(("bearer" = ["feedback:read"])),
    params(("id" = String, Path, description = "The journey's id."), Filter),
    responses(
        (status = 200, description = "The gaps, the heaviest first.", body = GapsView, example = json!(GapsView::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn list_journey_gaps(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<JourneyId>,
    Query(filter): Query<Filter>,
) -> Result<Json<GapsView>, Problem> {
    let filter = filter.check().map_err(Problem::invalid)?;
    Ok(Json(journey::actual(&app, &id, filter, Utc.fix()).await?.into()))
}
