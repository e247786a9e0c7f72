//! What is known of each group, line by line.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::line::{Aspect, Line, Proportion, key, line};
use super::name::{distinct, name};
use super::{Customer, Group, MIN_EVIDENCE, Record};
use crate::feedback::{CustomerId, FeedbackId, Language};
use crate::statistics::benjamini_hochberg;

/// How many lines an aspect has at most.
const LINES: usize = 5;

/// How many quotes a card has.
const QUOTES: usize = 3;

/// Texts of fewer or more characters than these are quoted only if there are no others.
const QUOTABLE: std::ops::RangeInclusive<usize> = 20..=280;

/// How often chance may make a line look distinct, 0 to 1.
const LEVEL: f64 = 0.05;

/// Aspects that a record shows at most one thing in, in the order of the card.
const ASPECTS: [Aspect; 10] = [
    Aspect::Needs,
    Aspect::Pains,
    Aspect::Feelings,
    Aspect::Expectations,
    Aspect::Topics,
    Aspect::Channels,
    Aspect::Touchpoints,
    Aspect::Languages,
    Aspect::Dialects,
    Aspect::Ratings,
];

/// The lines of a card, by aspect.
type Lines = BTreeMap<Aspect, Vec<Line>>;

/// A word and the records that hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The language whose word it is.
    pub language: Language,
    /// The word, or a few.
    pub word: String,
    /// The records that hold it.
    pub records: BTreeSet<FeedbackId>,
}

/// What is known of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What the role is called, from its own data, in Arabic and English.
    pub names: BTreeMap<Language, String>,
    /// The group's customers, of all who were told apart.
    pub size: Proportion,
    /// Their records.
    pub records: u64,
    /// How surely the group comes back in bootstraps (mean Jaccard index), 0 to 1.
    pub stability: f64,
    /// What they show, by aspect, what most of them show first; an aspect without lines is unknown.
    pub lines: BTreeMap<Aspect, Vec<Line>>,
    /// Titles of the themes that the lines name, as they were.
    pub themes: BTreeMap<Uuid, BTreeMap<Language, String>>,
    /// Records that speak for the group, at most three; the words are read when they are shown.
    pub quotes: Vec<FeedbackId>,
}

impl Card {
    /// The lines of an aspect; empty where the data is silent.
    #[must_use]
    pub fn of(&self, aspect: Aspect) -> &[Line] {
        self.lines.get(&aspect).map_or(&[], Vec::as_slice)
    }

    /// The aspects of which nothing is known.
    pub fn unknown(&self) -> impl Iterator<Item = Aspect> {
        Aspect::ALL.iter().copied().filter(|aspect| self.of(*aspect).is_empty())
    }

    /// The name in `language`, else in any.
    #[must_use]
    pub fn name(&self, language: &Language) -> &str {
        self.names.get(language).or_else(|| self.names.values().next()).map_or("", String::as_str)
    }
}

/// The cards of all groups, in their order. `mentions` holds the typical words of each group, `themes` the titles.
#[must_use]
pub fn cards(
    customers: &[Customer],
    groups: &[Group],
    mentions: &[Vec<Mention>],
    themes: &BTreeMap<Uuid, BTreeMap<Language, String>>,
) -> Vec<Card> {
    let by_id: BTreeMap<&CustomerId, &Customer> = customers.iter().map(|customer| (&customer.id, customer)).collect();
    let members: Vec<Vec<&Customer>> = groups
        .iter()
        .map(|group| group.members.iter().filter_map(|(id, _)| by_id.get(id).copied()).collect())
        .collect();
    let mut lines: Vec<Lines> = (0..groups.len())
        .map(|at| {
            let others: Vec<&Customer> = members
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .flat_map(|(_, all)| all)
                .copied()
                .collect();
            let words = mentions.get(at).map(Vec::as_slice).unwrap_or_default();
            every_line(&members[at], &others, words)
        })
        .collect();
    mark_distinct(&mut lines);
    let all: u64 = members.iter().map(|members| members.len() as u64).sum();
    let mut taken = BTreeSet::new();
    let card = |((group, members), lines): ((&Group, &Vec<&Customer>), Lines)| {
        let named: BTreeMap<Uuid, BTreeMap<Language, String>> =
            named(&lines).filter_map(|id| Some((id, themes.get(&id)?.clone()))).collect();
        let lines: Lines = lines.into_iter().map(|(aspect, lines)| (aspect, shown(aspect, lines))).collect();
        Card {
            names: distinct(name(&lines, &named), &mut taken),
            size: Proportion::new(members.len() as u64, all),
            records: members.iter().map(|customer| customer.records.len() as u64).sum(),
            stability: group.stability,
            quotes: quotes(members, &lines),
            themes: named,
            lines,
        }
    };
    groups.iter().zip(&members).zip(lines).map(card).collect()
}

