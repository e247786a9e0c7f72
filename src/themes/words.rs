//! The words of a text as titles need them: a key that spellings share, and the form as written.
//!
//! Mask tags, numbers, emoji and anything with a digit are no words, and nothing is joined across them.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// What all its spellings share.
    pub(super) key: String,
    /// As written, without marks and stretching; Latin letters in lower case.
    pub(super) form: String,
}

/// The letters a word is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// Arabic.
    Arabic,
    /// Latin and all others.
    Other,
}

/// Articles with what may stand before them; the longest first.
const ARTICLES: &[&str] = &["وبال", "وكال", "وال", "فال", "بال", "كال", "ولل", "لل", "ال"];

/// Particles of one letter that are written together with the next word.
const PARTICLES: &[char] = &['و', 'ف', 'ب', 'ل', 'ك'];

/// A word needs this many letters after its clitics are gone.
const MIN_STEM: usize = 3;

/// The words of a text in runs: between two runs stands something that is no word (a number, a tag, a full stop).
pub(super) fn runs(text: &str) -> Vec<Vec<Word>> {
    let mut runs = vec![Vec::new()];
    for piece in without_tags(text).split_word_bounds() {
        if let Some(word) = word(piece) {
            if let Some(run) = runs.last_mut() {
                run.push(word);
            }
        } else if !piece.chars().all(char::is_whitespace) {
            runs.push(Vec::new());
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The script of a word, by its first letter.
pub(super) fn letters(word: &str) -> Letters {
    match word.chars().next() {
        Some('\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}') => Letters::Arabic,
        _ => Letters::Other,
    }
}

/// Mask tags like `[phone]` become a full stop, so that nothing is joined across them.
fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let (before, from) = rest.split_at(start);
        kept.push_str(before);
        let end =
            from.find(']').filter(|&end| from[1..end].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        match end {
            Some(end) => {
                kept.push_str(" . ");
                rest = &from[end + 1..];
            }
            None => {
                kept.push(' ');
                rest = &from[1..];
            }
        }
    }
    kept + rest
}

fn word(piece: &str) -> Option<Word> {
    let form: String = piece.nfkc().filter(|&character| !is_mark(character)).flat_map(char::to_lowercase).collect();
    let apostrophes = |character: char| matches!(character, '\'' | '’' | '.' | '_' | ':');
    let wordly = form.chars().all(|character| character.is_alphabetic() || apostrophes(character));
    if !wordly
        || form.chars().filter(|character| character.is_alphabetic()).count() < 2
        || form.contains(['.', '_', ':'])
    {
        return None;
    }
    Some(Word { key: key(&form), form })
}

/// Diacritics, tatweel and invisible characters.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{610}'..='\u{61A}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// One letter for each family of letters that people mix up, and stretched letters cut to one.
fn key(form: &str) -> String {
    let mut key = String::with_capacity(form.len());
    let mut last = ('\0', 0);
    for character in form.chars() {
        let character = match character {
            'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
            'ى' | 'ئ' | 'ی' => 'ي',
            'ؤ' => 'و',
            'ة' | 'ہ' | 'ە' => 'ه',
            'گ' | 'ک' => 'ك',
            '’' => '\'',
            other => other,
        };
        last = if last.0 == character { (character, last.1 + 1) } else { (character, 1) };
        if last.1 <= 2 {
            key.push(character);
        } else if last.1 == 3 {
            key.pop();
        }
    }
    key
}

/// The stems of a collection's words: clitics are cut only where the rest is a word of the collection itself.
///
/// «وصل» stays whole although it opens with «و», since nobody writes «صل»; «والتطبيق», «بالتطبيق» and «تطبيق» become one.
pub(super) struct Stems {
    counts: HashMap<String, usize>,
}

impl Stems {
    /// Learns which words there are.
    pub(super) fn of<'a>(words: impl Iterator<Item = &'a Word>) -> Self {
        let mut counts = HashMap::new();
        for word in words {
            *counts.entry(without_article(&word.key).to_owned()).or_default() += 1;
        }
        Self { counts }
    }

    /// The stem of a key.
    pub(super) fn stem<'a>(&self, key: &'a str) -> &'a str {
        let stem = without_article(key);
        if stem.len() < key.len() || letters(key) != Letters::Arabic {
            return stem;
        }
        let Some(rest) = key.strip_prefix(PARTICLES).filter(|rest| rest.chars().count() >= MIN_STEM) else {
            return key;
        };
        let count = |word: &str| self.counts.get(word).copied().unwrap_or_default();
        if count(rest) > count(key) { rest } else { key }
    }
}

/// The key without «ال» and what is written together with it.
fn without_article(key: &str) -> &str {
    ARTICLES
        .iter()
        .find_map(|article| key.strip_prefix(article).filter(|rest| rest.chars().count() >= MIN_STEM))
        .unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        runs(text).concat().into_iter().map(|word| word.key).collect()
    }

    #[test]
    fn tags_numbers_and_emoji_are_no_words() {
        for (text, expected) in [
            ("اتصلوا على [phone] الآن", &["اتصلوا", "علي", "الان"][..]),
            ("طلب ٨٨٤٢ 5521 😡😡 متأخر", &["طلب", "متاخر"]),
            ("see [link_token] or a@b.c x2", &["see", "or"]),
            ("[not a tag] broken [ too", &["not", "tag", "broken", "too"]),
            ("", &[]),
            ("ضروووووري جداااا", &["ضروري", "جدا"]),
            ("الـتـطـبـيق يُعلِّق", &["التطبيق", "يعلق"]),
            ("The App's CRASHING", &["the", "app's", "crashing"]),
            ("el mandoub et2akhar awi", &["el", "mandoub", "awi"]),
        ] {
            assert_eq!(keys(text), expected, "{text:?}");
        }
    }

    #[test]
    fn runs_end_where_something_else_stands() {
        let forms = |text: &str| -> Vec<usize> { runs(text).iter().map(Vec::len).collect() };
        assert_eq!(forms("رسوم التوصيل غالية. والتطبيق بطيء"), [3, 2]);
        assert_eq!(forms("charged 50 twice [card] yesterday"), [1, 1, 1]);
    }

    #[test]
    fn clitics_are_cut_where_the_rest_is_a_word() {
        let collection = runs("تطبيق التطبيق مندوب محفظه محفظه طلب طلب رمز رمز وصل وصل فلوس فلوس كاش بطاقه بطاقه لبن");
        let stems = Stems::of(collection.concat().iter());
        for (word, expected) in [
            ("التطبيق", "تطبيق"),
            ("والتطبيق", "تطبيق"),
            ("بالتطبيق", "تطبيق"),
            ("وبالتطبيق", "تطبيق"),
            ("فالتطبيق", "تطبيق"),
            ("كالتطبيق", "تطبيق"),
            ("للمندوب", "مندوب"),
            ("وللمندوب", "مندوب"),
            ("بمحفظه", "محفظه"),
            ("لطلب", "طلب"),
            ("ورمز", "رمز"),
            ("وصل", "وصل"),
            ("فلوس", "فلوس"),
            ("كاش", "كاش"),
            ("بطاقه", "بطاقه"),
            ("لبن", "لبن"),
            ("الو", "الو"),
            ("app", "app"),
        ] {
            assert_eq!(stems.stem(word), expected, "{word}");
        }
    }
}
