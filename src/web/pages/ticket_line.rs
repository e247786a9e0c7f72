//! One ticket as lists show it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::text::{shortened, visible};
use crate::pipeline::TicketGlance;

/// How many characters of its text are shown.
const SHOWN: usize = 240;

/// One ticket, ready for a list.
#[derive(Clone, Debug)]
pub struct TicketLine {
    /// Its id.
    pub id: Uuid,
    /// How urgent.
    pub priority: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// Whose work it is.
    pub queue: String,
    /// When the first reply is due.
    pub due: DateTime<Utc>,
    /// The words that opened it.
    pub text: String,
    /// What makes it urgent.
    pub triggers: Vec<&'static str>,
    /// How many messages belong to it.
    pub messages: u64,
    /// Whose case it is.
    pub customer: Option<String>,
}

impl TicketLine {
    /// Takes from a ticket what is shown.
    #[must_use]
    pub fn new(glance: &TicketGlance) -> Self {
        let ticket = &glance.ticket;
        let kinds: BTreeSet<_> = ticket.triggers.iter().map(|trigger| trigger.kind).collect();
        Self {
            id: ticket.id,
            priority: ticket.priority.name(),
            status: ticket.status.name(),
            queue: ticket.queue.clone(),
            due: ticket.first_reply_due,
            text: glance.feedback.as_ref().map(|item| shortened(item.text.as_str(), SHOWN)).unwrap_or_default(),
            triggers: kinds.into_iter().map(|kind| kind.name()).collect(),
            messages: ticket.attached.len() as u64 + 1,
            customer: ticket.customer.as_ref().map(|customer| visible(customer.as_str())),
        }
    }
}
