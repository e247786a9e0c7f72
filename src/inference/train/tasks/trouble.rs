//! Impact, urgency and triggers: messages that the project wrote, held out by situation.
//!
//! Two messages about one situation never stand on both sides of a split.

use super::super::TrainError;
use super::super::data::{self, DataFolder, Row};
use super::super::task::{Aim, Part, Task};
use super::{Builder, dialect_or_language, fold_of, one, sampled};
use crate::feedback::{Level, TriggerKind};
use crate::inference::heads::HeadName;

const FOLDS: usize = 5;

/// Inverse penalties to try.
const GRID: [f64; 4] = [0.0003, 0.001, 0.003, 0.01];

pub(super) const LEVEL_FILES: &[&str] = &[CLINC];
pub(super) const TRIGGER_FILES: &[&str] = &[BANKING, CLINC, MULTIDOGO];

const BANKING: &str = "intent/banking77.train.jsonl";
const CLINC: &str = "intent/clinc150.train.jsonl";
const MULTIDOGO: &str = "intent/multidogo.train.jsonl";

/// How much a borrowed text counts beside one of the project's own.
const BORROWED_WEIGHT: f32 = 0.3;

pub(super) fn levels(head: HeadName, data: &DataFolder) -> Result<Task, TrainError> {
    let mut builder = Builder::new(&Level::ALL.iter().map(|level| level.name()).collect::<Vec<_>>());
    for source in data::urgency()? {
        builder.add(&source, 1.0, by_situation, dialect_or_language, |row| {
            one(if head == HeadName::Impact { &row.impact } else { &row.urgency })
        });
    }
    if std::env::var("AZ").is_ok() {
        builder.transliterate(std::env::var("AZ").unwrap().parse().unwrap());
    }
    if std::env::var("NOCL").is_err() {
        builder.add(
            &data.read(CLINC)?,
            BORROWED_WEIGHT,
            |_| Part::Train,
            dialect_or_language,
            |row| {
                if sampled(&row.text, 3) && is_small_talk(&row.label) { one(Level::Low.name()) } else { None }
            },
        );
    }
    Ok(finish(builder, head))
}

pub(super) fn triggers(data: &DataFolder) -> Result<Task, TrainError> {
    let mut builder = Builder::new(&TriggerKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>());
    for source in data::urgency()? {
        builder.add(&source, 1.0, by_situation, dialect_or_language, |row| Some(row.triggers.clone()));
    }
    if std::env::var("AZ").is_ok() {
        builder.transliterate(std::env::var("AZ").unwrap().parse().unwrap());
    }
    if std::env::var("NOCL").is_err() {
        for (file, percent) in [(BANKING, 10), (CLINC, 4), (MULTIDOGO, 10)] {
            builder.add(
                &data.read(file)?,
                BORROWED_WEIGHT,
                |_| Part::Train,
                dialect_or_language,
                |row| {
                    borrowed(&row.label)
                        .filter(|labels| sampled(&row.text, if labels.is_empty() { percent } else { 40 }))
                },
            );
        }
    }
    Ok(finish(builder, HeadName::Triggers))
}

fn finish(builder: Builder, name: HeadName) -> Task {
    let Builder { labels, examples, sources } = builder;
    Task { name, labels, examples, sources, grid: GRID.to_vec(), aim: Aim::Overall }
}

fn by_situation(row: &Row) -> Part {
    Part::Fold(fold_of(&row.situation, FOLDS))
}

/// The triggers of an intent of a public set; none where its texts disagree.
fn borrowed(intent: &str) -> Option<Vec<String>> {
    match intent {
        "compromised_card"
        | "card_payment_not_recognised"
        | "cash_withdrawal_not_recognised"
        | "direct_debit_payment_not_recognised"
        | "lost_or_stolen_card"
        | "report_fraud"
        | "finance/reportlostcard" => one(TriggerKind::Fraud.name()),
        "terminate_account" | "finance/closeaccount" | "media/cancelserviceintent" => one(TriggerKind::Churn.name()),
        "lost_or_stolen_phone"
        | "finance/disputecharge"
        | "report_lost_card"
        | "freeze_account"
        | "card_swallowed"
        | "transaction_charged_twice"
        | "extra_charge_on_statement"
        | "pin_blocked"
        | "account_blocked"
        | "cancel"
        | "oos" => None,
        _ => Some(vec![]),
    }
}

/// Intents that ask nothing of anybody's service.
fn is_small_talk(intent: &str) -> bool {
    !intent.contains("card")
        && !intent.contains("account")
        && !intent.contains("fraud")
        && !intent.contains("pay")
        && !matches!(intent, "oos" | "lost_luggage" | "flight_status" | "jump_start" | "flat_tire" | "uber")
}
