//! The use cases, one verb a file: each is a straight line from its input to the stores.

pub mod analyse;
pub mod answer;
pub mod ask;
pub mod audit;
pub mod case;
pub mod classify;
pub mod cluster;
pub mod correct_ticket;
mod divide;
pub mod edit_theme;
pub mod events;
mod evidence;
pub mod health;
pub mod idempotency;
pub mod import;
pub mod inbox;
mod incident;
pub mod incidents;
pub mod ingest;
pub mod jobs;
pub mod journey;
pub mod lessons;
pub mod maintain;
mod mentions;
pub mod narrate;
pub mod overview;
pub mod personas;
pub mod profile;
pub mod read;
pub mod record;
pub mod rules;
pub mod score;
pub mod sign_in;
pub mod take_in;
mod take_part;
pub mod theme_history;
pub mod theme_list;
pub mod tickets;
pub mod tokens;
pub mod uploads;
pub mod users;
pub mod week;

pub use answer::{Answer, answer, proved};
pub use ask::{MAX_QUESTION_CHARS, ask};
pub use audit::{note_export, read_audit};
pub use case::{Case, case};
pub use classify::{ClassifyItem, Timings, classify};
pub use correct_ticket::{Correction, correct_ticket};
pub use edit_theme::{Wish, edit_theme, undo_theme_edit};
pub use events::{Event, EventKind, Events, Listener, Told};
pub use health::{Health, count_jobs, health};
pub use idempotency::{Kept, forget_request, reserve_request};
pub use inbox::{count_tickets, inbox};
pub use incidents::{
    IncidentGlance, IncidentStory, change_incident_status, incident, incident_story, list_incidents, open_incidents,
};
pub use ingest::{Accepted, ingest, ingest_once};
pub use jobs::{request_clustering, request_profiling};
pub use lessons::{forget_lesson, learn, lesson_of, list_lessons};
pub use maintain::maintain;
pub use narrate::narrate;
pub use overview::{Overview, TicketGlance, overview};
pub use personas::{
    PersonaStory, Personas, Showing, count_persona_records, persona, persona_records, persona_stories,
    personas as list_personas,
};
pub use read::{
    count_feedback, feedback, list_feedback, list_themes, search, search_words, similar, theme, theme_feedback,
};
pub use sign_in::{sign_in, sign_out, signed_in};
pub use take_in::take_in;
pub use theme_history::{LoggedEdit, theme_edits, theme_lineage};
pub use theme_list::{ThemeLine, ThemeLines, ThemeStory, WeekOf, sub_themes, theme_lines, theme_story};
pub use tickets::{change_ticket_status, list_tickets, ticket, ticket_of};
pub use tokens::{authenticate, create_token, list_tokens, revoke_token};
pub use users::{change_password, change_role, create_user, list_users, remove_user};
pub use week::{Grown, Moved, Week, week};

pub use crate::stores::sql::audit::Filter as AuditFilter;
pub use crate::stores::sql::feedback::{
    AtStep, Attribute as FeedbackAttribute, Counts as FeedbackCounts, Day, Filter as FeedbackFilter,
};
pub use crate::stores::sql::idempotency::{Request as IdempotentRequest, Reserved};
pub use crate::stores::sql::imports::{Choice as ImportChoice, Import, State as ImportState};
pub use crate::stores::sql::incidents::{Stretch, Touched};
pub use crate::stores::sql::sub_themes::SubThemeOf;
pub use crate::stores::sql::theme_lineage::Descent;
pub use crate::stores::sql::themes::Listed;
pub use crate::stores::sql::tickets::{Counts as TicketCounts, Filter as TicketFilter};
pub use crate::stores::{Cursor, Page};
