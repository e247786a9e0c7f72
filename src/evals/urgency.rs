//! What comes first.

use std::collections::BTreeMap;
use std::path::Path;

use super::Bench;
use super::rates::Rates;
use super::report::{Confusion, Mistake, Section};
use super::statistics::{auroc, reliability, risks};
use crate::feedback::{Analysis, HandoverReason, Priority, TriggerKind};
use crate::inference::train::{Row, TrainError, metrics, parse};

/// Messages about situations that no training text is about.
const OWN: (&str, &str) = ("evals/urgency/test.jsonl", include_str!("../../evals/urgency/test.jsonl"));

/// The name of that set in the report.
const DATASET: &str = "urgency";

/// The surest mistakes that are listed.
const MISTAKES: usize = 20;

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let source = parse(OWN.0, Path::new(OWN.0), OWN.1)?;
    section.files.insert(source.file.clone(), source.sha256.clone());
    let analyses = bench.assess(DATASET, &source.rows)?;
    let cases: Vec<(&Row, &Analysis)> = source.rows.iter().zip(&analyses).collect();
    slices(&cases, section);
    levels(&cases, section);
    border(&cases, section);
    circumstances(&cases, section);
    honesty(&cases, section);
    Ok(())
}

fn first(row: &Row) -> bool {
    row.priority == Priority::P1.name()
}

fn answered(analysis: &Analysis) -> bool {
    analysis.urgency.priority == Priority::P1
}

/// Whether a person has to look because it may be P1 after all.
fn handed(analysis: &Analysis) -> bool {
    analysis.handover.reason == Some(HandoverReason::PerhapsTopPriority)
}

/// Recall and precision of P1, for all and by dialect and tone.
fn slices(cases: &[(&Row, &Analysis)], section: &mut Section) {
    let mut slices: BTreeMap<String, Rates> = BTreeMap::new();
    for (row, analysis) in cases {
        let dialect = row.dialect.clone().unwrap_or_else(|| row.lang.clone());
        for slice in ["all".to_owned(), dialect, format!("said {}", row.tone)] {
            slices.entry(slice).or_default().count(first(row), answered(analysis));
        }
    }
    for (slice, rates) in &slices {
        add(section, slice, ("P1 recall", "P1 precision"), rates);
    }
}

/// Adds a slice's recall and precision, where there is something to recall or something was found.
fn add(section: &mut Section, slice: &str, (recall, precision): (&'static str, &'static str), rates: &Rates) {
    for (measure, all) in [(recall, rates.wanted), (precision, rates.found)] {
        if all > 0 {
            section.share((DATASET, slice, measure), rates.right, all);
        }
    }
}

/// The priority and its two axes, each with all of its levels.
fn levels(cases: &[(&Row, &Analysis)], section: &mut Section) {
    let mut share = |measure, right: fn(&Row, &Analysis) -> bool| {
        let count = cases.iter().filter(|(row, analysis)| right(row, analysis)).count();
        section.share((DATASET, "all", measure), count, cases.len());
    };
    share("priority right", |row, analysis| row.priority == analysis.urgency.priority.name());
    share("impact right", |row, analysis| row.impact == analysis.urgency.impact.name());
    share("urgency right", |row, analysis| row.urgency == analysis.urgency.urgency.name());
    let place = |name: &str| Priority::ALL.iter().position(|priority| priority.name() == name);
    let mut counts = vec![vec![0; Priority::ALL.len()]; Priority::ALL.len()];
    for (row, analysis) in cases {
        if let (Some(truth), Some(said)) = (place(&row.priority), place(analysis.urgency.priority.name())) {
            counts[truth][said] += 1;
        }
    }
    let labels = Priority::ALL.iter().map(|priority| priority.name().to_owned()).collect();
    section.confusions.push(Confusion { dataset: "priority".to_owned(), labels, counts });
}

/// Anger must not make a trifle urgent, nor calm hide what is.
fn border(cases: &[(&Row, &Analysis)], section: &mut Section) {
    let mut share = |measure, of: fn(&Row) -> bool, wrong: fn(&Analysis) -> bool| {
        let among: Vec<&Analysis> = cases.iter().filter(|(row, _)| of(row)).map(|(_, analysis)| *analysis).collect();
        let count = among.iter().filter(|analysis| wrong(analysis)).count();
        section.share((DATASET, "all", measure), count, among.len());
    };
    share("furious trivia marked P1", |row| row.tone == "furious" && !first(row), answered);
    share("P1 found or handed to a person", first, |analysis| answered(analysis) || handed(analysis));
    share("others handed to a person as perhaps P1", |row| !first(row), handed);
    share("calm P1 missed", |row| row.tone == "calm" && first(row), |analysis| !answered(analysis));
}

fn circumstances(cases: &[(&Row, &Analysis)], section: &mut Section) {
    for kind in TriggerKind::ALL.iter().copied() {
        let mut rates = Rates::default();
        for (row, analysis) in cases {
            let wanted = row.triggers.iter().any(|name| name == kind.name());
            rates.count(wanted, analysis.urgency.triggers.iter().any(|trigger| trigger.kind == kind));
        }
        add(section, kind.name(), ("recall", "precision"), &rates);
    }
}

/// Whether the stated probability of P1 is what happens, and whether it ranks.
fn honesty(cases: &[(&Row, &Analysis)], section: &mut Section) {
    let truth: Vec<bool> = cases.iter().map(|(row, _)| first(row)).collect();
    let stated: Vec<f32> = cases.iter().map(|(_, analysis)| analysis.urgency.probability).collect();
    for (measure, value) in [
        ("ECE of P1", metrics::calibration_error(&truth, &stated)),
        ("average precision of P1", metrics::average_precision(&truth, &stated)),
        ("AUROC of P1", auroc(&truth, &stated)),
    ] {
        section.push((DATASET, "all", measure), cases.len(), value, None);
    }
    section.reliability.insert("P1".to_owned(), reliability(&truth, &stated));
    let right: Vec<bool> = cases.iter().map(|(row, analysis)| first(row) == answered(analysis)).collect();
    let sure: Vec<f32> = stated.iter().map(|stated| stated.max(1.0 - stated)).collect();
    section.risks.insert("P1".to_owned(), risks(&right, &sure));
    let wrong = metrics::most_first(&sure).into_iter().filter(|&text| !right[text]).take(MISTAKES);
    section.mistakes.extend(wrong.map(|text| Mistake {
        dataset: DATASET.to_owned(),
        id: cases[text].0.id.clone(),
        truth: cases[text].0.priority.clone(),
        said: cases[text].1.urgency.priority.name().to_owned(),
        sure: sure[text],
    }));
}
