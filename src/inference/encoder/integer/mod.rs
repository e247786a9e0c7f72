//! A layer whose linear steps compute in integers of 8 bits.
//!
//! Weights get a scale an output when they are loaded, states a scale and a zero a token when they are multiplied:
//! y = s·t·Σ (q − z)·w + b, which is the scheme of Jacob et al. 2018 (arXiv 1712.05877), here by row and by column.
//! Sums are exact in 32 bits, so a token's result depends neither on its neighbours nor on the number of threads.
//! Everything between two products runs over a block of rows that stays in the core's own cache.

mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
mod linear;
mod panels;
mod passes;
mod plain;
mod products;
mod rows;
mod space;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod vnni;

use std::sync::Arc;

use candle_core::{CpuStorage, InplaceOp1, Layout, Result};
use rayon::prelude::*;

use self::attention::{Ask, Desk, Open, Sight};
use self::linear::{Levelling, Linear};
use self::panels::INPUTS_A_STEP;
use self::passes::{Activate, Add, NormaliseAndFill, Write};
use self::products::Products;
use self::rows::{Fill, ROWS_A_GROUP, Rows};
pub(in crate::inference) use self::space::Space;
use self::space::{Block, Whole};
use super::Packed;
use super::attention::Projected;
use super::config::Config;
use super::kernels::{Normalise, whole_mut};
use super::layer::Norm;
use super::steps::{ATTENDED_NORM, OUTER_NORM, Steps, name};
use super::weights::Weights;
use crate::inference::instructions::Vectors;
use crate::inference::models::Error;

/// Rows that are computed together at most: weights are read from afar once for so many.
const ROWS_A_BLOCK: usize = 128;

/// Rows that go through the wide inner step together: its values fit into a core's own cache.
const ROWS_FED: usize = 64;

/// The best share of 0.15, 0.2, 0.3, 0.4 and 0.5 for each step, by the cosine of vectors of 60 development texts.
const LEVELLED_BEFORE_ATTENTION: f32 = 0.3;
const LEVELLED_AFTER_ATTENTION: f32 = 0.5;

pub(super) struct Layer {
    query_key_value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
    heads: usize,
    products: Products,
    vectors: Vectors,
    space: Arc<Space>,
}

/// A layer over a batch, from its states to the next ones in their place.
pub(super) struct Over<'layer> {
    layer: &'layer Layer,
    batch: &'layer Packed,
}

/// What rows of a batch may look at.
struct Looks<'batch> {
    batch: &'batch Packed,
    projected: Projected<'batch>,
    sights: &'batch [Sight],
}

impl Layer {
    pub(super) fn load(
        weights: &Weights,
        config: &Config,
        index: usize,
        vectors: Vectors,
        space: Arc<Space>,
    ) -> std::result::Result<Self, Error> {
        let width = config.hidden / config.heads;
        if !width.is_multiple_of(INPUTS_A_STEP) {
            let reason = format!(
                "its heads have {width} columns; int8 wants a multiple of {INPUTS_A_STEP}: set engine.precision to f32"
            );
            return Err(weights.invalid(reason));
        }
        let steps = Steps::load(weights, config, index)?;
        let before = Norm::before(weights, config, index)?;
        let before = before.as_ref().map(|norm| Levelling { norm, share: LEVELLED_BEFORE_ATTENTION });
        let attended_norm = Norm::load(weights, &name(index, ATTENDED_NORM), config)?;
        let after = Levelling { norm: &attended_norm, share: LEVELLED_AFTER_ATTENTION };
        Ok(Self {
            query_key_value: Linear::new(steps.query_key_value, before, vectors),
            attended: Linear::new(steps.attended, None, vectors),
            inner: Linear::new(steps.inner, Some(after), vectors),
            attended_norm,
            outer: Linear::new(steps.outer, None, vectors),
            outer_norm: Norm::load(weights, &name(index, OUTER_NORM), config)?,
            heads: config.heads,
            products: Products::new(vectors),
            vectors,
            space,
        })
    }

    pub(super) fn over<'layer>(&'layer self, batch: &'layer Packed) -> Over<'layer> {
        Over { layer: self, batch }
    }

    fn hidden(&self) -> usize {
        self.outer.outputs()
    }

