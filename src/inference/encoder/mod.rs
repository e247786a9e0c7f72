//! The transformer itself: BERT and XLM-RoBERTa encoders over packed sequences.
//!
//! All sequences of a batch lie one after another in one matrix, a row a token: no padding is computed.
//! Only attention looks at where sequences begin.
//!
//! Copies of the last layers may be tuned for the heads. They start from the same states as the encoder's own,
//! whose vectors stay what they were.

mod attention;
mod config;
mod embeddings;
mod integer;
mod kernels;
mod layer;
mod padded;
mod single;
mod steps;
#[cfg(test)]
mod tests;
mod tuned;
mod weights;

use std::ops::Range;

use candle_core::Tensor;
use rayon::prelude::*;

use super::instructions::Vectors;
use super::models::{CONFIG, Error, ModelFolder, WEIGHTS};
pub(super) use config::Config;
use embeddings::Embeddings;
use layer::Layer;
pub(in crate::inference) use layer::Way;
pub use tuned::Tuned;
use weights::Weights;

/// How many of the last layers are handed out.
pub(super) const LAYERS_KEPT: usize = 3;

/// A loaded encoder.
pub(super) struct Encoder {
    config: Config,
    embeddings: Embeddings,
    layers: Vec<Layer>,
    /// Copies of the last of them; none where the heads read the encoder's own.
    tuned: Vec<Layer>,
    way: Way,
}

/// Several sequences of tokens, one after another.
pub(super) struct Packed {
    ids: Vec<u32>,
    /// Where each sequence ends.
    ends: Vec<usize>,
    /// How many cores have time for it.
    cores: usize,
}

/// Hidden states, `tokens × hidden` each.
#[derive(Debug)]
pub(super) struct Hidden {
    /// Of the tuned copies' last layer.
    pub(super) tuned: Option<Tensor>,
    /// Of the last layers, the very last at the end.
    pub(super) last: [Tensor; LAYERS_KEPT],
}

impl Packed {
    /// No sequence yet. Its rows are cut into as many blocks as there are cores with time for them.
    pub(super) fn for_cores(cores: usize) -> Self {
        Self { ids: Vec::new(), ends: Vec::new(), cores }
    }

    /// Puts a sequence behind the others.
    pub(super) fn push(&mut self, ids: &[u32]) {
        self.ids.extend_from_slice(ids);
        self.ends.push(self.ids.len());
    }

    /// Tokens in all.
    pub(super) fn tokens(&self) -> usize {
        self.ids.len()
    }

    /// The numbers of the sequences that have a token among those rows, and where they lie.
    fn within(&self, rows: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> + '_ {
        let first = self.ends.partition_point(|&end| end <= rows.start);
        let sequences = (first..self.ends.len()).map(|index| (index, self.sequence(index)));
        sequences.take_while(move |(_, sequence)| sequence.start < rows.end)
    }

    /// Where the sequences lie, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        (0..self.sequences()).map(|index| self.sequence(index))
    }

    /// How many sequences there are.
    fn sequences(&self) -> usize {
        self.ends.len()
    }

    /// Where a sequence lies.
    fn sequence(&self, index: usize) -> Range<usize> {
        index.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[index]
    }
}

impl Encoder {
    /// Loads a model's weights; the table of word vectors stays on disk.
    pub(super) fn load(folder: &ModelFolder, tuned: Option<&Tuned>, way: Way, vectors: Vectors) -> Result<Self, Error> {
        let config = Config::read(&folder.path().join(CONFIG))?;
        let weights = Weights::open(&folder.path().join(WEIGHTS))?;
        let embeddings = Embeddings::load(&weights, &config, vectors)?;
        let layers = (0..config.layers).into_par_iter().map(|layer| Layer::load(&weights, &config, layer, &way));
        let layers = layers.collect::<Result<_, _>>()?;
        let tuned = tuned.map_or_else(|| Ok(Vec::new()), |tuned| tuned.layers(&config, &way))?;
        Ok(Self { layers, embeddings, config, tuned, way })
    }

    /// Whether a pass is best cut into parts, one a core.
    pub(super) fn is_cut(&self) -> bool {
        self.way.is_cut()
    }

    /// How many states a token is given: those of the last layers, and the tuned copies'.
    pub(super) fn states(&self) -> usize {
        LAYERS_KEPT + usize::from(!self.tuned.is_empty())
    }

    /// What the model's config says.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Runs a batch; its sequences must be within the model's limits.
    pub(super) fn forward(&self, batch: &Packed) -> candle_core::Result<Hidden> {
        let laid = self.way.lay(batch)?;
        let mut states = laid.enter(self.embeddings.forward(batch)?)?;
        let mut kept = Vec::with_capacity(LAYERS_KEPT);
        let mut tuned = None;
        for (index, layer) in self.layers.iter().enumerate() {
            if !self.tuned.is_empty() && index + self.tuned.len() == self.layers.len() {
                let mut copies = self.tuned.iter();
                let last = copies.try_fold(states.copy()?, |states, layer| layer.forward(states, &laid))?;
                tuned = Some(laid.leave(&last)?);
            }
            states = layer.forward(states, &laid)?;
            if index + LAYERS_KEPT >= self.layers.len() {
                kept.push(laid.leave(&states)?);
            }
        }
        let found = kept.len();
        let last =
            kept.try_into().map_err(|_| candle_core::Error::Msg(format!("the model has only {found} layers")))?;
        Ok(Hidden { tuned, last })
    }
}
