//! One transformer layer, in one way or another.

use std::sync::Arc;

use candle_core::{DType, Device, Tensor};

use super::config::Config;
use super::padded::{Padding, Place};
use super::steps::{EMBEDDINGS_NORM, OUTER_NORM, name};
use super::weights::Weights;
use super::{Packed, integer, padded, single};
use crate::inference::instructions::Vectors;
use crate::inference::models::Error;
use crate::inference::settings::Precision;

/// Attention, then two linear steps, each added to its input and normalised.
pub(super) enum Layer {
    Single(Box<single::Layer>),
    Integer(Box<integer::Layer>),
    Padded(Box<padded::Layer>),
}

/// A batch, as the layers want it.
pub(super) struct Laid<'batch> {
    batch: &'batch Packed,
    padding: Option<Padding>,
}

/// A layer norm's scale and shift.
pub(super) struct Norm {
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
    pub(super) epsilon: f32,
}

/// How layers compute.
#[derive(Clone)]
pub(in crate::inference) enum Way {
    Single(Vectors),
    Integer(Vectors, Arc<integer::Space>),
    Padded(Place),
}

impl Way {
    /// The way on a processor.
    pub(in crate::inference) fn new(precision: Precision, vectors: Vectors) -> Self {
        match precision {
            Precision::F32 => Self::Single(vectors),
            Precision::Int8 => Self::Integer(vectors, Arc::default()),
        }
    }

    /// The way on another device.
    pub(in crate::inference) fn on(precision: Precision, device: Device) -> Self {
        let dtype = match precision {
            Precision::F32 => DType::F32,
            Precision::Int8 => DType::F16,
        };
        Self::Padded(Place { device, dtype })
    }

    /// Whether a pass is best cut into parts, one a core.
    pub(super) fn is_cut(&self) -> bool {
        !matches!(self, Self::Padded(_))
    }

    /// Gets a batch ready.
    pub(super) fn lay<'batch>(&self, batch: &'batch Packed) -> candle_core::Result<Laid<'batch>> {
        let padding = match self {
            Self::Single(_) | Self::Integer(..) => None,
            Self::Padded(place) => Some(Padding::new(batch, place)?),
        };
        Ok(Laid { batch, padding })
    }
}

impl Laid<'_> {
    /// Packed states in memory, as layers take them.
    pub(super) fn enter(&self, states: Tensor) -> candle_core::Result<Tensor> {
        match &self.padding {
            Some(padding) => padding.enter(&states),
            None => Ok(states),
        }
    }

    /// Packed states in memory, of what layers gave; later layers don't change them.
    pub(super) fn leave(&self, states: &Tensor) -> candle_core::Result<Tensor> {
        match &self.padding {
            Some(padding) => padding.leave(states),
            None => states.copy(),
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
            Way::Padded(place) => {
                padded::Layer::load(weights, config, index, place).map(|layer| Self::Padded(Box::new(layer)))
            }
        }
    }

    /// From a batch's states to its next ones; the old ones may be overwritten.
    pub(super) fn forward(&self, states: Tensor, laid: &Laid<'_>) -> candle_core::Result<Tensor> {
        match (self, &laid.padding) {
            (Self::Single(layer), _) => layer.forward(&states, laid.batch),
            (Self::Integer(layer), _) => {
                states.inplace_op1(&layer.over(laid.batch))?;
                Ok(states)
            }
            (Self::Padded(layer), Some(padding)) => layer.forward(&states, padding),
            (Self::Padded(_), None) => candle_core::bail!("BUG: a batch for padded layers is padded"),
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
