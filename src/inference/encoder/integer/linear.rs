//! A linear step with weights in integers.

use pulp::Simd;

use super::super::steps::Joined;
use super::products::{Products, Take};
use super::rows::Rows;
use crate::inference::instructions::Vectors;

/// The largest weight in steps.
const LARGEST: f32 = 127.0;

/// A linear step, its bias included.
pub(super) struct Linear {
    products: Products,
    /// What a step of each output's weights is worth.
    scales: Vec<f32>,
    /// The sum of each output's weights in steps: as often a row's zero has to be taken off.
    totals: Vec<i32>,
    bias: Vec<f32>,
}

/// What is done with a row's outputs, some neighbours at a time.
pub(super) trait Finish {
    /// `value(i)` is output `first + i`.
    fn finish<S: Simd>(&mut self, row: usize, first: usize, values: impl Iterator<Item = f32>);
}

/// Turns sums of steps into what they are worth.
struct Widen<'linear, F> {
    linear: &'linear Linear,
    rows: &'linear Rows,
    finish: &'linear mut F,
}

impl Linear {
    /// Turns weights into integers, output by output.
    pub(super) fn new(joined: Joined, vectors: Vectors) -> Self {
        let Joined { weights, bias, inputs } = joined;
        let (mut scales, mut totals) = (Vec::with_capacity(bias.len()), Vec::with_capacity(bias.len()));
        let mut steps: Vec<i8> = Vec::with_capacity(weights.len());
        for row in weights.chunks_exact(inputs) {
            let largest = row.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
            let scale = (largest / LARGEST).max(f32::MIN_POSITIVE);
            let start = steps.len();
            steps.extend(row.iter().map(|value| (value / scale).round_ties_even() as i8));
            totals.push(steps[start..].iter().map(|step| i32::from(*step)).sum());
            scales.push(scale);
        }
        Self { products: Products::new(&steps, inputs, vectors), scales, totals, bias }
    }

    pub(super) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Hands on every output of every row.
    pub(super) fn run(&self, rows: &Rows, finish: &mut impl Finish) {
        self.products.multiply(rows, &mut Widen { linear: self, rows, finish });
    }
}

impl<F: Finish> Take for Widen<'_, F> {
    #[inline(always)]
    fn take<S: Simd>(&mut self, row: usize, first: usize, sums: &[i32]) {
        let (scale, zero) = (self.rows.scales[row], i32::from(self.rows.zeros[row]));
        let Linear { scales, totals, bias, .. } = self.linear;
        let outputs = first..first + sums.len();
        let steps = scales[outputs.clone()].iter().zip(&totals[outputs.clone()]).zip(&bias[outputs]);
        let values = sums.iter().zip(steps);
        let values = values.map(|(sum, ((step, total), bias))| (sum - zero * total) as f32 * (scale * step) + bias);
        self.finish.finish::<S>(row, first, values);
    }
}
