//! Scores and drivers as the API shows them; every number with the path that lists its records.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::filter::Filter;
use super::names::{Measure, RatingMethod};
use crate::feedback::{self, Language, Rating};
use crate::pipeline::{FeedbackFilter, score};
use crate::scores::{self, Driver, MIN_N, Ratings, Score};
use crate::statistics::Interval;

/// The scores of one method.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MethodScores)]
pub struct ScoresView {
    method: RatingMethod,
    /// All of its ratings.
    total: GroupView,
    /// By what was asked for: periods in order, other groups with the most ratings first.
    groups: Vec<GroupView>,
    /// How many groups are not shown because there are more than 500: the oldest periods, the smallest of others.
    groups_left_out: usize,
    /// Feedback whose text contradicts its rating.
    disagreements: CountView,
}

/// Ratings that belong together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreGroup)]
struct GroupView {
    /// A channel, a theme's id, a period like `2026-W10`…; null for the total and for what lacks it.
    #[schema(required)]
    key: Option<String>,
    /// A theme's titles by language code; empty for other groups.
    titles: BTreeMap<String, String>,
    /// How many ratings.
    n: u64,
    /// Whether these are fewer than 30, so that there is no score.
    too_few: bool,
    /// What the method makes of them, the main measure first; empty if there are too few.
    scores: Vec<ScoreView>,
    /// How many gave each number, lowest first.
    distribution: Vec<ValueView>,
    /// The method's classes, best first.
    classes: Vec<ClassView>,
    /// How the texts that came with them feel, by sentiment.
    sentiments: BTreeMap<&'static str, u64>,
    /// The period before; null if it was not asked for or there is none.
    #[schema(required)]
    before: Option<BeforeView>,
    /// The path that lists these records.
    #[schema(example = "/v1/feedback?channel=chat&rating_method=nps")]
    records: String,
}

/// A measure with its interval.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Score)]
pub(super) struct ScoreView {
    measure: Measure,
    /// Net scores from −100 to 100, shares from 0 to 1, means on the method's scale.
    value: f64,
    interval: IntervalView,
}

/// Where a value lies with 95 % confidence.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Interval)]
pub struct IntervalView {
    low: f64,
    high: f64,
}

/// A number and how many gave it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = RatingCount)]
struct ValueView {
    value: u8,
    count: u64,
}

/// A class of ratings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RatingClass)]
struct ClassView {
    /// The method's own word: promoters, passives, detractors; satisfied, neutral, dissatisfied; easy, neutral, difficult.
    name: &'static str,
    /// The lowest rating in it.
    low: u8,
    /// The highest rating in it.
    high: u8,
    count: u64,
    /// The path that lists these records.
    records: String,
}

/// The period before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreBefore)]
struct BeforeView {
    /// How many ratings there were.
    n: u64,
    /// What the method makes of them; empty if there are fewer than 30.
    scores: Vec<ScoreView>,
    /// How much the main measure has risen since; null if either period has fewer than 30 ratings.
    #[schema(required)]
    difference: Option<DifferenceView>,
    /// The path that lists these records.
    records: String,
}

/// The difference of two scores.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ScoreDifference)]
struct DifferenceView {
    measure: Measure,
    /// In the measure's own unit.
    value: f64,
    interval: IntervalView,
    /// How probable as much is by chance, 0 to 1.
    p: f64,
    /// The same, adjusted for all differences that are shown together (Benjamini and Hochberg).
    adjusted_p: f64,
    /// Whether it is beyond chance: the adjusted p is at most 0.05 and the interval excludes 0.
    significant: bool,
}

/// How many there are, and where.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordCount)]
struct CountView {
    count: u64,
    /// The path that lists these records.
    records: String,
}

/// What moves the score of one method.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MethodDrivers)]
pub struct DriversView {
    method: RatingMethod,
    /// The measure that is moved.
    measure: Measure,
    /// All of the method's ratings.
    total: GroupView,
    /// The themes, those that move it most first, those with too few ratings last.
    themes: Vec<DriverView>,
}

