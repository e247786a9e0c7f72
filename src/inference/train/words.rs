//! What a text's own words say of its label: naive Bayes over pieces of words.
//!
//! It errs elsewhere than vectors do, most of all in dialects that the encoder saw little of.

use std::collections::HashMap;

use crate::feedback::fold::fold;
use crate::feedback::pieces::pieces;
use crate::privacy::Text;

/// Letters of a piece.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=5;

/// What every piece is taken to have been seen with every label, in texts (Lidstone smoothing).
/// The best of 0.05, 0.2 and 1 on the development files of BANKING77 and ArBanking77.
const SMOOTHING: f64 = 0.05;

/// Multinomial naive Bayes over weighted pieces (Rennie et al., "Tackling the poor assumptions of naive Bayes text
/// classifiers", ICML 2003, without their complement), every label as probable as any other at first.
#[derive(Debug)]
pub(super) struct Words {
    vocabulary: Vocabulary,
    /// Log probability of each piece given each label: `pieces × labels`.
    logs: Vec<f32>,
    labels: usize,
}

/// Which pieces there are, and how telling each is.
#[derive(Debug)]
struct Vocabulary {
    /// Number and inverse document frequency of each piece.
    pieces: HashMap<String, (usize, f32)>,
}

impl Words {
    /// Counts pieces over texts and the numbers of their labels.
    pub(super) fn fit(texts: &[Text], of: &[usize], labels: usize) -> Self {
        let vocabulary = Vocabulary::of(texts);
        let pieces = vocabulary.pieces.len();
        let mut sums = vec![SMOOTHING; pieces * labels];
        for (text, label) in texts.iter().zip(of) {
            for (piece, weight) in vocabulary.weigh(text) {
                sums[piece * labels + label] += f64::from(weight);
            }
        }
        let mut totals = vec![0.0; labels];
        for row in sums.chunks_exact(labels) {
            totals.iter_mut().zip(row).for_each(|(total, sum)| *total += sum);
        }
        let logs = sums
            .chunks_exact(labels)
            .flat_map(|row| row.iter().zip(&totals).map(|(sum, total)| (sum / total).ln() as f32));
        Self { logs: logs.collect(), vocabulary, labels }
    }

    /// The log probability of each label but for a constant.
    pub(super) fn scores(&self, text: &Text) -> Vec<f32> {
        let mut scores = vec![0.0_f32; self.labels];
        for (piece, weight) in self.vocabulary.weigh(text) {
            let row = &self.logs[piece * self.labels..][..self.labels];
            scores.iter_mut().zip(row).for_each(|(score, log)| *score += weight * log);
        }
        scores
    }
}

impl Vocabulary {
    fn of(texts: &[Text]) -> Self {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for text in texts {
            for piece in counted(text).into_keys() {
                *seen.entry(piece).or_default() += 1;
            }
        }
        let mut names: Vec<(String, usize)> = seen.into_iter().collect();
        // the order decides the order of sums, and so their last bits
        names.sort_unstable();
        let rarity = |texts_with: usize| ((1.0 + texts.len() as f32) / (1.0 + texts_with as f32)).ln() + 1.0;
        let numbered = names.into_iter().enumerate();
        Self { pieces: numbered.map(|(number, (piece, count))| (piece, (number, rarity(count)))).collect() }
    }

    /// The known pieces of a text by number, with weights whose squares sum to 1.
    fn weigh(&self, text: &Text) -> Vec<(usize, f32)> {
        let known = counted(text).into_iter().filter_map(|(piece, count)| {
            let (number, rarity) = self.pieces.get(&piece)?;
            Some((*number, (1.0 + (count as f32).ln()) * rarity))
        });
        let mut weights: Vec<(usize, f32)> = known.collect();
        weights.sort_unstable_by_key(|(number, _)| *number);
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        weights.iter_mut().for_each(|(_, weight)| *weight /= length);
        weights
    }
}

/// How often each piece of a word occurs in a text, spellings that differ only in form taken as one.
fn counted(text: &Text) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for word in fold(text.as_str()).into_iter().filter(|word| !word.form.is_empty()) {
        for piece in pieces(&word.form, LENGTHS) {
            *counts.entry(piece).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::super::{highest, masked};
    use super::*;

    const TEXTS: [(&str, usize); 6] = [
        ("وين طلبي؟ المندوب ما وصل", 0),
        ("طلبيتي تأخّرت واجد", 0),
        ("my parcel never arrived", 0),
        ("سحبتوا المبلغ مرتين من بطاقتي", 1),
        ("أبغى استرجاع فلوسي", 1),
        ("you charged my card twice", 1),
    ];

    fn fitted() -> Words {
        let (texts, of): (Vec<Text>, Vec<usize>) = TEXTS.into_iter().map(|(text, label)| (masked(text), label)).unzip();
        Words::fit(&texts, &of, 2)
    }

    #[test]
    fn pieces_of_words_tell_labels_across_spellings() {
        let words = fitted();
        for (text, expected) in
            [("طلبيـــتي وين", 0), ("فُلُوسي ارجعوها", 1), ("بطاقتى", 1), ("PARCELS", 0), ("charging twice", 1)]
        {
            assert_eq!(highest(&words.scores(&masked(text))), expected, "{text}");
        }
    }

    #[test]
    fn unknown_words_say_nothing() {
        let words = fitted();
        for text in ["", "🙂", "żółw"] {
            assert_eq!(words.scores(&masked(text)), [0.0, 0.0], "{text}");
        }
    }
}
