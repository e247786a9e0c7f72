//! Each token looks at every token of its own sequence, once a head.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape};
use pulp::Arch;
use rayon::prelude::*;

use super::Packed;
use super::kernels::{exp, sum, whole};

/// From queries, keys and values side by side (`tokens × 3·hidden`, bias not yet added) to `tokens × hidden`.
pub(super) struct Attention<'batch> {
    pub(super) batch: &'batch Packed,
    pub(super) heads: usize,
    pub(super) bias: &'batch [f32],
}

/// One head over one sequence: the unit of work.
struct Head {
    /// `length × width`, scaled.
    queries: Vec<f32>,
    /// `width × length`.
    keys: Vec<f32>,
    /// `length × width`.
    values: Vec<f32>,
    length: usize,
    width: usize,
}

impl CustomOp1 for Attention<'_> {
    fn name(&self) -> &'static str {
        "packed-attention"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let input = whole(storage, layout)?;
        let hidden = self.bias.len() / 3;
        let width = hidden / self.heads;
        let sequences: Vec<_> = self.batch.rows().collect();
        let arch = Arch::new();
        let tasks = (0..sequences.len() * self.heads).into_par_iter();
        let outputs = tasks.map(|task| {
            let rows = sequences[task / self.heads].clone();
            arch.dispatch(|| self.gather(input, rows.clone(), task % self.heads, width).attend())
        });
        let outputs: Vec<Vec<f32>> = outputs.collect();
        let mut joined = vec![0.0; self.batch.ids.len() * hidden];
        for (task, output) in outputs.iter().enumerate() {
            let rows = sequences[task / self.heads].clone();
            let column = task % self.heads * width;
            for (row, values) in rows.zip(output.chunks_exact(width)) {
                joined[row * hidden + column..][..width].copy_from_slice(values);
            }
        }
        Ok((CpuStorage::F32(joined), (self.batch.ids.len(), hidden).into()))
    }
}

impl Attention<'_> {
    /// Copies one head's part of one sequence together, adding the bias.
    #[inline(always)]
    fn gather(&self, input: &[f32], rows: std::ops::Range<usize>, head: usize, width: usize) -> Head {
        let hidden = self.bias.len() / 3;
        let length = rows.len();
        let scale = 1.0 / (width as f32).sqrt();
        let mut gathered = Head {
            queries: vec![0.0; length * width],
            keys: vec![0.0; length * width],
            values: vec![0.0; length * width],
            length,
            width,
        };
        for (index, row) in rows.enumerate() {
            let part = |third: usize| {
                let start = third * hidden + head * width;
                let values = &input[row * self.bias.len() + start..][..width];
                values.iter().zip(&self.bias[start..][..width]).map(|(value, bias)| value + bias)
            };
            let at = index * width;
            gathered.queries[at..at + width].iter_mut().zip(part(0)).for_each(|(to, value)| *to = value * scale);
            part(1).enumerate().for_each(|(place, value)| gathered.keys[place * length + index] = value);
            gathered.values[at..at + width].iter_mut().zip(part(2)).for_each(|(to, value)| *to = value);
        }
        gathered
    }
}

impl Head {
    /// softmax(queries · keysᵀ) · values.
    #[inline(always)]
    fn attend(&self) -> Vec<f32> {
        let mut output = vec![0.0; self.length * self.width];
        let mut weights = vec![0.0; self.length];
        for (query, out) in self.queries.chunks_exact(self.width).zip(output.chunks_exact_mut(self.width)) {
            weights.fill(0.0);
            add_scaled(&mut weights, query, &self.keys);
            softmax(&mut weights);
            add_scaled(out, &weights, &self.values);
        }
        output
    }
}

/// Adds to `out` the rows of `matrix`, each times its factor; four rows at a time.
#[inline(always)]
fn add_scaled(out: &mut [f32], factors: &[f32], matrix: &[f32]) {
    let width = out.len();
    let (fours, rest) = factors.as_chunks::<4>();
    let (block, tail) = matrix.split_at(fours.len() * 4 * width);
    for ([a, b, c, d], rows) in fours.iter().zip(block.chunks_exact(4 * width)) {
        let (first, second) = rows.split_at(2 * width);
        let ((p, q), (r, s)) = (first.split_at(width), second.split_at(width));
        let rows = p.iter().zip(q).zip(r.iter().zip(s));
        out.iter_mut().zip(rows).for_each(|(out, ((p, q), (r, s)))| *out += (a * p + b * q) + (c * r + d * s));
    }
    for (factor, row) in rest.iter().zip(tail.chunks_exact(width)) {
        out.iter_mut().zip(row).for_each(|(out, value)| *out += factor * value);
    }
}

#[inline(always)]
fn softmax(row: &mut [f32]) {
    let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|value| *value = exp(*value - highest));
    let factor = 1.0 / sum(row, |value| value);
    row.iter_mut().for_each(|value| *value *= factor);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_sums_to_one_and_survives_large_values() {
        let mut row = [1000.0, 999.0, -1000.0];
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((row[0] - 0.731_058_6).abs() < 1e-6 && row[2] < 1e-30, "{row:?}");
    }

    #[test]
    fn rows_are_added_with_their_factors_for_any_count() {
        for count in 0..10_usize {
            let matrix: Vec<f32> = (0..count * 3).map(|value| value as f32).collect();
            let factors: Vec<f32> = (0..count).map(|value| value as f32 + 1.0).collect();
            let mut out = [1.0; 3];
            add_scaled(&mut out, &factors, &matrix);
            for (column, value) in out.iter().enumerate() {
                let expected: f32 = (0..count).map(|row| factors[row] * matrix[row * 3 + column]).sum();
                assert_eq!(*value, expected + 1.0, "{count} rows");
            }
        }
    }
}
