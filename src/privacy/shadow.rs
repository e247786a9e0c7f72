//! The text as the recognisers see it, with the way back to what was typed.

use std::ops::Range;

use super::PersonalKind;
use super::find::Find;
use super::fold::{BARRIER, fold, is_bidi_control};

/// Names of mail services, as people write them when they avoid the `@` or the ending.
pub(super) const MAIL_PROVIDERS: [&str; 10] =
    ["gmail", "hotmail", "yahoo", "outlook", "icloud", "جيميل", "هوتميل", "ياهو", "اوتلوك", "ايكلاود"];

/// Folded characters; each knows which bytes of the original it came from.
pub(super) struct Shadow {
    /// The folded characters, tags and finds as one [`BARRIER`] each.
    pub(super) chars: Vec<char>,
    places: Vec<(usize, usize)>,
}

impl Shadow {
    /// The shadow of `original`, where `finds` (ordered, disjoint, in bytes) are masked already.
    pub(super) fn of(original: &str, finds: &[Find]) -> Self {
        let mut shadow = Self { chars: Vec::with_capacity(original.len()), places: Vec::with_capacity(original.len()) };
        let mut from = 0;
        for find in finds {
            shadow.append(original, from..find.range.start);
            shadow.push(BARRIER, find.range.start, find.range.end);
            from = find.range.end;
        }
        shadow.append(original, from..original.len());
        shadow
    }

    /// Whether anything in it could be personal data: every recogniser needs a digit, an `@`, a `/` or a mail provider's name.
    pub(super) fn is_suspicious(&self) -> bool {
        self.chars.iter().enumerate().any(|(at, &c)| match c {
            '0'..='9' | '@' | '/' => true,
            'g' | 'h' | 'y' | 'o' | 'i' | 'ج' | 'ه' | 'ي' | 'ا' => {
                MAIL_PROVIDERS.iter().any(|provider| self.starts_with(at, provider))
            }
            _ => false,
        })
    }

    /// The bytes of the original behind a stretch of the shadow, with the invisible marks that hang on its characters.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        self.places[range.start].0..self.places[range.end - 1].1
    }

    /// The character at a position.
    pub(super) fn at(&self, position: usize) -> Option<char> {
        self.chars.get(position).copied()
    }

    /// The character before a position.
    pub(super) fn before(&self, position: usize) -> Option<char> {
        position.checked_sub(1).and_then(|before| self.at(before))
    }

    /// Whether `text` stands at a position.
    pub(super) fn starts_with(&self, position: usize, text: &str) -> bool {
        let mut rest = self.chars[position.min(self.chars.len())..].iter();
        text.chars().all(|expected| rest.next() == Some(&expected))
    }

    /// The characters of a stretch.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }

    fn append(&mut self, original: &str, range: Range<usize>) {
        let offset = range.start;
        for (at, typed) in original[range].char_indices() {
            let (start, end) = (offset + at, offset + at + typed.len_utf8());
            match fold(typed) {
                Some(folded) => {
                    self.push(folded, start, end);
                    if folded == ']' {
                        self.close_tag();
                    }
                }
                None if is_bidi_control(typed) || typed.is_control() => {}
                None => {
                    if let Some(last) = self.places.last_mut().filter(|last| last.1 == start) {
                        last.1 = end;
                    }
                }
            }
        }
    }

    fn push(&mut self, folded: char, start: usize, end: usize) {
        self.chars.push(folded);
        self.places.push((start, end));
    }

    /// Turns a tag that was just completed into a barrier.
    fn close_tag(&mut self) {
        let longest = PersonalKind::ALL.map(|kind| kind.tag().len()).into_iter().max().unwrap_or(0);
        let from = self.chars.len().saturating_sub(longest);
        let Some(open) = self.chars[from..].iter().rposition(|&c| c == '[').map(|open| from + open) else { return };
        let length = self.chars.len() - open;
        if PersonalKind::ALL.iter().any(|kind| kind.tag().len() == length && self.starts_with(open, kind.tag())) {
            let (start, end) = (self.places[open].0, self.places[self.places.len() - 1].1);
            self.chars.truncate(open);
            self.places.truncate(open);
            self.push(BARRIER, start, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privacy::find::Certainty;

    #[test]
    fn the_way_back_covers_marks_inside_and_after() {
        let typed = "ج٠ـ\u{200F}٥0\u{FE0F}\u{20E3}!";
        let shadow = Shadow::of(typed, &[]);
        assert_eq!(shadow.text(0..shadow.chars.len()), "ج050!");
        assert_eq!(&typed[shadow.original(&(1..4))], "٠ـ\u{200F}٥0\u{FE0F}\u{20E3}");
    }

    #[test]
    fn tags_and_finds_are_barriers() {
        let shadow = Shadow::of("a [phone] b 12", &[Find::new(12..14, PersonalKind::Card, Certainty::Shape)]);
        assert_eq!(shadow.text(0..shadow.chars.len()), "a \u{FFFC} b \u{FFFC}");
        assert_eq!(shadow.original(&(2..3)), 2..9);
    }
}
