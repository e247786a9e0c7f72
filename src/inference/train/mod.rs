//! Fits heads on the frozen encoder, and measures them.
//!
//! The same data, seed and encoder give the same heads, byte for byte.
//! Settings are chosen on development data; test files are read by `evals` alone.

mod calibrate;
mod data;
mod error;
mod features;
mod labeller;
mod lbfgs;
mod logistic;
mod matrix;
pub mod metrics;
mod report;
mod task;
mod tasks;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

pub use data::{DataFolder, Row, Source, parse};
pub use error::TrainError;
pub use features::masked;
pub use labeller::{Encodings, Fit, Labelled, Labeller, View, draw};
pub use report::{Development, LabelLine, SliceLine, highest, markdown};

use self::features::Features;
use self::task::Task;
use super::Engine;
use super::heads::HeadName;
use crate::statistics::Random;

/// Texts that are no language, of every kind in turn, made from a seed; some shuffle the words of `samples`.
#[must_use]
pub fn noise(seed: u64, samples: &[&str], count: usize) -> Vec<(&'static str, String)> {
    tasks::noise(&mut Random::new(seed), samples, count)
}

/// What to fit, from where, to where.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Labelled texts.
    pub data: DataFolder,
    /// Where the heads go.
    pub out: PathBuf,
    /// Which heads.
    pub heads: Vec<HeadName>,
    /// A file that keeps features between runs.
    pub cache: Option<PathBuf>,
}

/// How far a fit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of so many new texts are encoded.
    Encoded(usize, usize),
    /// So many of so many fits are done, the last one for this head.
    Fitted(HeadName, usize, usize),
}

/// Fits the planned heads, writes their files, and returns a report in Markdown.
///
/// # Errors
/// [`TrainError`] if data are missing or damaged, the encoder fails, or a file can't be written.
pub fn train(engine: &Engine, plan: &Plan, mut progress: impl FnMut(Progress)) -> Result<String, TrainError> {
    let mut needed: Vec<&str> = plan.heads.iter().flat_map(|head| tasks::files(*head)).copied().collect();
    needed.sort_unstable();
    needed.dedup();
    plan.data.require(&needed)?;
    let tasks = plan.heads.iter().map(|head| tasks::task(*head, &plan.data)).collect::<Result<Vec<_>, _>>()?;
    let mut features = Features::new(engine, plan.cache.as_deref());
    let texts = tasks.iter().flat_map(|task| &task.examples).map(|example| example.text.as_str());
    features.encode(engine, texts, |done, all| progress(Progress::Encoded(done.min(all), all)))?;
    fit(engine, plan, &tasks, &features, progress)
}

fn fit(
    engine: &Engine,
    plan: &Plan,
    tasks: &[Task],
    features: &Features,
    mut progress: impl FnMut(Progress),
) -> Result<String, TrainError> {
    let all: usize = tasks.iter().map(|task| task.grid.len() + 1).sum();
    let mut done = 0;
    let mut text = format!(
        "# Heads\n\nFitted on {} (digest {}), seed {}. Development data only: held out while they are predicted, and \
         what the penalty was chosen on.\n\n",
        engine.info().name,
        engine.info().digest,
        task::SEED
    );
    for task in tasks {
        let (head, development) = task.fit(features, engine.info(), || {
            done += 1;
            progress(Progress::Fitted(task.name, done, all));
        })?;
        let (card, weights) = head.files()?;
        write(&plan.out.join(format!("{}.json", task.name)), card.as_bytes())?;
        write(&plan.out.join(format!("{}.safetensors", task.name)), &weights)?;
        text.push_str(&markdown(&head, &development));
    }
    Ok(text)
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    let failed = |source| TrainError::File { what: "write", path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let temporary = path.with_extension("new");
    fs::write(&temporary, bytes).map_err(failed)?;
    fs::rename(&temporary, path).map_err(failed)
}
