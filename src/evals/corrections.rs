//! Queues from their names alone, then with a few corrections of each: what routing learns in use.
//!
//! A correction is a lesson as the product keeps it, and texts are routed by the product's own rule.

use std::collections::BTreeMap;

use super::Bench;
use super::report::Section;
use crate::feedback::Understanding;
use crate::inference::train::{Labelled, Row, TrainError, draw, masked};
use crate::statistics::wilson;
use crate::triage::{Lessons, QueueProfile, RoutingSettings, route};

/// Corrections of each queue, and what the number is called.
const TAUGHT: [(usize, &str); 4] =
    [(0, "no corrections"), (1, "1 correction each"), (5, "5 corrections each"), (20, "20 corrections each")];

/// How often corrections are drawn anew.
const DRAWS: u64 = 3;

/// The label of texts that belong to no queue.
const OUTSIDE: &str = "oos";

/// A set whose labels stand for queues.
struct Set {
    /// Its file without the split.
    file: &'static str,
    /// What describes a queue.
    described: Described,
}

/// What describes a queue.
enum Described {
    /// The label's own words.
    Label,
    /// An Arabic name for each label, from this file.
    Named(&'static str),
    /// The queue is a group of labels, from this file, and its name describes it.
    Grouped(&'static str),
    /// Nothing: labels are codes.
    Nothing,
}

/// Banks' questions in two languages, an assistant's by domain, and tickets of help desks.
const SETS: [Set; 7] = [
    Set { file: "intent/banking77", described: Described::Label },
    Set { file: "intent/arbanking77", described: Described::Named("intent/arbanking77_label_names.json") },
    Set { file: "intent/clinc150", described: Described::Grouped("intent/clinc150_domains.json") },
    Set { file: "tickets/tickets_de_3level", described: Described::Label },
    Set { file: "tickets/tickets_multilang", described: Described::Label },
    Set { file: "tickets/endava_it", described: Described::Nothing },
    Set { file: "tickets/ar_support_queries", described: Described::Label },
];

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    SETS.iter().try_for_each(|set| one(bench, set, section))
}

/// Texts with the queue of each, and what was understood of them.
struct Test {
    queues: Vec<String>,
    understood: Vec<Understanding>,
}

fn one(bench: &mut Bench<'_>, set: &Set, section: &mut Section) -> Result<(), TrainError> {
    let Some(test) = bench.source(&format!("{}.test.jsonl", set.file), section)? else { return Ok(()) };
    let train = bench.source(&format!("{}.train.jsonl", set.file), section)?.map_or(Vec::new(), |source| source.rows);
    let names = bench.names(set)?;
    let queue = |row: &Row| match set.described {
        Described::Grouped(_) => names.get(&row.label).cloned().unwrap_or_default(),
        _ => row.label.clone(),
    };
    let inside = |row: &&Row| row.label != OUTSIDE;
    let rows: Vec<&Row> = test.rows.iter().filter(inside).collect();
    let described: BTreeMap<String, String> =
        train.iter().chain(&test.rows).filter(inside).map(|row| (queue(row), words(set, &names, row))).collect();
    let dataset = set.file.rsplit('/').next().unwrap_or_default();
    let profiles = bench.profiles(&described)?;
    let test =
        Test { queues: rows.iter().map(|row| queue(row)).collect(), understood: bench.understand(dataset, &rows)? };
    let queues: Vec<String> = train.iter().filter(inside).map(queue).collect();
    let examples: Vec<Labelled<'_>> =
        train.iter().filter(inside).zip(&queues).map(|(row, label)| Labelled { text: &row.text, label }).collect();
    for (shots, name) in TAUGHT {
        let unsaid = matches!(set.described, Described::Nothing);
        if (shots == 0 && unsaid) || (shots > 0 && examples.is_empty()) {
            continue;
        }
        let mut tally = Tally::default();
        for seed in 0..if shots == 0 { 1 } else { DRAWS } {
            let lessons = bench.taught(dataset, &draw(&examples, shots, seed))?;
            tally.count(&test, &profiles, &lessons, &bench.rules.settings.routing);
        }
        tally.report(&format!("{dataset} as queues"), name, section);
    }
    Ok(())
}

/// What describes the queue of a row.
fn words(set: &Set, names: &BTreeMap<String, String>, row: &Row) -> String {
    let words = match set.described {
        Described::Label => row.label.clone(),
        Described::Named(_) | Described::Grouped(_) => names.get(&row.label).cloned().unwrap_or_default(),
        Described::Nothing => String::new(),
    };
    words.replace('_', " ")
}

impl Bench<'_> {
    /// What a set's file of names says of each label.
    fn names(&self, set: &Set) -> Result<BTreeMap<String, String>, TrainError> {
        let Some(data) = self.data else { return Ok(BTreeMap::new()) };
        match set.described {
            Described::Named(file) => data.json(file),
            Described::Grouped(file) => {
                let groups: BTreeMap<String, Vec<String>> = data.json(file)?;
                let each =
                    |(group, labels): (String, Vec<String>)| labels.into_iter().map(move |it| (it, group.clone()));
                Ok(groups.into_iter().flat_map(each).collect())
            }
            Described::Label | Described::Nothing => Ok(BTreeMap::new()),
        }
    }

