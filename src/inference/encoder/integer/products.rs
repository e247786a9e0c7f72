//! Products of rows and a matrix, both in integers, with sums that are exact.
//!
//! What a tile of sums is worth is handed on while it is still in registers: no sum is written down.

use pulp::{Simd, WithSimd};

#[cfg(target_arch = "x86_64")]
use super::avx2::{self, V3};
use super::panels::View;
use super::plain;
use super::rows::Part;
#[cfg(target_arch = "x86_64")]
use super::vnni::Vnni;
use crate::inference::instructions::Vectors;

/// What is done with a row's values of some neighbouring outputs.
pub(super) trait Take {
    /// `sums` are of steps times steps, for the outputs from `first` on.
    fn take(&mut self, row: usize, first: usize, sums: &[i32]);
}

/// A way to multiply; all give the same sums.
#[derive(Clone, Copy)]
pub(super) enum Products {
    /// With AVX-512's dot products of 8 bits.
    #[cfg(target_arch = "x86_64")]
    Vnni(Vnni),
    /// With AVX2's sums of two products of 16 bits.
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    /// With what the compiler makes of it.
    Plain(Vectors),
}

impl Products {
    /// The fastest of those that may be used.
    pub(super) fn new(vectors: Vectors) -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(vnni) = Vnni::try_new().filter(|_| vectors.free) {
            return Self::Vnni(vnni);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = vectors.avx2() {
            return Self::Avx2(simd);
        }
        Self::Plain(vectors)
    }

    /// Hands on rows · matrix, tile by tile, in no order that matters; the rows' zeros are not taken off.
    ///
    /// Where only some of the matrix's inputs are meant, the same ones of the rows are.
    pub(super) fn multiply(self, matrix: View<'_>, rows: Part<'_>, take: &mut impl Take) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Vnni(vnni) => vnni.multiply(matrix, rows, take),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(simd) => avx2::multiply(simd, matrix, rows, take),
            Self::Plain(vectors) => vectors.run(Plainly { matrix, rows, take }),
        }
    }
}

/// The plain way with the vectors there are.
struct Plainly<'rows, T> {
    matrix: View<'rows>,
    rows: Part<'rows>,
    take: &'rows mut T,
}

impl<T: Take> WithSimd for Plainly<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        plain::multiply(self.matrix, self.rows, self.take);
    }
}
