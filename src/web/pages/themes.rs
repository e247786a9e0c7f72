//! Themes: all of them with how they move and feel, and one with its quotes and its title to correct.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::address::query;
use super::chart::Spark;
use super::locale::Locale;
use super::page::Page;
use super::record::Record;
use super::session::Visit;
use super::text::visible;
use super::theme_edits::{DescentLine, EditLine};
use super::theme_map::ThemeMap;
use crate::access::Scope;
use crate::app::App;
use crate::feedback::SentimentLabel;
use crate::pipeline::{self, Listed, SubThemeOf, ThemeLine, ThemeLines, ThemeStory, WeekOf};
use crate::themes::{Marks, Trend};
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// How many sub-themes of each theme stand in the list.
const WITHIN: usize = 3;

/// All themes.
#[derive(Debug, Template)]
#[template(path = "themes.html")]
pub struct Themes {
    page: Page,
    rows: Vec<Row>,
    unassigned: String,
    hidden: Vec<(Uuid, String, u64)>,
    map: Option<ThemeMap>,
    edits: Vec<EditLine>,
    may_change: bool,
    left: u64,
    total: u64,
}

/// What some members of a theme say in particular.
#[derive(Debug)]
struct SubRow {
    title: String,
    href: String,
    members: u64,
    unhappy: u64,
    unhappy_href: String,
}

impl SubRow {
    fn new(page: &Page, of: &SubThemeOf) -> Self {
        let (theme, id) = (of.theme.to_string(), of.sub_theme.id.to_string());
        let href = |more: &[(&str, &str)]| {
            format!("/feedback?{}", query(&[&[("theme", theme.as_str()), ("sub_theme", id.as_str())], more].concat()))
        };
        Self {
            title: page.title_of(&of.sub_theme.titles),
            href: href(&[]),
            members: of.members,
            unhappy: of.negative,
            unhappy_href: href(&[("sentiment", SentimentLabel::Negative.name())]),
        }
    }
}

/// One of them.
#[derive(Debug)]
struct Row {
    id: Uuid,
    title: String,
    within: Vec<SubRow>,
    members: u64,
    share: f64,
    negative: Option<f64>,
    unhappy: u64,
    trend: &'static str,
    pinned: bool,
    spark: Spark,
}

/// Shows all.
///
/// # Errors
/// 403 if the role does not allow reading, or those of the stores.
pub async fn themes(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let lines = pipeline::theme_lines(&app).await?;
    super::show(&Themes::new(page, &lines))
}

/// A part of a whole, 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

const fn trend_name(trend: Trend) -> &'static str {
    match trend {
        Trend::Growing => "growing",
        Trend::Steady => "steady",
        Trend::Fading => "fading",
    }
}

impl Themes {
    /// Puts the themes on the page.
    #[must_use]
    pub fn new(page: Page, all: &ThemeLines) -> Self {
        let within = |id: Uuid| all.sub_themes.iter().filter(move |of| of.theme == id).take(WITHIN);
        let row = |line: &ThemeLine| Row {
            id: line.listed.theme.id,
            title: page.theme_title(&line.listed.theme),
            within: within(line.listed.theme.id).map(|of| SubRow::new(&page, of)).collect(),
            members: line.listed.members,
            share: share(line.listed.members, all.analysed),
            negative: line.negative_share(),
            unhappy: line.negative,
            trend: trend_name(line.trend),
            pinned: line.listed.theme.marks.pinned,
            spark: Spark::new(&page, &line.weeks),
        };
        let rows = all.lines.iter().map(row).collect();
        let left = all.analysed.saturating_sub(all.themed);
        let unassigned = page.percent(&share(left, all.analysed));
        let unassigned = page.about("themes-unassigned", &unassigned);
        let hidden = |listed: &Listed| (listed.theme.id, page.theme_title(&listed.theme), listed.members);
        Self {
            rows,
            unassigned,
            left,
            total: all.total,
            hidden: all.hidden.iter().map(hidden).collect(),
            map: ThemeMap::new(&page, &all.lines),
            edits: all.edits.iter().map(|edit| EditLine::new(&page, edit)).collect(),
            may_change: page.may(Scope::ThemesWrite),
            page,
        }
    }
}

