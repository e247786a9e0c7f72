//! The records that numbers lead to: a list with filters, and one record with all that was understood of it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::choice::Choice;
use super::inbox::Choosable;
use super::page::Page;
use super::record::Record;
use super::session::Visit;
use super::text::visible;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::{Channel, Feedback, FeedbackId, Priority, RatingMethod, SentimentLabel};
use crate::journeys::Expectation;
use crate::pipeline::{self, Cursor, FeedbackAttribute};
use crate::themes::Theme;
use crate::web::extract::{Fields, Parameters, Path, Query};
use crate::web::problem::Problem;

/// How many records a page has.
const PAGE: usize = 30;

/// How many similar ones a record shows.
const SIMILAR: usize = 5;

/// Where the page before ended.
#[derive(Clone, Debug)]
pub struct After(pub Option<Cursor>);

impl Parameters for After {
    fn read(fields: &mut Fields) -> Self {
        Self(fields.optional("after"))
    }
}

/// The form of a choice, as lists and search show it.
#[derive(Debug)]
pub struct Chooser {
    /// How it feels.
    pub sentiments: Vec<Choosable>,
    /// How urgent it is.
    pub priorities: Vec<Choosable>,
    /// Where it came in.
    pub channels: Vec<Choosable>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What is chosen and has no field of its own: name, value, what it is, how it is shown.
    pub fixed: Vec<(&'static str, String, String, String)>,
}

/// What people call the ids of a choice.
#[derive(Debug, Default)]
pub struct Names {
    /// The title of its theme.
    pub theme: Option<String>,
    /// The title of its sub-theme.
    pub sub_theme: Option<String>,
    /// The title of a theme of which it speaks, too.
    pub mentions: Option<String>,
    /// The name of its persona.
    pub persona: Option<String>,
}

impl Names {
    /// Looks them up.
    async fn of(app: &App, page: &Page, choice: &Choice) -> crate::error::Result<Self> {
        let mut names = Self::default();
        if choice.theme.is_some() || choice.mentions.is_some() {
            let themes = pipeline::list_themes(app).await?;
            let title = |id: Uuid| Some(page.theme_title(&themes.iter().find(|listed| listed.theme.id == id)?.theme));
            (names.theme, names.mentions) = (choice.theme.and_then(title), choice.mentions.and_then(title));
        }
        if let Some(id) = choice.sub_theme {
            let all = pipeline::sub_themes(app, choice.theme).await?;
            let found = all.iter().find(|each| each.sub_theme.id == id);
            names.sub_theme = found.map(|each| page.title_of(&each.sub_theme.titles));
        }
        if let Some(id) = choice.persona {
            names.persona = page.persona_name(&pipeline::list_personas(app).await?.personas, id);
        }
        Ok(names)
    }
}

impl Chooser {
    /// The form with `choice` chosen and what it names called by these names.
    #[must_use]
    pub fn new(page: &Page, choice: &Choice, names: Names) -> Self {
        let of = |kind, names: &[&'static str], now: Option<&str>| -> Vec<Choosable> {
            names.iter().map(|name| Choosable::new(name, page.name(kind, name), now)).collect()
        };
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let sentiments: Vec<&str> = SentimentLabel::ALL.iter().map(|label| label.name()).collect();
        let channels: Vec<&str> = Channel::ALL.iter().map(|channel| channel.name()).collect();
        let mut fixed = Vec::new();
        let mut fix = |name: &'static str, value: Option<String>, shown: Option<String>| {
            if let Some(value) = value {
                let shown = shown.unwrap_or_else(|| visible(&value));
                fixed.push((name, value, page.name("filter", name), shown));
            }
        };
        fix("theme", choice.theme.map(|id| id.to_string()), names.theme);
        fix("sub_theme", choice.sub_theme.map(|id| id.to_string()), names.sub_theme);
        fix("mentions", choice.mentions.map(|id| id.to_string()), names.mentions);
        fix("persona", choice.persona.map(|id| id.to_string()), names.persona);
        fix("incident", choice.incident.map(|id| id.to_string()), Some(page.t("filter-incident-only")));
        fix("not_theme", choice.not_theme.map(|id| id.to_string()), None);
        let lacking = choice.without.map(FeedbackAttribute::name);
        fix("without", lacking.map(str::to_owned), lacking.map(|name| page.name("filter", name)));
        let method = choice.rating_method.map(RatingMethod::name);
        fix("rating_method", method.map(str::to_owned), method.map(|name| page.name("rating", name)));
        for (name, value) in [("rating_min", choice.rating_min), ("rating_max", choice.rating_max)] {
            fix(name, value.map(|value| value.to_string()), value.map(|value| page.number(&u64::from(value))));
        }
        fix("segment", choice.segment.clone(), None);
        fix("customer", choice.customer.as_ref().map(ToString::to_string), None);
        fix("touchpoint", choice.touchpoint.as_ref().map(ToString::to_string), None);
        fix("queue", choice.queue.clone(), choice.queue.as_deref().map(|name| page.queue(name)));
        fix("language", choice.language.clone(), None);
        if let Some(at) = &choice.step {
            fix("journey", Some(at.journey.to_string()), None);
            fix("step", at.step.as_ref().map(ToString::to_string), None);
            let expected = at.expectation.map(Expectation::name);
            fix("expectation", expected.map(str::to_owned), expected.map(|name| page.name("expectation", name)));
            let before = at.last_before.map(|time| page.machine(&time));
            fix("last_before", before, at.last_before.map(|time| page.date(&time)));
        }
        Self {
            sentiments: of("sentiment", &sentiments, choice.sentiment.map(SentimentLabel::name)),
            priorities: of("priority-long", &Priority::ALL.map(Priority::name), choice.priority.map(Priority::name)),
            channels: of("channel", &channels, choice.channel.map(Channel::name)),
            from: day(choice.from),
            to: day(choice.to),
            fixed,
        }
    }
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "feedback.html")]
pub struct FeedbackPage {
    page: Page,
    chooser: Chooser,
    total: u64,
    records: Vec<Record>,
    next: Option<String>,
}