/// What one theme does to a score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreDriver)]
struct DriverView {
    /// The theme's id.
    theme: String,
    /// Its titles by language code.
    titles: BTreeMap<String, String>,
    /// Those who speak of it.
    with: SideView,
    /// All others.
    without: SideView,
    /// The score with it less the score without it; null if either side has fewer than 30 ratings.
    #[schema(required)]
    difference: Option<DifferenceView>,
    /// How far it moves the score of all, in the measure's own unit; null as above.
    #[schema(required)]
    effect: Option<f64>,
}

/// One side of a comparison.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreSide)]
struct SideView {
    /// How many ratings.
    n: u64,
    /// Null if these are fewer than 30.
    #[schema(required)]
    score: Option<ScoreView>,
    /// The path that lists these records.
    records: String,
}

/// Four decimals, six of a probability: more would be noise.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

/// The path of `/v1/{list}` that gives what the filter lets through.
pub(super) fn path(list: &str, filter: &FeedbackFilter) -> String {
    format!("/v1/{list}?{}", Filter::from(filter).query())
}

pub(super) fn named(titles: BTreeMap<Language, String>) -> BTreeMap<String, String> {
    titles.into_iter().map(|(language, title)| (language.code().to_owned(), title)).collect()
}

impl From<Interval> for IntervalView {
    fn from(interval: Interval) -> Self {
        Self { low: rounded(interval.low, 4), high: rounded(interval.high, 4) }
    }
}

impl From<&Score> for ScoreView {
    fn from(score: &Score) -> Self {
        let interval = score.interval.into();
        Self { measure: Measure(score.measure), value: rounded(score.value, 4), interval }
    }
}

impl From<scores::Difference> for DifferenceView {
    fn from(difference: scores::Difference) -> Self {
        Self {
            measure: Measure(difference.measure),
            value: rounded(difference.value, 4),
            interval: difference.interval.into(),
            p: rounded(difference.p, 6),
            adjusted_p: rounded(difference.adjusted_p, 6),
            significant: difference.significant,
        }
    }
}

impl From<score::Before> for BeforeView {
    fn from(before: score::Before) -> Self {
        Self {
            n: before.ratings.n(),
            scores: before.scores.iter().map(ScoreView::from).collect(),
            difference: before.difference.map(DifferenceView::from),
            records: path("feedback", &before.filter),
        }
    }
}

impl From<score::Group> for GroupView {
    fn from(group: score::Group) -> Self {
        let class = |(class, count): (scores::Class, u64)| {
            let rated =
                FeedbackFilter { rating_min: Some(class.low), rating_max: Some(class.high), ..group.filter.clone() };
            ClassView { name: class.name, low: class.low, high: class.high, count, records: path("feedback", &rated) }
        };
        let n = group.ratings.n();
        Self {
            n,
            too_few: n < MIN_N,
            scores: group.scores.iter().map(ScoreView::from).collect(),
            distribution: group.ratings.each().map(|(value, count)| ValueView { value, count }).collect(),
            classes: group.ratings.classes().map(class).into(),
            sentiments: group.sentiments.iter().map(|(label, count)| (label.name(), *count)).collect(),
            records: path("feedback", &group.filter),
            key: group.key,
            titles: named(group.titles),
            before: group.before.map(BeforeView::from),
        }
    }
}

impl From<score::Scores> for ScoresView {
    fn from(scores: score::Scores) -> Self {
        let unrated = FeedbackFilter { rating_method: None, ..scores.total.filter.clone() };
        let records = path("scores/disagreements", &unrated);
        let records = format!("{records}{}method={}", if records.ends_with('?') { "" } else { "&" }, scores.method);
        Self {
            method: RatingMethod(scores.method),
            total: scores.total.into(),
            groups: scores.groups.into_iter().map(GroupView::from).collect(),
            groups_left_out: scores.groups_left_out,
            disagreements: CountView { count: scores.disagreements, records },
        }
    }
}

