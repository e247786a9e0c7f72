//! Layers by candle's own operations over padded batches, on any device that candle has: the way of a GPU.

use candle_core::{D, DType, Device, Result, Tensor};

use super::Packed;
use super::config::Config;
use super::layer;
use super::steps::{ATTENDED_NORM, Joined, OUTER_NORM, Steps, name};
use super::weights::Weights;
use crate::inference::models::Error;

/// Where layers run, and in what.
#[derive(Clone)]
pub(in crate::inference) struct Place {
    pub(super) device: Device,
    pub(super) dtype: DType,
}

/// Every tensor is on the place's device.
pub(super) struct Layer {
    query_key_value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
    heads: usize,
}

struct Linear {
    /// `inputs × outputs`.
    weight: Tensor,
    bias: Tensor,
}

struct Norm {
    scale: Tensor,
    shift: Tensor,
    epsilon: f64,
}

/// How a packed batch becomes one of equally long sequences, and back.
pub(super) struct Padding {
    place: Place,
    /// The packed row of each place, `sequences · longest`; behind a sequence's end, its last row.
    into: Tensor,
    /// The place of each packed row.
    back: Tensor,
    /// `sequences × 1 × 1 × longest`: 0 where there is a token, minus infinity elsewhere.
    mask: Tensor,
    sequences: usize,
    longest: usize,
}

impl Padding {
    pub(super) fn new(batch: &Packed, place: &Place) -> Result<Self> {
        let (sequences, longest) = (batch.sequences(), batch.rows().map(|rows| rows.len()).max().unwrap_or(0));
        let (mut into, mut back, mut mask) = (Vec::new(), Vec::new(), Vec::new());
        for (sequence, rows) in batch.rows().enumerate() {
            let last = rows.len().saturating_sub(1);
            into.extend((0..longest).map(|index| (rows.start + index.min(last)) as u32));
            back.extend((0..rows.len()).map(|index| (sequence * longest + index) as u32));
            mask.extend((0..longest).map(|index| if index < rows.len() { 0.0 } else { f32::NEG_INFINITY }));
        }
        let Place { device, dtype } = place;
        Ok(Self {
            into: Tensor::new(into, device)?,
            back: Tensor::new(back, device)?,
            mask: Tensor::from_vec(mask, (sequences, 1, 1, longest), device)?.to_dtype(*dtype)?,
            place: place.clone(),
            sequences,
            longest,
        })
    }

    /// From packed states in memory to padded ones on the device, `sequences × longest × hidden`.
    pub(super) fn enter(&self, states: &Tensor) -> Result<Tensor> {
        let states = states.to_device(&self.place.device)?.to_dtype(self.place.dtype)?;
        states.index_select(&self.into, 0)?.reshape((self.sequences, self.longest, ()))
    }

    /// The other way round.
    pub(super) fn leave(&self, states: &Tensor) -> Result<Tensor> {
        let states = states.flatten_to(1)?.index_select(&self.back, 0)?;
        states.to_dtype(DType::F32)?.to_device(&Device::Cpu)
    }
}

impl Layer {
    pub(super) fn load(
        weights: &Weights,
        config: &Config,
        index: usize,
        place: &Place,
    ) -> std::result::Result<Self, Error> {
        let steps = Steps::load(weights, config, index)?;
        let failed = |error: candle_core::Error| weights.invalid(error.to_string());
        let linear = |joined| Linear::new(joined, place).map_err(failed);
        let norm = |part| {
            let norm = layer::Norm::load(weights, &name(index, part), config)?;
            Norm::new(norm, place).map_err(failed)
        };
        Ok(Self {
            query_key_value: linear(steps.query_key_value)?,
            attended: linear(steps.attended)?,
            attended_norm: norm(ATTENDED_NORM)?,
            inner: linear(steps.inner)?,
            outer: linear(steps.outer)?,
            outer_norm: norm(OUTER_NORM)?,
            heads: config.heads,
        })
    }

    /// From a batch's states to its next ones, `sequences × longest × hidden` both.
    pub(super) fn forward(&self, states: &Tensor, padding: &Padding) -> Result<Tensor> {
        let attended = self.attended.forward(&self.attend(states, padding)?)?;
        let states = self.attended_norm.forward(&(attended + states)?)?;
        let inner = self.inner.forward(&states)?.gelu_erf()?;
        self.outer_norm.forward(&(self.outer.forward(&inner)? + states)?)
    }

    fn attend(&self, states: &Tensor, padding: &Padding) -> Result<Tensor> {
        let (sequences, longest, hidden) = states.dims3()?;
        let width = hidden / self.heads;
        let projected = self.query_key_value.forward(states)?;
        let projected = projected.reshape((sequences, longest, 3, self.heads, width))?;
        let part = |third| projected.narrow(2, third, 1)?.squeeze(2)?.transpose(1, 2)?.contiguous();
        let (queries, keys, values) = (part(0)?, part(1)?, part(2)?);
        let scores = (queries.matmul(&keys.t()?)? / (width as f64).sqrt())?.broadcast_add(&padding.mask)?;
        let weights = softmax(&scores)?;
        weights.matmul(&values)?.transpose(1, 2)?.reshape((sequences, longest, hidden))
    }
}

/// Over the last dimension.
fn softmax(scores: &Tensor) -> Result<Tensor> {
    let weights = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?;
    weights.broadcast_div(&weights.sum_keepdim(D::Minus1)?)
}

impl Linear {
    fn new(joined: Joined, place: &Place) -> Result<Self> {
        let Place { device, dtype } = place;
        let shape = (joined.bias.len(), joined.inputs);
        let weight = Tensor::from_vec(joined.weights, shape, device)?.to_dtype(*dtype)?.t()?.contiguous()?;
        Ok(Self { weight, bias: Tensor::new(joined.bias, device)?.to_dtype(*dtype)? })
    }

    fn forward(&self, states: &Tensor) -> Result<Tensor> {
        let (sequences, longest, _) = states.dims3()?;
        let outputs = states.flatten_to(1)?.matmul(&self.weight)?.broadcast_add(&self.bias)?;
        outputs.reshape((sequences, longest, ()))
    }
}

impl Norm {
    fn new(norm: layer::Norm, place: &Place) -> Result<Self> {
        let part = |values| Tensor::new::<Vec<f32>>(values, &place.device);
        Ok(Self { scale: part(norm.scale)?, shift: part(norm.shift)?, epsilon: f64::from(norm.epsilon) })
    }

    /// In single precision, whatever the states are in: squares are large.
    fn forward(&self, states: &Tensor) -> Result<Tensor> {
        let wide = states.to_dtype(DType::F32)?;
        let centred = wide.broadcast_sub(&wide.mean_keepdim(D::Minus1)?)?;
        let spread = (centred.sqr()?.mean_keepdim(D::Minus1)? + self.epsilon)?.sqrt()?;
        let normal = centred.broadcast_div(&spread)?;
        normal.broadcast_mul(&self.scale)?.broadcast_add(&self.shift)?.to_dtype(states.dtype())
    }
}
