//! Charts as SVG: bars by day and feeling, and bars by week small enough for a line of a table.
//!
//! Drawn here rather than by a library: libraries write fixed colours, left-to-right axes and shapes without links, and
//! ours must follow the theme, the direction, and lead from each bar to the records behind it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::feedback::SentimentLabel;
use crate::pipeline::{Day, Stretch, WeekOf};

use super::address;
use super::page::Page;
use crate::feedback::Direction;

/// Width of the drawing, in units of the picture.
const WIDTH: f64 = 720.0;
/// Height of the area of the bars.
const HEIGHT: f64 = 190.0;
/// Room for the numbers beside it.
const BESIDE: f64 = 34.0;
/// Room for the days below it.
const BELOW: f64 = 24.0;
/// Share of its place that a bar takes.
const FULLNESS: f64 = 0.72;
/// Width and height of a small chart.
const SPARK: (f64, f64) = (120.0, 30.0);

/// In this order from the axis up.
const STACK: [SentimentLabel; 4] =
    [SentimentLabel::Negative, SentimentLabel::Mixed, SentimentLabel::Neutral, SentimentLabel::Positive];

/// Bars by day, stacked by feeling.
#[derive(Clone, Debug, PartialEq)]
pub struct DayChart {
    /// Width and height of the whole.
    pub size: (f64, f64),
    /// The days.
    pub bars: Vec<Bar>,
    /// Lines across, with their numbers.
    pub lines: Vec<Line>,
    /// Days below.
    pub labels: Vec<Label>,
    /// The feelings in the order of the stack, topmost first.
    pub legend: Vec<&'static str>,
}

/// One day.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it tells, in words.
    pub title: String,
    /// The records behind it.
    pub href: String,
    /// How many there are.
    pub count: u64,
    /// Its pieces.
    pub parts: Vec<Part>,
}

/// One piece of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its place and size.
    pub x: f64,
    /// Its place from above.
    pub y: f64,
    /// Its width.
    pub across: f64,
    /// Its height.
    pub up: f64,
    /// The feeling.
    pub feeling: &'static str,
}

/// A line across.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its place from above.
    pub y: f64,
    /// From where to where it goes.
    pub ends: (f64, f64),
    /// Where its number stands.
    pub at: f64,
    /// Its number.
    pub text: String,
}

/// A day below.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Its middle.
    pub x: f64,
    /// Its place from above.
    pub y: f64,
    /// The day.
    pub text: String,
}

impl DayChart {
    /// Draws the days as the page's language reads: time runs with the text.
    #[must_use]
    pub fn new(page: &Page, days: &[Day]) -> Self {
        let most = days.iter().map(Day::total).max().unwrap_or_default();
        let step = step(most);
        let top = most.div_ceil(step).max(1) * step;
        let y = |count: u64| HEIGHT - HEIGHT * count as f64 / top as f64 + 6.0;
        let rtl = page.locale.direction() == Direction::Rtl;
        let place = (WIDTH - BESIDE) / days.len().max(1) as f64;
        let left = |index: usize| {
            let x = BESIDE + place * index as f64 + place * (1.0 - FULLNESS) / 2.0;
            if rtl { WIDTH - x - place * FULLNESS } else { x }
        };
        let bar = |(index, day): (usize, &Day)| Bar {
            title: format!("{}: {}", page.day(&day.start), page.n("messages-count", &day.total())),
            href: format!(
                "/feedback?{}",
                address::query(&[("from", &page.local_date(&day.start)), ("to", &page.local_date(&day.start))])
            ),
            count: day.total(),
            parts: parts(day, |from, to, feeling| Part {
                x: round(left(index)),
                y: round(y(to)),
                across: round(place * FULLNESS),
                up: round(y(from) - y(to)),
                feeling,
            }),
        };
        let line = |count: u64| {
            let (start, end) = (BESIDE, WIDTH);
            let flip = |x: f64| if rtl { WIDTH - x } else { x };
            Line {
                y: round(y(count)),
                ends: (flip(start), flip(end)),
                at: flip(BESIDE - 6.0),
                text: page.number(&count),
            }
        };
        let labelled = days.iter().enumerate().rev().step_by(7);
        let label = |(index, day): (usize, &Day)| Label {
            x: round(left(index) + place * FULLNESS / 2.0),
            y: HEIGHT + 6.0 + BELOW - 5.0,
            text: page.day(&day.start),
        };
        Self {
            size: (WIDTH, HEIGHT + 6.0 + BELOW),
            bars: days.iter().enumerate().filter(|(_, day)| day.total() > 0).map(bar).collect(),
            lines: (0..=top / step).map(|number| line(number * step)).collect(),
            labels: labelled.map(label).collect(),
            legend: STACK.iter().rev().map(|label| label.name()).collect(),
        }
    }
}

