//! Labelled texts from JSONL files: the user's data folder, and what the project wrote itself.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::TrainError;
use crate::inference::heads::{TrainingFile, hexadecimal};

/// The name and the contents of a file of the project's own texts.
macro_rules! own_file {
    ($name:literal) => {
        (concat!("models/training/", $name), include_str!(concat!("../../../models/training/", $name)))
    };
}

/// Texts of which everything is known, written by the project itself.
const URGENCY: [(&str, &str); 10] = [
    own_file!("urgency.jsonl"),
    // what the first set lacked: Arabic in Latin letters, frauds, look-alikes
    own_file!("urgency_more.jsonl"),
    // messages to companies of many kinds, as ordinary as they come
    own_file!("messages.jsonl"),
    // what is hard: calm complaints, dry praise, mockery, both poles, harmless words of danger
    own_file!("messages_more.jsonl"),
    // what needs somebody at once in calm words, and what only looks like it
    own_file!("messages_hard.jsonl"),
    // what stands on a border: faults that are no fraud, plain facts that complain, thanks that mention trouble
    own_file!("messages_border.jsonl"),
    // an ordinary day of couriers, wallets and codes, with nothing in it that is urgent
    own_file!("messages_daily.jsonl"),
    // what needs somebody at once and holds no word of danger, beside its harmless twins and loud trifles
    own_file!("messages_calm.jsonl"),
    // another ordinary day, with what stands near the borders of each label
    own_file!("messages_usual.jsonl"),
    // travel, hotels, apps and shops: praise, blame and dry irony
    own_file!("messages_reviews.jsonl"),
];

/// Short posts to everybody in eight languages and how they feel, written by the project itself.
const POSTS: (&str, &str) = own_file!("posts.jsonl");

/// Short customer messages and how they feel, written by the project itself.
const SENTIMENT: (&str, &str) = own_file!("sentiment.jsonl");

/// The licence of each dataset that heads may learn from.
const LICENCES: &[(&str, &str)] = &[
    ("umsab", "Apache-2.0 (repository); tweets under the platform's terms"),
    ("arsarcasm_v2", "MIT"),
    ("semeval16_hotels", "MIT"),
    ("ajgt", "AFL-3.0"),
    ("banking77", "CC-BY-4.0"),
    ("clinc150", "CC-BY-3.0"),
    ("multidogo", "CDLA-Permissive-1.0"),
];

/// One labelled text; fields that a file does not have are empty.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Row {
    /// Unique in its file.
    #[serde(default)]
    pub id: String,
    /// As it was written.
    pub text: String,
    /// What it is about, or how it feels.
    #[serde(default)]
    pub label: String,
    /// ISO 639-1.
    #[serde(default)]
    pub lang: String,
    /// The kind of Arabic.
    #[serde(default)]
    pub dialect: Option<String>,
    /// What happened; several texts may tell it.
    #[serde(default)]
    pub situation: String,
    /// How it feels.
    #[serde(default)]
    pub sentiment: String,
    /// How bad it is.
    #[serde(default)]
    pub impact: String,
    /// How fast it gets worse.
    #[serde(default)]
    pub urgency: String,
    /// What comes first.
    #[serde(default)]
    pub priority: String,
    /// Circumstances that are present.
    #[serde(default)]
    pub triggers: Vec<String>,
    /// How it is said.
    #[serde(default)]
    pub tone: String,
    /// The queue that should take it.
    #[serde(default)]
    pub queue: String,
    /// A queue that is nearly as right.
    #[serde(default)]
    pub also: Option<String>,
}

/// The rows of a file, and which file that was.
#[derive(Clone, Debug)]
pub struct Source {
    /// In the file's order.
    pub rows: Vec<Row>,
    /// Its name in the folder, or in the project.
    pub file: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Source {
    /// The line of a head's card for this file, of which `rows` texts counted `weight` each.
    pub(super) fn line(&self, rows: usize, weight: f32) -> TrainingFile {
        let dataset = self.file.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
        let licence = LICENCES.iter().find(|(name, _)| *name == dataset).map_or("Apache-2.0 (this project)", |it| it.1);
        TrainingFile { file: self.file.clone(), sha256: self.sha256.clone(), licence: licence.to_owned(), rows, weight }
    }
}

/// A folder of datasets: `TASK/DATASET.SPLIT.jsonl`.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// The folder at `path`.
    ///
    /// # Errors
    /// [`TrainError::NoFolder`] if there is none.
    pub fn open(path: &Path) -> Result<Self, TrainError> {
        if path.is_dir() { Ok(Self(path.to_owned())) } else { Err(TrainError::NoFolder(path.to_owned())) }
    }

