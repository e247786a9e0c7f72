//! From one hidden state a token to one vector a text: the mean, over windows too.

use super::encoder::LAYERS_KEPT;

/// What is left of a text: a mean over its tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
    /// As many values as the encoder is wide, of length 1: the mean of the last layer.
    pub vector: Vec<f32>,
    /// The means of the tuned copies' last layer, if there is one, and of the encoder's own last three layers.
    states: Vec<f32>,
    /// How many of them are the tuned copies'.
    tuned: usize,
}

impl Pooled {
    /// From the means of `tuned` values and of the last layers', side by side.
    pub(super) fn new(vector: Vec<f32>, states: Vec<f32>, tuned: usize) -> Self {
        Self { vector, states, tuned }
    }

    /// The means of the encoder's own last three layers side by side, the very last at the end, not normalised:
    /// three times as many values as the vector has.
    #[must_use]
    pub fn layers(&self) -> &[f32] {
        &self.states[self.tuned..]
    }

    /// The mean of the tuned copies' last layer, not normalised; empty where the engine runs none.
    #[must_use]
    pub fn tuned(&self) -> &[f32] {
        &self.states[..self.tuned]
    }

    /// [`Self::tuned`] and [`Self::layers`] side by side.
    #[must_use]
    pub fn both(&self) -> &[f32] {
        &self.states
    }
}

/// Sums hidden states side by side, the tuned ones first if there are any, and counts tokens.
#[derive(Clone)]
pub(super) struct Sum {
    values: Vec<f32>,
    tokens: usize,
}

impl Sum {
    /// Nothing yet, for `width` values a token in all.
    pub(super) fn new(width: usize) -> Self {
        Self { values: vec![0.0; width], tokens: 0 }
    }

    /// Adds the tokens of `rows`, which each layer has as rows of equal width.
    pub(super) fn add(&mut self, layers: &[&[f32]], rows: std::ops::Range<usize>) {
        let hidden = self.values.len() / layers.len();
        for (sums, layer) in self.values.chunks_exact_mut(hidden).zip(layers) {
            for row in layer[rows.start * hidden..rows.end * hidden].chunks_exact(hidden) {
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
        }
        self.tokens += rows.len();
    }

    /// Adds what another one holds.
    pub(super) fn merge(&mut self, other: &Self) {
        self.values.iter_mut().zip(&other.values).for_each(|(sum, value)| *sum += value);
        self.tokens += other.tokens;
    }

    /// The mean; none when no token was added.
    pub(super) fn pooled(mut self, hidden: usize) -> Option<Pooled> {
        if self.tokens == 0 {
            return None;
        }
        let tokens = self.tokens as f32;
        self.values.iter_mut().for_each(|value| *value /= tokens);
        let vector = normalised(&self.values[self.values.len() - hidden..]);
        let tuned = self.values.len() - hidden * LAYERS_KEPT;
        Some(Pooled::new(vector, self.values, tuned))
    }
}

/// The vector at length 1; a vector of zeros stays one.
pub(super) fn normalised(vector: &[f32]) -> Vec<f32> {
    let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    let scale = if length > 0.0 { (1.0 / length) as f32 } else { 0.0 };
    vector.iter().map(|value| value * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_weighs_every_token_alike_over_windows() {
        let (first, second) = ([1.0, 0.0, 3.0, 0.0], [0.0, 8.0]);
        let mut sum = Sum::new(6);
        sum.add(&[&first, &first, &first], 0..2);
        sum.add(&[&second, &second, &second], 0..1);
        let pooled = sum.pooled(2).expect("three tokens");
        assert_eq!(pooled.layers()[4..], [4.0 / 3.0, 8.0 / 3.0]);
        assert!(pooled.tuned().is_empty());
        let length: f32 = pooled.vector.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-6);
        assert!((pooled.vector[1] / pooled.vector[0] - 2.0).abs() < 1e-6);
    }

    #[test]
    fn tuned_states_come_first_and_are_no_part_of_the_vector() {
        let mut sum = Sum::new(8);
        sum.add(&[&[9.0, 7.0], &[1.0, 2.0], &[3.0, 4.0], &[0.0, 5.0]], 0..1);
        let pooled = sum.pooled(2).expect("one token");
        assert_eq!(pooled.vector, [0.0, 1.0]);
        assert_eq!(pooled.tuned(), [9.0, 7.0]);
        assert_eq!(pooled.layers(), [1.0, 2.0, 3.0, 4.0, 0.0, 5.0]);
        assert_eq!(pooled.both(), [9.0, 7.0, 1.0, 2.0, 3.0, 4.0, 0.0, 5.0]);
    }

    #[test]
    fn no_token_is_no_vector_and_zeros_stay_zeros() {
        assert!(Sum::new(6).pooled(2).is_none());
        let mut sum = Sum::new(6);
        sum.add(&[&[0.0; 2], &[0.0; 2], &[0.0; 2]], 0..1);
        assert_eq!(sum.pooled(2).expect("one token").vector, [0.0, 0.0]);
    }
}
