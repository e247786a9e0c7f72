//! The sheet's own sentences, in Arabic and English.

use crate::feedback::{Channel, Language, SentimentLabel};

use super::{Counted, Kind, Tongue};

/// What a line that counts says: `name` is what is counted, in the language of the sheet.
///
/// Numbers are written with Western digits, as the check and most models read them best; pages show them by locale.
#[must_use]
pub fn statement(tongue: Tongue, kind: Kind, name: &str, counted: &Counted) -> String {
    match tongue {
        Tongue::Arabic => arabic(kind, name, counted),
        Tongue::English => english(kind, name, counted),
    }
}

fn english(kind: Kind, name: &str, counted: &Counted) -> String {
    let Counted { n, of, .. } = counted;
    let [share, low, high] = counted.percents();
    let range = format!("({share} %, between {low} % and {high} %)");
    let who = format!("{n} of {of} {}", if *of == 1 { "customer" } else { "customers" });
    match kind {
        Kind::Size => format!("{who} belong to this group {range}."),
        Kind::Theme | Kind::Quote => format!("{who} write about “{name}” {range}."),
        Kind::Pain => format!("{who} complain of “{name}” {range}."),
        Kind::Need => format!("{who} ask about “{name}” {range}."),
        Kind::Expectation => format!("{who} expect something of “{name}” {range}."),
        Kind::Feeling => format!("{who} sound {name} at times {range}."),
        Kind::Channel => format!("{who} write by {name} {range}."),
        Kind::Touchpoint => format!("{who} write about the touchpoint “{name}” {range}."),
        Kind::Language => format!("{who} write in {name} {range}."),
    }
}

fn arabic(kind: Kind, name: &str, counted: &Counted) -> String {
    let Counted { n, of, .. } = counted;
    let [share, low, high] = counted.percents();
    let range = format!("({share}٪، بين {low}٪ و{high}٪)");
    let who = format!("{n} من أصل {of} {}", arabic_customers(*of));
    match kind {
        Kind::Size => format!("{who} ينتمون إلى هذه الفئة {range}."),
        Kind::Theme | Kind::Quote => format!("{who} يكتبون عن «{name}» {range}."),
        Kind::Pain => format!("{who} يشتكون من «{name}» {range}."),
        Kind::Need => format!("{who} يسألون عن «{name}» {range}."),
        Kind::Expectation => format!("{who} يتوقعون شيئًا بخصوص «{name}» {range}."),
        Kind::Feeling => format!("{who} نبرتهم {name} أحيانًا {range}."),
        Kind::Channel => format!("{who} يكتبون عبر {name} {range}."),
        Kind::Touchpoint => format!("{who} يكتبون عن مرحلة «{name}» {range}."),
        Kind::Language => format!("{who} يكتبون باللغة {name} {range}."),
    }
}

/// The counted noun after a number: plural after 3 to 10, accusative after 11 to 99, and so where a hundred ends.
fn arabic_customers(number: u64) -> &'static str {
    match number % 100 {
        3..=10 => "عملاء",
        11..=99 => "عميلًا",
        _ => "عميل",
    }
}

/// How a feeling is called in a statement.
#[must_use]
pub fn feeling_name(tongue: Tongue, feeling: SentimentLabel) -> &'static str {
    match (tongue, feeling) {
        (Tongue::Arabic, SentimentLabel::Negative) => "سلبية",
        (Tongue::Arabic, SentimentLabel::Neutral) => "محايدة",
        (Tongue::Arabic, SentimentLabel::Positive) => "إيجابية",
        (Tongue::Arabic, SentimentLabel::Mixed) => "مختلطة",
        (Tongue::English, SentimentLabel::Negative) => "unhappy",
        (Tongue::English, SentimentLabel::Neutral) => "matter of fact",
        (Tongue::English, SentimentLabel::Positive) => "happy",
        (Tongue::English, SentimentLabel::Mixed) => "of two minds",
    }
}

/// How a channel is called in a statement.
#[must_use]
pub fn channel_name(tongue: Tongue, channel: Channel) -> &'static str {
    match (tongue, channel) {
        (Tongue::Arabic, Channel::Survey) => "الاستبيان",
        (Tongue::Arabic, Channel::AppReview) => "تقييمات متجر التطبيقات",
        (Tongue::Arabic, Channel::Review) => "مواقع التقييم",
        (Tongue::Arabic, Channel::Social) => "وسائل التواصل",
        (Tongue::Arabic, Channel::Call) => "الهاتف",
        (Tongue::Arabic, Channel::Chat) => "المحادثة",
        (Tongue::Arabic, Channel::Email) => "البريد الإلكتروني",
        (Tongue::Arabic, Channel::Web) => "نموذج الموقع",
        (Tongue::Arabic, Channel::Behaviour) => "السلوك",
        (Tongue::Arabic, Channel::Other) => "قنوات أخرى",
        (Tongue::English, Channel::Survey) => "survey",
        (Tongue::English, Channel::AppReview) => "app-store review",
        (Tongue::English, Channel::Review) => "review",
        (Tongue::English, Channel::Social) => "social media",
        (Tongue::English, Channel::Call) => "phone",
        (Tongue::English, Channel::Chat) => "chat",
        (Tongue::English, Channel::Email) => "e-mail",
        (Tongue::English, Channel::Web) => "web form",
        (Tongue::English, Channel::Behaviour) => "behaviour",
        (Tongue::English, Channel::Other) => "other channels",
    }
}

/// How a language is called in a statement: Arabic and English by name, others by their code.
#[must_use]
pub fn language_name(tongue: Tongue, language: &Language) -> String {
    match (tongue, language.code()) {
        (Tongue::Arabic, "ar") => "العربية".to_owned(),
        (Tongue::Arabic, "en") => "الإنجليزية".to_owned(),
        (Tongue::English, "ar") => "Arabic".to_owned(),
        (Tongue::English, "en") => "English".to_owned(),
        (_, code) => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_read_well_in_both_languages() {
        let counted = Counted::new(12, 80);
        for (tongue, kind, expected) in [
            (Tongue::English, Kind::Pain, "12 of 80 customers complain of “X” (15 %, between 9 % and 24 %)."),
            (Tongue::English, Kind::Size, "12 of 80 customers belong to this group (15 %, between 9 % and 24 %)."),
            (Tongue::Arabic, Kind::Pain, "12 من أصل 80 عميلًا يشتكون من «X» (15٪، بين 9٪ و24٪)."),
            (Tongue::Arabic, Kind::Size, "12 من أصل 80 عميلًا ينتمون إلى هذه الفئة (15٪، بين 9٪ و24٪)."),
        ] {
            assert_eq!(statement(tongue, kind, "X", &counted), expected);
        }
        for (of, noun) in [(5, "5 عملاء"), (11, "11 عميلًا"), (100, "100 عميل "), (105, "105 عملاء")]
        {
            let text = statement(Tongue::Arabic, Kind::Theme, "X", &Counted::new(2, of));
            assert!(text.contains(noun), "{text}");
        }
    }
}
