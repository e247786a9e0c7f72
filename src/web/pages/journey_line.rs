//! A journey as a line: a point for each step, lower the more of its records are unhappy, beside what the ideal tolerates.

use super::page::Page;
use crate::feedback::Direction;
use crate::journeys::Ideal;
use crate::pipeline::journey::Actual;

/// Width of the drawing, in units of the picture.
const WIDTH: f64 = 720.0;
/// Height of the area of the points.
const HEIGHT: f64 = 200.0;
/// Room for the numbers beside it.
const BESIDE: f64 = 46.0;
/// Room above the area and below it.
const AROUND: f64 = 18.0;
/// Radius of the smallest and of the largest point.
const RADIUS: (f64, f64) = (9.0, 20.0);

/// The drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct JourneyLine {
    /// Width and height of the whole.
    pub size: (f64, f64),
    /// What the ideal tolerates, step by step, as a path.
    pub ideal: String,
    /// The shares as they are, as a path.
    pub actual: String,
    /// The steps with records.
    pub points: Vec<Point>,
    /// Lines across with their shares: height, from where to where, where the share stands, the share.
    pub lines: Vec<(f64, (f64, f64), f64, String)>,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its middle.
    pub x: f64,
    /// Its place from above.
    pub y: f64,
    /// The interval's ends from above.
    pub ends: (f64, f64),
    /// Larger for more records.
    pub radius: f64,
    /// Its number in the journey.
    pub number: String,
    /// What it tells, in words.
    pub title: String,
    /// Where the step is told.
    pub href: String,
    /// The colour's name: `negative` for a gap.
    pub tone: &'static str,
}

impl JourneyLine {
    /// Draws the journey as the page's language reads: steps run with the text.
    #[must_use]
    pub fn new(page: &Page, actual: &Actual, unhappy: &[crate::journeys::Share]) -> Self {
        let Ideal { steps, .. } = &actual.journey.ideal;
        let rtl = page.locale.direction() == Direction::Rtl;
        let flip = |x: f64| round(if rtl { WIDTH - x } else { x });
        let place = (WIDTH - BESIDE) / steps.len().max(1) as f64;
        let x = |step: usize| flip(BESIDE + place * (step as f64 + 0.5));
        let y = |share: f64| round(AROUND + HEIGHT * share);
        let most = unhappy.iter().map(|share| share.whole).max().unwrap_or_default().max(1) as f64;
        let language = page.locale.language();
        let point = |(step, share): (usize, &crate::journeys::Share)| Point {
            x: x(step),
            y: y(share.value()),
            ends: (y(share.interval.low), y(share.interval.high)),
            radius: round(RADIUS.0 + (RADIUS.1 - RADIUS.0) * (share.whole as f64 / most).sqrt()),
            number: page.number(&(step as u64 + 1)),
            title: page.two_texts(
                "journey-point",
                steps.get(step).map_or("", |step| step.title.in_language(&language)),
                &page.percent(&share.value()),
            ),
            href: steps.get(step).map_or_else(String::new, |step| format!("#step-{}", step.id)),
            tone: if actual.gaps.iter().any(|story| story.gap.step == step) { "negative" } else { "accent" },
        };
        let points: Vec<Point> = unhappy.iter().enumerate().filter(|(_, share)| share.whole > 0).map(point).collect();
        let tolerated = steps.iter().enumerate().map(|(step, ideal)| (x(step), y(ideal.tolerated)));
        let line = |share: f64| (y(share), (flip(BESIDE), flip(WIDTH)), flip(BESIDE - 8.0), page.percent(&share));
        Self {
            size: (WIDTH, HEIGHT + 2.0 * AROUND),
            ideal: path(tolerated),
            actual: path(points.iter().map(|point| (point.x, point.y))),
            points,
            lines: [0.0, 0.25, 0.5, 0.75, 1.0].map(line).into(),
        }
    }
}

/// A path through these points.
fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in points {
        path.push_str(&format!("{}{x} {y}", if path.is_empty() { "M" } else { "L" }));
    }
    path
}

/// Two digits behind the point are enough for a picture.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::super::locale::Locale;
    use super::super::sampled::actual_journey;
    use super::*;
    use crate::journeys::Share;

    #[test]
    fn points_lie_within_the_picture_and_steps_run_with_the_text() {
        let actual = actual_journey();
        let unhappy: Vec<Share> = (0..actual.steps.len() as u64).map(|step| Share::of(step * 5, 40)).collect();
        for locale in Locale::ALL.iter().copied() {
            let line = JourneyLine::new(&Page::sample(locale, "/"), &actual, &unhappy);
            assert_eq!(line.points.len(), actual.steps.len());
            for point in &line.points {
                assert!(
                    point.x > 0.0 && point.x < line.size.0 && point.y >= 0.0 && point.y <= line.size.1,
                    "{point:?}"
                );
                assert!(point.ends.0 <= point.y && point.y <= point.ends.1, "{point:?}");
            }
            assert_eq!(line.points[0].x > line.points[1].x, locale == Locale::Arabic);
            assert!(line.points[0].y < line.points[1].y, "the more are unhappy, the lower");
        }
        let empty = JourneyLine::new(&Page::sample(Locale::English, "/"), &actual, &[]);
        assert!(empty.points.is_empty() && empty.actual.is_empty() && empty.ideal.starts_with('M'));
    }
}
