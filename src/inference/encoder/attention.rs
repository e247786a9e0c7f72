//! Each token looks at every token of its own sequence, once a head.

use candle_core::{CpuStorage, CustomOp1, Device, InplaceOp1, Layout, Result, Shape, Tensor};
use pulp::Arch;
use rayon::prelude::*;

use super::Packed;
use super::kernels::{exp, sum, whole, whole_mut};

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

/// Turns each row into weights that sum to 1.
struct Softmax {
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
            arch.dispatch(|| self.gather(input, rows.clone(), task % self.heads, width)).attend()
        });
        let outputs: Vec<Vec<f32>> = outputs.collect::<Result<_>>()?;
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
    fn attend(self) -> Result<Vec<f32>> {
        let (length, width) = (self.length, self.width);
        let queries = Tensor::from_vec(self.queries, (length, width), &Device::Cpu)?;
        let keys = Tensor::from_vec(self.keys, (width, length), &Device::Cpu)?;
        let values = Tensor::from_vec(self.values, (length, width), &Device::Cpu)?;
        let weights = queries.matmul(&keys)?;
        weights.inplace_op1(&Softmax { width: length })?;
        weights.matmul(&values)?.flatten_all()?.to_vec1()
    }
}

impl InplaceOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let rows = whole_mut(storage, layout)?;
        Arch::new().dispatch(|| rows.chunks_exact_mut(self.width).for_each(softmax));
        Ok(())
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
}
