//! Journeys in TOML files: reading them, telling all that is wrong with its line, and the ones that come along.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::fall::folded;
use super::{Ideal, JourneyId, Step, StepId, TOLERATED, Words};
use crate::feedback::{Language, Touchpoint, names};
use crate::privacy::{self, RawText};

/// The longest file, in bytes.
pub const MAX_FILE: usize = 128 * 1024;

/// The most steps, touchpoints of a step, and examples of a step.
const MOST: (usize, usize, usize) = (20, 40, 60);

/// The longest words, in characters.
const LONGEST: usize = 600;

/// Counts up when the rules of falling or of expectations change, so that records are placed anew.
const RULES: &str = "1";

/// The journeys that come along, by id.
const DEFAULTS: [(&str, &str); 2] =
    [("shop", include_str!("defaults/shop.toml")), ("government", include_str!("defaults/government.toml"))];

names! {
    /// What can be wrong with a journey's file.
    FaultKind, "fault", {
        /// It isn't TOML of the right shape.
        Toml = "toml",
        /// It is longer than [`MAX_FILE`].
        FileTooLong = "file-too-long",
        /// It has no step.
        NoSteps = "no-steps",
        /// It has more steps than 20, or a step more than 40 touchpoints or 60 examples.
        TooMany = "too-many",
        /// An id is no id.
        BadId = "bad-id",
        /// Two steps have the same id.
        IdTwice = "id-twice",
        /// A title or an answer has no words in any language.
        NoWords = "no-words",
        /// Words are empty or too long.
        BadWords = "bad-words",
        /// Words hold personal data, which is never stored unmasked.
        Personal = "personal",
        /// A language is no ISO 639 code.
        BadLanguage = "bad-language",
        /// A touchpoint is no touchpoint.
        BadTouchpoint = "bad-touchpoint",
        /// Two steps, or one step twice, take the same touchpoint.
        TouchpointTwice = "touchpoint-twice",
        /// Nothing says which records fall on the step.
        NothingFalls = "nothing-falls",
        /// A share is not from 0 to 1.
        BadShare = "bad-share",
    }
}

