//! Numbers in a rating column: how they are written, and which method they come from.

use crate::feedback::RatingMethod;
use crate::pipeline::record::time::ascii_digits;

/// The number in a cell, with the scale if the cell names one (`4/5`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) value: f64,
    pub(super) scale: Option<f64>,
}

/// Whether the cell says that there is no rating.
pub(super) fn is_none(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    ["", "-", "–", "—", "n/a", "na", "none", "null", "nan", "لا يوجد", "لا ينطبق"].contains(&cell.as_str())
}

/// Reads `4`, `٤`, `4.0`, `4/5`, `4 out of 5`, `4 من 5`, `4 stars`, `★★★★☆`; none if there is no number.
pub(super) fn parse(cell: &str) -> Option<Number> {
    let text = ascii_digits(cell.trim()).to_lowercase();
    let stars = text.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    if stars > 0 && text.chars().all(|c| matches!(c, '★' | '⭐' | '☆' | '\u{fe0f}' | ' ')) {
        return Some(Number { value: stars as f64, scale: None });
    }
    let text =
        ["stars", "star", "نجوم", "نجمه", "نجمة"].iter().find_map(|word| text.strip_suffix(word)).unwrap_or(&text);
    let (value, scale) =
        match text.split_once('/').or_else(|| text.split_once("out of")).or_else(|| text.split_once("من")) {
            Some((value, scale)) => (value, Some(number(scale)?)),
            None => (text, None),
        };
    Some(Number { value: number(value)?, scale })
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim().replacen(',', ".", 1);
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e'));
    text.parse().ok().filter(|value: &f64| plain && !value.is_nan())
}

/// Whether the cell itself speaks of stars: `★★★★☆`, `4 stars`.
fn is_starred(cell: &str) -> bool {
    let cell = cell.to_lowercase();
    ["★", "⭐", "star", "نجوم", "نجم"].iter().any(|mark| cell.contains(mark))
}

/// The method that values of a column without a telling header fit, and how sure that is; none if they fit none.
pub(super) fn method_of(cells: &[&str]) -> Option<(RatingMethod, f32)> {
    let numbers: Vec<Number> = cells.iter().filter_map(|cell| parse(cell)).collect();
    let whole = |value: &f64| value.fract() == 0.0 && (0.0..=10.0).contains(value);
    let mut inside: Vec<f64> = numbers.iter().map(|number| number.value).filter(whole).collect();
    let fits = inside.len();
    if fits == 0 || fits * 10 < numbers.len() * 8 {
        return None;
    }
    inside.sort_by(f64::total_cmp);
    let scale = numbers.iter().find_map(|number| number.scale);
    // A slip of the pen in fifty doesn't change the question that was asked.
    let (low, high) = (inside[fits / 50], inside[fits - 1 - fits / 50]);
    let many = if fits >= 20 { 1.0 } else { 0.8 };
    let starred = cells.iter().filter(|cell| is_starred(cell)).count();
    Some(match scale {
        _ if starred * 2 > cells.len() && high <= 5.0 => (RatingMethod::Stars, 0.9),
        Some(5.0) => (RatingMethod::Csat, 0.9),
        Some(10.0) => (RatingMethod::Nps, 0.7),
        Some(7.0) => (RatingMethod::Ces, 0.9),
        _ if high <= 5.0 && low >= 1.0 => (RatingMethod::Csat, 0.8 * many),
        _ if low < 1.0 => (RatingMethod::Nps, 0.8 * many),
        _ if high <= 7.0 => (RatingMethod::Ces, 0.5 * many),
        _ => (RatingMethod::Nps, 0.6 * many),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (cell, value, scale) in [
            ("4", 4.0, None),
            (" ٤ ", 4.0, None),
            ("4.0", 4.0, None),
            ("4,5", 4.5, None),
            ("4/5", 4.0, Some(5.0)),
            ("٩ من ١٠", 9.0, Some(10.0)),
            ("3 out of 5", 3.0, Some(5.0)),
            ("2 stars", 2.0, None),
            ("★★★★☆", 4.0, None),
            ("⭐⭐", 2.0, None),
            ("-1", -1.0, None),
            ("99999999999999999999", 1e20, None),
        ] {
            assert_eq!(parse(cell), Some(Number { value, scale }), "{cell}");
        }
        for cell in ["", "good", "ممتاز", "4 or 5", "nan", "inf", "☆", "2026-11-02"] {
            assert_eq!(parse(cell), None, "{cell}");
        }
    }

    #[test]
    fn the_range_tells_the_method() {
        for (cells, expected) in [
            (&["5", "1", "3"][..], Some(RatingMethod::Csat)),
            (&["0", "9", "10"], Some(RatingMethod::Nps)),
            (&["0", "4"], Some(RatingMethod::Nps)),
            (&["9", "10", "8"], Some(RatingMethod::Nps)),
            (&["7", "6", "2"], Some(RatingMethod::Ces)),
            (&["4/5", "5/5"], Some(RatingMethod::Csat)),
            (&["★★★★☆", "⭐⭐"], Some(RatingMethod::Stars)),
            (&["4 stars", "٣ نجوم", "5"], Some(RatingMethod::Stars)),
            (&["80", "95"], None),
            (&["4.5", "3.2"], None),
            (&["good", "bad"], None),
            (&[], None),
        ] {
            assert_eq!(method_of(cells).map(|(method, _)| method), expected, "{cells:?}");
        }
    }
}
