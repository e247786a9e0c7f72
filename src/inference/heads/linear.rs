//! One weight for each class and feature, and what follows from them.

use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use crate::vector::dot;

/// A linear layer over raw features.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Linear {
    /// A layer of `biases.len()` classes; `weights` holds one row for each class.
    #[must_use]
    pub fn new(weights: Vec<f32>, biases: Vec<f32>) -> Self {
        debug_assert!(!biases.is_empty() && weights.len().is_multiple_of(biases.len()), "a row for each class");
        Self { weights, biases }
    }

    /// From the tensors `weight` (`classes × inputs`) and `bias` of a file.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(super) fn parse(file: &[u8], classes: usize, inputs: usize) -> Result<Self, String> {
        let tensors = SafeTensors::deserialize(file).map_err(|error| error.to_string())?;
        Ok(Self::new(numbers(&tensors, "weight", &[classes, inputs])?, numbers(&tensors, "bias", &[classes])?))
    }

    /// Number of classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.biases.len()
    }

    /// Number of features it reads.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.weights.len() / self.biases.len()
    }

    /// Class by class, then feature by feature.
    #[must_use]
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// One for each class.
    #[must_use]
    pub fn biases(&self) -> &[f32] {
        &self.biases
    }

    /// The score of each class; `features` must be as long as [`Self::inputs`].
    #[must_use]
    pub fn scores(&self, features: &[f32]) -> Vec<f32> {
        self.weights
            .chunks_exact(self.inputs())
            .zip(&self.biases)
            .map(|(row, bias)| {
                let products = row.iter().zip(features).map(|(weight, value)| f64::from(*weight) * f64::from(*value));
                (products.sum::<f64>() + f64::from(*bias)) as f32
            })
            .collect()
    }

    /// The scores in single precision: for layers of many classes, which every text and piece goes through.
    pub(super) fn quick_scores(&self, features: &[f32]) -> Vec<f32> {
        let rows = self.weights.chunks_exact(self.inputs()).zip(&self.biases);
        rows.map(|(row, bias)| dot(row, features) + bias).collect()
    }

    /// Probabilities of classes of which exactly one holds; they sum to 1.
    #[must_use]
    pub fn choice(&self, features: &[f32]) -> Vec<f32> {
        softmax(&self.scores(features))
    }

    /// Probability of each class where any number of them may hold.
    #[must_use]
    pub fn each(&self, features: &[f32]) -> Vec<f32> {
        self.scores(features).into_iter().map(sigmoid).collect()
    }

    /// The same layer with every score multiplied by `factor`: how a temperature is built in.
    #[must_use]
    pub fn scaled(&self, factor: f32) -> Self {
        let times = |values: &[f32]| values.iter().map(|value| value * factor).collect();
        Self { weights: times(&self.weights), biases: times(&self.biases) }
    }
}

fn numbers(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
    let tensor = tensors.tensor(name).map_err(|error| error.to_string())?;
    let (dtype, found) = (tensor.dtype(), tensor.shape());
    if dtype != Dtype::F32 || found != shape {
        return Err(format!("`{name}` is {dtype:?} {found:?}, but the card wants F32 {shape:?}"));
    }
    let values =
        tensor.data().chunks_exact(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    let values: Vec<f32> = values.collect();
    let finite = values.iter().all(|value| value.is_finite());
    finite.then_some(values).ok_or_else(|| format!("`{name}` holds a number that is not finite"))
}

/// Scores to probabilities that sum to 1.
#[must_use]
pub fn softmax(scores: &[f32]) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// A score to a probability.
#[must_use]
pub fn sigmoid(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_and_probabilities_follow_the_weights() {
        let layer = Linear::new(vec![1.0, 0.0, 0.0, 2.0], vec![0.0, -1.0]);
        assert_eq!((layer.classes(), layer.inputs()), (2, 2));
        assert_eq!(layer.scores(&[3.0, 2.0]), [3.0, 3.0]);
        assert_eq!(layer.choice(&[3.0, 2.0]), [0.5, 0.5]);
        assert_eq!(layer.each(&[0.0, 0.5]), [0.5, 0.5]);
        assert_eq!(layer.scaled(2.0).scores(&[3.0, 2.0]), [6.0, 6.0]);
    }

    #[test]
    fn huge_scores_stay_probabilities() {
        let probabilities = softmax(&[1e30, 0.0, -1e30]);
        assert_eq!(probabilities, [1.0, 0.0, 0.0]);
        assert_eq!((sigmoid(1e30), sigmoid(-1e30)), (1.0, 0.0));
    }
}
