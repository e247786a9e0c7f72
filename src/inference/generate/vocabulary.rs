//! The tokenizer that a GGUF file carries.
//!
//! Byte-level vocabularies (`gpt2`: Qwen, Llama 3) are candle's to read; those of SentencePiece (`llama`: Gemma, Llama 2)
//! become a BPE here, whose merges are found from the pieces' scores, as in the conversion of the transformers library.

use std::collections::{HashMap, HashSet};

use candle_core::quantized::gguf_file::{Content, Value};
use candle_core::quantized::tokenizer::TokenizerFromGguf as _;
use tokenizers::decoders::byte_fallback::ByteFallback;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::sequence::Sequence;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::Replace;
use tokenizers::{AddedToken, Tokenizer};

/// SentencePiece's stand-in for a space.
const SPACE: &str = "▁";

/// Ends of a turn that some files don't name in their metadata.
const ENDS: [&str; 5] = ["<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "</s>"];

/// Kinds of pieces, as llama.cpp numbers them.
mod kind {
    pub(super) const CONTROL: u32 = 3;
    pub(super) const USER_DEFINED: u32 = 4;
}

/// A tokenizer with what a conversation needs to know of it.
pub(super) struct Vocabulary {
    pub(super) tokenizer: Tokenizer,
    /// Tokens that end an answer.
    pub(super) ends: HashSet<u32>,
    /// The beginning of a text, if the model wants one.
    pub(super) start: Option<u32>,
    /// The words of the tokens that are no text: a customer must not be able to write one.
    pub(super) controls: Vec<String>,
    /// The words of the first and last token, for templates.
    pub(super) start_word: String,
    pub(super) end_word: String,
}

impl Vocabulary {
    pub(super) fn of(file: &Content) -> Result<Self, String> {
        let pieces = texts(file, "tokenizer.ggml.tokens")?;
        let tokenizer = match text(file, "tokenizer.ggml.model")?.as_str() {
            "gpt2" => Tokenizer::from_gguf(file).map_err(|error| error.to_string())?,
            "llama" => sentence_piece(file, &pieces)?,
            other => return Err(format!("its tokenizer is of the kind {other:?}; take one of gpt2 or llama")),
        };
        let id = |key: &str| number(file, &format!("tokenizer.ggml.{key}"));
        let word = |id: Option<u32>| id.and_then(|id| pieces.get(id as usize)).cloned().unwrap_or_default();
        let (start, end) = (id("bos_token_id"), id("eos_token_id"));
        let mut ends: HashSet<u32> =
            ["eos_token_id", "eot_token_id", "eom_token_id"].iter().filter_map(|key| id(key)).collect();
        ends.extend(ENDS.iter().filter_map(|word| tokenizer.token_to_id(word)));
        if ends.is_empty() {
            return Err("it does not say which token ends an answer".to_owned());
        }
        let wants_start = flag(file, "tokenizer.ggml.add_bos_token").unwrap_or(false);
        let (start_word, end_word) = (word(start), word(end));
        let controls = controls(file, &pieces);
        Ok(Self { tokenizer, ends, start: start.filter(|_| wants_start), controls, start_word, end_word })
    }
}

/// Pieces that mark turns, longest first, so that none hides in another.
fn controls(file: &Content, pieces: &[String]) -> Vec<String> {
    let kinds = numbers(file, "tokenizer.ggml.token_type");
    let marked = pieces.iter().zip(kinds).filter(|(piece, kind)| match *kind {
        kind::CONTROL => piece.len() > 1,
        // Gemma calls runs of line feeds and spaces so
        kind::USER_DEFINED => piece.len() > 1 && piece.starts_with(['<', '[']),
        _ => false,
    });
    let mut controls: Vec<String> = marked.map(|(piece, _)| piece.clone()).collect();
    controls.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    controls
}

fn sentence_piece(file: &Content, pieces: &[String]) -> Result<Tokenizer, String> {
    let scores = scores(file)?;
    let ids: HashMap<&str, u32> = pieces.iter().map(String::as_str).zip(0..).collect();
    let merges = merges(pieces, &scores, &ids);
    let vocabulary: Vocab = ids.iter().map(|(piece, id)| ((*piece).to_owned(), *id)).collect();
    let mut builder = BPE::builder().vocab_and_merges(vocabulary, merges).byte_fallback(true).fuse_unk(true);
    if let Some(unknown) = number(file, "tokenizer.ggml.unknown_token_id").and_then(|id| pieces.get(id as usize)) {
        builder = builder.unk_token(unknown.clone());
    }
    let said = |error: Box<dyn std::error::Error + Send + Sync>| error.to_string();
    let mut tokenizer = Tokenizer::new(builder.build().map_err(said)?);
    tokenizer.with_normalizer(Some(Replace::new(" ", SPACE).map_err(said)?)).map_err(said)?;
    let spaces = Replace::new(SPACE, " ").map_err(said)?;
    tokenizer.with_decoder(Some(Sequence::new(vec![spaces.into(), ByteFallback::new().into(), Fuse::new().into()])));
    let special = controls(file, pieces).into_iter().map(|piece| AddedToken::from(piece, true)).collect::<Vec<_>>();
    tokenizer.add_special_tokens(special).map_err(said)?;
    Ok(tokenizer)
}

/// Every way to join two pieces into a third, best score first.
fn merges(pieces: &[String], scores: &[f32], ids: &HashMap<&str, u32>) -> Vec<(String, String)> {
    let mut merges: Vec<(f32, u32, u32)> = Vec::new();
    for (piece, score) in pieces.iter().zip(scores) {
        let mut halves: Vec<(f32, u32, u32)> = piece
            .char_indices()
            .skip(1)
            .filter_map(|(at, _)| Some((*score, *ids.get(&piece[..at])?, *ids.get(&piece[at..])?)))
            .collect();
        halves.sort_by_key(|(_, left, right)| (*left, *right));
        merges.extend(halves);
    }
    merges.sort_by(|left, right| right.0.total_cmp(&left.0));
    let word = |id: u32| pieces.get(id as usize).cloned().unwrap_or_default();
    merges.into_iter().map(|(_, left, right)| (word(left), word(right))).collect()
}

fn value<'file>(file: &'file Content, key: &str) -> Result<&'file Value, String> {
    file.metadata.get(key).ok_or_else(|| format!("it has no {key}"))
}

