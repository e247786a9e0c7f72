//! Each token looks at every token of its own sequence, once a head.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::Packed;
use super::kernels::{LANES, exp, greatest, sum};
use crate::inference::instructions::Vectors;

/// Tokens whose looks are computed side by side.
const SIDE_BY_SIDE: usize = 8;

/// From queries, keys and values side by side (`tokens × 3·hidden`) to `tokens × hidden`.
pub(super) struct Attention<'layer> {
    pub(super) batch: &'layer Packed,
    pub(super) hidden: usize,
    pub(super) heads: usize,
    pub(super) vectors: Vectors,
}

/// Room for one head over one sequence, used again and again.
#[derive(Default)]
pub(super) struct Head {
    /// `width × padded length`.
    keys: Vec<f32>,
    /// `length × padded width`.
    values: Vec<f32>,
    /// `SIDE_BY_SIDE × padded length`: scores, then weights.
    weights: Vec<f32>,
    /// `SIDE_BY_SIDE × padded width`.
    seen: Vec<f32>,
}

/// Queries, keys and values of all tokens of a batch.
#[derive(Clone, Copy)]
pub(super) struct Projected<'batch> {
    /// `tokens × 3·hidden`.
    pub(super) values: &'batch [f32],
    pub(super) hidden: usize,
    /// Columns of a head.
    pub(super) width: usize,
}

/// One head's columns of them.
#[derive(Clone, Copy)]
struct Columns<'batch> {
    projected: Projected<'batch>,
    first: usize,
}

/// One head over the part of one sequence that asks.
struct Look<'look> {
    columns: Columns<'look>,
    sequence: Range<usize>,
    /// Rows within the sequence that ask.
    asking: Range<usize>,
    head: &'look mut Head,
    /// A row for each that asks, of all heads.
    seen: &'look mut [f32],
}

impl Attention<'_> {
    /// Writes what some rows of the batch see, from `first` on and as many as `seen` has.
    pub(super) fn attend(&self, projected: &[f32], first: usize, seen: &mut [f32], head: &mut Head) {
        let hidden = self.hidden;
        let projected = Projected { values: projected, hidden, width: hidden / self.heads };
        let rows = first..first + seen.len() / hidden;
        for (_, sequence) in self.batch.within(rows.clone()) {
            let asking = sequence.start.max(rows.start)..sequence.end.min(rows.end);
            let seen = &mut seen[(asking.start - first) * hidden..(asking.end - first) * hidden];
            for first in (0..hidden).step_by(projected.width) {
                let columns = Columns { projected, first };
                let (sequence, asking, head, seen) = (sequence.clone(), asking.clone(), &mut *head, &mut *seen);
                self.vectors.run(Look { columns, sequence, asking, head, seen });
            }
        }
    }
}

impl WithSimd for Look<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { columns, sequence, asking, head, seen } = self;
        let (length, scale) = (sequence.len(), 1.0 / (columns.projected.width as f32).sqrt());
        head.gather(columns, sequence);
        for rows in (asking.start..).step_by(SIDE_BY_SIDE).map(|start| start..asking.end.min(start + SIDE_BY_SIDE)) {
            if rows.is_empty() {
                return;
            }
            // where fewer rows are left than fit, the last one asks again
            let queries = std::array::from_fn(|row| columns.part((rows.start + row).min(rows.end - 1), 0));
            head.score(simd, queries);
            let shares = head.weigh(length, scale);
            head.add_up(simd, length);
            let padded = head.seen.len() / SIDE_BY_SIDE;
            for ((row, values), share) in rows.zip(head.seen.chunks_exact(padded)).zip(shares) {
                let out = &mut seen[(row - asking.start) * columns.projected.hidden + columns.first..]
                    [..columns.projected.width];
                out.iter_mut().zip(values).for_each(|(out, value)| *out = value * share);
            }
        }
    }
}

impl<'batch> Projected<'batch> {
    /// A token's part: queries (0), keys (1) or values (2).
    #[inline(always)]
    pub(super) fn part(self, token: usize, third: usize) -> &'batch [f32] {
        &self.values[(token * 3 + third) * self.hidden..][..self.hidden]
    }
}

