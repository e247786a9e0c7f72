//! Whether groups come back when the customers are drawn anew.

use rayon::prelude::*;

use super::mixture::{Mixture, Sample, fit};
use crate::statistics::{Random, adjusted_rand};

/// How often customers are drawn anew.
const DRAWS: u64 = 24;

/// How surely groups come back.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stability {
    /// Mean adjusted Rand index between the groups and those of each draw, at most 1.
    pub(super) whole: f64,
    /// By group, the mean Jaccard index with its likeliest match in each draw, 0 to 1.
    pub(super) groups: Vec<f64>,
}

/// Draws as many customers with replacement, fits as many classes to them and asks which class each customer is of
/// (Hennig 2007).
pub(super) fn stability(sample: Sample<'_>, groups: &[usize], count: usize) -> Stability {
    let draws: Vec<(f64, Vec<f64>)> =
        (0..DRAWS).into_par_iter().filter_map(|draw| one_draw(sample, groups, count, draw)).collect();
    let drawn = draws.len().max(1) as f64;
    let mut stability = Stability { whole: 0.0, groups: vec![0.0; count] };
    for (whole, each) in draws {
        stability.whole += whole / drawn;
        for (sum, one) in stability.groups.iter_mut().zip(each) {
            *sum += one / drawn;
        }
    }
    stability
}

fn one_draw(sample: Sample<'_>, groups: &[usize], count: usize, draw: u64) -> Option<(f64, Vec<f64>)> {
    let mut random = Random::new(7_919 + draw);
    let mut times = vec![0.0; sample.points.len()];
    for _ in 0..times.len() {
        let at = random.below(times.len());
        times[at] += 1.0;
    }
    let mixture: Mixture = fit(Sample { times: &times, ..sample }, count, 104_729 + draw)?.mixture;
    let other: Vec<usize> = sample.points.iter().map(|point| mixture.class(point).0).collect();
    let pairs: Vec<(usize, usize)> = groups.iter().copied().zip(other.iter().copied()).collect();
    Some((adjusted_rand(&pairs), jaccard(&pairs, count)))
}

/// For each group the largest share of customers that it and a group of the draw have in common, of those in either.
fn jaccard(pairs: &[(usize, usize)], count: usize) -> Vec<f64> {
    let mut both = vec![vec![0.0; count]; count];
    for (group, other) in pairs {
        both[*group][*other] += 1.0;
    }
    let own = |group: usize| both[group].iter().sum::<f64>();
    let others = |other: usize| both.iter().map(|row| row[other]).sum::<f64>();
    let index = |group: usize, other: usize| {
        let either = own(group) + others(other) - both[group][other];
        if either > 0.0 { both[group][other] / either } else { 0.0 }
    };
    (0..count).map(|group| (0..count).map(|other| index(group, other)).fold(0.0, f64::max)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_comes_back_under_another_number_is_the_same() {
        assert_eq!(jaccard(&[(0, 1), (0, 1), (1, 0)], 2), [1.0, 1.0]);
        // three of four stay, and one of the others joins them: 3 of 5 in either
        let found = jaccard(&[(0, 0), (0, 0), (0, 0), (0, 1), (1, 0), (1, 1)], 2);
        assert!((found[0] - 0.6).abs() < 1e-12 && (found[1] - 1.0 / 3.0).abs() < 1e-12, "{found:?}");
    }
}
