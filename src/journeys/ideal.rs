//! The ideal journey: steps in order, and what the customer should expect, think and feel at each.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::feedback::{Language, Touchpoint};

/// A name that can't be one of a journey or step.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a {0} has 1 to 60 small Latin letters, digits, - or _, and begins with a letter, like `after_sales`")]
pub struct BadId(&'static str);

/// A name for addresses and files: 1 to 60 of `a`–`z`, `0`–`9`, `-`, `_`, a letter first.
macro_rules! id {
    ($(#[$doc:meta])* $type:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The name itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $type {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let fits = text.starts_with(|first: char| first.is_ascii_lowercase())
                    && text.len() <= 60
                    && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
                if fits { Ok(Self(text.to_owned())) } else { Err(BadId($what)) }
            }
        }

        impl TryFrom<String> for $type {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(id: $type) -> Self {
                id.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// Names a journey.
    JourneyId, "journey's id"
}

id! {
    /// Names a step of a journey; of one journey only.
    StepId, "step's id"
}

/// The same in one language or several; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Words(BTreeMap<Language, String>);

impl Words {
    /// These words; none if there are none.
    #[must_use]
    pub fn new(words: BTreeMap<Language, String>) -> Option<Self> {
        (!words.is_empty()).then_some(Self(words))
    }

    /// In this language, else in whichever there is.
    #[must_use]
    pub fn in_language(&self, language: &Language) -> &str {
        self.0.get(language).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// In every language.
    pub fn each(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, words)| (language, words.as_str()))
    }
}

/// A journey as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Ideal {
    /// What it is called.
    pub title: Words,
    /// Its steps in order, one at least; ids and touchpoints occur once.
    pub steps: Vec<Step>,
}

/// A step as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name in addresses.
    pub id: StepId,
    /// What it is called.
    pub title: Words,
    /// What sources call the interactions of this step; records with one of them fall on it.
    pub touchpoints: Vec<Touchpoint>,
    /// What it is about; records without a known touchpoint fall on the step that they are near to in meaning.
    pub description: Option<Words>,
    /// Texts that belong here, in customers' words; compared in the same way.
    pub examples: Vec<String>,
    /// What the customer should expect.
    pub expects: Option<Words>,
    /// What the customer should think.
    pub thinks: Option<Words>,
    /// What the customer should feel.
    pub feels: Option<Words>,
    /// Up to which share of unhappy records, 0 to 1, the step is as it should be.
    pub tolerated: f64,
}

impl Step {
    /// The texts that stand for it; their places make its profile.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let described = self.description.iter().flat_map(|words| words.each().map(|(_, words)| words));
        described.chain(self.examples.iter().map(String::as_str)).collect()
    }
}
