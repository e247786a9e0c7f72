//! On which step of a journey each feedback falls.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::{Db, Error, Reader, Statement, Tx};
use crate::feedback::{CustomerId, FeedbackId, Priority, Rating, SentimentLabel, Touchpoint};
use crate::journeys::{By, Expectation, JourneyId, StepId};
use crate::privacy::Text;
use crate::stores::sql::feedback::{AtStep, Filter};

/// How many rows one statement carries: their values must fit into SQLite's limit of 32 766.
const CHUNK: usize = 500;

/// A feedback that has not been placed on a journey of this version.
#[derive(Clone, Debug)]
pub struct Unplaced {
    /// Its id.
    pub id: FeedbackId,
    /// What the source calls the interaction.
    pub touchpoint: Option<Touchpoint>,
    /// What was written, masked.
    pub text: Text,
}

/// Where a feedback falls.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The feedback.
    pub id: FeedbackId,
    /// The step, what placed it there, and how near it is in meaning; none if it falls on none.
    pub step: Option<(StepId, By, f32)>,
    /// What it shows of its writer's expectations.
    pub expectation: Option<Expectation>,
}

/// A feedback on a step, with what is counted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The feedback.
    pub id: FeedbackId,
    /// The step.
    pub step: StepId,
    /// What placed it there.
    pub by: By,
    /// When it was given.
    pub collected_at: DateTime<Utc>,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// What the source calls the interaction.
    pub touchpoint: Option<Touchpoint>,
    /// How it feels and how strongly, −1 to 1.
    pub sentiment: (SentimentLabel, f64),
    /// How urgent it is.
    pub priority: Priority,
    /// The number given with it.
    pub rating: Option<Rating>,
    /// The theme it belongs to.
    pub theme: Option<Uuid>,
    /// What it shows of its writer's expectations.
    pub expectation: Option<Expectation>,
}

/// Analysed feedback that has no place on this version of the journey yet, oldest first; at most `limit`.
///
/// # Errors
/// As the database says.
pub async fn unplaced(db: &Db, journey: &JourneyId, version: &str, limit: u32) -> Result<Vec<Unplaced>, Error> {
    let mut statement = Statement::new(
        "SELECT f.id, f.touchpoint, f.text FROM feedback f WHERE f.analysed_at IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM journey_records j WHERE j.feedback_id = f.id AND j.journey = ",
    );
    statement.bind(journey.as_str()).push(" AND j.version = ").bind(version);
    statement.push(") ORDER BY f.id LIMIT ").bind(i64::from(limit));
    let read = |row: &AnyRow| {
        let row = Reader::new("feedback", "id", row);
        Ok(Unplaced {
            id: FeedbackId(row.id("id")?),
            touchpoint: touchpoint(&row)?,
            text: Text::stored(row.text("text")?),
        })
    };
    statement.all(db).await?.iter().map(read).collect()
}

/// Keeps where feedback falls on this version of a journey; what has gone meanwhile is left out.
///
/// # Errors
/// As the database says.
pub async fn place(tx: &mut Tx, journey: &JourneyId, version: &str, placed: &[Placed]) -> Result<(), Error> {
    for chunk in placed.chunks(CHUNK) {
        let there = existing(tx, chunk).await?;
        let rows: Vec<&Placed> = chunk.iter().filter(|placed| there.contains(&placed.id)).collect();
        if rows.is_empty() {
            continue;
        }
        let mut statement = Statement::new(
            "INSERT INTO journey_records (journey, feedback_id, version, step, placed_by, nearness, expectation) VALUES ",
        );
        for (index, placed) in rows.into_iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            bind_row(&mut statement, journey, version, placed);
            statement.push(")");
        }
        statement.push(
            " ON CONFLICT (journey, feedback_id) DO UPDATE SET version = excluded.version, step = excluded.step, \
             placed_by = excluded.placed_by, nearness = excluded.nearness, expectation = excluded.expectation",
        );
        statement.execute(tx).await?;
    }
    Ok(())
}

fn bind_row(statement: &mut Statement, journey: &JourneyId, version: &str, placed: &Placed) {
    let step = placed.step.as_ref();
    statement.bind(journey.as_str()).push(", ").bind(placed.id.to_string()).push(", ").bind(version).push(", ");
    statement.bind(step.map(|(step, ..)| step.as_str())).push(", ");
    statement.bind(step.map(|(_, by, _)| by.name())).push(", ");
    statement.bind(step.map_or(0.0, |(.., nearness)| f64::from(*nearness))).push(", ");
    statement.bind(placed.expectation.map(Expectation::name));
}

