//! The measures of answers of which one is right.

use std::collections::BTreeMap;

use super::report::{Confusion, Mistake, Section};
use super::statistics::{macro_f1_interval, reliability, risks};
use crate::inference::train::{highest, metrics};

/// The surest mistakes of a dataset that are listed.
const MISTAKES: usize = 10;

/// A table of more labels is too wide to read.
const MOST_LABELS: usize = 12;

/// At which coverage the risk is a number of its own.
const COVERAGE: f64 = 0.8;

/// Answers to the texts of one dataset.
#[derive(Debug, Default)]
pub(super) struct Choices {
    pub(super) dataset: String,
    /// What the numbers of `truth` and `said` stand for.
    pub(super) labels: Vec<String>,
    pub(super) ids: Vec<String>,
    /// What slices each text belongs to.
    pub(super) slices: Vec<Vec<String>>,
    pub(super) truth: Vec<usize>,
    pub(super) said: Vec<usize>,
    /// The stated probability of what was said.
    pub(super) stated: Vec<f32>,
}

impl Choices {
    /// Adds one text's answer.
    pub(super) fn push(&mut self, id: &str, slices: Vec<String>, truth: usize, probabilities: &[f32]) {
        let said = highest(probabilities);
        self.ids.push(id.to_owned());
        self.slices.push(slices);
        self.truth.push(truth);
        self.said.push(said);
        self.stated.push(probabilities.get(said).copied().unwrap_or_default());
    }

    /// All measures, for all texts and each slice with at least `least` of them, and the surest mistakes.
    pub(super) fn report(&self, section: &mut Section, least: usize) {
        for (slice, texts) in self.by_slice(least) {
            self.answers(&slice, &texts, section);
            self.honesty(&slice, &texts, section);
        }
        let right = self.right(&(0..self.truth.len()).collect::<Vec<_>>());
        section.reliability.insert(self.dataset.clone(), reliability(&right, &self.stated));
        section.risks.insert(self.dataset.clone(), risks(&right, &self.stated));
        self.confusion(section);
        self.mistakes(section);
    }

    /// The measures of answers that come without a probability.
    pub(super) fn report_answers(&self, section: &mut Section, least: usize) {
        for (slice, texts) in self.by_slice(least) {
            self.answers(&slice, &texts, section);
        }
        self.confusion(section);
    }

    /// All texts, then those of each slice that is large enough.
    fn by_slice(&self, least: usize) -> Vec<(String, Vec<usize>)> {
        let all: Vec<usize> = (0..self.truth.len()).collect();
        let mut slices: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (text, of) in self.slices.iter().enumerate() {
            of.iter().for_each(|slice| slices.entry(slice).or_default().push(text));
        }
        let large = slices.into_iter().filter(|(_, texts)| texts.len() >= least && texts.len() < all.len());
        let large: Vec<(String, Vec<usize>)> = large.map(|(slice, texts)| (slice.to_owned(), texts)).collect();
        std::iter::once(("all".to_owned(), all)).chain(large).collect()
    }

    fn answers(&self, slice: &str, texts: &[usize], section: &mut Section) {
        let of = |values: &[usize]| -> Vec<usize> { texts.iter().map(|&text| values[text]).collect() };
        let (truth, said, classes) = (of(&self.truth), of(&self.said), self.labels.len());
        let macro_f1 = metrics::choice(&truth, &said, classes).macro_f1;
        let line = |measure| (self.dataset.as_str(), slice, measure);
        let count = self.right(texts).into_iter().filter(|right| *right).count();
        section.share(line("accuracy"), count, texts.len());
        section.push(line("macro-F1"), texts.len(), macro_f1, Some(macro_f1_interval(&truth, &said, classes)));
    }

    fn honesty(&self, slice: &str, texts: &[usize], section: &mut Section) {
        let stated: Vec<f32> = texts.iter().map(|&text| self.stated[text]).collect();
        let (right, line) = (self.right(texts), |measure| (self.dataset.as_str(), slice, measure));
        section.push(line("ECE"), texts.len(), metrics::calibration_error(&right, &stated), None);
        let risk = risks(&right, &stated).into_iter().find(|point| point.coverage >= COVERAGE);
        section.push(line("wrong at 80 % coverage"), texts.len(), risk.map_or(0.0, |point| point.risk), None);
    }

    fn confusion(&self, section: &mut Section) {
        let classes = self.labels.len();
        if (1..=MOST_LABELS).contains(&classes) {
            let pairs = self.truth.iter().copied().zip(self.said.iter().copied());
            let counts = metrics::confusion(pairs, classes).chunks(classes).map(<[usize]>::to_vec).collect();
            section.confusions.push(Confusion { dataset: self.dataset.clone(), labels: self.labels.clone(), counts });
        }
    }

    fn right(&self, texts: &[usize]) -> Vec<bool> {
        texts.iter().map(|&text| self.truth[text] == self.said[text]).collect()
    }

    fn mistakes(&self, section: &mut Section) {
        let wrong = metrics::most_first(&self.stated).into_iter().filter(|&text| self.truth[text] != self.said[text]);
        section.mistakes.extend(wrong.take(MISTAKES).map(|text| Mistake {
            dataset: self.dataset.clone(),
            id: self.ids[text].clone(),
            truth: self.labels[self.truth[text]].clone(),
            said: self.labels[self.said[text]].clone(),
            sure: self.stated[text],
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_measured_where_they_are_large_enough_and_mistakes_are_listed_by_sureness() {
        let labels = vec!["no".to_owned(), "yes".to_owned()];
        let mut choices = Choices { dataset: "set".to_owned(), labels, ..Choices::default() };
        for (id, slice, truth, yes) in
            [("a", "ar", 1, 0.9), ("b", "ar", 0, 0.8), ("c", "ar", 0, 0.2), ("d", "en", 1, 0.05)]
        {
            choices.push(id, vec![slice.to_owned()], truth, &[1.0 - yes, yes]);
        }
        let mut section = Section::default();
        choices.report(&mut section, 2);
        let accuracies: Vec<(&str, f64)> = section
            .lines
            .iter()
            .filter(|line| line.measure == "accuracy")
            .map(|line| (line.slice.as_str(), line.value))
            .collect();
        assert_eq!(accuracies, [("all", 0.5), ("ar", 2.0 / 3.0)]);
        assert_eq!(section.mistakes.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["d", "b"]);
        assert_eq!(section.confusions[0].counts, [[1, 1], [1, 1]]);
    }
}
