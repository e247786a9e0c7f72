//! Customers as counts of what they did, ready to be compared.
//!
//! Each record counts once in each kind of behaviour that is known of it; what is unknown counts nowhere, so silence
//! makes nobody alike. A kind's weight says how much of the evidence it is worth:
//!
//! | kind | weight | because |
//! |---|---|---|
//! | theme | 1 | what somebody needs is what they write about |
//! | feeling | 1 | and how it went |
//! | channel | 0.5 | people stick to channels whatever they write about |
//! | touchpoint | 0.5 | it says in part what the theme says |
//! | rating | 0.5 | it says in part what the feeling says, and few give one |
//! | language and dialect | 0.25 | nobody should be told apart by how they speak alone |
//! | how much, how lately | 0.25 | so that it tips the balance between likes only |
//!
//! The records of one customer are alike for reasons that no group explains, so many of them count less than so many
//! customers with one each: `n` records count as `n · (1 + h) / (n + h)`, `h` being [`HALF`].

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Customer;
use super::customer::Record;
use crate::statistics::Random;

/// Kinds of behaviour that a record shows: those of its subject first, then those of its way.
const KINDS: usize = 6;

/// The first of these kinds are the record's subject: theme, feeling, touchpoint, rating.
const SUBJECT: usize = 4;

/// Weights of theme, feeling, touchpoint, rating; channel, language; then of how much and how lately.
const WEIGHTS: [f64; KINDS + 2] = [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25];

/// A customer's records never count for more than one and this together.
const HALF: f64 = 8.0;

/// Upper ends of the classes of how much somebody wrote, in records; above them is one more class.
const VOLUMES: [usize; 3] = [2, 4, 8];

/// Upper ends of the classes of how lately, in days before the last record of all; above them is one more.
const DAYS: [i64; 3] = [7, 30, 90];

/// What was counted of one customer: dimension and weighted count, by dimension.
pub(super) type Point = Vec<(usize, f64)>;

/// All customers in numbers.
#[derive(Clone, Debug)]
pub(super) struct Features {
    /// By customer, the dimensions that each of their records counts in.
    records: Vec<Vec<[Option<usize>; KINDS]>>,
    /// By customer, the classes of how much and how lately.
    habits: Vec<[usize; 2]>,
    /// Where each kind of behaviour begins among the dimensions, and where the last ends.
    pub(super) starts: Vec<usize>,
}

impl Features {
    /// Counts these customers.
    pub(super) fn of(customers: &[Customer]) -> Self {
        let mut names: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); KINDS];
        for record in customers.iter().flat_map(|customer| &customer.records) {
            for (names, name) in names.iter_mut().zip(behaviour(record)) {
                if let Some(name) = name {
                    names.insert(name, 0);
                }
            }
        }
        let mut starts = vec![0];
        let mut next = 0;
        for kind in &mut names {
            for number in kind.values_mut() {
                *number = next;
                next += 1;
            }
            starts.push(next);
        }
        starts.extend([next + VOLUMES.len() + 1, next + VOLUMES.len() + DAYS.len() + 2]);
        let coded = |record: &Record| {
            let mut codes = [None; KINDS];
            for ((code, names), name) in codes.iter_mut().zip(&names).zip(behaviour(record)) {
                *code = name.and_then(|name| names.get(&name).copied());
            }
            codes
        };
        let last = customers.iter().flat_map(|customer| &customer.records).map(|record| record.at).max();
        let habits = |customer: &Customer| {
            let [volume, recency] = habits(customer, last.unwrap_or_default());
            [next + volume, next + VOLUMES.len() + 1 + recency]
        };
        Self {
            records: customers.iter().map(|customer| customer.records.iter().map(coded).collect()).collect(),
            habits: customers.iter().map(habits).collect(),
            starts,
        }
    }

    /// Only these of the customers.
    pub(super) fn only(&self, chosen: &[usize]) -> Self {
        Self {
            records: chosen.iter().map(|at| self.records[*at].clone()).collect(),
            habits: chosen.iter().map(|at| self.habits[*at]).collect(),
            starts: self.starts.clone(),
        }
    }

    /// The customers' weighted counts.
    pub(super) fn points(&self) -> Vec<Point> {
        self.records.iter().zip(&self.habits).map(|(records, habits)| self.point(records, *habits)).collect()
    }

    fn point(&self, records: &[[Option<usize>; KINDS]], habits: [usize; 2]) -> Point {
        let n = records.len() as f64;
        let each = (1.0 + HALF) / (n + HALF);
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for codes in records {
            for (code, weight) in codes.iter().zip(WEIGHTS) {
                if let Some(code) = code {
                    *counts.entry(*code).or_default() += each * weight;
                }
            }
        }
        for (code, weight) in habits.into_iter().zip(&WEIGHTS[KINDS..]) {
            counts.insert(code, *weight);
        }
        counts.into_iter().collect()
    }

    /// The same customers if what they wrote about were chance: each keeps how much they wrote, where and in which
    /// language, but the subjects of all records are dealt out anew.
    pub(super) fn shuffled(&self, random: &mut Random) -> Self {
        let mut subjects: Vec<[Option<usize>; KINDS]> = self.records.iter().flatten().copied().collect();
        random.shuffle(&mut subjects);
        let mut subjects = subjects.into_iter();
        let mut all = self.clone();
        for own in all.records.iter_mut().flatten() {
            if let Some(other) = subjects.next() {
                own[..SUBJECT].copy_from_slice(&other[..SUBJECT]);
            }
        }
        all
    }
}

/// The names of what a record shows, in the order of the weights.
fn behaviour(record: &Record) -> [Option<String>; KINDS] {
    let tongue = match record.dialect {
        Some(dialect) => format!("{}/{dialect}", record.language),
        None => record.language.to_string(),
    };
    [
        record.theme.map(|theme| theme.to_string()),
        record.feeling.map(|feeling| feeling.to_string()),
        record.touchpoint.as_ref().map(ToString::to_string),
        record.rating.map(|rating| {
            // thirds of the method's own range, so that methods can stand side by side
            let (low, high) = rating.method().range();
            ((rating.value() - low) * 3 / (high - low + 1)).to_string()
        }),
        Some(record.channel.to_string()),
        Some(tongue),
    ]
}

/// The classes of how much somebody wrote and how lately.
fn habits(customer: &Customer, last: DateTime<Utc>) -> [usize; 2] {
    let count = customer.records.len();
    let days = customer.records.last().map_or(i64::MAX, |record| (last - record.at).num_days());
    [VOLUMES.partition_point(|end| *end < count), DAYS.partition_point(|end| *end < days)]
}
