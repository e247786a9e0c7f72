//! The shadow in words.

use std::ops::Range;

use super::fold::BARRIER;
use super::shadow::Shadow;

/// A run of letters and digits of one script, a number sign, or a barrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// How many ASCII digits it has.
    pub(super) digits: usize,
    /// Whether it is of ASCII letters and digits.
    pub(super) ascii: bool,
}

/// The words of the text in order.
pub(super) fn words(shadow: &Shadow) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = None;
    for (at, &c) in shadow.chars.iter().enumerate() {
        let class = class(c);
        match (class, open, words.last_mut()) {
            (Some(class), Some(before), Some(word)) if class == before && class != Class::Sign => {
                word.range.end = at + 1
            }
            (Some(class), ..) => {
                words.push(Word { range: at..at + 1, digits: 0, ascii: class == Class::Ascii });
            }
            (None, ..) => {}
        }
        open = class;
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_digit()) {
            word.digits += 1;
        }
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Ascii,
    Letters,
    Sign,
}

fn class(c: char) -> Option<Class> {
    match c {
        '#' | '№' | '=' | BARRIER => Some(Class::Sign),
        _ if c.is_ascii_alphanumeric() => Some(Class::Ascii),
        _ if c.is_alphanumeric() => Some(Class::Letters),
        _ => None,
    }
}
