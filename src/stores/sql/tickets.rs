//! Tickets: one for a case, however many messages it takes.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::dialect::take_turns;
use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::{CustomerId, FeedbackId, Priority};
use crate::stores::{Cursor, Error, MAX_PAGE, Page};
use crate::triage::ticket::{Status, Ticket};

const SELECT: &str = "SELECT id, feedback_id, customer, priority, queue, triggers, status, first_reply_due, \
    resolution_due, created_at, updated_at, (SELECT max(m.incident_id) FROM incident_feedback m \
    WHERE m.feedback_id = tickets.feedback_id OR m.feedback_id IN \
    (SELECT a.feedback_id FROM ticket_feedback a WHERE a.ticket_id = tickets.id)) AS incident FROM tickets";

/// What became of a case that was to be opened.
#[derive(Clone, Debug, PartialEq)]
pub enum Opened {
    /// It got a ticket of its own.
    New(Ticket),
    /// It belongs to a ticket that the same customer has open in the same queue.
    Attached(Ticket),
    /// This feedback had its ticket before.
    Already(Ticket),
}

impl Opened {
    /// The ticket that the feedback belongs to, as it is now.
    #[must_use]
    pub const fn ticket(&self) -> &Ticket {
        match self {
            Self::New(ticket) | Self::Attached(ticket) | Self::Already(ticket) => ticket,
        }
    }
}

/// Which tickets a list is about; what is `None` doesn't matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where it stands.
    pub status: Option<Status>,
    /// Whose work it is.
    pub queue: Option<String>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Whose case it is.
    pub customer: Option<CustomerId>,
    /// Open or pending.
    pub active: bool,
    /// Its first reply was due at this time or before.
    pub due_by: Option<DateTime<Utc>>,
    /// The incident that one of its feedback belongs to.
    pub incident: Option<Uuid>,
}

impl Filter {
    /// Adds the `WHERE` on `tickets`.
    fn push(&self, statement: &mut Statement) {
        statement.push(" WHERE 1 = 1");
        for (column, value) in [
            ("status", self.status.map(|status| status.name().to_owned())),
            ("queue", self.queue.clone()),
            ("priority", self.priority.map(|priority| priority.name().to_owned())),
            ("customer", self.customer.as_ref().map(ToString::to_string)),
        ] {
            if let Some(value) = value {
                statement.push(" AND ").push(column).push(" = ").bind(value);
            }
        }
        if self.active {
            statement.push(" AND status IN ('open', 'pending')");
        }
        if let Some(due) = self.due_by {
            statement.push(" AND first_reply_due <= ").bind(due.timestamp_millis());
        }
        if let Some(incident) = self.incident {
            let of = "(SELECT feedback_id FROM incident_feedback WHERE incident_id = ";
            statement.push(" AND (feedback_id IN ").push(of).bind(incident.to_string());
            statement.push(") OR id IN (SELECT ticket_id FROM ticket_feedback WHERE feedback_id IN ").push(of);
            statement.bind(incident.to_string()).push(")))");
        }
    }
}

/// How many tickets there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By where they stand.
    pub statuses: BTreeMap<Status, u64>,
    /// Open and pending ones by how urgent they are.
    pub active_priorities: BTreeMap<Priority, u64>,
    /// Open and pending ones by whose work they are.
    pub active_queues: BTreeMap<String, u64>,
    /// Open ones whose first reply is due.
    pub overdue: u64,
}

/// Opens `ticket`, or attaches its feedback to the active ticket of the same customer in the same queue, which then is
/// at least as urgent, due at least as soon, and carries the new triggers too.
///
/// Doing it twice for a feedback does it once.
///
/// # Errors
/// [`Error::Conflict`] if there is no such feedback.
pub async fn open_or_attach(tx: &mut Tx, ticket: &Ticket) -> Result<Opened, Error> {
    if let Some(customer) = &ticket.customer {
        take_turns(tx, &format!("ticket of {customer}")).await?;
    }
    if let Some(ticket) = of_feedback_in(tx, ticket.feedback_id).await? {
        return Ok(Opened::Already(ticket));
    }
    if let Some(customer) = &ticket.customer
        && let Some(active) = active_of(tx, customer, &ticket.queue).await?
    {
        return attach(tx, active, ticket).await.map(Opened::Attached);
    }
    insert(tx, ticket).await?;
    Ok(Opened::New(Ticket { attached: Vec::new(), ..ticket.clone() }))
}

/// The open or pending ticket of a customer in a queue, the last one if there are several.
///
/// # Errors
/// As the database says.
pub async fn active_of(tx: &mut Tx, customer: &CustomerId, queue: &str) -> Result<Option<Ticket>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE customer = ").bind(customer.as_str()).push(" AND queue = ").bind(queue);
    statement.push(" AND status IN ('open', 'pending') ORDER BY created_at DESC, id DESC LIMIT 1");
    first_in(tx, statement).await
}

async fn of_feedback_in(tx: &mut Tx, id: FeedbackId) -> Result<Option<Ticket>, Error> {
    first_in(tx, of_feedback_statement(id)).await
}

