//! The first page: what changed this week, what is urgent now, how it came in by day, which themes grow.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::address::query;
use super::chart::DayChart;
use super::page::Page;
use super::session::Visit;
use super::ticket_line::TicketLine;
use crate::access::Scope;
use crate::app::App;
use crate::pipeline::{self, Moved, Week};
use crate::themes::Change;
use crate::web::problem::Problem;

/// How many tickets are shown.
const URGENT: u32 = 6;

/// The first page.
#[derive(Debug, Template)]
#[template(path = "overview.html")]
pub struct Overview {
    page: Page,
    week: Option<WeekView>,
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
    /// `worse`, `better`, or nothing if chance explains it.
    tone: &'static str,
}

/// A theme that grew.
#[derive(Debug)]
struct GrownView {
    id: Uuid,
    title: String,
    change: String,
    sure: bool,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn overview(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let week = pipeline::week(&app, page.offset, URGENT).await?;
    super::show(&Overview::new(page, week.as_ref()))
}

impl Overview {
    /// Puts the week on the page.
    #[must_use]
    pub fn new(page: Page, week: Option<&Week>) -> Self {
        Self { week: week.map(|week| WeekView::new(&page, week)), page }
    }
}

impl WeekView {
    fn new(page: &Page, week: &Week) -> Self {
        let last = week.days.end - chrono::TimeDelta::milliseconds(1);
        let (from, to) = (page.local_date(&week.days.start), page.local_date(&last));
        let records = |more: &[(&str, &str)]| {
            let fields: Vec<(&str, &str)> =
                [("from", from.as_str()), ("to", to.as_str())].iter().chain(more).copied().collect();
            format!("/feedback?{}", query(&fields))
        };
        let figure = |label: &str, moved: &Moved, href: String, more_is: (&'static str, &'static str)| Figure {
            label: page.t(label),
            value: page.number(&moved.now),
            href,
            change: page.n("overview-before", &moved.before),
            tone: match moved.change {
                Change::Rose => more_is.0,
                Change::Fell => more_is.1,
                Change::Same => "",
            },
        };
        let open: u64 = week.tickets.active_priorities.values().sum();
        let figures = vec![
            figure("overview-volume", &week.volume, records(&[]), ("", "")),
            figure("overview-negative", &week.negative, records(&[("sentiment", "negative")]), ("worse", "better")),
            figure("overview-top", &week.top_priority, records(&[("priority", "P1")]), ("worse", "better")),
            Figure {
                label: page.t("overview-open"),
                value: page.number(&open),
                href: "/inbox".to_owned(),
                change: page.n("overview-overdue", &week.tickets.overdue),
                tone: if week.tickets.overdue > 0 { "worse" } else { "" },
            },
        ];
        let grown = |grown: &pipeline::Grown| GrownView {
            id: grown.theme.id,
            title: page.theme_title(&grown.theme),
            change: page.two("overview-grew", &grown.moved.now, &grown.moved.before),
            sure: grown.moved.change == Change::Rose,
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
        let week = super::tests::week(&page);
        Self::new(page, Some(&week))
    }
}
