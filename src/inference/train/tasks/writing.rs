//! Language, dialect, and whether a text is language at all.

use super::super::TrainError;
use super::super::data::{self, DataFolder, Row};
use super::super::task::{Aim, Example, Part, SEED, Task};
use super::{Builder, dialect_or_language, fold_of, generated, noise, one, sampled};
use crate::inference::heads::HeadName;
use crate::statistics::Random;

const TWEETS: &str = "sentiment/umsab.train.jsonl";
const TWEETS_DEV: &str = "sentiment/umsab.dev.jsonl";
const DIALECTS: &str = "sentiment/arsarcasm_v2.train.jsonl";
const DIALECTS_DEV: &str = "sentiment/arsarcasm_v2.dev.jsonl";
const BANKING: &str = "intent/banking77.train.jsonl";
const CLINC: &str = "intent/clinc150.train.jsonl";

/// The dialects that are told apart in Arabic letters.
const DIALECTS_TOLD: &[&str] = &["msa", "gulf", "egyptian", "levantine", "maghrebi"];

pub(super) const SUPPORTED_FILES: &[&str] = &[TWEETS, TWEETS_DEV, BANKING, CLINC];
pub(super) const LANGUAGE_FILES: &[&str] = &[TWEETS, TWEETS_DEV, BANKING, CLINC];
pub(super) const DIALECT_FILES: &[&str] = &[DIALECTS, DIALECTS_DEV];

/// Folds of the project's own texts; fold 0 is the public development file.
const OWN_FOLDS: usize = 3;

/// How much one of the project's own texts counts beside a tweet.
const OWN_WEIGHT: f32 = 3.0;

/// How much one of the project's own texts counts beside a tweet where dialects are told: tweets talk of politics.
const DIALECT_WEIGHT: f32 = 15.0;

/// Inverse penalties to try.
const GRID: [f64; 3] = [0.0003, 0.001, 0.003];

/// How many pieces of noise the trainer makes.
const NOISE: usize = 2400;

pub(super) fn supported(data: &DataFolder) -> Result<Task, TrainError> {
    let mut builder = Builder::new(&["noise", "language"]);
    let yes = |percent: usize| move |row: &Row| if sampled(&row.text, percent) { one("language") } else { None };
    let tweets = data.read(TWEETS)?;
    builder.add(&tweets, 1.0, |_| Part::Train, language_of, yes(15));
    builder.add(&data.read(TWEETS_DEV)?, 1.0, |_| Part::Fold(0), language_of, yes(40));
    builder.add(&data.read(BANKING)?, 1.0, |_| Part::Train, language_of, yes(4));
    builder.add(&data.read(CLINC)?, 1.0, |_| Part::Train, language_of, yes(4));
    for source in data::urgency()? {
        builder.add(&source, 2.0, by_situation, dialect_or_language, |_| one("language"));
    }
    for source in [data::sentiment()?, data::posts()?] {
        builder.add(&source, 2.0, by_text, dialect_or_language, |_| one("language"));
    }
    let words: Vec<&str> = tweets.rows.iter().take(2000).map(|row| row.text.as_str()).collect();
    for (kind, text) in noise::texts(&mut Random::new(SEED), &words, NOISE) {
        let part = match fold_of(&text, 5) {
            0 => Part::Fold(0),
            _ => Part::Train,
        };
        let slice = format!("noise: {kind}");
        builder.examples.push(Example { text, labels: vec![0], weight: 1.0, part, slice });
    }
    builder.sources.push(generated("made by the trainer from its seed: noise", NOISE, 1.0));
    Ok(finish(builder, HeadName::Supported))
}

pub(super) fn language(data: &DataFolder) -> Result<Task, TrainError> {
    let mut builder = Builder::new(&["ar", "de", "en", "es", "fr", "hi", "it", "pt"]);
    let latin = |percent: usize| {
        move |row: &Row| {
            let fits = row.lang != "ar" && sampled(&row.text, percent);
            if fits { one(&row.lang) } else { None }
        }
    };
    let tweets = data.read(TWEETS)?;
    builder.add(&tweets, 1.0, |_| Part::Train, language_of, latin(40));
    builder.add(&data.read(TWEETS_DEV)?, 1.0, |_| Part::Fold(0), language_of, latin(100));
    builder.add(&data.read(BANKING)?, 1.0, |_| Part::Train, language_of, latin(3));
    builder.add(&data.read(CLINC)?, 1.0, |_| Part::Train, language_of, latin(3));
    let own = |row: &Row| match row.dialect.as_deref() {
        Some("arabizi") => one("ar"),
        None if row.lang != "ar" => one(&row.lang),
        _ => None,
    };
    for source in data::urgency()? {
        builder.add(&source, OWN_WEIGHT, by_situation, dialect_or_language, own);
    }
    for source in [data::sentiment()?, data::posts()?] {
        builder.add(&source, OWN_WEIGHT, by_text, dialect_or_language, own);
    }
    let mut random = Random::new(SEED);
    let sources = data::urgency()?.into_iter().chain([data::sentiment()?]);
    let arabic = sources.flat_map(|source| source.rows);
    let before = builder.examples.len();
    for row in
        arabic.filter(|row| row.lang == "ar" && !["arabizi", "mixed"].contains(&dialect_or_language(row).as_str()))
    {
        let text = noise::arabizi(&mut random, &row.text);
        builder.examples.push(Example {
            text,
            labels: vec![0],
            weight: 1.0,
            part: Part::Train,
            slice: "transliterated".to_owned(),
        });
    }
    let made = builder.examples.len() - before;
    builder.sources.push(generated("made by the trainer from its seed: Arabic in Latin letters", made, 1.0));
    Ok(finish(builder, HeadName::Language))
}

pub(super) fn dialect(data: &DataFolder) -> Result<Task, TrainError> {
    let mut builder = Builder::new(DIALECTS_TOLD);
    let named = |row: &Row| row.dialect.clone().unwrap_or_default();
    let tweets = |row: &Row| format!("tweets {}", named(row));
    let label = |row: &Row| row.dialect.as_deref().filter(|name| DIALECTS_TOLD.contains(name)).and_then(one);
    let fewer = |row: &Row| label(row).filter(|labels| labels[0] != "msa" || sampled(&row.text, 25));
    builder.add(&data.read(DIALECTS)?, 1.0, |_| Part::Train, tweets, fewer);
    builder.add(&data.read(DIALECTS_DEV)?, 1.0, |_| Part::Fold(0), tweets, fewer);
    let messages = |row: &Row| format!("messages {}", named(row));
    for source in data::urgency()? {
        builder.add(&source, DIALECT_WEIGHT, by_situation, messages, label);
    }
    for source in [data::sentiment()?, data::posts()?] {
        builder.add(&source, DIALECT_WEIGHT, by_text, messages, label);
    }
    Ok(finish(builder, HeadName::Dialect))
}

fn finish(builder: Builder, name: HeadName) -> Task {
    let Builder { labels, examples, sources } = builder;
    Task { name, labels, examples, sources, grid: GRID.to_vec(), aim: Aim::Overall }
}

fn by_situation(row: &Row) -> Part {
    Part::Fold(1 + fold_of(&row.situation, OWN_FOLDS - 1))
}

fn by_text(row: &Row) -> Part {
    Part::Fold(1 + fold_of(&row.text, OWN_FOLDS - 1))
}

fn language_of(row: &Row) -> String {
    row.lang.clone()
}
