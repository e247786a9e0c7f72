//! Communities of a neighbour graph at several resolutions.
//!
//! Leiden (Traag, Waltman, van Eck 2019) maximises modularity with a resolution (Reichardt and Bornholdt 2006).
//! Which resolution is right is not the graph's to say: [`divisions`] offers those that a person could read.

use std::ops::RangeInclusive;

use leiden_rs::{GraphData, GraphDataBuilder, Leiden, LeidenConfig, Partition};

use super::neighbours::Link;

/// Resolutions tried, coarse to fine.
const RESOLUTIONS: &[f64] =
    &[0.5, 0.7, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.5, 9.0, 11.0, 14.0, 17.0, 20.0];

/// How often the step to the first readable division is halved, so that it is about as coarse as can be.
const HALVINGS: usize = 4;

/// How many communities a person could read, as a multiple of the square root of the number of texts.
///
/// On samples of train files, ending at 1.75 instead of 1.5 took V from 0.747 to 0.753 on BANKING77, from 0.595 to 0.609 on
/// ArBanking77 and from 0.87 to 0.89 on CLINC150.
const READABLE: RangeInclusive<f64> = 0.6..=1.75;

const SEED: u64 = 20_190_326;

/// A community number for each of the points.
pub(super) type Division = Vec<usize>;

/// Divisions of points into a readable number of communities, coarse to fine; at least one.
///
/// Readable is from 0.6 to 1.75 times √points (18 to 52 groups of 900 texts); if none is, the nearest to √points.
/// Each starts from the communities that some points had `before`.
pub(super) fn divisions(before: &[Option<usize>], links: &[Link]) -> Vec<Division> {
    let count = before.len();
    let Some(graph) = graph(count, links) else { return vec![vec![0; count]] };
    let wanted = (count as f64).sqrt();
    let start = start(before);
    let at = |resolution: f64| {
        let division = leiden(&graph, &start, resolution);
        let ratio = division.iter().max().map_or(0.0, |last| (last + 1) as f64) / wanted;
        (ratio, division)
    };
    let mut readable = Vec::new();
    let mut nearest = (f64::INFINITY, vec![0; count]);
    let mut too_coarse = 0.0;
    for &resolution in RESOLUTIONS {
        let (ratio, division) = at(resolution);
        if ratio.ln().abs() < nearest.0 {
            nearest = (ratio.ln().abs(), division.clone());
        }
        if ratio > *READABLE.end() {
            break;
        }
        if ratio < *READABLE.start() {
            too_coarse = resolution;
        } else {
            if readable.is_empty() {
                readable.extend(coarser(too_coarse, resolution, at));
            }
            readable.push(division);
        }
    }
    if readable.is_empty() { vec![nearest.1] } else { readable }
}

/// The coarsest readable division at a resolution between one that is too coarse and a readable one, if there is any.
fn coarser(mut too_coarse: f64, mut readable: f64, at: impl Fn(f64) -> (f64, Division)) -> Option<Division> {
    let mut found = None;
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(too_coarse, readable);
        let (ratio, division) = at(middle);
        if READABLE.contains(&ratio) {
            (readable, found) = (middle, Some(division));
        } else {
            too_coarse = middle;
        }
    }
    found
}

fn graph(count: usize, links: &[Link]) -> Option<GraphData> {
    let mut builder = GraphDataBuilder::new(count);
    for link in links {
        builder.add_edge(link.from, link.to, link.weight).ok()?;
    }
    builder.build().ok()
}

/// The communities of before, and one of its own for each of the other points.
fn start(before: &[Option<usize>]) -> Partition {
    let first_new = before.iter().flatten().max().map_or(0, |last| last + 1);
    let own = before.iter().zip(first_new..).map(|(was, new)| was.unwrap_or(new));
    Partition::from_membership(own.collect())
}

fn leiden(graph: &GraphData, start: &Partition, resolution: f64) -> Division {
    let config = LeidenConfig { resolution, seed: Some(SEED), ..LeidenConfig::default() };
    Leiden::new(config)
        .run_with_initial_partition(graph, start.clone())
        .map_or_else(|_| vec![0; graph.node_count()], |found| found.partition.as_slice().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cliques_on_a_ring_are_told_apart() {
        let mut links = Vec::new();
        for clique in 0..6 {
            for left in 0..6 {
                links.extend((left + 1..6).map(|right| Link {
                    from: clique * 6 + left,
                    to: clique * 6 + right,
                    weight: 1.0,
                }));
            }
            links.push(Link { from: clique * 6, to: (clique * 6 + 7) % 36, weight: 0.1 });
        }
        let found = divisions(&[None; 36], &links);
        let cliques: Vec<usize> = (0..36).map(|point| point / 6).collect();
        let same = |division: &Division| {
            (0..36).all(|at| (0..36).all(|to| (division[at] == division[to]) == (cliques[at] == cliques[to])))
        };
        assert!(found.iter().any(same), "{found:?}");
        assert_eq!(divisions(&[None; 36], &links), found);
    }

    #[test]
    fn points_without_links_are_still_divided() {
        assert_eq!(divisions(&[None; 4], &[])[0].len(), 4);
    }
}
