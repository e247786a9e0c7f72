//! Texts at the border: what is no text is refused before anything else looks at it.

use crate::feedback::MAX_TEXT_CHARS;
use crate::privacy::RawText;

/// Why something is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoText {
    /// Nothing that can be seen.
    #[error("is empty; send what the customer wrote")]
    Empty,
    /// Longer than is taken.
    #[error("is longer than {MAX_TEXT_CHARS} characters; cut it or send it in parts")]
    TooLong,
    /// Holds U+0000.
    #[error("holds a NUL character (U+0000); remove it")]
    Nul,
}

impl NoText {
    /// Its name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "text_empty",
            Self::TooLong => "text_too_long",
            Self::Nul => "text_has_nul",
        }
    }
}

/// The text, if it is one.
///
/// # Errors
/// [`NoText`] if it is empty, too long or holds NUL.
pub fn parse(text: String) -> Result<RawText, NoText> {
    if text.contains('\0') {
        return Err(NoText::Nul);
    }
    if text.chars().nth(MAX_TEXT_CHARS).is_some() {
        return Err(NoText::TooLong);
    }
    if text.chars().all(is_invisible) {
        return Err(NoText::Empty);
    }
    Ok(RawText::new(text))
}

/// Whether a text shows nothing at all.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// White space, controls, and the marks that steer the direction of text without being seen.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE0F}' | '\u{FEFF}')
}

/// A short value like an id or a name: trimmed, 1 to 200 characters, none of them a control character.
///
/// # Errors
/// What it must be.
pub fn short(value: &str) -> Result<String, &'static str> {
    let value = value.trim();
    let fits = (1..=200).contains(&value.chars().count()) && !value.chars().any(char::is_control);
    if fits { Ok(value.to_owned()) } else { Err("must have 1 to 200 characters and no control characters") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_is_a_text() {
        for (text, expected) in [
            ("", Some(NoText::Empty)),
            (" \t\r\n\u{a0}", Some(NoText::Empty)),
            ("\u{200f}\u{200b}\u{feff}", Some(NoText::Empty)),
            ("الخدمة\0زفت", Some(NoText::Nul)),
            ("😡", None),
            ("١٢٣", None),
            ("ـــ", None),
            ("شُكْرًا", None),
            ("el mandoub et2akhar", None),
            ("وش السالفة؟ the app وقف", None),
        ] {
            assert_eq!(parse(text.to_owned()).err(), expected, "{text:?}");
        }
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let fits = "س".repeat(MAX_TEXT_CHARS);
        assert!(parse(fits.clone()).is_ok());
        assert_eq!(parse(fits + "س").err(), Some(NoText::TooLong));
        assert_eq!(parse("x".repeat(1_000_000)).err(), Some(NoText::TooLong));
    }
}
