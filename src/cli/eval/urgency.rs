//! `sada eval urgency`: which messages of a hand-written test set come first, and which should.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::rates::Rates;
use super::{BuiltIn, write_json};
use crate::cli::{Global, ready};
use crate::feedback::{Priority, TriggerKind};
use crate::privacy::{RawText, mask};
use crate::telemetry;
use crate::triage::assess;

/// Messages about situations that no training text is about.
const MESSAGES: &str = include_str!("../../../evals/urgency/test.jsonl");

/// Messages that are read together.
const CHUNK: usize = 64;

/// A message and what it really is.
#[derive(Deserialize)]
struct Case {
    id: String,
    text: String,
    dialect: Option<String>,
    tone: String,
    priority: Priority,
    triggers: Vec<TriggerKind>,
}

/// The figures of one run.
#[derive(Debug, Default, Serialize)]
struct Figures {
    p1: Rates,
    p1_by_dialect: BTreeMap<String, Rates>,
    p1_by_tone: BTreeMap<String, Rates>,
    triggers: BTreeMap<&'static str, Rates>,
}

/// Measures, prints, writes.
pub(super) fn run(global: &Global, args: &BuiltIn) -> Result<()> {
    let config = global.load()?;
    telemetry::init(&config.log.quiet())?;
    let reader = ready::reader(&config)?;
    let rules = ready::rules(&config, &reader)?;
    let cases = MESSAGES.lines().map(serde_json::from_str).collect::<Result<Vec<Case>, _>>()?;
    let mut figures = Figures::default();
    for cases in cases.chunks(CHUNK) {
        let texts: Vec<_> = cases.iter().map(|case| mask(&RawText::new(case.text.as_str())).text).collect();
        let understood = reader.understand_blocking(texts.clone())?;
        for ((case, text), understood) in cases.iter().zip(&texts).zip(&understood) {
            let urgency = assess(text, understood, &rules).urgency;
            let found: Vec<TriggerKind> = urgency.triggers.iter().map(|trigger| trigger.kind).collect();
            if args.misses && (case.priority == Priority::P1) != (urgency.priority == Priority::P1) {
                println!("{}: {} should be {}", case.id, urgency.priority, case.priority);
            }
            figures.count(case, urgency.priority, &found);
        }
    }
    print(&figures, cases.len());
    write_json(args.json.as_deref(), &figures)
}

impl Figures {
    fn count(&mut self, case: &Case, priority: Priority, found: &[TriggerKind]) {
        let (wanted, answered) = (case.priority == Priority::P1, priority == Priority::P1);
        let dialect = case.dialect.as_deref().unwrap_or("english");
        self.p1.count(wanted, answered);
        self.p1_by_dialect.entry(dialect.to_owned()).or_default().count(wanted, answered);
        self.p1_by_tone.entry(case.tone.clone()).or_default().count(wanted, answered);
        for kind in TriggerKind::ALL.iter().copied() {
            let rates = self.triggers.entry(kind.name()).or_default();
            rates.count(case.triggers.contains(&kind), found.contains(&kind));
        }
    }
}

fn print(figures: &Figures, messages: usize) {
    println!("urgency test set, {messages} messages");
    println!("P1               {}", figures.p1);
    let slices = figures.p1_by_dialect.iter().chain(&figures.p1_by_tone);
    slices.for_each(|(slice, rates)| println!("  {slice:<14} {rates}"));
    println!("circumstances");
    figures.triggers.iter().for_each(|(kind, rates)| println!("  {kind:<14} {rates}"));
}
