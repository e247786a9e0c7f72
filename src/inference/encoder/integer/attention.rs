//! Attention in integers: queries · keysᵀ and weights · values are products like those of the linear steps.
//!
//! Every token's queries get a scale and a zero, its keys a scale, every column of a sequence's values a scale.
//! Weights are in steps of 1/254 of the greatest one, and are divided by their own sum.
//! All of it depends on nothing outside of the sequence.

use std::f32::consts::LOG2_E;
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::super::attention::Projected;
use super::super::kernels::{LANES, TO_INTEGER, greater, magnitude};
use super::panels::{INPUTS_A_STEP, OUTPUTS_A_TILE, Panels, scale};
use super::products::{Products, Take};
use super::rows::Rows;
use crate::inference::instructions::Vectors;

/// Rows that ask together: their scores stay in the fastest cache.
const ROWS_THAT_ASK: usize = 16;

/// What tokens of one sequence may look at.
#[derive(Default)]
pub(super) struct Sight {
    /// Tokens of the sequence.
    length: usize,
    /// Outputs are tokens, padded to whole tiles; inputs are columns.
    keys: Panels,
    /// What a step of each token's keys is worth.
    key_scales: Vec<f32>,
    /// The sum of each token's keys in steps: all tokens of the first head, of the second, and so on.
    totals: Vec<i32>,
    /// Outputs are columns; inputs are tokens, padded to whole lanes.
    values: Panels,
    /// What a step of each column's values is worth.
    value_scales: Vec<f32>,
    inverses: Vec<f32>,
    /// A token's keys, or words of some tokens' values.
    steps: Vec<i8>,
    words: Vec<u32>,
}

/// Room for the rows that ask.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) queries: Rows,
    /// `rows × padded length`.
    scores: Vec<f32>,
    weights: Rows,
}

/// Takes down a sequence's keys and values.
pub(super) struct Open<'look> {
    pub(super) sight: &'look mut Sight,
    pub(super) projected: Projected<'look>,
    pub(super) sequence: Range<usize>,
}

/// Turns queries of some rows into integers.
pub(super) struct Ask<'look> {
    pub(super) queries: &'look mut Rows,
    pub(super) projected: Projected<'look>,
    pub(super) rows: Range<usize>,
}

/// Turns scores into weights.
struct Weigh<'look> {
    scores: &'look mut [f32],
    weights: &'look mut Rows,
    length: usize,
}

/// Writes scores down, `rows × padded length`.
struct Score<'look> {
    queries: &'look Rows,
    /// The first row that asks.
    first: usize,
    key_scales: &'look [f32],
    /// The head's part of them.
    totals: &'look [i32],
    out: &'look mut [f32],
    /// What a score is multiplied by.
    scale: f32,
}

/// Writes down what a head saw, in its columns of rows of all columns.
struct See<'look> {
    weights: &'look Rows,
    scales: &'look [f32],
    columns: Range<usize>,
    out: &'look mut [f32],
}

impl Desk {
    /// Writes what rows see with every head; `asking` are numbers of queries, `out` the rows' values.
    pub(super) fn look(
        &mut self,
        (products, vectors): (Products, Vectors),
        sight: &Sight,
        width: usize,
        asking: Range<usize>,
        out: &mut [f32],
    ) {
        let hidden = sight.value_scales.len();
        let starts = asking.clone().step_by(ROWS_THAT_ASK);
        for (start, out) in starts.zip(out.chunks_mut(ROWS_THAT_ASK * hidden)) {
            let asking = start..asking.end.min(start + ROWS_THAT_ASK);
            for head in 0..hidden / width {
                self.look_with((products, vectors), sight, head, width, asking.clone(), out);
            }
        }
    }

    /// The same for some rows and one head.
    fn look_with(
        &mut self,
        (products, vectors): (Products, Vectors),
        sight: &Sight,
        head: usize,
        width: usize,
        asking: Range<usize>,
        out: &mut [f32],
    ) {
        let Self { queries, scores, weights } = self;
        let (length, padded) = (sight.length, sight.key_scales.len());
        let scores = super::fit(scores, asking.len() * padded);
        let columns = head * width..(head + 1) * width;
        let (key_scales, totals) = (&sight.key_scales, &sight.totals[head * padded..][..padded]);
        let (first, scale) = (asking.start, LOG2_E / (width as f32).sqrt());
        let mut score = Score { queries, first, key_scales, totals, out: scores, scale };
        products.multiply(sight.keys.inputs(columns.clone()), queries.part(asking), &mut score);
        vectors.run(Weigh { scores, weights, length });
        let mut see = See { weights, scales: &sight.value_scales, columns: columns.clone(), out };
        products.multiply(sight.values.outputs(columns), weights.all(), &mut see);
    }
}

