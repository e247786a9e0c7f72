//! Products with AVX2: 8 bits are widened to 16, and `vpmaddwd` adds pairs of products, exactly.

use std::arch::x86_64::__m256i;

use pulp::NullaryFnOnce;
pub(super) use pulp::x86::V3;

use super::panels::{OUTPUTS_A_TILE, Step, View};
use super::products::Take;
use super::rows::{Part, ROWS_A_GROUP};

/// Outputs whose words fill half a register, a whole one once they are widened.
const LANES: usize = 4;

/// Registers of sums that a row has at a time.
const REGISTERS: usize = 2;

/// Outputs of those registers.
const OUTPUTS: usize = LANES * REGISTERS;

/// Rows that are computed side by side: with their sums, the weights and a state, 11 of 16 registers are in use.
const ROWS: usize = 4;

struct Multiply<'rows, T> {
    simd: V3,
    matrix: View<'rows>,
    rows: Part<'rows>,
    take: &'rows mut T,
}

pub(super) fn multiply(simd: V3, matrix: View<'_>, rows: Part<'_>, take: &mut impl Take) {
    simd.vectorize(Multiply { simd, matrix, rows, take });
}

impl<T: Take> NullaryFnOnce for Multiply<'_, T> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, matrix, rows, take } = self;
        let (outputs, words) = (matrix.outputs(), matrix.steps());
        for (first, steps) in matrix.tiles() {
            for start in rows.range().step_by(ROWS_A_GROUP) {
                let mut sums = [[0; OUTPUTS_A_TILE]; ROWS_A_GROUP];
                let states = rows.group(start, &words);
                let (halves, _) = states.as_chunks::<ROWS>();
                halves.iter().zip(sums.chunks_exact_mut(ROWS)).for_each(|(states, out)| tile(simd, steps, states, out));
                for (sums, row) in sums.iter().zip(start..rows.range().end) {
                    take.take(row, first, &sums[..(outputs - first).min(OUTPUTS_A_TILE)]);
                }
            }
        }
    }
}

/// The sums of some rows of a group.
#[inline(always)]
fn tile(simd: V3, steps: &[Step], states: &[&[u32]; ROWS], out: &mut [[i32; OUTPUTS_A_TILE]]) {
    let states = states.map(|states| &states[..steps.len()]);
    for first in (0..OUTPUTS_A_TILE).step_by(OUTPUTS) {
        let sums = sums(simd, steps, first, states);
        for (out, sums) in out.iter_mut().zip(sums) {
            let pairs: [i32; 2 * OUTPUTS] = bytemuck::cast(sums);
            let (pairs, _) = pairs.as_chunks::<2>();
            out[first..].iter_mut().zip(pairs).for_each(|(out, pair)| *out = pair[0] + pair[1]);
        }
    }
}

/// The sums for [`OUTPUTS`] outputs of a tile from `first` on, two for each output.
#[inline(always)]
fn sums(simd: V3, steps: &[Step], first: usize, states: [&[u32]; ROWS]) -> [[__m256i; REGISTERS]; ROWS] {
    let mut sums = [[simd.avx._mm256_setzero_si256(); REGISTERS]; ROWS];
    for (index, step) in steps.iter().enumerate() {
        let (words, _) = step.0[first..].as_chunks::<LANES>();
        let weights: [__m256i; REGISTERS] =
            std::array::from_fn(|register| simd.avx2._mm256_cvtepi8_epi16(bytemuck::cast(words[register])));
        for row in 0..ROWS {
            let state = simd.sse2._mm_set1_epi32(states[row][index].cast_signed());
            let state = simd.avx2._mm256_cvtepu8_epi16(state);
            for register in 0..REGISTERS {
                let products = simd.avx2._mm256_madd_epi16(state, weights[register]);
                sums[row][register] = simd.avx2._mm256_add_epi32(sums[row][register], products);
            }
        }
    }
    sums
}
