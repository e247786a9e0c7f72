//! Copies of an encoder's last layers that were trained further, for the heads that read them.

use std::borrow::Cow;
use std::fmt;

use super::config::Config;
use super::layer::{Layer, Way};
use super::weights::Weights;
use crate::inference::models::Error;

/// The contents of a safetensors file with the last layers of an encoder, named as there.
#[derive(Clone)]
pub struct Tuned(Cow<'static, [u8]>);

impl Tuned {
    /// Its name in a folder of heads, and in errors.
    pub const FILE: &'static str = "tuned.safetensors";

    /// The layers in a file's contents; they are checked when an encoder loads them.
    #[must_use]
    pub const fn new(bytes: Cow<'static, [u8]>) -> Self {
        Self(bytes)
    }

    /// The file's contents.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The layers, in order; the last one is a copy of the encoder's last.
    pub(super) fn layers(&self, config: &Config, way: &Way) -> Result<Vec<Layer>, Error> {
        let weights = Weights::in_memory(Self::FILE, self.0.clone())?;
        let there = |layer: &usize| weights.has(&format!("encoder.layer.{layer}.output.dense.weight"));
        let Some(first) = (0..config.layers).find(there) else {
            let reason = format!("it has none of the encoder's {} layers", config.layers);
            return Err(Error::Invalid { path: Self::FILE.into(), reason });
        };
        (first..config.layers).map(|layer| Layer::load(&weights, config, layer, way)).collect()
    }
}

impl fmt::Debug for Tuned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tuned({} bytes)", self.0.len())
    }
}
