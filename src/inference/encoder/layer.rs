//! One transformer layer, in one precision or the other.

use std::sync::Arc;

use candle_core::Tensor;

use super::config::Config;
use super::steps::{EMBEDDINGS_NORM, OUTER_NORM, name};
use super::weights::Weights;
use super::{Packed, integer, single};
use crate::inference::instructions::Vectors;
use crate::inference::models::Error;
use crate::inference::settings::Precision;

/// Attention, then two linear steps, each added to its input and normalised.
pub(super) enum Layer {
    Single(Box<single::Layer>),
    Integer(Box<integer::Layer>),
}

/// A layer norm's scale and shift.
pub(super) struct Norm {
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
    pub(super) epsilon: f32,
}

/// How layers compute.
#[derive(Clone)]
pub(super) enum Way {
    Single(Vectors),
    Integer(Vectors, Arc<integer::Space>),
}

impl Way {
    pub(super) fn new(precision: Precision, vectors: Vectors) -> Self {
        match precision {
            Precision::F32 => Self::Single(vectors),
            Precision::Int8 => Self::Integer(vectors, Arc::default()),
        }
    }
}

impl Layer {
    pub(super) fn load(weights: &Weights, config: &Config, index: usize, way: &Way) -> Result<Self, Error> {
        match way {
            Way::Single(vectors) => {
                single::Layer::load(weights, config, index, *vectors).map(|layer| Self::Single(Box::new(layer)))
            }
            Way::Integer(vectors, space) => integer::Layer::load(weights, config, index, *vectors, Arc::clone(space))
                .map(|layer| Self::Integer(Box::new(layer))),
        }
    }

    /// From a batch's states to its next ones, `tokens × hidden` both; the old ones may be overwritten.
    pub(super) fn forward(&self, states: Tensor, batch: &Packed) -> candle_core::Result<Tensor> {
        match self {
            Self::Single(layer) => layer.forward(&states, batch),
            Self::Integer(layer) => {
                states.inplace_op1(&layer.over(batch))?;
                Ok(states)
            }
        }
    }
}

impl Norm {
    /// The norm that a layer's states come from; none for the first layer of a file that begins later.
    pub(super) fn before(weights: &Weights, config: &Config, layer: usize) -> Result<Option<Self>, Error> {
        let name = match layer.checked_sub(1) {
            Some(before) if !weights.has(&format!("{}.weight", name(before, OUTER_NORM))) => return Ok(None),
            Some(before) => name(before, OUTER_NORM),
            None => EMBEDDINGS_NORM.to_owned(),
        };
        Self::load(weights, &name, config).map(Some)
    }

    pub(super) fn load(weights: &Weights, name: &str, config: &Config) -> Result<Self, Error> {
        Ok(Self {
            scale: weights.tensor(&format!("{name}.weight"), &[config.hidden])?,
            shift: weights.tensor(&format!("{name}.bias"), &[config.hidden])?,
            epsilon: config.epsilon,
        })
    }
}
