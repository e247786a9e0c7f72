//! Scores ratings: as a whole, by group or period, against the period before; with what moves them and what contradicts them.
//!
//! Every number here comes with the filter that finds its records.

mod board;
mod by;
mod disagreements;
mod drivers;
mod tally;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta};

pub use self::board::{Board, Detail, Trend, Wanted, board, recent};
pub use self::by::By;
pub use self::disagreements::{Contradiction, disagreements};
pub use self::drivers::{Drivers, ThemeDriver, drivers};
use self::tally::{Counted, Tally, counted, date, take, titles};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::{Language, RatingMethod, SentimentLabel};
use crate::scores::{self, Clash, Difference, Measure, Ratings, Score, Step, beginning_before, corrected};
use crate::stores::sql::feedback::{self, Filter};

/// More groups than this are not shown: the oldest periods and the smallest of other groups are left out.
const MAX_GROUPS: usize = 500;

/// What scores are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// Ratings of this method; of each by itself if none.
    pub method: Option<RatingMethod>,
    /// Told apart by this, besides the total.
    pub by: Option<By>,
    /// Against the period before: as long as the filter's, which must say since when; periods against the one before each.
    pub compare: bool,
    /// Which feedback; it must not choose by rating.
    pub filter: Filter,
    /// How many seconds local time is ahead of UTC: days, weeks, months and quarters are local ones.
    pub ahead_s: i32,
}

/// The scores of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// How the ratings were asked for.
    pub method: RatingMethod,
    /// All of them.
    pub total: Group,
    /// By what was asked for: periods in order, other groups with the most ratings first.
    pub groups: Vec<Group>,
    /// How many groups are not shown because there are too many: the oldest periods, the smallest of others.
    pub groups_left_out: usize,
    /// How many of all are contradicted by their text; [`disagreements`] lists them.
    pub disagreements: u64,
}

/// Ratings of one method that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The group's name in the API: a channel, a theme's id, a period like `2026-W10`; none for what lacks it, and for all.
    pub key: Option<String>,
    /// A theme's titles; empty for other groups.
    pub titles: BTreeMap<Language, String>,
    /// How many gave which number.
    pub ratings: Ratings,
    /// What the method makes of them, the main measure first; empty below [`scores::MIN_N`] ratings.
    pub scores: Vec<Score>,
    /// How the texts that came with them feel; those not analysed yet are left out.
    pub sentiments: BTreeMap<SentimentLabel, u64>,
    /// The period before, if that was asked for and there is one.
    pub before: Option<Before>,
    /// Finds these records.
    pub filter: Filter,
}

/// The same group in the period before.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// How many gave which number then.
    pub ratings: Ratings,
    /// What the method makes of them.
    pub scores: Vec<Score>,
    /// How much the main measure has risen since; none if either period has too few ratings.
    ///
    /// Its p value is adjusted for all groups that are shown.
    pub difference: Option<Difference>,
    /// Finds the records of then.
    pub filter: Filter,
}

/// The scores that are asked for, one for each method that has ratings.
///
/// # Errors
/// `Invalid` if the filter chooses by rating, or a comparison has no beginning; those of the database.
pub async fn scores(app: &App, question: Question) -> Result<Vec<Scores>> {
    let Question { method, by, compare, filter, ahead_s } = question;
    let mut filter = of_method(method, filter)?;
    let earlier = if compare { earlier(app, by, &mut filter)? } else { None };
    let mut now = counted(app, &filter, None, 0).await?;
    let mut before = match &earlier {
        Some(earlier) => counted(app, earlier, None, 0).await?,
        None => Counted::default(),
    };
    let mut groups = match by {
        Some(by) => grouped(app, (by, ahead_s), &filter, earlier.as_ref(), compare).await?,
        None => BTreeMap::new(),
    };
    let mut answers = Vec::new();
    for method in RatingMethod::ALL.iter().copied() {
        if !now.contains_key(&method) && !before.contains_key(&method) {
            continue;
        }
        let of = |filter: &Filter| Filter { rating_method: Some(method), ..filter.clone() };
        let then = earlier.as_ref().map(|earlier| (whole(&mut before, method), of(earlier)));
        let clashes: Vec<Clash> = Clash::of(&[method]).collect();
        let (groups, groups_left_out) = shown(by, groups.remove(&method).unwrap_or_default());
        answers.push(Scores {
            method,
            disagreements: feedback::count_contradicting(&app.db, &of(&filter), &clashes).await?,
            total: Group::new(None, whole(&mut now, method), of(&filter), then),
            groups: with_corrected(groups),
            groups_left_out,
        });
    }
    Ok(answers)
}

/// The one tally of a method that is not told apart by anything.
fn whole(counted: &mut Counted, method: RatingMethod) -> Tally {
    take(counted, method).into_values().next().unwrap_or_else(|| Tally::none(method))
}

/// The groups that are shown, and how many are not.
fn shown(by: Option<By>, mut groups: Vec<Group>) -> (Vec<Group>, usize) {
    let left_out = groups.len().saturating_sub(MAX_GROUPS);
    match by.and_then(By::step) {
        Some(_) => drop(groups.drain(..left_out)),
        None => groups.truncate(MAX_GROUPS),
    }
    (groups, left_out)
}

