//! Latent classes: customers of one class do the same things equally often.
//!
//! A mixture of multinomials, one for each kind of behaviour (Lazarsfeld and Henry 1968), fitted by expectation and
//! maximisation (Goodman 1974). It suits what we have better than distances do: counts are few and of many categories,
//! who wrote little is placed less surely, what is unknown has no say, and behaviour that does not tell classes apart
//! drops out by itself.
//!
//! Measured against k-means on square roots of shares with the same weights, on populations of 160 customers like those
//! of the tests, the number of groups given (mean adjusted Rand index with the planted ones, latent classes / k-means):
//! 0.91 / 0.92 where three quarters of the records follow a kind's habits and 0.82 / 0.82 where 65 % do; 0.83 / 0.83 and
//! 0.66 / 0.61 where each customer also has a channel and a language of their own.

use super::features::Point;
use crate::statistics::Random;

/// As much as so many records each class is drawn towards all customers, so that no category is impossible.
const PRIOR: f64 = 3.0;

/// Fits are begun so often from other places; the best is taken.
const STARTS: u64 = 6;

/// The most rounds of one fit.
const ROUNDS: usize = 60;

/// A fit has arrived when a round improves it by less than this, per customer.
const ARRIVED: f64 = 1e-5;

/// Customers' counts, and how often each customer is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample<'a> {
    pub(super) points: &'a [Point],
    /// 1 for each, or how often a bootstrap drew them.
    pub(super) times: &'a [f64],
    /// Where each kind of behaviour begins, and where the last ends.
    pub(super) starts: &'a [usize],
}

/// Classes and how often each behaviour is seen in them.
#[derive(Clone, Debug)]
pub(super) struct Mixture {
    /// Logarithm of each class's share.
    shares: Vec<f64>,
    /// By class, the logarithm of each category's share among its kind.
    behaviour: Vec<Vec<f64>>,
}

/// A mixture and how well it explains its sample.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub(super) mixture: Mixture,
    /// Log-likelihood of the sample, by which fits of several numbers of classes are compared.
    pub(super) likelihood: f64,
    /// The same with the prior, which is what is maximised.
    objective: f64,
}

/// The best of several fits of `classes` classes; the seed fixes where they begin.
pub(super) fn fit(sample: Sample<'_>, classes: usize, seed: u64) -> Option<Fit> {
    let overall = overall(sample);
    let starts = if classes == 1 { 1 } else { STARTS };
    let fits = (0..starts).map(|start| {
        let mut random = Random::new(seed.wrapping_mul(1_009).wrapping_add(start));
        fit_once(sample, classes, &overall, &mut random)
    });
    fits.reduce(|best, other| if other.objective > best.objective { other } else { best })
}

impl Mixture {
    /// The likeliest class of a customer, and how likely it is, 0 to 1.
    pub(super) fn class(&self, point: &Point) -> (usize, f64) {
        let mut chances = vec![0.0; self.shares.len()];
        self.chances(point, &mut chances);
        let best = (0..chances.len()).fold(0, |best, at| if chances[at] > chances[best] { at } else { best });
        (best, chances[best])
    }

    /// How likely each class is for a customer; gives the logarithm of the customer's own likelihood.
    fn chances(&self, point: &Point, chances: &mut [f64]) -> f64 {
        for ((chance, share), behaviour) in chances.iter_mut().zip(&self.shares).zip(&self.behaviour) {
            *chance = share + point.iter().map(|(at, count)| count * behaviour[*at]).sum::<f64>();
        }
        let most = chances.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut total = 0.0;
        for chance in chances.iter_mut() {
            *chance = (*chance - most).exp();
            total += *chance;
        }
        for chance in chances.iter_mut() {
            *chance /= total;
        }
        most + total.ln()
    }
}

/// How often each category is seen among its kind, over all customers.
fn overall(sample: Sample<'_>) -> Vec<f64> {
    let mut counts = vec![0.0; sample.starts.last().copied().unwrap_or_default()];
    for (point, times) in sample.points.iter().zip(sample.times) {
        for (at, count) in point {
            counts[*at] += count * times;
        }
    }
    for kind in sample.starts.windows(2) {
        let total: f64 = counts[kind[0]..kind[1]].iter().sum();
        let categories = kind[1] - kind[0];
        for count in &mut counts[kind[0]..kind[1]] {
            // what a bootstrap never drew may still be asked for
            *count = (*count + 0.5) / (total + 0.5 * categories as f64);
        }
    }
    counts
}

