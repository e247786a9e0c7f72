//! The reader's language: what they chose last, else what their browser asks for.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use cookie::Cookie;
use fluent_langneg::parse_accepted_languages;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use unic_langid::LanguageIdentifier;

use crate::feedback::{Direction, Language, names};

/// The cookie that remembers the language.
pub const COOKIE_NAME: &str = "sada_lang";

names! {
    /// A language that the pages speak.
    Locale, "language", {
        /// Arabic, right to left.
        Arabic = "ar",
        /// English, left to right.
        English = "en",
    }
}

impl Locale {
    /// The way its pages run.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::Arabic => Direction::Rtl,
            Self::English => Direction::Ltr,
        }
    }

    /// The language to switch to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Arabic => Self::English,
            Self::English => Self::Arabic,
        }
    }

    /// Its own name for itself.
    #[must_use]
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::Arabic => "العربية",
            Self::English => "English",
        }
    }

    /// The same, as a language of feedback.
    #[must_use]
    pub fn language(self) -> Language {
        Language::new(self.name())
    }

    /// The language of a request: its cookie's, else the first of `Accept-Language` that we speak, else English.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        cookie(headers, COOKIE_NAME)
            .and_then(|name| name.parse().ok())
            .or_else(|| {
                let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
                parse_accepted_languages(accepted).iter().find_map(spoken)
            })
            .unwrap_or(Self::English)
    }
}

fn spoken(wanted: &LanguageIdentifier) -> Option<Locale> {
    wanted.language.as_str().parse().ok()
}

/// The value of a request's cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut all = lines.flat_map(|line| Cookie::split_parse(line.to_owned())).flatten();
    all.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_cookie_goes_before_the_browser_and_english_is_left() {
        for (cookie, accepted, expected) in [
            (None, None, Locale::English),
            (None, Some("ar"), Locale::Arabic),
            (None, Some("ar-SA,ar;q=0.9,en;q=0.8"), Locale::Arabic),
            (None, Some("fr-FR, en-GB;q=0.8, ar;q=0.2"), Locale::English),
            (None, Some("fr, *;q=0.1"), Locale::English),
            (None, Some(";;,,"), Locale::English),
            (Some("a=b; sada_lang=ar"), Some("en"), Locale::Arabic),
            (Some("sada_lang=klingon"), Some("ar"), Locale::Arabic),
            (Some("sada_lang=en; x"), Some("ar"), Locale::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.extend(cookie.map(|value| (COOKIE, HeaderValue::from_static(value))));
            headers.extend(accepted.map(|value| (ACCEPT_LANGUAGE, HeaderValue::from_static(value))));
            assert_eq!(Locale::of(&headers), expected, "{cookie:?} {accepted:?}");
        }
    }
}
