//! Titles of groups as customers would fill them.

use proptest::prelude::*;

use super::*;

const LATE: &[&str] = &[
    "المندوب تأخر ساعتين والطلب وصل بارد",
    "طلبي تأخر والمندوب ما يرد على [phone]",
    "وين المندوب؟ تأخر كثير 😡",
    "تأخر المندوب مرة ثانية",
];
const CRASH: &[&str] =
    &["التطبيق يعلق كل مرة أفتحه", "تطبيقكم يعلّق ويطلعني", "التطبيـــق يعلق على الآيفون", "بالتطبيق مشكلة، يعلق دائماً"];
const CRASH_ENGLISH: &[&str] = &[
    "The app keeps crashing on my iPhone 14",
    "app crashing again and again!!",
    "please fix, app crashing since the update",
];
const LATE_ENGLISH: &[&str] = &["courier came 2 hours late", "The courier was late again", "late courier, cold food"];

fn group<'a>(language: &'a Language, texts: &[&'a str]) -> Vec<Excerpt<'a>> {
    texts.iter().map(|text| Excerpt { language, text }).collect()
}

fn both() -> Vec<Titles> {
    let (arabic, english) = (Language::arabic(), Language::english());
    titles(&[
        [group(&arabic, LATE), group(&english, LATE_ENGLISH)].concat(),
        [group(&arabic, CRASH), group(&english, CRASH_ENGLISH)].concat(),
    ])
}

#[test]
fn titles_are_the_group_s_own_words_in_each_language() {
    let titles = both();
    let title = |at: usize, language| titles[at].titles.get(&language).cloned().unwrap_or_default();
    for (at, language, words) in [
        (0, Language::arabic(), ["المندوب", "تأخر"]),
        (0, Language::english(), ["courier", "late"]),
        (1, Language::arabic(), ["التطبيق", "يعلق"]),
        (1, Language::english(), ["app", "crashing"]),
    ] {
        let title = title(at, language);
        assert!(words.iter().all(|word| title.contains(word)), "{title}");
    }
    assert_eq!(titles, both(), "the same again");
}

#[test]
fn titles_hold_no_stop_words_tags_or_numbers() {
    for titles in both() {
        for (language, words) in &titles.keywords {
            assert!(!words.is_empty(), "{language}");
            for word in words.iter().flat_map(|word| word.split(' ')) {
                let runs = runs(word).concat();
                assert!(runs.len() == 1 && !is_stop(&runs[0].key, &runs[0].key) && !word.contains("phone]"), "{word}");
            }
        }
    }
}

#[test]
fn a_title_says_each_word_once_and_without_a_conjunction() {
    let (arabic, english) = (Language::arabic(), Language::english());
    let late = ["رسوم عالية والتوصيل بطيء", "رسوم عالية والتوصيل ناقص", "الرسوم والتوصيل"];
    let crash = ["crash crashed", "crashes crashed", "crash crashing"];
    let found = titles(&[group(&arabic, &late), group(&english, &crash)]);
    assert_eq!(found[0].titles[&arabic], "رسوم عالية · التوصيل");
    assert_eq!(found[1].titles[&english], "crash");
}

#[test]
fn groups_that_say_the_same_are_told_apart() {
    let arabic = Language::arabic();
    let late = ["المندوب تأخر", "المندوب تأخر", "المندوب تأخر والعنوان خطأ", "العنوان خطأ"];
    let plain = ["المندوب تأخر", "المندوب تأخر"];
    let found = titles(&[group(&arabic, &plain), group(&arabic, &plain), group(&arabic, &late)]);
    let all: BTreeSet<_> = found.iter().map(|titles| &titles.titles[&arabic]).collect();
    assert_eq!(all.len(), 3, "{all:?}");
}

proptest! {
    #[test]
    fn no_two_titles_are_alike_and_none_in_arabic_has_other_letters_for_noise(
        texts in prop::collection::vec((0_usize..8, prop::collection::vec(0_usize..14, 1..7)), 1..60),
    ) {
        const WORDS: [&str; 14] = [
            "المندوب", "تأخر", "التطبيق", "يعلق", "رسوم", "عالية", "استرجاع", "الفلوس", "iPhone", "late", "واحد",
            "courier", "[phone]", "٥٠",
        ];
        let (arabic, english) = (Language::arabic(), Language::english());
        let written: Vec<(usize, &Language, String)> = texts
            .iter()
            .map(|(home, words)| {
                let text = words.iter().map(|word| WORDS[*word]).collect::<Vec<_>>().join(" ");
                (*home, if words[0] % 3 == 0 { &english } else { &arabic }, text)
            })
            .collect();
        let members = |number: usize| -> Vec<Excerpt<'_>> {
            let of = written.iter().filter(|(home, ..)| *home == number);
            of.map(|(_, language, text)| Excerpt { language, text }).collect()
        };
        let groups: Vec<Vec<Excerpt<'_>>> = (0..8).map(members).collect();
        let found = titles(&groups);
        for language in [&arabic, &english] {
            let all: Vec<&String> = found.iter().filter_map(|titles| titles.titles.get(language)).collect();
            prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{:?}", all);
        }
        for (titles, group) in found.iter().zip(&groups) {
            let Some(title) = titles.titles.get(&arabic) else { continue };
            let own = group.iter().filter(|excerpt| excerpt.language == &arabic);
            let has_arabic = own.flat_map(|excerpt| runs(excerpt.text).concat()).any(|word| {
                letters(&word.key) == Letters::Arabic && !is_stop(&word.key, &word.key)
            });
            let latin = title.chars().any(|letter| letter.is_ascii_alphabetic());
            prop_assert!(!(has_arabic && latin), "{}", title);
        }
    }
}

#[test]
fn a_group_without_words_of_its_own_has_no_title() {
    let arabic = Language::arabic();
    assert_eq!(titles(&[group(&arabic, &["؟؟؟", "[phone]", "والله", "١٢٣"]), vec![]]), vec![Titles::default(); 2]);
    assert_eq!(titles(&[]), []);
}

#[test]
fn arabizi_alone_names_an_arabic_group_in_its_own_letters() {
    let arabic = Language::arabic();
    let found = titles(&[group(&arabic, &["el mandoub mat2akhar awi", "fein el mandoub"]), group(&arabic, CRASH)]);
    assert_eq!(found[0].titles.get(&arabic).map(String::as_str), Some("mandoub"));
}
