//! A layer in single precision, by candle's products: what the integer one is measured against.

use candle_core::{CpuStorage, CustomOp1, Device, InplaceOp1, InplaceOp2, Layout, Result, Shape, Tensor};
use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::Packed;
use super::attention::{Attention, Head};
use super::config::Config;
use super::kernels::{ROWS_A_TASK, gelu, normalise, whole, whole_mut};
use super::layer::Norm;
use super::steps::{ATTENDED_NORM, Joined, OUTER_NORM, Steps, name};
use super::weights::Weights;
use crate::inference::instructions::Vectors;
use crate::inference::models::Error;

pub(super) struct Layer {
    query_key_value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
    heads: usize,
    vectors: Vectors,
}

/// A linear step whose bias is added by whatever comes next.
struct Linear {
    /// `inputs × outputs`.
    weight: Tensor,
    bias: Vec<f32>,
}

/// Adds a bias.
struct AddBias<'layer> {
    bias: &'layer [f32],
}

/// Adds a bias, then GELU with the exact error function.
struct Gelu<'layer> {
    bias: &'layer [f32],
    vectors: Vectors,
}

/// Adds a bias and another matrix, then normalises each row.
struct AddAndNormalise<'layer> {
    bias: &'layer [f32],
    norm: &'layer Norm,
    vectors: Vectors,
}

/// The same over some rows.
struct GeluRows<'rows> {
    rows: &'rows mut [f32],
    bias: &'rows [f32],
}

/// The same over some rows.
struct AddRows<'rows> {
    rows: &'rows mut [f32],
    added: &'rows [f32],
    bias: &'rows [f32],
    norm: &'rows Norm,
}

impl Layer {
    pub(super) fn load(
        weights: &Weights,
        config: &Config,
        index: usize,
        vectors: Vectors,
    ) -> std::result::Result<Self, Error> {
        let steps = Steps::load(weights, config, index)?;
        let linear = |joined| Linear::new(joined).map_err(|error| weights.invalid(error.to_string()));
        Ok(Self {
            query_key_value: linear(steps.query_key_value)?,
            attended: linear(steps.attended)?,
            attended_norm: Norm::load(weights, &name(index, ATTENDED_NORM), config)?,
            inner: linear(steps.inner)?,
            outer: linear(steps.outer)?,
            outer_norm: Norm::load(weights, &name(index, OUTER_NORM), config)?,
            heads: config.heads,
            vectors,
        })
    }

    pub(super) fn forward(&self, input: &Tensor, batch: &Packed) -> Result<Tensor> {
        let vectors = self.vectors;
        let query_key_value = input.matmul(&self.query_key_value.weight)?;
        query_key_value.inplace_op1(&AddBias { bias: &self.query_key_value.bias })?;
        let attention = Attention { batch, hidden: input.dim(1)?, heads: self.heads, vectors };
        let attended = query_key_value.apply_op1_no_bwd(&attention)?.matmul(&self.attended.weight)?;
        let (bias, norm) = (&self.attended.bias, &self.attended_norm);
        attended.inplace_op2(input, &AddAndNormalise { bias, norm, vectors })?;
        let inner = attended.matmul(&self.inner.weight)?;
        inner.inplace_op1(&Gelu { bias: &self.inner.bias, vectors })?;
        let output = inner.matmul(&self.outer.weight)?;
        let (bias, norm) = (&self.outer.bias, &self.outer_norm);
        output.inplace_op2(&attended, &AddAndNormalise { bias, norm, vectors })?;
        Ok(output)
    }
}

impl Linear {
    fn new(joined: Joined) -> Result<Self> {
        let shape = (joined.bias.len(), joined.inputs);
        let weight = Tensor::from_vec(joined.weights, shape, &Device::Cpu)?.t()?.contiguous()?;
        Ok(Self { weight, bias: joined.bias })
    }
}

impl CustomOp1 for Attention<'_> {
    fn name(&self) -> &'static str {
        "packed-attention"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let projected = whole(storage, layout)?;
        let (tokens, hidden) = (self.batch.tokens(), self.hidden);
        let mut seen = vec![0.0; tokens * hidden];
        let tasks = seen.par_chunks_mut(ROWS_A_TASK * hidden).enumerate();
        tasks.for_each_init(Head::default, |head, (task, seen)| {
            self.attend(projected, task * ROWS_A_TASK, seen, head);
        });
        Ok((CpuStorage::F32(seen), (tokens, hidden).into()))
    }
}

impl InplaceOp1 for AddBias<'_> {
    fn name(&self) -> &'static str {
        "bias"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let add = |row: &mut [f32]| row.iter_mut().zip(self.bias).for_each(|(value, bias)| *value += bias);
        whole_mut(storage, layout)?.par_chunks_mut(self.bias.len()).with_min_len(ROWS_A_TASK).for_each(add);
        Ok(())
    }
}

impl InplaceOp1 for Gelu<'_> {
    fn name(&self) -> &'static str {
        "bias-gelu"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let rows = whole_mut(storage, layout)?;
        let tasks = rows.par_chunks_mut(self.bias.len() * ROWS_A_TASK);
        tasks.for_each(|rows| self.vectors.run(GeluRows { rows, bias: self.bias }));
        Ok(())
    }
}

impl WithSimd for GeluRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows.chunks_exact_mut(self.bias.len()) {
            row.iter_mut().zip(self.bias).for_each(|(value, bias)| *value = gelu(*value + bias));
        }
    }
}

impl InplaceOp2 for AddAndNormalise<'_> {
    fn name(&self) -> &'static str {
        "add-normalise"
    }

    fn cpu_fwd(&self, rows: &mut CpuStorage, layout: &Layout, added: &CpuStorage, like: &Layout) -> Result<()> {
        let (rows, added) = (whole_mut(rows, layout)?, whole(added, like)?);
        let Self { bias, norm, vectors } = self;
        let size = bias.len() * ROWS_A_TASK;
        let tasks = rows.par_chunks_mut(size).zip(added.par_chunks(size));
        tasks.for_each(|(rows, added)| vectors.run(AddRows { rows, added, bias, norm }));
        Ok(())
    }
}

impl WithSimd for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.bias.len();
        for (row, added) in self.rows.chunks_exact_mut(width).zip(self.added.chunks_exact(width)) {
            let adds = added.iter().zip(self.bias);
            row.iter_mut().zip(adds).for_each(|(value, (add, bias))| *value += bias + add);
            normalise(row, self.norm);
        }
    }
}
