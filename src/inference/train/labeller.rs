//! A head for labels of any kind, fitted from examples: a team's queues, or the intents of a public set.

use std::collections::BTreeMap;
use std::path::Path;

use super::TrainError;
use super::features::Features;
use super::logistic::Problem;
use super::random::Random;
use crate::inference::Engine;
use crate::inference::heads::{Linear, softmax};

/// Features of texts, encoded once.
pub struct Encodings<'engine> {
    engine: &'engine Engine,
    features: Features,
}

/// One text and its label.
#[derive(Clone, Copy, Debug)]
pub struct Labelled<'text> {
    /// The text, unmasked; it is masked before anything is made of it.
    pub text: &'text str,
    /// Its label.
    pub label: &'text str,
}

/// A linear layer over the encoder's last layers, and what its outputs are called.
#[derive(Debug)]
pub struct Labeller {
    /// In alphabetical order.
    labels: Vec<String>,
    layer: Linear,
}

impl<'engine> Encodings<'engine> {
    /// Nothing yet, or what an earlier run left in `cache`.
    #[must_use]
    pub fn new(engine: &'engine Engine, cache: Option<&Path>) -> Self {
        Self { engine, features: Features::new(engine, cache) }
    }

    /// Encodes what is new; progress says how many of how many are done.
    ///
    /// # Errors
    /// [`TrainError`] if the encoder fails or the cache can't be written.
    pub fn add<'text>(
        &mut self,
        texts: impl IntoIterator<Item = &'text str>,
        progress: impl FnMut(usize, usize),
    ) -> Result<(), TrainError> {
        self.features.encode(self.engine, texts, progress)
    }

    fn row(&self, text: &str) -> Result<usize, TrainError> {
        self.features.row(text).ok_or(TrainError::NotEncoded)
    }
}

impl Labeller {
    /// The best layer for the examples, whose texts are encoded; every label counts the same in sum.
    ///
    /// # Errors
    /// [`TrainError::NotEncoded`] if a text is not, [`TrainError::OneLabel`] if there are fewer than two labels.
    pub fn fit(examples: &[Labelled<'_>], encodings: &Encodings<'_>, inverse_penalty: f64) -> Result<Self, TrainError> {
        let mut labels: Vec<String> = examples.iter().map(|example| example.label.to_owned()).collect();
        labels.sort_unstable();
        labels.dedup();
        if labels.len() < 2 {
            return Err(TrainError::OneLabel);
        }
        let number = |example: &Labelled<'_>| labels.partition_point(|label| label.as_str() < example.label);
        let rows = examples.iter().map(|example| encodings.row(example.text));
        let mut problem = Problem {
            features: encodings.features.matrix(),
            rows: rows.collect::<Result<_, _>>()?,
            labels: examples.iter().map(number).collect(),
            weights: vec![1.0; examples.len()],
            classes: labels.len(),
            inverse_penalty,
        };
        problem.balance();
        let layer = problem.fit();
        Ok(Self { labels, layer })
    }

    /// What its outputs are called.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The probability of each label for a text that is encoded; they sum to 1.
    ///
    /// # Errors
    /// [`TrainError::NotEncoded`] if it is not.
    pub fn probabilities(&self, text: &str, encodings: &Encodings<'_>) -> Result<Vec<f32>, TrainError> {
        let row = encodings.row(text)?;
        Ok(softmax(&self.layer.scores(encodings.features.matrix().row(row))))
    }
}

/// `shots` examples of each label, drawn by `seed`; all of them where there are fewer.
#[must_use]
pub fn draw<'text>(examples: &[Labelled<'text>], shots: usize, seed: u64) -> Vec<Labelled<'text>> {
    let mut order: Vec<Labelled<'text>> = examples.to_vec();
    Random::new(seed).shuffle(&mut order);
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    order.retain(|example| {
        let taken = taken.entry(example.label).or_default();
        *taken += 1;
        *taken <= shots
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_of_each_label_are_drawn_and_the_seed_decides_which() {
        let texts: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        let label = |index: usize| if index.is_multiple_of(3) { "a" } else { "b" };
        let examples: Vec<Labelled<'_>> =
            texts.iter().enumerate().map(|(index, text)| Labelled { text, label: label(index) }).collect();
        let count = |drawn: &[Labelled<'_>], label| drawn.iter().filter(|example| example.label == label).count();
        let drawn = draw(&examples, 12, 1);
        assert_eq!((count(&drawn, "a"), count(&drawn, "b")), (10, 12));
        let texts = |seed| draw(&examples, 3, seed).iter().map(|example| example.text).collect::<Vec<_>>();
        assert_eq!(texts(7), texts(7));
        assert_ne!(texts(7), texts(8));
    }
}
