//! What holds for every text: masking is stable, exact about positions, never panics, and lets no valid identifier through.

use proptest::prelude::*;

use super::checks::luhn;
use super::{Masked, PersonalKind, RawText, mask};

/// Sentences around an identifier; no digits, no words that name one.
const SURROUNDINGS: [(&str, &str); 10] = [
    ("", ""),
    ("والله تعبت معكم ", " ومحد رد علي"),
    ("المندوب أخذ ", " وراح"),
    ("يا جماعة ", "؟؟ ليش كذا 😡"),
    ("محدش عبرني ", "، حسبي الله"),
    ("عيطت ليكم ", " بزاف ديال المرات"),
    ("please check ", ", thanks"),
    ("3ayez 7al l ", " ya gama3a"),
    ("(", ")"),
    ("السعر 150 ريال و", " في 12/05/2024"),
];

/// Digit scripts by their zero.
const ZEROS: [char; 5] = ['0', '٠', '۰', '０', '०'];
const SEPARATORS: [&str; 9] = ["", " ", "-", ".", "/", "\u{A0}", " - ", "\u{200F}", "ـ"];

fn masked(text: &str) -> Masked {
    mask(&RawText::new(text))
}

/// An identifier written in groups of the given lengths (the rest last), in one digit script and with one separator.
fn written(identifier: &str, groups: &[usize], zero: char, separator: &str) -> String {
    let mut rest = identifier;
    let mut parts = Vec::new();
    for &length in groups {
        let (part, after) = rest.split_at(length.min(rest.len()));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts
        .join(separator)
        .chars()
        .map(|c| c.to_digit(10).map_or(c, |value| char::from_u32(zero as u32 + value).unwrap_or(c)))
        .collect()
}

/// The digits with the check digit by Luhn behind them.
fn with_luhn(digits: &str) -> String {
    let values = |text: &str| text.bytes().map(|byte| byte - b'0').collect::<Vec<u8>>();
    (0..10).map(|check| format!("{digits}{check}")).find(|number| luhn(&values(number))).unwrap_or_default()
}

/// The account number with its check digits by ISO/IEC 7064 MOD 97-10.
fn with_mod_97(country: &str, account: &str) -> String {
    let rearranged = format!("{account}{country}00");
    let remainder = rearranged.chars().filter_map(|c| c.to_digit(36)).fold(0, |remainder, value| {
        if value > 9 { (remainder * 100 + value) % 97 } else { (remainder * 10 + value) % 97 }
    });
    format!("{country}{:02}{account}", 98 - remainder)
}

/// A valid identifier and groups that people write it in.
fn identifiers() -> impl Strategy<Value = (String, Vec<usize>)> {
    let groups = |choices: Vec<Vec<usize>>| prop::sample::select(choices);
    prop_oneof![
        ("05[0-9]{8}", groups(vec![vec![], vec![3, 3], vec![2, 4], vec![3, 7], vec![4, 3]])),
        ("\\+9665[034569][0-9]{7}", groups(vec![vec![], vec![4, 2, 3], vec![4], vec![4, 3, 3]])),
        ("009715[024568][0-9]{7}", groups(vec![vec![], vec![5, 2, 3], vec![2, 3, 2]])),
        ("01[0125][0-9]{8}", groups(vec![vec![], vec![3, 4], vec![4, 3], vec![3, 8]])),
        ("201[0125][0-9]{8}", groups(vec![vec![], vec![2, 3, 4]])),
        ("06[0-9]{8}", groups(vec![vec![], vec![2, 2, 2, 2]])),
        ("07[789][0-9]{7}", groups(vec![vec![], vec![3, 3], vec![2, 4]])),
        (
            "[12][0-9]{8}".prop_map(|digits| with_luhn(&digits)),
            groups(vec![vec![], vec![3, 3], vec![1, 3, 3], vec![4, 3]])
        ),
        ("784(19[4-9]|20[01])[0-9]{9}", groups(vec![vec![], vec![3, 4, 7]])),
        ("[23][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{7}", groups(vec![vec![], vec![1, 6, 2], vec![7]])),
        (
            "[45][0-9]{14}".prop_map(|digits| with_luhn(&digits)),
            groups(vec![vec![], vec![4, 4, 4], vec![8], vec![4, 6]])
        ),
        ("3[47][0-9]{12}".prop_map(|digits| with_luhn(&digits)), groups(vec![vec![], vec![4, 6]])),
        ("[0-9]{20}".prop_map(|account| with_mod_97("SA", &account)), groups(vec![vec![], vec![4; 5], vec![2, 2]])),
        ("[0-9]{19}".prop_map(|account| with_mod_97("AE", &account)), groups(vec![vec![], vec![4; 5]])),
        ("[A-Z]{4}[0-9]{22}".prop_map(|account| with_mod_97("KW", &account)), groups(vec![vec![], vec![4; 7]])),
    ]
}

/// Texts that hit the recognisers' edges more often than arbitrary ones.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "0",
        "5",
        "05",
        "966",
        "+",
        "00",
        "1012345672",
        "4111",
        "1111",
        " ",
        "  ",
        "-",
        ".",
        "/",
        ":",
        "@",
        "(",
        ")",
        "\n",
        "\t",
        "\0",
        ",",
        "،",
        "[",
        "]",
        "[phone]",
        "[card",
        "رقم",
        "الطلب",
        " رقم الطلب ",
        "جوالي ",
        "هو",
        " هذا رقمي",
        "order #",
        "iban",
        "SA03",
        "8000",
        "https://",
        "t.co/",
        "a.com",
        "?token=",
        "gmail",
        " at ",
        "dot com",
        "ريال",
        "::",
        "fe80",
        "192.168.1.1",
        "٠٥٥",
        "۱۲۳",
        "\u{202E}",
        "\u{202C}",
        "\u{2067}",
        "\u{2069}",
        "\u{200F}",
        "ـ",
        "\u{FE0F}\u{20E3}",
        "\u{FFFC}",
        "password ",
        "Ab1!",
        "2024",
        "12/05/2024",
        "😡",
        "و",
        "id",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

fn is_stable(text: &str) -> Result<(), TestCaseError> {
    let once = masked(text);
    let twice = masked(once.text.as_str());
    prop_assert_eq!(
        &twice.text,
        &once.text,
        "{:?} became {:?}, then {:?}",
        text,
        once.text.as_str(),
        twice.text.as_str()
    );
    prop_assert!(twice.spans.is_empty());
    Ok(())
}

fn spans_are_exact(text: &str) -> Result<(), TestCaseError> {
    let Masked { text: after, spans } = masked(text);
    let (before, after): (Vec<char>, Vec<char>) = (text.chars().collect(), after.as_str().chars().collect());
    let (mut read, mut written) = (0, 0);
    // Outside the spans, what is left is what was typed without the characters that always go.
    let same = |typed: &[char], kept: &[char]| {
        let is_bidi = |c: &char| matches!(*c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        let plain = |c: &&char| !is_bidi(c) && (!c.is_control() || matches!(c, '\n' | '\t'));
        typed.iter().filter(plain).eq(kept.iter().filter(|c| !is_bidi(c)))
    };
    for span in &spans {
        prop_assert_eq!(after[span.start..span.end].iter().collect::<String>(), span.kind.tag());
        prop_assert!(span.original_start < span.original_end);
        prop_assert!(same(&before[read..span.original_start], &after[written..span.start]));
        (read, written) = (span.original_end, span.end);
    }
    prop_assert!(same(&before[read..], &after[written..]));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_valid_identifier_survives(
        (identifier, groups) in identifiers(),
        zero in prop::sample::select(ZEROS.to_vec()),
        separator in prop::sample::select(SEPARATORS.to_vec()),
        (before, after) in prop::sample::select(SURROUNDINGS.to_vec()),
    ) {
        let typed = written(&identifier, &groups, zero, separator);
        let text = format!("{before}{typed}{after}");
        let masked = masked(&text);
        prop_assert!(!masked.text.as_str().contains(&typed), "{text:?} stayed {:?}", masked.text.as_str());
        prop_assert!(!masked.spans.is_empty());
        let (start, end) = (before.chars().count(), before.chars().count() + typed.chars().count());
        let covered = masked.spans.iter().any(|span| span.original_start <= start && end <= span.original_end);
        prop_assert!(covered, "{text:?} became {:?}", masked.text.as_str());
        is_stable(&text)?;
    }

    #[test]
    fn no_address_survives(
        local in "[a-z0-9]{1,8}([._+-][a-z0-9]{1,8}){0,2}",
        domain in "[a-z0-9]{1,10}(-[a-z0-9]{1,5})?(\\.[a-z]{2,6}){1,2}",
        (before, after) in prop::sample::select(SURROUNDINGS.to_vec()),
    ) {
        let address = format!("{local}@{domain}");
        let masked = masked(&format!("{before}{address}{after}"));
        prop_assert!(!masked.text.as_str().contains('@'), "{:?}", masked.text.as_str());
        prop_assert!(masked.spans.iter().any(|span| span.kind == PersonalKind::Email));
    }

    #[test]
    fn arbitrary_text_is_masked_once_and_for_all(text in "\\PC{0,80}|[\\x00-\\x7F]{0,80}|.{0,80}") {
        is_stable(&text)?;
        spans_are_exact(&text)?;
    }

    #[test]
    fn hostile_text_is_masked_once_and_for_all(text in hostile()) {
        is_stable(&text)?;
        spans_are_exact(&text)?;
    }

    #[test]
    fn words_alone_stay_as_typed(text in "[\u{621}-\u{64A}\u{64B}-\u{652}a-zA-Z éüñ!?.,;:()'\"،؛؟😡👍🏽\n\t-]{0,120}") {
        prop_assume!(!text.contains("ail") && !text.contains("yahoo") && !text.contains("look") && !text.contains("cloud"));
        let masked = masked(&text);
        prop_assert_eq!(masked.text.as_str(), text.as_str());
        prop_assert!(masked.spans.is_empty());
    }
}

#[test]
fn controls_and_unpaired_embeddings_go_and_pairs_stay() {
    for (typed, kept) in [
        ("a\0b\u{1}c\r\nd\te\u{7F}", "abc\nd\te"),
        ("\u{202E}مقلوب", "مقلوب"),
        ("\u{2067}نص\u{2069} و\u{202B}آخر\u{202C}", "\u{2067}نص\u{2069} و\u{202B}آخر\u{202C}"),
        ("\u{2067}أول\nثاني\u{2069}", "أول\nثاني"),
        ("\u{2067}a\u{202B}b\u{2069}c\u{202C}", "\u{2067}ab\u{2069}c"),
        ("\u{200F}نص\u{200E}", "\u{200F}نص\u{200E}"),
        ("\u{2066}0501234567\u{2069}", "\u{2066}[phone]\u{2069}"),
        ("050\u{2066}1234567\u{2069}", "[phone]"),
    ] {
        assert_eq!(masked(typed).text.as_str(), kept, "{typed:?}");
    }
}

#[test]
fn tags_that_were_typed_have_no_span() {
    let masked = masked("عندي [phone] و 0501234567");
    assert_eq!(masked.text.as_str(), "عندي [phone] و [phone]");
    let span = masked.spans[0];
    assert_eq!((masked.spans.len(), span.start, span.end, span.original_start, span.original_end), (1, 15, 22, 15, 25));
}