/// Something that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// What is wrong.
    pub kind: FaultKind,
    /// The words it is about.
    pub about: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, kind, about } = self;
        write!(f, "line {line}: ")?;
        match kind {
            FaultKind::Toml => write!(f, "{about}"),
            FaultKind::FileTooLong => write!(f, "the file is longer than {MAX_FILE} bytes; shorten the examples"),
            FaultKind::NoSteps => {
                write!(f, "there is no step; add a table [[step]] with id, title and touchpoints or examples")
            }
            FaultKind::TooMany => {
                write!(
                    f,
                    "too many {about}; a journey has at most {} steps, a step {} touchpoints and {} examples",
                    MOST.0, MOST.1, MOST.2
                )
            }
            FaultKind::BadId => write!(
                f,
                "{about:?} is no id; use small Latin letters, digits, - and _, a letter first, like after_sales"
            ),
            FaultKind::IdTwice => write!(f, "another step has the id {about:?}; give this one a name of its own"),
            FaultKind::NoWords => write!(
                f,
                "{about} has no words; write them at least in one language, like {{ ar = \"…\", en = \"…\" }}"
            ),
            FaultKind::BadWords => write!(
                f,
                "these words of {about} are empty or longer than {LONGEST} characters; write them shorter, or leave them out"
            ),
            FaultKind::Personal => {
                write!(
                    f,
                    "these words of {about} hold personal data, such as a number or an address; write them without it"
                )
            }
            FaultKind::BadLanguage => write!(f, "{about:?} is no language; use its ISO 639 code, like ar or en"),
            FaultKind::BadTouchpoint => {
                write!(f, "{about:?} is no touchpoint; it has 1 to 200 characters and no control characters")
            }
            FaultKind::TouchpointTwice => write!(
                f,
                "the touchpoint {about:?} is named twice; a record falls on one step only, so name it where it belongs"
            ),
            FaultKind::NothingFalls => {
                write!(f, "nothing falls on the step {about:?}; name touchpoints, or write a description or examples")
            }
            FaultKind::BadShare => write!(f, "tolerated = {about} is no share; use a number from 0 to 1, like 0.1"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    title: RawWords,
    #[serde(default)]
    step: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    id: Spanned<String>,
    title: RawWords,
    #[serde(default)]
    touchpoints: Vec<Spanned<String>>,
    description: Option<RawWords>,
    #[serde(default)]
    examples: Vec<Spanned<String>>,
    expects: Option<RawWords>,
    thinks: Option<RawWords>,
    feels: Option<RawWords>,
    tolerated: Option<Spanned<f64>>,
}

type RawWords = Spanned<BTreeMap<String, Spanned<String>>>;

/// The journey that a file describes.
///
/// # Errors
/// All that is wrong with it, in the order of its lines; only the first if it isn't TOML of the right shape.
pub fn parse(text: &str) -> Result<Ideal, Vec<Fault>> {
    if text.len() > MAX_FILE {
        return Err(vec![Fault { line: 1, kind: FaultKind::FileTooLong, about: String::new() }]);
    }
    let mut checker = Checker { text, faults: Vec::new() };
    let raw: RawFile = toml::from_str(text).map_err(|error| {
        let line = checker.line(error.span().unwrap_or_default());
        vec![Fault { line, kind: FaultKind::Toml, about: error.message().trim().replace('\n', " ") }]
    })?;
    let ideal = checker.journey(raw);
    checker.faults.sort_by_key(|fault| fault.line);
    match ideal {
        Some(ideal) if checker.faults.is_empty() => Ok(ideal),
        _ => Err(checker.faults),
    }
}

/// Notes what is wrong on the way.
struct Checker<'text> {
    text: &'text str,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn line(&self, span: Range<usize>) -> usize {
        let before = self.text.as_bytes().iter().take(span.start);
        1 + before.filter(|byte| **byte == b'\n').count()
    }

    fn note(&mut self, span: Range<usize>, kind: FaultKind, about: &str) {
        let fault = Fault { line: self.line(span), kind, about: about.chars().take(80).collect() };
        self.faults.push(fault);
    }

    fn journey(&mut self, raw: RawFile) -> Option<Ideal> {
        let title = self.words("title", raw.title);
        if raw.step.is_empty() {
            self.note(0..0, FaultKind::NoSteps, "");
        }
        if let Some(beyond) = raw.step.get(MOST.0) {
            self.note(beyond.span(), FaultKind::TooMany, "steps");
        }
        let (mut ids, mut touchpoints) = (BTreeSet::new(), BTreeSet::new());
        let steps: Vec<Option<Step>> =
            raw.step.into_iter().map(|step| self.step(step, &mut ids, &mut touchpoints)).collect();
        Some(Ideal { title: title?, steps: steps.into_iter().collect::<Option<_>>()? })
    }

    fn step(
        &mut self,
        raw: Spanned<RawStep>,
        ids: &mut BTreeSet<String>,
        taken: &mut BTreeSet<String>,
    ) -> Option<Step> {
        let (whole, raw) = (raw.span(), raw.into_inner());
        let id = self.id(&raw.id, ids);
        for (list, most, name) in [(&raw.touchpoints, MOST.1, "touchpoints"), (&raw.examples, MOST.2, "examples")] {
            if let Some(beyond) = list.get(most) {
                self.note(beyond.span(), FaultKind::TooMany, name);
            }
        }
        if raw.touchpoints.is_empty() && raw.examples.is_empty() && raw.description.is_none() {
            self.note(whole, FaultKind::NothingFalls, raw.id.get_ref());
        }
        let touchpoints = raw.touchpoints.into_iter().filter_map(|name| self.touchpoint(name, taken)).collect();
        let examples = raw.examples.into_iter().filter_map(|text| self.text("examples", text)).collect();
        let mut answer = |name, words: Option<RawWords>| words.and_then(|words| self.words(name, words));
        let (description, expects) = (answer("description", raw.description), answer("expects", raw.expects));
        let (thinks, feels) = (answer("thinks", raw.thinks), answer("feels", raw.feels));
        let title = self.words("title", raw.title);
        let tolerated = raw.tolerated.map_or(TOLERATED, |share| {
            if !(0.0..=1.0).contains(share.get_ref()) {
                self.note(share.span(), FaultKind::BadShare, &share.get_ref().to_string());
            }
            share.into_inner()
        });
        Some(Step { id: id?, title: title?, touchpoints, description, examples, expects, thinks, feels, tolerated })
    }

    fn id(&mut self, raw: &Spanned<String>, ids: &mut BTreeSet<String>) -> Option<StepId> {
        let name = raw.get_ref();
        let Ok(id) = name.parse() else {
            self.note(raw.span(), FaultKind::BadId, name);
            return None;
        };
        if !ids.insert(name.clone()) {
            self.note(raw.span(), FaultKind::IdTwice, name);
        }
        Some(id)
    }

    fn touchpoint(&mut self, raw: Spanned<String>, taken: &mut BTreeSet<String>) -> Option<Touchpoint> {
        let (span, name) = (raw.span(), raw.into_inner());
        let form = folded(&name);
        let Some(touchpoint) = Touchpoint::try_from(name.clone()).ok().filter(|_| !form.is_empty()) else {
            self.note(span, FaultKind::BadTouchpoint, &name);
            return None;
        };
        if !taken.insert(form) {
            self.note(span, FaultKind::TouchpointTwice, &name);
        }
        Some(touchpoint)
    }

    fn words(&mut self, name: &str, raw: RawWords) -> Option<Words> {
        let (span, raw) = (raw.span(), raw.into_inner());
        if raw.is_empty() {
            self.note(span.clone(), FaultKind::NoWords, name);
        }
        let mut words = BTreeMap::new();
        for (code, text) in raw {
            let language = Language::new(&code);
            if language.code() != code || language == Language::undetermined() {
                self.note(text.span(), FaultKind::BadLanguage, &code);
            }
            if let Some(text) = self.text(name, text) {
                words.insert(language, text);
            }
        }
        Words::new(words)
    }

    /// The words on one line.
    fn text(&mut self, name: &str, raw: Spanned<String>) -> Option<String> {
        let text = raw.get_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
        if !fits {
            self.note(raw.span(), FaultKind::BadWords, name);
        } else if !privacy::mask(&RawText::new(text.as_str())).spans.is_empty() {
            self.note(raw.span(), FaultKind::Personal, name);
        }
        fits.then_some(text)
    }
}

/// The journeys that come along, an online shop's and a government service's, with their files.
#[must_use]
pub fn defaults() -> Vec<(JourneyId, &'static str)> {
    DEFAULTS.iter().filter_map(|(id, text)| Some((id.parse().ok()?, *text))).collect()
}

/// What tells one state of a file from all others: 32 hexadecimal digits of a SHA-256 over the file and our rules.
#[must_use]
pub fn version(text: &str) -> String {
    let digest = Sha256::new().chain_update(RULES).chain_update(text).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
