//! The languages that answers are written in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::feedback::{Direction, Language, names};

names! {
    /// A language that answers are written in.
    Tongue, "language", {
        /// Modern Standard Arabic.
        Arabic = "ar",
        /// English.
        English = "en",
    }
}

impl Tongue {
    /// The one to answer a question of this language in: Arabic for Arabic in any script and dialect,
    /// and for what can't be told but runs from right to left.
    #[must_use]
    pub fn for_question(text: &str, language: &Language) -> Self {
        let arabic = *language == Language::arabic() || Direction::of(text) == Direction::Rtl;
        if arabic { Self::Arabic } else { Self::English }
    }

    /// The same, as a language of feedback.
    #[must_use]
    pub fn language(self) -> Language {
        Language::new(self.name())
    }
}
