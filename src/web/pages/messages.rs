//! What the pages say, in each language: Fluent files in the binary, with each language's own plurals.
//!
//! Messages choose by `$form`, which ICU4X gives: Fluent's own rules take 103 for another form than 3 in Arabic.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::format;
use super::locale::Locale;

type Bundle = FluentBundle<FluentResource>;

static ARABIC: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Arabic));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::English));

/// The files of a language, one for each part of the pages.
macro_rules! files {
    ($folder:literal) => {
        &[
            include_str!(concat!("messages/", $folder, "/answers.ftl")),
            include_str!(concat!("messages/", $folder, "/common.ftl")),
            include_str!(concat!("messages/", $folder, "/incidents.ftl")),
            include_str!(concat!("messages/", $folder, "/journeys.ftl")),
            include_str!(concat!("messages/", $folder, "/live.ftl")),
            include_str!(concat!("messages/", $folder, "/lessons.ftl")),
            include_str!(concat!("messages/", $folder, "/personas.ftl")),
            include_str!(concat!("messages/", $folder, "/themes.ftl")),
            include_str!(concat!("messages/", $folder, "/scores.ftl")),
        ]
    };
}

const fn sources(locale: Locale) -> &'static [&'static str] {
    match locale {
        Locale::Arabic => files!("ar"),
        Locale::English => files!("en"),
    }
}

fn bundle(locale: Locale) -> Bundle {
    let tag = locale.name().parse::<LanguageIdentifier>().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    bundle.set_formatter(Some(match locale {
        Locale::Arabic => arabic_digits,
        Locale::English => english_digits,
    }));
    for source in sources(locale) {
        // what can't be read is missing, which a test would see
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn arabic_digits<Memory>(value: &FluentValue<'_>, _: &Memory) -> Option<String> {
    digits(Locale::Arabic, value)
}

fn english_digits<Memory>(value: &FluentValue<'_>, _: &Memory) -> Option<String> {
    digits(Locale::English, value)
}

/// Numbers in messages look like all others.
fn digits(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(format::number(locale, number.value)),
        _ => None,
    }
}

/// The message `id`; one that is missing shows its id in `⟦⟧`, which no page passes its test with.
#[must_use]
pub fn message(locale: Locale, id: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
    find(locale, id, arguments).unwrap_or_else(|| format!("⟦{id}⟧"))
}

/// The message `id`, if there is one and nothing that it needs is missing.
#[must_use]
pub fn find(locale: Locale, id: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> Option<String> {
    let bundle = match locale {
        Locale::Arabic => &*ARABIC,
        Locale::English => &*ENGLISH,
    };
    let mut filled = FluentArgs::new();
    for (name, value) in arguments {
        if let FluentValue::Number(number) = value
            && *name == "n"
        {
            filled.set("form", format::form(locale, number.value));
        }
        filled.set(*name, value.clone());
    }
    let mut faults = Vec::new();
    let written = bundle
        .get_message(id)
        .and_then(|message| message.value())
        .map(|pattern| bundle.format_pattern(pattern, Some(&filled), &mut faults).into_owned());
    written.filter(|_| faults.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use regex::Regex;

    use super::*;

    /// Each message's id and the variables in it.
    fn contents(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
        let variable = Regex::new(r"\$([a-z]+)").expect("a pattern");
        let mut all = BTreeMap::<String, BTreeSet<String>>::new();
        let mut last = String::new();
        for line in sources(locale).iter().flat_map(|source| source.lines()).filter(|line| !line.starts_with('#')) {
            if let Some((id, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}', '*', '['])) {
                last = id.to_owned();
                assert!(all.insert(last.clone(), BTreeSet::new()).is_none(), "{locale}: {last} is there twice");
            }
            let found = variable.captures_iter(line).map(|found| found[1].to_owned());
            all.entry(last.clone()).or_default().extend(found);
        }
        all
    }

    #[test]
    fn both_languages_have_the_same_messages_and_each_can_be_read() {
        assert_eq!(contents(Locale::Arabic), contents(Locale::English));
        for locale in Locale::ALL.iter().copied() {
            for source in sources(locale) {
                if let Err((_, faults)) = FluentResource::try_new((*source).to_owned()) {
                    panic!("{locale}: {faults:?}");
                }
            }
        }
    }

    #[test]
    fn numbers_take_each_language_s_plural() {
        let count = |locale, n: u64| {
            message(locale, "messages-count", &[("n", n.into())]).replace(['\u{2068}', '\u{2069}'], "")
        };
        for (n, english, arabic) in [
            (0, "0 messages", "لا رسائل"),
            (1, "1 message", "رسالة واحدة"),
            (2, "2 messages", "رسالتان"),
            (3, "3 messages", "٣ رسائل"),
            (11, "11 messages", "١١ رسالة"),
            (100, "100 messages", "١٠٠ رسالة"),
            (1_103, "1,103 messages", "١٬١٠٣ رسائل"),
        ] {
            assert_eq!((count(Locale::English, n).as_str(), count(Locale::Arabic, n).as_str()), (english, arabic));
        }
    }

    #[test]
    fn what_is_missing_shows() {
        assert_eq!(message(Locale::English, "no-such-message", &[]), "⟦no-such-message⟧");
        assert_eq!(message(Locale::English, "messages-count", &[]), "⟦messages-count⟧");
    }
}
