//! Which classes of words a word belongs to, whatever is joined to it.
//!
//! Arabic joins conjunctions, prepositions, articles and tense to a word; a class that holds the
//! bare word holds all of these. Latin letters may spell Arabic in many ways; a sound entry
//! compares consonants alone.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::PhraseError;
use crate::feedback::fold::{Word, WordKind, fold, fold_word};

/// Names a class of a [`Lexicon`].
pub(super) type Class = u32;

/// Every class that some pattern mentions, looked up by word.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    known: HashMap<String, Class>,
    exact: [HashMap<String, Vec<Class>>; SPACES],
    prefix: [HashMap<String, Vec<Class>>; SPACES],
    inside: [Vec<(String, Class)>; SPACES],
    numbers: Vec<(RangeInclusive<u64>, Class)>,
}

const SPACES: usize = 4;

/// Which forms of a word an entry is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    /// As it stands.
    Bare = 0,
    /// Without conjunction, preposition and article.
    Plain = 1,
    /// Also without the prefixes of tense and person.
    Verb = 2,
    /// Its consonants, for Arabic in Latin letters.
    Sound = 3,
}

/// Arabic prefixes that leave the same noun behind, longest first.
const NOUN_PREFIXES: &[&str] = &[
    "وال", "بال", "كال", "فال", "عال", "هال", "شال", "لال", "دال", "مال", "ال", "لل", "ل", "ب", "ك", "ع", "ه", "ف", "د",
];

/// What may stand before the person of a verb: future and present marks of the dialects.
const TENSES: &[&str] = &["", "س", "ب", "ه", "ح", "ك", "غ", "د", "ت", "ل", "رح"];

/// The person of a present verb; some speakers leave it out after a mark of the present.
const PERSONS: &[&str] = &["ي", "ت", "ا", "ن", ""];

/// Articles and prepositions that Arabizi joins to a word.
const LATIN_PREFIXES: &[&str] = &["bel", "fel", "lel", "wel", "3al", "el", "al", "il", "l"];

impl Lexicon {
    /// The class of words that any of `entries` describes; the same `key` is the same class.
    pub(super) fn class(&mut self, key: &str, entries: &[&str]) -> Result<Class, PhraseError> {
        if let Some(class) = self.known.get(key) {
            return Ok(*class);
        }
        let class = Class::try_from(self.known.len()).map_err(|_| PhraseError::TooMany)?;
        self.known.insert(key.to_owned(), class);
        for entry in entries {
            self.add(entry, class)?;
        }
        Ok(class)
    }

    fn add(&mut self, entry: &str, class: Class) -> Result<(), PhraseError> {
        if let Some(range) = entry.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            let bounds = range.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
            let (low, high) = bounds.ok_or_else(|| PhraseError::BadEntry { entry: entry.to_owned() })?;
            self.numbers.push((low..=high, class));
            return Ok(());
        }
        let (space, rest) = match entry.chars().next() {
            Some('=') => (Space::Bare, &entry[1..]),
            Some('~') => (Space::Verb, &entry[1..]),
            Some('%') => (Space::Sound, &entry[1..]),
            _ => (Space::Plain, entry),
        };
        let (inner, starts, ends) = (rest.trim_matches('*'), rest.starts_with('*'), rest.ends_with('*'));
        // A symbol stands for itself; consonants alone say less than letters, so more of them are asked for.
        let symbol = fold(inner).first().is_some_and(|word| word.kind == WordKind::Symbol);
        let form = if symbol { inner.to_owned() } else { fold_word(inner) };
        let form = if space == Space::Sound { sound(&form) } else { form };
        let least = if space == Space::Sound { least_sound(&form) } else { 1 } + usize::from(starts || ends);
        let least = if space == Space::Verb { 3 } else { least };
        if form.chars().count() < least || (form.is_empty() && !symbol) {
            return Err(PhraseError::BadEntry { entry: entry.to_owned() });
        }
        let table = space as usize;
        match (starts, ends) {
            (true, _) => self.inside[table].push((form, class)),
            (false, true) => self.prefix[table].entry(form).or_default().push(class),
            (false, false) => self.exact[table].entry(form).or_default().push(class),
        }
        Ok(())
    }

    /// The classes of one word, in order, each once.
    pub(super) fn classes(&self, word: &Word) -> Vec<Class> {
        let mut classes = Vec::new();
        if matches!(word.kind, WordKind::Comma | WordKind::Stop) {
            return classes;
        }
        for (space, form) in forms(&word.form) {
            self.look_up(space as usize, &form, &mut classes);
        }
        if let Ok(number) = word.form.parse::<u64>() {
            classes.extend(self.numbers.iter().filter(|(range, _)| range.contains(&number)).map(|(_, class)| class));
        }
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    fn look_up(&self, table: usize, form: &str, classes: &mut Vec<Class>) {
        classes.extend(self.exact[table].get(form).into_iter().flatten());
        for (end, _) in form.char_indices().skip(2).chain([(form.len(), ' ')]) {
            classes.extend(self.prefix[table].get(&form[..end]).into_iter().flatten());
        }
        classes
            .extend(self.inside[table].iter().filter(|(part, _)| form.contains(part.as_str())).map(|(_, class)| class));
    }
}

