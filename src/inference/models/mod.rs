//! From a model's name to a folder that loads: fetch, check, convert, find.
//!
//! A folder in the hub's layout holds `config.json`, `tokenizer.json` and `model.safetensors`; that of a language model
//! holds `model.gguf`.
//! Nothing that was downloaded is used before its SHA-256 is right,
//! and a folder appears under its name only when it is whole.

mod convert;
mod download;
mod error;
mod folder;
mod hub;
mod manifest;
mod place;
mod progress;
mod pull;
#[cfg(test)]
mod tests;
mod wheel;

pub use error::Error;
pub use folder::{Layout, ModelFolder};
pub use manifest::{Converter, DEFAULT_MODEL, Manifest, Model, SMALL_LANGUAGE_MODEL, Source};
pub use place::{ModelDir, ModelName};
pub use progress::{Progress, Step, quiet, terminal};
pub use pull::{Listed, ensure_default, language_model, list, pull, resolve, verify};

pub(in crate::inference) use folder::{CONFIG, TOKENIZER, WEIGHTS, sha256_of};
