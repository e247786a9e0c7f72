//! A folded shadow of a text for word rules: spellings that differ only in form become equal.
//!
//! Every folded word remembers which characters of the original it came from, so a rule that
//! looks at the shadow still points at the stored text.

use std::iter::once;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Span;

/// One folded word, or the break between two sentences or clauses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it is.
    pub kind: WordKind,
    /// The folded letters and digits, or the symbol itself; empty for a break.
    pub form: String,
    /// Where it stands in the original, marks and stretched letters included.
    pub span: Span,
}

/// What a [`Word`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// Letters and digits.
    Word,
    /// One emoji or symbol.
    Symbol,
    /// A comma or dash: the clause ends.
    Comma,
    /// A full stop, question mark, new line…: the sentence ends.
    Stop,
}

/// The shadow of `text`, word by word.
#[must_use]
pub fn fold(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    let mut characters = text.chars().enumerate().peekable();
    let mut before = ' ';
    while let Some((index, character)) = characters.next() {
        let after = characters.peek().map_or(' ', |(_, next)| *next);
        match role(before, character, after) {
            Role::Letter => {
                if !open {
                    let span = Span { start: index, end: index };
                    words.push(Word { kind: WordKind::Word, form: String::new(), span });
                    open = true;
                }
                if let Some(word) = words.last_mut() {
                    push(character, &mut word.form);
                    word.span.end = index + 1;
                }
            }
            Role::Ignored => {
                if let Some(word) = words.last_mut().filter(|_| open) {
                    word.span.end = index + 1;
                }
            }
            Role::Alone(kind) => {
                open = false;
                let form = if kind == WordKind::Symbol { character.to_string() } else { String::new() };
                words.push(Word { kind, form, span: Span { start: index, end: index + 1 } });
            }
            Role::Break => open = false,
        }
        before = character;
    }
    // A word of marks alone folds to nothing.
    words.retain(|word| word.kind != WordKind::Word || !word.form.is_empty());
    words
}

/// The folded form of one written word; what rules are written in goes through here too.
#[must_use]
pub fn fold_word(word: &str) -> String {
    let mut form = String::with_capacity(word.len());
    for character in word.chars().filter(|character| role('a', *character, 'a') == Role::Letter) {
        push(character, &mut form);
    }
    form
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Letter,
    Ignored,
    Alone(WordKind),
    Break,
}

fn role(before: char, character: char, after: char) -> Role {
    let between = |test: fn(char) -> bool| test(before) && test(after);
    match character {
        '\'' | '’' | '‘' | '`' | 'ʼ' if between(char::is_alphanumeric) => Role::Ignored,
        '.' | ',' | '٫' | '٬' if between(char::is_numeric) => Role::Ignored,
        _ if is_unseen(character) => Role::Ignored,
        _ if character.is_alphanumeric() => Role::Letter,
        '.' | '!' | '?' | '؟' | '\n' | '\r' | '؛' | ';' | '…' | '¡' | '¿' | '‽' | '|' => {
            Role::Alone(WordKind::Stop)
        }
        ',' | '،' | '–' | '—' => Role::Alone(WordKind::Comma),
        '-' if before.is_whitespace() => Role::Alone(WordKind::Comma),
        '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' => Role::Alone(WordKind::Symbol),
        _ => Role::Break,
    }
}

/// Marks, tatweel, joiners, direction marks, variation selectors and skin tones.
fn is_unseen(character: char) -> bool {
    is_combining_mark(character)
        || matches!(
            character,
            'ـ' | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{1F3FB}'..='\u{1F3FF}'
        )
}

/// Adds a character's folded letters; a stretched letter adds nothing.
///
/// An Arabic consonant may stand twice (`تسمم`); vowels and the letters of other scripts count once however often.
fn push(character: char, form: &mut String) {
    for piece in once(character).nfkd().filter(|piece| !is_unseen(*piece)).flat_map(char::to_lowercase) {
        let Some(letter) = folded(piece) else { continue };
        let most = match letter {
            _ if letter.is_ascii_digit() => usize::MAX,
            'ا' | 'و' | 'ي' => 1,
            '\u{600}'..='\u{6FF}' => 2,
            _ => 1,
        };
        if form.chars().rev().take_while(|last| *last == letter).take(most).count() < most {
            form.push(letter);
        }
    }
}

