//! Why heads can't be fitted or measured.

use std::path::PathBuf;

use crate::inference::Error as EngineError;
use crate::inference::heads::{HeadError, HeadName};

/// What stopped a fit or a measurement.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The data folder is not there.
    #[error("there is no data folder {0}; give the folder that holds `sentiment/`, `intent/` and so on with --data")]
    NoFolder(PathBuf),
    /// Files of the data folder are not there.
    #[error("the data folder lacks {}; its layout is TASK/DATASET.SPLIT.jsonl", list(.0))]
    NoFiles(Vec<PathBuf>),
    /// A file can't be read or written.
    #[error("can't {what} {path}: {source}")]
    File {
        /// `read` or `write`.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is not what it should be.
    #[error("{path}:{line}: {why}")]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A label has no example.
    #[error("nothing to learn the label `{label}` of the {head} head from; its data files have changed")]
    NoExamples {
        /// Which head.
        head: HeadName,
        /// Which label.
        label: String,
    },
    /// Nothing to choose between.
    #[error("the examples have fewer than two labels; a head needs at least two to choose between")]
    OneLabel,
    /// A text has no features yet.
    #[error("BUG: a text was not encoded before its features were asked for")]
    NotEncoded,
    /// The encoder failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A head can't be written down.
    #[error(transparent)]
    Head(#[from] HeadError),
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