    /// The queues as routing sees them.
    fn profiles(&self, described: &BTreeMap<String, String>) -> Result<Vec<QueueProfile>, TrainError> {
        let texts = described.values().map(|words| masked(words)).collect();
        let understood = self.reader.understand_blocking(texts)?;
        let profile = |((name, words), it): ((&String, &String), Understanding)| QueueProfile {
            name: name.clone(),
            places: if words.is_empty() { Vec::new() } else { vec![it.place] },
            specialist_for: Vec::new(),
        };
        Ok(described.iter().zip(understood).map(profile).collect())
    }

    fn understand(&mut self, what: &str, rows: &[&Row]) -> Result<Vec<Understanding>, TrainError> {
        let mut understood = Vec::with_capacity(rows.len());
        for chunk in rows.chunks(super::CHUNK) {
            let texts = chunk.iter().map(|row| masked(&row.text)).collect();
            understood.extend(self.reader.understand_blocking(texts)?);
            (self.progress)(what, understood.len(), rows.len());
        }
        Ok(understood)
    }

    /// What these corrections teach.
    fn taught(&mut self, what: &str, corrected: &[Labelled<'_>]) -> Result<Lessons, TrainError> {
        self.encode(what, corrected.iter().map(|example| example.text))?;
        let mut lessons = Lessons::default();
        for Labelled { text, label } in corrected {
            let place = match self.reader.intents() {
                Some(intents) => self.encodings.place(text, intents)?,
                None => self.encodings.vector(text)?,
            };
            lessons.add(label, place);
        }
        Ok(lessons)
    }
}

/// Answers over all draws.
#[derive(Default)]
struct Tally {
    draws: usize,
    all: usize,
    right: usize,
    answered: usize,
    right_of_answered: usize,
}

impl Tally {
    fn count(&mut self, test: &Test, queues: &[QueueProfile], lessons: &Lessons, settings: &RoutingSettings) {
        self.draws += 1;
        for (truth, understanding) in test.queues.iter().zip(&test.understood) {
            let said = route(understanding, queues, lessons, &[], settings);
            let (right, answered) = (said.queue == *truth, said.probability >= settings.least);
            self.all += 1;
            self.right += usize::from(right);
            self.answered += usize::from(answered);
            self.right_of_answered += usize::from(right && answered);
        }
    }

    /// Means over the draws, with the interval of one draw's texts: draws of the same texts are not independent.
    fn report(&self, dataset: &str, name: &str, section: &mut Section) {
        for (measure, part, whole) in [
            ("accuracy", self.right, self.all),
            ("answered", self.answered, self.all),
            ("accuracy of answered", self.right_of_answered, self.answered),
        ] {
            let (part, whole) = (part / self.draws.max(1), whole / self.draws.max(1));
            let share = part as f64 / whole.max(1) as f64;
            section.push((dataset, name, measure), whole, share, Some(wilson(part as u64, whole as u64)));
        }
    }
}
