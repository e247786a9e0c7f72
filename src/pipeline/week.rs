//! What changed in the last seven days: volume, feeling, urgency and themes, against the seven before.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::feedback::{Priority, SentimentLabel};
use crate::stores::sql::feedback::{self, Counts, Day, Filter};
use crate::stores::sql::{themes, tickets};
use crate::themes::{Change, Theme, change};
use crate::triage::ticket::Status;

use super::overview::{TicketGlance, with_feedback};

/// How many days are drawn.
const DAYS: i32 = 28;

/// How many themes are told.
const THEMES: usize = 6;

/// The last seven days.
#[derive(Debug)]
pub struct Week {
    /// Which days, to the end of the last on which something was given.
    pub days: Range<DateTime<Utc>>,
    /// The days before, equally many.
    pub before: Range<DateTime<Utc>>,
    /// How much came in.
    pub volume: Moved,
    /// How much of it is unhappy.
    pub negative: Moved,
    /// How much of it is P1.
    pub top_priority: Moved,
    /// Four weeks by day, oldest first, none left out.
    pub series: Vec<Day>,
    /// Open tickets, most urgent first.
    pub urgent: Vec<TicketGlance>,
    /// How many tickets there are.
    pub tickets: tickets::Counts,
    /// Themes that grew, the surest first.
    pub growing: Vec<Grown>,
}

/// A number and what it was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Now.
    pub now: u64,
    /// Before.
    pub before: u64,
    /// Whether chance explains the difference.
    pub change: Change,
}

/// A theme that more people speak of than the week before.
#[derive(Clone, Debug, PartialEq)]
pub struct Grown {
    /// The theme.
    pub theme: Theme,
    /// How many spoke of it.
    pub moved: Moved,
}

/// Gathers it, with at most `urgent` tickets; none if there is no feedback.
///
/// # Errors
/// Those of the database.
pub async fn week(app: &App, offset: FixedOffset, urgent: u32) -> Result<Option<Week>> {
    let Some(last) = feedback::last_collected(&app.db).await? else { return Ok(None) };
    let end = day_start(last.min(app.clock.now()), offset) + TimeDelta::days(1);
    let days = end - TimeDelta::days(7)..end;
    let before = end - TimeDelta::days(14)..end - TimeDelta::days(7);
    let (now, then) = (counts(app, &days).await?, counts(app, &before).await?);
    let open = tickets::Filter { status: Some(Status::Open), ..tickets::Filter::default() };
    let urgent = tickets::page(&app.db, &open, None, urgent).await?.items;
    Ok(Some(Week {
        volume: moved(now.total, then.total),
        negative: {
            let share = |counts: &Counts| (of(&counts.sentiments, SentimentLabel::Negative), counts.analysed);
            Moved { now: share(&now).0, before: share(&then).0, change: change::of_shares(share(&now), share(&then)) }
        },
        top_priority: moved(of(&now.priorities, Priority::P1), of(&then.priorities, Priority::P1)),
        series: series(app, end, offset).await?,
        urgent: with_feedback(app, urgent).await?,
        tickets: tickets::counts(&app.db, app.clock.now()).await?,
        growing: growing(app, &days, &before).await?,
        days,
        before,
    }))
}

/// Midnight before `time` where local time is ahead of UTC by `offset`.
fn day_start(time: DateTime<Utc>, offset: FixedOffset) -> DateTime<Utc> {
    let midnight = time.with_timezone(&offset).date_naive().and_time(NaiveTime::MIN);
    midnight.and_local_timezone(offset).single().map_or(time, |local| local.to_utc())
}

fn within(days: &Range<DateTime<Utc>>) -> Filter {
    Filter { since: Some(days.start), until: Some(days.end), ..Filter::default() }
}

async fn counts(app: &App, days: &Range<DateTime<Utc>>) -> Result<Counts> {
    Ok(feedback::counts(&app.db, &within(days)).await?)
}

fn of<Key: Ord>(counts: &std::collections::BTreeMap<Key, u64>, key: Key) -> u64 {
    counts.get(&key).copied().unwrap_or_default()
}

fn moved(now: u64, before: u64) -> Moved {
    Moved { now, before, change: change::of_counts(now, before) }
}

/// The days before `end`, quiet ones included.
async fn series(app: &App, end: DateTime<Utc>, offset: FixedOffset) -> Result<Vec<Day>> {
    let start = end - TimeDelta::days(i64::from(DAYS));
    let found = feedback::days(&app.db, &within(&(start..end)), offset.local_minus_utc()).await?;
    let mut found = found.into_iter().peekable();
    let all = (0..DAYS).map(|day| start + TimeDelta::days(i64::from(day)));
    let day = |start: DateTime<Utc>| {
        let none = Day { start, sentiments: Default::default(), unread: 0 };
        found.next_if(|day| day.start == start).unwrap_or(none)
    };
    Ok(all.map(day).collect())
}

async fn growing(app: &App, days: &Range<DateTime<Utc>>, before: &Range<DateTime<Utc>>) -> Result<Vec<Grown>> {
    let (now, then) = (by_theme(app, days).await?, by_theme(app, before).await?);
    let themes = themes::list(&app.db).await?.into_iter().filter(|listed| !listed.theme.marks.hidden);
    let mut grown: Vec<Grown> = themes
        .map(|listed| {
            let count = |counts: &HashMap<Uuid, u64>| counts.get(&listed.theme.id).copied().unwrap_or_default();
            Grown { moved: moved(count(&now), count(&then)), theme: listed.theme }
        })
        .filter(|grown| grown.moved.now > grown.moved.before)
        .collect();
    grown.sort_by_key(|grown| {
        let Moved { now, before, change } = grown.moved;
        (change != Change::Rose, std::cmp::Reverse(now - before))
    });
    grown.truncate(THEMES);
    Ok(grown)
}

async fn by_theme(app: &App, days: &Range<DateTime<Utc>>) -> Result<HashMap<Uuid, u64>> {
    let mut counts = HashMap::new();
    for week in feedback::theme_weeks(&app.db, &within(days)).await? {
        *counts.entry(week.theme).or_default() += week.count;
    }
    Ok(counts)
}
