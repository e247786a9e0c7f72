//! Ratings: how many gave which, by what is known of them, and those that their texts contradict.

use chrono::{DateTime, NaiveDate};
use serde_json::json;

use super::{Db, Filter, Reader, SELECT, Statement, newest_first};
use crate::feedback::{Feedback, Rating, SentimentLabel};
use crate::scores::{Clash, STRONG};
use crate::stores::{Cursor, Error, Page};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What ratings are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Where they came in.
    Channel,
    /// Direct, indirect or inferred.
    SourceKind,
    /// The system that they came from.
    Source,
    /// Which interaction they are about.
    Touchpoint,
    /// The customers' segment.
    Segment,
    /// What their texts are written in.
    Language,
    /// The theme of their texts.
    Theme,
    /// The day on which they were given, where local time is so many seconds ahead of UTC.
    Day {
        /// Local time minus UTC.
        ahead_s: i32,
    },
}

/// Ratings of one number from one group, whose texts feel the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// The number, and how it was asked for.
    pub rating: Rating,
    /// The group's name in the API: a channel, an id of a theme, a day like 2026-03-02; none if they lack it.
    pub key: Option<String>,
    /// How the texts feel; none if they aren't analysed.
    pub sentiment: Option<SentimentLabel>,
    /// How many there are.
    pub count: u64,
}

/// Counts the ratings that the filter lets through, by a column or as a whole.
///
/// # Errors
/// As the database says.
pub async fn ratings(db: &Db, filter: &Filter, by: Option<Column>) -> Result<Vec<Rated>, Error> {
    let mut statement = Statement::new("SELECT f.rating_method, f.rating_value, f.sentiment, ");
    statement.push(&key(by)).push(" AS key, count(*) AS n FROM feedback f");
    filter.push(&mut statement);
    statement.push(" AND f.rating_method IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4");
    let rows = statement.all(db).await?;
    rows.iter()
        .map(|row| {
            let row = Reader::new("feedback", "rating_method", row);
            let rating = json!({ "method": row.text("rating_method")?, "value": row.integer("rating_value")? });
            let key = row.optional_text("key")?;
            Ok(Rated {
                rating: serde_json::from_value(rating).map_err(|error| row.corrupt("rating_value", error))?,
                sentiment: row.optional_parsed("sentiment")?,
                count: row.count("n")?,
                key: match by {
                    Some(Column::Day { .. }) => key.and_then(|day| date(&day)).map(|day| day.to_string()),
                    Some(_) => key,
                    None => None,
                },
            })
        })
        .collect()
}

/// The expression that tells groups apart, as text.
fn key(by: Option<Column>) -> String {
    match by {
        None => "''".to_owned(),
        Some(Column::Channel) => "f.channel".to_owned(),
        Some(Column::SourceKind) => "f.source_kind".to_owned(),
        Some(Column::Source) => "f.source".to_owned(),
        Some(Column::Touchpoint) => "f.touchpoint".to_owned(),
        Some(Column::Segment) => "f.segment".to_owned(),
        Some(Column::Language) => "f.language".to_owned(),
        Some(Column::Theme) => "f.theme_id".to_owned(),
        Some(Column::Day { ahead_s }) => {
            format!("CAST((f.collected_at + {}) / {DAY_MS} AS TEXT)", i64::from(ahead_s) * 1000)
        }
    }
}

/// The day that is so many after 1970-01-01.
fn date(days: &str) -> Option<NaiveDate> {
    let time = DateTime::from_timestamp_millis(days.parse::<i64>().ok()? * DAY_MS)?;
    Some(time.date_naive())
}

/// A page of the feedback whose text contradicts its rating, last received first.
///
/// # Errors
/// As the database says.
pub async fn contradicting(
    db: &Db,
    filter: &Filter,
    clashes: &[Clash],
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page<Feedback>, Error> {
    let mut statement = Statement::new(SELECT);
    filter.push(&mut statement);
    push(&mut statement, clashes);
    newest_first(db, statement, after, limit).await
}

/// How many there are of those.
///
/// # Errors
/// As the database says.
pub async fn count_contradicting(db: &Db, filter: &Filter, clashes: &[Clash]) -> Result<u64, Error> {
    let mut statement = Statement::new("SELECT 'all' AS name, count(*) AS n FROM feedback f");
    filter.push(&mut statement);
    push(&mut statement, clashes);
    let row = statement.one(db).await?;
    row.map_or(Ok(0), |row| Reader::new("feedback", "name", &row).count("n"))
}

/// Adds that one of these contradictions is there.
fn push(statement: &mut Statement, clashes: &[Clash]) {
    statement.push(" AND (1 = 0");
    for clash in clashes {
        statement.push(" OR (f.rating_method = ").bind(clash.method.name());
        statement.push(" AND f.rating_value >= ").bind(i64::from(clash.ratings.low));
        statement.push(" AND f.rating_value <= ").bind(i64::from(clash.ratings.high));
        statement.push(" AND f.sentiment = ").bind(clash.sentiment.name());
        statement.push(" AND abs(f.sentiment_score) >= ").bind(f64::from(STRONG)).push(")");
    }
    statement.push(")");
}
