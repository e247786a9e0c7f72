//! Titles from a group's own words: what its texts say far more often than those of the other groups.
//!
//! Class-based TF-IDF (Grootendorst 2022, BERTopic): weight = tf(term, group) · ln(1 + A / tf(term)), where A is the
//! average number of words in a group. A term is counted once a text, so that nobody's shouting makes a title.
//! Each language is weighed by itself. Terms are words and pairs of neighbouring words.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::stop::is_stop;
use super::words::{Letters, Stems, Word, letters, runs};
use crate::feedback::Language;

/// A title has at most this many terms and this many words.
const MAX_TERMS: usize = 3;
const MAX_WORDS: usize = 4;

/// So many keywords are kept for each language.
const KEYWORDS: usize = 8;

/// A pair of words weighs more than each of them: it says more.
const PAIR_BONUS: f64 = 1.6;

/// A term of a title is in at least so many texts, unless none is.
const MIN_TEXTS: usize = 2;

/// One text of a group.
#[derive(Clone, Copy, Debug)]
pub struct Excerpt<'a> {
    /// The language it is written in.
    pub language: &'a Language,
    /// The masked text.
    pub text: &'a str,
}

/// What a group is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Titles {
    /// A short title for each language that has words of its own.
    pub titles: BTreeMap<Language, String>,
    /// The words that tell the group from the others, best first, in each language.
    pub keywords: BTreeMap<Language, Vec<String>>,
}

/// The titles of groups, in the order of the groups; all groups are needed, for a title tells one from the others.
///
/// No two groups have the same title in a language: where their best words are the same, the next ones are added.
#[must_use]
pub fn titles(groups: &[Vec<Excerpt<'_>>]) -> Vec<Titles> {
    let languages: BTreeSet<&Language> = groups.iter().flatten().map(|excerpt| excerpt.language).collect();
    let mut titles = vec![Titles::default(); groups.len()];
    for language in languages {
        let texts: Vec<Vec<&str>> = groups
            .iter()
            .map(|group| {
                group.iter().filter(|excerpt| excerpt.language == language).map(|excerpt| excerpt.text).collect()
            })
            .collect();
        let mut taken = BTreeSet::new();
        for (group, terms) in Weighed::of(&texts, language).groups.iter().enumerate() {
            if let Some(title) = title_of_its_own(terms, &taken) {
                taken.insert(title.clone());
                titles[group].titles.insert(language.clone(), title);
                let keywords = terms.iter().take(KEYWORDS).map(|term| term.surface.clone()).collect();
                titles[group].keywords.insert(language.clone(), keywords);
            }
        }
    }
    titles
}

/// One or two stems: the name of a term.
type Stem = Vec<String>;

struct Term {
    stem: Stem,
    surface: String,
    weight: f64,
    texts: usize,
}

/// The terms of each group, the heaviest first.
struct Weighed {
    groups: Vec<Vec<Term>>,
}

/// What was counted of one term in one group.
#[derive(Default)]
struct Count {
    texts: usize,
    forms: BTreeMap<String, usize>,
}

impl Weighed {
    fn of(groups: &[Vec<&str>], language: &Language) -> Self {
        let parsed: Vec<Vec<Vec<Vec<Word>>>> =
            groups.iter().map(|texts| texts.iter().map(|text| runs(text)).collect()).collect();
        let stems = Stems::of(parsed.iter().flatten().flatten().flatten());
        let counts: Vec<HashMap<Stem, Count>> = parsed.iter().map(|texts| count_own(texts, &stems, language)).collect();
        let mut totals: HashMap<&Stem, usize> = HashMap::new();
        for (stem, count) in counts.iter().flatten() {
            *totals.entry(stem).or_default() += count.texts;
        }
        let words: usize = totals.values().sum();
        let filled = counts.iter().filter(|counts| !counts.is_empty()).count().max(1);
        let average = words as f64 / filled as f64;
        let groups = counts.iter().map(|counts| weigh(counts, &totals, average)).collect();
        Self { groups }
    }
}

fn weigh(counts: &HashMap<Stem, Count>, totals: &HashMap<&Stem, usize>, average: f64) -> Vec<Term> {
    let mut terms: Vec<Term> = counts
        .iter()
        .map(|(stem, count)| {
            let rarity = (1.0 + average / totals[stem] as f64).ln();
            let bonus = if stem.len() > 1 { PAIR_BONUS } else { 1.0 };
            let weight = count.texts as f64 * rarity * bonus;
            Term { stem: stem.clone(), surface: surface(&count.forms), weight, texts: count.texts }
        })
        .collect();
    terms.sort_by(|left, right| right.weight.total_cmp(&left.weight).then_with(|| left.stem.cmp(&right.stem)));
    terms
}

/// Counts terms in the language's own letters, or in any if there are none: Arabizi names a group that writes nothing else.
fn count_own(texts: &[Vec<Vec<Word>>], stems: &Stems, language: &Language) -> HashMap<Stem, Count> {
    let own = count(texts, stems, own_letters(language));
    if own.is_empty() { count(texts, stems, None) } else { own }
}

/// Counts the terms of a group's texts, each once a text.
fn count(texts: &[Vec<Vec<Word>>], stems: &Stems, wanted: Option<Letters>) -> HashMap<Stem, Count> {
    let mut counts: HashMap<Stem, Count> = HashMap::new();
    for runs in texts {
        let mut seen: BTreeMap<Stem, String> = BTreeMap::new();
        for run in runs {
            let content: Vec<Option<(&str, &str)>> = run.iter().map(|word| content(word, stems, wanted)).collect();
            for (at, word) in content.iter().enumerate() {
                let Some((stem, form)) = word else { continue };
                seen.entry(vec![(*stem).to_owned()]).or_insert_with(|| (*form).to_owned());
                if let Some(Some((next_stem, next_form))) = content.get(at + 1)
                    && next_stem != stem
                {
                    let pair = vec![(*stem).to_owned(), (*next_stem).to_owned()];
                    seen.entry(pair).or_insert_with(|| format!("{form} {next_form}"));
                }
            }
        }
        for (stem, form) in seen {
            let count = counts.entry(stem).or_default();
            count.texts += 1;
            *count.forms.entry(form).or_default() += 1;
        }
    }
    counts
}

/// A word's stem and form, unless it is a stop word or in letters that are not wanted.
fn content<'a>(word: &'a Word, stems: &Stems, wanted: Option<Letters>) -> Option<(&'a str, &'a str)> {
    let stem = stems.stem(&word.key);
    let fits = wanted.is_none_or(|wanted| letters(stem) == wanted);
    let says = fits && stem.chars().count() > 1 && !is_stop(&word.key, stem);
    says.then(|| (stem, without_conjunction(word, stem)))
}