    /// Queries, keys and values of all rows.
    fn project(&self, states: &[f32], projected: &mut [f32], rows: usize) {
        let (hidden, width) = (self.hidden(), self.query_key_value.outputs());
        let blocks = projected.par_chunks_mut(rows * width).zip(states.par_chunks(rows * hidden));
        blocks.for_each(|(out, states)| {
            self.space.blocks.lend(|block| {
                let factors = &self.query_key_value.factors;
                self.vectors.run(Fill { rows: &mut block.rows, states, width: hidden, factors });
                self.query_key_value.run(&block.rows, &mut Write { out, width });
            });
        });
    }

    /// What tokens of each sequence may look at.
    fn open(&self, batch: &Packed, projected: Projected<'_>, sights: &mut Vec<Sight>) {
        sights.resize_with(sights.len().max(batch.sequences()), Sight::default);
        let open = |(sight, sequence): (&mut Sight, usize)| {
            self.vectors.run(Open { sight, projected, sequence: batch.sequence(sequence) });
        };
        let share = batch.sequences().div_ceil(batch.cores.max(1));
        sights.par_iter_mut().zip(0..batch.sequences()).with_min_len(share).for_each(open);
    }

    /// Writes what the rows of the batch from `first` on see, as many as `seen` has.
    fn look(&self, looks: &Looks<'_>, first: usize, seen: &mut [f32], desk: &mut Desk) {
        let &Looks { batch, projected, sights } = looks;
        let Projected { hidden, width, .. } = projected;
        let rows = first..first + seen.len() / hidden;
        self.vectors.run(Ask { queries: &mut desk.queries, projected, rows: rows.clone() });
        for (sequence, all) in batch.within(rows.clone()) {
            let asking = all.start.max(first) - first..all.end.min(rows.end) - first;
            let out = &mut seen[asking.start * hidden..asking.end * hidden];
            desk.look((self.products, self.vectors), &sights[sequence], width, asking, out);
        }
    }

    /// Everything after the projection, for the block of rows that begins with row `first` of the batch.
    fn finish(&self, states: &mut [f32], first: usize, looks: &Looks<'_>) {
        let (width, vectors) = (self.hidden(), self.vectors);
        self.space.blocks.lend(|block| {
            let Block { rows, values, desk } = block;
            let out = fit(values, states.len());
            self.look(looks, first, out, desk);
            vectors.run(Fill { rows, states: out, width, factors: &self.attended.factors });
            self.attended.run(rows, &mut Add { states, width });
            states.chunks_mut(ROWS_FED * width).for_each(|states| self.feed(states, rows, values));
        });
    }

    /// The two steps after attention.
    fn feed(&self, states: &mut [f32], rows: &mut Rows, values: &mut Vec<f32>) {
        let (width, inner, vectors) = (self.hidden(), self.inner.outputs(), self.vectors);
        let factors = &self.inner.factors;
        vectors.run(NormaliseAndFill { states, norm: &self.attended_norm, rows, factors });
        let out = fit(values, states.len() / width * inner);
        self.inner.run(rows, &mut Activate { out, width: inner });
        vectors.run(Fill { rows, states: out, width: inner, factors: &self.outer.factors });
        self.outer.run(rows, &mut Add { states, width });
        vectors.run(Normalise { rows: states, norm: &self.outer_norm });
    }
}

/// The first so many values; there are more after a larger use.
fn fit(values: &mut Vec<f32>, count: usize) -> &mut [f32] {
    if values.len() < count {
        values.resize(count, 0.0);
    }
    &mut values[..count]
}

impl InplaceOp1 for Over<'_> {
    fn name(&self) -> &'static str {
        "integer-layer"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let states = whole_mut(storage, layout)?;
        let Self { layer, batch } = self;
        let rows = rows_a_block(batch);
        let width = layer.query_key_value.outputs();
        layer.space.wholes.lend(|Whole { projected, sights }| {
            let projected = fit(projected, batch.tokens() * width);
            layer.project(states, projected, rows);
            let hidden = layer.hidden();
            let projected = Projected { values: projected, hidden, width: hidden / layer.heads };
            layer.open(batch, projected, sights);
            let looks = Looks { batch, projected, sights };
            let blocks = states.par_chunks_mut(rows * hidden).enumerate();
            blocks.for_each(|(index, states)| layer.finish(states, index * rows, &looks));
        });
        Ok(())
    }
}

/// As many as give every core with time a block, and no more than fit into the cache.
fn rows_a_block(batch: &Packed) -> usize {
    batch.tokens().div_ceil(batch.cores.max(1)).next_multiple_of(ROWS_A_GROUP).clamp(ROWS_A_GROUP, ROWS_A_BLOCK)
}