impl WithSimd for Open<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.sight.length = self.sequence.len();
        self.sight.take_keys(self.projected, self.sequence.clone());
        self.sight.take_values(self.projected, self.sequence);
    }
}

impl Sight {
    #[inline(always)]
    fn take_keys(&mut self, projected: Projected<'_>, sequence: Range<usize>) {
        let padded = self.length.next_multiple_of(OUTPUTS_A_TILE);
        self.keys.clear(projected.hidden, padded);
        refill(&mut self.key_scales, padded);
        refill(&mut self.totals, padded * (projected.hidden / projected.width));
        refill(&mut self.steps, projected.hidden);
        for (index, token) in sequence.enumerate() {
            let keys = projected.part(token, 1);
            let scale = scale(magnitude(keys));
            let inverse = 1.0 / scale;
            self.key_scales[index] = scale;
            self.steps.iter_mut().zip(keys).for_each(|(step, key)| *step = nearest(key * inverse) as i8);
            self.keys.set(index, &self.steps);
            let heads = self.totals[index..].iter_mut().step_by(padded).zip(self.steps.chunks_exact(projected.width));
            heads.for_each(|(total, steps)| *total = steps.iter().map(|step| i32::from(*step)).sum());
        }
    }

    #[inline(always)]
    fn take_values(&mut self, projected: Projected<'_>, sequence: Range<usize>) {
        let hidden = projected.hidden;
        self.values.clear(self.length.next_multiple_of(LANES), hidden);
        refill(&mut self.value_scales, hidden);
        for token in sequence.clone() {
            let scales = self.value_scales.iter_mut().zip(projected.part(token, 2));
            scales.for_each(|(largest, value)| *largest = greater(*largest, value.abs()));
        }
        self.inverses.clear();
        for largest in &mut self.value_scales {
            *largest = scale(*largest);
            self.inverses.push(1.0 / *largest);
        }
        for (step, start) in sequence.clone().step_by(INPUTS_A_STEP).enumerate() {
            refill(&mut self.words, hidden);
            for (place, token) in (start..sequence.end.min(start + INPUTS_A_STEP)).enumerate() {
                let values = projected.part(token, 2).iter().zip(&self.inverses);
                let words = self.words.iter_mut().zip(values);
                words.for_each(|(word, (value, inverse))| {
                    *word |= (nearest(value * inverse) as u32 & 0xff) << (place * 8)
                });
            }
            self.values.set_step(step, &self.words);
        }
    }
}

/// So many zeros.
fn refill<Number: Clone + Default>(numbers: &mut Vec<Number>, count: usize) {
    numbers.clear();
    numbers.resize(count, Number::default());
}

/// The nearest integer to a value of at most 127.
#[inline(always)]
fn nearest(value: f32) -> i32 {
    (value + TO_INTEGER).to_bits().wrapping_sub(TO_INTEGER.to_bits()).cast_signed()
}

impl WithSimd for Ask<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.queries.clear(self.projected.hidden);
        self.rows.for_each(|row| self.queries.push(self.projected.part(row, 0), &[]));
    }
}

impl WithSimd for Weigh<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let padded = self.length.next_multiple_of(LANES);
        self.weights.clear(padded);
        for scores in self.scores.chunks_exact_mut(self.length.next_multiple_of(OUTPUTS_A_TILE)) {
            scores[self.length..].fill(f32::NEG_INFINITY);
            self.weights.push_softmax(&scores[..padded]);
        }
    }
}

impl Take for Score<'_> {
    #[inline(always)]
    fn take(&mut self, row: usize, first: usize, sums: &[i32]) {
        let (zero, scale) = (i32::from(self.queries.zeros[row]), self.queries.scales[row] * self.scale);
        let keys = self.key_scales[first..].iter().zip(&self.totals[first..]);
        let out = self.out[(row - self.first) * self.totals.len() + first..].iter_mut();
        let places = out.zip(sums.iter().zip(keys));
        places.for_each(|(out, (sum, (step, total)))| *out = (sum - zero * total) as f32 * (scale * step));
    }
}

impl Take for See<'_> {
    #[inline(always)]
    fn take(&mut self, row: usize, first: usize, sums: &[i32]) {
        let columns = self.columns.start.max(first)..self.columns.end.min(first + sums.len());
        let (share, start) = (self.weights.scales[row], row * self.scales.len());
        let places = self.out[start + columns.start..start + columns.end].iter_mut();
        let steps = sums[columns.start - first..].iter().zip(&self.scales[columns]);
        places.zip(steps).for_each(|(out, (sum, step))| *out = *sum as f32 * (share * step));
    }
}
