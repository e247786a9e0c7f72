//! Texts to features: masked as in production, encoded once, kept in memory and, if wanted, in a file.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::TrainError;
use super::matrix::Matrix;
use crate::inference::{Engine, Input};
use crate::privacy::{RawText, Text, mask};

/// Texts that are encoded between two steps of the progress bar.
const CHUNK: usize = 128;

/// Longest text that is learned from, in characters; tweets and messages are far shorter.
const MAX_CHARS: usize = 1500;

type Key = [u8; 32];

/// The features of every text seen so far.
pub(super) struct Features {
    matrix: Matrix,
    rows: HashMap<Key, usize>,
    keys: Vec<Key>,
    salt: String,
    file: Option<PathBuf>,
}

impl Features {
    /// No features yet, or those of an earlier run with this model that `file` holds.
    pub(super) fn new(engine: &Engine, file: Option<&Path>) -> Self {
        let columns = engine.dimension() * 3;
        let mut features = Self {
            matrix: Matrix::new(columns),
            rows: HashMap::new(),
            keys: Vec::new(),
            salt: format!("{} {:?} ", engine.info().digest, engine.precision()),
            file: file.map(Path::to_owned),
        };
        if let Some(bytes) = file.and_then(|file| fs::read(file).ok()) {
            for record in bytes.chunks_exact(32 + 4 * columns) {
                let (key, values) = record.split_at(32);
                let values =
                    values.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]));
                features.push(key.try_into().unwrap_or_default(), values);
            }
        }
        features
    }

    /// All features, a row for each text.
    pub(super) const fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// The row of a text that was encoded.
    pub(super) fn row(&self, text: &str) -> Option<usize> {
        self.rows.get(&self.key(text)).copied()
    }

    /// Encodes the texts that are new, and says after each step how many of how many are done.
    pub(super) fn encode<'text>(
        &mut self,
        engine: &Engine,
        texts: impl IntoIterator<Item = &'text str>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<(), TrainError> {
        let mut new: HashMap<Key, &str> = HashMap::new();
        for text in texts {
            let key = self.key(text);
            if !self.rows.contains_key(&key) {
                new.insert(key, text);
            }
        }
        let mut new: Vec<(Key, &str)> = new.into_iter().collect();
        new.sort_by_key(|(key, text)| (text.len(), *key));
        for (index, chunk) in new.chunks(CHUNK).enumerate() {
            let inputs = chunk.iter().map(|(_, text)| Input { text: masked(text), segments: Vec::new() });
            for (encoded, (key, _)) in engine.encode_blocking(inputs.collect())?.into_iter().zip(chunk) {
                self.push(*key, encoded.pooled.layers().iter().copied());
            }
            progress((index + 1) * CHUNK, new.len());
        }
        if new.is_empty() { Ok(()) } else { self.save() }
    }

    fn key(&self, text: &str) -> Key {
        Sha256::new().chain_update(&self.salt).chain_update(text).finalize().into()
    }

    fn push(&mut self, key: Key, values: impl IntoIterator<Item = f32>) {
        self.rows.insert(key, self.keys.len());
        self.keys.push(key);
        self.matrix.push(values);
    }

    fn save(&self) -> Result<(), TrainError> {
        let Some(path) = &self.file else { return Ok(()) };
        let mut bytes = Vec::new();
        for (row, key) in self.keys.iter().enumerate() {
            bytes.extend_from_slice(key);
            bytes.extend(self.matrix.row(row).iter().flat_map(|value| value.to_le_bytes()));
        }
        fs::write(path, bytes).map_err(|source| TrainError::File { what: "write", path: path.clone(), source })
    }
}

/// What the model would see of a text in production.
#[must_use]
pub fn masked(text: &str) -> Text {
    let start: String = text.chars().take(MAX_CHARS).collect();
    mask(&RawText::new(start)).text
}
