//! `/v1/tickets`: cases for agents, most urgent first.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::analysis::TriggerView;
use super::names::{Priority, TicketStatus};
use crate::app::App;
use crate::feedback::CustomerId;
use crate::pipeline::{self, TicketFilter};
use crate::triage::ticket::{self, Ticket};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// Which tickets are meant.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Where they stand.
    status: Option<TicketStatus>,
    /// Whose work they are.
    queue: Option<String>,
    /// How urgent they are.
    priority: Option<Priority>,
    /// Whose case they are, by the customer's pseudonymous id.
    #[param(value_type = Option<String>)]
    customer: Option<CustomerId>,
    /// The incident that one of their feedback belongs to.
    incident: Option<Uuid>,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self {
            status: fields.optional("status"),
            queue: fields.optional("queue"),
            priority: fields.optional("priority"),
            customer: fields.optional_with("customer", |id| CustomerId::try_from(id.to_owned())),
            incident: fields.optional("incident"),
        }
    }
}

impl From<Wanted> for TicketFilter {
    fn from(wanted: Wanted) -> Self {
        Self {
            status: wanted.status.map(|status| status.0),
            queue: wanted.queue,
            priority: wanted.priority.map(|priority| priority.0),
            customer: wanted.customer,
            incident: wanted.incident,
            ..Self::default()
        }
    }
}

/// A case for an agent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ticket)]
pub struct TicketView {
    id: Uuid,
    /// The feedback that opened it.
    feedback_id: Uuid,
    /// Later feedback of the same customer about the same thing.
    attached: Vec<Uuid>,
    /// The customer's pseudonymous id.
    #[schema(required)]
    customer: Option<String>,
    priority: Priority,
    /// Whose work it is.
    queue: String,
    /// Why it has this priority, with the words that show it.
    triggers: Vec<TriggerView>,
    status: TicketStatus,
    /// When the first reply is due.
    first_reply_due: DateTime<Utc>,
    /// When it must be resolved.
    resolution_due: DateTime<Utc>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// The incident that its feedback belongs to; null if it belongs to none.
    #[schema(required)]
    incident: Option<Uuid>,
}

impl From<Ticket> for TicketView {
    fn from(ticket: Ticket) -> Self {
        Self {
            id: ticket.id,
            feedback_id: ticket.feedback_id.0,
            attached: ticket.attached.into_iter().map(|id| id.0).collect(),
            customer: ticket.customer.map(String::from),
            priority: Priority(ticket.priority),
            queue: ticket.queue,
            triggers: ticket.triggers.iter().map(TriggerView::from).collect(),
            status: TicketStatus(ticket.status),
            first_reply_due: ticket.first_reply_due,
            resolution_due: ticket.resolution_due,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            incident: ticket.incident,
        }
    }
}

impl TicketView {
    fn sample() -> Self {
        let at = super::sample_time();
        Self {
            id: super::sample_id(),
            feedback_id: super::sample_id(),
            attached: Vec::new(),
            customer: Some("c-1042".to_owned()),
            priority: Priority(crate::feedback::Priority::P1),
            queue: "fraud".to_owned(),
            triggers: vec![TriggerView::sample()],
            status: TicketStatus(ticket::Status::Open),
            first_reply_due: at + chrono::TimeDelta::minutes(15),
            resolution_due: at + chrono::TimeDelta::hours(4),
            created_at: at,
            updated_at: at,
            incident: None,
        }
    }
}

/// What to change in a ticket.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketChange {
    /// Where it stands from now on.
    status: TicketStatus,
}

impl TicketChange {
    fn sample() -> Self {
        Self { status: TicketStatus(ticket::Status::Solved) }
    }
}

/// List tickets
///
/// By priority, then by when the first reply is due.
#[utoipa::path(
    get,
    path = "/v1/tickets",
    operation_id = "list_tickets",
    tag = "tickets",
    security(("bearer" = ["feedback:read"])),
    params(Wanted, Paging),
    responses(
        (status = 200, description = "A page of tickets.", body = Page<TicketView>,
            example = json!(Page::sample(TicketView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_tickets(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query((wanted, paging)): Query<(Wanted, Paging)>,
) -> Result<Json<Page<TicketView>>, Problem> {
    let page = pipeline::list_tickets(&app, wanted.into(), paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, TicketView::from)))
}

/// Get a ticket
///
/// With the reason for its priority and when it is due.
#[utoipa::path(
    get,
    path = "/v1/tickets/{id}",
    operation_id = "get_ticket",
    tag = "tickets",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The ticket's id.")),
    responses(
        (status = 200, description = "The ticket.", body = TicketView, example = json!(TicketView::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_ticket(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<TicketView>, Problem> {
    Ok(Json(pipeline::ticket(&app, id).await?.into()))
}

/// Change a ticket's status
///
/// An open ticket may become pending, solved or closed; a pending one open, solved or closed;
/// a solved one open or closed; a closed one stays closed. Anything else is a conflict.
#[utoipa::path(
    patch,
    path = "/v1/tickets/{id}",
    operation_id = "change_ticket",
    tag = "tickets",
    security(("bearer" = ["tickets:write"])),
    params(("id" = Uuid, Path, description = "The ticket's id.")),
    request_body(content = TicketChange, example = json!(TicketChange::sample())),
    responses(
        (status = 200, description = "The ticket as it is now.", body = TicketView,
            example = json!(TicketView::sample())),
        problem::BadBody,
        problem::Missing,
        problem::Clash,
        problem::Usual,
    )
)]
pub async fn change_ticket(
    allowed: Allowed<scope::TicketsWrite>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Json(change): Json<TicketChange>,
) -> Result<Json<TicketView>, Problem> {
    Ok(Json(pipeline::change_ticket_status(&app, &allowed.actor(), id, change.status.0).await?.into()))
}
