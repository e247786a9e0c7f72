//! Counts the letters of a text by script.

use unicode_script::{Script, UnicodeScript};

/// A text with this share of Arabic letters is Arabic, however many English words it borrows.
const ARABIC_SHARE: f32 = 0.35;

/// The stroke that stretches Arabic words; no letter, though Unicode calls it alphabetic and common to many scripts.
const STRETCH: char = '\u{640}';

/// Letters by script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// Arabic script, any language.
    pub(super) arabic: usize,
    /// Of those, letters that Arabic itself does not write (but Persian, Urdu and borrowed words do).
    pub(super) beyond_arabic: usize,
    /// Latin script.
    pub(super) latin: usize,
    /// Other scripts that the model has seen.
    pub(super) known: usize,
    /// Scripts that it has not.
    pub(super) unknown: usize,
    /// Emoji, which are no letters.
    pub(super) emoji: usize,
}

impl Letters {
    /// Counts.
    pub(super) fn of(text: &str) -> Self {
        let mut letters = Self::default();
        for character in text.chars() {
            if matches!(character, '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}') {
                letters.emoji += 1;
            }
            if !character.is_alphabetic() || character == STRETCH {
                continue;
            }
            match character.script() {
                Script::Arabic => {
                    letters.arabic += 1;
                    letters.beyond_arabic += usize::from(!matches!(character, '\u{621}'..='\u{652}' | '\u{FB50}'..));
                }
                Script::Latin => letters.latin += 1,
                script if is_known(script) => letters.known += 1,
                _ => letters.unknown += 1,
            }
        }
        letters
    }

    /// All letters.
    pub(super) const fn total(&self) -> usize {
        self.arabic + self.latin + self.known + self.unknown
    }

    /// Enough Arabic letters to be Arabic, and not fewer than of any script but Latin.
    pub(super) fn mostly_arabic(&self) -> bool {
        self.arabic > 0
            && self.arabic as f32 >= ARABIC_SHARE * self.total() as f32
            && self.arabic >= self.known.max(self.unknown)
    }

    /// More Latin letters than of any other script.
    pub(super) fn mostly_latin(&self) -> bool {
        self.latin > 0 && self.latin >= self.known.max(self.unknown).max(self.arabic)
    }

    /// More letters of other scripts that the model has seen than of Arabic and Latin.
    pub(super) const fn mostly_other_known(&self) -> bool {
        self.known > self.latin + self.arabic
    }
}

/// Scripts of the hundred languages that multilingual encoders are trained on.
fn is_known(script: Script) -> bool {
    matches!(
        script,
        Script::Armenian
            | Script::Bengali
            | Script::Cyrillic
            | Script::Devanagari
            | Script::Ethiopic
            | Script::Georgian
            | Script::Greek
            | Script::Gujarati
            | Script::Gurmukhi
            | Script::Han
            | Script::Hangul
            | Script::Hebrew
            | Script::Hiragana
            | Script::Kannada
            | Script::Katakana
            | Script::Khmer
            | Script::Lao
            | Script::Malayalam
            | Script::Myanmar
            | Script::Oriya
            | Script::Sinhala
            | Script::Tamil
            | Script::Telugu
            | Script::Thai
            | Script::Common
            | Script::Inherited
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted_by_script() {
        for (text, arabic, latin, known, unknown, emoji) in [
            ("", 0, 0, 0, 0, 0),
            ("الخدمة app 😡 ١٢٣", 6, 3, 0, 0, 1),
            ("زفت", 3, 0, 0, 0, 0),
            ("привет", 0, 0, 6, 0, 0),
            ("ᚠᚢᚦ", 0, 0, 0, 3, 0),
        ] {
            let letters = Letters::of(text);
            let found = (letters.arabic, letters.latin, letters.known, letters.unknown, letters.emoji);
            assert_eq!(found, (arabic, latin, known, unknown, emoji), "{text}");
        }
        let stretched = Letters::of("خـــدمة");
        assert_eq!((stretched.arabic, stretched.total()), (4, 4), "the stroke is no letter");
    }

    #[test]
    fn a_few_borrowed_words_leave_a_text_arabic() {
        assert!(Letters::of("هل الـ lounge مفتوح 24 hours ولا له مواعيد؟").mostly_arabic());
        assert!(Letters::of("the app وقف today").mostly_latin());
        assert!(!Letters::of("the app وقف today").mostly_arabic());
    }
}