/// The form without «و» or «ف» before it, where the stem shows that it is no part of the word.
fn without_conjunction<'a>(word: &'a Word, stem: &str) -> &'a str {
    let form = word.form.as_str();
    if stem == word.key { form } else { form.strip_prefix(['و', 'ف']).unwrap_or(form) }
}

/// The letters that a language's titles are written in, where other letters are likely to be quotations.
fn own_letters(language: &Language) -> Option<Letters> {
    match language.code() {
        "ar" => Some(Letters::Arabic),
        "en" => Some(Letters::Other),
        _ => None,
    }
}

/// The form that most texts use; of equals the shortest, then the first in the alphabet.
fn surface(forms: &BTreeMap<String, usize>) -> String {
    let best = forms.iter().max_by(|left, right| {
        left.1
            .cmp(right.1)
            .then_with(|| right.0.chars().count().cmp(&left.0.chars().count()))
            .then_with(|| right.0.cmp(left.0))
    });
    best.map(|(form, _)| form.clone()).unwrap_or_default()
}

/// A title that isn't taken: with more terms if need be, then with a number.
fn title_of_its_own(terms: &[Term], taken: &BTreeSet<String>) -> Option<String> {
    let longer = (0..=MAX_TERMS).map_while(|more| title(terms, more)).find(|title| !taken.contains(title));
    longer.or_else(|| {
        let short = title(terms, 0)?;
        (2..).map(|number: usize| format!("{short} · {number}")).find(|title| !taken.contains(title))
    })
}

/// The heaviest terms that share no word, joined by a dot in the middle; `more` terms than a title usually has.
fn title(terms: &[Term], more: usize) -> Option<String> {
    let often = terms.iter().filter(|term| term.texts >= MIN_TEXTS);
    let alone = terms.iter().take(if often.clone().next().is_none() { 1 + more } else { 0 });
    let mut chosen: Vec<&Term> = Vec::new();
    let mut used: Vec<&String> = Vec::new();
    for term in often.chain(alone) {
        let fits = chosen.len() < MAX_TERMS + more && used.len() + term.stem.len() <= MAX_WORDS + more;
        if fits && !term.stem.iter().any(|stem| used.iter().any(|other| akin(stem, other))) {
            used.extend(&term.stem);
            chosen.push(term);
        }
    }
    (!chosen.is_empty()).then(|| chosen.iter().map(|term| term.surface.as_str()).collect::<Vec<_>>().join(" · "))
}

/// Whether two stems are forms of one word: equal, or the same for most of their letters from the start on.
fn akin(left: &str, right: &str) -> bool {
    let shared = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let longer = left.chars().count().max(right.chars().count());
    left == right || (shared >= 4 && 2 * shared > longer)
}
