//! A linear step with weights in integers.

use super::super::kernels::{magnitude, multiply_add};
use super::super::layer::Norm;
use super::super::steps::Joined;
use super::panels::{Panels, scale};
use super::products::{Products, Take};
use super::rows::Rows;
use crate::inference::instructions::Vectors;

/// A linear step, its bias included.
pub(super) struct Linear {
    products: Products,
    panels: Panels,
    /// What each input is multiplied by before it becomes an integer; empty for nothing.
    pub(super) factors: Vec<f32>,
    /// What a step of each output's weights is worth.
    scales: Vec<f32>,
    /// What each step of a row's zero adds to an output: minus the sum of the output's weights.
    zeros: Vec<f32>,
    bias: Vec<f32>,
}

/// Where a step's inputs come from, if that is a layer norm.
pub(super) struct Levelling<'norm> {
    pub(super) norm: &'norm Norm,
    /// How much of the inputs' spread goes over to the weights, 0 to 1: SmoothQuant's α.
    pub(super) share: f32,
}

/// What is done with a row's outputs, some neighbours at a time.
pub(super) trait Finish {
    /// `values` are the outputs from `first` on.
    fn finish(&mut self, row: usize, first: usize, values: impl Iterator<Item = f32>);
}

/// Turns sums of steps into what they are worth.
struct Widen<'linear, F> {
    linear: &'linear Linear,
    rows: &'linear Rows,
    finish: &'linear mut F,
}

impl Linear {
    /// Turns weights into integers, output by output.
    pub(super) fn new(joined: Joined, levelling: Option<Levelling<'_>>, vectors: Vectors) -> Self {
        let Joined { mut weights, bias, inputs, parts } = joined;
        let factors = levelling.map(|levelling| level(&mut weights, &levelling, parts)).unwrap_or_default();
        let (mut scales, mut zeros) = (Vec::with_capacity(bias.len()), Vec::with_capacity(bias.len()));
        let mut steps: Vec<i8> = Vec::with_capacity(weights.len());
        for row in weights.chunks_exact(inputs) {
            let scale = scale(magnitude(row));
            let start = steps.len();
            steps.extend(row.iter().map(|value| (value / scale).round_ties_even() as i8));
            let total: i32 = steps[start..].iter().map(|step| i32::from(*step)).sum();
            zeros.push(-(total as f32) * scale);
            scales.push(scale);
        }
        Self { products: Products::new(vectors), panels: Panels::new(&steps, inputs), factors, scales, zeros, bias }
    }

    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Hands on every output of every row.
    pub(super) fn run(&self, rows: &Rows, finish: &mut impl Finish) {
        self.products.multiply(self.panels.all(), rows.all(), &mut Widen { linear: self, rows, finish });
    }
}

/// Makes inputs that spread widely smaller and their weights as much larger, so that steps of 8 bits are fine enough for
/// the others; returns what the inputs are multiplied by.
///
/// That is SmoothQuant (Xiao et al. 2023, arXiv 2211.10438), with what a layer norm's scale and shift say of an input's
/// spread in the place of measured states. Of joined steps the last one's weights decide: queries and keys forgive more
/// than values. On development texts that halves what is lost to integers.
fn level(weights: &mut [f32], levelling: &Levelling<'_>, parts: usize) -> Vec<f32> {
    let Levelling { norm, share } = levelling;
    let inputs = norm.scale.len();
    let mut largest = vec![f32::MIN_POSITIVE; inputs];
    for row in weights[weights.len() / parts * (parts - 1)..].chunks_exact(inputs) {
        largest.iter_mut().zip(row).for_each(|(largest, weight)| *largest = largest.max(weight.abs()));
    }
    let spread = norm.scale.iter().zip(&norm.shift).map(|(scale, shift)| scale.hypot(*shift).max(f32::MIN_POSITIVE));
    let factor = |(largest, spread): (&f32, f32)| largest.powf(1.0 - share) / spread.powf(*share);
    let factors: Vec<f32> = largest.iter().zip(spread).map(factor).collect();
    for row in weights.chunks_exact_mut(inputs) {
        row.iter_mut().zip(&factors).for_each(|(weight, factor)| *weight /= factor);
    }
    factors
}

impl<F: Finish> Take for Widen<'_, F> {
    #[inline(always)]
    fn take(&mut self, row: usize, first: usize, sums: &[i32]) {
        let (scale, zero) = (self.rows.scales[row], f32::from(self.rows.zeros[row]));
        let Linear { scales, zeros, bias, .. } = self.linear;
        let outputs = first..first + sums.len();
        let steps = scales[outputs.clone()].iter().zip(&zeros[outputs.clone()]).zip(&bias[outputs]);
        let value = |(sum, ((step, worth), bias)): (&i32, ((&f32, &f32), &f32))| {
            multiply_add(scale, multiply_add(zero, *worth, *sum as f32 * step), *bias)
        };
        let values = sums.iter().zip(steps).map(value);
        self.finish.finish(row, first, values);
    }
}
