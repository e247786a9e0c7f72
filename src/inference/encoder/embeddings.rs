//! The encoder's first step: a word, a position and a type vector for each token, added and normalised.

use crate::inference::instructions::Vectors;
use candle_core::{Device, Tensor};

use super::Packed;
use super::config::Config;
use super::kernels::Normalise;
use super::layer::Norm;
use super::steps::EMBEDDINGS_NORM;
use super::weights::{Table, Weights};
use crate::inference::models::Error;

pub(super) struct Embeddings {
    words: Table,
    /// Position vectors with the vector of type 0 added: no other type is used.
    positions: Vec<f32>,
    norm: Norm,
    hidden: usize,
    vectors: Vectors,
}

impl Embeddings {
    pub(super) fn load(weights: &Weights, config: &Config, vectors: Vectors) -> Result<Self, Error> {
        let hidden = config.hidden;
        let name = |part: &str| format!("embeddings.{part}_embeddings.weight");
        let words = weights.table(&name("word"), config.vocabulary, hidden)?;
        let mut positions = weights.tensor(&name("position"), &[config.positions, hidden])?;
        positions.drain(..config.first_position * hidden);
        let types = weights.tensor(&name("token_type"), &[config.types, hidden])?;
        for position in positions.chunks_exact_mut(hidden) {
            position.iter_mut().zip(&types).for_each(|(value, add)| *value += add);
        }
        let norm = Norm::load(weights, EMBEDDINGS_NORM, config)?;
        Ok(Self { words, positions, norm, hidden, vectors })
    }

    /// One row a token.
    pub(super) fn forward(&self, batch: &Packed) -> candle_core::Result<Tensor> {
        let mut rows = vec![0.0; batch.ids.len() * self.hidden];
        for (id, row) in batch.ids.iter().zip(rows.chunks_exact_mut(self.hidden)) {
            self.words.read_row(*id as usize, row)?;
        }
        for sequence in batch.rows() {
            let rows = &mut rows[sequence.start * self.hidden..sequence.end * self.hidden];
            rows.iter_mut().zip(&self.positions).for_each(|(value, add)| *value += add);
        }
        self.vectors.run(Normalise { rows: &mut rows, norm: &self.norm });
        Tensor::from_vec(rows, (batch.ids.len(), self.hidden), &Device::Cpu)
    }
}
