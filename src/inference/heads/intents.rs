//! A projection of the encoder's last layers in which texts that ask for the same lie near each other.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::head::HeadError;
use super::hexadecimal;
use super::linear::Linear;
use crate::feedback::ModelInfo;
use crate::inference::Pooled;
use crate::inference::encoder::LAYERS_KEPT;
use crate::inference::pool::normalised;

/// A linear map, learned from intents and situations that no queue is measured on (`models/train/intents.py`).
#[derive(Clone, Debug)]
pub struct Intents {
    linear: Linear,
    model_digest: String,
    /// SHA-256 of its weights, in hexadecimal.
    digest: String,
}

/// What the program needs of the card beside its weights; the rest is for people.
#[derive(Deserialize)]
struct Card {
    inputs: usize,
    outputs: usize,
    model_digest: String,
}

impl Intents {
    /// Reads it from the contents of its two files.
    ///
    /// # Errors
    /// [`HeadError::Intents`] if they are damaged or don't belong together.
    pub fn parse(card: &str, weights: &[u8]) -> Result<Self, HeadError> {
        let wrong = |why: String| HeadError::Intents { why };
        let Card { inputs, outputs, model_digest } =
            serde_json::from_str(card).map_err(|error| wrong(error.to_string()))?;
        let digest = hexadecimal(&Sha256::digest(weights));
        Ok(Self { linear: Linear::parse(weights, outputs, inputs).map_err(wrong)?, model_digest, digest })
    }

    /// Whether it was learned on this encoder.
    pub(super) fn belongs_to(&self, model: &ModelInfo) -> bool {
        self.model_digest == model.digest
    }

    /// SHA-256 of its weights, in hexadecimal.
    pub(super) fn digest(&self) -> &str {
        &self.digest
    }

    /// Where a text lies: of unit length, so that a product of two is a cosine.
    #[must_use]
    pub fn place(&self, pooled: &Pooled) -> Vec<f32> {
        self.place_of(pooled.layers())
    }

    /// The same of the means of the last layers, side by side.
    pub(in crate::inference) fn place_of(&self, layers: &[f32]) -> Vec<f32> {
        let layers = layers.chunks_exact((layers.len() / LAYERS_KEPT).max(1));
        let features: Vec<f32> = layers.flat_map(normalised).collect();
        normalised(&self.linear.quick_scores(&features))
    }

    /// Numbers of a place.
    pub(in crate::inference) fn width(&self) -> usize {
        self.linear.classes()
    }
}

#[cfg(test)]
mod tests {
    use safetensors::serialize;
    use safetensors::tensor::{Dtype, TensorView};

    use super::*;

    fn files(weight: &[f32; 6], bias: &[f32; 2]) -> (String, Vec<u8>) {
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        let (weights, biases) = (bytes(weight), bytes(bias));
        let view = |shape: Vec<usize>, data| TensorView::new(Dtype::F32, shape, data).expect("a tensor");
        let tensors = [("weight", view(vec![2, 3], &weights)), ("bias", view(vec![2], &biases))];
        let card = r#"{"inputs": 3, "outputs": 2, "model_digest": "00ff", "classes": [150]}"#;
        (card.to_owned(), serialize(tensors, None).expect("written"))
    }

    #[test]
    fn layers_are_taken_at_unit_length_and_so_is_the_place() {
        let (card, weights) = files(&[3.0, 0.0, 0.0, 0.0, 4.0, 1.0], &[0.0, -1.0]);
        let intents = Intents::parse(&card, &weights).expect("whole");
        let place = intents.place(&Pooled::new(vec![0.0], vec![7.0, -0.5, 0.1], 0));
        assert_eq!(place, [0.6, -0.8], "three layers of one number each");
    }

    #[test]
    fn damaged_files_are_refused_with_the_reason() {
        let (card, weights) = files(&[1.0, 0.0, 0.0, 0.0, 0.0, f32::NAN], &[0.0, 0.0]);
        for (card, weights, expected) in [
            (card.clone(), weights.clone(), "not finite"),
            (card.replace("\"outputs\": 2", "\"outputs\": 3"), weights.clone(), "the card wants"),
            (card[..20].to_owned(), weights, "EOF"),
        ] {
            let message = Intents::parse(&card, &weights).expect_err("damaged").to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
