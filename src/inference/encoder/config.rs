//! What `config.json` says, and whether the engine can run it.

use std::path::Path;

use serde::Deserialize;

use super::LAYERS_KEPT;
use crate::inference::models::Error;

/// The most tokens a window has, whatever the model takes.
const MAX_TOKENS: usize = 512;

/// An encoder's sizes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::inference) struct Config {
    pub(in crate::inference) hidden: usize,
    pub(in crate::inference) vocabulary: usize,
    /// Tokens a sequence may have.
    pub(in crate::inference) tokens: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) inner: usize,
    pub(super) epsilon: f32,
    /// Rows of the position table, and the row of a sequence's first token.
    pub(super) positions: usize,
    pub(super) first_position: usize,
    pub(super) types: usize,
}

/// The hub's own names and defaults.
#[derive(Deserialize)]
struct Written {
    model_type: Option<String>,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "two")]
    type_vocab_size: usize,
    #[serde(default = "small")]
    layer_norm_eps: f64,
    #[serde(default = "gelu")]
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
    pad_token_id: Option<usize>,
}

impl Config {
    /// Reads and checks the file.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read(path).map_err(|error| Error::io("read", path, error))?;
        let written: Written = serde_json::from_slice(&text)
            .map_err(|error| Error::Invalid { path: path.to_owned(), reason: error.to_string() })?;
        written.check().map_err(|reason| Error::Unsupported { path: path.to_owned(), reason })
    }
}

impl Written {
    fn check(self) -> Result<Config, String> {
        let kind = self.model_type.as_deref().unwrap_or("unknown");
        let first_position = match kind {
            "bert" => 0,
            // RoBERTa counts positions from one past the padding token's id
            "roberta" | "xlm-roberta" => self.pad_token_id.unwrap_or(1) + 1,
            other => return Err(format!("its model_type is {other:?}")),
        };
        if self.hidden_act != "gelu" {
            return Err(format!("its hidden_act is {:?}, not \"gelu\"", self.hidden_act));
        }
        if self.position_embedding_type != "absolute" {
            return Err(format!("its position_embedding_type is {:?}", self.position_embedding_type));
        }
        let heads = self.num_attention_heads;
        if heads == 0 || self.hidden_size == 0 || !self.hidden_size.is_multiple_of(heads) {
            return Err(format!("its hidden_size {} does not divide by its {heads} heads", self.hidden_size));
        }
        if self.num_hidden_layers < LAYERS_KEPT {
            return Err(format!("it has {} layers and at least {LAYERS_KEPT} are needed", self.num_hidden_layers));
        }
        let room = self.max_position_embeddings.saturating_sub(first_position);
        if room < 16 {
            return Err(format!("it takes only {room} tokens"));
        }
        Ok(Config {
            hidden: self.hidden_size,
            vocabulary: self.vocab_size,
            tokens: room.min(MAX_TOKENS),
            layers: self.num_hidden_layers,
            heads,
            inner: self.intermediate_size,
            epsilon: self.layer_norm_eps as f32,
            positions: self.max_position_embeddings,
            first_position,
            types: self.type_vocab_size,
        })
    }
}

fn two() -> usize {
    2
}

fn small() -> f64 {
    1e-12
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn absolute() -> String {
    "absolute".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn checked(change: &[(&str, Value)]) -> Result<Config, String> {
        let mut config = json!({
            "model_type": "bert", "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4,
            "intermediate_size": 64, "vocab_size": 100, "max_position_embeddings": 514,
        });
        for (key, value) in change {
            config[*key] = value.clone();
        }
        serde_json::from_value::<Written>(config).expect("complete").check()
    }

    #[test]
    fn bert_counts_from_nought_and_roberta_from_past_its_padding() {
        let config = checked(&[]).expect("bert");
        assert_eq!((config.first_position, config.tokens), (0, 512));
        let config = checked(&[("model_type", json!("xlm-roberta")), ("pad_token_id", json!(1))]).expect("xlm-r");
        assert_eq!((config.first_position, config.tokens), (2, 512));
        let config = checked(&[("max_position_embeddings", json!(128))]).expect("short");
        assert_eq!(config.tokens, 128);
    }

    #[test]
    fn what_cannot_run_is_named() {
        for (key, value, expected) in [
            ("model_type", json!("t5"), "t5"),
            ("model_type", json!(null), "unknown"),
            ("hidden_act", json!("relu"), "relu"),
            ("position_embedding_type", json!("relative_key"), "relative_key"),
            ("num_attention_heads", json!(5), "5 heads"),
            ("num_attention_heads", json!(0), "0 heads"),
            ("num_hidden_layers", json!(2), "2 layers"),
            ("max_position_embeddings", json!(4), "4 tokens"),
        ] {
            let reason = checked(&[(key, value)]).expect_err(expected);
            assert!(reason.contains(expected), "{reason}");
        }
    }
}
