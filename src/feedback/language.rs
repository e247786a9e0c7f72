//! What a text is written in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::origin::names;

/// A language by its ISO 639-1 code, `und` where it can't be told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// The language with this code; anything but 2 or 3 lower-case letters is `und`.
    #[must_use]
    pub fn new(code: &str) -> Self {
        let fits = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
        Self(if fits { code } else { "und" }.to_owned())
    }

    /// Arabic, in either script.
    #[must_use]
    pub fn arabic() -> Self {
        Self("ar".to_owned())
    }

    /// English.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Unknown.
    #[must_use]
    pub fn undetermined() -> Self {
        Self("und".to_owned())
    }

    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

names! {
    /// The way a text runs on the page.
    Direction, "direction", {
        /// Left to right.
        Ltr = "ltr",
        /// Right to left.
        Rtl = "rtl",
    }
}

names! {
    /// The kind of Arabic a text is in.
    Dialect, "dialect", {
        /// Modern Standard Arabic.
        Msa = "msa",
        /// Saudi, Emirati, Kuwaiti, Qatari, Bahraini, Omani.
        Gulf = "gulf",
        /// Egyptian.
        Egyptian = "egyptian",
        /// Jordanian, Palestinian, Lebanese, Syrian.
        Levantine = "levantine",
        /// Moroccan, Algerian, Tunisian, Libyan.
        Maghrebi = "maghrebi",
        /// Any of them in Latin letters and digits.
        Arabizi = "arabizi",
    }
}

impl Direction {
    /// The direction of a text by its first letters: right to left if most of its letters are Arabic or Hebrew.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let (mut rtl, mut ltr) = (0_usize, 0_usize);
        for character in text.chars().filter(|character| character.is_alphabetic()) {
            match character {
                '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' => rtl += 1,
                _ => ltr += 1,
            }
        }
        if rtl > 0 && rtl >= ltr { Self::Rtl } else { Self::Ltr }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_follows_most_of_the_letters() {
        for (text, expected) in [
            ("الخدمة زفت", Direction::Rtl),
            ("app وقف", Direction::Rtl),
            ("the app وقف today", Direction::Ltr),
            ("el mandoub et2akhar", Direction::Ltr),
            ("😡😡 ١٢٣", Direction::Ltr),
            ("", Direction::Ltr),
        ] {
            assert_eq!(Direction::of(text), expected, "{text}");
        }
    }

    #[test]
    fn odd_language_codes_are_undetermined() {
        assert_eq!(Language::new("ar"), Language::arabic());
        for odd in ["", "AR", "arabic", "a1"] {
            assert_eq!(Language::new(odd), Language::undetermined(), "{odd}");
        }
    }
}
