//! Products with AVX-512's `vpdpbusd`, which adds four products of 8 bits to each of 16 sums.

use std::arch::x86_64::{__m512i, _mm512_dpbusd_epi32, _mm512_set1_epi32, _mm512_setzero_si512};

use pulp::x86::V4;

use super::panels::{OUTPUTS_A_TILE, Step, View};
use super::products::Take;
use super::rows::{Part, ROWS_A_GROUP};

/// Sums in one register.
const LANES: usize = size_of::<__m512i>() / size_of::<i32>();

/// Registers that a row's sums of a tile take.
const REGISTERS: usize = OUTPUTS_A_TILE / LANES;

/// Proof that the processor has the instructions that the kernel is compiled for.
#[derive(Clone, Copy)]
pub(super) struct Vnni(());

impl Vnni {
    /// Asks the processor.
    pub(super) fn try_new() -> Option<Self> {
        (V4::try_new().is_some() && is_x86_feature_detected!("avx512vnni")).then_some(Self(()))
    }

    pub(super) fn multiply(self, matrix: View<'_>, rows: Part<'_>, take: &mut impl Take) {
        // Safety: the processor has what the function is compiled for, or there would be no `self`
        #[expect(unsafe_code, reason = "the one call of code that asks for more than every processor has")]
        unsafe {
            tiles(matrix, rows, take);
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
fn tiles<T: Take>(matrix: View<'_>, rows: Part<'_>, take: &mut T) {
    let (outputs, words) = (matrix.outputs(), matrix.steps());
    for (first, steps) in matrix.tiles() {
        for start in rows.range().step_by(ROWS_A_GROUP) {
            let sums = sums(steps, rows.group(start, &words));
            for (sums, row) in sums.iter().zip(start..rows.range().end) {
                let sums: [i32; OUTPUTS_A_TILE] = bytemuck::cast(*sums);
                // the common case by itself, so that its length is known where it is compiled
                match outputs - first {
                    OUTPUTS_A_TILE.. => take.take(row, first, &sums),
                    fewer => take.take(row, first, &sums[..fewer]),
                }
            }
        }
    }
}

/// The sums of a group of rows: with them, a step's weights and one state, 19 of the 32 registers are in use.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
fn sums(steps: &[Step], mut states: [&[u32]; ROWS_A_GROUP]) -> [[__m512i; REGISTERS]; ROWS_A_GROUP] {
    // so that no index needs to be checked
    for states in &mut states {
        *states = &states[..steps.len()];
    }
    let mut sums = [[_mm512_setzero_si512(); REGISTERS]; ROWS_A_GROUP];
    for (index, step) in steps.iter().enumerate() {
        let weights: [__m512i; REGISTERS] = bytemuck::cast(step.0);
        for row in 0..ROWS_A_GROUP {
            let state = _mm512_set1_epi32(states[row][index].cast_signed());
            for register in 0..REGISTERS {
                sums[row][register] = _mm512_dpbusd_epi32(sums[row][register], state, weights[register]);
            }
        }
    }
    sums
}
