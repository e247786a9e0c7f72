//! Impact, urgency, triggers, and what comes first: messages that the project wrote, held out by situation.
//!
//! Two messages about one situation never stand on both sides of a split.
//! Intents of public sets as further examples made all three worse on messages of unseen situations, so they are left out.

use super::super::TrainError;
use super::super::data::{self, Row};
use super::super::task::{Aim, Part, Task};
use super::{Builder, dialect_or_language, fold_of, one};
use crate::feedback::{Level, Priority, TriggerKind};
use crate::inference::heads::HeadName;

/// Circumstances that make a message P1 by themselves.
const GRAVE: [TriggerKind; 4] = [TriggerKind::Safety, TriggerKind::SelfHarm, TriggerKind::Fraud, TriggerKind::Privacy];

const FOLDS: usize = 5;

/// Inverse penalties to try.
const GRID: [f64; 4] = [0.0003, 0.001, 0.003, 0.01];

pub(super) fn levels(head: HeadName) -> Result<Task, TrainError> {
    let mut builder = Builder::new(&Level::ALL.iter().map(|level| level.name()).collect::<Vec<_>>());
    for source in data::urgency()? {
        builder.add(&source, 1.0, by_situation, dialect_or_language, |row| {
            one(if head == HeadName::Impact { &row.impact } else { &row.urgency })
        });
    }
    Ok(finish(builder, head))
}

pub(super) fn triggers() -> Result<Task, TrainError> {
    let mut builder = Builder::new(&TriggerKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>());
    for source in data::urgency()? {
        builder.add(&source, 1.0, by_situation, dialect_or_language, |row| Some(row.triggers.clone()));
    }
    Ok(finish(builder, HeadName::Triggers))
}

/// What a message is about alone makes it P1: two high levels, or a circumstance that nothing may wait for.
pub(super) fn first() -> Result<Task, TrainError> {
    let mut builder = Builder::new(&[Priority::P1.name()]);
    for source in data::urgency()? {
        builder.add(&source, 1.0, by_situation, dialect_or_language, |row| {
            let yes = is_first(row).then(|| Priority::P1.name().to_owned());
            Some(yes.into_iter().collect())
        });
    }
    Ok(finish(builder, HeadName::First))
}

fn is_first(row: &Row) -> bool {
    let high = |level: &str| level == Level::High.name();
    let grave = |name: &String| GRAVE.iter().any(|kind| kind.name() == name);
    (high(&row.impact) && high(&row.urgency)) || row.triggers.iter().any(grave)
}

fn finish(builder: Builder, name: HeadName) -> Task {
    let Builder { labels, examples, sources } = builder;
    Task { name, labels, examples, sources, grid: GRID.to_vec(), aim: Aim::Overall }
}

fn by_situation(row: &Row) -> Part {
    Part::Fold(fold_of(&row.situation, FOLDS))
}