fn folded(letter: char) -> Option<char> {
    Some(match letter {
        'ٱ' => 'ا',
        'ى' | 'ی' | 'ې' => 'ي',
        'ة' | 'ە' | 'ہ' | 'ھ' => 'ه',
        'ک' | 'گ' | 'ڭ' => 'ك',
        'ڤ' => 'ف',
        'پ' => 'ب',
        'چ' => 'ج',
        'ڨ' => 'ق',
        'ء' => return None,
        '٠'..='٩' => ascii_digit(letter, '٠'),
        '۰'..='۹' => ascii_digit(letter, '۰'),
        _ if letter.is_alphanumeric() => letter,
        _ => return None,
    })
}

fn ascii_digit(digit: char, zero: char) -> char {
    u32::from(digit).checked_sub(u32::from(zero)).and_then(|value| char::from_digit(value, 10)).unwrap_or(digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn forms(text: &str) -> Vec<String> {
        fold(text).into_iter().filter(|word| !word.form.is_empty()).map(|word| word.form).collect()
    }

    #[test]
    fn spellings_of_one_word_fold_to_one_form() {
        for (text, expected) in [
            ("أحمد إلى آخر ٱلمدى", vec!["احمد", "الي", "اخر", "المدي"]),
            ("فَقَدْتُ بِطاقتي", vec!["فقدت", "بطاقتي"]),
            ("زفـــــــت ضرووووري تسمممم", vec!["زفت", "ضروري", "تسمم"]),
            ("مسؤول شيء هيئة", vec!["مسول", "شي", "هيه"]),
            ("٤٨ ساعة ۱۲ 3am", vec!["48", "ساعه", "12", "3am"]),
            ("Don’t CANCELLING 1,200.50 100", vec!["dont", "canceling", "120050", "100"]),
            ("ed-sara2 بطاقـ\u{200f}ـتي", vec!["ed", "sara2", "بطاقتي"]),
            ("ﷲ ﻣﺤﻤﺪ", vec!["الله", "محمد"]),
            ("👏🏽👏 برافو", vec!["👏", "👏", "برافو"]),
            ("گالو چذي ڤيزا پطاقة", vec!["كالو", "جذي", "فيزا", "بطاقه"]),
            ("ـــ ء", vec![]),
        ] {
            assert_eq!(forms(text), expected, "{text}");
        }
    }

    #[test]
    fn spans_point_at_the_original() {
        let text = "فَقَدْتُ  بِطاقتِي، اليومـــ!";
        let spans: Vec<&str> = fold(text).iter().map(|word| word.span.slice(text)).collect();
        assert_eq!(spans, ["فَقَدْتُ", "بِطاقتِي", "،", "اليومـــ", "!"]);
    }

    #[test]
    fn sentences_and_clauses_end() {
        let kinds: Vec<WordKind> = fold("no, wait. 3.5 x - y").into_iter().map(|word| word.kind).collect();
        use WordKind::{Comma, Stop, Word};
        assert_eq!(kinds, [Word, Comma, Word, Stop, Word, Word, Comma, Word]);
    }

    proptest! {
        #[test]
        fn words_are_ordered_and_inside_the_text(text in any::<String>()) {
            let length = text.chars().count();
            let mut end = 0;
            for word in fold(&text) {
                prop_assert!(word.span.start >= end && word.span.start < word.span.end);
                end = word.span.end;
            }
            prop_assert!(end <= length);
        }

        #[test]
        fn folding_a_folded_word_changes_nothing(word in "[\\p{Arabic}a-zA-Z0-9]{1,12}") {
            let once = fold_word(&word);
            prop_assert_eq!(fold_word(&once), once.clone());
        }
    }
}
