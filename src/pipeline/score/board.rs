//! What the page of scores shows: a period against the one before, and of one method its trend, groups and drivers.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{By, Group, Question, Scores, ThemeDriver, drivers, scores};
use crate::app::App;
use crate::error::Result;
use crate::feedback::RatingMethod;
use crate::scores::Step;
use crate::stores::sql::feedback::{self, Attribute, Filter};

/// How many days are looked at if nobody says which.
const DAYS: i64 = 28;

/// Steps of a trend, finest first, and how many of them are drawn at least.
const STEPS: [(By, Step, usize); 3] =
    [(By::Week, Step::Week, 12), (By::Month, Step::Month, 12), (By::Quarter, Step::Quarter, 8)];

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The method to tell all of; the one with most ratings if none.
    pub method: Option<RatingMethod>,
    /// What its groups are told apart by; not a period.
    pub by: By,
    /// Which feedback; without an end to the last day with feedback, without a beginning four weeks.
    pub filter: Filter,
    /// Local time minus UTC.
    pub offset: FixedOffset,
}

/// The scores of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The period.
    pub days: Range<DateTime<Utc>>,
    /// Each method against the period before, without groups.
    pub methods: Vec<Scores>,
    /// Everything of one of them.
    pub detail: Option<Detail>,
}

/// Everything of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// By group, each against the period before.
    pub scores: Scores,
    /// Over time.
    pub trend: Trend,
    /// What moves it; empty where only some themes are looked at.
    pub drivers: Vec<ThemeDriver>,
}

/// A score over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Weeks; longer steps where most weeks have too few ratings for a score.
    pub step: By,
    /// The steps with ratings, oldest first.
    pub groups: Vec<Group>,
}

/// Gathers it; none if there is no feedback.
///
/// # Errors
/// `Invalid` if the period ends before it begins or the filter chooses by rating; those of the database.
pub async fn board(app: &App, wanted: Wanted) -> Result<Option<Board>> {
    let Wanted { method, by, mut filter, offset } = wanted;
    let Some(days) = period(app, &filter, offset).await? else { return Ok(None) };
    (filter.since, filter.until) = (Some(days.start), Some(days.end));
    let ahead_s = offset.local_minus_utc();
    let question = Question { method: None, by: None, compare: true, filter, ahead_s };
    let methods = scores(app, question.clone()).await?;
    let most = methods.iter().rev().max_by_key(|scores| scores.total.ratings.n()).map(|scores| scores.method);
    let detail = match method.or(most) {
        Some(method) => detail(app, Question { method: Some(method), by: Some(by), ..question }, offset).await?,
        None => None,
    };
    Ok(Some(Board { days, methods, detail }))
}

/// Each method over the four weeks that end with the last feedback, against the four before; none if there is no feedback.
///
/// # Errors
/// Those of the database.
pub async fn recent(app: &App, offset: FixedOffset) -> Result<Vec<Scores>> {
    let Some(days) = period(app, &Filter::default(), offset).await? else { return Ok(Vec::new()) };
    let filter = Filter { since: Some(days.start), until: Some(days.end), ..Filter::default() };
    scores(app, Question { compare: true, filter, ..Question::default() }).await
}

async fn detail(app: &App, question: Question, offset: FixedOffset) -> Result<Option<Detail>> {
    let Some(found) = scores(app, question.clone()).await?.pop() else { return Ok(None) };
    let trend = trend(app, &question, offset).await?;
    let filter = question.filter;
    let of_some = filter.theme.is_some() || filter.not_theme.is_some() || filter.without.contains(&Attribute::Theme);
    let drivers = if of_some { Vec::new() } else { drivers(app, question.method, filter).await? };
    Ok(Some(Detail { scores: found, trend, drivers: drivers.into_iter().flat_map(|each| each.themes).collect() }))
}

/// The finest steps of which at least half have ratings enough for a score; weeks if there are none such.
async fn trend(app: &App, question: &Question, offset: FixedOffset) -> Result<Trend> {
    let mut finest = None;
    for (by, step, count) in STEPS {
        let filter = reaching_back(&question.filter, step, count, offset);
        let question = Question { by: Some(by), compare: false, filter, ..question.clone() };
        let groups = scores(app, question).await?.pop().map(|scores| scores.groups).unwrap_or_default();
        let scored = groups.iter().filter(|group| !group.scores.is_empty()).count();
        if scored > 0 && scored * 2 >= groups.len() {
            return Ok(Trend { step: by, groups });
        }
        finest.get_or_insert(Trend { step: by, groups });
    }
    Ok(finest.unwrap_or(Trend { step: By::Week, groups: Vec::new() }))
}

/// The same filter from at least `count` steps before its end on, from the beginning of a step.
fn reaching_back(filter: &Filter, step: Step, count: usize, offset: FixedOffset) -> Filter {
    let Some(end) = filter.until else { return filter.clone() };
    let last = step.start((end - TimeDelta::milliseconds(1)).with_timezone(&offset).date_naive());
    let first = (1..count).fold(last, |start, _| step.before(start));
    let first = midnight(first, offset).map(|first| filter.since.map_or(first, |since| since.min(first)));
    Filter { since: first.or(filter.since), ..filter.clone() }
}

/// The filter's period; without an end it lasts to the end of the last day that has feedback, without a beginning four weeks.
async fn period(app: &App, filter: &Filter, offset: FixedOffset) -> Result<Option<Range<DateTime<Utc>>>> {
    let Some(last) = feedback::last_collected(&app.db).await? else { return Ok(None) };
    let today = last.min(app.clock.now()).with_timezone(&offset).date_naive();
    let open = midnight(today, offset).unwrap_or(last) + TimeDelta::days(1);
    let end = filter.until.unwrap_or(open);
    Ok(Some(filter.since.unwrap_or(end - TimeDelta::days(DAYS))..end))
}

fn midnight(day: NaiveDate, offset: FixedOffset) -> Option<DateTime<Utc>> {
    day.and_time(NaiveTime::MIN).and_local_timezone(offset).single().map(|local| local.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_begins_with_a_whole_step_and_holds_the_period() {
        let offset = FixedOffset::east_opt(3 * 3_600).expect("an offset");
        let time = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let filter = |since: &str| Filter {
            since: Some(time(since)),
            until: Some(time("2026-11-15T21:00:00Z")),
            ..Filter::default()
        };
        for (since, step, count, expected) in [
            ("2026-10-18T21:00:00Z", Step::Week, 12, "2026-08-23T21:00:00Z"),
            ("2026-10-18T21:00:00Z", Step::Month, 3, "2026-08-31T21:00:00Z"),
            ("2026-10-18T21:00:00Z", Step::Quarter, 2, "2026-06-30T21:00:00Z"),
            ("2020-01-01T00:00:00Z", Step::Week, 12, "2020-01-01T00:00:00Z"),
        ] {
            assert_eq!(reaching_back(&filter(since), step, count, offset).since, Some(time(expected)), "{step}");
        }
    }
}
