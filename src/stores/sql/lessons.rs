//! Lessons: which texts stand for which queue because somebody moved their tickets.

use sqlx::any::AnyRow;

use super::row::Reader;
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::FeedbackId;
use crate::stores::{Cursor, Error, MAX_PAGE, Page};
use crate::triage::Lesson;

const SELECT: &str = "SELECT feedback_id, queue, instead_of, taught_at FROM lessons";

/// How many lessons there are and when the last was taught, in milliseconds: whether they changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// How many.
    pub count: u64,
    /// When the last was taught; 0 if there is none.
    pub last: i64,
}

/// Keeps a lesson in place of what the same text taught before.
///
/// # Errors
/// [`Error::Conflict`] if there is no such feedback.
pub async fn teach(tx: &mut Tx, lesson: &Lesson) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO lessons (feedback_id, queue, instead_of, taught_at) VALUES (");
    statement.bind_list([&lesson.feedback_id.to_string(), &lesson.queue, &lesson.instead_of]);
    statement.push(", ").bind(lesson.taught_at.timestamp_millis());
    statement.push(") ON CONFLICT (feedback_id) DO UPDATE SET queue = excluded.queue, ");
    statement.push("instead_of = excluded.instead_of, taught_at = excluded.taught_at");
    statement.execute(tx).await.map(drop)
}

/// Takes a lesson back; false if the text taught none.
///
/// # Errors
/// As the database says.
pub async fn forget(tx: &mut Tx, id: FeedbackId) -> Result<bool, Error> {
    let mut statement = Statement::new("DELETE FROM lessons WHERE feedback_id = ");
    statement.bind(id.to_string());
    Ok(statement.execute(tx).await? > 0)
}

/// What a text taught.
///
/// # Errors
/// As the database says.
pub async fn of_feedback(db: &Db, id: FeedbackId) -> Result<Option<Lesson>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE feedback_id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

/// A page of lessons, newest first, of one queue or of all.
///
/// # Errors
/// As the database says.
pub async fn page(db: &Db, queue: Option<&str>, after: Option<&Cursor>, limit: u32) -> Result<Page<Lesson>, Error> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE 1 = 1");
    if let Some(queue) = queue {
        statement.push(" AND queue = ").bind(queue);
    }
    if let Some(after) = after {
        statement.push(" AND (taught_at, feedback_id) < (").bind(after.key);
        statement.push(", ").bind(after.id.to_string()).push(")");
    }
    statement.push(" ORDER BY taught_at DESC, feedback_id DESC LIMIT ").bind(i64::from(limit) + 1);
    let lessons = statement.all(db).await?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(lessons, limit, |last: &Lesson| Cursor {
        rank: 0,
        key: last.taught_at.timestamp_millis(),
        id: last.feedback_id.0,
    }))
}

/// How many there are and when the last was taught.
///
/// # Errors
/// As the database says.
pub async fn state(db: &Db) -> Result<State, Error> {
    let mut statement = Statement::new("SELECT 'all' AS name, count(*) AS n, ");
    statement.push("CAST(coalesce(max(taught_at), 0) AS BIGINT) AS last FROM lessons");
    let Some(row) = statement.one(db).await? else { return Ok(State::default()) };
    let row = Reader::new("lessons", "name", &row);
    Ok(State { count: row.count("n")?, last: row.integer("last")? })
}

fn read(row: &AnyRow) -> Result<Lesson, Error> {
    let row = Reader::new("lessons", "feedback_id", row);
    Ok(Lesson {
        feedback_id: FeedbackId(row.id("feedback_id")?),
        queue: row.text("queue")?,
        instead_of: row.text("instead_of")?,
        taught_at: row.time("taught_at")?,
    })
}
