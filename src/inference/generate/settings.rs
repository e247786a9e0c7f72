//! Which language model writes, and how much.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Which language model writes, and how much; without a path and a URL there is none, and nothing needs one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A GGUF file (qwen2, qwen3, gemma3, llama), or a name of `sada models list`; empty for none.
    pub path: String,
    /// The base of an OpenAI-compatible server's addresses, such as `http://localhost:11434/v1`; empty for none.
    pub url: String,
    /// The model's name on that server.
    pub model: String,
    /// The server's key; empty for none.
    pub key: String,
    /// Tokens that an answer may have at most.
    pub max_tokens: usize,
    /// Tokens that a prompt and its answer may have together at most.
    pub context_tokens: usize,
    /// Seconds that an answer may take, with the time in the queue.
    pub timeout_s: u64,
    /// Prompts that may wait; more are answered without the model.
    pub queue: usize,
}

impl Settings {
    /// How long an answer may take.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_s)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            path: String::new(),
            url: String::new(),
            model: String::new(),
            key: String::new(),
            max_tokens: 400,
            context_tokens: 4096,
            timeout_s: 25,
            queue: 8,
        }
    }
}

/// Without the key.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("path", &self.path)
            .field("url", &self.url)
            .field("model", &self.model)
            .field("max_tokens", &self.max_tokens)
            .field("timeout_s", &self.timeout_s)
            .finish_non_exhaustive()
    }
}
