//! Imports: a file to choose, and those before. Agents and above may import: what they send is feedback like any other.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::page::Page;
use super::session::Visit;
use super::text::visible;
use super::upload::{Refused, UploadRoom};
use crate::access::Scope;
use crate::app::App;
use crate::pipeline::{Import, uploads};
use crate::web::problem::Problem;

/// How many imports are listed.
pub const LISTED: u32 = 20;

/// The page.
#[derive(Debug, Template)]
#[template(path = "imports.html")]
pub struct Imports {
    page: Page,
    fault: Option<String>,
    largest: String,
    rows: Vec<Row>,
}

/// One import on it.
#[derive(Debug)]
struct Row {
    id: Uuid,
    name: String,
    user: String,
    state: &'static str,
    at: DateTime<Utc>,
    lines: u64,
    refused: u64,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow importing, or those of the database.
pub async fn imports(
    State(app): State<App>,
    State(room): State<UploadRoom>,
    visit: Visit,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackWrite)?;
    let last = uploads::last_imports(&app, LISTED).await?;
    super::show(&Imports::new(page, &last, room, None))
}

impl Imports {
    /// Puts the imports on the page, and why a file was not taken.
    #[must_use]
    pub fn new(page: Page, last: &[Import], room: UploadRoom, refused: Option<Refused>) -> Self {
        let fault = refused.map(|refused| match refused {
            Refused::Empty => page.t("import-empty"),
            Refused::TooLarge(most) => page.n("import-too-large", &(most >> 20)),
            Refused::BrokeOff => page.t("import-broke-off"),
        });
        let row = |import: &Import| Row {
            id: import.id,
            name: visible(&import.file_name),
            user: visible(&import.user_name),
            state: import.state.name(),
            at: import.created_at,
            lines: import.lines,
            refused: import.refused,
        };
        let largest = page.n("import-largest", &(room.0 >> 20));
        Self { fault, largest, rows: last.iter().map(row).collect(), page }
    }
}

#[cfg(test)]
impl Imports {
    /// A page with imports and a fault on it.
    pub(super) fn sample(page: Page) -> Self {
        use crate::pipeline::ImportState;
        let last: Vec<Import> =
            ImportState::ALL.iter().map(|state| super::import_file::sample_import(&page, *state)).collect();
        Self::new(page, &last, UploadRoom(64 << 20), Some(Refused::TooLarge(64 << 20)))
    }
}
