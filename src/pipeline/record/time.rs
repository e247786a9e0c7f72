//! When a feedback was given, out of the ways that people and exports write it.
//!
//! A time without an offset is UTC; a date without a time is its midnight.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use regex::{Captures, Regex};

/// Which number comes first in 02/11/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// The day, as in most of the world.
    DayFirst,
    /// The month, as in the United States.
    MonthFirst,
}

/// A time that can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not a way to write a time that we know.
    #[error("{0:?} is no date; send one like 2026-11-02T14:03:00+03:00 or 2026-11-02")]
    Unknown(String),
    /// The day or hour doesn't exist.
    #[error("{0:?} is a day or an hour that doesn't exist")]
    NoSuchDay(String),
    /// The day and the month can't be told apart.
    #[error("{0:?} could be read day first or month first; send year-month-day")]
    Ambiguous(String),
    /// A year before 1970, often a placeholder or another calendar.
    #[error("the year {0} is before 1970; Hijri dates and placeholders aren't taken, send the Gregorian date")]
    TooEarly(i32),
}

/// Reads RFC 3339, or year-month-day with or without a time, in ASCII or Arabic-Indic digits.
///
/// # Errors
/// [`TimeError`] says why it can't.
pub fn parse(text: &str) -> Result<DateTime<Utc>, TimeError> {
    read(text, None)
}

/// Reads what spreadsheets and exports write as well: 2/11/2026, 2 Nov 2026, ٢ نوفمبر ٢٠٢٦, 2:03 PM, Unix seconds.
///
/// # Errors
/// [`TimeError`] says why it can't.
pub fn parse_cell(text: &str, order: DayOrder) -> Result<DateTime<Utc>, TimeError> {
    read(text, Some(order))
}

/// The text with ASCII digits for Arabic-Indic and Persian ones, without direction marks.
#[must_use]
pub fn ascii_digits(text: &str) -> String {
    text.chars()
        .filter(
            |c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'),
        )
        .map(|c| match c {
            '\u{660}'..='\u{669}' => digit(u32::from(c) - 0x660),
            '\u{6f0}'..='\u{6f9}' => digit(u32::from(c) - 0x6f0),
            '\u{66b}' => '.',
            other => other,
        })
        .collect()
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}

const CLOCK: &str = r"(?:[T\s,،]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>am|pm|a\.m\.|p\.m\.|ص|م|صباحا|مساء)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$";

static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?i)^(?P<first>\d{{1,4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<last>\d{{1,4}}){CLOCK}"))
});
static DAY_NAME_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?i)^(?P<first>\d{{1,2}})[\s./-]+(?P<name>\p{{L}}+)[\s.,،/-]+(?P<last>\d{{4}}){CLOCK}"))
});
static NAME_DAY_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?i)^(?P<name>\p{{L}}+)[\s.]+(?P<first>\d{{1,2}}),?\s+(?P<last>\d{{4}}){CLOCK}"))
});

/// Compiles a pattern of this module or its neighbours.
#[expect(clippy::expect_used, reason = "the patterns are constants that the tests compile")]
pub(super) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("BUG: a constant pattern")
}

fn read(text: &str, order: Option<DayOrder>) -> Result<DateTime<Utc>, TimeError> {
    let text = ascii_digits(text.trim());
    let shown: String = text.chars().take(40).collect();
    let time = match DateTime::parse_from_rfc3339(&text) {
        Ok(time) => time.to_utc(),
        Err(_) => read_plain(&text, order, shown)?,
    };
    let year = chrono::Datelike::year(&time);
    if year < 1970 { Err(TimeError::TooEarly(year)) } else { Ok(time) }
}

