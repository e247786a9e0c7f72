//! The networks that run: candle's own, by the architecture that a GGUF file names.

use std::io::{Read, Seek};

use candle_core::quantized::gguf_file::Content;
use candle_core::{Device, Result, Tensor};
use candle_transformers::models::{quantized_gemma3, quantized_llama, quantized_qwen2, quantized_qwen3};

/// A network with its weights and what it remembers of the text so far.
pub(super) enum Network {
    Qwen2(quantized_qwen2::ModelWeights),
    Qwen3(quantized_qwen3::ModelWeights),
    Gemma3(quantized_gemma3::ModelWeights),
    Llama(quantized_llama::ModelWeights),
}

/// The architectures that run, for messages.
pub(super) const KNOWN: &str = "qwen2, qwen3, gemma3, llama";

/// The longest text that the tables of candle's llama reach.
const LLAMA_TOKENS: usize = 4096;

impl Network {
    /// Loads the weights; none if the architecture is not known.
    pub(super) fn load<R: Read + Seek>(architecture: &str, file: Content, reader: &mut R) -> Option<Result<Self>> {
        let device = &Device::Cpu;
        Some(match architecture {
            "qwen2" => quantized_qwen2::ModelWeights::from_gguf(file, reader, device).map(Self::Qwen2),
            "qwen3" => quantized_qwen3::ModelWeights::from_gguf(file, reader, device).map(Self::Qwen3),
            "gemma3" => quantized_gemma3::ModelWeights::from_gguf(file, reader, device).map(Self::Gemma3),
            "llama" => quantized_llama::ModelWeights::from_gguf(file, reader, device).map(Self::Llama),
            _ => return None,
        })
    }

    /// The most tokens that it can take, if the code sets a limit of its own.
    pub(super) const fn most_tokens(&self) -> usize {
        match self {
            Self::Llama(_) => LLAMA_TOKENS,
            Self::Qwen2(_) | Self::Qwen3(_) | Self::Gemma3(_) => usize::MAX,
        }
    }

    /// How many tokens it must read at once where it can't read them in parts; 0 where it can.
    ///
    /// candle's gemma3 masks what came before a part of more than one token.
    pub(super) const fn most_at_once(&self) -> usize {
        match self {
            Self::Gemma3(_) => usize::MAX,
            Self::Qwen2(_) | Self::Qwen3(_) | Self::Llama(_) => 0,
        }
    }

    /// Forgets the text before.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Qwen2(network) => network.clear_kv_cache(),
            Self::Qwen3(network) => network.clear_kv_cache(),
            // it starts anew by itself when a text begins
            Self::Gemma3(_) => {}
            Self::Llama(network) => network.clear_kv_cache(),
        }
    }

    /// The scores of what may follow, one for each token of the vocabulary, after `tokens` that begin at `position`.
    pub(super) fn forward(&mut self, tokens: &[u32], position: usize) -> Result<Tensor> {
        let input = Tensor::new(tokens, &Device::Cpu)?.unsqueeze(0)?;
        let scores = match self {
            Self::Qwen2(network) => network.forward(&input, position),
            Self::Qwen3(network) => network.forward(&input, position),
            Self::Gemma3(network) => network.forward(&input, position),
            Self::Llama(network) => network.forward(&input, position),
        };
        scores?.flatten_all()
    }
}
