//! The operations, one noun a file: what they take, what they give, their place in the OpenAPI document.
//!
//! An operation's route and its documentation are registered by the same line, so they can't drift.

pub mod analysis;
pub mod answers;
pub mod audit;
pub mod classify;
pub mod events;
pub mod feedback;
pub mod filter;
pub mod health;
pub mod import;
pub mod incidents;
pub mod items;
pub mod journey;
pub mod journey_actual;
pub mod journey_gaps;
pub mod journeys;
pub mod lessons;
pub mod names;
pub mod persona;
pub mod personas;
pub mod record;
pub mod score;
pub mod scores;
pub mod search;
pub mod text;
pub mod theme_edits;
pub mod themes;
pub mod tickets;
pub mod tokens;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use self::names::Grouping;
use super::problem::{InvalidParam, ProblemBody};
use super::state::Web;

/// The frame of the OpenAPI document.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sada",
        description = "Turns what customers write, Arabic first, into triage that a team can act on.\n\n\
            Every error is `application/problem+json` (RFC 9457) with a `code` for programs and a `request_id`. \
            Lists are paged by an opaque cursor. Times are RFC 3339 in UTC.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "classify", description = "Say what a text is; nothing is stored."),
        (name = "feedback", description = "What customers said."),
        (name = "themes", description = "What many customers speak of."),
        (name = "personas", description = "Kinds of customers, found in what they did."),
        (name = "scores", description = "What customers' ratings come to, and what moves them."),
        (name = "journeys", description = "How it should be for customers step by step, how it is, and the gaps."),
        (name = "tickets", description = "Cases for agents."),
        (name = "incidents", description = "Many customers with the same trouble at once."),
        (name = "events", description = "What happens, while it happens."),
        (name = "tokens", description = "Who may do what."),
        (name = "audit", description = "Who changed what."),
        (name = "health", description = "How the service is."),
    ),
    components(schemas(ProblemBody, InvalidParam, Grouping)),
    modifiers(&Bearer),
)]
struct Frame;

/// Tells the document how to send a token.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "A token made with `sada token` or `create_token`; each operation names the scope it needs.",
            ))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Operations that need a token and answer soon.
pub fn guarded() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(classify::classify))
        .routes(routes!(feedback::list_feedback, feedback::create_feedback))
        .routes(routes!(search::search_feedback_by_query, search::search_feedback))
        .routes(routes!(feedback::get_feedback))
        .routes(routes!(feedback::list_similar_feedback))
        .routes(routes!(themes::list_themes))
        .routes(routes!(themes::regroup_themes))
        .routes(routes!(theme_edits::list_theme_edits, theme_edits::edit_themes))
        .routes(routes!(theme_edits::undo_theme_edit))
        .routes(routes!(themes::get_theme))
        .routes(routes!(theme_edits::get_theme_lineage))
        .routes(routes!(themes::list_theme_feedback))
        .routes(routes!(personas::list_personas))
        .routes(routes!(personas::create_persona_run))
        .routes(routes!(personas::export_personas))
        .routes(routes!(personas::get_persona))
        .routes(routes!(personas::list_persona_records))
        .routes(routes!(answers::ask_persona))
        .routes(routes!(answers::narrate_persona))
        .routes(routes!(scores::get_scores))
        .routes(routes!(scores::get_score_drivers))
        .routes(routes!(scores::list_score_disagreements))
        .routes(routes!(journeys::list_journeys))
        .routes(routes!(journeys::get_journey, journeys::put_journey, journeys::delete_journey))
        .routes(routes!(journeys::get_actual_journey))
        .routes(routes!(journeys::list_journey_gaps))
        .routes(routes!(tickets::list_tickets))
        .routes(routes!(tickets::get_ticket, tickets::change_ticket))
        .routes(routes!(incidents::list_incidents))
        .routes(routes!(incidents::get_incident, incidents::change_incident))
        .routes(routes!(events::listen_to_events))
        .routes(routes!(audit::list_audit))
        .routes(routes!(lessons::list_lessons))
        .routes(routes!(lessons::forget_lesson))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
}

/// Operations that need a token and take as long as their body.
pub fn streaming() -> OpenApiRouter<Web> {
    OpenApiRouter::default().routes(routes!(import::import_feedback))
}

/// Operations for machines that watch the service, without a token.
pub fn open() -> OpenApiRouter<Web> {
    OpenApiRouter::default()
        .routes(routes!(health::health_live))
        .routes(routes!(health::health_ready))
        .routes(routes!(health::metrics))
}

/// A body as somebody would send it, without the fields that they leave out.
fn sent(body: impl Serialize) -> Value {
    let mut value = serde_json::to_value(body).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    value
}

/// The time in examples.
fn sample_time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_254_400, 0).unwrap_or_default()
}

/// The id in examples.
fn sample_id() -> Uuid {
    Uuid::from_u128(0x0197_3b1c_7a52_7c1e_9d55_0d3c_5d3f_6a10)
}
