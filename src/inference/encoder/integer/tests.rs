//! Products in integers against products that are written down number by number.

use proptest::prelude::*;

use super::super::attention::Projected;
use super::attention::{Ask, Desk, Open, Sight};
use super::panels::Panels;
use super::products::{Products, Take};
use super::rows::{Fill, Rows};
use crate::inference::Instructions;

/// Keeps all sums, `rows × outputs`.
struct Keep {
    sums: Vec<i32>,
    outputs: usize,
}

impl Take for Keep {
    fn take(&mut self, row: usize, first: usize, sums: &[i32]) {
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
        let panels = Panels::new(&weights, inputs);
        for instructions in [Instructions::Auto, Instructions::Avx2, Instructions::Portable] {
            // a processor without AVX2 has one way less
            let Ok(vectors) = instructions.vectors() else { continue };
            let mut keep = Keep { sums: vec![7; count * outputs], outputs };
            Products::new(vectors).multiply(panels.all(), rows.all(), &mut keep);
            assert!(keep.sums == expected, "{count} × {inputs} × {outputs}, {instructions:?}");
        }
    }
}

/// What every token sees with every head, written down number by number.
fn plainly(projected: Projected<'_>, tokens: usize) -> Vec<f32> {
    let Projected { values, hidden, width } = projected;
    let at = |token: usize, third: usize, column: usize| f64::from(values[(token * 3 + third) * hidden + column]);
    let seen = |place: usize| {
        let (token, column) = (place / hidden, place % hidden);
        let head = column / width * width..(column / width + 1) * width;
        let score = |other: usize| head.clone().map(|column| at(token, 0, column) * at(other, 1, column)).sum::<f64>();
        let weights: Vec<f64> = (0..tokens).map(|other| (score(other) / (width as f64).sqrt()).exp()).collect();
        let sum: f64 = weights.iter().zip(0..).map(|(weight, other)| weight * at(other, 2, column)).sum();
        (sum / weights.iter().sum::<f64>()) as f32
    };
    (0..tokens * hidden).map(seen).collect()
}

proptest! {
    #[test]
    fn attention_in_integers_sees_what_plain_attention_does(
        (tokens, heads, width, values) in (1_usize..70, 1_usize..4, 1_usize..11)
            .prop_map(|(tokens, heads, words)| (tokens, heads, words * 4))
            .prop_flat_map(|(tokens, heads, width)| {
                let values = prop::collection::vec(-1.0_f32..1.0, tokens * 3 * heads * width);
                (Just(tokens), Just(heads), Just(width), values)
            }),
    ) {
        let hidden = heads * width;
        let projected = Projected { values: &values, hidden, width };
        let expected = plainly(projected, tokens);
        let mut first = Vec::new();
        for instructions in [Instructions::Auto, Instructions::Avx2, Instructions::Portable] {
            let Ok(vectors) = instructions.vectors() else { continue };
            let (mut sight, mut desk, mut seen) = (Sight::default(), Desk::default(), vec![9.0; tokens * hidden]);
            vectors.run(Open { sight: &mut sight, projected, sequence: 0..tokens });
            vectors.run(Ask { queries: &mut desk.queries, projected, rows: 0..tokens });
            desk.look((Products::new(vectors), vectors), &sight, width, 0..tokens, &mut seen);
            for (seen, expected) in seen.iter().zip(&expected) {
                prop_assert!((seen - expected).abs() < 0.03, "{seen} for {expected}, {instructions:?}");
            }
            if instructions != Instructions::Portable {
                prop_assert!(first.is_empty() || first == seen, "AVX2 and AVX-512 differ");
                first = seen;
            }
        }
    }
}
