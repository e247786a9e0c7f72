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
    }
}
