//! One journey: the ideal over the actual as a line, gap by gap, and step by step.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::FixedOffset;
use uuid::Uuid;

use super::choice::Choice;
use super::journey_line::JourneyLine;
use super::page::Page;
use super::session::Visit;
use super::text::{Piece, pieces, shortened, visible};
use crate::access::Scope;
use crate::app::App;
use crate::feedback::{Feedback, FeedbackId, SentimentLabel};
use crate::journeys::{Expectation, JourneyId, Share, Told, Words, expectation};
use crate::pipeline::FeedbackFilter;
use crate::pipeline::journey::{self, Actual, GapStory, Rated, StepStory};
use crate::themes::Change;
use crate::web::extract::{Path, Query};
use crate::web::problem::Problem;

/// How many quotes an answer shows.
const QUOTES: usize = 2;

/// How many words of a step are shown.
const WORDS: usize = 8;

/// How long a quote may be, in characters.
const QUOTE: usize = 240;

/// The page.
#[derive(Debug, Template)]
#[template(path = "journey.html")]
pub struct JourneyPage {
    page: Page,
    id: String,
    title: String,
    covered: Link,
    from: String,
    to: String,
    line: JourneyLine,
    gaps: Vec<GapView>,
    steps: Vec<StepView>,
    may_change: bool,
}

/// A number of records, in words, and where they are.
#[derive(Clone, Debug)]
pub struct Link {
    /// How many, of how many, between which shares.
    pub text: String,
    /// Where they are.
    pub href: String,
    /// How many are there.
    pub count: u64,
}

/// What records say: what, how many, and whether what is said is a team's or customer's own word.
#[derive(Clone, Debug)]
struct Line {
    label: String,
    tone: &'static str,
    link: Link,
}

/// A quote and where it stands.
#[derive(Clone, Debug)]
struct Quote {
    id: Uuid,
    pieces: Vec<Piece>,
}

/// A gap.
#[derive(Debug)]
struct GapView {
    step: String,
    title: String,
    unhappy: Link,
    severity: String,
    themes: Vec<Line>,
    quotes: Vec<Quote>,
}

