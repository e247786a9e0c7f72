//! What can go wrong between a text and its vectors.

use super::models;

/// Why the engine gave no vectors.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// More texts are waiting than the queue holds.
    #[error("the model has {queued} texts waiting, as many as it takes; try again in a moment")]
    Busy {
        /// Places in the queue, in texts.
        queued: usize,
    },
    /// The engine was stopped or has died.
    #[error("the model engine has stopped; restart Sada if nobody stopped it")]
    Stopped,
    /// The model does not load.
    #[error(transparent)]
    Model(#[from] std::sync::Arc<models::Error>),
    /// The tokenizer refused a text.
    #[error("the tokenizer failed: {reason}; run `sada models verify`")]
    Tokenizer {
        /// Its own message.
        reason: String,
    },
    /// The forward pass failed.
    #[error("the model failed: {reason}; run `sada models verify`")]
    Compute {
        /// The message from below.
        reason: String,
    },
    /// The heads belong to another model, or are damaged.
    #[error(transparent)]
    Heads(#[from] std::sync::Arc<super::heads::HeadError>),
    /// Instructions were asked for that the processor lacks.
    #[error("engine.instructions is \"avx2\" and this processor has no AVX2; set it to \"auto\"")]
    NoAvx2,
    /// A GPU was asked for and can't be had.
    #[error("engine.device is \"cuda\": {reason}; set it to \"cpu\" to go on without a GPU")]
    NoCuda {
        /// What is missing.
        reason: String,
    },
    /// The system gave no thread.
    #[error("could not start a thread for the model: {reason}; raise the process limit or set fewer threads")]
    Thread {
        /// The system's message.
        reason: String,
    },
}

impl From<models::Error> for Error {
    fn from(error: models::Error) -> Self {
        Self::Model(std::sync::Arc::new(error))
    }
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Self::Compute { reason: error.to_string() }
    }
}

impl From<super::heads::HeadError> for Error {
    fn from(error: super::heads::HeadError) -> Self {
        Self::Heads(std::sync::Arc::new(error))
    }
}
