//! What is done with the outputs of each linear step, and with whole rows once they are complete.

use pulp::{Simd, WithSimd};

use super::super::kernels::{normalise, quick_gelu};
use super::super::layer::Norm;
use super::linear::Finish;
use super::rows::Rows;

/// Writes outputs down, `rows × width`.
pub(super) struct Write<'rows> {
    pub(super) out: &'rows mut [f32],
    pub(super) width: usize,
}

/// Adds outputs to the states, `rows × width`.
pub(super) struct Add<'rows> {
    pub(super) states: &'rows mut [f32],
    pub(super) width: usize,
}

/// Writes GELU of the outputs, `rows × width`.
pub(super) struct Activate<'rows> {
    pub(super) out: &'rows mut [f32],
    pub(super) width: usize,
}

/// Normalises each row of the states, and turns it into integers.
pub(super) struct NormaliseAndFill<'rows> {
    pub(super) states: &'rows mut [f32],
    pub(super) norm: &'rows Norm,
    pub(super) rows: &'rows mut Rows,
    /// What each value of a row is multiplied by before it becomes an integer.
    pub(super) factors: &'rows [f32],
}

impl Finish for Write<'_> {
    #[inline(always)]
    fn finish(&mut self, row: usize, first: usize, values: impl Iterator<Item = f32>) {
        self.out[row * self.width + first..].iter_mut().zip(values).for_each(|(out, value)| *out = value);
    }
}

impl Finish for Add<'_> {
    #[inline(always)]
    fn finish(&mut self, row: usize, first: usize, values: impl Iterator<Item = f32>) {
        self.states[row * self.width + first..].iter_mut().zip(values).for_each(|(state, value)| *state += value);
    }
}

impl Finish for Activate<'_> {
    #[inline(always)]
    fn finish(&mut self, row: usize, first: usize, values: impl Iterator<Item = f32>) {
        let places = self.out[row * self.width + first..].iter_mut();
        places.zip(values).for_each(|(out, value)| *out = quick_gelu(value));
    }
}

impl WithSimd for NormaliseAndFill<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.norm.scale.len();
        self.rows.clear(width);
        for row in self.states.chunks_exact_mut(width) {
            normalise(row, self.norm);
            self.rows.push(row, self.factors);
        }
    }
}
