//! What there is to see at a glance: counts, the largest themes with a quote, the most urgent tickets.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::error::Result;
use crate::feedback::{Feedback, FeedbackId};
use crate::stores::sql::feedback::{self, Counts, Filter};
use crate::stores::sql::themes::{self, Listed};
use crate::stores::sql::tickets;
use crate::themes::{Burst, burst};
use crate::triage::ticket::{Status, Ticket};

/// Members are read in pages of this many.
const PAGE: u32 = 500;

/// What there is to see at a glance.
#[derive(Debug)]
pub struct Overview {
    /// How many of what.
    pub counts: Counts,
    /// Themes, largest first.
    pub themes: Vec<ThemeGlance>,
    /// Open tickets, most urgent first.
    pub tickets: Vec<TicketGlance>,
    /// How many tickets there are, by status and priority.
    pub ticket_counts: tickets::Counts,
}

/// A theme with the words of a typical member.
#[derive(Debug)]
pub struct ThemeGlance {
    /// The theme.
    pub listed: Listed,
    /// Its most typical member.
    pub quote: Option<Feedback>,
    /// An unusual number of members in a short time, if there was one.
    pub burst: Option<Burst>,
}

/// A ticket with the words that opened it.
#[derive(Debug)]
pub struct TicketGlance {
    /// The ticket.
    pub ticket: Ticket,
    /// The feedback that opened it.
    pub feedback: Option<Feedback>,
}

/// Gathers it: at most `themes` themes and `tickets` tickets.
///
/// # Errors
/// Those of the database.
pub async fn overview(app: &App, themes: usize, tickets: u32) -> Result<Overview> {
    let counts = feedback::counts(&app.db, &Filter::default()).await?;
    let observed = observed(&counts);
    let mut glances = Vec::new();
    let shown = themes::list(&app.db).await?.into_iter().filter(|listed| !listed.theme.marks.hidden);
    for listed in shown.take(themes) {
        glances.push(glance(app, listed, observed.clone()).await?);
    }
    let open = tickets::Filter { status: Some(Status::Open), ..tickets::Filter::default() };
    let urgent = tickets::page(&app.db, &open, None, tickets).await?.items;
    let tickets = with_feedback(app, urgent).await?;
    let ticket_counts = tickets::counts(&app.db, app.clock.now()).await?;
    Ok(Overview { counts, themes: glances, tickets, ticket_counts })
}

/// Each ticket with the feedback that opened it.
pub(super) async fn with_feedback(app: &App, tickets: Vec<Ticket>) -> Result<Vec<TicketGlance>> {
    let ids: Vec<FeedbackId> = tickets.iter().map(|ticket| ticket.feedback_id).collect();
    let mut opened = feedback::get_many(&app.db, &ids).await?;
    let glance = |ticket: Ticket| {
        let at = opened.iter().position(|item| item.id == ticket.feedback_id);
        TicketGlance { feedback: at.map(|at| opened.swap_remove(at)), ticket }
    };
    Ok(tickets.into_iter().map(glance).collect())
}

/// From the first week with feedback to the end of the last.
fn observed(counts: &Counts) -> Range<DateTime<Utc>> {
    let starts = || counts.weeks.iter().map(|week| week.start);
    let start = starts().min().unwrap_or_default();
    start..starts().max().unwrap_or_default() + TimeDelta::weeks(1)
}

async fn glance(app: &App, listed: Listed, observed: Range<DateTime<Utc>>) -> Result<ThemeGlance> {
    let id = listed.theme.id;
    let mut times = Vec::new();
    let mut quote = None;
    let mut after = None;
    loop {
        let page = feedback::of_theme(&app.db, id, after.as_ref(), PAGE).await?;
        times.extend(page.items.iter().map(|item| item.origin.collected_at));
        quote = quote.or_else(|| page.items.into_iter().next());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    times.sort_unstable();
    Ok(ThemeGlance { listed, quote, burst: burst(&times, observed) })
}
