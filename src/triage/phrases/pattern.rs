//! A phrase: classes of words in order, with small gaps; it never reaches into the next sentence.

use std::collections::HashMap;

use super::PhraseError;
use super::lexicon::{Class, Lexicon};
use crate::feedback::fold::{Word, WordKind, fold};

/// How many words a `..` may skip.
const GAP: usize = 3;

/// Named lists of words that patterns refer to as `{name}`.
pub(super) type Lists = HashMap<String, String>;

/// The folded words of a text with their classes.
pub(super) struct Indexed {
    pub(super) words: Vec<Word>,
    classes: Vec<Vec<Class>>,
    sentences: Vec<usize>,
}

impl Indexed {
    pub(super) fn new(text: &str, lexicon: &Lexicon) -> Self {
        let words = fold(text);
        let classes = words.iter().map(|word| lexicon.classes(word)).collect();
        let mut sentence = 0;
        let sentences = words
            .iter()
            .map(|word| {
                sentence += usize::from(word.kind == WordKind::Stop);
                sentence
            })
            .collect();
        Self { words, classes, sentences }
    }

    /// The classes of the word at this place; none outside the text.
    pub(super) fn classes(&self, place: usize) -> &[Class] {
        self.classes.get(place).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is(&self, place: usize, class: Class) -> bool {
        self.classes(place).binary_search(&class).is_ok()
    }

    pub(super) fn same_sentence(&self, left: usize, right: usize) -> bool {
        self.sentences.get(left) == self.sentences.get(right)
    }
}

/// Classes of words in order.
#[derive(Debug)]
pub(super) struct Pattern {
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    class: Class,
    /// How many words may be skipped before it.
    gap: usize,
    optional: bool,
}

impl Pattern {
    /// Reads one line: words, `a|b` either, `{list}`, `word?` optional, `..` up to three words between, `..7` up to seven.
    pub(super) fn parse(line: &str, lists: &Lists, lexicon: &mut Lexicon) -> Result<Self, PhraseError> {
        let bad = || PhraseError::BadPattern { line: line.to_owned() };
        let mut steps: Vec<Step> = Vec::new();
        let mut gap = 0;
        for part in line.split_whitespace() {
            if let Some(count) = part.strip_prefix("..") {
                gap = if count.is_empty() { GAP } else { count.parse().map_err(|_| bad())? };
                continue;
            }
            let (element, optional) = part.strip_suffix('?').map_or((part, false), |element| (element, true));
            let entries = entries(element, lists)?;
            steps.push(Step { class: lexicon.class(element, &entries)?, gap, optional });
            gap = 0;
        }
        // A pattern is looked up by its first word, and a gap leads somewhere.
        if gap > 0 || steps.first().is_none_or(|step| step.optional || step.gap > 0) {
            return Err(bad());
        }
        Ok(Self { steps })
    }

    /// The class that the first word must have.
    pub(super) fn first(&self) -> Option<Class> {
        self.steps.first().map(|step| step.class)
    }

    /// The places of the words that match, if the phrase starts at `start`.
    pub(super) fn matches(&self, text: &Indexed, start: usize) -> Option<Vec<usize>> {
        let mut places = vec![start];
        (self.first().is_some_and(|class| text.is(start, class)) && self.extend(text, 1, &mut places)).then_some(places)
    }

    fn extend(&self, text: &Indexed, index: usize, places: &mut Vec<usize>) -> bool {
        let Some(step) = self.steps.get(index) else { return true };
        let mut place = places.last().map_or(0, |last| last + 1);
        let mut skipped = 0;
        while let Some(word) = text.words.get(place) {
            if word.kind == WordKind::Stop || (word.kind == WordKind::Comma && step.gap == 0) {
                break;
            }
            if word.kind != WordKind::Comma {
                if text.is(place, step.class) {
                    places.push(place);
                    if self.extend(text, index + 1, places) {
                        return true;
                    }
                    places.pop();
                }
                if skipped == step.gap {
                    break;
                }
                skipped += 1;
            }
            place += 1;
        }
        step.optional && self.extend(text, index + 1, places)
    }
}

/// The entries of `a|{list}|b`, lists opened.
fn entries<'lists>(element: &'lists str, lists: &'lists Lists) -> Result<Vec<&'lists str>, PhraseError> {
    let mut entries = Vec::new();
    for item in element.split('|') {
        match item.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => {
                let words = lists.get(name).ok_or_else(|| PhraseError::UnknownList { name: name.to_owned() })?;
                for word in words.split_whitespace() {
                    entries.extend(self::entries(word, lists)?);
                }
            }
            None => entries.push(item),
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(line: &str, text: &str) -> Option<Vec<usize>> {
        let mut lexicon = Lexicon::default();
        let lists = Lists::from([("pet".to_owned(), "cat dog".to_owned()), ("all".to_owned(), "{pet} cow".to_owned())]);
        let pattern = Pattern::parse(line, &lists, &mut lexicon).expect("a pattern");
        let text = Indexed::new(text, &lexicon);
        (0..text.words.len()).find_map(|start| pattern.matches(&text, start))
    }

    #[test]
    fn phrases_are_found_over_small_gaps_inside_a_sentence() {
        for (line, text, expected) in [
            ("my {all}", "it is my cow", Some(vec![2, 3])),
            ("my {pet}", "my big cat", None),
            ("my .. {pet}", "my very big cat", Some(vec![0, 3])),
            ("my .. {pet}", "my very very big fat cat", None),
            ("my ..4 {pet}", "my very very big fat cat", Some(vec![0, 5])),
            ("my .. {pet}", "my. cat", None),
            ("my .. {pet}", "my, cat", Some(vec![0, 2])),
            ("my {pet}", "my, cat", None),
            ("my big? cat|dog ran", "my dog ran", Some(vec![0, 1, 2])),
            ("my big? cat|dog ran", "my big dog ran", Some(vec![0, 1, 2, 3])),
            ("a b .. c", "a b b c", Some(vec![0, 1, 3])),
        ] {
            assert_eq!(places(line, text), expected, "{line}: {text}");
        }
    }

    #[test]
    fn broken_patterns_are_named() {
        for line in ["", "..", "a ..", ".. a", "a? b", "a ..x b"] {
            let outcome = Pattern::parse(line, &Lists::new(), &mut Lexicon::default());
            assert_eq!(outcome.err(), Some(PhraseError::BadPattern { line: line.to_owned() }), "{line}");
        }
        let outcome = Pattern::parse("{pet}", &Lists::new(), &mut Lexicon::default());
        assert_eq!(outcome.err(), Some(PhraseError::UnknownList { name: "pet".to_owned() }));
    }
}
