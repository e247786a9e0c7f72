//! Who takes it: queues from their descriptions, and heads for the intents of public sets from their train files.

use std::path::Path;

use super::choice::Choices;
use super::report::{Confusion, Section};
use super::statistics::auroc;
use super::{Bench, corrections};
use crate::inference::train::{Encodings, Fit, Labelled, Labeller, Row, Source, TrainError, View, draw, parse};
use crate::statistics::wilson;

/// Messages with the queue that should take each, to the queues that come with the program.
const OWN: (&str, &str) = ("evals/routing/dev.jsonl", include_str!("../../evals/routing/dev.jsonl"));

/// What they are called in the report.
const QUEUES: &str = "queues (dev)";

/// Sets of intents, and what the name of their label outside of all intents is.
const SETS: [&str; 3] = ["banking77", "arbanking77", "clinc150"];
const OUTSIDE: &str = "oos";

/// The set with texts outside of all intents, and the one that few examples are drawn from.
const WITH_OUTSIDE: &str = "clinc150";
const FEW_FROM: &str = "banking77";

/// Examples of each intent, and what the number is called.
const FEW: [(usize, &str); 3] = [(1, "1 example each"), (5, "5 examples each"), (20, "20 examples each")];

/// How often few examples are drawn anew.
const DRAWS: u64 = 3;

/// How heads are fitted, with all examples and with few: the best on the development files of BANKING77 and
/// ArBanking77 among inverse penalties of 0.1, 0.3 and 1, and weights of words of 0 to 1.
const ALL: Recipe = Recipe { inverse_penalty: 0.3, words: 0.5 };
const FEW_EACH: Recipe = Recipe { inverse_penalty: 0.1, words: 0.2 };

/// What a head is fitted with, whatever it reads.
#[derive(Clone, Copy)]
struct Recipe {
    inverse_penalty: f64,
    words: f32,
}

/// Slices of fewer texts say too little; an intent is no slice.
const LEAST: usize = 200;

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    queues(bench, section)?;
    SETS.into_iter().try_for_each(|set| intents(bench, set, section))?;
    corrections::measure(bench, section)
}

/// The built-in queues, from nothing but their descriptions.
fn queues(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let source = parse(OWN.0, Path::new(OWN.0), OWN.1)?;
    section.files.insert(source.file.clone(), source.sha256.clone());
    let analyses = bench.assess("queues", &source.rows)?;
    let human = &bench.rules.settings.routing.human_queue;
    let labels: Vec<String> = bench.rules.queues.iter().map(|queue| queue.name.clone()).collect();
    let place = |name: &String| labels.iter().position(|label| label == name);
    let mut counts = vec![vec![0; labels.len()]; labels.len()];
    let (mut right, mut nearly, mut answered, mut right_of_answered) = (0, 0, 0, 0);
    for (row, analysis) in source.rows.iter().zip(&analyses) {
        let withheld = analysis.route.queue == *human && row.queue != *human;
        let guess = analysis.route.alternatives.first().map_or(&analysis.route.queue, |option| &option.queue);
        let said = if withheld { guess } else { &analysis.route.queue };
        if let (Some(truth), Some(said)) = (place(&row.queue), place(said)) {
            counts[truth][said] += 1;
        }
        right += usize::from(*said == row.queue);
        nearly += usize::from(*said == row.queue || row.also.as_ref() == Some(said));
        answered += usize::from(!withheld);
        right_of_answered += usize::from(!withheld && *said == row.queue);
    }
    let all = source.rows.len();
    for (measure, part, whole) in [
        ("accuracy", right, all),
        ("right or second best", nearly, all),
        ("answered", answered, all),
        ("accuracy of answered", right_of_answered, answered),
    ] {
        section.share((QUEUES, "from descriptions", measure), part, whole);
    }
    section.confusions.push(Confusion { dataset: QUEUES.to_owned(), labels, counts });
    Ok(())
}

