//! What a text is written in, what kind of Arabic it is, and whether the model can read it at all.
//!
//! Its letters decide what they can: scripts of one language, or letters that no language uses.
//! Heads decide the rest: languages in Latin letters (Arabic among them), noise, and with telling words dialects.

mod markers;
mod scripts;

use std::str::FromStr;

use whatlang::Lang;

use self::scripts::Letters;
use super::Pooled;
use super::heads::{Heads, softmax};
use crate::feedback::{Dialect, Language};

/// A dialect below this probability is not told.
const DIALECT_SURE: f32 = 0.5;

/// A language in Latin letters below this probability is not told.
const LANGUAGE_SURE: f32 = 0.45;

/// Below this probability of being language, no language in Latin letters is told.
const UNREADABLE: f32 = 0.5;

/// What a text without letters but with emoji counts as: feeling can be read in it, words can't.
const EMOJI_ALONE: f32 = 0.5;

/// The writing of one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Writing {
    /// What it is written in, `und` if that can't be told.
    pub language: Language,
    /// The kind of Arabic, where that can be told.
    pub dialect: Option<Dialect>,
    /// Probability that it is human language of a kind the model knows, 0 to 1.
    pub supported: f32,
}

/// What the letters of a text and its vectors say of its writing.
#[must_use]
pub fn writing(text: &str, pooled: &Pooled, heads: &Heads) -> Writing {
    let letters = Letters::of(text);
    let supported = supported(&letters, pooled, heads);
    if letters.total() == 0 {
        return Writing { language: Language::undetermined(), dialect: None, supported };
    }
    if letters.mostly_arabic() {
        let language = arabic_script(text, &letters);
        let dialect = if language == Language::arabic() { dialect(text, pooled, heads) } else { None };
        return Writing { language, dialect, supported };
    }
    if letters.mostly_latin() {
        if supported < UNREADABLE {
            return Writing { language: Language::undetermined(), dialect: None, supported };
        }
        let language = latin_script(text, pooled, heads);
        let dialect = (language == Language::arabic()).then_some(Dialect::Arabizi);
        return Writing { language, dialect, supported };
    }
    Writing { language: other_script(text), dialect: None, supported }
}

/// What the letter triples say; letters that Russian has and Bulgarian has not overrule them.
fn other_script(text: &str) -> Language {
    match whatlang::detect(text).map(|info| info.lang()) {
        Some(Lang::Bul) if text.contains(['ы', 'э', 'ё', 'Э', 'Ё']) => Language::new("ru"),
        Some(language) => iso(language).unwrap_or_else(Language::undetermined),
        None => Language::undetermined(),
    }
}

/// Letters of unknown scripts are noise to the model; the head judges the rest.
fn supported(letters: &Letters, pooled: &Pooled, heads: &Heads) -> f32 {
    if letters.total() == 0 {
        return if letters.emoji > 0 { EMOJI_ALONE } else { 0.0 };
    }
    let known = 1.0 - letters.unknown as f32 / letters.total() as f32;
    let probability = heads.supported.choice(pooled)[1];
    if letters.mostly_other_known() { known } else { known * probability }
}

/// Arabic unless a text long enough to tell is reliably Persian or Urdu.
fn arabic_script(text: &str, letters: &Letters) -> Language {
    if letters.beyond_arabic == 0 {
        return Language::arabic();
    }
    match whatlang::detect(text) {
        Some(info) if matches!(info.lang(), Lang::Pes | Lang::Urd) && info.is_reliable() => {
            iso(info.lang()).unwrap_or_else(Language::arabic)
        }
        _ => Language::arabic(),
    }
}

/// The head's answer, moved by words that only one dialect uses.
fn dialect(text: &str, pooled: &Pooled, heads: &Heads) -> Option<Dialect> {
    let head = &heads.dialect;
    let dialects: Vec<Option<Dialect>> = head.card.labels.iter().map(|label| Dialect::from_str(label).ok()).collect();
    let scores = head.scores(pooled);
    let moved: Vec<f32> = scores
        .iter()
        .zip(&dialects)
        .map(|(score, dialect)| score + dialect.map_or(0.0, |dialect| markers::worth(text, dialect)))
        .collect();
    let probabilities = softmax(&moved);
    let best = probabilities.iter().zip(dialects).max_by(|left, right| left.0.total_cmp(right.0));
    best.filter(|(probability, _)| **probability >= DIALECT_SURE).and_then(|(_, dialect)| dialect)
}

/// The head's answer; a language that the head does not know is taken from its letter triples, if they are clear.
fn latin_script(text: &str, pooled: &Pooled, heads: &Heads) -> Language {
    let known = |language: &Language| heads.language.card.labels.iter().any(|label| label == language.code());
    if let Some(info) = whatlang::detect(text).filter(|info| info.is_reliable() && info.confidence() > 0.9)
        && let Some(language) = iso(info.lang()).filter(|language| !known(language))
        && text.split_whitespace().count() >= 5
        && heads.language.best(pooled).1 < 0.9
    {
        return language;
    }
    let (label, probability) = heads.language.best(pooled);
    if probability >= LANGUAGE_SURE { Language::new(label) } else { Language::undetermined() }
}

/// The two-letter code of a language that letter triples can tell.
fn iso(language: Lang) -> Option<Language> {
    let code = match language {
        Lang::Ara => "ar",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Hin => "hi",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        _ => return None,
    };
    Some(Language::new(code))
}
