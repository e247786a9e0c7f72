//! The density method: principal components, then HDBSCAN (Campello, Moulavi, Sander 2013).

use hdbscan::{Hdbscan, HdbscanHyperParams};

const COMPONENTS: usize = 15;

/// The group of each vector, or none for noise.
pub fn group(vectors: &[Vec<f32>]) -> Vec<Option<usize>> {
    let data = reduce(vectors);
    let settings = HdbscanHyperParams::builder().min_cluster_size(10).min_samples(3).build();
    match Hdbscan::new(&data, settings).cluster() {
        Ok(labels) => labels.into_iter().map(|label| usize::try_from(label).ok()).collect(),
        Err(_) => vec![None; vectors.len()],
    }
}

/// The vectors along their first principal components (subspace iteration on the covariance).
fn reduce(vectors: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let size = vectors[0].len();
    let mut basis: Vec<Vec<f32>> = (0..COMPONENTS)
        .map(|row| (0..size).map(|column| ((row * 7_919 + column * 104_729) % 1_009) as f32 / 504.5 - 1.0).collect())
        .collect();
    for _ in 0..30 {
        let mut next = vec![vec![0.0; size]; COMPONENTS];
        for vector in vectors {
            for (row, direction) in next.iter_mut().zip(&basis) {
                let along = dot(vector, direction);
                row.iter_mut().zip(vector).for_each(|(total, value)| *total += along * value);
            }
        }
        basis = orthonormal(next);
    }
    vectors.iter().map(|vector| basis.iter().map(|direction| dot(vector, direction)).collect()).collect()
}

fn orthonormal(rows: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    let mut done: Vec<Vec<f32>> = Vec::new();
    for mut row in rows {
        for direction in &done {
            let along = dot(&row, direction);
            row.iter_mut().zip(direction).for_each(|(value, part)| *value -= along * part);
        }
        done.push(crate::unit(row));
    }
    done
}

fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}
