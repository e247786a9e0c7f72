//! Writes text: a language model behind a bounded queue, on threads of its own.
//!
//! Two kinds of models do so: one that runs here ([`Local`], a GGUF file through candle) and one that a server runs
//! ([`Remote`], anything that speaks OpenAI's chat protocol). Nothing depends on either: what they write is checked
//! before anybody reads it, and a sentence that can't be proved is dropped.

mod chat;
mod error;
mod local;
mod network;
mod queue;
mod remote;
mod settings;
mod vocabulary;

pub use error::Error;
pub use local::Local;
pub use queue::Writer;
pub use remote::Remote;
pub use settings::Settings;

use crate::feedback::ModelInfo;

/// What a model is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What it is to do, in our own words.
    pub system: String,
    /// What it is to do it with.
    pub user: String,
}

/// What a model wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its words, as they are.
    pub text: String,
    /// Tokens of what it read, if that is known.
    pub read_tokens: Option<usize>,
    /// Tokens of what it wrote, if that is known.
    pub written_tokens: Option<usize>,
    /// Whether it was cut off at the most that it may write.
    pub cut: bool,
}

/// Something that writes.
pub trait Model: Send {
    /// Which model it is.
    fn info(&self) -> ModelInfo;

    /// Writes what the prompt asks for; the same prompt gives the same text as far as the model can.
    ///
    /// It looks at `gone` as often as it can, and stops when nobody waits any more.
    ///
    /// # Errors
    /// Any [`Error`] but [`Error::Busy`].
    fn write(&mut self, prompt: &Prompt, gone: &dyn Fn() -> bool) -> Result<Written, Error>;
}
