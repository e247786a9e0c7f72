//! The steps between matrix products, written so that the compiler makes vector code of them.
//!
//! Each works row by row, so that a token's result cannot depend on its neighbours.

use candle_core::{CpuStorage, InplaceOp1, InplaceOp2, Layout, Result, bail};
use pulp::Arch;
use rayon::prelude::*;

use super::layer::Norm;

/// Rows that one task takes at least; fewer are not worth handing over.
const ROWS_A_TASK: usize = 16;

/// Lanes of the sums, so that additions need not wait for one another.
const LANES: usize = 16;

/// Adds a bias, then GELU with the exact error function.
pub(super) struct Gelu<'layer> {
    pub(super) bias: &'layer [f32],
}

/// Adds a bias and another matrix, then normalises each row.
pub(super) struct AddAndNormalise<'layer> {
    pub(super) bias: &'layer [f32],
    pub(super) norm: &'layer Norm,
}

/// Normalises each row to mean 0 and variance 1, then scales and shifts.
pub(super) fn normalise(rows: &mut [f32], norm: &Norm) {
    let arch = Arch::new();
    let width = norm.scale.len();
    arch.dispatch(|| rows.chunks_exact_mut(width).for_each(|row| normalise_row(row, norm)));
}

impl InplaceOp1 for Gelu<'_> {
    fn name(&self) -> &'static str {
        "bias-gelu"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let rows = whole_mut(storage, layout)?;
        let arch = Arch::new();
        rows.par_chunks_mut(self.bias.len() * ROWS_A_TASK).for_each(|rows| {
            arch.dispatch(|| {
                for row in rows.chunks_exact_mut(self.bias.len()) {
                    row.iter_mut().zip(self.bias).for_each(|(value, bias)| *value = gelu(*value + bias));
                }
            });
        });
        Ok(())
    }
}

impl InplaceOp2 for AddAndNormalise<'_> {
    fn name(&self) -> &'static str {
        "add-normalise"
    }

    fn cpu_fwd(&self, rows: &mut CpuStorage, layout: &Layout, added: &CpuStorage, like: &Layout) -> Result<()> {
        let rows = whole_mut(rows, layout)?;
        let added = whole(added, like)?;
        let (arch, width) = (Arch::new(), self.bias.len());
        let tasks = rows.par_chunks_mut(width * ROWS_A_TASK).zip(added.par_chunks(width * ROWS_A_TASK));
        tasks.for_each(|(rows, added)| {
            arch.dispatch(|| {
                for (row, added) in rows.chunks_exact_mut(width).zip(added.chunks_exact(width)) {
                    let adds = added.iter().zip(self.bias);
                    row.iter_mut().zip(adds).for_each(|(value, (add, bias))| *value += bias + add);
                    normalise_row(row, self.norm);
                }
            });
        });
        Ok(())
    }
}

/// All values of a contiguous tensor.
pub(super) fn whole<'data>(storage: &'data CpuStorage, layout: &Layout) -> Result<&'data [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(values), Some((start, end))) => Ok(&values[start..end]),
        _ => bail!("BUG: a packed matrix is single precision and contiguous"),
    }
}

/// All values of a contiguous tensor, to be changed.
pub(super) fn whole_mut<'data>(storage: &'data mut CpuStorage, layout: &Layout) -> Result<&'data mut [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(values), Some((start, end))) => Ok(&mut values[start..end]),
        _ => bail!("BUG: a packed matrix is single precision and contiguous"),
    }
}

#[inline(always)]
fn normalise_row(row: &mut [f32], norm: &Norm) {
    let width = row.len() as f32;
    let mean = sum(row, |value| value) / width;
    let variance = sum(row, |value| (value - mean) * (value - mean)) / width;
    let factor = 1.0 / (variance + norm.epsilon).sqrt();
    let places = row.iter_mut().zip(norm.scale.iter().zip(&norm.shift));
    places.for_each(|(value, (scale, shift))| *value = (*value - mean) * factor * scale + shift);
}

/// The sum of `of` over the row, in an order that its length alone decides.
#[inline(always)]
pub(super) fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let (full, rest) = row.as_chunks::<LANES>();
    for chunk in full {
        lanes.iter_mut().zip(chunk).for_each(|(lane, value)| *lane += of(*value));
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, value)| *lane += of(*value));
    lanes.iter().sum()
}

/// x · Φ(x), as max(x, 0) − |x|/2 · erfc(|x|/√2): nothing cancels, nothing branches.
///
/// erfc is formula 7.1.26 of Abramowitz and Stegun (error below 1.5e-7).
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_7) * t - 0.284_496_74) * t + 0.254_829_6) * t;
    x.max(0.0) - 0.5 * x.abs() * series * exp(-z * z)
}

/// e to the power of `x` for `x` ≤ 0, within 2 units of the last place; 0 below −87.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // adding this puts the nearest integer into the low bits of the mantissa
    const TO_INTEGER: f32 = 12_582_912.0;
    let x = x.max(-87.0);
    let shifted = x * std::f32::consts::LOG2_E + TO_INTEGER;
    let n = shifted - TO_INTEGER;
    // ln 2 in two parts, so that n times the first is exact
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let series =
        ((((1.987_569_1e-4 * r + 1.398_2e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r + 1.666_666_5e-1) * r;
    let mantissa = (series + 0.5) * r * r + r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(TO_INTEGER.to_bits()).wrapping_add(127) << 23;
    mantissa * f32::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn gelu_at_known_points() {
        for (x, expected) in [
            (0.0, 0.0),
            (1.0, 0.841_344_7),
            (-1.0, -0.158_655_25),
            (3.0, 2.995_950_3),
            (-3.0, -0.004_049_694),
            (10.0, 10.0),
            (-10.0, 0.0),
            (-40.0, 0.0),
        ] {
            assert!((gelu(x) - expected).abs() < 1e-6, "gelu({x}) = {}", gelu(x));
        }
    }

    #[test]
    fn rows_of_any_width_are_normalised() {
        for width in [1_usize, 5, 16, 33, 384] {
            let norm = Norm { scale: vec![2.0; width], shift: vec![1.0; width], epsilon: 1e-12 };
            let mut rows: Vec<f32> = (0..width * 2).map(|index| (index * 7 % 13) as f32).collect();
            normalise(&mut rows, &norm);
            for row in rows.chunks_exact(width) {
                let mean = row.iter().sum::<f32>() / width as f32;
                assert!((mean - 1.0).abs() < 1e-4, "width {width}: mean {mean}");
            }
        }
    }

    proptest! {
        #[test]
        fn exp_is_close(x in -87.0_f32..=0.0) {
            let exact = f64::from(x).exp();
            prop_assert!((f64::from(exp(x)) - exact).abs() <= exact * 2e-7);
        }

        #[test]
        fn sums_are_close(row in prop::collection::vec(-10.0_f32..10.0, 0..100)) {
            let exact: f64 = row.iter().map(|value| f64::from(*value)).sum();
            prop_assert!((f64::from(sum(&row, |value| value)) - exact).abs() < 1e-3);
        }
    }
}