/// Shows the list.
///
/// # Errors
/// 403 if the role does not allow reading, 422 for a wrong filter, or those of the stores.
pub async fn list(
    State(app): State<App>,
    visit: Visit,
    Query((choice, After(after))): Query<(Choice, After)>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let filter = choice.filter(page.offset);
    let total = pipeline::count_feedback(&app, &filter).await?.total;
    let found = pipeline::list_feedback(&app, filter, after, PAGE).await?;
    let names = Names::of(&app, &page, &choice).await?;
    super::show(&FeedbackPage::new(page, &choice, names, total, &found))
}

impl FeedbackPage {
    /// Puts the records on the page; the names are those of what is chosen.
    #[must_use]
    pub fn new(page: Page, choice: &Choice, names: Names, total: u64, found: &pipeline::Page<Feedback>) -> Self {
        let next =
            found.next.as_ref().map(|after| format!("/feedback?{}", choice.query(&[("after", &after.to_string())])));
        let chooser = Chooser::new(&page, choice, names);
        Self { chooser, total, records: found.items.iter().map(Record::new).collect(), next, page }
    }
}

/// One record.
#[derive(Debug, Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    page: Page,
    record: Record,
    ticket: Option<Uuid>,
    similar: Vec<Record>,
    /// The themes that it may be put into: id, title, whether it is there.
    themes: Vec<(Uuid, String, bool)>,
}

/// Shows one.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such record, or those of the stores.
pub async fn record(State(app): State<App>, visit: Visit, Path(id): Path<FeedbackId>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let item = pipeline::feedback(&app, id).await?;
    let ticket = pipeline::ticket_of(&app, id).await?.map(|ticket| ticket.id);
    let similar = match item.analysis {
        Some(_) => pipeline::similar(&app, id, SIMILAR).await?.into_iter().map(|(item, _)| item).collect(),
        None => Vec::new(),
    };
    let may = item.analysis.is_some() && page.may(Scope::ThemesWrite);
    let listed = if may { pipeline::list_themes(&app).await? } else { Vec::new() };
    let themes: Vec<Theme> = listed.into_iter().map(|listed| listed.theme).collect();
    super::show(&RecordPage::new(page, &item, ticket, &similar, &themes))
}

impl RecordPage {
    /// Puts the record on the page.
    #[must_use]
    pub fn new(page: Page, item: &Feedback, ticket: Option<Uuid>, similar: &[Feedback], themes: &[Theme]) -> Self {
        let own = item.analysis.as_ref().and_then(|analysis| analysis.theme.as_ref()).map(|theme| theme.id);
        let choice = |theme: &Theme| (theme.id, page.theme_title(theme), Some(theme.id) == own);
        Self {
            themes: themes.iter().map(choice).collect(),
            record: Record::new(item),
            ticket,
            similar: similar.iter().map(Record::new).collect(),
            page,
        }
    }
}

#[cfg(test)]
impl FeedbackPage {
    /// A list with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let items = vec![super::sampled::feedback(1), super::sampled::feedback(2)];
        let choice = Choice {
            theme: Some(Uuid::nil()),
            queue: Some("care".to_owned()),
            language: Some("ar".to_owned()),
            from: chrono::NaiveDate::from_ymd_opt(2026, 11, 1),
            ..Choice::default()
        };
        let names = Names { theme: Some("التوصيل".to_owned()), ..Names::default() };
        Self::new(page, &choice, names, 2, &pipeline::Page { items, next: None })
    }
}

#[cfg(test)]
impl RecordPage {
    /// A record with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        let themes = super::sampled::story().others;
        Self::new(page, &super::sampled::feedback(1), Some(Uuid::nil()), &[super::sampled::feedback(2)], &themes)
    }
}