fn read_plain(text: &str, order: Option<DayOrder>, shown: String) -> Result<DateTime<Utc>, TimeError> {
    if let Some(found) = NUMBERS.captures(text) {
        let (first, middle, last) = (field(&found, "first"), field(&found, "month"), field(&found, "last"));
        let (year, month, day) = match order {
            _ if found["first"].len() == 4 => (first, middle, last),
            _ if found["last"].len() != 4 => return Err(TimeError::Unknown(shown)),
            Some(DayOrder::DayFirst) => (last, middle, first),
            Some(DayOrder::MonthFirst) => (last, first, middle),
            None => return Err(TimeError::Ambiguous(shown)),
        };
        return moment((year, month, day), &found, shown);
    }
    if order.is_some() {
        if let Some(found) = DAY_NAME_YEAR.captures(text).or_else(|| NAME_DAY_YEAR.captures(text))
            && let Some(month) = month_of(&found["name"])
        {
            return moment((field(&found, "last"), month, field(&found, "first")), &found, shown);
        }
        if let Some(time) = from_number(text) {
            return Ok(time);
        }
    }
    Err(TimeError::Unknown(shown))
}

/// A group's number; 0 if it is absent (patterns keep it far below `u32`).
fn field(found: &Captures<'_>, name: &str) -> u32 {
    found.name(name).and_then(|part| part.as_str().parse().ok()).unwrap_or(0)
}

fn moment(date: (u32, u32, u32), found: &Captures<'_>, shown: String) -> Result<DateTime<Utc>, TimeError> {
    let (year, month, day) = date;
    let year = i32::try_from(year).unwrap_or(0);
    if (1300..=1500).contains(&year) {
        return Err(TimeError::TooEarly(year));
    }
    let mut hour = field(found, "hour");
    if let Some(half) = found.name("half") {
        let afternoon = half.as_str().to_lowercase().starts_with(['p', 'م']);
        hour = if (1..=12).contains(&hour) { hour % 12 + if afternoon { 12 } else { 0 } } else { 24 };
    }
    let fraction: String = found.name("fraction").map_or(String::new(), |part| format!("{:0<9}", part.as_str()));
    let nanos = fraction.parse().unwrap_or(0);
    let local = NaiveDate::from_ymd_opt(year, month, day)
        .zip(NaiveTime::from_hms_nano_opt(hour, field(found, "minute"), field(found, "second"), nanos))
        .map(|(date, time)| NaiveDateTime::new(date, time))
        .ok_or_else(|| TimeError::NoSuchDay(shown.clone()))?;
    let offset = found.name("zone").map_or(0, |zone| offset_minutes(zone.as_str()));
    if offset.abs() >= 24 * 60 {
        return Err(TimeError::NoSuchDay(shown));
    }
    local.and_utc().checked_sub_signed(TimeDelta::minutes(offset)).ok_or(TimeError::NoSuchDay(shown))
}

fn offset_minutes(zone: &str) -> i64 {
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().unwrap_or(0);
    let minutes = number / 100 * 60 + number % 100;
    if zone.starts_with('-') { -minutes } else { minutes }
}

/// Unix seconds or milliseconds, or a spreadsheet's count of days since 1899-12-30.
fn from_number(text: &str) -> Option<DateTime<Utc>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    match whole.len() {
        10 if fraction.is_empty() => DateTime::from_timestamp(whole.parse().ok()?, 0),
        13 if fraction.is_empty() => DateTime::from_timestamp_millis(whole.parse().ok()?),
        5 => {
            let days: f64 = text.parse().ok()?;
            #[expect(clippy::cast_possible_truncation, reason = "five digits of days are within i64 milliseconds")]
            let millis = (days * 86_400_000.0).round() as i64;
            let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN).and_utc();
            epoch.checked_add_signed(TimeDelta::milliseconds(millis))
        }
        _ => None,
    }
}

