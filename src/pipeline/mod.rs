//! The use cases, one verb a file: each is a straight line from its input to the stores.

pub mod analyse;
pub mod case;
pub mod classify;
pub mod cluster;
pub mod correct_ticket;
pub mod health;
pub mod idempotency;
pub mod import;
pub mod inbox;
pub mod ingest;
pub mod jobs;
pub mod maintain;
pub mod overview;
pub mod read;
pub mod record;
pub mod rename_theme;
pub mod rules;
pub mod score;
pub mod sign_in;
pub mod take_in;
pub mod theme_list;
pub mod tickets;
pub mod tokens;
pub mod users;
pub mod week;

pub use case::{Case, case};
pub use classify::{ClassifyItem, Timings, classify};
pub use correct_ticket::{Correction, correct_ticket};
pub use health::{Health, count_jobs, health};
pub use idempotency::{Kept, forget_request, reserve_request};
pub use inbox::{count_tickets, inbox};
pub use ingest::{Accepted, ingest, ingest_once};
pub use jobs::request_clustering;
pub use maintain::maintain;
pub use overview::{Overview, TicketGlance, overview};
pub use read::{
    count_feedback, feedback, list_feedback, list_themes, search, search_words, similar, theme, theme_feedback,
};
pub use rename_theme::rename_theme;
pub use sign_in::{sign_in, sign_out, signed_in};
pub use take_in::take_in;
pub use theme_list::{ThemeLine, ThemeLines, ThemeStory, WeekOf, theme_lines, theme_story};
pub use tickets::{change_ticket_status, list_tickets, ticket, ticket_of};
pub use tokens::{authenticate, create_token, list_tokens, revoke_token};
pub use users::{change_password, create_user, list_users, remove_user};
pub use week::{Grown, Moved, Week, week};

pub use crate::stores::sql::feedback::{
    Attribute as FeedbackAttribute, Counts as FeedbackCounts, Day, Filter as FeedbackFilter,
};
pub use crate::stores::sql::idempotency::{Request as IdempotentRequest, Reserved};
pub use crate::stores::sql::themes::Listed;
pub use crate::stores::sql::tickets::{Counts as TicketCounts, Filter as TicketFilter};
pub use crate::stores::{Cursor, Page};
