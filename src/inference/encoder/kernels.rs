//! What happens to the values of a row between two products, written so that the compiler makes vector code of it.
//!
//! `S` tells which vectors there are. Each function works on one row, so that a token's result can't depend on its neighbours.

use candle_core::{CpuStorage, Layout, Result, bail};
use pulp::{Simd, WithSimd};

use super::layer::Norm;

/// Rows that one task takes at least; fewer are not worth handing over.
pub(super) const ROWS_A_TASK: usize = 16;

/// Lanes of the sums, so that additions need not wait for one another.
pub(super) const LANES: usize = 16;

/// Adding this puts the nearest integer into the low bits of the mantissa.
pub(super) const TO_INTEGER: f32 = 12_582_912.0;

/// Normalises each row to mean 0 and variance 1, then scales and shifts.
pub(super) struct Normalise<'rows> {
    pub(super) rows: &'rows mut [f32],
    pub(super) norm: &'rows Norm,
}

impl WithSimd for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.rows.chunks_exact_mut(self.norm.scale.len()).for_each(|row| normalise(row, self.norm));
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

/// a · b + c, rounded once, so that every processor gives the same bytes; one without the instruction takes its time.
#[inline(always)]
pub(super) fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

#[inline(always)]
pub(super) fn normalise(row: &mut [f32], norm: &Norm) {
    let width = row.len() as f32;
    let mean = fold(row, 0.0, |sum, value| sum + value, |left, right| left + right) / width;
    let squares = |sum, value| multiply_add(value - mean, value - mean, sum);
    let variance = fold(row, 0.0, squares, |left, right| left + right) / width;
    let factor = 1.0 / (variance + norm.epsilon).sqrt();
    let places = row.iter_mut().zip(norm.scale.iter().zip(&norm.shift));
    places.for_each(|(value, (scale, shift))| *value = multiply_add((*value - mean) * factor, *scale, *shift));
}

/// The sum of a row.
#[inline(always)]
pub(super) fn sum(row: &[f32]) -> f32 {
    fold(row, 0.0, |sum, value| sum + value, |left, right| left + right)
}

/// The greatest value of a row and `least`; what is not a number counts for nothing.
#[inline(always)]
pub(super) fn greatest(row: &[f32], least: f32) -> f32 {
    fold(row, least, greater, greater)
}

/// The least value of a row and `greatest`; what is not a number counts for nothing.
#[inline(always)]
pub(super) fn least(row: &[f32], greatest: f32) -> f32 {
    let less = |left: f32, right: f32| if right < left { right } else { left };
    fold(row, greatest, less, less)
}

/// The largest magnitude in a row; what is not a number counts for nothing.
#[inline(always)]
pub(super) fn magnitude(row: &[f32]) -> f32 {
    fold(row, 0.0, |largest, value| greater(largest, value.abs()), greater)
}

/// As processors compare: with a number that is none, the left one stays.
#[inline(always)]
pub(super) fn greater(left: f32, right: f32) -> f32 {
    if right > left { right } else { left }
}

/// Puts a row's values together lane by lane, then the lanes, in an order that the row's length alone decides.
#[inline(always)]
fn fold(row: &[f32], start: f32, add: impl Fn(f32, f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [start; LANES];
    let (full, rest) = row.as_chunks::<LANES>();
    for chunk in full {
        lanes.iter_mut().zip(chunk).for_each(|(lane, value)| *lane = add(*lane, *value));
    }
    lanes.iter_mut().zip(rest).for_each(|(lane, value)| *lane = add(*lane, *value));
    let mut count = LANES / 2;
    while count > 0 {
        let (left, right) = lanes.split_at_mut(count);
        left.iter_mut().zip(right).for_each(|(left, right)| *left = join(*left, *right));
        count /= 2;
    }
    lanes[0]
}

/// x · Φ(x), as max(x, 0) − |x|/2 · erfc(|x|/√2): nothing cancels, nothing branches.
///
/// erfc is formula 7.1.26 of Abramowitz and Stegun (error below 1.5e-7).
#[inline(always)]
pub(super) fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / multiply_add(0.327_591_1, z, 1.0);
    let series = polynomial::<5>(t, [0.254_829_6, -0.284_496_74, 1.421_413_7, -1.453_152, 1.061_405_4]) * t;
    multiply_add(-0.5 * x.abs(), series * exp(-z * z), x.max(0.0))
}

