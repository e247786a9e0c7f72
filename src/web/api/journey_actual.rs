//! An actual journey as the API shows it; every number with the path that lists its records.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::journey::{ByLanguage, in_both, words};
use super::names::{Expectation, RatingMethod, SentimentLabel};
use super::score::{IntervalView, ScoreView, named, path, rounded};
use crate::feedback::{self, Language};
use crate::journeys::{self, Share, Told};
use crate::pipeline::FeedbackFilter;
use crate::pipeline::journey::{Actual, StepStory};
use crate::themes::Change;

/// How many of how many.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = RecordShare)]
pub(super) struct ShareView {
    /// Of these it is true.
    count: u64,
    /// Of these it could be.
    of: u64,
    /// 0 to 1; 0 of nothing.
    share: f64,
    /// With 95 % confidence (Wilson).
    interval: IntervalView,
}

impl From<&Share> for ShareView {
    fn from(share: &Share) -> Self {
        let interval = share.interval.into();
        Self { count: share.part, of: share.whole, share: rounded(share.value(), 4), interval }
    }
}

/// A share and where its records are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordShareWithPath)]
pub(super) struct Counted {
    #[serde(flatten)]
    share: ShareView,
    /// The path that lists these records.
    #[schema(example = "/v1/feedback?journey=shop&step=delivery")]
    records: String,
}

impl Counted {
    pub(super) fn new(share: &Share, filter: &FeedbackFilter) -> Self {
        Self { share: share.into(), records: path("feedback", filter) }
    }
}

/// What records say, with up to five of them that show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyStatement)]
struct Statement {
    #[serde(flatten)]
    counted: Counted,
    /// Ids of records that show it, the plainest first.
    evidence: Vec<Uuid>,
}

impl Statement {
    fn new<What>(told: &Told<What>, filter: FeedbackFilter) -> Self {
        let evidence = told.evidence.iter().map(|id| id.0).collect();
        Self { counted: Counted::new(&told.share, &filter), evidence }
    }
}

/// What is expected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyExpectation)]
struct Expects {
    expectation: Expectation,
    #[serde(flatten)]
    told: Statement,
}

/// What is thought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyTheme)]
pub(super) struct Thinks {
    /// The theme's id.
    theme: Uuid,
    /// Its titles by language code.
    titles: ByLanguage,
    #[serde(flatten)]
    told: Statement,
}

/// What is felt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyFeeling)]
struct Feels {
    sentiment: SentimentLabel,
    #[serde(flatten)]
    told: Statement,
}

/// What the source calls the interaction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyTouchpoint)]
struct At {
    touchpoint: String,
    #[serde(flatten)]
    told: Statement,
}

/// Ratings of one method.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyRatings)]
struct RatingsView {
    method: RatingMethod,
    n: u64,
    /// What the method makes of them, the main measure first; empty if there are fewer than 30.
    scores: Vec<ScoreView>,
    /// The path that lists these records.
    records: String,
}

/// How the share of unhappy records moved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyFeelingChange)]
struct Moved {
    /// In the last four weeks.
    now: Counted,
    /// In the four before.
    before: Counted,
    /// `rose` or `fell` beyond chance, or `same`.
    #[schema(value_type = String, example = "rose")]
    change: Change,
}

/// Customers whose last record is here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyLeaving)]
struct LeavingView {
    /// Of the customers at this step, those who were not heard of again; records are their last ones.
    here: Counted,
    /// The same at all other steps.
    elsewhere: ShareView,
    /// Whether more fall silent here than elsewhere beyond chance.
    more: bool,
    /// Last records count if they were given before this time, four weeks before the latest of all.
    before: DateTime<Utc>,
}

/// A step as its records tell it; an answer without statements is not known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActualStep)]
struct StepView {
    id: String,
    title: ByLanguage,
    /// How many of the journey's records are here.
    volume: Counted,
    /// How many of them their meaning placed here, for their touchpoint is no step's.
    by_meaning: u64,
    /// What customers miss and ask for, told from their words.
    expects: Vec<Expects>,
    /// The themes of most of them.
    thinks: Vec<Thinks>,
    /// The words that set these texts apart from the other steps', by language code.
    words: BTreeMap<String, Vec<String>>,
    /// The sentiment of their texts.
    feels: Vec<Feels>,
    /// How the share of unhappy ones moved; null if either four weeks have no record.
    #[schema(required)]
    feels_change: Option<Moved>,
    /// What the sources call the interactions.
    touchpoints: Vec<At>,
    /// Ratings, each method by itself; effort is the method `ces`.
    ratings: Vec<RatingsView>,
    /// Customers who were not heard of again; null if fewer than 30 can be told of, here or elsewhere.
    #[schema(required)]
    leaving: Option<LeavingView>,
}

/// A journey as its records tell it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActualJourney)]
pub struct ActualView {
    #[schema(example = "shop")]
    id: String,
    /// By language code.
    title: ByLanguage,
    /// How many of all analysed records that the filter lets through fall on a step.
    covered: Counted,
    /// In order.
    steps: Vec<StepView>,
}