fn of_feedback_statement(id: FeedbackId) -> Statement {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE feedback_id = ").bind(id.to_string());
    statement.push(" OR id = (SELECT ticket_id FROM ticket_feedback WHERE feedback_id = ").bind(id.to_string());
    statement.push(")");
    statement
}

async fn first_in(tx: &mut Tx, statement: Statement) -> Result<Option<Ticket>, Error> {
    let Some(row) = statement.optional(tx).await? else { return Ok(None) };
    let mut ticket = read(&row)?;
    let rows = attached_statement([ticket.id]).rows(tx).await?;
    ticket.attached = attached(&rows)?.remove(&ticket.id).unwrap_or_default();
    Ok(Some(ticket))
}

async fn attach(tx: &mut Tx, mut active: Ticket, newer: &Ticket) -> Result<Ticket, Error> {
    active.attached.push(newer.feedback_id);
    active.priority = active.priority.min(newer.priority);
    active.first_reply_due = active.first_reply_due.min(newer.first_reply_due);
    active.resolution_due = active.resolution_due.min(newer.resolution_due);
    active.triggers.extend(newer.triggers.iter().cloned());
    active.updated_at = newer.updated_at;
    let mut link = Statement::new("INSERT INTO ticket_feedback (feedback_id, ticket_id) VALUES (");
    link.bind_list([newer.feedback_id.to_string(), active.id.to_string()]).push(")");
    link.execute(tx).await?;
    let mut statement = Statement::new("UPDATE tickets SET priority = ");
    statement.bind(active.priority.name());
    statement.push(", first_reply_due = ").bind(active.first_reply_due.timestamp_millis());
    statement.push(", resolution_due = ").bind(active.resolution_due.timestamp_millis());
    statement.push(", triggers = ").bind(to_json(&active.triggers)?);
    statement.push(", updated_at = ").bind(active.updated_at.timestamp_millis());
    statement.push(" WHERE id = ").bind(active.id.to_string());
    statement.execute(tx).await?;
    Ok(active)
}

async fn insert(tx: &mut Tx, ticket: &Ticket) -> Result<(), Error> {
    let mut statement = Statement::new(
        "INSERT INTO tickets (id, feedback_id, customer, priority, queue, triggers, status, first_reply_due, \
         resolution_due, created_at, updated_at) VALUES (",
    );
    statement.bind_list([
        Some(ticket.id.to_string()),
        Some(ticket.feedback_id.to_string()),
        ticket.customer.as_ref().map(ToString::to_string),
        Some(ticket.priority.name().to_owned()),
        Some(ticket.queue.clone()),
        Some(to_json(&ticket.triggers)?),
        Some(ticket.status.name().to_owned()),
    ]);
    let times = [ticket.first_reply_due, ticket.resolution_due, ticket.created_at, ticket.updated_at];
    statement.push(", ").bind_list(times.map(|time| time.timestamp_millis())).push(")");
    statement.execute(tx).await.map(drop)
}

/// One ticket.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: Uuid) -> Result<Option<Ticket>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE id = ").bind(id.to_string());
    Ok(all(db, statement).await?.pop())
}

/// The ticket that a feedback opened or is attached to.
///
/// # Errors
/// As the database says.
pub async fn of_feedback(db: &Db, id: FeedbackId) -> Result<Option<Ticket>, Error> {
    Ok(all(db, of_feedback_statement(id)).await?.pop())
}

/// A page of what the filter lets through: most urgent first, then by when the first reply is due.
///
/// # Errors
/// As the database says.
pub async fn page(db: &Db, filter: &Filter, after: Option<&Cursor>, limit: u32) -> Result<Page<Ticket>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(SELECT);
    filter.push(&mut statement);
    if let Some(after) = after {
        statement.push(" AND (priority, first_reply_due, id) > (").bind(format!("P{}", after.rank));
        statement.push(", ").bind(after.key).push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY priority, first_reply_due, id LIMIT ").bind(i64::from(limit) + 1);
    let tickets = all(db, statement).await?;
    Ok(Page::cut(tickets, limit, |last: &Ticket| Cursor {
        rank: last.priority as u8 + 1,
        key: last.first_reply_due.timestamp_millis(),
        id: last.id,
    }))
}

/// How many tickets the filter lets through.
///
/// # Errors
/// As the database says.
pub async fn count(db: &Db, filter: &Filter) -> Result<u64, Error> {
    let mut statement = Statement::new("SELECT 'all' AS name, count(*) AS n FROM tickets");
    filter.push(&mut statement);
    let row = statement.one(db).await?;
    row.map_or(Ok(0), |row| Reader::new("tickets", "name", &row).count("n"))
}

