//! The `E5S1` file: a BERT encoder whose matrices are 4-bit blocks.
//!
//! The table of word vectors (nine tenths of the model) is written in half precision and stays on disk at run time;
//! everything else is written in full precision, which holds the 4-bit values exactly.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use half::f16;
use safetensors::{Dtype, View};
use serde::Serialize;

use super::super::Error;
use super::super::folder::{CONFIG, TOKENIZER, WEIGHTS};

/// The parts' names in the manifest.
const MODEL_PART: &str = "e5-small-q4.bin";
const TOKENIZER_PART: &str = "tokenizer.json";

/// Weights in a 4-bit block, and the block's bytes: a half-precision scale and two weights a byte.
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 2 + BLOCK / 2;

pub(super) fn convert(parts: &Path, folder: &Path) -> Result<(), Error> {
    let path = parts.join(MODEL_PART);
    let bytes = std::fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
    let file = E5s1::parse(&bytes).ok_or_else(|| Error::Invalid {
        path: path.clone(),
        reason: "it is not an E5S1 file of version 1".to_owned(),
    })?;
    let tensors = file.tensors().map_err(|reason| Error::Invalid { path, reason })?;
    write_weights(tensors, &folder.join(WEIGHTS))?;
    write_config(&file.config(), &folder.join(CONFIG))?;
    let tokenizer = folder.join(TOKENIZER);
    std::fs::copy(parts.join(TOKENIZER_PART), &tokenizer)
        .map_err(|error| Error::io("write", &tokenizer, error))
        .map(drop)
}

fn write_config(config: &Config, path: &Path) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(config)
        .map_err(|error| Error::Invalid { path: path.to_owned(), reason: error.to_string() })?;
    std::fs::write(path, text + "\n").map_err(|error| Error::io("write", path, error))
}

fn write_weights(tensors: BTreeMap<String, Tensor<'_>>, path: &Path) -> Result<(), Error> {
    let information = [("format".to_owned(), "pt".to_owned())].into();
    safetensors::serialize_to_file(tensors, Some(information), path).map_err(|error| match error {
        safetensors::SafeTensorError::IoError(error) => Error::io("write", path, error),
        other => Error::Invalid { path: path.to_owned(), reason: other.to_string() },
    })
}

/// The layer norms' epsilon; the file rounds it to single precision.
const EPSILON: f64 = 1e-12;

/// The hub's `config.json`; a struct, so that its bytes, and with them the model's digest, are the same in every build.
#[derive(Serialize)]
struct Config {
    architectures: [&'static str; 1],
    model_type: &'static str,
    hidden_act: &'static str,
    hidden_size: usize,
    intermediate_size: usize,
    layer_norm_eps: f64,
    max_position_embeddings: usize,
    num_attention_heads: usize,
    num_hidden_layers: usize,
    pad_token_id: usize,
    position_embedding_type: &'static str,
    tokenizer_class: &'static str,
    type_vocab_size: usize,
    vocab_size: usize,
}

/// The file's header and where its tensors lie.
struct E5s1<'file> {
    hidden: usize,
    layers: usize,
    heads: usize,
    inner: usize,
    vocabulary: usize,
    positions: usize,
    types: usize,
    epsilon: f32,
    entries: BTreeMap<String, Entry<'file>>,
}

#[derive(Clone, Copy)]
struct Entry<'file> {
    coded: bool,
    elements: usize,
    bytes: &'file [u8],
}

/// One tensor on its way into the safetensors file; widened only while it is written.
struct Tensor<'file> {
    entry: Entry<'file>,
    shape: Vec<usize>,
    dtype: Dtype,
}

impl<'file> E5s1<'file> {
    fn parse(file: &'file [u8]) -> Option<Self> {
        let mut reader = Reader { file, at: 0 };
        if reader.take(4)? != b"E5S1" || reader.u32()? != 1 {
            return None;
        }
        let mut sizes = [0_usize; 7];
        for size in &mut sizes {
            *size = reader.size()?;
        }
        let [hidden, layers, heads, inner, vocabulary, positions, types] = sizes;
        let epsilon = f32::from_bits(reader.u32()?);
        if reader.size()? != BLOCK {
            return None;
        }
        reader.skip_tokenizer()?;
        let entries = reader.directory()?;
        Some(Self { hidden, layers, heads, inner, vocabulary, positions, types, epsilon, entries })
    }

