//! Incidents: many texts about the same trouble at once, and which they are.

mod read;

use std::ops::Range;

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::dialect;
use super::row::Reader;
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::{FeedbackId, SentimentLabel};
use crate::stores::Error;
use crate::themes::{Belongs, Heard};
use crate::triage::incident::{Incident, Status};

pub use read::{Stretch, Touched, get, members, page, ten_minutes, touched};

const SELECT: &str = "SELECT id, status, started_at, opened_at, last_at, updated_at FROM incidents";

/// How many texts one statement takes in.
const CHUNK: usize = 500;

/// Lets one transaction at a time look for incidents and change them.
///
/// # Errors
/// As the database says.
pub async fn take_turns(tx: &mut Tx) -> Result<(), Error> {
    dialect::take_turns(tx, "incidents").await
}

/// The texts nearest to a group, given within `time` (its end included), that are not positive; oldest first.
///
/// # Errors
/// As the database says.
pub async fn heard(tx: &mut Tx, group: Uuid, time: &Range<DateTime<Utc>>) -> Result<Vec<Heard>, Error> {
    let mut statement = Statement::new(
        "SELECT f.id, f.collected_at, f.customer, i.id AS incident_id, i.status AS incident_status, \
         g.group_id AS incident_group FROM feedback f LEFT JOIN incident_feedback m ON m.feedback_id = f.id \
         LEFT JOIN incidents i ON i.id = m.incident_id \
         LEFT JOIN incident_groups g ON g.incident_id = i.id AND g.group_id = f.theme_nearest",
    );
    unhappy(&mut statement, group);
    statement.push(" AND f.collected_at >= ").bind(time.start.timestamp_millis());
    statement.push(" AND f.collected_at <= ").bind(time.end.timestamp_millis());
    statement.push(" ORDER BY f.collected_at, f.id");
    statement.rows(tx).await?.iter().map(one_heard).collect()
}

fn one_heard(row: &AnyRow) -> Result<Heard, Error> {
    let row = Reader::new("feedback", "id", row);
    let customer = row.optional_text("customer")?.map(TryInto::try_into).transpose();
    let incident = match (row.optional_id("incident_id")?, row.optional_parsed::<Status>("incident_status")?) {
        (Some(id), Some(status)) => {
            let here = row.optional_text("incident_group")?.is_some();
            Some(Belongs { id, open: status == Status::Open, here })
        }
        _ => None,
    };
    Ok(Heard {
        id: FeedbackId(row.id("id")?),
        at: row.time("collected_at")?,
        customer: customer.map_err(|error| row.corrupt("customer", error))?,
        incident,
    })
}

/// How many texts nearest to a group were given within `time` (its end left out) and are not positive.
///
/// # Errors
/// As the database says.
pub async fn earlier(tx: &mut Tx, group: Uuid, time: &Range<DateTime<Utc>>) -> Result<u64, Error> {
    let mut statement = Statement::new("SELECT 'all' AS name, count(*) AS n FROM feedback f");
    unhappy(&mut statement, group);
    statement.push(" AND f.collected_at >= ").bind(time.start.timestamp_millis());
    statement.push(" AND f.collected_at < ").bind(time.end.timestamp_millis());
    let row = statement.optional(tx).await?;
    row.map_or(Ok(0), |row| Reader::new("feedback", "name", &row).count("n"))
}

/// When the first text of any theme was given, at `since` or later.
///
/// # Errors
/// As the database says.
pub async fn first_given(tx: &mut Tx, since: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
    let mut statement = Statement::new("SELECT 'first' AS name, min(collected_at) AS first FROM feedback");
    statement.push(" WHERE collected_at >= ").bind(since.timestamp_millis());
    let Some(row) = statement.optional(tx).await? else { return Ok(None) };
    Reader::new("feedback", "name", &row).optional_time("first")
}