/// Moves a ticket from one status to another; none if there is no such ticket.
///
/// Whether the move makes sense is decided before, by [`Status::change`].
///
/// # Errors
/// [`Error::Conflict`] if it isn't `from` any more.
pub async fn change_status(
    tx: &mut Tx,
    id: Uuid,
    from: Status,
    to: Status,
    now: DateTime<Utc>,
) -> Result<Option<Ticket>, Error> {
    let mut statement = Statement::new("UPDATE tickets SET status = ");
    statement.bind(to.name()).push(", updated_at = ").bind(now.timestamp_millis());
    statement.push(" WHERE id = ").bind(id.to_string()).push(" AND status = ").bind(from.name());
    let changed = statement.execute(tx).await? > 0;
    let mut select = Statement::new(SELECT);
    select.push(" WHERE id = ").bind(id.to_string());
    match first_in(tx, select).await? {
        Some(ticket) if !changed => Err(Error::conflict(format!(
            "the ticket was {from} when you read it and is {} now; read it again before you change it",
            ticket.status
        ))),
        found => Ok(found),
    }
}

/// Puts what somebody corrected of a ticket (status, priority, queue, due times) in its row.
///
/// # Errors
/// [`Error::Conflict`] if it isn't as `before` any more.
pub async fn correct(tx: &mut Tx, before: &Ticket, after: &Ticket) -> Result<(), Error> {
    let mut statement = Statement::new("UPDATE tickets SET status = ");
    statement.bind(after.status.name()).push(", priority = ").bind(after.priority.name());
    statement.push(", queue = ").bind(after.queue.as_str());
    statement.push(", first_reply_due = ").bind(after.first_reply_due.timestamp_millis());
    statement.push(", resolution_due = ").bind(after.resolution_due.timestamp_millis());
    statement.push(", updated_at = ").bind(after.updated_at.timestamp_millis());
    statement.push(" WHERE id = ").bind(before.id.to_string());
    statement.push(" AND status = ").bind(before.status.name()).push(" AND priority = ").bind(before.priority.name());
    statement.push(" AND queue = ").bind(before.queue.as_str());
    statement.push(" AND updated_at = ").bind(before.updated_at.timestamp_millis());
    if statement.execute(tx).await? > 0 {
        return Ok(());
    }
    Err(Error::conflict("somebody changed the ticket since you read it; read it again before you change it"))
}

/// Counts tickets; `now` tells which are overdue.
///
/// # Errors
/// As the database says.
pub async fn counts(db: &Db, now: DateTime<Utc>) -> Result<Counts, Error> {
    let mut statement =
        Statement::new("SELECT status, priority, queue, count(*) AS n, CAST(sum(CASE WHEN first_reply_due <= ");
    statement.bind(now.timestamp_millis());
    statement.push(" THEN 1 ELSE 0 END) AS BIGINT) AS due FROM tickets GROUP BY status, priority, queue");
    let mut counts = Counts::default();
    for row in &statement.all(db).await? {
        let row = Reader::new("tickets", "status", row);
        let (status, number) = (row.parsed::<Status>("status")?, row.count("n")?);
        *counts.statuses.entry(status).or_default() += number;
        if status.is_active() {
            *counts.active_priorities.entry(row.parsed("priority")?).or_default() += number;
            *counts.active_queues.entry(row.text("queue")?).or_default() += number;
        }
        if status == Status::Open {
            counts.overdue += row.count("due")?;
        }
    }
    Ok(counts)
}

/// Runs a `SELECT` of tickets and adds what is attached to each.
async fn all(db: &Db, statement: Statement) -> Result<Vec<Ticket>, Error> {
    let mut tickets = statement.all(db).await?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if tickets.is_empty() {
        return Ok(tickets);
    }
    let rows = attached_statement(tickets.iter().map(|ticket| ticket.id)).all(db).await?;
    let mut attached = attached(&rows)?;
    for ticket in &mut tickets {
        ticket.attached = attached.remove(&ticket.id).unwrap_or_default();
    }
    Ok(tickets)
}

fn attached_statement(ids: impl IntoIterator<Item = Uuid>) -> Statement {
    let mut statement = Statement::new("SELECT ticket_id, feedback_id FROM ticket_feedback WHERE ticket_id IN (");
    statement.bind_list(ids.into_iter().map(|id| id.to_string())).push(") ORDER BY ticket_id, feedback_id");
    statement
}

fn attached(rows: &[AnyRow]) -> Result<HashMap<Uuid, Vec<FeedbackId>>, Error> {
    let mut attached = HashMap::<Uuid, Vec<FeedbackId>>::new();
    for row in rows {
        let row = Reader::new("ticket_feedback", "feedback_id", row);
        attached.entry(row.id("ticket_id")?).or_default().push(FeedbackId(row.id("feedback_id")?));
    }
    Ok(attached)
}

fn read(row: &AnyRow) -> Result<Ticket, Error> {
    let row = Reader::new("tickets", "id", row);
    let customer = row.optional_text("customer")?.map(TryInto::try_into).transpose();
    Ok(Ticket {
        id: row.id("id")?,
        feedback_id: FeedbackId(row.id("feedback_id")?),
        attached: Vec::new(),
        customer: customer.map_err(|error| row.corrupt("customer", error))?,
        priority: row.parsed("priority")?,
        queue: row.text("queue")?,
        triggers: row.json("triggers")?,
        status: row.parsed("status")?,
        first_reply_due: row.time("first_reply_due")?,
        resolution_due: row.time("resolution_due")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        incident: row.optional_id("incident")?,
    })
}
