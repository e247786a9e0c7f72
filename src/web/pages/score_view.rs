//! A score as cards, tables and charts show it: value, interval, number of ratings, and how it compares.

use super::choice::Choice;
use super::page::Page;
use crate::pipeline::FeedbackFilter;
use crate::pipeline::score::{Before, Group, Scores};
use crate::scores::{Class, Difference, Kind, MIN_N, Measure, Ratings, Score, score};
use crate::statistics::Interval;

/// One score with what stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreView {
    /// The main measure and its interval; none where there are too few ratings.
    pub score: Option<(String, String)>,
    /// How many ratings.
    pub n: u64,
    /// Their records.
    pub records: String,
    /// Against the period before, if that was asked for.
    pub change: Option<ChangeView>,
}

/// One score less another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeView {
    /// The difference and its interval; none where either side has too few ratings.
    pub difference: Option<String>,
    /// What is to be made of it.
    pub verdict: String,
    /// `worse`, `better`, or nothing if chance explains it.
    pub tone: &'static str,
    /// How many ratings the other side has.
    pub n: u64,
    /// The records of the other side.
    pub records: String,
}

/// A method's score on a card of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The method's name in addresses.
    pub method: &'static str,
    /// Where all is told of it.
    pub href: String,
    /// Whether that is what is shown below.
    pub chosen: bool,
    /// The score.
    pub view: ScoreView,
}

/// A class of ratings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassView {
    /// Its name: promoters, neutral, difficult…
    pub name: &'static str,
    /// What it says by itself.
    pub feeling: &'static str,
    /// How many ratings.
    pub count: u64,
    /// Of a hundred.
    pub share: String,
    /// Their records.
    pub records: String,
}

/// The address of the list of what a filter lets through.
#[must_use]
pub fn list(page: &Page, filter: &FeedbackFilter) -> String {
    format!("/feedback?{}", Choice::of(filter, page.offset).query(&[]))
}

/// A value of a measure: whole points, percent, or a mean with one digit behind the point.
#[must_use]
pub fn value(page: &Page, measure: Measure, value: f64) -> String {
    match measure.kind() {
        Kind::Net => page.whole(value),
        Kind::Share => page.percent(&value),
        Kind::Mean => page.decimal(value),
    }
}

/// Where a value lies.
#[must_use]
pub fn interval(page: &Page, measure: Measure, interval: Interval) -> String {
    page.two_texts("score-interval", &value(page, measure, interval.low), &value(page, measure, interval.high))
}

/// A difference with its interval; that of shares in percentage points.
fn difference(page: &Page, found: &Difference) -> String {
    let signed = |value: f64| match found.measure.kind() {
        Kind::Net => page.signed(value.round()),
        Kind::Share => page.signed((value * 100.0).round()),
        Kind::Mean => page.signed(value),
    };
    let range = page.two_texts("score-interval", &signed(found.interval.low), &signed(found.interval.high));
    page.two_texts(
        match found.measure.kind() {
            Kind::Share => "score-change-points",
            _ => "score-change",
        },
        &signed(found.value),
        &range,
    )
}

impl ScoreView {
    /// A group's score.
    #[must_use]
    pub fn new(page: &Page, group: &Group) -> Self {
        let shown = |score: &Score| shown(page, score);
        Self {
            score: group.scores.first().map(shown),
            n: group.ratings.n(),
            records: list(page, &group.filter),
            change: group.before.as_ref().map(|before| ChangeView::since(page, before)),
        }
    }

    /// The score of one side of a comparison.
    #[must_use]
    pub fn of(page: &Page, measure: Measure, ratings: &Ratings, filter: &FeedbackFilter) -> Self {
        let found = score(measure, ratings);
        Self {
            score: found.as_ref().map(|score| shown(page, score)),
            n: ratings.n(),
            records: list(page, filter),
            change: None,
        }
    }
}

fn shown(page: &Page, score: &Score) -> (String, String) {
    (value(page, score.measure, score.value), interval(page, score.measure, score.interval))
}

impl ChangeView {
    fn since(page: &Page, before: &Before) -> Self {
        let n = before.ratings.n();
        let verdict = match &before.difference {
            Some(found) if found.significant => "score-significant",
            Some(_) => "score-chance",
            None if n == 0 => "score-none-before",
            None if n < MIN_N => "score-few-before",
            None => "score-few-now",
        };
        Self::new(page, before.difference.as_ref(), verdict, n, &before.filter)
    }

    /// A difference against the `n` records that `filter` finds.
    #[must_use]
    pub fn new(page: &Page, found: Option<&Difference>, verdict: &str, n: u64, filter: &FeedbackFilter) -> Self {
        Self {
            difference: found.map(|found| difference(page, found)),
            verdict: page.t(verdict),
            tone: found.map_or("", tone),
            n,
            records: list(page, filter),
        }
    }
}

/// Of every measure more is better.
fn tone(found: &Difference) -> &'static str {
    match (found.significant, found.value > 0.0) {
        (false, _) => "",
        (true, true) => "better",
        (true, false) => "worse",
    }
}

impl Card {
    /// A method's card, which leads to `href`.
    #[must_use]
    pub fn new(page: &Page, scores: &Scores, href: String, chosen: bool) -> Self {
        Self { method: scores.method.name(), href, chosen, view: ScoreView::new(page, &scores.total) }
    }
}

impl ClassView {
    /// The classes of a group, best first.
    #[must_use]
    pub fn of(page: &Page, group: &Group) -> Vec<Self> {
        let n = group.ratings.n().max(1) as f64;
        let class = |(class, count): (Class, u64)| {
            let rated =
                FeedbackFilter { rating_min: Some(class.low), rating_max: Some(class.high), ..group.filter.clone() };
            Self {
                name: class.name,
                feeling: class.feeling.name(),
                count,
                share: page.percent(&(count as f64 / n)),
                records: list(page, &rated),
            }
        };
        group.ratings.classes().map(class).into()
    }
}
