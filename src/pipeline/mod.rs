//! The use cases, one verb a file: each is a straight line from its input to the stores.

pub mod analyse;
pub mod classify;
pub mod cluster;
pub mod health;
pub mod idempotency;
pub mod import;
pub mod ingest;
pub mod jobs;
pub mod maintain;
pub mod overview;
pub mod read;
pub mod record;
pub mod rules;
pub mod score;
pub mod sign_in;
pub mod take_in;
pub mod tickets;
pub mod tokens;
pub mod users;

pub use classify::{ClassifyItem, Timings, classify};
pub use health::{Health, count_jobs, health};
pub use idempotency::{Kept, forget_request, reserve_request};
pub use ingest::{Accepted, ingest, ingest_once};
pub use jobs::request_clustering;
pub use maintain::maintain;
pub use overview::{Overview, overview};
pub use read::{feedback, list_feedback, list_themes, search, similar, theme, theme_feedback};
pub use sign_in::{sign_in, sign_out, signed_in};
pub use take_in::take_in;
pub use tickets::{change_ticket_status, list_tickets, ticket};
pub use tokens::{authenticate, create_token, list_tokens, revoke_token};
pub use users::{change_password, create_user, list_users, remove_user};

pub use crate::stores::sql::feedback::{Attribute as FeedbackAttribute, Filter as FeedbackFilter};
pub use crate::stores::sql::idempotency::{Request as IdempotentRequest, Reserved};
pub use crate::stores::sql::themes::Listed;
pub use crate::stores::sql::tickets::Filter as TicketFilter;
pub use crate::stores::{Cursor, Page};