impl<'batch> Columns<'batch> {
    /// The head's columns of a token's part.
    #[inline(always)]
    fn part(self, token: usize, third: usize) -> &'batch [f32] {
        &self.projected.part(token, third)[self.first..][..self.projected.width]
    }
}

impl Head {
    /// Copies keys and values together, the keys turned.
    #[inline(always)]
    fn gather(&mut self, columns: Columns<'_>, sequence: Range<usize>) {
        let length = sequence.len();
        let (long, wide) = (length.next_multiple_of(LANES), columns.projected.width.next_multiple_of(LANES));
        self.keys.clear();
        self.keys.resize(columns.projected.width * long, 0.0);
        self.values.clear();
        self.values.resize(length * wide, 0.0);
        for (index, row) in sequence.enumerate() {
            let places = self.keys[index..].iter_mut().step_by(long);
            places.zip(columns.part(row, 1)).for_each(|(to, value)| *to = *value);
            let values = self.values[index * wide..].iter_mut();
            values.zip(columns.part(row, 2)).for_each(|(to, value)| *to = *value);
        }
        self.weights.resize(SIDE_BY_SIDE * long, 0.0);
        self.seen.resize(SIDE_BY_SIDE * wide, 0.0);
    }

    /// queries · keysᵀ, not yet scaled.
    #[inline(always)]
    fn score<S: Simd>(&mut self, simd: S, queries: [&[f32]; SIDE_BY_SIDE]) {
        let (width, long) = (queries[0].len(), self.weights.len() / SIDE_BY_SIDE);
        for tile in 0..long / S::F32_LANES {
            let mut sums = [simd.splat_f32s(0.0); SIDE_BY_SIDE];
            for place in 0..width {
                let keys = S::as_simd_f32s(&self.keys[place * long..][..long]).0[tile];
                for (sum, query) in sums.iter_mut().zip(queries) {
                    *sum = simd.mul_add_e_f32s(simd.splat_f32s(query[place]), keys, *sum);
                }
            }
            for (scores, sum) in self.weights.chunks_exact_mut(long).zip(sums) {
                S::as_mut_simd_f32s(scores).0[tile] = sum;
            }
        }
    }

    /// Scores to weights that are yet to be multiplied by what is returned, so that they sum to 1.
    #[inline(always)]
    fn weigh(&mut self, length: usize, scale: f32) -> [f32; SIDE_BY_SIDE] {
        let long = length.next_multiple_of(LANES);
        let mut shares = [0.0; SIDE_BY_SIDE];
        for (scores, share) in self.weights.chunks_exact_mut(long).zip(&mut shares) {
            scores[length..].fill(f32::NEG_INFINITY);
            let highest = greatest(scores, f32::NEG_INFINITY);
            scores.iter_mut().for_each(|score| *score = exp((*score - highest) * scale));
            *share = 1.0 / sum(scores);
        }
        shares
    }

    /// weights · values.
    #[inline(always)]
    fn add_up<S: Simd>(&mut self, simd: S, length: usize) {
        let (long, wide) = (self.weights.len() / SIDE_BY_SIDE, self.seen.len() / SIDE_BY_SIDE);
        for tile in 0..wide / S::F32_LANES {
            let mut sums = [simd.splat_f32s(0.0); SIDE_BY_SIDE];
            let weights: [&[f32]; SIDE_BY_SIDE] = std::array::from_fn(|row| &self.weights[row * long..][..length]);
            for (place, values) in self.values.chunks_exact(wide).enumerate() {
                let values = S::as_simd_f32s(values).0[tile];
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    *sum = simd.mul_add_e_f32s(simd.splat_f32s(weights[place]), values, *sum);
                }
            }
            for (seen, sum) in self.seen.chunks_exact_mut(wide).zip(sums) {
                S::as_mut_simd_f32s(seen).0[tile] = sum;
            }
        }
    }
}