    fn config(&self) -> Config {
        Config {
            architectures: ["BertModel"],
            model_type: "bert",
            hidden_act: "gelu",
            hidden_size: self.hidden,
            intermediate_size: self.inner,
            layer_norm_eps: EPSILON,
            max_position_embeddings: self.positions,
            num_attention_heads: self.heads,
            num_hidden_layers: self.layers,
            pad_token_id: 0,
            position_embedding_type: "absolute",
            tokenizer_class: "XLMRobertaTokenizer",
            type_vocab_size: self.types,
            vocab_size: self.vocabulary,
        }
    }

    /// All tensors under the hub's names.
    fn tensors(&self) -> Result<BTreeMap<String, Tensor<'file>>, String> {
        if self.epsilon != EPSILON as f32 {
            return Err(format!("its layer-norm epsilon is {}, not {EPSILON}", self.epsilon));
        }
        let mut tensors = BTreeMap::new();
        let (hidden, inner) = (self.hidden, self.inner);
        let mut add = |from: String, to: String, shape: &[usize], dtype: Dtype| {
            let entry = *self.entries.get(&from).ok_or_else(|| format!("it has no tensor {from}"))?;
            if entry.elements != shape.iter().product::<usize>() || !entry.is_whole() {
                return Err(format!("its tensor {from} has not the size {shape:?}"));
            }
            tensors.insert(to, Tensor { entry, shape: shape.to_vec(), dtype });
            Ok(())
        };
        let words = [self.vocabulary, hidden];
        add("emb.word".into(), "embeddings.word_embeddings.weight".into(), &words, Dtype::F16)?;
        for (from, to, shape) in [
            ("emb.pos", "position_embeddings.weight", &[self.positions, hidden][..]),
            ("emb.type", "token_type_embeddings.weight", &[self.types, hidden]),
            ("emb.ln.w", "LayerNorm.weight", &[hidden]),
            ("emb.ln.b", "LayerNorm.bias", &[hidden]),
        ] {
            add(from.into(), format!("embeddings.{to}"), shape, Dtype::F32)?;
        }
        for layer in 0..self.layers {
            for (from, to, rows, columns) in [
                ("q", "attention.self.query", hidden, hidden),
                ("k", "attention.self.key", hidden, hidden),
                ("v", "attention.self.value", hidden, hidden),
                ("ao", "attention.output.dense", hidden, hidden),
                ("fi", "intermediate.dense", inner, hidden),
                ("fo", "output.dense", hidden, inner),
            ] {
                let to = format!("encoder.layer.{layer}.{to}");
                add(format!("l{layer}.{from}.w"), format!("{to}.weight"), &[rows, columns], Dtype::F32)?;
                add(format!("l{layer}.{from}.b"), format!("{to}.bias"), &[rows], Dtype::F32)?;
            }
            for (from, to) in [("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")] {
                let to = format!("encoder.layer.{layer}.{to}");
                add(format!("l{layer}.{from}.w"), format!("{to}.weight"), &[hidden], Dtype::F32)?;
                add(format!("l{layer}.{from}.b"), format!("{to}.bias"), &[hidden], Dtype::F32)?;
            }
        }
        Ok(tensors)
    }
}

