//! The scores of a period: each method against the period before; of one method its trend, groups, drivers and texts.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Days, NaiveDate};

use super::address::query;
use super::choice;
use super::inbox::Choosable;
use super::page::Page;
use super::score_chart::ScoreChart;
use super::score_view::{Card, ChangeView, ClassView, ScoreView, list};
use super::session::Visit;
use super::text::visible;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::{Channel, RatingMethod, SentimentLabel};
use crate::pipeline::FeedbackFilter;
use crate::pipeline::score::{self, Board, By, Detail, Group, ThemeDriver};
use crate::scores::Measure;
use crate::web::extract::{Fields, Parameters, Query};
use crate::web::problem::Problem;

/// What groups can be told apart by on the page.
const GROUPINGS: [By; 5] = [By::Channel, By::Touchpoint, By::Theme, By::Segment, By::Language];

/// Periods to choose: message and days.
const PERIODS: [(&str, u64); 3] = [("scores-month", 28), ("scores-quarter", 84), ("scores-year", 364)];

/// How many groups and drivers are shown.
const SHOWN: usize = 12;

/// Which scores, as the address says it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    method: Option<RatingMethod>,
    by: Option<By>,
    records: choice::Choice,
}

impl Parameters for Choice {
    fn read(fields: &mut Fields) -> Self {
        let by = fields.optional("by");
        if by.is_some_and(|by| !GROUPINGS.contains(&by)) {
            fields.note("by", "must be one of channel, touchpoint, theme, segment, language");
        }
        Self { method: fields.optional("method"), by, records: choice::Choice::read(fields) }
    }
}

impl Choice {
    /// The address of the same choice with another method, grouping or period.
    fn address(&self) -> String {
        let own = [("method", self.method.map(RatingMethod::name)), ("by", self.by.map(By::name))];
        let said: Vec<(&str, &str)> = own.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        let fields: Vec<String> =
            [query(&said), self.records.query(&[])].into_iter().filter(|part| !part.is_empty()).collect();
        if fields.is_empty() { "/scores".to_owned() } else { format!("/scores?{}", fields.join("&")) }
    }

