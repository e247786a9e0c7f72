//! All groups of patterns, read from their files and looked up by first word.

use std::collections::HashMap;

use serde::Deserialize;

use super::lexicon::{Class, Lexicon};
use super::pattern::{Indexed, Lists, Pattern};
use super::{Mark, PhraseError};

/// What takes a hit back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Guard {
    /// "Nobody stole", "ما أحد سرق".
    Negation,
    /// "If somebody stole", "لو".
    Hypothetical,
    /// "If I ever… just asking": an "if" in a text that says it only asks.
    Inquiry,
    /// "Already fixed", "انحلت".
    Solved,
}

/// Patterns that mean the same.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) mark: Mark,
    pub(super) guards: Vec<Guard>,
}

/// A phrase that was found, by the places of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) mark: Mark,
    pub(super) group: usize,
    pub(super) first: usize,
    pub(super) last: usize,
    /// The places of the words that the pattern names; the others are gaps.
    pub(super) places: Vec<usize>,
    /// Whether a negation before it changes nothing, because it holds its own.
    pub(super) firm: bool,
}

/// Every group, with what the guards look for.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) lexicon: Lexicon,
    pub(super) groups: Vec<Group>,
    pub(super) guards: GuardWords,
    rules: Vec<Rule>,
    by_first: HashMap<Class, Vec<usize>>,
}

/// Classes of words that the guards look for.
#[derive(Debug, Default)]
pub(super) struct GuardWords {
    /// "Not", "ما".
    pub(super) negator: Class,
    /// Words after which «ما» means "some", not "not".
    pub(super) indefinite: Class,
    /// Words that a negation reaches across.
    pub(super) light: Class,
    /// "But", "now": what follows a solved matter is new.
    pub(super) turn: Class,
}

#[derive(Debug)]
struct Rule {
    group: usize,
    role: Role,
    pattern: Pattern,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Hit {
        firm: bool,
    },
    /// Takes back what it stands beside.
    Unless,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    words: Lists,
    #[serde(default)]
    group: Vec<GroupText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupText {
    name: Mark,
    #[serde(default)]
    guards: Vec<Guard>,
    #[serde(default)]
    patterns: String,
    #[serde(default)]
    firm: String,
    #[serde(default)]
    unless: String,
}

impl Book {
    /// Reads files of a name and a text each.
    pub(super) fn read(files: &[(&str, &str)]) -> Result<Self, PhraseError> {
        let mut lists = Lists::new();
        let mut texts = Vec::new();
        for (name, text) in files {
            let file: File = toml::from_str(text)
                .map_err(|error| PhraseError::Toml { file: (*name).to_owned(), message: error.to_string() })?;
            lists.extend(file.words);
            texts.extend(file.group);
        }
        let mut book = Self::default();
        book.guards = GuardWords {
            negator: book.list("negator", &lists)?,
            indefinite: book.list("indefinite", &lists)?,
            light: book.list("light", &lists)?,
            turn: book.list("turn", &lists)?,
        };
        for text in texts {
            book.add(text, &lists)?;
        }
        Ok(book)
    }

    fn list(&mut self, name: &'static str, lists: &Lists) -> Result<Class, PhraseError> {
        let words = lists.get(name).ok_or(PhraseError::MissingList { name })?;
        self.lexicon.class(&format!("{{{name}}}"), &words.split_whitespace().collect::<Vec<_>>())
    }

    fn add(&mut self, text: GroupText, lists: &Lists) -> Result<(), PhraseError> {
        let group = self.groups.len();
        self.groups.push(Group { mark: text.name, guards: text.guards });
        let roles = [Role::Hit { firm: false }, Role::Hit { firm: true }, Role::Unless];
        for (lines, role) in [text.patterns, text.firm, text.unless].iter().zip(roles) {
            let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            for line in lines {
                let pattern = Pattern::parse(line, lists, &mut self.lexicon)?;
                let Some(first) = pattern.first() else { continue };
                self.by_first.entry(first).or_default().push(self.rules.len());
                self.rules.push(Rule { group, role, pattern });
            }
        }
        Ok(())
    }

    /// Every phrase in the text that its own group's exceptions leave standing, in order.
    pub(super) fn matches(&self, text: &Indexed) -> Vec<Match> {
        let (mut found, mut exceptions) = (Vec::new(), Vec::new());
        for start in 0..text.words.len() {
            let rules = text.classes(start).iter().filter_map(|class| self.by_first.get(class)).flatten();
            for rule in rules.filter_map(|rule| self.rules.get(*rule)) {
                let Some(places) = rule.pattern.matches(text, start) else { continue };
                let last = places.last().copied().unwrap_or(start);
                match rule.role {
                    Role::Hit { firm } => {
                        let mark = self.groups[rule.group].mark;
                        found.push(Match { mark, group: rule.group, first: start, last, places, firm });
                    }
                    Role::Unless => exceptions.push((rule.group, start, last)),
                }
            }
        }
        found.retain(|hit| {
            !exceptions.iter().any(|&(group, first, last)| group == hit.group && first <= hit.last && hit.first <= last)
        });
        found
    }
}
