//! A map of themes as SVG: near bubbles say alike, large ones have many messages, and the inner one those that are unhappy.

use uuid::Uuid;

use super::chart::round;
use super::page::Page;
use crate::feedback::Direction;
use crate::pipeline::ThemeLine;
use crate::themes;

/// Width and height of the drawing, in units of the picture.
const SIZE: (f64, f64) = (720.0, 420.0);
/// Radius of the largest bubble, and the smallest that can be pressed.
const RADII: (f64, f64) = (44.0, 12.0);
/// Room for a bubble's words below it.
const WORDS: f64 = 18.0;
/// Fewer themes than this need no map.
const FEW: usize = 3;
/// At most so many are drawn, the largest; the table has all.
const MOST: usize = 40;
/// How often overlapping bubbles are pushed apart.
const PUSHES: usize = 300;

/// Bubbles on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeMap {
    /// Width and height of the whole.
    pub size: (f64, f64),
    /// The themes, largest first.
    pub bubbles: Vec<Bubble>,
}

/// One theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Bubble {
    /// Which.
    pub id: Uuid,
    /// Its title and how many messages it has, in words.
    pub title: String,
    /// The beginning of its title.
    pub words: String,
    /// Its middle.
    pub at: (f64, f64),
    /// Its radius, and that of the unhappy part: areas are as messages.
    pub radii: (f64, f64),
    /// Where the words stand.
    pub below: f64,
}

impl ThemeMap {
    /// Draws the themes; none if they are too few for a map.
    #[must_use]
    pub fn new(page: &Page, lines: &[ThemeLine]) -> Option<Self> {
        let lines = &lines[..lines.len().min(MOST)];
        if lines.len() < FEW {
            return None;
        }
        let centres: Vec<_> = lines.iter().map(|line| &line.listed.theme.centre).collect();
        let most = lines.iter().map(|line| line.listed.members).max().unwrap_or_default().max(1) as f64;
        let radius = |line: &ThemeLine| (RADII.0 * (line.listed.members as f64 / most).sqrt()).max(RADII.1);
        let radii: Vec<f64> = lines.iter().map(radius).collect();
        let rtl = page.locale.direction() == Direction::Rtl;
        let flip = |x: f64| if rtl { SIZE.0 - x } else { x };
        let bubble = |((line, (x, y)), radius): ((&ThemeLine, (f64, f64)), &f64)| {
            let title = page.theme_title(&line.listed.theme);
            Bubble {
                id: line.listed.theme.id,
                words: title.split(" · ").next().unwrap_or_default().to_owned(),
                title: format!("{title}: {}", page.n("messages-count", &line.listed.members)),
                at: (round(flip(x)), round(y)),
                radii: (round(*radius), round(radius * line.negative_share().unwrap_or_default().sqrt())),
                below: round(y + radius + WORDS - 5.0),
            }
        };
        let places = apart(&themes::map(&centres), &radii);
        Some(Self { size: SIZE, bubbles: lines.iter().zip(places).zip(&radii).map(bubble).collect() })
    }
}

/// Places within the picture from those of the map (−1 to 1), so that bubbles and their words overlap as little as may be.
fn apart(places: &[(f32, f32)], radii: &[f64]) -> Vec<(f64, f64)> {
    let spread = |value: f32, size: f64| size / 2.0 + f64::from(value) * size * 0.42;
    let mut at: Vec<(f64, f64)> = places.iter().map(|(x, y)| (spread(*x, SIZE.0), spread(*y, SIZE.1))).collect();
    for _ in 0..PUSHES {
        for right in 1..at.len() {
            for left in 0..right {
                push(&mut at, (left, right), radii[left] + radii[right] + WORDS);
            }
        }
        for ((x, y), radius) in at.iter_mut().zip(radii) {
            *x = x.clamp(radius + WORDS, SIZE.0 - radius - WORDS);
            *y = y.clamp(radius + 2.0, SIZE.1 - radius - WORDS);
        }
    }
    at
}

/// Moves two away from each other, half of the way that they are too near.
fn push(at: &mut [(f64, f64)], (left, right): (usize, usize), wanted: f64) {
    let (x, y) = (at[right].0 - at[left].0, at[right].1 - at[left].1);
    let distance = x.hypot(y);
    if distance >= wanted {
        return;
    }
    // bubbles in one place part along a direction of their own
    let (x, y) =
        if distance > 1e-6 { (x / distance, y / distance) } else { ((right as f64).cos(), (right as f64).sin()) };
    let way = (wanted - distance) / 4.0;
    at[left] = (at[left].0 - x * way, at[left].1 - y * way);
    at[right] = (at[right].0 + x * way, at[right].1 + y * way);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bubbles_part_and_stay_within_the_picture() {
        let places: Vec<(f32, f32)> =
            (0..18_u8).map(|at| (f32::from(at % 3) * 0.02, f32::from(at / 3) * 0.02)).collect();
        let radii = vec![20.0; 18];
        let found = apart(&places, &radii);
        for (right, (x, y)) in found.iter().enumerate() {
            assert!((20.0..=SIZE.0 - 20.0).contains(x) && (20.0..=SIZE.1 - 20.0).contains(y), "{x} {y}");
            for (z, w) in &found[..right] {
                assert!((x - z).hypot(y - w) > 40.0, "bubbles overlap");
            }
        }
        assert_eq!(apart(&places, &radii), found);
        assert!(
            apart(&[(0.0, 0.0), (0.0, 0.0)], &[12.0, 12.0])[0] != apart(&[(0.0, 0.0), (0.0, 0.0)], &[12.0, 12.0])[1]
        );
    }
}
