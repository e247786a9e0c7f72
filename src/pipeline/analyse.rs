//! Understands stored feedback: read once, rules, vector, then one transaction for the rest.

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::feedback::{Analysis, Feedback, FeedbackId, SentimentLabel, Understanding};
use crate::privacy::Text;
use crate::stores::sql::jobs::{self, Job};
use crate::stores::sql::{Tx, feedback, mentions as mention_rows, pieces, tickets};
use crate::stores::vectors::{Payload, Point};
use crate::themes::edits::Record;
use crate::themes::{self, Membership, Mention, Piece, Present};
use crate::triage::{self, ticket::Ticket};

use super::incident::watch;
use super::jobs::feedback_of;
use super::mentions;

/// Analyses the feedback of `claimed` jobs and completes them.
///
/// Runs twice without harm: vectors are written under the feedback's own id,
/// and rows only for the jobs whose lease still holds.
///
/// # Errors
/// Those of the engine and the stores; then the jobs stay claimed, for the worker to give back.
pub async fn analyse(app: &App, claimed: &[Job]) -> Result<()> {
    let ids = claimed.iter().map(feedback_of).collect::<Result<Vec<FeedbackId>>>()?;
    let items = feedback::get_many(&app.db, &ids).await?;
    let texts: Vec<Text> = items.iter().map(|item| item.text.clone()).collect();
    let understood = app.reader.understand(texts).await?;
    let read: Vec<_> = items.iter().map(|item| &item.text).zip(&understood).collect();
    let pieces = mentions::pieces_of(app, &read).await?;
    app.vectors.upsert(items.iter().zip(&understood).map(point).collect()).await?;

    let current = app.themes.get();
    let results: Vec<Found> =
        items.iter().zip(&understood).zip(pieces).map(|(read, pieces)| find(app, &current, read, pieces)).collect();
    let mut tx = app.db.begin().await?;
    let held = jobs::complete(&mut tx, claimed).await?;
    let ours: HashSet<FeedbackId> =
        claimed.iter().zip(&ids).filter(|(job, _)| held.contains(&job.id)).map(|(_, id)| *id).collect();
    let mut rising = BTreeSet::new();
    for found in results.iter().filter(|found| ours.contains(&found.membership.feedback_id)) {
        save(&mut tx, app, found).await?;
        rising.extend(found.rising);
    }
    watch(&mut tx, app, &rising).await?;
    tx.commit().await?;
    metrics::counter!("sada_feedback_analysed_total").increment(ours.len() as u64);
    Ok(())
}

/// What is to be written of one feedback.
struct Found {
    analysis: Analysis,
    membership: Membership,
    pieces: Vec<Piece>,
    mentions: Vec<Mention>,
    ticket: Option<Ticket>,
    /// The group in which it may be part of an incident: it is fresh, and not positive.
    rising: Option<Uuid>,
}

fn point((item, understanding): (&Feedback, &Understanding)) -> Point {
    Point {
        id: item.id.0,
        vector: understanding.place.clone(),
        payload: Payload {
            collected_at: item.origin.collected_at,
            language: understanding.language.clone(),
            channel: item.origin.channel,
        },
    }
}

/// Applies the rules to what was read; pure but for the clock's time.
fn find(app: &App, current: &Present, (item, understanding): (&Feedback, &Understanding), pieces: Vec<Piece>) -> Found {
    let analysis = triage::assess(&item.text, understanding, &app.rules, &app.lessons.get());
    let touchpoint = item.origin.touchpoint.as_ref();
    let assigned = themes::assign(&understanding.place, touchpoint, &current.groups, &app.grouping);
    let group_id = assigned.and_then(|assigned| assigned.theme);
    let record = Record { id: Some(item.id), group: group_id, vector: Some(&understanding.place) };
    let membership = Membership {
        feedback_id: item.id,
        group_id,
        theme_id: current.plan.home(&record),
        sub_theme: None,
        nearest: assigned.map(|assigned| assigned.nearest),
        similarity: assigned.map_or(0.0, |assigned| assigned.similarity),
    };
    let mentions = themes::mentions(&pieces, &mentions::whole(&membership, touchpoint), current, &app.grouping);
    let ticket = triage::wants_ticket(analysis.urgency.priority, &app.rules.settings.tickets)
        .then(|| open(app, item, &analysis));
    let unhappy = analysis.sentiment.label != SentimentLabel::Positive;
    let fresh = app.clock.now() - item.origin.collected_at <= themes::LATELY;
    let rising = membership.nearest.filter(|_| unhappy && fresh);
    Found { analysis, membership, pieces, mentions, ticket, rising }
}

/// The ticket that a feedback opens, under the feedback's own id so that a second run opens no second one.
fn open(app: &App, item: &Feedback, analysis: &Analysis) -> Ticket {
    let now = app.clock.now();
    let due = triage::due(analysis.urgency.priority, item.received_at, &app.rules.settings.due);
    Ticket {
        id: item.id.0,
        feedback_id: item.id,
        attached: Vec::new(),
        customer: item.origin.customer.clone(),
        priority: analysis.urgency.priority,
        queue: analysis.route.queue.clone(),
        triggers: analysis.urgency.triggers.clone(),
        status: triage::ticket::Status::Open,
        first_reply_due: due.first_reply,
        resolution_due: due.resolution,
        created_at: now,
        updated_at: now,
        incident: None,
    }
}

async fn save(tx: &mut Tx, app: &App, found: &Found) -> Result<()> {
    let id = found.membership.feedback_id;
    feedback::save_analysis(tx, id, &found.analysis, app.clock.now()).await?;
    feedback::set_themes(tx, std::slice::from_ref(&found.membership)).await?;
    pieces::save(tx, id, &found.pieces).await?;
    mention_rows::save(tx, &[(id, found.mentions.clone())]).await?;
    if let Some(ticket) = &found.ticket {
        tickets::open_or_attach(tx, ticket).await?;
    }
    Ok(())
}
