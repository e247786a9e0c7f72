//! How much of what there is.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::{Db, Filter, Reader, Statement};
use crate::feedback::{Language, Priority, SentimentLabel};
use crate::stores::Error;

const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// From a Monday, 1969-12-29, to 1970-01-01, a Thursday.
const MONDAY_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// How much feedback there is, by what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of it.
    pub total: u64,
    /// What was analysed.
    pub analysed: u64,
    /// What belongs to a theme.
    pub themed: u64,
    /// By how it feels.
    pub sentiments: BTreeMap<SentimentLabel, u64>,
    /// By how urgent it is.
    pub priorities: BTreeMap<Priority, u64>,
    /// By what it is written in.
    pub languages: BTreeMap<Language, u64>,
    /// By week, oldest first; weeks without any are left out.
    pub weeks: Vec<Week>,
}

/// How much feedback was given in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its first moment, a Monday, UTC.
    pub start: DateTime<Utc>,
    /// How many.
    pub count: u64,
}

/// Counts what the filter lets through.
///
/// # Errors
/// As the database says.
pub async fn counts(db: &Db, filter: &Filter) -> Result<Counts, Error> {
    let mut counts = totals(db, filter).await?;
    for (name, count) in by_column(db, filter, "f.sentiment", "sentiment").await? {
        counts.sentiments.insert(parsed("sentiment", &name)?, count);
    }
    for (name, count) in by_column(db, filter, "f.priority", "priority").await? {
        counts.priorities.insert(parsed("priority", &name)?, count);
    }
    for (name, count) in by_column(db, filter, "f.language", "language").await? {
        counts.languages.insert(Language::new(&name), count);
    }
    counts.weeks = weeks(db, filter).await?;
    Ok(counts)
}

async fn totals(db: &Db, filter: &Filter) -> Result<Counts, Error> {
    let mut statement = Statement::new(
        "SELECT 'all' AS name, count(*) AS total, count(f.analysed_at) AS analysed, count(f.theme_id) AS themed \
         FROM feedback f",
    );
    filter.push(&mut statement);
    let Some(row) = statement.one(db).await? else { return Ok(Counts::default()) };
    let row = Reader::new("feedback", "name", &row);
    Ok(Counts {
        total: row.count("total")?,
        analysed: row.count("analysed")?,
        themed: row.count("themed")?,
        ..Counts::default()
    })
}

async fn by_column(db: &Db, filter: &Filter, column: &str, name: &str) -> Result<Vec<(String, u64)>, Error> {
    let mut statement = Statement::new("SELECT ");
    statement.push(column).push(" AS ").push(name).push(", count(*) AS n FROM feedback f");
    filter.push(&mut statement);
    statement.push(" AND ").push(column).push(" IS NOT NULL GROUP BY ").push(column);
    let rows = statement.all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Reader::new("feedback", name, row);
            Ok((row.text(name)?, row.count("n")?))
        })
        .collect()
}

async fn weeks(db: &Db, filter: &Filter) -> Result<Vec<Week>, Error> {
    let week = week();
    let mut statement = Statement::new("SELECT 'week' AS name, ");
    statement.push(&week).push(" AS week, count(*) AS n FROM feedback f");
    filter.push(&mut statement);
    statement.push(" GROUP BY ").push(&week).push(" ORDER BY 2");
    let rows = statement.all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Reader::new("feedback", "name", row);
            Ok(Week { start: week_start(&row)?, count: row.count("n")? })
        })
        .collect()
}

/// The week of a row of `feedback f`, as a number.
///
/// The numbers are written into the text, because PostgreSQL must see the same expression wherever it stands.
pub(super) fn week() -> String {
    format!("(f.collected_at + {MONDAY_MS}) / {WEEK_MS}")
}

/// The first moment of the week in the column `week`.
pub(super) fn week_start(row: &Reader<'_>) -> Result<DateTime<Utc>, Error> {
    let start = DateTime::from_timestamp_millis(row.integer("week")? * WEEK_MS - MONDAY_MS);
    start.ok_or_else(|| row.corrupt("collected_at", "no such week"))
}

pub(super) fn parsed<Value: FromStr<Err: std::fmt::Display>>(column: &'static str, name: &str) -> Result<Value, Error> {
    name.parse().map_err(|error: Value::Err| Error::Corrupt {
        table: "feedback",
        column: column.to_owned(),
        row: name.to_owned(),
        message: error.to_string(),
    })
}
