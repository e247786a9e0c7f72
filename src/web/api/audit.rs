//! `/v1/audit`: who changed what.

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::Action;
use crate::access::{self, AuditEntry};
use crate::app::App;
use crate::pipeline::{self, AuditFilter};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// Which entries are meant.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// What was done.
    action: Option<Action>,
    /// The name of the user or token that did it.
    actor: Option<String>,
    /// The id or name of what it was done to.
    subject: Option<String>,
    /// Done at this time or later.
    since: Option<DateTime<Utc>>,
    /// Done before this time.
    until: Option<DateTime<Utc>>,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self {
            action: fields.optional("action"),
            actor: fields.optional("actor"),
            subject: fields.optional("subject"),
            since: fields.optional("since"),
            until: fields.optional("until"),
        }
    }
}

impl From<Wanted> for AuditFilter {
    fn from(wanted: Wanted) -> Self {
        let Wanted { action, actor, subject, since, until } = wanted;
        Self { action: action.map(|action| action.0), actor, subject, since, until }
    }
}

/// One thing that somebody did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct EntryView {
    id: Uuid,
    at: DateTime<Utc>,
    /// Who did it.
    actor: ActorView,
    action: Action,
    /// What it was done to; null if it is about nothing of its own.
    #[schema(required)]
    subject: Option<SubjectView>,
    /// Names and numbers, often before and after; never a customer's words.
    #[schema(value_type = Object)]
    details: serde_json::Value,
}

/// Whoever does something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Actor)]
struct ActorView {
    /// `user`, `token`, `operator` (on the machine itself) or `nobody` (not known).
    #[schema(example = "user")]
    kind: &'static str,
    #[schema(required)]
    id: Option<Uuid>,
    #[schema(required)]
    name: Option<String>,
}

/// What something is done to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subject)]
struct SubjectView {
    /// `ticket`, `theme`, `user`, `token`, `import`…
    #[schema(example = "ticket")]
    kind: String,
    /// Its id, or the name of a user.
    id: String,
}

impl From<AuditEntry> for EntryView {
    fn from(entry: AuditEntry) -> Self {
        let actor = &entry.actor;
        Self {
            actor: ActorView { kind: actor.kind(), id: actor.id(), name: actor.name().map(str::to_owned) },
            id: entry.id,
            at: entry.at,
            action: Action(entry.action),
            subject: entry.subject.map(|(kind, id)| SubjectView { kind, id }),
            details: entry.details,
        }
    }
}

impl EntryView {
    fn sample() -> Self {
        let id = super::sample_id();
        Self {
            id,
            at: super::sample_time(),
            actor: ActorView { kind: "user", id: Some(id), name: Some("sara".to_owned()) },
            action: Action(access::Action::TicketCorrected),
            subject: Some(SubjectView { kind: "ticket".to_owned(), id: id.to_string() }),
            details: serde_json::json!({ "priority": ["P2", "P1"] }),
        }
    }
}

/// List the audit log
///
/// Who changed what, last first: tickets, themes, people, tokens, imports, exports, and who signed in or tried to.
#[utoipa::path(
    get,
    path = "/v1/audit",
    operation_id = "list_audit",
    tag = "audit",
    security(("bearer" = ["admin"])),
    params(Wanted, Paging),
    responses(
        (status = 200, description = "A page of the log.", body = Page<EntryView>,
            example = json!(Page::sample(EntryView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_audit(
    _: Allowed<scope::Admin>,
    State(app): State<App>,
    Query((wanted, paging)): Query<(Wanted, Paging)>,
) -> Result<Json<Page<EntryView>>, Problem> {
    let page = pipeline::read_audit(&app, &wanted.into(), paging.cursor.as_ref(), paging.limit).await?;
    Ok(Json(Page::of(page, EntryView::from)))
}
