//! A folder in the hub's layout, and the record that Sada keeps in the ones it made.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Error;

pub(in crate::inference) const CONFIG: &str = "config.json";
pub(in crate::inference) const TOKENIZER: &str = "tokenizer.json";
pub(in crate::inference) const WEIGHTS: &str = "model.safetensors";
pub(in crate::inference) const GGUF: &str = "model.gguf";
const RECORD: &str = "sada.json";

/// Which files make a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The hub's: config, tokenizer, weights; what encoders have.
    Hub,
    /// One GGUF file that holds everything; what language models have.
    Gguf,
}

impl Layout {
    pub(super) const fn files(self) -> &'static [&'static str] {
        match self {
            Self::Hub => &[CONFIG, TOKENIZER, WEIGHTS],
            Self::Gguf => &[GGUF],
        }
    }
}

/// A folder that has the files of a model; whether they load is the engine's finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFolder {
    path: PathBuf,
    name: String,
    layout: Layout,
}

/// What Sada writes beside a model that it made: sizes for a quick check, digests for a full one.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) recipe: String,
    pub(super) digest: String,
    files: BTreeMap<String, FileRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileRecord {
    bytes: u64,
    sha256: String,
}

impl ModelFolder {
    /// Takes a folder whose name is the model's name.
    ///
    /// # Errors
    /// [`Error::MissingFile`] when one of the three files is not there.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let name = path.file_name().map_or_else(|| "model".to_owned(), |name| name.to_string_lossy().into_owned());
        Self::named(path, name)
    }

    /// Takes a folder under another name than its own.
    ///
    /// # Errors
    /// [`Error::MissingFile`] when one of the three files is not there.
    pub fn named(path: impl Into<PathBuf>, name: impl Into<String>) -> Result<Self, Error> {
        Self::laid_out(path, name, Layout::Hub)
    }

    /// Takes a folder of another layout than the hub's.
    ///
    /// # Errors
    /// [`Error::MissingFile`] when one of the layout's files is not there.
    pub fn laid_out(path: impl Into<PathBuf>, name: impl Into<String>, layout: Layout) -> Result<Self, Error> {
        let path = path.into();
        for file in layout.files() {
            if !path.join(file).is_file() {
                return Err(Error::MissingFile { folder: path, file });
            }
        }
        Ok(Self { path, name: name.into(), layout })
    }

    /// The file of a language model; none for an encoder.
    #[must_use]
    pub fn gguf(&self) -> Option<PathBuf> {
        (self.layout == Layout::Gguf).then(|| self.path.join(GGUF))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The model's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 over weights, tokenizer and config, hexadecimal.
    ///
    /// A folder that Sada made has it on record, so that only sizes are compared; any other is read through once.
    ///
    /// # Errors
    /// [`Error::HalfFile`] when a size differs from the record, [`Error::Io`] when a file cannot be read.
    pub fn digest(&self) -> Result<String, Error> {
        match Record::read(&self.path)? {
            Some(record) => record.check_sizes(&self.path).map(|()| record.digest),
            None => Ok(Record::of(&self.path, self.layout, String::new())?.digest),
        }
    }
}

impl Record {
    /// Reads every file of the folder and notes sizes and digests.
    pub(super) fn of(folder: &Path, layout: Layout, recipe: String) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        let mut whole = Sha256::new();
        for &name in layout.files() {
            let path = folder.join(name);
            let file = FileRecord { sha256: sha256_of(&path)?, bytes: size_of(&path)? };
            whole.update(format!("{name} {}\n", file.sha256));
            files.insert(name.to_owned(), file);
        }
        Ok(Self { recipe, digest: format!("{:x}", whole.finalize()), files })
    }

    /// The record of a folder, if Sada made that folder.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Error> {
        let path = folder.join(RECORD);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        let record = serde_json::from_slice(&text);
        record.map(Some).map_err(|error| Error::Invalid { path, reason: error.to_string() })
    }

    /// Writes the record beside the files.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(RECORD);
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Invalid { path: path.clone(), reason: error.to_string() })?;
        std::fs::write(&path, text).map_err(|error| Error::io("write", &path, error))
    }

    /// Whether every file has its recorded size: what a start can afford.
    pub(super) fn check_sizes(&self, folder: &Path) -> Result<(), Error> {
        for (name, file) in &self.files {
            let path = folder.join(name);
            let found_bytes = size_of(&path)?;
            if found_bytes != file.bytes {
                return Err(Error::HalfFile { path, expected_bytes: file.bytes, found_bytes });
            }
        }
        Ok(())
    }

    /// Whether every file has its recorded digest.
    pub(super) fn check_digests(&self, folder: &Path) -> Result<(), Error> {
        self.check_sizes(folder)?;
        for (name, file) in &self.files {
            let path = folder.join(name);
            check_digest(&path, &path.display().to_string(), &file.sha256)?;
        }
        Ok(())
    }
}

/// Compares a file's digest with the expected one; `shown` is its name in the error.
pub(super) fn check_digest(path: &Path, shown: &str, expected: &str) -> Result<(), Error> {
    let got = sha256_of(path)?;
    if got == expected {
        return Ok(());
    }
    Err(Error::Digest { path: shown.to_owned(), expected: expected.to_owned(), got })
}

fn size_of(path: &Path) -> Result<u64, Error> {
    std::fs::metadata(path).map(|metadata| metadata.len()).map_err(|error| Error::io("read", path, error))
}

/// SHA-256 of a file, hexadecimal.
pub(in crate::inference) fn sha256_of(path: &Path) -> Result<String, Error> {
    let failed = |error| Error::io("read", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok(format!("{:x}", hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}