pub(super) fn text(file: &Content, key: &str) -> Result<String, String> {
    value(file, key)?.to_string().cloned().map_err(|_| format!("its {key} is no text"))
}

fn texts(file: &Content, key: &str) -> Result<Vec<String>, String> {
    let wrong = |_| format!("its {key} is no list of texts");
    let list = value(file, key)?.to_vec().map_err(wrong)?;
    list.iter().map(|each| each.to_string().cloned().map_err(wrong)).collect()
}

fn scores(file: &Content) -> Result<Vec<f32>, String> {
    let wrong = |_| "its tokenizer.ggml.scores is no list of numbers".to_owned();
    let list = value(file, "tokenizer.ggml.scores")?.to_vec().map_err(wrong)?;
    list.iter().map(|each| each.to_f32().map_err(wrong)).collect()
}

pub(super) fn number(file: &Content, key: &str) -> Option<u32> {
    file.metadata.get(key).and_then(as_number)
}

fn as_number(value: &Value) -> Option<u32> {
    match value {
        Value::U32(number) => Some(*number),
        Value::I32(number) => u32::try_from(*number).ok(),
        Value::U64(number) => u32::try_from(*number).ok(),
        Value::U8(number) => Some(u32::from(*number)),
        Value::U16(number) => Some(u32::from(*number)),
        _ => None,
    }
}

fn numbers(file: &Content, key: &str) -> Vec<u32> {
    let list = file.metadata.get(key).and_then(|value| value.to_vec().ok());
    list.map(|list| list.iter().map(|each| as_number(each).unwrap_or_default()).collect()).unwrap_or_default()
}

fn flag(file: &Content, key: &str) -> Option<bool> {
    file.metadata.get(key).and_then(|value| value.to_bool().ok())
}
