//! Products of rows and weights, both in integers, with sums that are exact.
//!
//! What a tile of sums is worth is handed on while it is still in registers: no sum is written down.

use pulp::{Simd, WithSimd};

use super::plain::Plain;
use super::rows::Rows;
#[cfg(target_arch = "x86_64")]
use super::vnni::{self, Vnni};
use crate::inference::instructions::Vectors;

/// Outputs of a tile.
pub(super) const OUTPUTS_A_TILE: usize = 32;

/// What is done with a row's values of some neighbouring outputs.
pub(super) trait Take {
    /// `sums` are of steps times steps, for the outputs from `first` on.
    fn take<S: Simd>(&mut self, row: usize, first: usize, sums: &[i32]);
}

/// A matrix of weights that rows are multiplied with.
pub(super) enum Products {
    /// With AVX-512's dot products of 8 bits.
    #[cfg(target_arch = "x86_64")]
    Vnni(Vnni),
    /// With sums of 16-bit products, which every processor has.
    Plain(Plain, Vectors),
}

impl Products {
    /// From weights of `outputs × inputs`.
    pub(super) fn new(weights: &[i8], inputs: usize, vectors: Vectors) -> Self {
        #[cfg(target_arch = "x86_64")]
        if vectors.free && vnni::is_there() {
            return Self::Vnni(Vnni::new(weights, inputs));
        }
        Self::Plain(Plain::new(weights, inputs), vectors)
    }

    /// Hands on rows · weights, tile by tile, in no order that matters; the rows' zeros are not taken off.
    pub(super) fn multiply(&self, rows: &Rows, take: &mut impl Take) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Vnni(weights) => weights.multiply(rows, take),
            Self::Plain(weights, vectors) => vectors.run(Multiply { weights, rows, take }),
        }
    }
}

/// The plain way with the vectors there are.
struct Multiply<'rows, T> {
    weights: &'rows Plain,
    rows: &'rows Rows,
    take: &'rows mut T,
}

impl<T: Take> WithSimd for Multiply<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.weights.multiply::<S>(self.rows, self.take);
    }
}
