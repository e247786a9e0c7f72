//! The agglomerative method: merge the nearest two until as many groups are left as a person would read, √n.

use kodama::{Method, linkage};

/// Groups with fewer members are left unassigned.
const SMALLEST: usize = 5;

/// The group of each vector, or none where its group is too small.
pub fn group(vectors: &[Vec<f32>], method: Method) -> Vec<Option<usize>> {
    let count = vectors.len();
    let mut distances = Vec::with_capacity(count * (count - 1) / 2);
    for (at, left) in vectors.iter().enumerate() {
        for right in &vectors[at + 1..] {
            let cosine: f32 = left.iter().zip(right).map(|(a, b)| a * b).sum();
            distances.push((2.0 - 2.0 * cosine).max(0.0).sqrt());
        }
    }
    let tree = linkage(&mut distances, count, method);
    // Stop at the last height where √n groups are large enough; small ones do not count.
    let wanted = (count as f64).sqrt().round() as usize;
    let mut parents: Vec<usize> = (0..2 * count).collect();
    let mut best = (usize::MAX, Vec::new());
    for (step, merge) in tree.steps().iter().enumerate() {
        parents[merge.cluster1] = count + step;
        parents[merge.cluster2] = count + step;
        let found = cut(&parents, count);
        let groups = found.iter().flatten().max().map_or(0, |last| last + 1);
        // Later is better among equals: fewer texts are left over.
        if groups.abs_diff(wanted) <= best.0 {
            best = (groups.abs_diff(wanted), found);
        }
    }
    best.1
}

fn cut(parents: &[usize], count: usize) -> Vec<Option<usize>> {
    let mut roots: Vec<usize> = (0..parents.len()).collect();
    for at in (0..parents.len()).rev() {
        roots[at] = if parents[at] == at { at } else { roots[parents[at]] };
    }
    let mut sizes = vec![0; parents.len()];
    roots[..count].iter().for_each(|&root| sizes[root] += 1);
    let mut numbers = vec![None; parents.len()];
    let mut next = 0;
    for (root, size) in sizes.iter().enumerate() {
        if *size >= SMALLEST {
            numbers[root] = Some(next);
            next += 1;
        }
    }
    roots[..count].iter().map(|&root| numbers[root]).collect()
}
