//! The first page: what changed this week, what is urgent now, how it came in by day, which themes grow.

use std::ops::Range;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::address::query;
use super::chart::DayChart;
use super::incident_card::IncidentCard;
use super::journey::{Link, share};
use super::page::Page;
use super::score_view::{Card, list};
use super::session::Visit;
use super::text::visible;
use super::ticket_line::TicketLine;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::{Priority, SentimentLabel};
use crate::journeys::Gap;
use crate::pipeline::journey::TopGaps;
use crate::pipeline::score::Scores;
use crate::pipeline::{self, FeedbackFilter, IncidentGlance, Moved, Week};
use crate::themes::Change;
use crate::web::problem::Problem;

/// How many tickets are shown.
const URGENT: u32 = 6;

/// How many gaps are shown, and over which time: a week is too short for most steps.
const GAPS: usize = 3;
const MONTH: TimeDelta = TimeDelta::days(28);

/// The first page.
#[derive(Debug, Template)]
#[template(path = "overview.html")]
pub struct Overview {
    page: Page,
    week: Option<WeekView>,
    gaps: Option<TopGapsView>,
    cards: Vec<Card>,
    incidents: Vec<IncidentCard>,
}

/// The heaviest gaps of the journey that is in use.
#[derive(Debug)]
struct TopGapsView {
    journey: String,
    rows: Vec<(String, String, Link)>,
}

/// The week on it.
#[derive(Debug)]
struct WeekView {
    days: String,
    figures: Vec<Figure>,
    urgent: Vec<TicketLine>,
    open: u64,
    chart: DayChart,
    growing: Vec<GrownView>,
}

/// A number with what it was before and the records behind it.
#[derive(Debug)]
struct Figure {
    label: String,
    value: String,
    href: String,
    change: String,
    /// What the change leads to.
    before: String,
    /// `worse`, `better`, or nothing if chance explains it.
    tone: &'static str,
}

/// A theme that grew.
#[derive(Debug)]
struct GrownView {
    id: Uuid,
    title: String,
    now: (String, String),
    before: (String, String),
    sure: bool,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn overview(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let week = pipeline::week(&app, page.offset, URGENT).await?;
    let gaps = pipeline::journey::top_gaps(&app, week.as_ref().map(|week| week.days.end - MONTH), GAPS).await?;
    let scores = pipeline::score::recent(&app, page.offset).await?;
    let incidents = pipeline::open_incidents(&app).await?;
    let overview = Overview::new(page, week.as_ref(), &scores).with_gaps(gaps.as_ref());
    super::show(&overview.with_incidents(&incidents))
}

impl Overview {
    /// Puts the week and the scores on the page.
    #[must_use]
    pub fn new(page: Page, week: Option<&Week>, scores: &[Scores]) -> Self {
        let address = |scores: &Scores| format!("/scores?{}", query(&[("method", scores.method.name())]));
        let card = |scores: &Scores| Card::new(&page, scores, address(scores), false);
        let cards = scores.iter().map(card).collect();
        Self { week: week.map(|week| WeekView::new(&page, week)), gaps: None, cards, incidents: Vec::new(), page }
    }

    /// The same page with the incidents that are open.
    #[must_use]
    pub fn with_incidents(self, open: &[IncidentGlance]) -> Self {
        Self { incidents: open.iter().map(|glance| IncidentCard::new(&self.page, glance)).collect(), ..self }
    }

    /// The same page with the heaviest gaps of the last four weeks, if there is a journey in use.
    #[must_use]
    pub fn with_gaps(self, top: Option<&TopGaps>) -> Self {
        Self { gaps: top.map(|top| TopGapsView::new(&self.page, top)), ..self }
    }
}

impl TopGapsView {
    fn new(page: &Page, top: &TopGaps) -> Self {
        let language = page.locale.language();
        let row = |gap: &Gap| {
            let step = top.journey.ideal.steps.get(gap.step)?;
            let negative =
                FeedbackFilter { sentiment: Some(SentimentLabel::Negative), ..top.journey.at(gap.step, &top.filter) };
            let href = format!("/journeys/{}#step-{}", top.journey.id, step.id);
            Some((visible(step.title.in_language(&language)), href, share(page, &gap.negative, &negative)))
        };
        Self { journey: top.journey.id.to_string(), rows: top.gaps.iter().filter_map(row).collect() }
    }
}

impl WeekView {
    fn new(page: &Page, week: &Week) -> Self {
        let last = week.days.end - chrono::TimeDelta::milliseconds(1);
        let records = |days: &Range<DateTime<Utc>>, filter: &FeedbackFilter| {
            list(page, &FeedbackFilter { since: Some(days.start), until: Some(days.end), ..filter.clone() })
        };
        let figure =
            |label: &str, moved: &Moved, filter: &FeedbackFilter, more_is: (&'static str, &'static str)| Figure {
                label: page.t(label),
                value: page.number(&moved.now),
                href: records(&week.days, filter),
                change: page.n("overview-before", &moved.before),
                before: records(&week.before, filter),
                tone: match moved.change {
                    Change::Rose => more_is.0,
                    Change::Fell => more_is.1,
                    Change::Same => "",
                },
            };
        let open: u64 = week.tickets.active_priorities.values().sum();
        let all = FeedbackFilter::default();
        let negative = FeedbackFilter { sentiment: Some(SentimentLabel::Negative), ..all.clone() };
        let top = FeedbackFilter { priority: Some(Priority::P1), ..all.clone() };
        let figures = vec![
            figure("overview-volume", &week.volume, &all, ("", "")),
            figure("overview-negative", &week.negative, &negative, ("worse", "better")),
            figure("overview-top", &week.top_priority, &top, ("worse", "better")),
            Figure {
                label: page.t("overview-open"),
                value: page.number(&open),
                href: "/inbox".to_owned(),
                change: page.n("overview-overdue", &week.tickets.overdue),
                before: "/inbox?late=true".to_owned(),
                tone: if week.tickets.overdue > 0 { "worse" } else { "" },
            },
        ];
        let grown = |grown: &pipeline::Grown| {
            let of = FeedbackFilter { theme: Some(grown.theme.id), ..all.clone() };
            GrownView {
                id: grown.theme.id,
                title: page.theme_title(&grown.theme),
                now: (page.n("overview-grew", &grown.moved.now), records(&week.days, &of)),
                before: (page.n("overview-before", &grown.moved.before), records(&week.before, &of)),
                sure: grown.moved.change == Change::Rose,
            }
        };
        Self {
            days: page.two_texts("overview-days", &page.day(&week.days.start), &page.date(&last)),
            figures,
            urgent: week.urgent.iter().map(TicketLine::new).collect(),
            open,
            chart: DayChart::new(page, &week.series),
            growing: week.growing.iter().map(grown).collect(),
        }
    }
}

#[cfg(test)]
impl Overview {
    /// A page with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let week = super::sampled::week(&page);
        let actual = super::sampled::actual_journey();
        let gaps = actual.gaps.iter().map(|story| story.gap.clone()).collect();
        let top = TopGaps { journey: actual.journey, gaps, filter: FeedbackFilter::default() };
        let board = super::sampled::board(&page);
        let incidents = [super::incident::sampled(&page).glance];
        Self::new(page, Some(&week), &board.methods).with_gaps(Some(&top)).with_incidents(&incidents)
    }
}
