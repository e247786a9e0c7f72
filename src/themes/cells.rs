//! Cells of points that lie near each other, so that the neighbours of each of very many are looked for among a part of them.
//!
//! An inverted file (Sivic and Zisserman 2003; Jégou, Douze and Schmid 2011): every point belongs to the cell whose middle is
//! nearest, and is compared with the points of that cell and of those around it. Few points are one cell: then nothing is
//! missed.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::vector::products;

/// Up to so many points are one cell, and no neighbour is missed.
const EXACT: usize = 20_000;

/// Times that the middles are moved to the points that they are nearest to.
const ROUNDS: usize = 3;

/// Cells that a point is compared with, its own among them.
const AROUND: usize = 24;

/// Points whose cell is looked for together.
const BLOCK: usize = 256;

/// Points in an order in which those of a cell stand together.
pub(super) struct Cells<'a> {
    /// The vectors in this order, unit length, one after the other.
    pub(super) vectors: Cow<'a, [f32]>,
    /// Which point stands at each position.
    pub(super) order: Vec<usize>,
    /// The positions of each cell.
    pub(super) ranges: Vec<Range<usize>>,
    /// The cells that each cell's points are compared with.
    pub(super) around: Vec<Vec<usize>>,
}

impl<'a> Cells<'a> {
    /// The cells of these vectors, all of `width` numbers and unit length (or zeros).
    pub(super) fn of(vectors: &'a [f32], width: usize) -> Self {
        let count = vectors.len() / width.max(1);
        let cells = if count <= EXACT { 1 } else { (count as f64).sqrt() as usize };
        Self::divided(vectors, width, cells)
    }

    fn divided(vectors: &'a [f32], width: usize, cells: usize) -> Self {
        let count = vectors.len() / width.max(1);
        if cells <= 1 {
            let (order, whole) = ((0..count).collect(), 0..count);
            return Self { vectors: Cow::Borrowed(vectors), order, ranges: vec![whole], around: vec![vec![0]] };
        }
        let mut middles = start(vectors, width, cells);
        for _ in 0..ROUNDS {
            middles = moved(&middles, vectors, width, &homes(vectors, &middles, width));
        }
        let homes = homes(vectors, &middles, width);
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&point| homes[point]);
        let from = |cell: usize| order.partition_point(|&point| homes[point] < cell);
        let ranges = (0..cells).map(|cell| from(cell)..from(cell + 1)).collect();
        let sorted: Vec<f32> = order.iter().flat_map(|&point| row(vectors, width, point)).copied().collect();
        Self { vectors: Cow::Owned(sorted), order, ranges, around: around(&middles, width) }
    }
}

fn row(vectors: &[f32], width: usize, at: usize) -> &[f32] {
    &vectors[at * width..][..width]
}

/// The first middles: points at even distances in the order of all.
fn start(vectors: &[f32], width: usize, cells: usize) -> Vec<f32> {
    let count = vectors.len() / width;
    (0..cells).flat_map(|cell| row(vectors, width, cell * count / cells)).copied().collect()
}

/// The cell of each point: that of the nearest middle, the first of equals.
fn homes(vectors: &[f32], middles: &[f32], width: usize) -> Vec<usize> {
    let cells = middles.len() / width;
    let blocks = vectors.par_chunks(BLOCK * width).map(|rows| {
        let mut scores = vec![0.0; rows.len() / width * cells];
        products(rows, middles, width, &mut scores);
        scores.chunks_exact(cells).map(|scores| ranked(scores)[0]).collect::<Vec<usize>>()
    });
    blocks.collect::<Vec<_>>().concat()
}

/// The middles of the points that are at home in each cell; one without points stays where it is.
fn moved(middles: &[f32], vectors: &[f32], width: usize, homes: &[usize]) -> Vec<f32> {
    let mut sums = vec![0.0_f32; middles.len()];
    for (point, home) in homes.iter().enumerate() {
        let sum = &mut sums[home * width..][..width];
        sum.iter_mut().zip(row(vectors, width, point)).for_each(|(sum, value)| *sum += value);
    }
    for (sum, old) in sums.chunks_exact_mut(width).zip(middles.chunks_exact(width)) {
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|value| *value /= length);
        } else {
            sum.copy_from_slice(old);
        }
    }
    sums
}

/// For each cell those whose middles are nearest to its own, itself first.
fn around(middles: &[f32], width: usize) -> Vec<Vec<usize>> {
    let cells = middles.len() / width;
    let mut scores = vec![0.0; cells * cells];
    products(middles, middles, width, &mut scores);
    let nearest = |(cell, scores): (usize, &mut [f32])| {
        scores[cell] = f32::INFINITY;
        let mut near = ranked(scores);
        near.truncate(AROUND);
        near
    };
    scores.chunks_exact_mut(cells).enumerate().map(nearest).collect()
}

/// The positions of the scores, the highest first, the first of equals first.
fn ranked(scores: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&left, &right| scores[right].total_cmp(&scores[left]).then(left.cmp(&right)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::dot;

    const WIDTH: usize = 16;

    /// Points around 40 places, as texts lie around what they are about.
    fn vectors(count: usize) -> Vec<f32> {
        let noise = |seed: usize| ((seed.wrapping_mul(2_654_435_761) >> 7) % 2_003) as f32 / 1_001.5 - 1.0;
        let point = |number: usize| {
            let vector: Vec<f32> =
                (0..WIDTH).map(|at| noise(number % 40 * WIDTH + at) + 0.4 * noise(number * 31 + at + 77_777)).collect();
            let length = dot(&vector, &vector).sqrt();
            vector.into_iter().map(move |value| value / length).collect::<Vec<f32>>()
        };
        (0..count).flat_map(point).collect()
    }

    #[test]
    fn few_points_are_one_cell() {
        let vectors = vectors(30);
        let cells = Cells::of(&vectors, WIDTH);
        assert_eq!((cells.order, cells.around), ((0..30).collect(), vec![vec![0]]));
        assert!(cells.ranges.iter().eq([&(0..30)]));
        assert!(Cells::of(&[], 0).order.is_empty());
    }

    #[test]
    fn every_point_is_in_one_cell_and_near_ones_are_around() {
        let vectors = vectors(4_000);
        let cells = Cells::divided(&vectors, WIDTH, 63);
        let mut order = cells.order.clone();
        order.sort_unstable();
        assert_eq!(order, (0..4_000).collect::<Vec<_>>());
        assert_eq!((cells.ranges[0].start, cells.ranges[62].end), (0, 4_000));
        assert!(cells.ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        let mut seen = 0;
        for (cell, range) in cells.ranges.iter().enumerate() {
            assert_eq!(cells.around[cell][0], cell);
            for at in range.clone().step_by(20) {
                let own = row(&cells.vectors, WIDTH, at);
                assert_eq!(own, row(&vectors, WIDTH, cells.order[at]));
                let score = |other: usize| if other == at { -1.0 } else { dot(own, row(&cells.vectors, WIDTH, other)) };
                let nearest = (0..4_000).max_by(|&left, &right| score(left).total_cmp(&score(right))).expect("one");
                seen += usize::from(cells.around[cell].iter().any(|near| cells.ranges[*near].contains(&nearest)));
            }
        }
        assert!(seen >= 190, "{seen} of about 200 have their nearest in the cells around");
    }
}
