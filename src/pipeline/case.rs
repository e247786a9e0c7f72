//! Everything that an agent needs to know of one ticket.

use uuid::Uuid;

use crate::app::App;
use crate::error::{Kind, Result};
use crate::feedback::{Feedback, FeedbackId};
use crate::stores::sql::feedback::{self, Filter};
use crate::triage::Lesson;
use crate::triage::ticket::Ticket;

use super::lessons::lesson_of;
use super::read::{Near, similar};
use super::tickets::ticket;

/// How much of the customer's history is shown.
const HISTORY: u32 = 10;

/// How many similar ones are shown.
const SIMILAR: usize = 5;

/// A ticket with what belongs to it.
#[derive(Debug)]
pub struct Case {
    /// The ticket.
    pub ticket: Ticket,
    /// What opened it, then what came later, in the order of arrival.
    pub messages: Vec<Feedback>,
    /// What else the customer wrote, last first.
    pub history: Vec<Feedback>,
    /// What others wrote about the same, nearest first.
    pub similar: Vec<Near>,
    /// What moving it to another queue taught, if it did.
    pub lesson: Option<Lesson>,
}

/// Gathers it.
///
/// # Errors
/// `NotFound` if there is no such ticket, or those of the stores.
pub async fn case(app: &App, id: Uuid) -> Result<Case> {
    let ticket = ticket(app, id).await?;
    let ids: Vec<FeedbackId> = std::iter::once(ticket.feedback_id).chain(ticket.attached.iter().copied()).collect();
    let messages = feedback::get_many(&app.db, &ids).await?;
    let history = match &ticket.customer {
        Some(customer) => {
            let filter = Filter { customer: Some(customer.clone()), ..Filter::default() };
            let most = HISTORY.saturating_add(u32::try_from(ids.len()).unwrap_or(HISTORY));
            let page = feedback::page(&app.db, &filter, None, most).await?;
            page.items.into_iter().filter(|item| !ids.contains(&item.id)).take(HISTORY as usize).collect()
        }
        None => Vec::new(),
    };
    let similar = match similar(app, ticket.feedback_id, SIMILAR).await {
        // its vector is on its way, or was erased
        Err(error) if matches!(error.kind(), Kind::Conflict | Kind::NotFound) => Vec::new(),
        found => found?,
    };
    let similar = similar.into_iter().filter(|(item, _)| !ids.contains(&item.id)).collect();
    let lesson = lesson_of(app, ticket.feedback_id).await?;
    Ok(Case { ticket, messages, history, similar, lesson })
}
