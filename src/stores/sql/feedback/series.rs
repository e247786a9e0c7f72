//! How feedback comes in over time.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::counts::{parsed, week, week_start};
use super::{Db, Filter, Reader, Statement};
use crate::feedback::SentimentLabel;
use crate::stores::Error;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What was given on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its first moment.
    pub start: DateTime<Utc>,
    /// How much, by how it feels.
    pub sentiments: BTreeMap<SentimentLabel, u64>,
    /// How much was not analysed yet.
    pub unread: u64,
}

impl Day {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.sentiments.values().sum::<u64>() + self.unread
    }
}

/// What came in about one theme in one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThemeWeek {
    /// Which theme.
    pub theme: Uuid,
    /// The week's first moment, a Monday, UTC.
    pub start: DateTime<Utc>,
    /// How much.
    pub count: u64,
    /// How much of it is unhappy.
    pub negative: u64,
}

/// Counts what the filter lets through by day and feeling, oldest first; days without any are left out.
///
/// A day begins at midnight where local time is `offset_s` seconds ahead of UTC.
///
/// # Errors
/// As the database says.
pub async fn days(db: &Db, filter: &Filter, offset_s: i32) -> Result<Vec<Day>, Error> {
    let offset_ms = i64::from(offset_s) * 1000;
    // The numbers are written into the text, because PostgreSQL must see the same expression in both places.
    let day = format!("(f.collected_at + {offset_ms}) / {DAY_MS}");
    let mut statement = Statement::new("SELECT 'day' AS name, ");
    statement.push(&day).push(" AS day, f.sentiment AS sentiment, count(*) AS n FROM feedback f");
    filter.push(&mut statement);
    statement.push(" GROUP BY ").push(&day).push(", f.sentiment ORDER BY 2");
    let mut days: Vec<Day> = Vec::new();
    for row in &statement.all(db).await? {
        let row = Reader::new("feedback", "name", row);
        let start = DateTime::from_timestamp_millis(row.integer("day")? * DAY_MS - offset_ms);
        let start = start.ok_or_else(|| row.corrupt("collected_at", "no such day"))?;
        if days.last().is_none_or(|last| last.start != start) {
            days.push(Day { start, sentiments: BTreeMap::new(), unread: 0 });
        }
        let Some(day) = days.last_mut() else { continue };
        match row.optional_text("sentiment")? {
            Some(name) => {
                day.sentiments.insert(parsed("sentiment", &name)?, row.count("n")?);
            }
            None => day.unread = row.count("n")?,
        }
    }
    Ok(days)
}

/// Counts what the filter lets through by theme and week, oldest first; what belongs to no theme is left out.
///
/// # Errors
/// As the database says.
pub async fn theme_weeks(db: &Db, filter: &Filter) -> Result<Vec<ThemeWeek>, Error> {
    let by = week();
    let mut statement = Statement::new("SELECT f.theme_id AS theme_id, ");
    statement.push(&by).push(
        " AS week, count(*) AS n, \
         CAST(sum(CASE WHEN f.sentiment = 'negative' THEN 1 ELSE 0 END) AS BIGINT) AS negative FROM feedback f",
    );
    filter.push(&mut statement);
    statement.push(" AND f.theme_id IS NOT NULL GROUP BY f.theme_id, ").push(&by).push(" ORDER BY 2, 1");
    let rows = statement.all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Reader::new("feedback", "theme_id", row);
            Ok(ThemeWeek {
                theme: row.id("theme_id")?,
                start: week_start(&row)?,
                count: row.count("n")?,
                negative: row.count("negative")?,
            })
        })
        .collect()
}

/// When the last feedback was given; none if there is none.
///
/// # Errors
/// As the database says.
pub async fn last_collected(db: &Db) -> Result<Option<DateTime<Utc>>, Error> {
    let statement = Statement::new("SELECT 'last' AS name, max(collected_at) AS last FROM feedback");
    let Some(row) = statement.one(db).await? else { return Ok(None) };
    Reader::new("feedback", "name", &row).optional_time("last")
}