/// The pieces of a day from the axis up; what is not analysed yet counts as neutral.
fn parts(day: &Day, part: impl Fn(u64, u64, &'static str) -> Part) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut from = 0;
    for label in STACK {
        let unread = if label == SentimentLabel::Neutral { day.unread } else { 0 };
        let count = day.sentiments.get(&label).copied().unwrap_or_default() + unread;
        if count > 0 {
            parts.push(part(from, from + count, label.name()));
        }
        from += count;
    }
    parts
}

/// The distance between lines, 1, 2 or 5 times a power of ten, so that there are at most five.
fn step(most: u64) -> u64 {
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    let mut steps = powers.flat_map(|power| [1, 2, 5].map(|times| power.saturating_mul(times)));
    steps.find(|step| most.div_ceil(*step) <= 4).unwrap_or(most.max(1))
}

/// Small bars without an axis; the part that is unhappy stands out.
#[derive(Clone, Debug, PartialEq)]
pub struct Spark {
    /// What it tells, in words.
    pub title: String,
    /// The bars.
    pub parts: Vec<Part>,
    /// Width and height.
    pub size: (f64, f64),
}

impl Spark {
    /// Draws the weeks, for a line of a table.
    #[must_use]
    pub fn new(page: &Page, weeks: &[WeekOf]) -> Self {
        let counts: Vec<(u64, u64)> = weeks.iter().map(|week| (week.count, week.negative)).collect();
        Self::of(page, "spark-title", &counts)
    }

    /// Draws ten minutes a bar, from the first of the stretches to the last, but not more than a day of them.
    #[must_use]
    pub fn by_ten_minutes(page: &Page, stretches: &[Stretch]) -> Self {
        let Some(first) = stretches.first() else { return Self::of(page, "incident-by-time", &[]) };
        let place = |start: DateTime<Utc>| (start - first.start).num_minutes() / 10;
        let last = stretches.last().map_or(0, |last| place(last.start)).min(TimeDelta::days(1).num_minutes() / 10);
        let at = |number| stretches.iter().find(|stretch| place(stretch.start) == number);
        let counts: Vec<(u64, u64)> =
            (0..=last).map(|number| at(number).map_or((0, 0), |each| (each.count, each.negative))).collect();
        Self::of(page, "incident-by-time", &counts)
    }

    /// Draws counts and what of them is unhappy from left to right; the page turns it over where text runs the other way.
    fn of(page: &Page, title: &str, counts: &[(u64, u64)]) -> Self {
        let most = counts.iter().map(|(count, _)| *count).max().unwrap_or_default().max(1) as f64;
        let place = SPARK.0 / counts.len().max(1) as f64;
        let mut parts = Vec::new();
        for (index, (count, negative)) in counts.iter().enumerate() {
            let mut bar = |from: u64, to: u64, feeling| {
                let y = |count: u64| SPARK.1 - SPARK.1 * count as f64 / most;
                let (x, across) = (round(place * index as f64), round(place * FULLNESS));
                parts.push(Part { x, y: round(y(to)), across, up: round(y(from) - y(to)), feeling });
            };
            bar(0, *negative, "negative");
            bar(*negative, *count, "neutral");
        }
        parts.retain(|part| part.up > 0.0);
        let counts: Vec<String> = counts.iter().map(|(count, _)| page.number(count)).collect();
        Self { title: page.about(title, &counts.join(" · ")), parts, size: SPARK }
    }
}

/// Two digits behind the point are enough for a picture.
pub(super) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;

    use super::super::locale::Locale;
    use super::*;

    fn days(page: &Page) -> Vec<Day> {
        let start = page.now - TimeDelta::days(10);
        let day = |number: i64| Day {
            start: start + TimeDelta::days(number),
            sentiments: BTreeMap::from([
                (SentimentLabel::Negative, 3),
                (SentimentLabel::Positive, number.unsigned_abs()),
            ]),
            unread: 1,
        };
        (0..10).map(day).chain([Day { start: page.now, sentiments: BTreeMap::new(), unread: 0 }]).collect()
    }

    #[test]
    fn bars_add_up_and_stay_within_the_picture_and_time_runs_with_the_text() {
        for locale in Locale::ALL.iter().copied() {
            let page = Page::sample(locale, "/");
            let chart = DayChart::new(&page, &days(&page));
            assert_eq!((chart.bars.len(), chart.lines.len()), (10, 4), "thirteen in steps of five");
            for bar in &chart.bars {
                let mut below = HEIGHT + 6.0;
                for part in &bar.parts {
                    assert!((part.y + part.up - below).abs() < 0.02, "{part:?} does not stand on what is below");
                    assert!(part.x >= 0.0 && part.x + part.across <= WIDTH && part.y >= 0.0, "{part:?}");
                    below = part.y;
                }
            }
            let x = |index: usize| chart.bars[index].parts[0].x;
            assert_eq!(x(0) > x(9), locale == Locale::Arabic);
            assert_eq!(chart.bars[9].href, "/feedback?from=2026-10-31&to=2026-10-31");
        }
    }

    #[test]
    fn lines_stand_at_round_numbers() {
        for (most, expected) in [
            (0, 1),
            (1, 1),
            (4, 1),
            (5, 2),
            (13, 5),
            (40, 10),
            (41, 20),
            (999, 500),
            (u64::MAX, 5_000_000_000_000_000_000),
        ] {
            assert_eq!(step(most), expected, "{most}");
        }
    }
}
