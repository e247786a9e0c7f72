//! One line of a card: how many customers of the group show something, and the records that show it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::customer::Record;
use super::{Customer, MAX_EVIDENCE};
use crate::feedback::{FeedbackId, SentimentLabel, names};
use crate::statistics::{Interval, two_sided, wilson};

names! {
    /// What a line is about, and so how it is told.
    Aspect, "aspect", {
        /// What they ask for: the themes of their questions and requests.
        Needs = "needs",
        /// What goes wrong for them: the themes of what they write unhappily.
        Pains = "pains",
        /// How they feel: the sentiment of what they write.
        Feelings = "feelings",
        /// What they hold should be so, or were promised: the themes of what says so.
        Expectations = "expectations",
        /// What they write about, however they feel.
        Topics = "topics",
        /// Where they reach the company.
        Channels = "channels",
        /// Which interactions they write about.
        Touchpoints = "touchpoints",
        /// What they write in.
        Languages = "languages",
        /// Which kind of Arabic they write.
        Dialects = "dialects",
        /// How their ratings were asked for: what numbers there are of them.
        Ratings = "ratings",
        /// What they say far more often than others.
        Words = "words",
    }
}

/// A share of customers, with what it is a share of and where it lies with 95 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proportion {
    /// So many customers.
    pub n: u64,
    /// Of so many.
    pub of: u64,
    /// The one by the other, 0 to 1; 0 of none.
    pub share: f64,
    /// Wilson's score interval of it (1927).
    pub interval: Interval,
}

impl Proportion {
    /// `n` of `of`.
    #[must_use]
    pub fn new(n: u64, of: u64) -> Self {
        let share = if of == 0 { 0.0 } else { n as f64 / of as f64 };
        Self { n, of, share, interval: wilson(n, of) }
    }

    /// How probable it is that two shares as different as these are one, in which chance alone differs
    /// (the test of two proportions with pooled variance).
    pub(super) fn same_as(&self, other: &Self) -> f64 {
        let (n, m) = (self.of as f64, other.of as f64);
        if n == 0.0 || m == 0.0 {
            return 1.0;
        }
        let pooled = (self.n + other.n) as f64 / (n + m);
        let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
        if error > 0.0 { two_sided((self.share - other.share) / error) } else { 1.0 }
    }
}

/// Something that customers of a group show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What: a theme's id, a channel's name, a word.
    pub key: String,
    /// The group's customers who show it at least once.
    pub customers: Proportion,
    /// The same of all other personas' customers.
    pub others: Proportion,
    /// Whether it tells them from the others: their share is larger, and by more than chance with all lines of all
    /// cards looked at together (Benjamini and Hochberg 1995, at 0.05).
    pub distinct: bool,
    /// The group's records that show it.
    pub records: u64,
    /// Three to five of them, of different customers as far as there are, the latest first.
    pub evidence: Vec<FeedbackId>,
}

/// What a record shows in an aspect; none if nothing. Words are not told here, because a record has many.
#[must_use]
pub fn key(record: &Record, aspect: Aspect) -> Option<String> {
    let theme = || record.theme.map(|theme| theme.to_string());
    match aspect {
        Aspect::Needs => theme().filter(|_| record.voice.asks),
        Aspect::Pains => theme().filter(|_| record.feeling == Some(SentimentLabel::Negative)),
        Aspect::Expectations => theme().filter(|_| record.voice.expects),
        Aspect::Topics => theme(),
        Aspect::Feelings => record.feeling.map(|feeling| feeling.to_string()),
        Aspect::Channels => Some(record.channel.to_string()),
        Aspect::Touchpoints => record.touchpoint.as_ref().map(ToString::to_string),
        Aspect::Languages => Some(record.language.to_string()),
        Aspect::Dialects => record.dialect.map(|dialect| dialect.to_string()),
        Aspect::Ratings => record.rating.map(|rating| rating.method().to_string()),
        Aspect::Words => None,
    }
}

/// Counts who of the group and of the others shows what `shows` looks for.
pub(super) fn line(key: &str, own: &[&Customer], others: &[&Customer], shows: impl Fn(&Record) -> bool) -> Line {
    let who = |customers: &[&Customer]| {
        let count = customers.iter().filter(|customer| customer.records.iter().any(&shows)).count();
        Proportion::new(count as u64, customers.len() as u64)
    };
    let showing = || own.iter().flat_map(|customer| &customer.records).filter(|record| shows(record));
    Line {
        key: key.to_owned(),
        customers: who(own),
        others: who(others),
        distinct: false,
        records: showing().count() as u64,
        evidence: evidence(own, &shows),
    }
}

/// The latest such record of each customer, then, if these are too few, further ones.
fn evidence(own: &[&Customer], shows: &impl Fn(&Record) -> bool) -> Vec<FeedbackId> {
    let mut ranked: Vec<(usize, &Record)> = Vec::new();
    for customer in own {
        let latest = customer.records.iter().rev().filter(|record| shows(record));
        ranked.extend(latest.enumerate());
    }
    ranked.sort_by(|left, right| {
        left.0.cmp(&right.0).then_with(|| (right.1.at, right.1.id).cmp(&(left.1.at, left.1.id)))
    });
    ranked.into_iter().take(MAX_EVIDENCE).map(|(_, record)| record.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_wilsons_interval_and_none_of_none_is_all_open() {
        let half = Proportion::new(5, 10);
        assert!((half.share - 0.5).abs() < 1e-12 && (half.interval.low - 0.2366).abs() < 1e-4, "{half:?}");
        let none = Proportion::new(0, 0);
        assert_eq!((none.share, none.interval.low, none.interval.high), (0.0, 0.0, 1.0));
    }

    #[test]
    fn two_shares_are_told_apart_as_the_textbook_does() {
        // 45 of 100 against 30 of 100: z = 0.15 / √(0.375 · 0.625 · 0.02) = 2.19, p = 0.0285
        let p = Proportion::new(45, 100).same_as(&Proportion::new(30, 100));
        assert!((p - 0.0285).abs() < 5e-4, "{p}");
        for (left, right) in [((0, 0), (3, 9)), ((9, 9), (9, 9)), ((0, 5), (0, 7))] {
            let p = Proportion::new(left.0, left.1).same_as(&Proportion::new(right.0, right.1));
            assert!((p - 1.0).abs() < 1e-12, "{left:?} {right:?}: {p}");
        }
    }
}
