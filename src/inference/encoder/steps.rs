//! A layer's linear steps as they lie in a file: what they are called, and which of them run as one.

use super::config::Config;
use super::weights::Weights;
use crate::inference::models::Error;

/// Linear steps of equal size that share their input, their outputs one after another.
pub(super) struct Joined {
    /// `outputs × inputs`.
    pub(super) weights: Vec<f32>,
    /// One an output.
    pub(super) bias: Vec<f32>,
    pub(super) inputs: usize,
    /// How many steps they are.
    pub(super) parts: usize,
}

/// The linear steps of a layer, in the order in which they run.
pub(super) struct Steps {
    pub(super) query_key_value: Joined,
    pub(super) attended: Joined,
    pub(super) inner: Joined,
    pub(super) outer: Joined,
}

/// The name of a part of a layer.
pub(super) fn name(layer: usize, part: &str) -> String {
    format!("encoder.layer.{layer}.{part}")
}

/// The layer norm before all layers.
pub(super) const EMBEDDINGS_NORM: &str = "embeddings.LayerNorm";

/// The layer norm after attention.
pub(super) const ATTENDED_NORM: &str = "attention.output.LayerNorm";

/// The layer norm at a layer's end.
pub(super) const OUTER_NORM: &str = "output.LayerNorm";

impl Steps {
    pub(super) fn load(weights: &Weights, config: &Config, layer: usize) -> Result<Self, Error> {
        let (hidden, inner) = (config.hidden, config.inner);
        let joined = |parts: &[&str], outputs, inputs| Joined::load(weights, layer, parts, outputs, inputs);
        let query_key_value = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            query_key_value: joined(&query_key_value, hidden, hidden)?,
            attended: joined(&["attention.output.dense"], hidden, hidden)?,
            inner: joined(&["intermediate.dense"], inner, hidden)?,
            outer: joined(&["output.dense"], hidden, inner)?,
        })
    }
}

impl Joined {
    fn load(weights: &Weights, layer: usize, parts: &[&str], outputs: usize, inputs: usize) -> Result<Self, Error> {
        let mut joined = Self { weights: Vec::new(), bias: Vec::new(), inputs, parts: parts.len() };
        for part in parts {
            joined.weights.extend(weights.tensor(&name(layer, &format!("{part}.weight")), &[outputs, inputs])?);
            joined.bias.extend(weights.tensor(&name(layer, &format!("{part}.bias")), &[outputs])?);
        }
        Ok(joined)
    }
}
