//! Minimises a smooth function by limited-memory BFGS.
//!
//! Deterministic: the same function and start give the same bytes.

/// How many past steps shape the next one.
const MEMORY: usize = 10;

/// Share of the slope that a step must gain (Armijo).
const SUFFICIENT: f64 = 1e-4;

/// How often a step is halved before the search gives up.
const MAX_HALVINGS: usize = 30;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    /// At most so many steps.
    pub(super) max_steps: usize,
    /// When no component of the gradient is larger.
    pub(super) gradient: f64,
}

/// Walks from `start` to a minimum of `function`, which returns its value and writes its gradient into the slice.
pub(super) fn minimise(start: Vec<f64>, stop: Stop, mut function: impl FnMut(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let mut point = start;
    let mut gradient = vec![0.0; point.len()];
    let mut value = function(&point, &mut gradient);
    let mut past = Past::default();
    for _ in 0..stop.max_steps {
        if gradient.iter().all(|component| component.abs() <= stop.gradient) {
            break;
        }
        let mut direction = past.direction(&gradient);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            past = Past::default();
            direction = gradient.iter().map(|component| -component).collect();
            slope = dot(&direction, &gradient);
        }
        let first = if past.steps.is_empty() { 1.0 / slope.abs().sqrt().max(1.0) } else { 1.0 };
        let Some((next, next_gradient, next_value)) = search(&point, value, &direction, slope, first, &mut function)
        else {
            break;
        };
        past.remember(difference(&next, &point), difference(&next_gradient, &gradient));
        (point, gradient, value) = (next, next_gradient, next_value);
    }
    point
}

type Found = (Vec<f64>, Vec<f64>, f64);

/// Halves the step until it gains enough.
fn search(
    point: &[f64],
    value: f64,
    direction: &[f64],
    slope: f64,
    first: f64,
    mut function: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Option<Found> {
    let mut gradient = vec![0.0; point.len()];
    let mut step = first;
    for _ in 0..MAX_HALVINGS {
        let next: Vec<f64> = point.iter().zip(direction).map(|(at, towards)| at + step * towards).collect();
        let next_value = function(&next, &mut gradient);
        if next_value <= value + SUFFICIENT * step * slope {
            return Some((next, gradient, next_value));
        }
        step *= 0.5;
    }
    None
}

/// The last steps and how the gradient changed along them.
#[derive(Default)]
struct Past {
    steps: Vec<(Vec<f64>, Vec<f64>, f64)>,
}

impl Past {
    fn remember(&mut self, step: Vec<f64>, change: Vec<f64>) {
        let curvature = dot(&step, &change);
        if curvature <= 1e-12 {
            return;
        }
        if self.steps.len() == MEMORY {
            self.steps.remove(0);
        }
        self.steps.push((step, change, curvature));
    }

    /// The two-loop recursion: the inverse curvature times the gradient, downhill.
    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut direction: Vec<f64> = gradient.iter().map(|component| -component).collect();
        let mut shares = Vec::with_capacity(self.steps.len());
        for (step, change, curvature) in self.steps.iter().rev() {
            let share = dot(step, &direction) / curvature;
            add(&mut direction, -share, change);
            shares.push(share);
        }
        if let Some((_, change, curvature)) = self.steps.last() {
            let scale = curvature / dot(change, change);
            direction.iter_mut().for_each(|component| *component *= scale);
        }
        for ((step, change, curvature), share) in self.steps.iter().zip(shares.iter().rev()) {
            let back = dot(change, &direction) / curvature;
            add(&mut direction, share - back, step);
        }
        direction
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn difference(left: &[f64], right: &[f64]) -> Vec<f64> {
    left.iter().zip(right).map(|(left, right)| left - right).collect()
}

fn add(into: &mut [f64], factor: f64, what: &[f64]) {
    into.iter_mut().zip(what).for_each(|(into, what)| *into += factor * what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottom_of_a_curved_valley_is_found() {
        let rosenbrock = |at: &[f64], gradient: &mut [f64]| {
            let (x, y) = (at[0], at[1]);
            gradient[0] = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x);
            gradient[1] = 200.0 * (y - x * x);
            (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
        };
        let found = minimise(vec![-1.2, 1.0], Stop { max_steps: 500, gradient: 1e-8 }, rosenbrock);
        assert!((found[0] - 1.0).abs() < 1e-5 && (found[1] - 1.0).abs() < 1e-5, "{found:?}");
    }
}
