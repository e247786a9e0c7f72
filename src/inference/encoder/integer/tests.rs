//! Products in integers against products that are written down number by number.

use pulp::Simd;

use super::products::{Products, Take};
use super::rows::{Fill, Rows};
use crate::inference::Instructions;

/// Keeps all sums, `rows × outputs`.
struct Keep {
    sums: Vec<i32>,
    outputs: usize,
}

impl Take for Keep {
    fn take<S: Simd>(&mut self, row: usize, first: usize, sums: &[i32]) {
        self.sums[row * self.outputs + first..][..sums.len()].copy_from_slice(sums);
    }
}

fn filled(states: &[f32], width: usize) -> Rows {
    let mut rows = Rows::default();
    Instructions::Auto.vectors().expect("there").run(Fill { rows: &mut rows, states, width, factors: &[] });
    rows
}

#[test]
fn every_way_to_multiply_gives_the_same_sums() {
    for (count, inputs, outputs) in [(1, 384, 384), (3, 7, 5), (8, 64, 33), (13, 1536, 40), (64, 384, 1152)] {
        let number = |index: usize| index.wrapping_mul(2_654_435_761) >> 7;
        let weights: Vec<i8> = (0..inputs * outputs).map(|index| (number(index) % 255) as u8 as i8).collect();
        let states: Vec<f32> = (0..count * inputs).map(|index| (number(index) % 1000) as f32 - 300.0).collect();
        let rows = filled(&states, inputs);
        let sum = |place: usize| {
            let values: &[u8] = bytemuck::cast_slice(rows.row(place / outputs));
            let weights = &weights[place % outputs * inputs..][..inputs];
            values.iter().zip(weights).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum::<i32>()
        };
        let expected: Vec<i32> = (0..count * outputs).map(sum).collect();
        for instructions in [Instructions::Auto, Instructions::Portable] {
            let mut keep = Keep { sums: vec![7; count * outputs], outputs };
            let vectors = instructions.vectors().expect("there");
            Products::new(&weights, inputs, vectors).multiply(&rows, &mut keep);
            assert!(keep.sums == expected, "{count} × {inputs} × {outputs}, {instructions:?}");
        }
    }
}
