//! Products that the compiler makes vector code of.

use super::panels::{OUTPUTS_A_TILE, Step, View};
use super::products::Take;
use super::rows::{Part, ROWS_A_GROUP};

#[inline(always)]
pub(super) fn multiply(matrix: View<'_>, rows: Part<'_>, take: &mut impl Take) {
    let (outputs, words) = (matrix.outputs(), matrix.steps());
    for (first, steps) in matrix.tiles() {
        for start in rows.range().step_by(ROWS_A_GROUP) {
            for (row, states) in (start..rows.range().end).zip(rows.group(start, &words)) {
                take.take(row, first, &sums(steps, states)[..(outputs - first).min(OUTPUTS_A_TILE)]);
            }
        }
    }
}

#[inline(always)]
fn sums(steps: &[Step], row: &[u32]) -> [i32; OUTPUTS_A_TILE] {
    let mut sums = [0; OUTPUTS_A_TILE];
    for (step, values) in steps.iter().zip(row) {
        let values = values.to_ne_bytes().map(i32::from);
        for (sum, weights) in sums.iter_mut().zip(&step.0) {
            let weights = weights.to_ne_bytes().map(|weight| i32::from(weight.cast_signed()));
            let products: [i32; 4] = std::array::from_fn(|place| values[place] * weights[place]);
            *sum += (products[0] + products[1]) + (products[2] + products[3]);
        }
    }
    sums
}
