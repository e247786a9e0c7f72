//! Numbers and dates as each language writes them (CLDR): Arabic pages have Arabic digits and month names.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use fixed_decimal::{Decimal, SignDisplay};
use icu_calendar::cal::Hijri;
use icu_calendar::cal::hijri::UmmAlQura;
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
    hijri: Option<FixedCalendarDateTimeFormatter<Hijri<UmmAlQura>, YMD>>,
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
            hijri: FixedCalendarDateTimeFormatter::try_new(dates(), YMD::long()).ok(),
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
    let mut decimal = tenths(value);
    decimal.absolute.trim_end();
    written(locale, &decimal)
}

/// A number with one digit behind the point.
#[must_use]
pub fn decimal(locale: Locale, value: f64) -> String {
    written(locale, &tenths(value))
}

/// A difference with its sign; fractions have one digit.
#[must_use]
pub fn signed(locale: Locale, value: f64) -> String {
    let mut decimal = tenths(value);
    decimal.absolute.trim_end();
    decimal.apply_sign_display(SignDisplay::ExceptZero);
    written(locale, &decimal)
}

fn tenths(value: f64) -> Decimal {
    let mut decimal = Decimal::from((value * 10.0).round() as i64);
    decimal.multiply_pow10(-1);
    decimal
}

fn written(locale: Locale, decimal: &Decimal) -> String {
    with(locale, |formats| match &formats.number {
        Some(formatter) => formatter.format(decimal).to_string(),
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

/// The same day in the calendar of Umm al-Qura: 25 Jumada I 1448 AH; none if it can't be told.
#[must_use]
pub fn hijri(locale: Locale, time: DateTime<FixedOffset>) -> Option<String> {
    let day = date_of(time)?.to_calendar(Hijri::new_umm_al_qura());
    with(locale, |formats| Some(formats.hijri.as_ref()?.format(&day).to_string()))
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
    fn a_day_has_its_hijri_name() {
        let time = DateTime::parse_from_rfc3339("2026-11-05T14:30:00+03:00").expect("a time");
        let told = [Locale::English, Locale::Arabic].map(|locale| hijri(locale, time).expect("it can be told"));
        assert_eq!(told, ["25 Jumada I 1448 AH", "٢٥ جمادى الأولى ١٤٤٨ هـ"]);
    }

    #[test]
    fn each_language_has_its_own_digits_and_months() {
        let time = DateTime::parse_from_rfc3339("2026-11-05T14:30:00+03:00").expect("a time");
        for (locale, thousands, fraction, digits, written) in [
            (Locale::English, "1,234", "0.5", "4.0".to_owned(), ["5 Nov", "5 November 2026", "5 Nov, 14:30"]),
            (Locale::Arabic, "١٬٢٣٤", "٠٫٥", "٤٫٠".to_owned(), ["٥ نوفمبر", "٥ نوفمبر ٢٠٢٦", "٥ نوفمبر، ٢:٣٠ م"]),
        ] {
            assert_eq!((number(locale, 1_234.0), number(locale, 0.5)), (thousands.to_owned(), fraction.to_owned()));
            let plain = |text: String| text.replace(['\u{200e}', '\u{61c}'], "");
            let [up, down] = [3.0, -2.5].map(|value| plain(signed(locale, value)));
            assert_eq!((up.chars().next(), down.chars().next()), (Some('+'), Some('-')), "{up} {down}");
            assert_eq!((plain(signed(locale, 0.0)), decimal(locale, 4.0)), (number(locale, 0.0), digits));
            let spaces = |text: String| text.replace(['\u{202f}', '\u{a0}'], " ");
            let all = [day(locale, time), date(locale, time), moment(locale, time)].map(spaces);
            assert_eq!(all, written, "{locale}");
        }
    }
}