    /// Refuses early if any of `files` is missing.
    pub(super) fn require(&self, files: &[&str]) -> Result<(), TrainError> {
        let missing: Vec<PathBuf> = files.iter().map(|file| self.0.join(file)).filter(|path| !path.is_file()).collect();
        if missing.is_empty() { Ok(()) } else { Err(TrainError::NoFiles(missing)) }
    }

    /// Whether it has the file.
    #[must_use]
    pub fn has(&self, file: &str) -> bool {
        self.0.join(file).is_file()
    }

    /// Reads one file, for example `sentiment/umsab.train.jsonl`.
    ///
    /// # Errors
    /// [`TrainError`] if it is missing or damaged; it names the line.
    pub fn read(&self, file: &str) -> Result<Source, TrainError> {
        self.require(&[file])?;
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).map_err(|source| TrainError::File {
            what: "read",
            path: path.clone(),
            source,
        })?;
        parse(file, &path, &text)
    }

    /// Reads a JSON file that is not one of texts, for example `intent/clinc150_domains.json`.
    ///
    /// # Errors
    /// [`TrainError`] if it is missing or not of that shape.
    pub fn json<Value: DeserializeOwned>(&self, file: &str) -> Result<Value, TrainError> {
        self.require(&[file])?;
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).map_err(|source| TrainError::File {
            what: "read",
            path: path.clone(),
            source,
        })?;
        let line = |error: serde_json::Error| TrainError::Line { path, line: error.line(), why: error.to_string() };
        serde_json::from_str(&text).map_err(line)
    }
}

/// The project's own texts about urgency.
pub(super) fn urgency() -> Result<Vec<Source>, TrainError> {
    URGENCY.into_iter().map(own).collect()
}

/// The project's own texts about sentiment.
pub(super) fn sentiment() -> Result<Source, TrainError> {
    own(SENTIMENT)
}

/// The project's own posts in many languages.
pub(super) fn posts() -> Result<Source, TrainError> {
    own(POSTS)
}

fn own((file, text): (&str, &str)) -> Result<Source, TrainError> {
    parse(file, Path::new(file), text)
}

/// Reads what a file of the project itself holds.
///
/// # Errors
/// [`TrainError::Line`] if it is damaged.
pub fn parse(file: &str, path: &Path, text: &str) -> Result<Source, TrainError> {
    let line = |(index, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| TrainError::Line {
            path: path.to_owned(),
            line: index + 1,
            why: error.to_string(),
        })
    };
    let rows = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line);
    Ok(Source {
        rows: rows.collect::<Result<_, _>>()?,
        file: file.to_owned(),
        sha256: hexadecimal(&Sha256::digest(text.as_bytes())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_folders_and_files_are_named() {
        let message = DataFolder::open(Path::new("/nowhere/data")).expect_err("missing").to_string();
        assert!(message.contains("/nowhere/data") && message.contains("--data"), "{message}");
        let folder = tempfile::tempdir().expect("a folder");
        let data = DataFolder::open(folder.path()).expect("there");
        let message = data.require(&["a/b.train.jsonl", "a/c.train.jsonl"]).expect_err("missing").to_string();
        assert!(message.contains("a/b.train.jsonl") && message.contains("a/c.train.jsonl"), "{message}");
    }

    #[test]
    fn a_bad_line_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a")).expect("made");
        fs::write(folder.path().join("a/b.train.jsonl"), "{\"text\":\"x\"}\n{\"text\":\n").expect("written");
        let data = DataFolder::open(folder.path()).expect("there");
        let message = data.read("a/b.train.jsonl").expect_err("bad").to_string();
        assert!(message.contains("a/b.train.jsonl:2:"), "{message}");
    }

    #[test]
    fn own_texts_are_labelled_as_the_heads_need() {
        use crate::feedback::{Level, TriggerKind};
        let rows: Vec<Row> = urgency().expect("parsed").into_iter().flat_map(|source| source.rows).collect();
        assert!(rows.len() >= 400);
        for row in &rows {
            row.impact.parse::<Level>().expect("a level");
            row.urgency.parse::<Level>().expect("a level");
            for trigger in &row.triggers {
                trigger.parse::<TriggerKind>().expect("a trigger");
            }
        }
        let feelings = [sentiment(), posts()].map(|source| source.expect("parsed").rows);
        for row in feelings.iter().flatten() {
            assert!(["negative", "neutral", "positive"].contains(&row.label.as_str()), "{}", row.text);
        }
    }
}
