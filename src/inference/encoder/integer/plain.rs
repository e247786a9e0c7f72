//! Products that any compiler makes vector code of: 8 bits are widened to 16, and pairs of products summed.

use pulp::Simd;

use super::products::{OUTPUTS_A_TILE, Take};
use super::rows::Rows;

/// Weights as they come, `outputs × inputs`; the inputs are padded as the rows are.
pub(super) struct Plain {
    weights: Vec<i8>,
    inputs: usize,
}

impl Plain {
    pub(super) fn new(weights: &[i8], inputs: usize) -> Self {
        let padded = inputs.next_multiple_of(size_of::<u32>());
        let mut own = vec![0; weights.len() / inputs * padded];
        for (own, row) in own.chunks_exact_mut(padded).zip(weights.chunks_exact(inputs)) {
            own[..inputs].copy_from_slice(row);
        }
        Self { weights: own, inputs: padded }
    }

    #[inline(always)]
    pub(super) fn multiply<S: Simd>(&self, rows: &Rows, take: &mut impl Take) {
        let mut sums = [0; OUTPUTS_A_TILE];
        for (tile, weights) in self.weights.chunks(OUTPUTS_A_TILE * self.inputs).enumerate() {
            let outputs = weights.len() / self.inputs;
            for row in 0..rows.len() {
                let values: &[u8] = bytemuck::cast_slice(rows.row(row));
                for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(self.inputs)) {
                    *sum = values.iter().zip(weights).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
                }
                take.take::<S>(row, tile * OUTPUTS_A_TILE, &sums[..outputs]);
            }
        }
    }
}
