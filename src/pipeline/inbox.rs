//! The tickets that wait, with the words that opened them.

use crate::app::App;
use crate::error::Result;
use crate::stores::sql::tickets::{self, Filter};
use crate::stores::{Cursor, Page};

use super::overview::{TicketGlance, with_feedback};

/// A page of tickets, by priority and then by when the first reply is due, and how many there are on all pages.
///
/// # Errors
/// Those of the database.
pub async fn inbox(
    app: &App,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<(Page<TicketGlance>, u64)> {
    let page = tickets::page(&app.db, filter, after, limit).await?;
    let total = tickets::count(&app.db, filter).await?;
    Ok((Page { items: with_feedback(app, page.items).await?, next: page.next }, total))
}

/// How many tickets there are.
///
/// # Errors
/// Those of the database.
pub async fn count_tickets(app: &App) -> Result<tickets::Counts> {
    Ok(tickets::counts(&app.db, app.clock.now()).await?)
}