/// A step.
#[derive(Debug)]
struct StepView {
    id: String,
    number: String,
    title: String,
    volume: Link,
    by_meaning: Option<String>,
    ideal: [Option<String>; 3],
    touchpoints: Vec<String>,
    expects: Vec<Line>,
    expects_quotes: Vec<Quote>,
    thinks: Vec<Line>,
    words: Vec<String>,
    feels: Vec<Line>,
    moved: Option<(String, &'static str, Link, Link)>,
    at: Vec<Line>,
    ratings: Vec<Line>,
    silent: Option<(Link, String, bool)>,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such journey, 422 for a wrong filter, or those of the stores.
pub async fn journey(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<JourneyId>,
    Query(choice): Query<Choice>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let filter = Choice { step: None, ..choice }.filter(page.offset);
    let actual = journey::actual(&app, &id, filter, page.offset).await?;
    super::show(&JourneyPage::new(page, &actual))
}

impl JourneyPage {
    /// Puts the journey on the page.
    #[must_use]
    pub fn new(page: Page, actual: &Actual) -> Self {
        let choice = Choice::of(&actual.filter, page.offset);
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let unhappy: Vec<Share> = actual.steps.iter().map(unhappy).collect();
        let covered = Link {
            text: page.two("journey-covered", &actual.covered.part, &actual.covered.whole),
            href: records(&actual.journey.anywhere(&actual.filter), page.offset),
            count: actual.covered.part,
        };
        Self {
            id: actual.journey.id.to_string(),
            title: visible(actual.journey.ideal.title.in_language(&page.locale.language())),
            covered,
            from: day(choice.from),
            to: day(choice.to),
            line: JourneyLine::new(&page, actual, &unhappy),
            gaps: actual.gaps.iter().filter_map(|story| GapView::new(&page, actual, story)).collect(),
            steps: (0..actual.steps.len()).filter_map(|step| StepView::new(&page, actual, step)).collect(),
            may_change: page.may(Scope::ThemesWrite),
            page,
        }
    }
}

/// How many of a step's records are unhappy.
fn unhappy(story: &StepStory) -> Share {
    let told = story.facts.feels.iter().find(|told| told.what == SentimentLabel::Negative);
    told.map_or_else(|| Share::of(0, story.facts.volume.part), |told| told.share)
}

/// The address of the records that a filter finds.
#[must_use]
pub fn records(filter: &FeedbackFilter, offset: FixedOffset) -> String {
    format!("/feedback?{}", Choice::of(filter, offset).query(&[]))
}

/// A share of records: how many of how many, and between which shares.
#[must_use]
pub fn share(page: &Page, share: &Share, filter: &FeedbackFilter) -> Link {
    let counts = page.two("journey-of", &share.part, &share.whole);
    let whole = |value: f64| page.number(&((value * 100.0).round() as u64));
    let range = page.two_texts("journey-range", &whole(share.interval.low), &whole(share.interval.high));
    let text = format!("{counts} · {} {range}", page.percent(&share.value()));
    Link { text, href: records(filter, page.offset), count: share.part }
}

fn theme_title(page: &Page, actual: &Actual, theme: Uuid) -> String {
    actual.themes.get(&theme).map_or_else(|| "—".to_owned(), |titles| page.title_of(titles))
}

/// Statements as lines.
fn lines<What>(
    page: &Page,
    told: &[Told<What>],
    filter: impl Fn(&What) -> FeedbackFilter,
    label: impl Fn(&What) -> (String, &'static str),
) -> Vec<Line> {
    let line = |told: &Told<What>| {
        let (label, tone) = label(&told.what);
        Line { label, tone, link: share(page, &told.share, &filter(&told.what)) }
    };
    told.iter().map(line).collect()
}

/// The first of these records that are there, with the words that show an expectation marked if they should be.
fn quotes(actual: &Actual, ids: &[FeedbackId], marked: Option<Expectation>) -> Vec<Quote> {
    let quote = |item: &Feedback| {
        let text = shortened(item.text.as_str(), QUOTE);
        let expected = expectation(&text).filter(|expected| Some(expected.kind) == marked);
        let spans: Vec<_> = expected.map(|expected| expected.span).into_iter().collect();
        Quote { id: item.id.0, pieces: pieces(&text, &spans) }
    };
    ids.iter().filter_map(|id| actual.quotes.get(id)).take(QUOTES).map(quote).collect()
}

impl GapView {
    fn new(page: &Page, actual: &Actual, story: &GapStory) -> Option<Self> {
        let (gap, step) = (&story.gap, actual.journey.ideal.steps.get(story.gap.step)?);
        let unhappy = || FeedbackFilter { sentiment: Some(SentimentLabel::Negative), ..story.filter.clone() };
        let of_theme = |theme: &Uuid| FeedbackFilter { theme: Some(*theme), ..unhappy() };
        Some(Self {
            step: step.id.to_string(),
            title: visible(step.title.in_language(&page.locale.language())),
            unhappy: share(page, &gap.negative, &unhappy()),
            severity: page.about("journey-severity", &page.percent(&gap.severity)),
            themes: lines(page, &gap.themes, of_theme, |theme| (theme_title(page, actual, *theme), "")),
            quotes: quotes(actual, &gap.evidence, None),
        })
    }
}

impl StepView {
    fn new(page: &Page, actual: &Actual, step: usize) -> Option<Self> {
        let (story, ideal) = (actual.steps.get(step)?, actual.journey.ideal.steps.get(step)?);
        let (facts, language) = (&story.facts, page.locale.language());
        let words = |words: &Option<Words>| words.as_ref().map(|words| visible(words.in_language(&language)));
        let all = || story.filter.clone();
        let expects_quotes = facts.expects.iter().flat_map(|told| quotes(actual, &told.evidence, Some(told.what)));
        Some(Self {
            id: ideal.id.to_string(),
            number: page.number(&(step as u64 + 1)),
            title: visible(ideal.title.in_language(&language)),
            volume: share(page, &facts.volume, &story.filter),
            by_meaning: (facts.by_meaning > 0).then(|| page.n("journey-by-meaning", &facts.by_meaning)),
            ideal: [words(&ideal.expects), words(&ideal.thinks), words(&ideal.feels)],
            touchpoints: ideal.touchpoints.iter().take(WORDS).map(|name| visible(name.as_str())).collect(),
            expects: lines(
                page,
                &facts.expects,
                |kind| story.expecting(*kind),
                |kind| (page.name("expectation", kind.name()), ""),
            ),
            expects_quotes: expects_quotes.collect(),
            thinks: lines(
                page,
                &facts.thinks,
                |theme| FeedbackFilter { theme: Some(*theme), ..all() },
                |theme| (theme_title(page, actual, *theme), ""),
            ),
            words: own_words(page, story),
            feels: lines(
                page,
                &facts.feels,
                |label| FeedbackFilter { sentiment: Some(*label), ..all() },
                |label| (page.name("sentiment", label.name()), label.name()),
            ),
            moved: moved(page, story),
            at: lines(
                page,
                &facts.touchpoints,
                |name| FeedbackFilter { touchpoint: Some(name.clone()), ..all() },
                |name| (visible(name.as_str()), ""),
            ),
            ratings: story.ratings.iter().map(|rated| rating(page, rated)).collect(),
            silent: silent(page, story),
        })
    }
}

/// The words of the step's texts in the reader's language, else in whichever there are.
fn own_words(page: &Page, story: &StepStory) -> Vec<String> {
    let words = story.words.get(&page.locale.language()).or_else(|| story.words.values().next());
    words.map(|words| words.iter().take(WORDS).map(|word| visible(word)).collect()).unwrap_or_default()
}

fn moved(page: &Page, story: &StepStory) -> Option<(String, &'static str, Link, Link)> {
    let feeling = story.feeling.as_ref()?;
    let (label, tone) = match feeling.change {
        Change::Rose => ("journey-worse", "worse"),
        Change::Fell => ("journey-better", "better"),
        Change::Same => ("journey-same", ""),
    };
    let (now, before) =
        (share(page, &feeling.now, &feeling.filter), share(page, &feeling.before, &feeling.filter_before));
    Some((page.t(label), tone, now, before))
}

fn rating(page: &Page, rated: &Rated) -> Line {
    let n = page.n("journey-ratings", &rated.ratings.n());
    let text = match rated.scores.first() {
        Some(score) => {
            let scale = if score.measure.range().1 <= 1.0 { 100.0 } else { 1.0 };
            let written = |value: f64| super::format::number(page.locale, value * scale);
            let range = page.two_texts("journey-range", &written(score.interval.low), &written(score.interval.high));
            format!("{} {range} · {n}", written(score.value))
        }
        None => format!("{n} · {}", page.t("journey-too-few")),
    };
    let label = page.name("rating", rated.ratings.method().name());
    Line { label, tone: "", link: Link { text, href: records(&rated.filter, page.offset), count: rated.ratings.n() } }
}

fn silent(page: &Page, story: &StepStory) -> Option<(Link, String, bool)> {
    let (leaving, filter) = (story.leaving?, story.silent()?);
    let elsewhere = page.about("journey-elsewhere", &page.percent(&leaving.elsewhere.value()));
    Some((share(page, &leaving.here, &filter), elsewhere, leaving.more))
}

#[cfg(test)]
impl JourneyPage {
    /// A journey with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        Self::new(page, &super::sampled::actual_journey())
    }
}
