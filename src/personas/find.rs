//! How many groups there are, who is in them, or why there are none.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::features::{Features, Point};
use super::mixture::{Mixture, Sample, fit};
use super::stability::stability;
use super::{CHANCE, Customer, MAX_PERSONAS, MIN_CUSTOMERS, MIN_GROUP, MIN_RECORDS, STABLE, STABLE_GROUP};
use crate::feedback::CustomerId;
use crate::statistics::Random;

/// Groups are looked for among so many customers at most, drawn by lot; the others are then placed.
const MOST: usize = 2_000;

/// How often the subjects of all records are dealt out anew.
const DEALS: u64 = 60;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Groups.
    Found(Found),
    /// None, and why.
    Refused {
        /// Why.
        refusal: Refusal,
        /// How well each number of groups did.
        tried: Vec<Tried>,
    },
}

/// Groups of customers, the largest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The groups.
    pub groups: Vec<Group>,
    /// How well each number of groups did.
    pub tried: Vec<Tried>,
}

/// Customers whose habits go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its members by id, each with the probability that they belong here, 0 to 1.
    pub members: Vec<(CustomerId, f64)>,
    /// How surely the group comes back in bootstraps (mean Jaccard index), 0 to 1.
    pub stability: f64,
}

/// How well a number of groups did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// How many groups.
    pub groups: usize,
    /// Mean adjusted Rand index with bootstraps, at most 1.
    pub stability: f64,
    /// That of the group that comes back least surely (mean Jaccard index), 0 to 1.
    pub weakest: f64,
    /// Customers in the smallest group, of those among whom groups were looked for.
    pub smallest: usize,
    /// How probable groups as clear are where customers don't differ in what they write about, 0 to 1; none if that was
    /// not asked because they are not stable.
    pub chance: Option<f64>,
}

/// Why there are no personas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// Too few customers have records enough to show habits.
    TooFewCustomers {
        /// How many there are.
        customers: usize,
        /// How many there must be.
        needed: usize,
    },
    /// Customers differ no more than chance makes them.
    OneCloud {
        /// How probable the clearest groups are by chance, 0 to 1.
        chance: f64,
    },
    /// There are groups, but which depends on who was asked.
    Unstable {
        /// The best mean adjusted Rand index with bootstraps.
        stability: f64,
        /// What it must be.
        needed: f64,
    },
    /// The stable groups are too small to say anything of.
    TooSmall {
        /// Customers in the smallest.
        customers: usize,
        /// How many there must be.
        needed: usize,
    },
}

impl Refusal {
    /// Its name in the API and in messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooFewCustomers { .. } => "too_few_customers",
            Self::OneCloud { .. } => "one_cloud",
            Self::Unstable { .. } => "unstable",
            Self::TooSmall { .. } => "too_small",
        }
    }
}

/// A number of groups and the classes behind it.
struct Attempt {
    tried: Tried,
    mixture: Mixture,
    gain: f64,
    stabilities: Vec<f64>,
}

/// Looks for two to four groups among those customers who have [`MIN_RECORDS`] records or more.
#[must_use]
pub fn find(customers: &[Customer]) -> Outcome {
    let mut known: Vec<Customer> =
        customers.iter().filter(|customer| customer.records.len() >= MIN_RECORDS).cloned().collect();
    known.sort_by(|left, right| left.id.cmp(&right.id));
    if known.len() < MIN_CUSTOMERS {
        let refusal = Refusal::TooFewCustomers { customers: known.len(), needed: MIN_CUSTOMERS };
        return Outcome::Refused { refusal, tried: Vec::new() };
    }
    let drawn = drawn(&known);
    let all = Features::of(&known);
    let features = all.only(&drawn);
    let points = features.points();
    let times = vec![1.0; points.len()];
    let sample = Sample { points: &points, times: &times, starts: &features.starts };
    let mut attempts: Vec<Attempt> = (2..=MAX_PERSONAS).filter_map(|groups| attempt(sample, groups)).collect();
    for attempt in attempts.iter_mut().filter(|attempt| stable(&attempt.tried) && large(&attempt.tried)) {
        attempt.tried.chance = Some(chance(&features, attempt));
    }
    let tried = |attempts: &[Attempt]| attempts.iter().map(|attempt| attempt.tried.clone()).collect::<Vec<_>>();
    match chosen(&attempts) {
        Some(at) => {
            let tried = tried(&attempts);
            let groups = groups(&known, &all.points(), &attempts[at]);
            Outcome::Found(Found { groups, tried })
        }
        None => {
            let refusal = refusal(&features, &mut attempts);
            Outcome::Refused { refusal, tried: tried(&attempts) }
        }
    }
}

