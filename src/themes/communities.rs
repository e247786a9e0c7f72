//! Communities of a neighbour graph, at a resolution that the graph itself chooses.
//!
//! Leiden (Traag, Waltman, van Eck 2019) maximises modularity with a resolution (Reichardt and Bornholdt 2006).

use leiden_rs::{GraphData, GraphDataBuilder, Leiden, LeidenConfig};

use super::neighbours::Link;

/// Resolutions tried, coarse to fine.
const RESOLUTIONS: &[f64] = &[0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0];

const SEED: u64 = 20_190_326;

/// The community of each of `count` points: numbers from 0.
pub(super) fn communities(count: usize, links: &[Link]) -> Vec<usize> {
    let Some(graph) = graph(count, links) else { return (0..count).collect() };
    let mut best = (f64::INFINITY, vec![0; count]);
    for &resolution in RESOLUTIONS {
        let partition = leiden(&graph, resolution);
        let distance = (partition_size(&partition) / wanted(count)).ln().abs();
        if distance < best.0 {
            best = (distance, partition);
        }
    }
    best.1
}

/// How many groups a person wants to read for this many texts.
fn wanted(count: usize) -> f64 {
    (count as f64).sqrt()
}

fn partition_size(partition: &[usize]) -> f64 {
    partition.iter().max().map_or(0.0, |last| (last + 1) as f64)
}

fn graph(count: usize, links: &[Link]) -> Option<GraphData> {
    let mut builder = GraphDataBuilder::new(count);
    for link in links {
        builder.add_edge(link.from, link.to, link.weight).ok()?;
    }
    builder.build().ok()
}

fn leiden(graph: &GraphData, resolution: f64) -> Vec<usize> {
    let config = LeidenConfig { resolution, seed: Some(SEED), ..LeidenConfig::default() };
    Leiden::new(config)
        .run(graph)
        .map_or_else(|_| (0..graph.node_count()).collect(), |found| found.partition.as_slice().to_vec())
}
