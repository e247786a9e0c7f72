//! The actual journey: what the records of each step say, their scores, how their feeling moves, and the gaps.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::{Feedback, FeedbackId, Language, Rating, RatingMethod, SentimentLabel};
use crate::journeys::{self, Expectation, Gap, JourneyId, Leaving, Share, StepFacts, Visit};
use crate::scores::{self, Ratings, Score};
use crate::stores::sql::feedback::{self, AtStep, Filter};
use crate::stores::sql::journeys::{self as rows, Stop};
use crate::stores::sql::themes;
use crate::themes::{self as rules, Change, Excerpt, change};

use super::{Journey, catch_up, get};

/// Words are told from so many of a step's latest records at most.
const READ: usize = 300;

/// A feeling is held against that of an equally long time before: so many days.
const RECENT_DAYS: i64 = 28;

/// A journey as it is.
#[derive(Clone, Debug)]
pub struct Actual {
    /// The journey, with its ideal.
    pub journey: Journey,
    /// Its steps, in order.
    pub steps: Vec<StepStory>,
    /// Where it is worse than it should be, the heaviest first.
    pub gaps: Vec<GapStory>,
    /// How many records are on a step, of all that could be.
    pub covered: Share,
    /// Which records were looked at.
    pub filter: Filter,
    /// Records that statements quote, by id.
    pub quotes: HashMap<FeedbackId, Feedback>,
    /// Titles of the themes that statements name.
    pub themes: BTreeMap<Uuid, BTreeMap<Language, String>>,
}

/// One step as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct StepStory {
    /// What its records say.
    pub facts: StepFacts,
    /// Words that set its texts apart from the other steps', in each language, the most telling first.
    pub words: BTreeMap<Language, Vec<String>>,
    /// Its ratings, each method by itself.
    pub ratings: Vec<Rated>,
    /// How its feeling moved.
    pub feeling: Option<Feeling>,
    /// Who was not heard of again, where enough customers can be told of.
    pub leaving: Option<Leaving>,
    /// Finds its records.
    pub filter: Filter,
}

/// Ratings of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// How many gave each number.
    pub ratings: Ratings,
    /// What the method makes of them; empty below 30.
    pub scores: Vec<Score>,
    /// Finds these records.
    pub filter: Filter,
}

/// The share of unhappy records in the last four weeks and in the four before.
#[derive(Clone, Debug, PartialEq)]
pub struct Feeling {
    /// In the last four weeks.
    pub now: Share,
    /// In the four before.
    pub before: Share,
    /// Whether chance explains the difference.
    pub change: Change,
    /// Finds the unhappy records of the last four weeks.
    pub filter: Filter,
    /// Finds the unhappy records of the four before.
    pub filter_before: Filter,
}

/// A gap with what finds its records.
#[derive(Clone, Debug, PartialEq)]
pub struct GapStory {
    /// The gap.
    pub gap: Gap,
    /// Finds the step's records.
    pub filter: Filter,
}

impl Journey {
    /// What each step tolerates.
    pub(super) fn tolerated(&self) -> Vec<f64> {
        self.ideal.steps.iter().map(|step| step.tolerated).collect()
    }
}

/// A stop as the rules take it, with its rating; none if its step is gone.
pub(super) fn visit(journey: &Journey, stop: Stop) -> Option<(Visit, Option<Rating>)> {
    let visit = Visit {
        id: stop.id,
        step: journey.place_of(&stop.step)?,
        by: stop.by,
        at: stop.collected_at,
        customer: stop.customer,
        touchpoint: stop.touchpoint,
        sentiment: stop.sentiment,
        priority: stop.priority,
        rated: stop.rating.map(scores::feeling),
        theme: stop.theme,
        expectation: stop.expectation,
    };
    Some((visit, stop.rating))
}