/// Adds the `WHERE` on `feedback f`: nearest to a group, and not positive.
fn unhappy(statement: &mut Statement, group: Uuid) {
    statement.push(" WHERE f.theme_nearest = ").bind(group.to_string());
    statement.push(" AND f.sentiment <> ").bind(SentimentLabel::Positive.name());
}

/// Opens an incident of these texts of a group, none of which belongs to one.
///
/// # Errors
/// [`Error::Conflict`] if one of them does, or is not there, or the incident is there already.
pub async fn open(tx: &mut Tx, incident: &Incident, group: Uuid, texts: &[FeedbackId]) -> Result<(), Error> {
    let mut statement =
        Statement::new("INSERT INTO incidents (id, status, started_at, opened_at, last_at, updated_at) VALUES (");
    statement.bind_list([incident.id.to_string(), incident.status.name().to_owned()]).push(", ");
    let times = [incident.started_at, incident.opened_at, incident.last_at, incident.updated_at];
    statement.bind_list(times.map(|time| time.timestamp_millis())).push(")");
    statement.execute(tx).await?;
    link(tx, incident.id, group, texts).await
}

/// Adds texts to an incident, which goes on in their group, too, from now on; `last_at` is when the last of them was given.
///
/// # Errors
/// [`Error::Conflict`] if one of them belongs to an incident, or is not there.
pub async fn join(
    tx: &mut Tx,
    id: Uuid,
    group: Uuid,
    texts: &[FeedbackId],
    last_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let last = last_at.timestamp_millis();
    let mut statement = Statement::new("UPDATE incidents SET updated_at = ");
    statement.bind(now.timestamp_millis());
    statement.push(", last_at = CASE WHEN last_at < ").bind(last).push(" THEN ").bind(last);
    statement.push(" ELSE last_at END WHERE id = ").bind(id.to_string());
    statement.execute(tx).await?;
    link(tx, id, group, texts).await
}

async fn link(tx: &mut Tx, id: Uuid, group: Uuid, texts: &[FeedbackId]) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO incident_groups (incident_id, group_id) VALUES (");
    statement.bind_list([id.to_string(), group.to_string()]).push(") ON CONFLICT DO NOTHING");
    statement.execute(tx).await?;
    for chunk in texts.chunks(CHUNK) {
        let mut statement = Statement::new("INSERT INTO incident_feedback (feedback_id, incident_id) VALUES ");
        for (index, text) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind_list([text.to_string(), id.to_string()]).push(")");
        }
        statement.execute(tx).await?;
    }
    Ok(())
}

/// Moves an incident from one status to another; none if there is no such incident.
///
/// # Errors
/// [`Error::Conflict`] if it isn't `from` any more.
pub async fn change_status(
    tx: &mut Tx,
    id: Uuid,
    from: Status,
    to: Status,
    now: DateTime<Utc>,
) -> Result<Option<Incident>, Error> {
    let mut statement = Statement::new("UPDATE incidents SET status = ");
    statement.bind(to.name()).push(", updated_at = ").bind(now.timestamp_millis());
    statement.push(" WHERE id = ").bind(id.to_string()).push(" AND status = ").bind(from.name());
    let changed = statement.execute(tx).await? > 0;
    let mut select = Statement::new(SELECT);
    select.push(" WHERE id = ").bind(id.to_string());
    match select.optional(tx).await?.as_ref().map(read).transpose()? {
        Some(incident) if !changed => Err(Error::conflict(format!(
            "the incident was {from} when you read it and is {} now; read it again before you change it",
            incident.status
        ))),
        found => Ok(found),
    }
}

fn read(row: &AnyRow) -> Result<Incident, Error> {
    let row = Reader::new("incidents", "id", row);
    Ok(Incident {
        id: row.id("id")?,
        status: row.parsed("status")?,
        started_at: row.time("started_at")?,
        opened_at: row.time("opened_at")?,
        last_at: row.time("last_at")?,
        updated_at: row.time("updated_at")?,
    })
}
