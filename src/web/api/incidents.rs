//! `/v1/incidents`: many customers with the same trouble at once.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::IncidentStatus;
use crate::app::App;
use crate::pipeline::{self, IncidentGlance};
use crate::themes::Theme;
use crate::triage::incident::Status;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// Which incidents are meant.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Where they stand.
    status: Option<IncidentStatus>,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self { status: fields.optional("status") }
    }
}

/// A burst of similar texts that are not positive.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentView {
    id: Uuid,
    status: IncidentStatus,
    /// How many texts it has; `incident` of `/v1/feedback` lists them.
    feedback: u64,
    /// How many customers wrote them.
    customers: u64,
    /// How many of the texts name no customer.
    without_customer: u64,
    /// How many of the texts came in where, by channel.
    channels: BTreeMap<String, u64>,
    /// The theme that most of the texts belong to now; null if they belong to none.
    #[schema(required)]
    theme: Option<IncidentTheme>,
    /// When its first text was given.
    started_at: DateTime<Utc>,
    /// When it was noticed.
    opened_at: DateTime<Utc>,
    /// When its last text was given.
    last_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// What an incident is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentTheme {
    id: Uuid,
    /// Its title by language code.
    titles: BTreeMap<String, String>,
}

impl From<Theme> for IncidentTheme {
    fn from(theme: Theme) -> Self {
        let titles = theme.titles.into_iter().map(|(language, title)| (language.code().to_owned(), title));
        Self { id: theme.id, titles: titles.collect() }
    }
}

impl From<IncidentGlance> for IncidentView {
    fn from(glance: IncidentGlance) -> Self {
        let IncidentGlance { incident, touched, theme } = glance;
        let channels = touched.channels.into_iter().map(|(channel, count)| (channel.name().to_owned(), count));
        Self {
            id: incident.id,
            status: IncidentStatus(incident.status),
            feedback: touched.feedback,
            customers: touched.customers,
            without_customer: touched.without_customer,
            channels: channels.collect(),
            theme: theme.map(IncidentTheme::from),
            started_at: incident.started_at,
            opened_at: incident.opened_at,
            last_at: incident.last_at,
            updated_at: incident.updated_at,
        }
    }
}

impl IncidentView {
    fn sample() -> Self {
        let at = super::sample_time();
        let titles = [("ar", "الدفع مرفوض"), ("en", "payment declined")];
        let titles = titles.map(|(language, title)| (language.to_owned(), title.to_owned())).into();
        Self {
            id: super::sample_id(),
            status: IncidentStatus(Status::Open),
            feedback: 44,
            customers: 41,
            without_customer: 2,
            channels: [("chat".to_owned(), 30), ("social".to_owned(), 14)].into(),
            theme: Some(IncidentTheme { id: super::sample_id(), titles }),
            started_at: at,
            opened_at: at + chrono::TimeDelta::minutes(9),
            last_at: at + chrono::TimeDelta::minutes(104),
            updated_at: at + chrono::TimeDelta::minutes(104),
        }
    }
}

/// What to change in an incident.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentChange {
    /// Where it stands from now on.
    status: IncidentStatus,
}

impl IncidentChange {
    fn sample() -> Self {
        Self { status: IncidentStatus(Status::Closed) }
    }
}

/// List incidents
///
/// Last noticed first. One opens when far more customers than usual write of the same trouble within a quarter of an
/// hour or two hours, and grows until nobody has written of it for two hours or somebody closes it.
#[utoipa::path(
    get,
    path = "/v1/incidents",
    operation_id = "list_incidents",
    tag = "incidents",
    security(("bearer" = ["feedback:read"])),
    params(Wanted, Paging),
    responses(
        (status = 200, description = "A page of incidents.", body = Page<IncidentView>,
            example = json!(Page::sample(IncidentView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_incidents(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query((wanted, paging)): Query<(Wanted, Paging)>,
) -> Result<Json<Page<IncidentView>>, Problem> {
    let status = wanted.status.map(|status| status.0);
    let page = pipeline::list_incidents(&app, status, paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, IncidentView::from)))
}

/// Get an incident
///
/// With how many texts and customers it touched.
#[utoipa::path(
    get,
    path = "/v1/incidents/{id}",
    operation_id = "get_incident",
    tag = "incidents",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The incident's id.")),
    responses(
        (status = 200, description = "The incident.", body = IncidentView, example = json!(IncidentView::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_incident(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<IncidentView>, Problem> {
    Ok(Json(pipeline::incident(&app, id).await?.into()))
}

/// Change an incident's status
///
/// An open incident may be closed; a closed one stays closed. Anything else is a conflict.
#[utoipa::path(
    patch,
    path = "/v1/incidents/{id}",
    operation_id = "change_incident",
    tag = "incidents",
    security(("bearer" = ["tickets:write"])),
    params(("id" = Uuid, Path, description = "The incident's id.")),
    request_body(content = IncidentChange, example = json!(IncidentChange::sample())),
    responses(
        (status = 200, description = "The incident as it is now.", body = IncidentView,
            example = json!(IncidentView::sample())),
        problem::BadBody,
        problem::Missing,
        problem::Clash,
        problem::Usual,
    )
)]
pub async fn change_incident(
    allowed: Allowed<scope::TicketsWrite>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Json(change): Json<IncidentChange>,
) -> Result<Json<IncidentView>, Problem> {
    Ok(Json(pipeline::change_incident_status(&app, &allowed.actor(), id, change.status.0).await?.into()))
}
