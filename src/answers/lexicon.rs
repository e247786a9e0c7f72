//! Lists of words that are matched after folding, with Arabic's clitics and article taken off.

use std::collections::HashSet;

use crate::feedback::fold::{WordKind, fold, fold_word};

/// A list of words, folded.
pub(super) struct Lexicon {
    whole: HashSet<String>,
    stems: Vec<String>,
}

impl Lexicon {
    /// From words with spaces between them; `*` at the end of one stands for any ending.
    pub(super) fn new(entries: &str) -> Self {
        let (stems, whole): (Vec<&str>, Vec<&str>) = entries.split_whitespace().partition(|entry| entry.ends_with('*'));
        let stems = stems.into_iter().map(|stem| fold_word(stem.trim_end_matches('*')));
        Self {
            whole: whole.into_iter().map(fold_word).collect(),
            stems: stems.filter(|stem| !stem.is_empty()).collect(),
        }
    }

    /// Whether it has the folded word, or that without its clitics.
    pub(super) fn has(&self, form: &str) -> bool {
        bare_forms(form).any(|bare| self.whole.contains(bare) || self.stems.iter().any(|stem| bare.starts_with(stem)))
    }

    /// Whether it has any of the folded words.
    pub(super) fn has_any(&self, forms: &[String]) -> bool {
        forms.iter().any(|form| self.has(form))
    }
}

/// The folded words of a text.
pub(super) fn words(text: &str) -> Vec<String> {
    fold(text).into_iter().filter(|word| word.kind == WordKind::Word).map(|word| word.form).collect()
}

/// A folded word, and it without what Arabic writes together with it: و ف ب ل ك and the article.
pub(super) fn bare_forms(form: &str) -> impl Iterator<Item = &str> {
    let clitic = off(form, &['و', 'ف', 'ب', 'ل', 'ك']);
    let second = clitic.and_then(|rest| off(rest, &['ب', 'ل', 'ك']));
    let forms =
        [Some(form), Some(without_article(form)), clitic, clitic.map(without_article), second.map(without_article)];
    forms.into_iter().flatten()
}

fn off<'form>(form: &'form str, clitics: &[char]) -> Option<&'form str> {
    form.strip_prefix(clitics).filter(|rest| rest.chars().count() > 1)
}

fn without_article(form: &str) -> &str {
    let rest = form.strip_prefix("ال").or_else(|| form.strip_prefix("لل"));
    rest.filter(|rest| rest.chars().count() > 2).unwrap_or(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_with_their_clitics_and_endings() {
        let lexicon = Lexicon::new("مندوب* تأخير courier* app");
        for (text, expected) in [
            ("والمندوبين", true),
            ("للمندوب", true),
            ("بالتأخير", true),
            ("تأخيرات", false),
            ("Couriers", true),
            ("APP", true),
            ("apple", false),
        ] {
            assert_eq!(lexicon.has_any(&words(text)), expected, "{text}");
        }
    }
}