impl From<score::Drivers> for DriversView {
    fn from(drivers: score::Drivers) -> Self {
        let measure = drivers.measure;
        Self {
            method: RatingMethod(measure.method()),
            measure: Measure(measure),
            total: drivers.total.into(),
            themes: drivers.themes.into_iter().map(|theme| DriverView::of(measure, theme)).collect(),
        }
    }
}

impl DriverView {
    fn of(measure: scores::Measure, theme: score::ThemeDriver) -> Self {
        let side = |ratings: &Ratings, filter: &FeedbackFilter| SideView {
            n: ratings.n(),
            score: scores::score(measure, ratings).as_ref().map(ScoreView::from),
            records: path("feedback", filter),
        };
        Self {
            with: side(&theme.driver.with, &theme.with),
            without: side(&theme.driver.without, &theme.without),
            difference: theme.driver.difference.map(DifferenceView::from),
            effect: theme.driver.effect.map(|effect| rounded(effect, 4)),
            titles: named(theme.titles),
            theme: theme.driver.key,
        }
    }
}

/// NPS ratings with these numbers of detractors (3), passives (8) and promoters (10), as an example.
fn sample_ratings(counts: [u64; 3]) -> Ratings {
    let mut ratings = Ratings::none(feedback::RatingMethod::Nps);
    for (value, count) in [3, 8, 10].into_iter().zip(counts) {
        if let Ok(rating) = Rating::new(feedback::RatingMethod::Nps, value) {
            ratings.add(rating, count).unwrap_or_default();
        }
    }
    ratings
}

fn sample_group(key: Option<&str>, filter: FeedbackFilter, counts: [u64; 3]) -> score::Group {
    let ratings = sample_ratings(counts);
    let filter = FeedbackFilter { rating_method: Some(ratings.method()), ..filter };
    score::Group {
        key: key.map(str::to_owned),
        titles: BTreeMap::new(),
        scores: scores::scores(&ratings),
        sentiments: [(feedback::SentimentLabel::Negative, counts[0])].into(),
        before: None,
        filter,
        ratings,
    }
}

impl ScoresView {
    /// A month of NPS by channel against the month before, as an example.
    pub fn sample() -> Self {
        let month = |since: &str, until: &str| FeedbackFilter {
            since: since.parse().ok(),
            until: until.parse().ok(),
            rating_method: Some(feedback::RatingMethod::Nps),
            ..FeedbackFilter::default()
        };
        let filter = month("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
        let (ratings, then) = (sample_ratings([40, 60, 100]), sample_ratings([70, 60, 50]));
        let mut total = sample_group(None, filter.clone(), [40, 60, 100]);
        total.before = Some(score::Before {
            scores: scores::scores(&then),
            difference: scores::difference(scores::Measure::Nps, &ratings, &then),
            ratings: then,
            filter: month("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        });
        let chat = FeedbackFilter { channel: Some(feedback::Channel::Chat), ..filter };
        let groups = vec![sample_group(Some("chat"), chat, [9, 8, 12])];
        let method = feedback::RatingMethod::Nps;
        score::Scores { method, total, groups, groups_left_out: 0, disagreements: 3 }.into()
    }
}

impl DriversView {
    /// Late couriers and NPS, as an example.
    pub fn sample() -> Self {
        let (all, with) = (sample_ratings([70, 60, 100]), sample_ratings([40, 10, 5]));
        let id = super::sample_id();
        let filter = FeedbackFilter { rating_method: Some(all.method()), ..FeedbackFilter::default() };
        let themes = scores::drivers(scores::Measure::Nps, &all, vec![(id.to_string(), with)]).into_iter();
        let themes = themes.map(|driver: Driver<String>| score::ThemeDriver {
            driver,
            titles: [(Language::english(), "late courier".to_owned())].into(),
            with: FeedbackFilter { theme: Some(id), ..filter.clone() },
            without: FeedbackFilter { not_theme: Some(id), ..filter.clone() },
        });
        let themes = themes.collect();
        let total = sample_group(None, filter.clone(), [70, 60, 100]);
        score::Drivers { measure: scores::Measure::Nps, total, themes }.into()
    }
}
