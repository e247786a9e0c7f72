//! What corrections teach routing: kept, shown, taken back, and known to every process soon after.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;

use crate::access::{Action, Actor};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::FeedbackId;
use crate::stores::sql::{Tx, feedback, lessons};
use crate::stores::{Cursor, MAX_PAGE, Page};
use crate::triage::ticket::Ticket;
use crate::triage::{Lesson, Lessons};

use super::audit;

/// The newest lessons that are read; beyond that a team should describe its queues better.
const MOST_READ: usize = 5_000;

/// Lessons, newest first, of one queue or of all.
///
/// # Errors
/// Those of the database.
pub async fn list_lessons(
    app: &App,
    queue: Option<String>,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Lesson>> {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    Ok(lessons::page(&app.db, queue.as_deref(), after.as_ref(), limit).await?)
}

/// What a feedback taught, if anything.
///
/// # Errors
/// Those of the database.
pub async fn lesson_of(app: &App, id: FeedbackId) -> Result<Option<Lesson>> {
    Ok(lessons::of_feedback(&app.db, id).await?)
}

/// Takes a lesson back in the name of `by`; the ticket stays where it is.
///
/// # Errors
/// `NotFound` if the feedback taught none, or those of the stores.
pub async fn forget_lesson(app: &App, by: &Actor, id: FeedbackId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    if !lessons::forget(&mut tx, id).await? {
        return Err(Error::not_found("lesson", id.0));
    }
    let subject = ("feedback", id.to_string());
    audit::record(&mut tx, &app.clock, by, Action::LessonForgotten, Some((subject.0, &subject.1)), json!({})).await?;
    tx.commit().await?;
    learn_soon(app).await;
    Ok(())
}

/// Keeps what it teaches that a ticket was moved to `queue`: that its text belongs there.
///
/// Moved to where the model had sent it, or to the human queue, it teaches nothing, and what it taught before is taken back.
pub(super) async fn teach(tx: &mut Tx, app: &App, ticket: &Ticket) -> Result<()> {
    let record = feedback::get(&app.db, ticket.feedback_id).await?;
    let sent = record.and_then(|record| record.analysis).map(|analysis| analysis.route.queue).unwrap_or_default();
    if ticket.queue == sent || ticket.queue == app.rules.settings.routing.human_queue {
        lessons::forget(tx, ticket.feedback_id).await?;
        return Ok(());
    }
    let lesson = Lesson {
        feedback_id: ticket.feedback_id,
        queue: ticket.queue.clone(),
        instead_of: sent,
        taught_at: app.clock.now(),
    };
    Ok(lessons::teach(tx, &lesson).await?)
}

/// Learns at once if it can; what was decided stands even if it can't, and is learned within half a minute.
pub(super) async fn learn_soon(app: &App) {
    if let Err(error) = learn(app).await {
        tracing::warn!(error = %error, "lessons could not be read; trying again soon");
    }
}

/// Reads the lessons anew if they changed, with the places of their texts; each process does so now and then.
///
/// # Errors
/// Those of the stores.
pub async fn learn(app: &App) -> Result<()> {
    let state = lessons::state(&app.db).await?;
    if app.lessons.state() == state {
        return Ok(());
    }
    let newest = newest(app).await?;
    let ids: Vec<Uuid> = newest.iter().map(|lesson| lesson.feedback_id.0).collect();
    let points = app.vectors.get(&ids).await?;
    let mut places: BTreeMap<Uuid, Vec<f32>> = points.into_iter().map(|point| (point.id, point.vector)).collect();
    let mut learned = Lessons::default();
    for lesson in &newest {
        if let Some(place) = places.remove(&lesson.feedback_id.0) {
            learned.add(&lesson.queue, place);
        }
    }
    app.lessons.set(state, learned);
    Ok(())
}

async fn newest(app: &App) -> Result<Vec<Lesson>> {
    let (mut newest, mut after) = (Vec::new(), None);
    loop {
        let page = lessons::page(&app.db, None, after.as_ref(), MAX_PAGE).await?;
        newest.extend(page.items);
        after = page.next;
        if after.is_none() || newest.len() >= MOST_READ {
            return Ok(newest);
        }
    }
}
