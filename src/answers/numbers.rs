//! Numbers in a text, in digits of three scripts and in words, with what they are said to count.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::feedback::fold::fold_word;

use super::lexicon::{Lexicon, bare_forms};

/// A number as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) value: f64,
    /// Whether it is said to be a percentage, or a fraction in a word (half, ثلث).
    pub(super) percent: bool,
    /// Whether customers or messages are said to be so many.
    pub(super) people: bool,
    /// How it leads to the next number.
    pub(super) link: Link,
    /// As it is written, for messages.
    pub(super) written: String,
}

/// How a number leads to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// `12 of 80`, `12 من أصل 80`.
    Of,
    /// `9 to 24`, `بين 9 و24`.
    Range,
    /// Not at all.
    None,
}

/// The value of a digit: Western, Arabic-Indic or Persian.
pub(super) fn digit(letter: char) -> Option<u32> {
    let of = |zero: char| u32::from(letter).checked_sub(u32::from(zero)).filter(|digit| *digit < 10);
    letter.to_digit(10).or_else(|| of('٠')).or_else(|| of('۰'))
}

const WORDS: &[(f64, &str)] = &[
    (0.0, "zero صفر"),
    (1.0, "one once single واحد واحدة واحدًا"),
    (
        2.0,
        "two twice both اثنان اثنين اثنتان اثنتين إثنان مرتين مرتان عميلان عميلين شخصان شخصين رسالتان \
         رسالتين يومان يومين ساعتان ساعتين أسبوعين شهرين كلا كلتا",
    ),
    (3.0, "three thrice ثلاث ثلاثة تلاتة"),
    (4.0, "four أربع أربعة"),
    (5.0, "five خمس خمسة"),
    (6.0, "six ست ستة"),
    (7.0, "seven سبع سبعة"),
    (8.0, "eight ثمان ثماني ثمانية تمانية"),
    (9.0, "nine تسع تسعة"),
    (10.0, "ten عشر عشرة"),
    (11.0, "eleven"),
    (12.0, "twelve dozen"),
    (13.0, "thirteen"),
    (14.0, "fourteen"),
    (15.0, "fifteen"),
    (16.0, "sixteen"),
    (17.0, "seventeen"),
    (18.0, "eighteen"),
    (19.0, "nineteen"),
    (20.0, "twenty عشرون عشرين"),
    (30.0, "thirty ثلاثون ثلاثين"),
    (40.0, "forty أربعون أربعين"),
    (50.0, "fifty خمسون خمسين"),
    (60.0, "sixty ستون ستين"),
    (70.0, "seventy سبعون سبعين"),
    (80.0, "eighty ثمانون ثمانين"),
    (90.0, "ninety تسعون تسعين"),
    (100.0, "hundred hundreds مئة مائة مية مئات"),
    (200.0, "مئتان مئتين مائتين"),
    (1_000.0, "thousand thousands ألف آلاف"),
    (2_000.0, "ألفان ألفين"),
    (1_000_000.0, "million millions مليون ملايين"),
];

/// Fractions in words, in percent.
const FRACTIONS: &[(f64, &str)] = &[
    (50.0, "half halves نصف نص"),
    (33.0, "third ثلث"),
    (67.0, "ثلثا ثلثي ثلثين"),
    (25.0, "quarter fourth ربع"),
    (20.0, "fifth خمس"),
];

static PERCENT: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new("percent percentage pct cent"));

/// A hundred, as it stands in «في المئة» and «بالمئة», folded.
const HUNDREDTHS: [&str; 2] = ["الميه", "المايه"];

/// Whom or what shares of customers are of.
static PEOPLE: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(
        "customer customers people person persons user users client clients message messages record \
         records respondents reviewers reviews complaints ratings buyers shoppers members them everyone \
         عميل عملاء عميلًا زبون زبائن زباين مستخدم مستخدمين مستخدمون شخص شخصًا أشخاص رسالة رسائل تعليق \
         تعليقات شكوى شكاوى تقييم تقييمات مشترك مشتركين أفراد سجل سجلات منهم عملائنا عملاؤنا الناس",
    )
});

/// How many words after a number may say what it counts.
const REACH: usize = 4;

static VALUES: LazyLock<HashMap<String, (f64, bool)>> = LazyLock::new(|| {
    let of = |list: &'static [(f64, &'static str)], fraction| {
        let forms = |(value, words): &(f64, &'static str)| {
            words.split(' ').map(|word| (fold_word(word), (*value, fraction))).collect::<Vec<_>>()
        };
        list.iter().flat_map(forms).collect::<Vec<_>>()
    };
    let (words, fractions) = (of(WORDS, false), of(FRACTIONS, true));
    // of «خمس» the number wins
    fractions.into_iter().chain(words).collect()
});

