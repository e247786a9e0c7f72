//! Products with AVX-512's `vpdpbusd`, which adds four products of 8 bits to each of 16 sums.

use std::arch::x86_64::{__m512i, _mm512_dpbusd_epi32, _mm512_set1_epi32, _mm512_setzero_si512};

use pulp::x86::V4;

use super::products::{OUTPUTS_A_TILE, Take};
use super::rows::{ROWS_A_GROUP, Rows};

/// Neighbouring inputs that one instruction takes.
const INPUTS_A_STEP: usize = size_of::<u32>();

/// Sums in one register.
const LANES: usize = size_of::<__m512i>() / size_of::<i32>();

/// Registers that a row's sums of a tile take.
const REGISTERS: usize = OUTPUTS_A_TILE / LANES;

/// A step's weights of a tile, output by output, [`INPUTS_A_STEP`] inputs each.
type Step = [__m512i; REGISTERS];

/// Weights, tile by tile and within it step by step.
pub(super) struct Vnni {
    steps: Vec<Step>,
    steps_a_tile: usize,
    outputs: usize,
}

/// Whether the processor has the instructions that [`multiply`] is compiled for.
pub(super) fn is_there() -> bool {
    V4::try_new().is_some() && is_x86_feature_detected!("avx512vnni")
}

impl Vnni {
    /// From weights of `outputs × inputs`.
    pub(super) fn new(weights: &[i8], inputs: usize) -> Self {
        let (steps_a_tile, outputs) = (inputs.div_ceil(INPUTS_A_STEP), weights.len() / inputs);
        let mut steps = Vec::with_capacity(steps_a_tile * outputs.div_ceil(OUTPUTS_A_TILE));
        for tile in weights.chunks(inputs * OUTPUTS_A_TILE) {
            for first in (0..inputs).step_by(INPUTS_A_STEP) {
                let mut step = [[0_i8; INPUTS_A_STEP]; OUTPUTS_A_TILE];
                for (place, row) in step.iter_mut().zip(tile.chunks_exact(inputs)) {
                    place.iter_mut().zip(&row[first..]).for_each(|(place, weight)| *place = *weight);
                }
                steps.push(bytemuck::cast(step));
            }
        }
        Self { steps, steps_a_tile, outputs }
    }

    pub(super) fn multiply(&self, rows: &Rows, take: &mut impl Take) {
        assert!(is_there(), "BUG: weights for AVX-512 on a processor without");
        // Safety: the processor has what the function is compiled for
        #[expect(unsafe_code, reason = "the one call of code that asks for more than every processor has")]
        unsafe {
            multiply(self, rows, take);
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
fn multiply<T: Take>(weights: &Vnni, rows: &Rows, take: &mut T) {
    for (tile, steps) in weights.steps.chunks_exact(weights.steps_a_tile).enumerate() {
        let first = tile * OUTPUTS_A_TILE;
        let outputs = (weights.outputs - first).min(OUTPUTS_A_TILE);
        for (group, states) in rows.groups().enumerate() {
            let sums = tile_of(steps, states);
            for (sums, row) in sums.iter().zip(group * ROWS_A_GROUP..rows.len()) {
                let sums: [i32; OUTPUTS_A_TILE] = bytemuck::cast(*sums);
                // the common case by itself, so that its length is known where it is compiled
                match outputs {
                    OUTPUTS_A_TILE => take.take::<V4>(row, first, &sums),
                    _ => take.take::<V4>(row, first, &sums[..outputs]),
                }
            }
        }
    }
}

/// The sums of a group of rows: with them, a step's weights and one state, 19 of the 32 registers are in use.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx512vnni,avx2,fma,bmi1,bmi2,popcnt,lzcnt")]
fn tile_of(steps: &[Step], states: &[u32]) -> [[__m512i; REGISTERS]; ROWS_A_GROUP] {
    let states = &states[..steps.len() * ROWS_A_GROUP];
    let mut sums = [[_mm512_setzero_si512(); REGISTERS]; ROWS_A_GROUP];
    for (index, weights) in steps.iter().enumerate() {
        for row in 0..ROWS_A_GROUP {
            let state = _mm512_set1_epi32(states[row * steps.len() + index].cast_signed());
            for register in 0..REGISTERS {
                sums[row][register] = _mm512_dpbusd_epi32(sums[row][register], state, weights[register]);
            }
        }
    }
    sums
}