/// One theme.
#[derive(Debug, Template)]
#[template(path = "theme.html")]
pub struct ThemePage {
    page: Page,
    id: Uuid,
    title: String,
    other_titles: Vec<(String, String)>,
    keywords: Vec<String>,
    members: u64,
    mentioned_in: u64,
    mentioning: String,
    trend: &'static str,
    spark: Spark,
    /// The first days of the first and of the last week.
    ends: Vec<DateTime<Utc>>,
    sentiments: Vec<(&'static str, u64, f64, String)>,
    quotes: Vec<Record>,
    within: Vec<SubRow>,
    all: String,
    may_change: bool,
    languages: Vec<(&'static str, &'static str, bool)>,
    marks: Marks,
    others: Vec<(Uuid, String)>,
    edits: Vec<EditLine>,
    lineage: Vec<DescentLine>,
}

/// Shows one; one that was merged into another leads to that.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such theme, or those of the stores.
pub async fn theme(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    if let Some(into) = app.themes.get().plan.leads_to(id).filter(|into| *into != id) {
        return Ok(Redirect::to(&format!("/themes/{into}")).into_response());
    }
    let story = pipeline::theme_story(&app, id).await?;
    super::show(&ThemePage::new(page, &story))
}

/// The first and the last of several weeks.
fn ends(weeks: &[WeekOf]) -> impl Iterator<Item = &WeekOf> {
    let last = if weeks.len() > 1 { weeks.last() } else { None };
    weeks.first().into_iter().chain(last)
}

impl ThemePage {
    /// Puts the theme on the page.
    #[must_use]
    pub fn new(page: Page, story: &ThemeStory) -> Self {
        let theme = &story.line.listed.theme;
        let id = theme.id.to_string();
        let own = page.locale.language();
        let others = theme.titles.iter().filter(|(language, _)| **language != own);
        let keywords = theme.keywords.get(&own).or_else(|| theme.keywords.values().next());
        let sentiment = |label: &SentimentLabel| {
            let count = story.counts.sentiments.get(label).copied().unwrap_or_default();
            let href = format!("/feedback?{}", query(&[("theme", &id), ("sentiment", label.name())]));
            (label.name(), count, share(count, story.counts.analysed), href)
        };
        Self {
            id: theme.id,
            title: page.theme_title(theme),
            other_titles: others.map(|(language, title)| (language.code().to_owned(), visible(title))).collect(),
            keywords: keywords.map(|words| words.iter().map(|word| visible(word)).collect()).unwrap_or_default(),
            members: story.line.listed.members,
            mentioned_in: story.line.listed.mentioned_in,
            mentioning: format!("/feedback?{}", query(&[("mentions", &id)])),
            trend: trend_name(story.line.trend),
            spark: Spark::new(&page, &story.line.weeks),
            ends: ends(&story.line.weeks).map(|week| week.start).collect(),
            sentiments: SentimentLabel::ALL.iter().map(sentiment).collect(),
            quotes: story.quotes.iter().map(Record::new).collect(),
            within: story.sub_themes.iter().map(|of| SubRow::new(&page, of)).collect(),
            all: format!("/feedback?{}", query(&[("theme", &id)])),
            may_change: page.may(Scope::ThemesWrite),
            marks: theme.marks,
            others: story.others.iter().map(|other| (other.id, page.theme_title(other))).collect(),
            edits: story.edits.iter().map(|edit| EditLine::new(&page, edit)).collect(),
            lineage: story
                .lineage
                .iter()
                .map(|descent| DescentLine::new(&page, descent, theme.id, &story.others))
                .collect(),
            languages: Locale::ALL.iter().map(|each| (each.name(), each.endonym(), *each == page.locale)).collect(),
            page,
        }
    }
}

#[cfg(test)]
impl Themes {
    /// A page with a theme on it.
    pub(super) fn sample(page: Page) -> Self {
        let story = super::sampled::story();
        let hidden = vec![story.line.listed.clone()];
        let (lines, sub_themes, edits) = (vec![story.line], story.sub_themes, story.edits);
        Self::new(page, &ThemeLines { lines, sub_themes, hidden, total: 918, analysed: 900, themed: 860, edits })
    }
}

#[cfg(test)]
impl ThemePage {
    /// A theme with everything on it.
    pub(super) fn sample(page: Page) -> Self {
        Self::new(page, &super::sampled::story())
    }
}
