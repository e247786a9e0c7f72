//! One ticket: what was written with its evidence, why it is urgent, who the customer is, and a form to correct it.

use std::str::FromStr;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::DateTime;
use serde::Deserialize;
use uuid::Uuid;

use super::inbox::Choosable;
use super::page::Page;
use super::record::{Reading, Record};
use super::session::Visit;
use super::text::visible;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::Priority;
use crate::pipeline::{self, Case, Correction};
use crate::triage::ticket::Status;
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// The page.
#[derive(Debug, Template)]
#[template(path = "ticket.html")]
pub struct TicketPage {
    page: Page,
    id: Uuid,
    title: String,
    priority: &'static str,
    status: &'static str,
    is_open: bool,
    queue: String,
    customer: Option<String>,
    of_customer: Option<String>,
    triggers: Vec<(&'static str, String)>,
    first_reply_due: DateTime<chrono::Utc>,
    resolution_due: DateTime<chrono::Utc>,
    created_at: DateTime<chrono::Utc>,
    messages: Vec<Record>,
    history: Vec<Record>,
    similar: Vec<Record>,
    may_change: bool,
    seen: i64,
    statuses: Vec<Choosable>,
    priorities: Vec<Choosable>,
    queues: Vec<Choosable>,
    /// Where routing sends such texts since this ticket was corrected, and where it sent them before.
    lesson: Option<(String, String)>,
    incident: Option<Uuid>,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such ticket, or those of the stores.
pub async fn ticket(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let case = pipeline::case(&app, id).await?;
    let names: Vec<String> = app.rules.queues.iter().map(|queue| queue.name.clone()).collect();
    super::show(&TicketPage::new(page, &case, &names))
}

/// The form, as it is sent.
#[derive(Debug, Deserialize)]
pub struct Sent {
    status: String,
    priority: String,
    queue: String,
    seen: i64,
}

impl Sent {
    fn read(self) -> Result<Correction, Problem> {
        let wrong = |name: &str, error: &dyn std::fmt::Display| Problem::invalid_param(name, error.to_string());
        Ok(Correction {
            status: Status::from_str(&self.status).map_err(|error| wrong("status", &error))?,
            priority: Priority::from_str(&self.priority).map_err(|error| wrong("priority", &error))?,
            queue: self.queue,
            seen: DateTime::from_timestamp_millis(self.seen).ok_or_else(|| wrong("seen", &"is no time"))?,
        })
    }
}

/// Corrects the ticket and shows it again.
///
/// # Errors
/// 403 if the role does not allow it, 404 if there is no such ticket, 409 if it changed meanwhile, 422 for a wrong field.
pub async fn correct(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::TicketsWrite)?;
    pipeline::correct_ticket(&app, &page.actor(), id, sent.read()?).await?;
    Ok(Redirect::to(&format!("/inbox/{id}")).into_response())
}

/// Takes back what the ticket's correction taught, and shows the ticket again.
///
/// # Errors
/// 403 if the role does not allow it, 404 if there is no such ticket or it taught nothing, or those of the stores.
pub async fn forget(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::TicketsWrite)?;
    let ticket = pipeline::ticket(&app, id).await?;
    pipeline::forget_lesson(&app, &page.actor(), ticket.feedback_id).await?;
    Ok(Redirect::to(&format!("/inbox/{id}")).into_response())
}

impl TicketPage {
    /// What was read in the message that opened the case.
    fn first_reading(&self) -> Option<&Reading> {
        self.messages.first().and_then(|record| record.reading.as_ref())
    }

    /// Puts the case on the page; `names` are those of the queues.
    #[must_use]
    pub fn new(page: Page, case: &Case, names: &[String]) -> Self {
        let ticket = &case.ticket;
        let (status, priority) = (ticket.status.name(), ticket.priority.name());
        let reachable = std::iter::once(&ticket.status).chain(ticket.status.next());
        let statuses =
            reachable.map(|each| Choosable::new(each.name(), page.name("status", each.name()), Some(status)));
        let priorities = Priority::ALL
            .iter()
            .map(|each| Choosable::new(each.name(), page.name("priority-long", each.name()), Some(priority)));
        // a queue that the settings no longer name stays until somebody chooses another
        let own = names.iter().all(|name| *name != ticket.queue).then_some(&ticket.queue);
        let queues =
            names.iter().chain(own).map(|name| Choosable::new(name, page.queue(name), Some(ticket.queue.as_str())));
        let triggers = ticket.triggers.iter().map(|trigger| (trigger.kind.name(), visible(&trigger.text)));
        let title = case.messages.first().map(|item| super::text::shortened(item.text.as_str(), 60));
        Self {
            id: ticket.id,
            title: title.unwrap_or_else(|| page.t("ticket")),
            priority,
            status,
            is_open: ticket.status == Status::Open,
            queue: ticket.queue.clone(),
            customer: ticket.customer.as_ref().map(|customer| visible(customer.as_str())),
            of_customer: ticket
                .customer
                .as_ref()
                .map(|customer| format!("/feedback?{}", super::address::query(&[("customer", customer.as_str())]))),
            triggers: triggers.collect(),
            first_reply_due: ticket.first_reply_due,
            resolution_due: ticket.resolution_due,
            created_at: ticket.created_at,
            messages: case.messages.iter().map(Record::new).collect(),
            history: case.history.iter().map(Record::new).collect(),
            similar: case.similar.iter().map(|(item, _)| Record::new(item)).collect(),
            may_change: page.may(Scope::TicketsWrite) && !ticket.status.next().is_empty(),
            seen: ticket.updated_at.timestamp_millis(),
            statuses: statuses.collect(),
            priorities: priorities.collect(),
            queues: queues.collect(),
            incident: ticket.incident,
            lesson: case.lesson.as_ref().map(|lesson| (page.queue(&lesson.queue), page.queue(&lesson.instead_of))),
            page,
        }
    }
}

#[cfg(test)]
impl TicketPage {
    /// A ticket with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        use crate::triage::Lesson;

        let ticket = super::sampled::tickets(&page).remove(0).ticket;
        let records = || vec![super::sampled::feedback(1), super::sampled::feedback(2)];
        let similar = records().into_iter().map(|item| (item, 0.9)).collect();
        let lesson = Some(Lesson {
            feedback_id: ticket.feedback_id,
            queue: "payments".to_owned(),
            instead_of: "care".to_owned(),
            taught_at: ticket.updated_at,
        });
        let case = Case { ticket, messages: records(), history: records(), similar, lesson };
        Self::new(page, &case, &["payments".to_owned(), "care".to_owned()])
    }
}
