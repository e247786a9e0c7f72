//! The nearest neighbours of every item, exactly, and the graph they make.
//!
//! Invariant: ties go to the earlier item, so the same items in the same order give the same graph.

use std::cmp::Ordering;

use crate::vector::dot;
use rayon::prelude::*;

/// Rows whose neighbours are looked for together: their vectors stay in the cache while all others pass by.
const BLOCK: usize = 32;

/// One item as the graph sees it.
pub(super) struct Point {
    /// Its meaning, unit length.
    pub(super) meaning: Vec<f32>,
    /// The number of its touchpoint.
    pub(super) touchpoint: Option<usize>,
}

/// A link between two points and its strength, above 0 and at most 1.
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) weight: f64,
}

/// The links of a neighbour graph: two points are linked if one is among the `count` nearest of the other,
/// as strongly as their neighbourhoods overlap (Jaccard; shared nearest neighbours, Jarvis and Patrick 1973).
pub(super) fn links(points: &[Point], count: usize, touchpoint_weight: f32) -> Vec<Link> {
    let mut near = nearest(points, count, touchpoint_weight);
    for (at, row) in near.iter_mut().enumerate() {
        row.push(at);
        row.sort_unstable();
    }
    let mut links = Vec::new();
    for (from, row) in near.iter().enumerate() {
        for &to in row.iter().filter(|&&to| to != from) {
            let back = near[to].binary_search(&from).is_ok();
            if from < to || !back {
                links.push(Link { from, to, weight: overlap(row, &near[to]) });
            }
        }
    }
    links
}

/// How similar two points are: the cosine of their meanings, and more at one touchpoint; half of that where one is unknown.
fn similarity(left: &Point, right: &Point, touchpoint_weight: f32) -> f32 {
    let context = match (left.touchpoint, right.touchpoint) {
        (Some(left), Some(right)) if left == right => touchpoint_weight,
        (Some(_), Some(_)) => 0.0,
        _ => touchpoint_weight / 2.0,
    };
    dot(&left.meaning, &right.meaning) + context
}

fn nearest(points: &[Point], count: usize, touchpoint_weight: f32) -> Vec<Vec<usize>> {
    let count = count.min(points.len().saturating_sub(1));
    let mut near = vec![Vec::new(); points.len()];
    near.par_chunks_mut(BLOCK).enumerate().for_each(|(block, rows)| {
        let first = block * BLOCK;
        let mut found: Vec<Vec<(f32, usize)>> = vec![Vec::with_capacity(4 * count + 1); rows.len()];
        for (to, other) in points.iter().enumerate() {
            for (row, candidates) in found.iter_mut().enumerate() {
                if first + row != to {
                    let score = similarity(&points[first + row], other, touchpoint_weight);
                    offer(candidates, (score, to), count);
                }
            }
        }
        for (row, mut candidates) in rows.iter_mut().zip(found) {
            candidates.sort_by(best_first);
            *row = candidates.into_iter().take(count).map(|(_, to)| to).collect();
        }
    });
    near
}

/// Keeps a candidate if it may be among the best; the heap of four times too many is cut back now and then.
fn offer(candidates: &mut Vec<(f32, usize)>, candidate: (f32, usize), count: usize) {
    candidates.push(candidate);
    if count > 0 && candidates.len() > 4 * count {
        candidates.select_nth_unstable_by(count - 1, best_first);
        candidates.truncate(count);
    }
}

fn best_first(left: &(f32, usize), right: &(f32, usize)) -> Ordering {
    right.0.total_cmp(&left.0).then(left.1.cmp(&right.1))
}

/// Jaccard overlap of two sorted neighbourhoods.
fn overlap(left: &[usize], right: &[usize]) -> f64 {
    let shared = left.iter().filter(|item| right.binary_search(item).is_ok()).count();
    // Linked points share at least one of the two; a floor keeps the link should they not.
    shared.max(1) as f64 / (left.len() + right.len() - shared) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(degrees: f32, touchpoint: Option<usize>) -> Point {
        let angle = degrees.to_radians();
        Point { meaning: vec![angle.cos(), angle.sin()], touchpoint }
    }

    #[test]
    fn the_nearest_come_first_and_the_touchpoint_counts() {
        let points = [at(0.0, Some(1)), at(20.0, Some(2)), at(30.0, Some(1)), at(180.0, None)];
        assert_eq!(nearest(&points, 2, 0.0)[0], [1, 2]);
        assert_eq!(nearest(&points, 2, 0.25)[0], [2, 1]);
        assert_eq!(nearest(&points, 9, 0.0)[3].len(), 3, "never more than there are");
    }

    #[test]
    fn each_pair_is_linked_once() {
        let points: Vec<_> = (0..50_u8).map(|step| at(f32::from(step) * 7.0, None)).collect();
        let links = links(&points, 5, 0.0);
        let mut pairs: Vec<_> = links.iter().map(|link| (link.from.min(link.to), link.from.max(link.to))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), links.len());
        assert!(links.iter().all(|link| link.weight > 0.0 && link.weight <= 1.0));
    }
}
