//! One incident: whom it touched, how it goes on, what they write, its tickets, and a form to close it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::address::query;
use super::chart::Spark;
use super::choice::Choice;
use super::incident_card::{IncidentCard, records};
use super::page::Page;
use super::record::Record;
use super::session::Visit;
use super::ticket_line::TicketLine;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::Channel;
use crate::pipeline::{self, FeedbackAttribute, IncidentStory};
use crate::triage::incident::Status;
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// The page.
#[derive(Debug, Template)]
#[template(path = "incident.html")]
pub struct IncidentPage {
    page: Page,
    card: IncidentCard,
    status: &'static str,
    noticed: DateTime<Utc>,
    last: DateTime<Utc>,
    figures: Vec<Figure>,
    spark: Spark,
    theme: Option<Uuid>,
    channels: Vec<(&'static str, String, u64)>,
    records: Vec<Record>,
    lines: Vec<TicketLine>,
    may_close: bool,
}

/// A number and the records behind it.
#[derive(Debug)]
struct Figure {
    label: &'static str,
    value: u64,
    href: String,
    /// How many records there are behind it.
    records: u64,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such incident, or those of the stores.
pub async fn incident(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    super::show(&IncidentPage::new(page, &pipeline::incident_story(&app, id).await?))
}

/// Closes it and shows it again.
///
/// # Errors
/// 403 if the role does not allow it, 404 if there is no such incident, or those of the stores.
pub async fn close(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::TicketsWrite)?;
    pipeline::change_incident_status(&app, &page.actor(), id, Status::Closed).await?;
    Ok(Redirect::to(&format!("/incidents/{id}")).into_response())
}

impl IncidentPage {
    /// Puts the incident on the page.
    #[must_use]
    pub fn new(page: Page, story: &IncidentStory) -> Self {
        let (incident, touched) = (&story.glance.incident, &story.glance.touched);
        let card = IncidentCard::new(&page, &story.glance);
        let of = |choice| records(incident.id, choice);
        let channel = |(channel, count): (&Channel, &u64)| {
            (channel.name(), of(Choice { channel: Some(*channel), ..Choice::default() }), *count)
        };
        Self {
            status: incident.status.name(),
            noticed: incident.opened_at,
            last: incident.last_at,
            figures: figures(story),
            spark: Spark::by_ten_minutes(&page, &story.stretches),
            theme: story.glance.theme.as_ref().map(|theme| theme.id),
            channels: touched.channels.iter().map(channel).collect(),
            records: story.latest.iter().map(Record::new).collect(),
            lines: story.tickets.iter().map(TicketLine::new).collect(),
            may_close: incident.status == Status::Open && page.may(Scope::TicketsWrite),
            card,
            page,
        }
    }
}

fn figures(story: &IncidentStory) -> Vec<Figure> {
    let (id, touched) = (story.glance.incident.id, &story.glance.touched);
    let all = || records(id, Choice::default());
    let nobody = records(id, Choice { without: Some(FeedbackAttribute::Customer), ..Choice::default() });
    let tickets = format!("/inbox?{}", query(&[("incident", &id.to_string())]));
    let figure = |label, value, href, records| Figure { label, value, href, records };
    let mut figures = vec![
        figure("incident-messages", touched.feedback, all(), touched.feedback),
        figure("incident-customers", touched.customers, all(), touched.feedback),
        figure("incident-unknown", touched.without_customer, nobody, touched.without_customer),
        figure("incident-active-tickets", story.active_tickets, tickets, story.active_tickets),
    ];
    figures.retain(|figure| figure.label != "incident-unknown" || figure.value > 0);
    figures
}

#[cfg(test)]
impl IncidentPage {
    /// An incident with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let story = sampled(&page);
        Self::new(page, &story)
    }
}

/// An incident that goes on.
#[cfg(test)]
pub(super) fn sampled(page: &Page) -> IncidentStory {
    use crate::pipeline::{IncidentGlance, Stretch, Touched};
    use crate::triage::incident::Incident;

    let ago = |minutes| page.now - chrono::TimeDelta::minutes(minutes);
    let incident = Incident {
        id: Uuid::from_u128(7),
        status: Status::Open,
        started_at: ago(50),
        opened_at: ago(41),
        last_at: ago(2),
        updated_at: ago(2),
    };
    let touched = Touched {
        feedback: 12,
        customers: 9,
        without_customer: 1,
        channels: [(Channel::Chat, 8), (Channel::Social, 4)].into(),
        theme: Some(Uuid::nil()),
    };
    let stretch = |minutes, count| Stretch { start: ago(minutes), count, negative: count / 2 };
    IncidentStory {
        glance: IncidentGlance { incident, touched, theme: Some(super::sampled::theme()) },
        stretches: vec![stretch(50, 6), stretch(30, 5), stretch(0, 1)],
        latest: vec![super::sampled::feedback(1), super::sampled::feedback(2)],
        tickets: super::sampled::tickets(page),
        active_tickets: 4,
    }
}
