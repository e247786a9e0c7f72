//! What an incident comes to: how many texts, whose, where from, and when.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Db, Reader, SELECT, Statement, read};
use crate::feedback::{Channel, FeedbackId, SentimentLabel};
use crate::stores::{Cursor, Error, MAX_PAGE, Page};
use crate::triage::incident::{Incident, Status};

/// Ten minutes in milliseconds.
const TEN_MINUTES: i64 = 10 * 60 * 1000;

/// Whom an incident touched, as far as its texts are still there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// How many texts it has.
    pub feedback: u64,
    /// How many customers wrote them.
    pub customers: u64,
    /// How many texts come from nobody knows whom.
    pub without_customer: u64,
    /// Where they came in.
    pub channels: BTreeMap<Channel, u64>,
    /// The theme that most of them belong to now, if they belong to any.
    pub theme: Option<Uuid>,
}

/// What was given in ten minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its first moment.
    pub start: DateTime<Utc>,
    /// How many texts.
    pub count: u64,
    /// How many of them are negative.
    pub negative: u64,
}

/// One incident.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: Uuid) -> Result<Option<Incident>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// A page of incidents, last noticed first, of one status or of any.
///
/// # Errors
/// As the database says.
pub async fn page(
    db: &Db,
    status: Option<Status>,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page<Incident>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE 1 = 1");
    if let Some(status) = status {
        statement.push(" AND status = ").bind(status.name());
    }
    if let Some(after) = after {
        statement.push(" AND (opened_at, id) < (").bind(after.key);
        statement.push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY opened_at DESC, id DESC LIMIT ").bind(i64::from(limit) + 1);
    let incidents = statement.all(db).await?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(incidents, limit, |last: &Incident| Cursor {
        rank: 0,
        key: last.opened_at.timestamp_millis(),
        id: last.id,
    }))
}

/// Whom each of these incidents touched.
///
/// # Errors
/// As the database says.
pub async fn touched(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Touched>, Error> {
    let mut all: HashMap<Uuid, Touched> = ids.iter().map(|id| (*id, Touched::default())).collect();
    if ids.is_empty() {
        return Ok(all);
    }
    for row in &of(ids, "count(*) AS n, count(f.customer) AS known, count(DISTINCT f.customer) AS customers", None)
        .all(db)
        .await?
    {
        let row = Reader::new("incidents", "incident_id", row);
        let touched = all.entry(row.id("incident_id")?).or_default();
        (touched.feedback, touched.customers) = (row.count("n")?, row.count("customers")?);
        touched.without_customer = touched.feedback.saturating_sub(row.count("known")?);
    }
    for row in &of(ids, "count(*) AS n", Some("channel")).all(db).await? {
        let row = Reader::new("incidents", "incident_id", row);
        let touched = all.entry(row.id("incident_id")?).or_default();
        touched.channels.insert(row.parsed("channel")?, row.count("n")?);
    }
    for row in &of(ids, "count(*) AS n", Some("theme_id")).all(db).await? {
        let row = Reader::new("incidents", "incident_id", row);
        let touched = all.entry(row.id("incident_id")?).or_default();
        // the largest comes first
        touched.theme = touched.theme.or(row.optional_id("theme_id")?);
    }
    Ok(all)
}

/// Counts the texts of incidents, by a column if one is named: the largest counts first.
fn of(ids: &[Uuid], counts: &str, column: Option<&str>) -> Statement {
    let mut statement = Statement::new("SELECT m.incident_id, ");
    if let Some(column) = column {
        statement.push("f.").push(column).push(", ");
    }
    statement.push(counts).push(" FROM incident_feedback m JOIN feedback f ON f.id = m.feedback_id");
    statement.push(" WHERE m.incident_id IN (").bind_list(ids.iter().map(ToString::to_string)).push(")");
    statement.push(" GROUP BY m.incident_id");
    if let Some(column) = column {
        statement.push(", f.").push(column);
    }
    statement.push(" ORDER BY n DESC, 1");
    if column.is_some() {
        statement.push(", 2");
    }
    statement
}

/// When an incident's texts were given, by ten minutes, oldest first; stretches without any are left out.
///
/// # Errors
/// As the database says.
pub async fn ten_minutes(db: &Db, id: Uuid) -> Result<Vec<Stretch>, Error> {
    // The number is written into the text, because PostgreSQL must see the same expression in both places.
    let stretch = format!("f.collected_at / {TEN_MINUTES}");
    let mut statement = Statement::new("SELECT 'stretch' AS name, ");
    statement.push(&stretch).push(" AS stretch, count(*) AS n, CAST(sum(CASE WHEN f.sentiment = ");
    statement.bind(SentimentLabel::Negative.name());
    statement.push(
        " THEN 1 ELSE 0 END) AS BIGINT) AS negative FROM incident_feedback m \
         JOIN feedback f ON f.id = m.feedback_id WHERE m.incident_id = ",
    );
    statement.bind(id.to_string()).push(" GROUP BY ").push(&stretch).push(" ORDER BY 2");
    let one = |row| {
        let row = Reader::new("feedback", "name", row);
        let start = DateTime::from_timestamp_millis(row.integer("stretch")? * TEN_MINUTES);
        let start = start.ok_or_else(|| row.corrupt("collected_at", "no such time"))?;
        Ok(Stretch { start, count: row.count("n")?, negative: row.count("negative")? })
    };
    statement.all(db).await?.iter().map(one).collect()
}

/// Which feedback are in an incident.
///
/// # Errors
/// As the database says.
pub async fn members(db: &Db, id: Uuid) -> Result<BTreeSet<FeedbackId>, Error> {
    let mut statement = Statement::new("SELECT feedback_id FROM incident_feedback WHERE incident_id = ");
    statement.bind(id.to_string());
    let one = |row| Ok(FeedbackId(Reader::new("incident_feedback", "feedback_id", row).id("feedback_id")?));
    statement.all(db).await?.iter().map(one).collect()
}
