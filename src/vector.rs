//! Arithmetic of vectors that every part shares.

/// The dot product of two vectors of one length, in eight lanes so that the compiler can use wide registers.
#[must_use]
pub fn dot(left: &[f32], right: &[f32]) -> f32 {
    let (left_lanes, right_lanes) = (left.chunks_exact(8), right.chunks_exact(8));
    let rest: f32 = left_lanes.remainder().iter().zip(right_lanes.remainder()).map(|(a, b)| a * b).sum();
    let mut sums = [0.0_f32; 8];
    for (a, b) in left_lanes.zip(right_lanes) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Numbers that are multiplied and added at once.
const LANES: usize = 16;

/// Rows of either side that are multiplied together: their sums stay in registers.
const TILE: usize = 4;

/// The dot products of every row of `left` with every row of `right`, all of `width` numbers.
///
/// `into` holds one row of products for each row of `left`. Every processor gives the same bytes: sums are of 16 lanes and
/// rounded once a step.
///
/// # Panics
/// If the lengths don't fit `width` and one another.
pub fn products(left: &[f32], right: &[f32], width: usize, into: &mut [f32]) {
    assert!(width > 0 && left.len().is_multiple_of(width) && right.len().is_multiple_of(width), "rows of {width}");
    assert_eq!(into.len(), (left.len() / width) * (right.len() / width), "a product for each pair of rows");
    pulp::Arch::new().dispatch(Products { left, right, width, into });
}

struct Products<'a> {
    left: &'a [f32],
    right: &'a [f32],
    width: usize,
    into: &'a mut [f32],
}

impl pulp::WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { left, right, width, into } = self;
        let columns = right.len() / width;
        for (band, rows) in left.chunks(TILE * width).enumerate() {
            for (block, others) in right.chunks(TILE * width).enumerate() {
                let at = |row: usize| (band * TILE + row) * columns + block * TILE;
                match (rows.len() == TILE * width, others.len() == TILE * width) {
                    (true, true) => {
                        for (row, sums) in tile(rows, others, width).iter().enumerate() {
                            into[at(row)..at(row) + TILE].copy_from_slice(sums);
                        }
                    }
                    _ => {
                        for (row, values) in rows.chunks_exact(width).enumerate() {
                            for (column, other) in others.chunks_exact(width).enumerate() {
                                into[at(row) + column] = lanes_of(values, other);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The products of four rows with four.
#[inline(always)]
fn tile(rows: &[f32], others: &[f32], width: usize) -> [[f32; TILE]; TILE] {
    let mut sums = [[[0.0_f32; LANES]; TILE]; TILE];
    let whole = width - width % LANES;
    for start in (0..whole).step_by(LANES) {
        for (row, sums) in sums.iter_mut().enumerate() {
            let values = &rows[row * width + start..][..LANES];
            for (column, sums) in sums.iter_mut().enumerate() {
                let others = &others[column * width + start..][..LANES];
                for lane in 0..LANES {
                    sums[lane] = values[lane].mul_add(others[lane], sums[lane]);
                }
            }
        }
    }
    let mut products = [[0.0; TILE]; TILE];
    for (row, products) in products.iter_mut().enumerate() {
        for (column, product) in products.iter_mut().enumerate() {
            let (values, others) = (&rows[row * width..][..width], &others[column * width..][..width]);
            *product = added(&sums[row][column], &values[whole..], &others[whole..]);
        }
    }
    products
}

/// The product of two rows, summed as in a tile.
#[inline(always)]
fn lanes_of(row: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (values, others) = (row.chunks_exact(LANES), other.chunks_exact(LANES));
    let (rest, other_rest) = (values.remainder(), others.remainder());
    for (values, others) in values.zip(others) {
        for lane in 0..LANES {
            sums[lane] = values[lane].mul_add(others[lane], sums[lane]);
        }
    }
    added(&sums, rest, other_rest)
}

/// The lanes added up, and what was left over.
#[inline(always)]
fn added(sums: &[f32; LANES], row: &[f32], other: &[f32]) -> f32 {
    let rest = row.iter().zip(other).fold(0.0_f32, |sum, (a, b)| a.mul_add(*b, sum));
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_sum_of_products(pairs in prop::collection::vec((-100_i16..100, -100_i16..100), 0..70)) {
            let (left, right): (Vec<f32>, Vec<f32>) =
                pairs.iter().map(|(a, b)| (f32::from(*a), f32::from(*b))).unzip();
            let expected: i32 = pairs.iter().map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
            // small whole numbers have no rounding
            prop_assert_eq!(dot(&left, &right), expected as f32);
        }

        #[test]
        fn products_are_those_of_each_pair_wherever_it_stands(
            width in 1_usize..70, rows in 0_usize..11, columns in 0_usize..11, seed in 0_usize..1_000,
        ) {
            let numbers = |count: usize, salt: usize| -> Vec<f32> {
                (0..count * width).map(|at| ((at + salt) * 7_919 % 199) as f32 - 99.0).collect()
            };
            let (left, right) = (numbers(rows, seed), numbers(columns, seed + 31));
            let mut found = vec![0.0; rows * columns];
            products(&left, &right, width, &mut found);
            for (row, values) in left.chunks_exact(width).enumerate() {
                for (column, others) in right.chunks_exact(width).enumerate() {
                    prop_assert_eq!(found[row * columns + column], dot(values, others));
                }
            }
        }
    }
}