/// Tells a journey from the records that the filter lets through; drop-offs also look at those after its end.
///
/// The last four weeks end with the day of the latest record, where local time is ahead of UTC by `offset`.
///
/// # Errors
/// `NotFound` if there is no such journey, `Invalid` if the filter names a step, or those of the engine and the stores.
pub async fn actual(app: &App, id: &JourneyId, filter: Filter, offset: FixedOffset) -> Result<Actual> {
    if filter.step.is_some() {
        return Err(Error::invalid("a journey is told step by step; leave journey and step out of the filter"));
    }
    let journey = get(app, id).await?;
    catch_up(app, &journey).await?;
    let stops = rows::visits(&app.db, id, &filter).await?;
    let (visits, ratings): (Vec<Visit>, Vec<Option<Rating>>) =
        stops.into_iter().filter_map(|stop| visit(&journey, stop)).unzip();
    let analysed: u64 = rows::count_placed(&app.db, id, &filter).await?.values().sum();
    let (steps, tolerated) = (journey.ideal.steps.len(), journey.tolerated());
    let facts = journeys::actual(&visits, steps);
    let gaps = journeys::gaps(&visits, &tolerated);
    let left = leaving(app, &journey, &filter).await?;
    let words = words(app, &visits, steps).await?;
    let end = filter.until.or_else(|| visits.iter().map(|visit| visit.at).max().map(|at| day_end(at, offset)));
    let stories = facts.into_iter().zip(words).zip(left).enumerate().map(|(step, ((facts, words), leaving))| {
        let filter = journey.at(step, &filter);
        let given = visits.iter().zip(&ratings).filter(|(visit, _)| visit.step == step);
        Ok(StepStory {
            ratings: rated(given.filter_map(|(_, rating)| *rating), &filter)?,
            feeling: end.and_then(|end| feeling(&visits, step, end, &filter)),
            facts,
            words,
            leaving,
            filter,
        })
    });
    let stories: Vec<StepStory> = stories.collect::<Result<_>>()?;
    let gaps: Vec<GapStory> =
        gaps.into_iter().map(|gap| GapStory { filter: journey.at(gap.step, &filter), gap }).collect();
    Ok(Actual {
        quotes: quotes(app, &stories, &gaps).await?,
        themes: titles(app, &stories, &gaps).await?,
        covered: Share::of(visits.len() as u64, analysed),
        steps: stories,
        gaps,
        filter,
        journey,
    })
}

/// Midnight after `time`.
fn day_end(time: DateTime<Utc>, offset: FixedOffset) -> DateTime<Utc> {
    let midnight = time.with_timezone(&offset).date_naive().and_time(NaiveTime::MIN);
    let start = midnight.and_local_timezone(offset).single().map_or(time, |local| local.to_utc());
    start + TimeDelta::days(1)
}

/// Who was not heard of again, told from all that came since the filter's beginning; of nobody where the filter looks at a
/// part of what customers sent only, for then nobody's last record is known.
async fn leaving(app: &App, journey: &Journey, filter: &Filter) -> Result<Vec<Option<Leaving>>> {
    let steps = journey.ideal.steps.len();
    let since = Filter { since: filter.since, ..Filter::default() };
    let last = feedback::last_collected(&app.db).await?;
    let Some(last) = last.filter(|_| since == Filter { until: None, ..filter.clone() }) else {
        return Ok(vec![None; steps]);
    };
    let stops = rows::visits(&app.db, &journey.id, &since).await?;
    let visits: Vec<Visit> =
        stops.into_iter().filter_map(|stop| visit(journey, stop)).map(|(visit, _)| visit).collect();
    Ok(journeys::leaving(&visits, steps, last))
}

impl StepStory {
    /// Finds the records that show such an expectation.
    #[must_use]
    pub fn expecting(&self, kind: Expectation) -> Filter {
        let at = self.filter.step.clone().map(|at| AtStep { expectation: Some(kind), ..at });
        Filter { step: at, ..self.filter.clone() }
    }

    /// Finds the last records of those who were not heard of again.
    #[must_use]
    pub fn silent(&self) -> Option<Filter> {
        let leaving = self.leaving?;
        let at = AtStep { last_before: Some(leaving.before), ..self.filter.step.clone()? };
        Some(Filter { step: Some(at), until: None, ..self.filter.clone() })
    }
}

