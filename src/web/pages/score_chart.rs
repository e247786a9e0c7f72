//! A score over time as SVG: a line through its values within the band of their intervals, a point for each step.

use super::page::Page;
use super::score_view::{interval, list, value};
use crate::feedback::Direction;
use crate::pipeline::score::{Group, Trend};
use crate::scores::{Measure, Score};

/// Width of the drawing, in units of the picture.
const WIDTH: f64 = 720.0;
/// Height of the area of the line.
const HEIGHT: f64 = 190.0;
/// Room above it.
const ABOVE: f64 = 10.0;
/// Room for the numbers beside it.
const BESIDE: f64 = 56.0;
/// Room for the days below it.
const BELOW: f64 = 30.0;
/// How many days are written at most.
const LABELS: usize = 5;

/// A score over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreChart {
    /// Width and height of the whole.
    pub size: (f64, f64),
    /// The area between the ends of the intervals, a path for each stretch without a gap.
    pub bands: Vec<String>,
    /// The line through the values, likewise.
    pub lines: Vec<String>,
    /// A step each, those with too few ratings at the bottom.
    pub points: Vec<Point>,
    /// Values across: height, text.
    pub levels: Vec<(f64, String)>,
    /// Where lines across begin and end.
    pub ends: (f64, f64),
    /// Where the values of lines across stand.
    pub beside: f64,
    /// Days below: place, text.
    pub labels: Vec<(f64, String)>,
    /// Where the days stand.
    pub below: f64,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its place.
    pub x: f64,
    /// Its place from above.
    pub y: f64,
    /// Where its interval begins and ends, from above; none where there are too few ratings.
    pub interval: Option<(f64, f64)>,
    /// What it tells, in words.
    pub title: String,
    /// The records behind it.
    pub href: String,
    /// How many ratings.
    pub n: u64,
}

/// The values that are drawn: from, to, and the distance of lines.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl ScoreChart {
    /// Draws the steps as the page's language reads: time runs with the text. None without any score.
    #[must_use]
    pub fn new(page: &Page, measure: Measure, trend: &Trend) -> Option<Self> {
        let scores: Vec<&Score> = trend.groups.iter().filter_map(|group| group.scores.first()).collect();
        let low = scores.iter().map(|score| score.interval.low).reduce(f64::min)?;
        let high = scores.iter().map(|score| score.interval.high).reduce(f64::max)?;
        let scale = Scale::around(low, high, measure.range());
        let rtl = page.locale.direction() == Direction::Rtl;
        let flip = |x: f64| round(if rtl { WIDTH - x } else { x });
        let places = places(&trend.groups);
        let x = |index: usize| flip(BESIDE + (WIDTH - BESIDE) * places.get(index).copied().unwrap_or(0.5));
        let point = |(index, group): (usize, &Group)| point(page, measure, group, x(index), scale);
        let points: Vec<Point> = trend.groups.iter().enumerate().map(point).collect();
        let runs = runs(&trend.groups);
        let stretches = || runs.iter().map(|run| &points[run.clone()]).filter(|run| run.len() > 1);
        let every = points.len().div_ceil(LABELS).max(1);
        let labelled = trend.groups.iter().enumerate().rev().step_by(every);
        let label = |(index, group): (usize, &Group)| Some((x(index), page.day(&group.filter.since?)));
        Some(Self {
            size: (WIDTH, ABOVE + HEIGHT + BELOW),
            bands: stretches().map(band).collect(),
            lines: stretches().map(line).collect(),
            labels: labelled.filter_map(label).collect(),
            points,
            levels: scale.levels().map(|level| (scale.y(level), value(page, measure, level))).collect(),
            ends: (flip(BESIDE), flip(WIDTH)),
            beside: flip(BESIDE - 8.0),
            below: ABOVE + HEIGHT + BELOW - 6.0,
        })
    }
}

/// Where the middle of each step lies, 0 to 1 of the whole time.
fn places(groups: &[Group]) -> Vec<f64> {
    let ends = |group: &Group| Some((group.filter.since?.timestamp() as f64, group.filter.until?.timestamp() as f64));
    let all: Vec<(f64, f64)> = groups.iter().filter_map(ends).collect();
    let (first, last) = (all.first().map_or(0.0, |ends| ends.0), all.last().map_or(1.0, |ends| ends.1));
    all.iter().map(|(start, end)| ((start + end) / 2.0 - first) / (last - first).max(1.0)).collect()
}

/// Stretches of steps that have a score and follow each other without a gap.
fn runs(groups: &[Group]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, group) in groups.iter().enumerate().filter(|(_, group)| !group.scores.is_empty()) {
        let follows = index > 0 && groups[index - 1].filter.until == group.filter.since;
        match runs.last_mut() {
            Some(run) if follows && run.end == index => run.end = index + 1,
            _ => runs.push(index..index + 1),
        }
    }
    runs
}

