//! Sentiment: tweets in eight languages, and customers' messages that the project wrote.

use super::super::TrainError;
use super::super::data::{self, DataFolder, Row};
use super::super::task::{Aim, Part, Task};
use super::{Builder, dialect_or_language, fold_of, one};
use crate::feedback::SentimentLabel;
use crate::inference::heads::HeadName;

pub(super) const FILES: &[&str] = &["sentiment/umsab.train.jsonl", "sentiment/umsab.dev.jsonl"];

/// How much one of the project's own messages counts.
const OWN_WEIGHT: f32 = 5.0;

/// How much a tweet counts: those in the languages of most messages more, the others less.
const TWEET_WEIGHTS: [(bool, f32); 2] = [(true, 1.5), (false, 0.75)];

pub(super) fn task(data: &DataFolder) -> Result<Task, TrainError> {
    let mut builder = Builder::new(&SentimentLabel::ALL.iter().map(|label| label.name()).collect::<Vec<_>>());
    let label = |row: &Row| one(&row.label);
    let tweets = |row: &Row| format!("umsab {}", row.lang);
    for (file, part) in FILES.iter().zip([Part::Train, Part::Fold(0)]) {
        let source = data.read(file)?;
        for (main, weight) in TWEET_WEIGHTS {
            let wanted = |row: &Row| one(&row.label).filter(|_| ["ar", "en"].contains(&row.lang.as_str()) == main);
            builder.add(&source, weight, |_| part, tweets, wanted);
        }
    }
    let messages = |row: &Row| format!("messages {}", dialect_or_language(row));
    let own = |row: &Row| Part::Fold(1 + fold_of(&row.text, 2));
    builder.add(&data::sentiment()?, OWN_WEIGHT, own, messages, label);
    let situation = |row: &Row| Part::Fold(1 + fold_of(&row.situation, 2));
    for source in data::urgency()? {
        builder.add(&source, OWN_WEIGHT, situation, messages, |row| tone(row).and_then(one));
    }
    let Builder { labels, examples, sources } = builder;
    Ok(Task {
        name: HeadName::Sentiment,
        labels,
        examples,
        sources,
        grid: vec![0.0002, 0.0003, 0.0004],
        aim: Aim::Slices,
    })
}

/// The feeling of a message, where its label, its kind or its tone tells it.
fn tone(row: &Row) -> Option<&str> {
    match row.sentiment.as_str() {
        "" => {}
        said => return Some(said),
    }
    let kind = row.situation.split('-').next().unwrap_or_default();
    match (kind, row.tone.as_str()) {
        ("praise" | "thanks", _) => Some("positive"),
        ("q" | "sugg", "calm") => Some("neutral"),
        ("hn", _) => None,
        (_, "furious" | "upset") => Some("negative"),
        _ => None,
    }
}