fn month_of(name: &str) -> Option<u32> {
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    // Gulf and Egyptian names, Levantine ones, Maghrebi ones.
    const ARABIC: [&[&str]; 12] = [
        &["يناير", "كانون الثاني", "جانفي"],
        &["فبراير", "شباط", "فيفري"],
        &["مارس", "آذار", "اذار"],
        &["أبريل", "ابريل", "إبريل", "نيسان", "أفريل", "افريل"],
        &["مايو", "أيار", "ايار", "ماي"],
        &["يونيو", "يونيه", "حزيران", "جوان"],
        &["يوليو", "يوليه", "تموز", "جويلية"],
        &["أغسطس", "اغسطس", "آب", "اب", "أوت", "غشت"],
        &["سبتمبر", "أيلول", "ايلول", "شتنبر"],
        &["أكتوبر", "اكتوبر"],
        &["نوفمبر", "نونبر"],
        &["ديسمبر", "دجنبر"],
    ];
    let name = name.to_lowercase();
    let english = ENGLISH.iter().position(|month| *month == name || (name.len() >= 3 && month.starts_with(&name)));
    let place = english.or_else(|| ARABIC.iter().position(|names| names.contains(&name.as_str())))?;
    u32::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(time: Result<DateTime<Utc>, TimeError>) -> String {
        time.map_or_else(|error| error.to_string(), |time| time.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
    }

    #[test]
    fn records_take_year_month_day_in_any_digits() {
        for (text, expected) in [
            ("2026-11-02T14:03:00Z", "2026-11-02T14:03:00"),
            ("2026-11-02T14:03:00+03:00", "2026-11-02T11:03:00"),
            ("2026-11-02T14:03:00.250Z", "2026-11-02T14:03:00.250"),
            ("2026-11-02", "2026-11-02T00:00:00"),
            (" 2026-11-02 14:03 ", "2026-11-02T14:03:00"),
            ("2026-11-02T14:03:07", "2026-11-02T14:03:07"),
            ("2026/11/2 9:05", "2026-11-02T09:05:00"),
            ("٢٠٢٦-١١-٠٢ ١٤:٠٣", "2026-11-02T14:03:00"),
            ("۲۰۲۶/۱۱/۰۲", "2026-11-02T00:00:00"),
            ("2026-11-02 14:03:00 +0300", "2026-11-02T11:03:00"),
        ] {
            assert_eq!(shown(parse(text)), expected, "{text}");
        }
    }

    #[test]
    fn records_refuse_the_rest_with_a_reason() {
        for (text, part) in [
            ("02/11/2026", "day first or month first"),
            ("2026-02-30", "doesn't exist"),
            ("2026-11-02 25:00", "doesn't exist"),
            ("1448-05-12", "Hijri"),
            ("٠٠٠١-٠١-٠١", "before 1970"),
            ("2026-11-02T10:00:00+99:00", "doesn't exist"),
            ("yesterday", "is no date"),
            ("1762092180", "is no date"),
            ("99999-99-99", "is no date"),
            ("", "is no date"),
        ] {
            assert!(shown(parse(text)).contains(part), "{text}: {}", shown(parse(text)));
        }
    }

    #[test]
    fn cells_take_what_exports_write() {
        for (text, order, expected) in [
            ("02/11/2026", DayOrder::DayFirst, "2026-11-02T00:00:00"),
            ("11/02/2026 2:03 PM", DayOrder::MonthFirst, "2026-11-02T14:03:00"),
            ("٢/١١/٢٠٢٦ ٢:٠٣ م", DayOrder::DayFirst, "2026-11-02T14:03:00"),
            ("2.11.2026 12:30 am", DayOrder::DayFirst, "2026-11-02T00:30:00"),
            ("2 Nov 2026", DayOrder::DayFirst, "2026-11-02T00:00:00"),
            ("Nov 2, 2026 14:03", DayOrder::DayFirst, "2026-11-02T14:03:00"),
            ("٢ نوفمبر ٢٠٢٦", DayOrder::DayFirst, "2026-11-02T00:00:00"),
            ("2 شباط 2026", DayOrder::DayFirst, "2026-02-02T00:00:00"),
            ("1793628180", DayOrder::DayFirst, "2026-11-02T14:03:00"),
            ("1793628180000", DayOrder::DayFirst, "2026-11-02T14:03:00"),
            ("46328.5", DayOrder::DayFirst, "2026-11-02T12:00:00"),
        ] {
            assert_eq!(shown(parse_cell(text, order)), expected, "{text}");
        }
        assert!(parse_cell("13/13/2026", DayOrder::DayFirst).is_err());
        assert!(parse_cell("2/11/26", DayOrder::DayFirst).is_err());
    }
}