/// Which customers are looked at, in order.
fn drawn(customers: &[Customer]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..customers.len()).collect();
    if order.len() > MOST {
        Random::new(2_027).shuffle(&mut order);
        order.truncate(MOST);
        order.sort_unstable();
    }
    order
}

fn attempt(sample: Sample<'_>, count: usize) -> Option<Attempt> {
    let one = fit(sample, 1, 1)?;
    let found = fit(sample, count, 1)?;
    let classes: Vec<usize> = sample.points.iter().map(|point| found.mixture.class(point).0).collect();
    let size = |class: usize| classes.iter().filter(|own| **own == class).count();
    let stability = stability(sample, &classes, count);
    Some(Attempt {
        tried: Tried {
            groups: count,
            stability: stability.whole,
            weakest: stability.groups.iter().copied().fold(1.0, f64::min),
            smallest: (0..count).map(size).min().unwrap_or_default(),
            chance: None,
        },
        gain: found.likelihood - one.likelihood,
        mixture: found.mixture,
        stabilities: stability.groups,
    })
}

fn stable(tried: &Tried) -> bool {
    tried.stability >= STABLE && tried.weakest >= STABLE_GROUP
}

fn large(tried: &Tried) -> bool {
    tried.smallest >= MIN_GROUP
}

/// How probable it is that groups explain as much where what customers write about is chance: a permutation test
/// (Pitman 1937), in which each customer keeps how much they write, where, and in which language.
fn chance(features: &Features, attempt: &Attempt) -> f64 {
    let as_clear = (0..DEALS).into_par_iter().filter(|deal| {
        let dealt = features.shuffled(&mut Random::new(15_485_863 + deal));
        let points = dealt.points();
        let times = vec![1.0; points.len()];
        let sample = Sample { points: &points, times: &times, starts: &dealt.starts };
        let gain = |groups| fit(sample, groups, 1).map(|fit| fit.likelihood);
        match (gain(attempt.tried.groups), gain(1)) {
            (Some(several), Some(one)) => several - one >= attempt.gain,
            _ => true,
        }
    });
    (as_clear.count() + 1) as f64 / (DEALS + 1) as f64
}

/// The largest number of groups that passes every check, as Tibshirani and Walther (2005, "Cluster validation by
/// prediction strength") choose: a coarser division of real groups is always stable, too.
fn chosen(attempts: &[Attempt]) -> Option<usize> {
    let passes = |attempt: &Attempt| {
        stable(&attempt.tried) && large(&attempt.tried) && attempt.tried.chance.is_some_and(|chance| chance <= CHANCE)
    };
    attempts.iter().rposition(passes)
}

/// Why none of them passes, told of the most stable.
fn refusal(features: &Features, attempts: &mut [Attempt]) -> Refusal {
    let best = attempts.iter_mut().max_by(|left, right| left.tried.stability.total_cmp(&right.tried.stability));
    let Some(best) = best else { return Refusal::Unstable { stability: 0.0, needed: STABLE } };
    if stable(&best.tried) && !large(&best.tried) {
        return Refusal::TooSmall { customers: best.tried.smallest, needed: MIN_GROUP };
    }
    let chance = best.tried.chance.unwrap_or_else(|| chance(features, best));
    best.tried.chance = Some(chance);
    if chance > CHANCE {
        return Refusal::OneCloud { chance };
    }
    Refusal::Unstable { stability: best.tried.stability, needed: STABLE }
}

/// All customers by their likeliest class, the largest group first.
fn groups(customers: &[Customer], points: &[Point], attempt: &Attempt) -> Vec<Group> {
    let mut groups: Vec<Group> =
        attempt.stabilities.iter().map(|stability| Group { members: Vec::new(), stability: *stability }).collect();
    for (customer, point) in customers.iter().zip(points) {
        let (class, likely) = attempt.mixture.class(point);
        groups[class].members.push((customer.id.clone(), likely));
    }
    groups.sort_by(|left, right| {
        right.members.len().cmp(&left.members.len()).then_with(|| first(left).cmp(&first(right)))
    });
    groups
}

fn first(group: &Group) -> Option<&CustomerId> {
    group.members.first().map(|(id, _)| id)
}