/// The filter with the method in it.
fn of_method(method: Option<RatingMethod>, filter: Filter) -> Result<Filter> {
    if filter.rating_method.is_some() || filter.rating_min.is_some() || filter.rating_max.is_some() {
        let message =
            "scores are of all ratings; leave rating_method, rating_min and rating_max out, and name a method";
        return Err(Error::invalid(message));
    }
    Ok(Filter { rating_method: method, ..filter })
}

/// The same filter for the period before; the present one gets an end if it has none.
fn earlier(app: &App, by: Option<By>, filter: &mut Filter) -> Result<Option<Filter>> {
    let Some(since) = filter.since else {
        if by.and_then(By::step).is_some() {
            return Ok(None);
        }
        return Err(Error::invalid("compare needs since: the beginning of the period to compare with the one before"));
    };
    let until = *filter.until.get_or_insert(app.clock.now());
    if until <= since {
        return Err(Error::invalid("since must lie before until, and before now if until is left out"));
    }
    Ok(Some(Filter { since: Some(beginning_before(since, until)), until: Some(since), ..filter.clone() }))
}

/// The groups of each method, not yet corrected for their number.
async fn grouped(
    app: &App,
    (by, ahead_s): (By, i32),
    filter: &Filter,
    earlier: Option<&Filter>,
    compare: bool,
) -> Result<BTreeMap<RatingMethod, Vec<Group>>> {
    let now = counted(app, filter, Some(by), ahead_s).await?;
    let titles = if by == By::Theme { titles(app).await? } else { BTreeMap::new() };
    if let Some(step) = by.step() {
        let of = |(method, tallies)| Ok((method, periods((method, ahead_s), step, &tallies, filter, compare)?));
        return now.into_iter().map(of).collect();
    }
    let mut before = match earlier {
        Some(earlier) => counted(app, earlier, Some(by), ahead_s).await?,
        None => Counted::new(),
    };
    let mut answer = BTreeMap::new();
    for (method, tallies) in now {
        let mut then = take(&mut before, method);
        let mut groups = Vec::new();
        for (key, tally) in tallies {
            let of =
                |filter: &Filter| by.narrowed(key.as_deref(), Filter { rating_method: Some(method), ..filter.clone() });
            let then = match earlier {
                Some(earlier) => Some((then.remove(&key).unwrap_or_else(|| Tally::none(method)), of(earlier)?)),
                None => None,
            };
            let mut group = Group::new(key.clone(), tally, of(filter)?, then);
            group.titles = key.and_then(|key| titles.get(&key).cloned()).unwrap_or_default();
            groups.push(group);
        }
        groups.sort_by(|left, right| right.ratings.n().cmp(&left.ratings.n()).then_with(|| left.key.cmp(&right.key)));
        answer.insert(method, groups);
    }
    Ok(answer)
}

/// Periods in order, each against the one before it on the calendar, if the filter lets any of that through.
fn periods(
    (method, ahead_s): (RatingMethod, i32),
    step: Step,
    tallies: &BTreeMap<Option<String>, Tally>,
    filter: &Filter,
    compare: bool,
) -> Result<Vec<Group>> {
    let within = |start: NaiveDate| {
        let local = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(i64::from(ahead_s));
        let [first, end] = [start, step.after(start)].map(local);
        Filter {
            rating_method: Some(method),
            since: Some(filter.since.map_or(first, |since| since.max(first))),
            until: Some(filter.until.map_or(end, |until| until.min(end))),
            ..filter.clone()
        }
    };
    let first = tallies.keys().next().map(|key| date(key.as_deref())).transpose()?;
    let mut groups = Vec::new();
    for (key, tally) in tallies {
        let start = date(key.as_deref())?;
        let previous = step.before(start);
        let then = (compare && first.is_some_and(|first| previous >= first)).then(|| {
            let tally = tallies.get(&Some(previous.to_string())).cloned();
            (tally.unwrap_or_else(|| Tally::none(method)), within(previous))
        });
        groups.push(Group::new(Some(step.label(start)), tally.clone(), within(start), then));
    }
    Ok(groups)
}

/// The groups with the p values of their differences adjusted for how many there are.
fn with_corrected(mut groups: Vec<Group>) -> Vec<Group> {
    let differences = groups.iter().map(|group| group.before.as_ref().and_then(|before| before.difference)).collect();
    for (group, difference) in groups.iter_mut().zip(corrected(differences)) {
        if let Some(before) = &mut group.before {
            before.difference = difference;
        }
    }
    groups
}

impl Group {
    fn new(key: Option<String>, tally: Tally, filter: Filter, then: Option<(Tally, Filter)>) -> Self {
        let measure = Measure::main(tally.ratings.method());
        let before = then.map(|(then, filter)| Before {
            scores: scores::scores(&then.ratings),
            difference: scores::difference(measure, &tally.ratings, &then.ratings),
            ratings: then.ratings,
            filter,
        });
        Self {
            key,
            titles: BTreeMap::new(),
            scores: scores::scores(&tally.ratings),
            ratings: tally.ratings,
            sentiments: tally.sentiments,
            before,
            filter,
        }
    }
}
