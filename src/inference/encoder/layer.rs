//! One transformer layer: attention, then two linear steps, each added to its input and normalised.

use candle_core::{Device, Tensor};

use super::Packed;
use super::attention::Attention;
use super::config::Config;
use super::kernels::{AddAndNormalise, Gelu};
use super::weights::Weights;
use crate::inference::models::Error;

pub(super) struct Layer {
    query_key_value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
    heads: usize,
}

/// A linear step whose bias is added by whatever comes next.
struct Linear {
    /// `inputs × outputs`.
    weight: Tensor,
    bias: Vec<f32>,
}

/// A layer norm's scale and shift.
pub(super) struct Norm {
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
    pub(super) epsilon: f32,
}

impl Layer {
    pub(super) fn load(weights: &Weights, config: &Config, index: usize) -> Result<Self, Error> {
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let (hidden, inner) = (config.hidden, config.inner);
        let query_key_value = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Ok(Self {
            query_key_value: Linear::load(weights, &query_key_value, hidden, hidden)?,
            attended: Linear::load(weights, &[name("attention.output.dense")], hidden, hidden)?,
            attended_norm: Norm::load(weights, &name("attention.output.LayerNorm"), config)?,
            inner: Linear::load(weights, &[name("intermediate.dense")], inner, hidden)?,
            outer: Linear::load(weights, &[name("output.dense")], hidden, inner)?,
            outer_norm: Norm::load(weights, &name("output.LayerNorm"), config)?,
            heads: config.heads,
        })
    }

    pub(super) fn forward(&self, input: &Tensor, batch: &Packed) -> candle_core::Result<Tensor> {
        let query_key_value = input.matmul(&self.query_key_value.weight)?;
        let attention = Attention { batch, heads: self.heads, bias: &self.query_key_value.bias };
        let attended = query_key_value.apply_op1_no_bwd(&attention)?.matmul(&self.attended.weight)?;
        attended.inplace_op2(input, &AddAndNormalise { bias: &self.attended.bias, norm: &self.attended_norm })?;
        let inner = attended.matmul(&self.inner.weight)?;
        inner.inplace_op1(&Gelu { bias: &self.inner.bias })?;
        let output = inner.matmul(&self.outer.weight)?;
        output.inplace_op2(&attended, &AddAndNormalise { bias: &self.outer.bias, norm: &self.outer_norm })?;
        Ok(output)
    }
}

impl Linear {
    /// Loads steps of equal size that share their input as one, their outputs side by side.
    fn load(weights: &Weights, names: &[String], outputs: usize, inputs: usize) -> Result<Self, Error> {
        let columns = outputs * names.len();
        let mut weight = vec![0.0; inputs * columns];
        let mut bias = Vec::with_capacity(columns);
        for (index, name) in names.iter().enumerate() {
            let rows = weights.tensor(&format!("{name}.weight"), &[outputs, inputs])?;
            for (output, row) in rows.chunks_exact(inputs).enumerate() {
                let column = index * outputs + output;
                row.iter().enumerate().for_each(|(input, value)| weight[input * columns + column] = *value);
            }
            bias.extend(weights.tensor(&format!("{name}.bias"), &[outputs])?);
        }
        let weight = Tensor::from_vec(weight, (inputs, columns), &Device::Cpu)
            .map_err(|error| Error::Invalid { path: names[0].clone().into(), reason: error.to_string() })?;
        Ok(Self { weight, bias })
    }
}

impl Norm {
    pub(super) fn load(weights: &Weights, name: &str, config: &Config) -> Result<Self, Error> {
        Ok(Self {
            scale: weights.tensor(&format!("{name}.weight"), &[config.hidden])?,
            shift: weights.tensor(&format!("{name}.bias"), &[config.hidden])?,
            epsilon: config.epsilon,
        })
    }
}