enum Token {
    Number { value: f64, fraction: bool, written: String, digits: bool },
    Percent,
    Word(String),
    Dash,
    Slash,
    Break,
}

/// Every number of a text, in order.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let tokens = composed(tokens(text));
    let mut numbers: Vec<Number> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Number { value, fraction, written, .. } = token else { continue };
        let after = &tokens[at + 1..];
        let percent = *fraction || is_percent(after);
        let link = link(after);
        numbers.push(Number { value: *value, percent, people: counts_people(after), link, written: written.clone() });
    }
    numbers
}

fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().filter(|letter| !is_unseen(*letter)).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let start = at;
        if digit(letter).is_some() {
            let (value, end) = value_at(&letters, at);
            let written = letters[start..end].iter().collect();
            tokens.push(Token::Number { value, fraction: false, written, digits: true });
            at = end;
        } else if letter.is_alphabetic() {
            while letters.get(at).is_some_and(|letter| is_of_word(*letter)) {
                at += 1;
            }
            tokens.push(word(letters[start..at].iter().collect()));
        } else {
            tokens.extend(match letter {
                '%' | '٪' => Some(Token::Percent),
                '-' | '–' | '—' | '~' => Some(Token::Dash),
                '/' => Some(Token::Slash),
                '.' | ';' | '؛' | '!' | '?' | '؟' | ':' | '\n' | '(' | ')' | '"' | '“' | '”' | '«' | '»' => {
                    Some(Token::Break)
                }
                '½' => Some(Token::Number { value: 50.0, fraction: true, written: "½".to_owned(), digits: true }),
                _ => None,
            });
            at += 1;
        }
    }
    tokens
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphabetic() || unicode_normalization::char::is_combining_mark(letter) || matches!(letter, '\'' | '’')
}

