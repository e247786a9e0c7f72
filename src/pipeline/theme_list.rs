//! Themes with how they move and feel, and one theme with its quotes.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::stores::sql::feedback::{self, Counts, Filter, ThemeWeek};
use crate::stores::sql::sub_themes::{self as rows, SubThemeOf};
use crate::stores::sql::theme_lineage::Descent;
use crate::stores::sql::themes::{self, Listed};
use crate::themes::{Theme, Trend, trend};

use super::theme_history::{LoggedEdit, theme_edits, theme_lineage};

/// How many weeks a trend is drawn over.
const WEEKS: usize = 12;

/// How many quotes a theme is told with.
const QUOTES: u32 = 8;

/// How many edits are shown.
const EDITS: usize = 50;

/// A theme and its weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeLine {
    /// The theme.
    pub listed: Listed,
    /// How many of all its members are unhappy.
    pub negative: u64,
    /// How many spoke of it in each of the last weeks, oldest first.
    pub weeks: Vec<WeekOf>,
    /// Where it is going.
    pub trend: Trend,
}

/// One week of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekOf {
    /// Its first moment, a Monday, UTC.
    pub start: DateTime<Utc>,
    /// How many.
    pub count: u64,
    /// How many of them are unhappy.
    pub negative: u64,
}

/// All themes.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeLines {
    /// Largest first.
    pub lines: Vec<ThemeLine>,
    /// What the members of each say in particular, by theme, largest first.
    pub sub_themes: Vec<SubThemeOf>,
    /// Those that somebody left out, largest first.
    pub hidden: Vec<Listed>,
    /// How much feedback there is.
    pub total: u64,
    /// How much of it was analysed.
    pub analysed: u64,
    /// How much of it belongs to a theme.
    pub themed: u64,
    /// What people changed, the last change first.
    pub edits: Vec<LoggedEdit>,
}

/// One theme and what is said in it.
#[derive(Debug)]
pub struct ThemeStory {
    /// The theme and its weeks.
    pub line: ThemeLine,
    /// What is known of its members.
    pub counts: Counts,
    /// Members, most typical first.
    pub quotes: Vec<Feedback>,
    /// What its members say in particular, largest first.
    pub sub_themes: Vec<SubThemeOf>,
    /// The other themes, largest first.
    pub others: Vec<Theme>,
    /// What people changed in it, the last change first.
    pub edits: Vec<LoggedEdit>,
    /// What the runs made of it, the last first.
    pub lineage: Vec<Descent>,
}

impl ThemeLine {
    /// How many of its members are unhappy, 0 to 1; none without members.
    #[must_use]
    pub fn negative_share(&self) -> Option<f64> {
        let members = self.listed.members;
        (members > 0).then(|| self.negative as f64 / members as f64)
    }
}

/// Gathers all themes.
///
/// # Errors
/// Those of the database.
pub async fn theme_lines(app: &App) -> Result<ThemeLines> {
    let weeks = feedback::theme_weeks(&app.db, &Filter::default()).await?;
    let starts = last_weeks(&weeks);
    let mut by_theme: HashMap<Uuid, Vec<ThemeWeek>> = HashMap::new();
    for week in weeks {
        by_theme.entry(week.theme).or_default().push(week);
    }
    let line = |listed: Listed| {
        let found = by_theme.get(&listed.theme.id).map(Vec::as_slice).unwrap_or_default();
        line(listed, &starts, found)
    };
    let (hidden, shown): (Vec<_>, Vec<_>) =
        themes::list(&app.db).await?.into_iter().partition(|listed| listed.theme.marks.hidden);
    let lines = shown.into_iter().map(line).collect();
    let counts = feedback::counts(&app.db, &Filter::default()).await?;
    let edits = theme_edits(app, None, None, EDITS).await?.items;
    let sub_themes = sub_themes(app, None).await?;
    Ok(ThemeLines {
        lines,
        sub_themes,
        hidden,
        total: counts.total,
        analysed: counts.analysed,
        themed: counts.themed,
        edits,
    })
}

/// Gathers one theme.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn theme_story(app: &App, id: Uuid) -> Result<ThemeStory> {
    let listed = themes::get(&app.db, id).await?.ok_or_else(|| Error::not_found("theme", id))?;
    let starts = last_weeks(&feedback::theme_weeks(&app.db, &Filter::default()).await?);
    let filter = Filter { theme: Some(id), ..Filter::default() };
    let found = feedback::theme_weeks(&app.db, &filter).await?;
    let others = themes::list(&app.db).await?.into_iter().map(|listed| listed.theme);
    Ok(ThemeStory {
        others: others.filter(|theme| theme.id != id && !theme.marks.hidden).collect(),
        edits: theme_edits(app, Some(id), None, EDITS).await?.items,
        lineage: theme_lineage(app, id).await?,
        line: line(listed, &starts, &found),
        counts: feedback::counts(&app.db, &filter).await?,
        sub_themes: sub_themes(app, Some(id)).await?,
        quotes: feedback::of_theme(&app.db, id, None, QUOTES).await?.items,
    })
}

/// What the members of a theme, or of every theme, say in particular: by theme, largest first.
///
/// # Errors
/// Those of the database.
pub async fn sub_themes(app: &App, theme: Option<Uuid>) -> Result<Vec<SubThemeOf>> {
    Ok(rows::of_themes(&app.db, theme).await?)
}

/// The starts of the last weeks in which anybody spoke of any theme.
fn last_weeks(weeks: &[ThemeWeek]) -> Vec<DateTime<Utc>> {
    let Some(last) = weeks.iter().map(|week| week.start).max() else { return Vec::new() };
    let first = weeks.iter().map(|week| week.start).min().unwrap_or(last);
    let back = |number: usize| last - TimeDelta::weeks(i64::try_from(number).unwrap_or_default());
    (0..WEEKS).rev().map(back).filter(|start| *start >= first).collect()
}

fn line(listed: Listed, starts: &[DateTime<Utc>], found: &[ThemeWeek]) -> ThemeLine {
    let week = |start: &DateTime<Utc>| {
        let of = found.iter().find(|week| week.start == *start);
        WeekOf { start: *start, count: of.map_or(0, |week| week.count), negative: of.map_or(0, |week| week.negative) }
    };
    let weeks: Vec<WeekOf> = starts.iter().map(week).collect();
    let counts: Vec<u64> = weeks.iter().map(|week| week.count).collect();
    let negative = found.iter().map(|week| week.negative).sum();
    ThemeLine { listed, negative, trend: trend(&counts), weeks }
}
