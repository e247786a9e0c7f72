//! Where to draw themes so that those that say alike lie near each other.
//!
//! Classical scaling (Torgerson 1952): the two directions along which the centred cosines of the centres differ most.

use super::Centre;
use crate::vector::dot;

/// Steps of the power method; directions as near as those of themes are told apart long before.
const STEPS: usize = 200;

/// A place for each of the centres, in both directions −1 to 1 and 0 on average; the same centres give the same map.
#[must_use]
pub fn map(centres: &[&Centre]) -> Vec<(f32, f32)> {
    let mut alike = centred(&cosines(centres));
    let (across, up) = (direction(&mut alike), direction(&mut alike));
    let most = across.iter().chain(&up).fold(f32::EPSILON, |most, value| most.max(value.abs()));
    across.into_iter().zip(up).map(|(x, y)| (x / most, y / most)).collect()
}

fn cosines(centres: &[&Centre]) -> Vec<Vec<f32>> {
    let length = |centre: &Centre| dot(&centre.probe, &centre.probe).sqrt().max(f32::EPSILON);
    let cosine = |left: &Centre, right: &Centre| {
        let fits = left.probe.len() == right.probe.len();
        if fits { dot(&left.probe, &right.probe) / (length(left) * length(right)) } else { 0.0 }
    };
    centres.iter().map(|left| centres.iter().map(|right| cosine(left, right)).collect()).collect()
}

/// The matrix without the means of its rows and columns.
fn centred(matrix: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let count = matrix.len().max(1) as f32;
    let means: Vec<f32> = matrix.iter().map(|row| row.iter().sum::<f32>() / count).collect();
    let all = means.iter().sum::<f32>() / count;
    let row = |(row, mean): (&Vec<f32>, &f32)| {
        row.iter().zip(&means).map(|(value, other)| value - mean - other + all).collect()
    };
    matrix.iter().zip(&means).map(row).collect()
}

/// The direction of the most spread, as long as the spread is wide, which is taken out of the matrix.
fn direction(matrix: &mut [Vec<f32>]) -> Vec<f32> {
    // no theme's own direction, and none that the mean would take away
    let mut along: Vec<f32> = (0..matrix.len()).map(|at| 1.0 / (at as f32 + 1.0)).collect();
    let mut spread = 0.0;
    for _ in 0..STEPS {
        let next: Vec<f32> = matrix.iter().map(|row| row.iter().zip(&along).map(|(a, b)| a * b).sum()).collect();
        spread = next.iter().map(|value| value * value).sum::<f32>().sqrt();
        if spread <= f32::EPSILON {
            return vec![0.0; matrix.len()];
        }
        along = next.into_iter().map(|value| value / spread).collect();
    }
    for (row, left) in matrix.iter_mut().zip(&along) {
        row.iter_mut().zip(&along).for_each(|(value, right)| *value -= spread * left * right);
    }
    along.into_iter().map(|value| value * spread.sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre(degrees: f32) -> Centre {
        let angle = degrees.to_radians();
        Centre { probe: vec![2.0 * angle.cos(), 2.0 * angle.sin(), 0.5], ..Centre::default() }
    }

    #[test]
    fn what_is_alike_lies_near() {
        let centres: Vec<Centre> = [0.0, 10.0, 120.0, 130.0, 240.0, 250.0].into_iter().map(centre).collect();
        let places = map(&centres.iter().collect::<Vec<_>>());
        let far = |left: usize, right: usize| {
            let ((x, y), (z, w)) = (places[left], places[right]);
            ((x - z).powi(2) + (y - w).powi(2)).sqrt()
        };
        for pair in [(0, 1), (2, 3), (4, 5)] {
            let others = (0..6).filter(|other| *other != pair.0 && *other != pair.1);
            assert!(others.clone().all(|other| far(pair.0, other) > 2.0 * far(pair.0, pair.1)), "{places:?}");
        }
        assert!(places.iter().all(|(x, y)| x.abs() <= 1.0 && y.abs() <= 1.0));
        assert_eq!(map(&centres.iter().collect::<Vec<_>>()), places);
    }

    #[test]
    fn none_one_and_equal_ones_are_no_trouble() {
        assert_eq!(map(&[]), []);
        let (one, other) = (centre(30.0), Centre::default());
        assert_eq!(map(&[&one]), [(0.0, 0.0)]);
        assert!(map(&[&one, &one, &one]).iter().all(|(x, y)| x.is_finite() && y.is_finite()));
        assert_eq!(map(&[&one, &other]).len(), 2);
    }
}
