//! One incident as the top of pages shows it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::choice::Choice;
use super::page::Page;
use crate::pipeline::IncidentGlance;

/// One incident, ready to be shown.
#[derive(Clone, Debug)]
pub struct IncidentCard {
    /// Its id.
    pub id: Uuid,
    /// The title of its theme.
    pub title: String,
    /// How many messages it has.
    pub count: u64,
    /// The address of its messages.
    pub href: String,
    /// How many messages from how many customers.
    pub words: String,
    /// When its first text was given.
    pub since: DateTime<Utc>,
}

impl IncidentCard {
    /// Takes from an incident what is shown.
    #[must_use]
    pub fn new(page: &Page, glance: &IncidentGlance) -> Self {
        let (id, touched) = (glance.incident.id, &glance.touched);
        let messages = page.n("messages-count", &touched.feedback);
        let customers = page.n("customers-count", &touched.customers);
        Self {
            id,
            title: glance.theme.as_ref().map_or_else(|| "—".to_owned(), |theme| page.theme_title(theme)),
            count: touched.feedback,
            href: records(id, Choice::default()),
            words: page.two_texts("incident-touched", &messages, &customers),
            since: glance.incident.started_at,
        }
    }
}

/// The address of those of an incident's messages that fit a choice.
#[must_use]
pub fn records(id: Uuid, choice: Choice) -> String {
    format!("/feedback?{}", Choice { incident: Some(id), ..choice }.query(&[]))
}