fn fit_once(sample: Sample<'_>, classes: usize, overall: &[f64], random: &mut Random) -> Fit {
    let mut chances = begin(sample, classes, random);
    let customers: f64 = sample.times.iter().sum();
    let mut last = f64::NEG_INFINITY;
    let mut round = 0;
    loop {
        let mixture = maximise(sample, classes, overall, &chances);
        let mut likelihood = 0.0;
        for ((point, times), chances) in sample.points.iter().zip(sample.times).zip(chances.chunks_mut(classes)) {
            likelihood += times * mixture.chances(point, chances);
        }
        let prior = |behaviour: &Vec<f64>| -> f64 {
            behaviour.iter().zip(overall).map(|(log, share)| PRIOR * share * log).sum()
        };
        let objective = likelihood + mixture.behaviour.iter().map(prior).sum::<f64>();
        round += 1;
        if round == ROUNDS || objective - last < ARRIVED * customers {
            return Fit { mixture, likelihood, objective };
        }
        last = objective;
    }
}

/// Which class each customer begins in: that of the likest of some customers drawn far from each other
/// (k-means++, Arthur and Vassilvitskii 2007, on Hellinger distances).
fn begin(sample: Sample<'_>, classes: usize, random: &mut Random) -> Vec<f64> {
    let roots: Vec<Point> = sample.points.iter().map(root).collect();
    let mut nearest = vec![(f64::MAX, 0); roots.len()];
    let mut weights = sample.times.to_vec();
    for class in 0..classes {
        let Some(seed) = draw(&weights, random).and_then(|at| roots.get(at)) else { break };
        for (((distance, own), root), (weight, times)) in
            nearest.iter_mut().zip(&roots).zip(weights.iter_mut().zip(sample.times))
        {
            let apart = (1.0 - overlap(seed, root)).max(0.0);
            if apart < *distance {
                (*distance, *own) = (apart, class);
            }
            *weight = times * *distance;
        }
    }
    let mut chances = vec![0.1; roots.len() * classes];
    for (chances, (_, own)) in chances.chunks_mut(classes).zip(&nearest) {
        chances[*own] = 1.0;
        let total: f64 = chances.iter().sum();
        chances.iter_mut().for_each(|chance| *chance /= total);
    }
    chances
}

/// Square roots of the shares of a customer's counts: their dot product is 1 for the same behaviour, 0 for none shared.
fn root(point: &Point) -> Point {
    let total: f64 = point.iter().map(|(_, count)| count).sum();
    point.iter().map(|(at, count)| (*at, (count / total).sqrt())).collect()
}

fn overlap(left: &Point, right: &Point) -> f64 {
    let mut sum = 0.0;
    let mut right = right.iter().peekable();
    for (at, value) in left {
        while right.next_if(|(other, _)| other < at).is_some() {}
        if let Some((_, other)) = right.next_if(|(other, _)| other == at) {
            sum += value * other;
        }
    }
    sum
}

/// A place drawn by weight; none if nothing weighs anything.
fn draw(weights: &[f64], random: &mut Random) -> Option<usize> {
    let total: f64 = weights.iter().sum();
    let mut left = random.share() * total;
    let mut last = None;
    for (at, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        last = Some(at);
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// The likeliest mixture where each customer belongs to the classes by these chances.
fn maximise(sample: Sample<'_>, classes: usize, overall: &[f64], chances: &[f64]) -> Mixture {
    let mut shares = vec![1.0; classes];
    let mut behaviour = vec![overall.iter().map(|share| PRIOR * share).collect::<Vec<f64>>(); classes];
    for ((point, times), chances) in sample.points.iter().zip(sample.times).zip(chances.chunks(classes)) {
        for ((share, behaviour), chance) in shares.iter_mut().zip(&mut behaviour).zip(chances) {
            let weight = chance * times;
            *share += weight;
            for (at, count) in point {
                behaviour[*at] += weight * count;
            }
        }
    }
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share = (*share / total).ln());
    for behaviour in &mut behaviour {
        for kind in sample.starts.windows(2) {
            let total: f64 = behaviour[kind[0]..kind[1]].iter().sum();
            behaviour[kind[0]..kind[1]].iter_mut().for_each(|count| *count = (*count / total).ln());
        }
    }
    Mixture { shares, behaviour }
}