async fn existing(tx: &mut Tx, placed: &[Placed]) -> Result<HashSet<FeedbackId>, Error> {
    let mut statement = Statement::new("SELECT id FROM feedback WHERE id IN (");
    statement.bind_list(placed.iter().map(|placed| placed.id.to_string())).push(")");
    ids(&statement.rows(tx).await?, "id")
}

/// How many of the feedback that the filter lets through are on a step and on none of a journey, by what placed them.
///
/// # Errors
/// As the database says.
pub async fn count_placed(db: &Db, journey: &JourneyId, filter: &Filter) -> Result<BTreeMap<Option<By>, u64>, Error> {
    let mut statement = Statement::new(
        "SELECT j.placed_by, count(*) AS n FROM journey_records j JOIN feedback f ON f.id = j.feedback_id",
    );
    filter.push(&mut statement);
    statement.push(" AND j.journey = ").bind(journey.as_str()).push(" GROUP BY j.placed_by");
    let read = |row: &AnyRow| {
        let row = Reader::new("journey_records", "placed_by", row);
        Ok((row.optional_parsed("placed_by")?, row.count("n")?))
    };
    statement.all(db).await?.iter().map(read).collect()
}

/// All that the filter lets through and that is on a step of the journey.
///
/// # Errors
/// As the database says.
pub async fn visits(db: &Db, journey: &JourneyId, filter: &Filter) -> Result<Vec<Stop>, Error> {
    let mut statement = Statement::new(
        "SELECT f.id, j.step, j.placed_by, j.expectation, f.collected_at, f.customer, f.touchpoint, f.sentiment, \
         f.sentiment_score, f.priority, f.rating_method, f.rating_value, f.theme_id \
         FROM journey_records j JOIN feedback f ON f.id = j.feedback_id",
    );
    filter.push(&mut statement);
    statement.push(" AND j.step IS NOT NULL AND f.analysed_at IS NOT NULL AND j.journey = ").bind(journey.as_str());
    statement.all(db).await?.iter().map(stop).collect()
}

fn stop(row: &AnyRow) -> Result<Stop, Error> {
    let row = Reader::new("journey_records", "id", row);
    let customer = row.optional_text("customer")?.map(TryInto::try_into).transpose();
    let rating = match row.optional_text("rating_method")? {
        Some(method) => {
            let rating = json!({ "method": method, "value": row.integer("rating_value")? });
            Some(serde_json::from_value(rating).map_err(|error| row.corrupt("rating_value", error))?)
        }
        None => None,
    };
    Ok(Stop {
        id: FeedbackId(row.id("id")?),
        step: row.parsed("step")?,
        by: row.parsed("placed_by")?,
        collected_at: row.time("collected_at")?,
        customer: customer.map_err(|error| row.corrupt("customer", error))?,
        touchpoint: touchpoint(&row)?,
        sentiment: (row.parsed("sentiment")?, row.optional_real("sentiment_score")?.unwrap_or_default()),
        priority: row.parsed("priority")?,
        rating,
        theme: row.optional_id("theme_id")?,
        expectation: row.optional_parsed("expectation")?,
    })
}

fn touchpoint(row: &Reader<'_>) -> Result<Option<Touchpoint>, Error> {
    let touchpoint = row.optional_text("touchpoint")?.map(TryInto::try_into).transpose();
    touchpoint.map_err(|error| row.corrupt("touchpoint", error))
}

/// Which of these feedback are where `at` says.
///
/// # Errors
/// As the database says.
pub async fn on_step(db: &Db, at: &AtStep, among: &[FeedbackId]) -> Result<HashSet<FeedbackId>, Error> {
    let filter = Filter { step: Some(at.clone()), ..Filter::default() };
    let mut found = HashSet::new();
    for chunk in among.chunks(CHUNK) {
        let mut statement = Statement::new("SELECT f.id FROM feedback f");
        filter.push(&mut statement);
        statement.push(" AND f.id IN (").bind_list(chunk.iter().map(ToString::to_string)).push(")");
        found.extend(ids(&statement.all(db).await?, "id")?);
    }
    Ok(found)
}

fn ids(rows: &[AnyRow], column: &str) -> Result<HashSet<FeedbackId>, Error> {
    rows.iter().map(|row| Reader::new("feedback", column, row).id(column).map(FeedbackId)).collect()
}
