//! Numbers and dates as each language writes them (CLDR): Arabic pages have Arabic digits and month names.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use fixed_decimal::Decimal;
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::{MD, MDT, YMD};
use icu_datetime::input::{DateTime as CivilTime, Time};
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter};
use icu_decimal::DecimalFormatter;
use icu_locale_core::locale;
use icu_plurals::{PluralCategory, PluralRules};

use super::locale::Locale;

type Dates<Fields> = FixedCalendarDateTimeFormatter<Gregorian, Fields>;

/// One language's ways of writing; what its data can't give is written plainly.
struct Formats {
    number: Option<DecimalFormatter>,
    plural: Option<PluralRules>,
    day: Option<Dates<MD>>,
    date: Option<Dates<YMD>>,
    moment: Option<Dates<MDT>>,
}

impl Formats {
    fn new(locale: Locale) -> Self {
        let tag = match locale {
            Locale::Arabic => locale!("ar-u-nu-arab"),
            Locale::English => locale!("en-GB"),
        };
        let dates = || DateTimeFormatterPreferences::from(&tag);
        Self {
            number: DecimalFormatter::try_new((&tag).into(), Default::default()).ok(),
            plural: PluralRules::try_new_cardinal((&tag).into()).ok(),
            day: Dates::try_new(dates(), MD::medium()).ok(),
            date: Dates::try_new(dates(), YMD::long()).ok(),
            moment: Dates::try_new(dates(), MD::medium().with_time_hm()).ok(),
        }
    }
}

thread_local! {
    /// A thread's own, because the formatters can't be shared between threads.
    static FORMATS: [Formats; 2] = [Formats::new(Locale::Arabic), Formats::new(Locale::English)];
}

fn with<T>(locale: Locale, write: impl FnOnce(&Formats) -> T) -> T {
    FORMATS.with(|[arabic, english]| match locale {
        Locale::Arabic => write(arabic),
        Locale::English => write(english),
    })
}

/// A number with separators; fractions have one digit.
#[must_use]
pub fn number(locale: Locale, value: f64) -> String {
    let mut decimal = Decimal::from((value * 10.0).round() as i64);
    decimal.multiply_pow10(-1);
    decimal.absolute.trim_end();
    with(locale, |formats| match &formats.number {
        Some(formatter) => formatter.format(&decimal).to_string(),
        None => decimal.to_string(),
    })
}

/// The plural form of a number: `zero` for nothing in every language, else CLDR's category.
#[must_use]
pub fn form(locale: Locale, value: f64) -> &'static str {
    let whole = value.abs() as u64;
    if value == 0.0 {
        return "zero";
    }
    if whole as f64 != value.abs() {
        return "other";
    }
    match with(locale, |formats| formats.plural.as_ref().map(|rules| rules.category_for(whole))) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        _ => "other",
    }
}

/// A day without its year: 5 Nov.
#[must_use]
pub fn day(locale: Locale, time: DateTime<FixedOffset>) -> String {
    let written = with(locale, |formats| Some(formats.day.as_ref()?.format(&date_of(time)?).to_string()));
    written.unwrap_or_else(|| time.format("%m-%d").to_string())
}

/// A day with its year: 5 November 2026.
#[must_use]
pub fn date(locale: Locale, time: DateTime<FixedOffset>) -> String {
    let written = with(locale, |formats| Some(formats.date.as_ref()?.format(&date_of(time)?).to_string()));
    written.unwrap_or_else(|| time.format("%Y-%m-%d").to_string())
}

/// A day and a time, without the year: 5 Nov, 14:30.
#[must_use]
pub fn moment(locale: Locale, time: DateTime<FixedOffset>) -> String {
    let written = with(locale, |formats| {
        let (hour, minute) = (u8::try_from(time.hour()).ok()?, u8::try_from(time.minute()).ok()?);
        let civil = CivilTime { date: date_of(time)?, time: Time::try_new(hour, minute, 0, 0).ok()? };
        Some(formats.moment.as_ref()?.format(&civil).to_string())
    });
    written.unwrap_or_else(|| time.format("%m-%d %H:%M").to_string())
}

fn date_of(time: DateTime<FixedOffset>) -> Option<Date<Gregorian>> {
    let (month, day) = (u8::try_from(time.month()).ok()?, u8::try_from(time.day()).ok()?);
    Date::try_new_gregorian(time.year(), month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_digits_and_months() {
        let time = DateTime::parse_from_rfc3339("2026-11-05T14:30:00+03:00").expect("a time");
        for (locale, thousands, fraction, written) in [
            (Locale::English, "1,234", "0.5", ["5 Nov", "5 November 2026", "5 Nov, 14:30"]),
            (Locale::Arabic, "١٬٢٣٤", "٠٫٥", ["٥ نوفمبر", "٥ نوفمبر ٢٠٢٦", "٥ نوفمبر، ٢:٣٠ م"]),
        ] {
            assert_eq!((number(locale, 1_234.0), number(locale, 0.5)), (thousands.to_owned(), fraction.to_owned()));
            let spaces = |text: String| text.replace(['\u{202f}', '\u{a0}'], " ");
            let all = [day(locale, time), date(locale, time), moment(locale, time)].map(spaces);
            assert_eq!(all, written, "{locale}");
        }
    }
}