/// Ratings by their method.
fn rated(given: impl Iterator<Item = Rating>, filter: &Filter) -> Result<Vec<Rated>> {
    let mut by: BTreeMap<RatingMethod, Ratings> = BTreeMap::new();
    for rating in given {
        let ratings = by.entry(rating.method()).or_insert_with(|| Ratings::none(rating.method()));
        let mixed = |error| Error::new(Kind::Internal, "ratings were counted wrongly").caused_by(error);
        ratings.add(rating, 1).map_err(mixed)?;
    }
    let rated = |(method, ratings): (RatingMethod, Ratings)| Rated {
        scores: scores::scores(&ratings),
        ratings,
        filter: Filter { rating_method: Some(method), ..filter.clone() },
    };
    Ok(by.into_iter().map(rated).collect())
}

/// How the share of unhappy records moved up to `end`; none if either four weeks have no record.
fn feeling(visits: &[Visit], step: usize, end: DateTime<Utc>, filter: &Filter) -> Option<Feeling> {
    let days = TimeDelta::days(RECENT_DAYS);
    let within = |since: DateTime<Utc>, until: DateTime<Utc>| {
        let on = || visits.iter().filter(move |visit| visit.step == step && since <= visit.at && visit.at < until);
        let unhappy = on().filter(|visit| visit.sentiment.0 == SentimentLabel::Negative).count() as u64;
        let filter = Filter {
            since: Some(filter.since.map_or(since, |first| first.max(since))),
            until: Some(until),
            sentiment: Some(SentimentLabel::Negative),
            ..filter.clone()
        };
        (Share::of(unhappy, on().count() as u64), filter)
    };
    let (now, now_filter) = within(end - days, end);
    let (before, filter_before) = within(end - days - days, end - days);
    let change = change::of_shares((now.part, now.whole), (before.part, before.whole));
    let both = now.whole > 0 && before.whole > 0;
    both.then_some(Feeling { now, before, change, filter: now_filter, filter_before })
}

/// The words that set each step's latest texts apart from those of the other steps.
async fn words(app: &App, visits: &[Visit], steps: usize) -> Result<Vec<BTreeMap<Language, Vec<String>>>> {
    let mut texts = Vec::with_capacity(steps);
    for step in 0..steps {
        let mut on: Vec<&Visit> = visits.iter().filter(|visit| visit.step == step).collect();
        on.sort_by_key(|visit| std::cmp::Reverse((visit.at, visit.id)));
        let ids: Vec<FeedbackId> = on.iter().take(READ).map(|visit| visit.id).collect();
        texts.push(feedback::get_many(&app.db, &ids).await?);
    }
    let computed = tokio::task::spawn_blocking(move || {
        let excerpts: Vec<Vec<Excerpt<'_>>> =
            texts.iter().map(|items| items.iter().filter_map(excerpt).collect()).collect();
        rules::titles(&excerpts).into_iter().map(|titles| titles.keywords).collect()
    });
    // what a panic says may quote a customer, so it is not passed on
    computed.await.map_err(|_| Error::new(Kind::Internal, "finding the words of a journey's steps broke off"))
}

fn excerpt(item: &Feedback) -> Option<Excerpt<'_>> {
    Some(Excerpt { language: &item.analysis.as_ref()?.language, text: item.text.as_str() })
}

async fn quotes(app: &App, steps: &[StepStory], gaps: &[GapStory]) -> Result<HashMap<FeedbackId, Feedback>> {
    let expected = steps.iter().flat_map(|step| step.facts.expects.iter().flat_map(|told| &told.evidence));
    let felt = steps.iter().flat_map(|step| step.facts.feels.iter().flat_map(|told| &told.evidence));
    let gaps = gaps.iter().flat_map(|story| &story.gap.evidence);
    let mut ids: Vec<FeedbackId> = expected.chain(felt).chain(gaps).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(feedback::get_many(&app.db, &ids).await?.into_iter().map(|item| (item.id, item)).collect())
}

async fn titles(
    app: &App,
    steps: &[StepStory],
    gaps: &[GapStory],
) -> Result<BTreeMap<Uuid, BTreeMap<Language, String>>> {
    let thought = steps.iter().flat_map(|step| &step.facts.thinks).map(|told| told.what);
    let named: Vec<Uuid> =
        thought.chain(gaps.iter().flat_map(|story| &story.gap.themes).map(|told| told.what)).collect();
    let listed = themes::list(&app.db).await?.into_iter().map(|listed| listed.theme);
    Ok(listed.filter(|theme| named.contains(&theme.id)).map(|theme| (theme.id, theme.titles)).collect())
}
