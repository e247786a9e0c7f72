//! A stretch of a text.

use serde::{Deserialize, Serialize};

/// A half-open stretch of a text, `start..end`, counted in Unicode scalar values of the stored text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

impl Span {
    /// The span of the bytes `start..end` of `text`, which must lie on character boundaries.
    #[must_use]
    pub fn of_bytes(text: &str, start: usize, end: usize) -> Self {
        let before = text[..start].chars().count();
        Self { start: before, end: before + text[start..end].chars().count() }
    }

    /// The characters of `text` that lie in the span.
    #[must_use]
    pub fn slice<'text>(&self, text: &'text str) -> &'text str {
        let at = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(byte, _)| byte);
        &text[at(self.start)..at(self.end.max(self.start))]
    }

    /// Whether the two share a character.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_characters_and_back() {
        let text = "يا 👍🏽 hello";
        let start = text.find("hello").expect("there");
        let span = Span::of_bytes(text, start, text.len());
        assert_eq!(span, Span { start: 6, end: 11 });
        assert_eq!(span.slice(text), "hello");
        assert_eq!(Span { start: 0, end: 2 }.slice(text), "يا");
        assert_eq!(Span { start: 9, end: 99 }.slice(text), "lo");
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        let (left, right) = (Span { start: 0, end: 3 }, Span { start: 3, end: 5 });
        assert!(!left.overlaps(&right));
        assert!(left.overlaps(&Span { start: 2, end: 9 }));
    }
}