impl Entry<'_> {
    fn is_whole(&self) -> bool {
        let expected = if self.coded { self.elements / BLOCK * BLOCK_BYTES } else { self.elements * size_of::<f32>() };
        self.bytes.len() == expected && (!self.coded || self.elements.is_multiple_of(BLOCK))
    }

    /// The values as little-endian bytes of the type.
    fn widened(&self, dtype: Dtype) -> Vec<u8> {
        if !self.coded {
            return self.bytes.to_vec();
        }
        let width = if dtype == Dtype::F16 { 2 } else { 4 };
        let mut out = Vec::with_capacity(self.elements * width);
        for block in self.bytes.chunks_exact(BLOCK_BYTES) {
            let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
            let values: [f32; 16] = std::array::from_fn(|code| (code as f32 - 8.0) * scale);
            let codes = block[2..].iter().map(|pair| pair & 15).chain(block[2..].iter().map(|pair| pair >> 4));
            if dtype == Dtype::F16 {
                let values = values.map(|value| f16::from_f32(value).to_le_bytes());
                codes.for_each(|code| out.extend_from_slice(&values[usize::from(code)]));
            } else {
                let values = values.map(f32::to_le_bytes);
                codes.for_each(|code| out.extend_from_slice(&values[usize::from(code)]));
            }
        }
        out
    }
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Owned(self.entry.widened(self.dtype))
    }

    fn data_len(&self) -> usize {
        self.entry.elements * if self.dtype == Dtype::F16 { 2 } else { 4 }
    }
}

/// Walks the file; every step is `None` past the end.
struct Reader<'file> {
    file: &'file [u8],
    at: usize,
}

impl<'file> Reader<'file> {
    fn take(&mut self, length: usize) -> Option<&'file [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.file.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number<const WIDTH: usize>(&mut self) -> Option<[u8; WIDTH]> {
        self.take(WIDTH)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.number().map(u32::from_le_bytes)
    }

    fn length(&mut self) -> Option<usize> {
        self.number().map(u64::from_le_bytes).and_then(|length| usize::try_from(length).ok())
    }

    /// A signed 32-bit size.
    fn size(&mut self) -> Option<usize> {
        self.number().map(i32::from_le_bytes).and_then(|size| usize::try_from(size).ok())
    }

    /// The file's own tokenizer, which `tokenizer.json` replaces.
    fn skip_tokenizer(&mut self) -> Option<()> {
        let pieces = self.size()?;
        self.take(4 * 4)?;
        let blob = self.length()?;
        self.take(4 * (pieces + 1) + 4 * pieces)?;
        self.take(blob)?;
        self.take(4)?;
        let map = self.u32()? as usize;
        self.take(map).map(drop)
    }

    fn directory(&mut self) -> Option<BTreeMap<String, Entry<'file>>> {
        let count = self.size()?;
        let mut entries = BTreeMap::new();
        for _ in 0..count {
            let length = usize::from(self.number().map(u16::from_le_bytes)?);
            let name = std::str::from_utf8(self.take(length)?).ok()?.to_owned();
            let coded = match self.number::<1>()? {
                [0] => false,
                [1] => true,
                _ => return None,
            };
            let elements = self.u32()? as usize;
            let start = self.length()?;
            let end = start.checked_add(self.length()?)?;
            entries.insert(name, Entry { coded, elements, bytes: self.file.get(start..end)? });
        }
        Some(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_a_scale_and_two_weights_a_byte() {
        let mut bytes = f16::from_f32(0.5).to_le_bytes().to_vec();
        bytes.extend([0x80; 16]);
        bytes[2] = 0xF0;
        let entry = Entry { coded: true, elements: 32, bytes: &bytes };
        assert!(entry.is_whole());
        let wide = entry.widened(Dtype::F32);
        let values: Vec<f32> =
            wide.chunks_exact(4).map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect();
        assert_eq!(values.len(), 32);
        assert_eq!((values[0], values[1]), (-4.0, -4.0), "low halves come first");
        assert_eq!((values[16], values[17]), (3.5, 0.0), "high halves follow");
        let narrow = entry.widened(Dtype::F16);
        assert_eq!(f16::from_le_bytes([narrow[32], narrow[33]]).to_f32(), 3.5);
    }

    #[test]
    fn a_file_that_stops_early_or_is_another_is_refused() {
        for file in [&b""[..], b"E5S1", b"E5S2\x01\0\0\0", &[b'E', b'5', b'S', b'1', 1, 0, 0, 0, 1, 0, 0, 0]] {
            assert!(E5s1::parse(file).is_none());
        }
    }
}
