//! Phrase rules: what people say when it is urgent, as data, with the guards that take it back.
//!
//! The rules are TOML files beside this one, compiled into the binary and read once.
//! A hit always stands in the text it was found in, on whole words.

mod book;
mod guard;
mod lexicon;
mod pattern;

use serde::Deserialize;

use self::book::{Book, Match};
use self::pattern::Indexed;
use crate::feedback::{Span, TriggerKind};

/// The rules, one file for the words they share, the marks of speech, and each family.
const FILES: &[(&str, &str)] = &[
    ("words.toml", include_str!("words.toml")),
    ("marks.toml", include_str!("marks.toml")),
    ("fraud.toml", include_str!("fraud.toml")),
    ("safety.toml", include_str!("safety.toml")),
    ("people.toml", include_str!("people.toml")),
    ("intent.toml", include_str!("intent.toml")),
];

/// A rule that can't be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PhraseError {
    /// Not TOML of the right shape.
    #[error("{file} can't be read: {message}")]
    Toml {
        /// Which file.
        file: String,
        /// What is wrong and where.
        message: String,
    },
    /// A pattern names a list that no file has.
    #[error("there is no list of words called {name}; add it to [words]")]
    UnknownList {
        /// The name.
        name: String,
    },
    /// A line that isn't a pattern.
    #[error("the pattern {line:?} must start with a word and end with one")]
    BadPattern {
        /// The line.
        line: String,
    },
    /// An entry that no word or every word would match.
    #[error("the entry {entry:?} must hold a word of at least two letters or a range <3-9>")]
    BadEntry {
        /// The entry.
        entry: String,
    },
    /// A guard without the words it looks for.
    #[error("the list {name} must exist, because a guard looks for it")]
    MissingList {
        /// The list.
        name: &'static str,
    },
    /// More classes of words than can be counted.
    #[error("there are too many patterns")]
    TooMany,
}

/// What a group of patterns stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) enum Mark {
    /// Something that raises a priority.
    Trigger(TriggerKind),
    /// "If", "in case": what follows has not happened.
    Hypothetical,
    /// "Just asking".
    Inquiry,
    /// The matter is over.
    Solved,
    /// By when something must be done.
    Deadline,
    /// Wants a human being.
    Person,
    /// A prayer of the wronged.
    Prayer,
    /// Praise that may be meant or mocking.
    Praise,
    /// Mockery that can't be meant.
    Sarcasm,
    /// Something that went wrong.
    Complaint,
}

impl TryFrom<String> for Mark {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Ok(match name.as_str() {
            "hypothetical" => Self::Hypothetical,
            "inquiry" => Self::Inquiry,
            "solved" => Self::Solved,
            "deadline" => Self::Deadline,
            "person" => Self::Person,
            "prayer" => Self::Prayer,
            "praise" => Self::Praise,
            "sarcasm" => Self::Sarcasm,
            "complaint" => Self::Complaint,
            _ => Self::Trigger(name.parse().map_err(|error| format!("{error}"))?),
        })
    }
}

/// One trigger that a phrase showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub kind: TriggerKind,
    /// Where the phrase stands, in characters.
    pub span: Span,
}

/// What the phrases say of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Triggers that no guard took back, in the order of the text; at most one of each kind at a place.
    pub hits: Vec<Hit>,
    /// Triggers that a guard speaks against: denied, only imagined, or solved.
    pub vetoed: Vec<TriggerKind>,
    /// A time by which something must be done.
    pub deadline: Option<Span>,
    /// The words that ask for a human being.
    pub asks_for_person: Option<Span>,
    /// A prayer of the wronged.
    pub prayer: Option<Span>,
    /// Praise that mocks.
    pub sarcasm: Option<Span>,
}

impl Findings {
    /// The first hit of this kind.
    #[must_use]
    pub fn hit(&self, kind: TriggerKind) -> Option<&Hit> {
        self.hits.iter().find(|hit| hit.kind == kind)
    }
}

/// The compiled rules; reading a text takes microseconds.
#[derive(Debug)]
pub struct Phrases {
    book: Book,
}

impl Phrases {
    /// The rules that come with the program.
    #[must_use]
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the rules are part of the binary and a test reads them")]
        let book = Book::read(FILES).expect("BUG: the built-in phrase rules can't be read");
        Self { book }
    }

    /// What the rules say of `text`.
    #[must_use]
    pub fn read(&self, text: &str) -> Findings {
        let text = Indexed::new(text, &self.book.lexicon);
        let matches = self.book.matches(&text);
        let first = |mark: Mark| matches.iter().find(|found| found.mark == mark).map(|found| span(&text, found));
        let (hits, vetoed) = guard::judge(&self.book, &text, &matches);
        Findings {
            hits: join(hits.into_iter().map(|(kind, found)| Hit { kind, span: span(&text, found) }).collect()),
            vetoed,
            deadline: first(Mark::Deadline),
            asks_for_person: first(Mark::Person),
            prayer: first(Mark::Prayer),
            sarcasm: first(Mark::Sarcasm)
                .or_else(|| guard::mockery(&self.book, &text, &matches).map(|found| span(&text, found))),
        }
    }
}

fn span(text: &Indexed, found: &Match) -> Span {
    let place = |place: usize| text.words.get(place).map(|word| word.span);
    Span { start: place(found.first).map_or(0, |span| span.start), end: place(found.last).map_or(0, |span| span.end) }
}

/// Joins hits of one kind that overlap, and orders them by place.
fn join(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| hit.span);
    let mut joined: Vec<Hit> = Vec::new();
    for hit in hits {
        match joined.iter_mut().find(|other| other.kind == hit.kind && other.span.overlaps(&hit.span)) {
            Some(other) => other.span.end = other.span.end.max(hit.span.end),
            None => joined.push(hit),
        }
    }
    joined
}

#[cfg(test)]
mod tests;
