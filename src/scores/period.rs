//! Stretches of the calendar, in UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::feedback::names;

names! {
    /// A stretch of the calendar, in UTC.
    Step, "period", {
        /// A day.
        Day = "day",
        /// A week, from Monday on (ISO 8601).
        Week = "week",
        /// A month.
        Month = "month",
        /// A quarter of a year.
        Quarter = "quarter",
    }
}

impl Step {
    /// The first day of the stretch that holds this day.
    #[must_use]
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let month = |month: u32| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => day.week(chrono::Weekday::Mon).first_day(),
            Self::Month => month(day.month()),
            Self::Quarter => month(day.month0() / 3 * 3 + 1),
        }
    }

    /// The first day of the stretch after the one that starts on this day.
    #[must_use]
    pub fn after(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }

    /// The first day of the stretch before the one that starts on this day.
    #[must_use]
    pub fn before(self, start: NaiveDate) -> NaiveDate {
        start.pred_opt().map_or(NaiveDate::MIN, |day| self.start(day))
    }

    /// How the stretch that starts on this day is called: `2026-03-02`, `2026-W10`, `2026-03`, `2026-Q1`.
    #[must_use]
    pub fn label(self, start: NaiveDate) -> String {
        match self {
            Self::Day => start.to_string(),
            Self::Week => start.format("%G-W%V").to_string(),
            Self::Month => start.format("%Y-%m").to_string(),
            Self::Quarter => format!("{}-Q{}", start.year(), start.month0() / 3 + 1),
        }
    }
}

/// The beginning of the period of the same length that ends at `since`, where the present one ends at `until`;
/// whole months are held against as many whole months.
#[must_use]
pub fn beginning_before(since: DateTime<Utc>, until: DateTime<Utc>) -> DateTime<Utc> {
    let is_month = |time: DateTime<Utc>| time.day() == 1 && time.time() == NaiveTime::MIN;
    let month = |time: DateTime<Utc>| i64::from(time.year()) * 12 + i64::from(time.month0());
    if is_month(since)
        && is_month(until)
        && let Ok(months) = u32::try_from(month(until) - month(since))
        && let Some(earlier) = since.checked_sub_months(Months::new(months))
    {
        return earlier;
    }
    since.checked_sub_signed(until - since).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    #[test]
    fn days_fall_into_stretches() {
        for (step, of, start, after, before, label) in [
            (Step::Day, "2026-02-28", "2026-02-28", "2026-03-01", "2026-02-27", "2026-02-28"),
            (Step::Week, "2026-01-01", "2025-12-29", "2026-01-05", "2025-12-22", "2026-W01"),
            (Step::Week, "2027-01-03", "2026-12-28", "2027-01-04", "2026-12-21", "2026-W53"),
            (Step::Month, "2028-02-29", "2028-02-01", "2028-03-01", "2028-01-01", "2028-02"),
            (Step::Quarter, "2026-03-31", "2026-01-01", "2026-04-01", "2025-10-01", "2026-Q1"),
            (Step::Quarter, "2026-12-31", "2026-10-01", "2027-01-01", "2026-07-01", "2026-Q4"),
        ] {
            let found = step.start(day(of));
            assert_eq!(found, day(start), "{step} of {of}");
            assert_eq!((step.after(found), step.before(found)), (day(after), day(before)), "{step} of {of}");
            assert_eq!(step.label(found), label);
        }
    }

    #[test]
    fn the_period_before_is_as_long_or_as_many_months() {
        for (since, until, expected) in [
            ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-02-01T00:00:00Z"),
            ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
            ("2026-03-08T00:00:00Z", "2026-03-15T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("2026-03-01T00:00:00Z", "2026-03-01T06:30:00Z", "2026-02-28T17:30:00Z"),
        ] {
            assert_eq!(beginning_before(time(since), time(until)), time(expected), "{since} {until}");
        }
    }

    proptest! {
        #[test]
        fn stretches_follow_each_other_without_gaps(days in 0_i64..40_000, at in 0_usize..4) {
            let (step, day) = (Step::ALL[at], DateTime::from_timestamp(days * 86_400, 0).expect("in range").date_naive());
            let start = step.start(day);
            prop_assert!(start <= day && day < step.after(start));
            prop_assert_eq!(step.start(start), start);
            prop_assert_eq!(step.after(step.before(start)), start);
        }
    }
}
