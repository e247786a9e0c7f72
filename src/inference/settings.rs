//! How the engine runs.

use serde::{Deserialize, Serialize};

use super::Instructions;

/// How the engine runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Put before every text; E5 models were trained with `query: `, others with nothing.
    pub prefix: String,
    /// What computes the layers.
    pub device: Device,
    /// What the linear steps compute in.
    pub precision: Precision,
    /// The most that the forward pass may ask of the processor.
    pub instructions: Instructions,
    /// Tokens that one core computes together at most: few enough for its own cache, many enough for its products.
    /// A GPU takes 128 times as many; a longer window goes alone.
    ///
    /// Requests of up to twice as many take turns with larger ones, so that nobody who waits stands behind an import.
    pub batch_tokens: usize,
    /// Texts that may wait or be worked on at a time; more are refused with [`super::Error::Busy`].
    pub queue_texts: usize,
    /// Threads for the forward pass; 0 means one a core.
    pub threads: usize,
}

/// What computes the encoder's layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The first NVIDIA GPU; for programs built with the feature `cuda`.
    Cuda,
}

/// What the encoder's linear steps compute in; the rest of it is single precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Single precision: the reference.
    F32,
    /// Weights of 8 bits with a scale an output, states of 8 bits with a scale a token: several times as fast.
    /// A GPU computes in half precision instead.
    #[default]
    Int8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prefix: "query: ".to_owned(),
            device: Device::default(),
            precision: Precision::default(),
            instructions: Instructions::default(),
            batch_tokens: 128,
            queue_texts: 1024,
            threads: 0,
        }
    }
}