/// A set's test file by a head that learned its train file, and by heads that learned a few examples.
fn intents(bench: &mut Bench<'_>, set: &str, section: &mut Section) -> Result<(), TrainError> {
    let Some(train) = bench.source(&format!("intent/{set}.train.jsonl"), section)? else { return Ok(()) };
    let Some(test) = bench.source(&format!("intent/{set}.test.jsonl"), section)? else { return Ok(()) };
    bench.encode(set, train.rows.iter().chain(&test.rows).map(|row| row.text.as_str()))?;
    let encodings = &bench.encodings;
    let examples: Vec<Labelled<'_>> = inside(&train).collect();
    let view = bench.reader.intents().map_or(View::Layers, View::Places);
    let labeller = Labeller::fit(&examples, encodings, ALL.over(view))?;
    choose(set, "all examples", &labeller, encodings, &test)?.report(section, LEAST);
    if set == WITH_OUTSIDE {
        outside(&labeller, encodings, &test, section)?;
    }
    if set == FEW_FROM {
        for (shots, name) in FEW {
            few(encodings, view, &examples, (shots, name), &test, section)?;
        }
    }
    Ok(())
}

impl Recipe {
    const fn over(self, view: View<'_>) -> Fit<'_> {
        Fit { view, inverse_penalty: self.inverse_penalty, words: self.words }
    }
}

fn inside(source: &Source) -> impl Iterator<Item = Labelled<'_>> {
    let inside = source.rows.iter().filter(|row| row.label != OUTSIDE);
    inside.map(|row| Labelled { text: &row.text, label: &row.label })
}

/// What a head answers to the test texts that are inside.
fn choose(
    set: &str,
    name: &str,
    labeller: &Labeller<'_>,
    encodings: &Encodings<'_>,
    test: &Source,
) -> Result<Choices, TrainError> {
    let labels = labeller.labels().to_vec();
    let dataset = if name == "all examples" { set.to_owned() } else { format!("{set}, {name}") };
    let mut choices = Choices { dataset, labels, ..Choices::default() };
    for row in test.rows.iter().filter(|row| row.label != OUTSIDE) {
        let Some(truth) = labeller.labels().iter().position(|label| *label == row.label) else { continue };
        choices.push(&row.id, slices(row), truth, &labeller.probabilities(&row.text, encodings)?);
    }
    Ok(choices)
}

fn slices(row: &Row) -> Vec<String> {
    row.dialect.iter().cloned().collect()
}

/// The mean over a few draws of a few examples.
fn few(
    encodings: &Encodings<'_>,
    view: View<'_>,
    examples: &[Labelled<'_>],
    (shots, name): (usize, &str),
    test: &Source,
    section: &mut Section,
) -> Result<(), TrainError> {
    let mut right = 0;
    let mut all = 0;
    for seed in 0..DRAWS {
        let labeller = Labeller::fit(&draw(examples, shots, seed), encodings, FEW_EACH.over(view))?;
        let choices = choose(FEW_FROM, name, &labeller, encodings, test)?;
        right += choices.truth.iter().zip(&choices.said).filter(|(truth, said)| truth == said).count();
        all += choices.truth.len();
    }
    let interval = wilson(right as u64 / DRAWS, all as u64 / DRAWS);
    section.push((FEW_FROM, name, "accuracy"), all / DRAWS as usize, right as f64 / all.max(1) as f64, Some(interval));
    Ok(())
}

/// How well the greatest probability tells what belongs to no intent.
fn outside(
    labeller: &Labeller<'_>,
    encodings: &Encodings<'_>,
    test: &Source,
    section: &mut Section,
) -> Result<(), TrainError> {
    let mut stated = Vec::with_capacity(test.rows.len());
    for row in &test.rows {
        let greatest = labeller.probabilities(&row.text, encodings)?.into_iter().fold(0.0, f32::max);
        stated.push(1.0 - greatest);
    }
    let truth: Vec<bool> = test.rows.iter().map(|row| row.label == OUTSIDE).collect();
    let count = truth.iter().filter(|outside| **outside).count();
    section.push((WITH_OUTSIDE, "outside of all intents", "AUROC"), count, auroc(&truth, &stated), None);
    Ok(())
}