/// The themes that lines name.
fn named(lines: &Lines) -> impl Iterator<Item = Uuid> {
    let themes = [Aspect::Needs, Aspect::Pains, Aspect::Expectations, Aspect::Topics];
    themes.into_iter().filter_map(|aspect| lines.get(&aspect)).flatten().filter_map(|line| line.key.parse().ok())
}

/// Everything that enough of them show.
fn every_line(own: &[&Customer], others: &[&Customer], words: &[Mention]) -> Lines {
    let mut lines = BTreeMap::new();
    for aspect in ASPECTS {
        let keys: BTreeSet<String> =
            own.iter().flat_map(|customer| &customer.records).filter_map(|record| key(record, aspect)).collect();
        let of = |wanted: &String| line(wanted, own, others, |record| key(record, aspect).as_ref() == Some(wanted));
        lines.insert(aspect, keys.iter().map(of).collect::<Vec<_>>());
    }
    let of = |word: &Mention| line(&word.word, own, others, |record| word.records.contains(&record.id));
    lines.insert(Aspect::Words, words.iter().map(of).collect());
    for lines in lines.values_mut() {
        lines.retain(|line| line.customers.n >= MIN_EVIDENCE as u64);
    }
    lines.retain(|_, lines| !lines.is_empty());
    lines
}

/// Marks what tells a group from the others, with all lines of all groups looked at together.
fn mark_distinct(cards: &mut [Lines]) {
    let all = || cards.iter().flat_map(BTreeMap::values).flatten();
    let p: Vec<f64> = all().map(|line| line.customers.same_as(&line.others)).collect();
    let adjusted = benjamini_hochberg(&p);
    for (line, p) in cards.iter_mut().flat_map(BTreeMap::values_mut).flatten().zip(adjusted) {
        line.distinct = p <= LEVEL && line.customers.share > line.others.share;
    }
}

/// The lines that a card has room for: what most show first; of words, what tells them apart first.
fn shown(aspect: Aspect, mut lines: Vec<Line>) -> Vec<Line> {
    let apart = |line: &Line| line.customers.share - line.others.share;
    lines.sort_by(|left, right| {
        let order = match aspect {
            Aspect::Words => apart(right).total_cmp(&apart(left)),
            _ => right.customers.n.cmp(&left.customers.n),
        };
        order.then_with(|| left.key.cmp(&right.key))
    });
    lines.truncate(LINES);
    lines
}

/// One record each for what hurts most, what is asked for most and what is expected most, else for what is written
/// about most; of different customers, and of a length that can be quoted.
fn quotes(members: &[&Customer], lines: &Lines) -> Vec<FeedbackId> {
    let wanted = [Aspect::Pains, Aspect::Needs, Aspect::Expectations, Aspect::Topics, Aspect::Feelings];
    let wanted = wanted.into_iter().flat_map(|aspect| {
        let lines = lines.get(&aspect).map(Vec::as_slice).unwrap_or_default();
        lines.iter().enumerate().map(move |(rank, line)| (rank, aspect, line.key.as_str()))
    });
    let mut wanted: Vec<(usize, Aspect, &str)> = wanted.collect();
    wanted.sort_by_key(|(rank, ..)| *rank);
    let mut chosen: Vec<(usize, FeedbackId)> = Vec::new();
    for quotable in [true, false] {
        for (_, aspect, wanted) in &wanted {
            let fits = |record: &Record| {
                QUOTABLE.contains(&record.length) == quotable && key(record, *aspect).as_deref() == Some(*wanted)
            };
            let fresh = members.iter().enumerate().filter(|(at, _)| chosen.iter().all(|(taken, _)| taken != at));
            let latest = fresh
                .filter_map(|(at, customer)| Some((at, customer.records.iter().rev().find(|record| fits(record))?)))
                .max_by_key(|(_, record)| (record.at, record.id));
            if let Some((at, record)) = latest
                && chosen.len() < QUOTES
            {
                chosen.push((at, record.id));
            }
        }
    }
    chosen.into_iter().map(|(_, id)| id).collect()
}