fn point(page: &Page, measure: Measure, group: &Group, x: f64, scale: Scale) -> Point {
    let day = group.filter.since.map(|since| page.day(&since)).unwrap_or_default();
    let ratings = page.n("ratings-count", &group.ratings.n());
    let told = group.scores.first().map(|score| {
        let (value, range) = (value(page, measure, score.value), interval(page, measure, score.interval));
        page.two_texts("score-change", &value, &range)
    });
    let told = told.unwrap_or_else(|| page.t("score-too-few"));
    Point {
        x,
        y: scale.y(group.scores.first().map_or(scale.low, |score| score.value)),
        interval: group.scores.first().map(|score| (scale.y(score.interval.low), scale.y(score.interval.high))),
        title: format!("{day}: {told} · {ratings}"),
        href: list(page, &group.filter),
        n: group.ratings.n(),
    }
}

/// There along the upper ends, back along the lower ones.
fn band(run: &[Point]) -> String {
    let upper = run.iter().filter_map(|point| Some((point.x, point.interval?.1)));
    let lower = run.iter().rev().filter_map(|point| Some((point.x, point.interval?.0)));
    format!("M{}Z", joined(upper.chain(lower)))
}

fn line(run: &[Point]) -> String {
    format!("M{}", joined(run.iter().map(|point| (point.x, point.y))))
}

fn joined(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.map(|(x, y)| format!("{x} {y}")).collect::<Vec<_>>().join("L")
}

impl Scale {
    /// Round values around these, at most five lines apart, and never beyond what is possible.
    fn around(low: f64, high: f64, (least, greatest): (f64, f64)) -> Self {
        // closer than a tenth of all that is possible, noise would look like news
        let wide = (high - low).max((greatest - least) / 10.0);
        let steps = (-2..4).flat_map(|power| [1.0, 2.0, 5.0].map(|times| times * 10_f64.powi(power)));
        let step = steps.into_iter().find(|step| wide / step <= 4.0).unwrap_or(wide);
        let down = ((low / step).floor() * step).max(least);
        let up = ((high / step).ceil() * step).min(greatest);
        if up > down {
            Self { low: down, high: up, step }
        } else {
            Self { low: least, high: greatest, step: (greatest - least) / 4.0 }
        }
    }

    fn y(self, value: f64) -> f64 {
        round(ABOVE + HEIGHT * (self.high - value) / (self.high - self.low))
    }

    fn levels(self) -> impl Iterator<Item = f64> {
        let first = (self.low / self.step).ceil() as i32;
        let last = (self.high / self.step + 1e-9).floor() as i32;
        (first..=last).map(move |number| f64::from(number) * self.step)
    }
}

/// Two digits behind the point are enough for a picture.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::super::locale::Locale;
    use super::*;

    #[test]
    fn values_stay_within_the_picture_and_time_runs_with_the_text() {
        for locale in Locale::ALL.iter().copied() {
            let page = Page::sample(locale, "/scores");
            let trend = super::super::sampled::trend(&page, &[40, 50, 12, 60, 60]);
            let chart = ScoreChart::new(&page, Measure::Nps, &trend).expect("scores");
            assert_eq!((chart.points.len(), chart.lines.len(), chart.bands.len()), (5, 2, 2), "a gap where too few");
            for point in &chart.points {
                let (low, high) = point.interval.unwrap_or((point.y, point.y));
                assert!(high <= point.y && point.y <= low, "{point:?}");
                assert!((0.0..=WIDTH).contains(&point.x) && (ABOVE..=ABOVE + HEIGHT).contains(&low), "{point:?}");
            }
            assert_eq!(chart.points[0].x > chart.points[4].x, locale == Locale::Arabic);
            assert!(chart.points[2].interval.is_none() && chart.points[2].y == ABOVE + HEIGHT);
            assert!(chart.levels.len() >= 2, "{:?}", chart.levels);
        }
        let page = Page::sample(Locale::English, "/scores");
        assert_eq!(ScoreChart::new(&page, Measure::Nps, &super::super::sampled::trend(&page, &[3, 4])), None);
    }

    #[test]
    fn lines_stand_at_round_values() {
        for (low, high, range, expected) in [
            (-12.0, 34.0, (-100.0, 100.0), (-20.0, 40.0, 20.0)),
            (0.41, 0.93, (0.0, 1.0), (0.4, 1.0, 0.2)),
            (3.9, 4.6, (1.0, 5.0), (3.8, 4.6, 0.2)),
            (1.0, 5.0, (1.0, 5.0), (1.0, 5.0, 1.0)),
            (50.0, 50.0, (-100.0, 100.0), (50.0, 50.0, 1.0)),
        ] {
            let scale = Scale::around(low, high, range);
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
            let (down, up, step) = expected;
            if down < up {
                assert!(near(scale.low, down) && near(scale.high, up) && near(scale.step, step), "{scale:?}");
            } else {
                assert_eq!((scale.low, scale.high), range, "one value says nothing of a scale");
            }
        }
    }
}