/// x · Φ(x) within 7e-4 of the greater of 1 and |x|, which is far below a step of 8 bits: a third of the work of [`gelu`].
///
/// Φ(x) − 1/2 is x times a polynomial in x², fitted to the least greatest error of the whole on ±3.2 (Lawson's weights).
#[inline(always)]
pub(super) fn quick_gelu(x: f32) -> f32 {
    const END: f32 = 3.2;
    const SERIES: [f32; 5] = [0.395_730_7, -0.061_388_902, 0.007_230_296_7, -0.000_480_599_7, 1.335_841_7e-5];
    let near = if x > -END { x } else { -END };
    let near = if near < END { near } else { END };
    x * multiply_add(near, polynomial::<5>(near * near, SERIES), 0.5)
}

/// e to the power of `x` for `x` ≤ 0, within 2 units of the last place; 0 below −87.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    const SERIES: [f32; 6] = [0.5, 1.666_666_5e-1, 4.166_579_6e-2, 8.333_452e-3, 1.398_2e-3, 1.987_569_1e-4];
    let x = greater(-87.0, x);
    let shifted = multiply_add(x, std::f32::consts::LOG2_E, TO_INTEGER);
    let n = shifted - TO_INTEGER;
    // ln 2 in two parts, so that n times the first is exact
    let r = multiply_add(n, 2.121_944_4e-4, multiply_add(n, -0.693_359_4, x));
    let mantissa = multiply_add(polynomial::<6>(r, SERIES), r * r, r) + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(TO_INTEGER.to_bits()).wrapping_add(127) << 23;
    mantissa * f32::from_bits(exponent)
}

/// 2 to the power of `x` for `x` ≤ 0, within 8e-5 of itself, which is far below a step of 8 bits; next to 0 from −126 on.
///
/// The polynomial has the least greatest relative error on ±1/2 (Lawson's weights).
#[inline(always)]
pub(super) fn quick_exp2(x: f32) -> f32 {
    const SERIES: [f32; 4] = [0.999_928_06, 0.693_261, 0.242_611_36, 0.055_171_553];
    let x = greater(-126.0, x);
    let shifted = x + TO_INTEGER;
    let mantissa = polynomial::<4>(x - (shifted - TO_INTEGER), SERIES);
    f32::from_bits(mantissa.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The sum of the coefficients times the powers of `x`, the constant first.
#[inline(always)]
fn polynomial<const TERMS: usize>(x: f32, coefficients: [f32; TERMS]) -> f32 {
    coefficients.into_iter().rev().fold(0.0, |sum, coefficient| multiply_add(sum, x, coefficient))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inference::Instructions;

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
            for instructions in [Instructions::Auto, Instructions::Portable] {
                let mut rows: Vec<f32> = (0..width * 2).map(|index| (index * 7 % 13) as f32).collect();
                instructions.vectors().expect("there").run(Normalise { rows: &mut rows, norm: &norm });
                for row in rows.chunks_exact(width) {
                    let mean = row.iter().sum::<f32>() / width as f32;
                    assert!((mean - 1.0).abs() < 1e-4, "width {width}: mean {mean}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_no_extreme() {
        let row = [1.0, f32::NAN, -3.0];
        assert_eq!((greatest(&row, f32::NEG_INFINITY), least(&row, 0.0)), (1.0, -3.0));
    }

    proptest! {
        #[test]
        fn exp_is_close(x in -87.0_f32..=0.0) {
            let exact = f64::from(x).exp();
            prop_assert!((f64::from(exp(x)) - exact).abs() <= exact * 2e-7);
        }

        #[test]
        fn the_quick_gelu_is_close(x in -20.0_f32..20.0) {
            let bound = 7e-4 * x.abs().max(1.0);
            prop_assert!((quick_gelu(x) - gelu(x)).abs() <= bound);
        }

        #[test]
        fn the_quick_power_of_two_is_close(x in -125.0_f32..=0.0) {
            let exact = f64::from(x).exp2();
            prop_assert!((f64::from(quick_exp2(x)) - exact).abs() <= exact * 8e-5);
        }

        #[test]
        fn sums_are_close(row in prop::collection::vec(-10.0_f32..10.0, 0..100)) {
            let exact: f64 = row.iter().map(|value| f64::from(*value)).sum();
            prop_assert!((f64::from(sum(&row)) - exact).abs() < 1e-3);
        }
    }
}