/// Every form of a folded word that an entry may mean, with the kind of entry that may mean it.
fn forms(word: &str) -> Vec<(Space, String)> {
    let mut forms = vec![(Space::Bare, word.to_owned())];
    if word.chars().any(|letter| letter.is_ascii_alphabetic()) {
        forms.push((Space::Plain, word.to_owned()));
        forms.push((Space::Verb, word.to_owned()));
        forms.extend(stripped(word, "el", 4).map(|rest| (Space::Plain, rest.to_owned())));
        forms.push((Space::Sound, sound(word)));
        let bare = LATIN_PREFIXES.iter().filter_map(|prefix| stripped(word, prefix, 3));
        forms.extend(bare.map(|rest| (Space::Sound, sound(rest))));
        return forms;
    }
    let mut bases = vec![word.to_owned()];
    bases.extend(["و", "ف"].iter().filter_map(|joined| stripped(word, joined, 2)).map(str::to_owned));
    // A doubled letter may be spelling or feeling: `زفتت` is `زفت`.
    let single: Vec<String> = bases.iter().map(|base| collapsed(base)).filter(|base| !bases.contains(base)).collect();
    bases.extend(single);
    for base in &bases {
        forms.push((Space::Plain, base.to_owned()));
        forms.push((Space::Verb, base.to_owned()));
        for prefix in NOUN_PREFIXES {
            let least = if prefix.chars().count() > 1 { 2 } else { 3 };
            forms.extend(stripped(base, prefix, least).map(|rest| (Space::Plain, rest.to_owned())));
        }
        for tense in TENSES {
            let Some(rest) = base.strip_prefix(tense) else { continue };
            let verbs =
                PERSONS.iter().filter_map(|person| stripped(rest, person, if person.is_empty() { 3 } else { 2 }));
            forms.extend(verbs.map(|verb| (Space::Verb, verb.to_owned())));
        }
    }
    forms
}

fn collapsed(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// What is left of `word` without `prefix`, if that is at least so many letters.
fn stripped<'word>(word: &'word str, prefix: &str, least: usize) -> Option<&'word str> {
    word.strip_prefix(prefix).filter(|rest| rest.chars().count() >= least)
}

/// How a word in Latin letters sounds to whoever writes Arabic with them.
///
/// With a digit for a letter (`byesta5dem`, `bystakhdim`) it is surely Arabic, and its consonants tell it;
/// without one, long vowels count too, so that no English word sounds alike.
fn sound(word: &str) -> String {
    let spelt = word.replace("kh", "5").replace("sh", "$").replace("ch", "$").replace("ou", "o");
    let arabic =
        spelt.contains(|letter: char| letter.is_ascii_digit()) && spelt.contains(|letter: char| letter.is_alphabetic());
    let mut letters = String::with_capacity(spelt.len());
    for (index, letter) in spelt.chars().enumerate() {
        let heard = match letter {
            'e' | 'i' => continue,
            'a' | 'o' | 'u' if arabic => continue,
            'y' if index > 0 => continue,
            'w' if arabic && index > 0 => continue,
            'u' => 'o',
            'q' if arabic => '2',
            'p' => 'b',
            'v' => 'f',
            'c' => 'k',
            '6' => 't',
            _ => letter,
        };
        if !letters.ends_with(heard) {
            letters.push(heard);
        }
    }
    // A final h is the unspoken end of a feminine word.
    if letters.len() > 2 && letters.ends_with('h') {
        letters.pop();
    }
    letters
}

/// How many letters the sound of an entry must have at least, so that it means one word.
fn least_sound(form: &str) -> usize {
    if form.contains(|letter: char| letter.is_ascii_digit()) { 2 } else { 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn belongs(word: &str, entry: &str) -> bool {
        let mut lexicon = Lexicon::default();
        let class = lexicon.class("one", &[entry]).expect("an entry");
        fold(word).first().is_some_and(|word| lexicon.classes(word).contains(&class))
    }

    #[test]
    fn entries_match_words_whatever_is_joined_to_them() {
        for (entry, word, expected) in [
            ("محكمة", "للمحكمة", true),
            ("محكمة", "والمحكمه", true),
            ("محكمة", "حكم", false),
            ("بطاقت*", "بطاقتي", true),
            ("بطاقت*", "ببطاقتنا", true),
            ("=حق", "الحق", false),
            ("~ستخدم*", "بيستخدم", true),
            ("~ستخدم*", "كيستخدمو", true),
            ("~ستخدم*", "استخدم", true),
            ("~شتكي", "هشتكي", true),
            ("~شتكي", "بشتكي", true),
            ("~قفل", "هقفل", true),
            ("%bysta5dem", "byesta5dem", true),
            ("%ma7kama", "elma7kameh", true),
            ("%walad", "would", false),
            ("%mandoob", "mandub", true),
            ("stol*", "stolen", true),
            ("stol*", "Stoollen", true),
            ("*stol", "unstolen", true),
            ("<3-99>", "٤٨", true),
            ("<3-99>", "2", false),
            ("🙄", "🙄", true),
            ("don't", "don’t", true),
        ] {
            assert_eq!(belongs(word, entry), expected, "{entry} {word}");
        }
    }

    #[test]
    fn entries_that_mean_everything_are_refused() {
        for entry in ["", "*", "a*", "<3>", "<a-b>", "%aeiou", "%mo", "%abi*", "!"] {
            let outcome = Lexicon::default().class("one", &[entry]);
            assert_eq!(outcome, Err(PhraseError::BadEntry { entry: entry.to_owned() }), "{entry}");
        }
    }
}