/// Direction marks and stretched letters may stand inside a number or a word.
fn is_unseen(letter: char) -> bool {
    matches!(letter, 'ـ' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The number whose digits begin here, and where it ends: `1,200.5`, `١٬٢٠٠٫٥`, `12,5`.
fn value_at(letters: &[char], start: usize) -> (f64, usize) {
    let digit_at = |at: usize| letters.get(at).and_then(|letter| digit(*letter));
    let mut number = String::new();
    let mut at = start;
    let mut decimal = false;
    while let Some(&letter) = letters.get(at) {
        if let Some(digit) = digit(letter) {
            number.extend(char::from_digit(digit, 10));
        } else if digit_at(at + 1).is_some() && !decimal && matches!(letter, '.' | '٫' | ',' | '٬') {
            let group = (1..=3).all(|next| digit_at(at + next).is_some()) && digit_at(at + 4).is_none();
            let thousands = matches!(letter, ',' | '٬') && group;
            if !thousands {
                number.push('.');
                decimal = true;
            }
        } else {
            break;
        }
        at += 1;
    }
    (number.parse().unwrap_or(f64::INFINITY), at)
}

fn word(written: String) -> Token {
    let form = fold_word(&written);
    if HUNDREDTHS.iter().any(|name| form.strip_prefix('ب') == Some(name)) {
        return Token::Percent;
    }
    let value = bare_forms(&form).find_map(|form| VALUES.get(form)).copied();
    match value {
        Some((value, fraction)) => Token::Number { value, fraction, written, digits: false },
        None => Token::Word(form),
    }
}

/// Joins number words that make one number: `twenty five`, «خمسة وعشرون», `two hundred`.
fn composed(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::new();
    for token in tokens {
        let hundredths =
            matches!(&token, Token::Number { written, .. } if HUNDREDTHS.contains(&fold_word(written).as_str()));
        if hundredths && matches!(joined.last(), Some(Token::Word(form)) if form == "في") {
            joined.pop();
            joined.push(Token::Percent);
            continue;
        }
        let before = match (joined.last(), &token) {
            (
                Some(Token::Number { value: left, fraction: false, written, digits: false }),
                Token::Number { value: right, fraction: false, written: next, digits: false },
            ) => sum(*left, *right).map(|value| (value, format!("{written} {next}"))),
            _ => None,
        };
        match before {
            Some((value, written)) => {
                joined.pop();
                joined.push(Token::Number { value, fraction: false, written, digits: false });
            }
            // a hyphen between number words
            None if matches!(token, Token::Dash)
                && matches!(joined.last(), Some(Token::Number { digits: false, .. })) => {}
            None => joined.push(token),
        }
    }
    joined
}

fn sum(left: f64, right: f64) -> Option<f64> {
    let tens = |value: f64| (20.0..100.0).contains(&value) && value % 10.0 == 0.0;
    let unit = |value: f64| (1.0..10.0).contains(&value);
    match (left, right) {
        (left, right) if (tens(left) && unit(right)) || (unit(left) && tens(right)) => Some(left + right),
        (left, 10.0) if unit(left) => Some(left + 10.0),
        (left, right) if right >= 100.0 && left < right && right % 100.0 == 0.0 => Some(left * right),
        (left, right) if left >= 100.0 && left % 100.0 == 0.0 && right < left => Some(left + right),
        _ => None,
    }
}

fn is_percent(after: &[Token]) -> bool {
    let named = |form: &str| PERCENT.has(form);
    match after {
        [Token::Percent, ..] => true,
        [Token::Word(first), ..] if named(first) => true,
        [Token::Word(first), Token::Word(second), ..] => first == "per" && named(second),
        _ => false,
    }
}

fn counts_people(after: &[Token]) -> bool {
    let mut left = REACH;
    for token in after {
        match token {
            Token::Word(form) if left > 0 => {
                if is_people(form) {
                    return true;
                }
                left -= 1;
            }
            Token::Percent => {}
            // of how many: what they are stands behind the second number
            Token::Number { .. } if link(after) == Link::Of => {}
            _ => return false,
        }
    }
    false
}

pub(super) fn is_people(form: &str) -> bool {
    PEOPLE.has(form)
}

fn link(after: &[Token]) -> Link {
    const OF: [&str; 8] = ["of", "out", "the", "their", "من", "اصل", "بين", "total"];
    const RANGE: [&str; 7] = ["and", "to", "و", "الي", "حتي", "ل", "up"];
    let mut words: Vec<&str> = Vec::new();
    for token in after {
        match token {
            Token::Number { .. } => {
                let all = |known: &[&str]| !words.is_empty() && words.iter().all(|word| known.contains(word));
                return if all(&OF) && words.iter().any(|word| matches!(*word, "of" | "من")) {
                    Link::Of
                } else if all(&RANGE) {
                    Link::Range
                } else {
                    Link::None
                };
            }
            Token::Word(form) if PERCENT.has(form) || form == "per" => {}
            Token::Word(form) => words.push(form),
            Token::Dash => words.push("to"),
            Token::Slash => words.push("of"),
            Token::Percent => {}
            Token::Break => return Link::None,
        }
    }
    Link::None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(f64, bool, bool, Link)> {
        numbers(text).into_iter().map(|number| (number.value, number.percent, number.people, number.link)).collect()
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        let plain = |value: f64| vec![(value, false, false, Link::None)];
        for (text, expected) in [
            ("in 12 days", plain(12.0)),
            ("١٢ يوما", plain(12.0)),
            ("۱۲ يوما", plain(12.0)),
            ("1,200 riyals", plain(1200.0)),
            ("١٬٢٠٠ ريال", plain(1200.0)),
            ("2.5 hours", plain(2.5)),
            ("٢٫٥ ساعة", plain(2.5)),
            ("12,5 hours", plain(12.5)),
            ("1\u{200f}2 days", plain(12.0)),
            ("twenty-five days", plain(25.0)),
            ("خمسة وعشرون يوما", plain(25.0)),
            ("خمسة عشر يوما", plain(15.0)),
            ("three hundred riyals", plain(300.0)),
            ("ثلاث مئة ريال", plain(300.0)),
            ("بثلاثة أيام", plain(3.0)),
            ("والعشرة", plain(10.0)),
            ("مرتين", plain(2.0)),
            ("no digits, لا أرقام", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_number_counts_is_seen() {
        use Link::{None, Of, Range};
        for (text, expected) in [
            ("12 customers", vec![(12.0, false, true, None)]),
            ("12 angry customers", vec![(12.0, false, true, None)]),
            ("١٢ عميلًا", vec![(12.0, false, true, None)]),
            ("15 % of customers", vec![(15.0, true, true, None)]),
            ("15 per cent off", vec![(15.0, true, false, None)]),
            ("١٥ في المئة من العملاء", vec![(15.0, true, true, None)]),
            ("١٥٪", vec![(15.0, true, false, None)]),
            ("half of them", vec![(50.0, true, true, None)]),
            ("نصف العملاء", vec![(50.0, true, true, None)]),
            ("12 of 80 messages", vec![(12.0, false, true, Of), (80.0, false, true, None)]),
            ("12 من أصل 80 رسالة", vec![(12.0, false, true, Of), (80.0, false, true, None)]),
            ("between 9 % and 24 %", vec![(9.0, true, false, Range), (24.0, true, false, None)]),
            ("بين 9٪ و24٪", vec![(9.0, true, false, Range), (24.0, true, false, None)]),
            ("9–24 %", vec![(9.0, false, false, Range), (24.0, true, false, None)]),
            ("paid 2 of 3 items", vec![(2.0, false, false, Of), (3.0, false, false, None)]),
            ("12 days. Customers wait", vec![(12.0, false, false, None)]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
