//! A head for labels of any kind, fitted from examples: a team's queues, or the intents of a public set.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::TrainError;
use super::features::{Features, masked};
use super::logistic::{Problem, Scaling};
use super::matrix::Matrix;
use super::words::Words;
use crate::inference::Engine;
use crate::inference::heads::{Intents, Linear, softmax};
use crate::inference::pool::normalised;
use crate::privacy::Text;
use crate::statistics::Random;

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

/// What a head reads of a text's encoding.
#[derive(Clone, Copy, Debug)]
pub enum View<'heads> {
    /// The encoder's last layers: for encoders without a projection.
    Layers,
    /// Where the text lies among intents.
    Places(&'heads Intents),
}

/// How a head is fitted.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'heads> {
    /// What it reads.
    pub view: View<'heads>,
    /// Inverse strength of the penalty on its weights, more than 0.
    pub inverse_penalty: f64,
    /// How much a text's own words count beside its meaning, 0 to 1.
    pub words: f32,
}

/// A linear layer over a view of texts with naive Bayes over their words, and what the outputs are called.
#[derive(Debug)]
pub struct Labeller<'heads> {
    /// In alphabetical order.
    labels: Vec<String>,
    fit: Fit<'heads>,
    layer: Linear,
    words: Words,
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

    /// The vector of a text that is encoded, of unit length.
    ///
    /// # Errors
    /// [`TrainError::NotEncoded`] if it is not.
    pub fn vector(&self, text: &str) -> Result<Vec<f32>, TrainError> {
        let layers = self.layers(text)?;
        Ok(normalised(&layers[layers.len() - self.engine.dimension()..]))
    }

    /// Where a text that is encoded lies among intents, of unit length.
    ///
    /// # Errors
    /// [`TrainError::NotEncoded`] if it is not.
    pub fn place(&self, text: &str, intents: &Intents) -> Result<Vec<f32>, TrainError> {
        Ok(intents.place_of(self.layers(text)?))
    }

    fn layers(&self, text: &str) -> Result<&[f32], TrainError> {
        let row = self.features.row(text).ok_or(TrainError::NotEncoded)?;
        Ok(self.features.matrix().row(row))
    }
}

impl View<'_> {
    fn of<'row>(&self, layers: &'row [f32]) -> Cow<'row, [f32]> {
        match self {
            Self::Layers => Cow::Borrowed(layers),
            Self::Places(intents) => {
                // as long as its numbers are many, so that a penalty means the same as with standardised features
                let length = (intents.width() as f32).sqrt();
                Cow::Owned(intents.place_of(layers).into_iter().map(|value| value * length).collect())
            }
        }
    }

    const fn scaling(&self) -> Scaling {
        match self {
            Self::Layers => Scaling::Standardised,
            Self::Places(_) => Scaling::AsIs,
        }
    }
}

impl<'heads> Labeller<'heads> {
    /// The best layer for the examples, whose texts are encoded; every label counts the same in sum.
    ///
    /// # Errors
    /// [`TrainError::NotEncoded`] if a text is not, [`TrainError::OneLabel`] if there are fewer than two labels.
    pub fn fit(examples: &[Labelled<'_>], encodings: &Encodings<'_>, fit: Fit<'heads>) -> Result<Self, TrainError> {
        let mut labels: Vec<String> = examples.iter().map(|example| example.label.to_owned()).collect();
        labels.sort_unstable();
        labels.dedup();
        if labels.len() < 2 {
            return Err(TrainError::OneLabel);
        }
        let number = |example: &Labelled<'_>| labels.partition_point(|label| label.as_str() < example.label);
        let numbers: Vec<usize> = examples.iter().map(number).collect();
        let rows = examples.iter().map(|example| Ok(fit.view.of(encodings.layers(example.text)?)));
        let features = Matrix::of(rows.collect::<Result<Vec<_>, TrainError>>()?);
        let mut problem = Problem {
            features: &features,
            rows: (0..examples.len()).collect(),
            labels: numbers.clone(),
            weights: vec![1.0; examples.len()],
            classes: labels.len(),
            scaling: fit.view.scaling(),
            inverse_penalty: fit.inverse_penalty,
        };
        problem.balance();
        let layer = problem.fit();
        let texts: Vec<Text> = examples.iter().map(|example| masked(example.text)).collect();
        let words = Words::fit(&texts, &numbers, labels.len());
        Ok(Self { labels, fit, layer, words })
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
        let mut scores = self.layer.scores(&self.fit.view.of(encodings.layers(text)?));
        for (score, words) in scores.iter_mut().zip(self.words.scores(&masked(text))) {
            *score += self.fit.words * words;
        }
        Ok(softmax(&scores))
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