impl From<Actual> for ActualView {
    fn from(actual: Actual) -> Self {
        let steps = actual.steps.iter().zip(&actual.journey.ideal.steps);
        Self {
            id: actual.journey.id.to_string(),
            title: words(&actual.journey.ideal.title),
            covered: Counted::new(&actual.covered, &actual.journey.anywhere(&actual.filter)),
            steps: steps.map(|(story, step)| StepView::new(story, step, &actual)).collect(),
        }
    }
}

fn titles(actual: &Actual, theme: Uuid) -> ByLanguage {
    named(actual.themes.get(&theme).cloned().unwrap_or_default())
}

impl StepView {
    fn new(story: &StepStory, step: &journeys::Step, actual: &Actual) -> Self {
        let (facts, all) = (&story.facts, || story.filter.clone());
        Self {
            id: step.id.to_string(),
            title: words(&step.title),
            volume: Counted::new(&facts.volume, &story.filter),
            by_meaning: facts.by_meaning,
            expects: facts
                .expects
                .iter()
                .map(|told| Expects {
                    expectation: Expectation(told.what),
                    told: Statement::new(told, story.expecting(told.what)),
                })
                .collect(),
            thinks: facts.thinks.iter().map(|told| Thinks::new(told, all(), actual)).collect(),
            words: story.words.iter().map(|(language, words)| (language.code().to_owned(), words.clone())).collect(),
            feels: facts
                .feels
                .iter()
                .map(|told| Feels {
                    sentiment: SentimentLabel(told.what),
                    told: Statement::new(told, FeedbackFilter { sentiment: Some(told.what), ..all() }),
                })
                .collect(),
            feels_change: story.feeling.as_ref().map(|feeling| Moved {
                now: Counted::new(&feeling.now, &feeling.filter),
                before: Counted::new(&feeling.before, &feeling.filter_before),
                change: feeling.change,
            }),
            touchpoints: facts
                .touchpoints
                .iter()
                .map(|told| At {
                    touchpoint: told.what.to_string(),
                    told: Statement::new(told, FeedbackFilter { touchpoint: Some(told.what.clone()), ..all() }),
                })
                .collect(),
            ratings: story
                .ratings
                .iter()
                .map(|rated| RatingsView {
                    method: RatingMethod(rated.ratings.method()),
                    n: rated.ratings.n(),
                    scores: rated.scores.iter().map(ScoreView::from).collect(),
                    records: path("feedback", &rated.filter),
                })
                .collect(),
            leaving: story.leaving.zip(story.silent()).map(|(leaving, silent)| LeavingView {
                here: Counted::new(&leaving.here, &silent),
                elsewhere: (&leaving.elsewhere).into(),
                more: leaving.more,
                before: leaving.before,
            }),
        }
    }
}

impl Thinks {
    pub(super) fn new(told: &Told<Uuid>, filter: FeedbackFilter, actual: &Actual) -> Self {
        let told_of = Statement::new(told, FeedbackFilter { theme: Some(told.what), ..filter });
        Self { theme: told.what, titles: titles(actual, told.what), told: told_of }
    }
}

/// A share and the path of its records, as an example.
pub(super) fn sample_counted(part: u64, whole: u64) -> Counted {
    let records = "/v1/feedback?journey=shop&step=delivery".to_owned();
    Counted { share: (&Share::of(part, whole)).into(), records }
}

fn sample_statement(part: u64, whole: u64) -> Statement {
    Statement { counted: sample_counted(part, whole), evidence: vec![super::sample_id()] }
}

/// A theme of a step, as an example.
pub(super) fn sample_theme(part: u64, whole: u64) -> Thinks {
    let titles = named(BTreeMap::from([(Language::english(), "late courier".to_owned())]));
    Thinks { theme: super::sample_id(), titles, told: sample_statement(part, whole) }
}

impl ActualView {
    /// A journey with one step, as an example.
    pub fn sample() -> Self {
        let step = StepView {
            id: "delivery".to_owned(),
            title: in_both("التوصيل", "Delivery"),
            volume: sample_counted(302, 918),
            by_meaning: 0,
            expects: vec![Expects {
                expectation: Expectation(journeys::Expectation::Unmet),
                told: sample_statement(121, 302),
            }],
            thinks: vec![sample_theme(84, 302)],
            words: BTreeMap::from([("en".to_owned(), vec!["courier".to_owned()])]),
            feels: vec![Feels {
                sentiment: SentimentLabel(feedback::SentimentLabel::Negative),
                told: sample_statement(189, 302),
            }],
            feels_change: Some(Moved {
                now: sample_counted(80, 110),
                before: sample_counted(52, 98),
                change: Change::Rose,
            }),
            touchpoints: vec![At { touchpoint: "delivery".to_owned(), told: sample_statement(302, 302) }],
            ratings: Vec::new(),
            leaving: Some(LeavingView {
                here: sample_counted(31, 120),
                elsewhere: (&Share::of(60, 310)).into(),
                more: false,
                before: super::sample_time(),
            }),
        };
        let title = in_both("التسوّق", "Shopping");
        Self { id: "shop".to_owned(), title, covered: sample_counted(918, 918), steps: vec![step] }
    }
}
