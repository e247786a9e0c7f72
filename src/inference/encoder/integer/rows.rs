//! Rows of states in integers.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::super::kernels::{LANES, TO_INTEGER, greatest, least, multiply_add, quick_exp2};

/// Rows that products compute side by side.
pub(super) const ROWS_A_GROUP: usize = 8;

/// Steps between the least and the greatest value of a row.
const STEPS: f32 = 255.0;

/// Steps of the greatest weight: half a step more still fits into 8 bits.
const STEPS_A_WEIGHT: f32 = 254.0;

/// Rows of equal width, each in steps of its own.
#[derive(Default)]
pub(super) struct Rows {
    /// `rows × width`, the width padded to whole words; four neighbours make a word.
    words: Vec<u32>,
    /// The integer that stands for 0 in each row.
    pub(super) zeros: Vec<u8>,
    /// What a step is worth in each row.
    pub(super) scales: Vec<f32>,
    /// Words of a row.
    width: usize,
    /// A row times its factors.
    scaled: Vec<f32>,
}

/// Some of the rows.
#[derive(Clone)]
pub(super) struct Part<'rows> {
    rows: &'rows Rows,
    range: Range<usize>,
}

impl Rows {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.zeros.len()
    }

    /// All of them.
    pub(super) fn all(&self) -> Part<'_> {
        Part { rows: self, range: 0..self.len() }
    }

    /// Some of them.
    pub(super) fn part(&self, range: Range<usize>) -> Part<'_> {
        Part { rows: self, range }
    }

    /// A row's values.
    #[cfg(test)]
    pub(super) fn row(&self, row: usize) -> &[u32] {
        &self.words[row * self.width..][..self.width]
    }

    /// Forgets all rows and gets ready for others.
    pub(super) fn clear(&mut self, width: usize) {
        self.zeros.clear();
        self.scales.clear();
        self.width = width.div_ceil(size_of::<u32>());
    }

    /// One more row, each value times its factor if there are any.
    #[inline(always)]
    pub(super) fn push(&mut self, row: &[f32], factors: &[f32]) {
        if factors.is_empty() {
            return self.push_scaled(row);
        }
        let mut scaled = std::mem::take(&mut self.scaled);
        scaled.resize(row.len(), 0.0);
        let places = scaled.iter_mut().zip(row.iter().zip(factors));
        places.for_each(|(scaled, (value, factor))| *scaled = value * factor);
        self.push_scaled(&scaled);
        self.scaled = scaled;
    }

    #[inline(always)]
    fn push_scaled(&mut self, row: &[f32]) {
        let (zero, scale) = quantise(row, self.next());
        self.zeros.push(zero);
        self.scales.push(scale);
    }

    /// One more row: what softmax makes of scores, which are exponents of 2 and as many as the width says.
    /// Its scale makes it sum to 1.
    ///
    /// What rounding takes from a weight is given to a later one (error diffusion, lane by lane), so that many small
    /// weights together count what they should.
    #[inline(always)]
    pub(super) fn push_softmax(&mut self, scores: &[f32]) {
        let highest = greatest(scores, f32::NEG_INFINITY);
        let out = self.next();
        let mut owed = [0.0; LANES];
        for (out, scores) in out.as_chunks_mut::<LANES>().0.iter_mut().zip(scores.as_chunks::<LANES>().0) {
            for ((out, score), owed) in out.iter_mut().zip(scores).zip(&mut owed) {
                let steps = multiply_add(quick_exp2(score - highest), STEPS_A_WEIGHT, *owed);
                let rounded = steps + TO_INTEGER;
                *owed = steps - (rounded - TO_INTEGER);
                *out = rounded.to_bits() as u8;
            }
        }
        let sum: u32 = out.iter().map(|steps| u32::from(*steps)).sum();
        self.zeros.push(0);
        self.scales.push(1.0 / sum as f32);
    }

    /// The next row's place; what pads it meets weights that are 0.
    #[inline(always)]
    fn next(&mut self) -> &mut [u8] {
        let start = self.len() * self.width;
        if self.words.len() < start + self.width * ROWS_A_GROUP {
            self.words.resize(start + self.width * ROWS_A_GROUP, 0);
        }
        bytemuck::cast_slice_mut(&mut self.words[start..start + self.width])
    }
}

impl<'rows> Part<'rows> {
    /// Where it lies; kernels go by groups of [`ROWS_A_GROUP`].
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Some words of the rows from `first` on; what is behind the last row has no meaning.
    #[inline(always)]
    pub(super) fn group(&self, first: usize, words: &Range<usize>) -> [&'rows [u32]; ROWS_A_GROUP] {
        let Rows { words: all, width, .. } = self.rows;
        let mut group = [all.as_slice(); ROWS_A_GROUP];
        for (index, row) in group.iter_mut().enumerate() {
            *row = &all[(first + index) * width..][words.start..words.end];
        }
        group
    }
}

/// Turns states, `rows × width`, into integers.
pub(super) struct Fill<'rows> {
    pub(super) rows: &'rows mut Rows,
    pub(super) states: &'rows [f32],
    pub(super) width: usize,
    /// What each value of a row is multiplied by; empty for nothing.
    pub(super) factors: &'rows [f32],
}

impl WithSimd for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.rows.clear(self.width);
        self.states.chunks_exact(self.width).for_each(|row| self.rows.push(row, self.factors));
    }
}

/// Writes a row in steps from its least to its greatest value, 0 among them; says what stands for 0 and what a step is worth.
#[inline(always)]
fn quantise(row: &[f32], out: &mut [u8]) -> (u8, f32) {
    let (least, greatest) = (least(row, 0.0), greatest(row, 0.0));
    let scale = ((greatest - least) / STEPS).max(f32::MIN_POSITIVE);
    let inverse = 1.0 / scale;
    let zero = (-least * inverse + TO_INTEGER) - TO_INTEGER;
    for (value, out) in row.iter().zip(out) {
        let steps = multiply_add(*value, inverse, zero);
        let steps = if steps > 0.0 { steps } else { 0.0 };
        let steps = if steps < STEPS { steps } else { STEPS };
        *out = (steps + TO_INTEGER).to_bits() as u8;
    }
    (zero as u8, scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inference::Instructions;

    fn filled(states: &[f32], width: usize) -> Rows {
        let mut rows = Rows::default();
        Instructions::Auto.vectors().expect("there").run(Fill { rows: &mut rows, states, width, factors: &[] });
        rows
    }

    proptest! {
        #[test]
        fn a_value_is_at_most_a_step_away(row in prop::collection::vec(-50.0_f32..50.0, 1..100)) {
            let rows = filled(&row, row.len());
            let (zero, scale) = (f32::from(rows.zeros[0]), rows.scales[0]);
            for (value, steps) in row.iter().zip(bytemuck::cast_slice::<u32, u8>(rows.row(0))) {
                prop_assert!(((f32::from(*steps) - zero) * scale - value).abs() <= scale * 1.01, "{value}");
            }
        }
    }

    #[test]
    fn zeros_stay_zeros_and_huge_values_do_not_overflow() {
        let rows = filled(&[[0.0; 4], [f32::MAX / 4.0, 0.0, -f32::MAX / 4.0, 1.0], [5.0; 4]].concat(), 4);
        let values = |row: usize| rows.row(row)[0].to_ne_bytes();
        assert_eq!(values(0), [rows.zeros[0]; 4]);
        assert_eq!(values(1), [255, rows.zeros[1], 0, rows.zeros[1]]);
        assert_eq!((values(2), rows.zeros[2]), ([255; 4], 0));
    }
}