    fn with_method(&self, method: RatingMethod) -> String {
        Self { method: Some(method), ..self.clone() }.address()
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "scores.html")]
pub struct ScoresPage {
    page: Page,
    days: Option<String>,
    periods: Vec<(String, String, bool)>,
    cards: Vec<Card>,
    detail: Option<DetailView>,
    hidden: Vec<(&'static str, String)>,
    channels: Vec<Choosable>,
    from: String,
    to: String,
}

/// Everything of one method.
#[derive(Debug)]
struct DetailView {
    method: &'static str,
    classes: Vec<ClassView>,
    measures: Vec<(&'static str, String, String)>,
    records: String,
    n: u64,
    sentiments: Vec<(&'static str, u64, String)>,
    disagreements: (u64, String),
    chart: Option<ScoreChart>,
    step: &'static str,
    tabs: Vec<(&'static str, String, bool)>,
    by: &'static str,
    rows: Vec<Row>,
    left_out: bool,
    drivers: Vec<Driver>,
}

/// A group.
#[derive(Debug)]
struct Row {
    name: String,
    href: Option<String>,
    view: ScoreView,
}

/// A theme that may move the score.
#[derive(Debug)]
struct Driver {
    title: String,
    href: String,
    with: ScoreView,
    without: ScoreView,
    change: ChangeView,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for a wrong choice, or those of the stores.
pub async fn scores(State(app): State<App>, visit: Visit, Query(choice): Query<Choice>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let wanted = score::Wanted {
        method: choice.method,
        by: choice.by.unwrap_or(By::Channel),
        filter: choice.records.filter(page.offset),
        offset: page.offset,
    };
    let board = score::board(&app, wanted).await?;
    super::show(&ScoresPage::new(page, &choice, board.as_ref()))
}

impl ScoresPage {
    /// Puts the scores on the page.
    #[must_use]
    pub fn new(page: Page, choice: &Choice, board: Option<&Board>) -> Self {
        let ends = board.map(|board| {
            let last = board.days.end - chrono::TimeDelta::milliseconds(1);
            let day = |time: &chrono::DateTime<chrono::Utc>| time.with_timezone(&page.offset).date_naive();
            (
                day(&board.days.start),
                day(&last),
                page.two_texts("overview-days", &page.day(&board.days.start), &page.date(&last)),
            )
        });
        let method = board.and_then(|board| board.detail.as_ref()).map(|detail| detail.scores.method);
        let card = |scores: &score::Scores| {
            Card::new(&page, scores, choice.with_method(scores.method), Some(scores.method) == method)
        };
        let channel = choice.records.channel.map(Channel::name);
        let channels =
            Channel::ALL.iter().map(|each| Choosable::new(each.name(), page.name("channel", each.name()), channel));
        Self {
            periods: ends.as_ref().map(|(from, to, _)| periods(&page, choice, *from, *to)).unwrap_or_default(),
            cards: board.map(|board| board.methods.iter().map(card).collect()).unwrap_or_default(),
            detail: board.and_then(|board| board.detail.as_ref()).map(|detail| DetailView::new(&page, choice, detail)),
            hidden: hidden(choice),
            channels: channels.collect(),
            from: ends.as_ref().map(|(from, _, _)| from.to_string()).unwrap_or_default(),
            to: ends.as_ref().map(|(_, to, _)| to.to_string()).unwrap_or_default(),
            days: ends.map(|(_, _, days)| days),
            page,
        }
    }
}

/// The periods that end on the same day: name, address, whether it is the one that is shown.
fn periods(page: &Page, choice: &Choice, from: NaiveDate, to: NaiveDate) -> Vec<(String, String, bool)> {
    let period = |(name, days): &(&str, u64)| {
        let start = to.checked_sub_days(Days::new(days - 1));
        let records = choice::Choice { from: start, to: Some(to), ..choice.records.clone() };
        (page.t(name), Choice { records, ..choice.clone() }.address(), start == Some(from))
    };
    PERIODS.iter().map(period).collect()
}

/// What is chosen and has no field of its own in the form.
fn hidden(choice: &Choice) -> Vec<(&'static str, String)> {
    let records = &choice.records;
    let fields = [
        ("method", choice.method.map(|method| method.name().to_owned())),
        ("by", choice.by.map(|by| by.name().to_owned())),
        ("touchpoint", records.touchpoint.as_ref().map(ToString::to_string)),
        ("theme", records.theme.map(|id| id.to_string())),
        ("not_theme", records.not_theme.map(|id| id.to_string())),
        ("persona", records.persona.map(|id| id.to_string())),
        ("segment", records.segment.clone()),
        ("language", records.language.clone()),
        ("sentiment", records.sentiment.map(|label| label.name().to_owned())),
        ("priority", records.priority.map(|priority| priority.name().to_owned())),
        ("queue", records.queue.clone()),
        ("customer", records.customer.as_ref().map(ToString::to_string)),
        ("without", records.without.map(|attribute| attribute.name().to_owned())),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

impl DetailView {
    fn new(page: &Page, choice: &Choice, detail: &Detail) -> Self {
        let scores = &detail.scores;
        let (method, total) = (scores.method, &scores.total);
        let by = choice.by.unwrap_or(By::Channel);
        let tab = |each: &By| (each.name(), Choice { by: Some(*each), ..choice.clone() }.address(), *each == by);
        let sentiment = |label: &SentimentLabel| {
            let filter = FeedbackFilter { sentiment: Some(*label), ..total.filter.clone() };
            (label.name(), total.sentiments.get(label).copied().unwrap_or_default(), list(page, &filter))
        };
        let measure = |score: &crate::scores::Score| {
            let value = super::score_view::value(page, score.measure, score.value);
            (score.measure.name(), value, super::score_view::interval(page, score.measure, score.interval))
        };
        let records = choice::Choice::of(&FeedbackFilter { rating_method: None, ..total.filter.clone() }, page.offset);
        let contradicted = format!("/scores/disagreements?{}", records.query(&[("method", method.name())]));
        let drivers = detail.drivers.iter().filter(|each| each.driver.difference.is_some());
        Self {
            method: method.name(),
            classes: ClassView::of(page, total),
            measures: total.scores.iter().skip(1).map(measure).collect(),
            records: list(page, &total.filter),
            n: total.ratings.n(),
            sentiments: SentimentLabel::ALL.iter().map(sentiment).collect(),
            disagreements: (scores.disagreements, contradicted),
            chart: ScoreChart::new(page, Measure::main(method), &detail.trend),
            step: detail.trend.step.name(),
            tabs: GROUPINGS.iter().map(tab).collect(),
            by: by.name(),
            rows: scores.groups.iter().take(SHOWN).map(|group| Row::new(page, by, group)).collect(),
            left_out: scores.groups.len() > SHOWN,
            drivers: drivers.take(SHOWN).map(|each| Driver::new(page, Measure::main(method), each)).collect(),
        }
    }
}

impl Row {
    fn new(page: &Page, by: By, group: &Group) -> Self {
        let key = group.key.as_deref();
        let name = match (by, key) {
            (_, None) => page.t("scores-without"),
            (By::Channel, Some(key)) => page.name("channel", key),
            (By::Language, Some(key)) => page.language(key),
            (By::Theme, Some(key)) => page.title(&group.titles).unwrap_or_else(|| key.to_owned()),
            (_, Some(key)) => visible(key),
        };
        let href = key.filter(|_| by == By::Theme).map(|id| format!("/themes/{id}"));
        Self { name, href, view: ScoreView::new(page, group) }
    }
}

impl Driver {
    fn new(page: &Page, measure: Measure, found: &ThemeDriver) -> Self {
        let driver = &found.driver;
        let significant = driver.difference.is_some_and(|difference| difference.significant);
        let verdict = if significant { "score-significant" } else { "score-chance" };
        let difference = driver.difference.as_ref();
        Self {
            title: page.title(&found.titles).unwrap_or_else(|| driver.key.clone()),
            href: format!("/themes/{}", driver.key),
            with: ScoreView::of(page, measure, &driver.with, &found.with),
            without: ScoreView::of(page, measure, &driver.without, &found.without),
            change: ChangeView::new(page, difference, verdict, driver.with.n(), &found.with),
        }
    }
}

#[cfg(test)]
impl ScoresPage {
    /// A page with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let board = super::sampled::board(&page);
        let choice = Choice { by: Some(By::Theme), ..Choice::default() };
        Self::new(page, &choice, Some(&board))
    }
}
