//! What can go wrong between a prompt and a text.

use std::path::PathBuf;

/// Why there is no text.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// As many prompts wait as may.
    #[error("the language model has {queued} prompts waiting, as many as it takes; try again in a moment")]
    Busy {
        /// Places in the queue.
        queued: usize,
    },
    /// It took too long.
    #[error("the language model took longer than {seconds} s; raise llm.timeout_s, or take a smaller model")]
    Slow {
        /// The limit.
        seconds: u64,
    },
    /// Nobody waited for the text any more.
    #[error("nobody waited for the text any more")]
    Gone,
    /// Its threads have ended.
    #[error("the language model has stopped; restart Sada if nobody stopped it")]
    Stopped,
    /// The file can't be read.
    #[error("could not read {}: {reason}; check the path and its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's message.
        reason: String,
    },
    /// The file holds no model that runs here.
    #[error("{} can't be used: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to take instead.
        reason: String,
    },
    /// The prompt does not fit.
    #[error("the prompt has {tokens} tokens and {most} fit; raise llm.context_tokens if the model can take more")]
    TooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// Tokens that leave room for an answer.
        most: usize,
    },
    /// The forward pass failed.
    #[error("the language model failed: {reason}")]
    Compute {
        /// The message from below.
        reason: String,
    },
    /// The server's address or name makes no sense.
    #[error("the settings of the language model can't be used: {reason}")]
    Settings {
        /// What is wrong.
        reason: String,
    },
    /// The server does not answer, or says no.
    #[error("the language model's server {url}: {reason}")]
    Server {
        /// Its address, without secrets.
        url: String,
        /// What it said, or what kept us from it.
        reason: String,
    },
    /// The system gave no thread.
    #[error("could not start a thread for the language model: {reason}")]
    Thread {
        /// The system's message.
        reason: String,
    },
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Self::Compute { reason: error.to_string() }
    }
}
