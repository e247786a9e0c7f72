//! The tickets that wait, by priority and then by when the first reply is due; filters stand in the address.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::address::query;
use super::incident_card::IncidentCard;
use super::page::Page;
use super::session::Visit;
use super::ticket_line::TicketLine;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::{CustomerId, Priority};
use crate::pipeline::{self, Cursor, IncidentGlance, TicketCounts, TicketFilter};
use crate::triage::ticket::Status;
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::problem::Problem;

/// How many tickets a page has.
const PAGE: u32 = 30;

/// Which tickets, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Where they stand; open and pending ones if nothing is said.
    status: Option<Status>,
    /// How urgent they are.
    priority: Option<Priority>,
    /// Whose work they are.
    queue: Option<String>,
    /// Whose case they are.
    customer: Option<CustomerId>,
    /// The incident that their feedback belong to.
    incident: Option<Uuid>,
    /// Only open ones whose first reply is due.
    late: bool,
    /// Where the page before ended.
    after: Option<Cursor>,
}

impl Parameters for Choice {
    fn read(fields: &mut Fields) -> Self {
        Self {
            status: fields.optional("status"),
            priority: fields.optional("priority"),
            queue: fields.optional("queue"),
            customer: fields.optional_with("customer", |text| CustomerId::try_from(text.to_owned())),
            incident: fields.optional("incident"),
            late: fields.optional("late").unwrap_or(false),
            after: fields.optional("after"),
        }
    }
}

impl Choice {
    fn filter(&self, now: DateTime<Utc>) -> TicketFilter {
        TicketFilter {
            status: if self.late { Some(Status::Open) } else { self.status },
            active: self.status.is_none(),
            due_by: self.late.then_some(now),
            queue: self.queue.clone(),
            priority: self.priority,
            customer: self.customer.clone(),
            incident: self.incident,
        }
    }

    /// The address of the same choice from another place on.
    fn address(&self, after: &Cursor) -> String {
        let (after, incident) = (after.to_string(), self.incident.map(|id| id.to_string()));
        let fields = [
            ("status", self.status.map(Status::name)),
            ("priority", self.priority.map(Priority::name)),
            ("queue", self.queue.as_deref()),
            ("customer", self.customer.as_ref().map(CustomerId::as_str)),
            ("incident", incident.as_deref()),
            ("late", self.late.then_some("true")),
            ("after", Some(after.as_str())),
        ];
        let said: Vec<(&str, &str)> = fields.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        format!("/inbox?{}", query(&said))
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "inbox.html")]
pub struct Inbox {
    page: Page,
    lines: Vec<TicketLine>,
    next: Option<String>,
    total: u64,
    overdue: u64,
    late: bool,
    statuses: Vec<Choosable>,
    priorities: Vec<Choosable>,
    queues: Vec<Choosable>,
    customer: Option<String>,
    incident: Option<Uuid>,
    incidents: Vec<IncidentCard>,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// Its name in the address.
    pub value: String,
    /// Its name for people.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choosable {
    /// One value of a list, chosen if it is `now`.
    #[must_use]
    pub fn new(value: &str, label: String, now: Option<&str>) -> Self {
        Self { value: value.to_owned(), label, chosen: now == Some(value) }
    }
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn inbox(State(app): State<App>, visit: Visit, Query(choice): Query<Choice>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let (tickets, total) = pipeline::inbox(&app, &choice.filter(page.now), choice.after.as_ref(), PAGE).await?;
    let counts = pipeline::count_tickets(&app).await?;
    let names: Vec<String> = app.rules.queues.iter().map(|queue| queue.name.clone()).collect();
    let incidents = pipeline::open_incidents(&app).await?;
    super::show(&Inbox::new(page, &choice, (&tickets, total), &counts, &names).with_incidents(&incidents))
}

impl Inbox {
    /// Puts the tickets on the page; `names` are those of the queues.
    #[must_use]
    pub fn new(
        page: Page,
        choice: &Choice,
        (tickets, total): (&pipeline::Page<pipeline::TicketGlance>, u64),
        counts: &TicketCounts,
        names: &[String],
    ) -> Self {
        let status = choice.status.map(Status::name);
        let statuses =
            Status::ALL.iter().map(|each| Choosable::new(each.name(), page.name("status", each.name()), status));
        let priority = choice.priority.map(Priority::name);
        let priorities = Priority::ALL
            .iter()
            .map(|each| Choosable::new(each.name(), page.name("priority-long", each.name()), priority));
        let queues = names.iter().map(|name| {
            let waiting = counts.active_queues.get(name).copied().unwrap_or_default();
            let label = format!("{} ({})", page.queue(name), page.number(&waiting));
            Choosable::new(name, label, choice.queue.as_deref())
        });
        Self {
            lines: tickets.items.iter().map(TicketLine::new).collect(),
            next: tickets.next.as_ref().map(|after| choice.address(after)),
            total,
            late: choice.late,
            overdue: counts.overdue,
            statuses: statuses.collect(),
            priorities: priorities.collect(),
            queues: queues.collect(),
            customer: choice.customer.as_ref().map(|customer| super::text::visible(customer.as_str())),
            incident: choice.incident,
            incidents: Vec::new(),
            page,
        }
    }

    /// The same page with the incidents that are open on top.
    #[must_use]
    pub fn with_incidents(self, open: &[IncidentGlance]) -> Self {
        Self { incidents: open.iter().map(|glance| IncidentCard::new(&self.page, glance)).collect(), ..self }
    }
}

#[cfg(test)]
impl Inbox {
    /// A page with tickets on it.
    pub(super) fn sample(page: Page) -> Self {
        let tickets = pipeline::Page { items: super::sampled::tickets(&page), next: None };
        let names = ["payments".to_owned(), "claims".to_owned()];
        let counts = TicketCounts { overdue: 3, ..TicketCounts::default() };
        let choice = Choice { late: true, incident: Some(Uuid::nil()), ..Choice::default() };
        let incidents = [super::incident::sampled(&page).glance];
        Self::new(page, &choice, (&tickets, 4), &counts, &names).with_incidents(&incidents)
    }
}
