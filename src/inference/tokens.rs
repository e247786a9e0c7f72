//! Cuts texts into tokens, long ones into windows, and finds each segment's tokens.

use std::ops::Range;
use std::path::Path;

use tokenizers::{
    DecoderWrapper, Encoding, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, Tokenizer, TokenizerImpl,
};

use super::Error;
use super::models;
use super::unigram::Unigram;
use crate::feedback::Span;

/// Tokens that neighbouring windows share.
const OVERLAP: usize = 64;

/// Windows a text may have; what follows is not read.
pub(super) const MAX_WINDOWS: usize = 8;

/// A tokenizer whose pieces are kept our own way.
type Lean = TokenizerImpl<Unigram, NormalizerWrapper, PreTokenizerWrapper, PostProcessorWrapper, DecoderWrapper>;

/// A tokenizer of one kind or another.
enum Cutter {
    Lean(Box<Lean>),
    General(Box<Tokenizer>),
}

/// The model's tokenizer with the limits of the model it belongs to.
pub(super) struct Tokens {
    cutter: Cutter,
    prefix: String,
    limit: usize,
}

/// A text, ready for the encoder.
pub(super) struct Prepared {
    /// At least one.
    pub(super) windows: Vec<Window>,
    /// Tokens of the whole text, prefix and special ones included.
    pub(super) tokens: usize,
    /// Whether its end was left out.
    pub(super) truncated: bool,
}

/// What goes through the encoder in one piece.
pub(super) struct Window {
    /// Prefix and special tokens included.
    pub(super) ids: Vec<u32>,
    /// For each segment its tokens in this window; empty when it has none here.
    pub(super) segments: Vec<Range<usize>>,
}

/// Tokens with the last character that each one covers; prefix and special ones have none.
struct Piece {
    id: u32,
    last: Option<usize>,
}

impl Cutter {
    /// Whatever `tokenizer.json` holds; padding and truncation are not wanted.
    fn read(bytes: &[u8]) -> Result<Self, String> {
        if let Ok(mut lean) = serde_json::from_slice::<Lean>(bytes) {
            lean.with_padding(None).with_truncation(None).map_err(|error| error.to_string())?;
            return Ok(Self::Lean(Box::new(lean)));
        }
        let mut general = Tokenizer::from_bytes(bytes).map_err(|error| error.to_string())?;
        general.with_padding(None).with_truncation(None).map_err(|error| error.to_string())?;
        Ok(Self::General(Box::new(general)))
    }

    /// Tokens that it knows.
    fn size(&self) -> usize {
        let (size, added) = match self {
            Self::Lean(lean) => (lean.get_vocab_size(false), lean.get_added_vocabulary()),
            Self::General(general) => (general.get_vocab_size(false), general.get_added_vocabulary()),
        };
        let last = added.get_added_tokens_decoder().keys().max();
        last.map_or(size, |last| size.max(*last as usize + 1))
    }

    fn cut(&self, text: String) -> tokenizers::Result<Encoding> {
        match self {
            Self::Lean(lean) => lean.encode_char_offsets(text, true),
            Self::General(general) => general.encode_char_offsets(text, true),
        }
    }
}

impl Tokens {
    /// Loads a `tokenizer.json` for a model that takes `limit` tokens and knows ids below `vocabulary`.
    pub(super) fn load(path: &Path, prefix: &str, limit: usize, vocabulary: usize) -> Result<Self, models::Error> {
        let invalid = |reason: String| models::Error::Invalid { path: path.to_owned(), reason };
        let bytes = std::fs::read(path).map_err(|error| models::Error::io("read", path, error))?;
        let cutter = Cutter::read(&bytes).map_err(&invalid)?;
        let size = cutter.size();
        if size > vocabulary {
            return Err(invalid(format!(
                "it has {size} tokens and the model only {vocabulary}: they do not belong together"
            )));
        }
        Ok(Self { cutter, prefix: prefix.to_owned(), limit })
    }

    /// How many tokens the text has, prefix and special ones included.
    pub(super) fn count(&self, text: &str) -> Result<usize, Error> {
        Ok(self.encoding(text)?.len())
    }

    /// Makes windows of the text.
    pub(super) fn prepare(&self, text: &str, segments: &[Span]) -> Result<Prepared, Error> {
        let encoding = self.encoding(text)?;
        let pieces = self.pieces(&encoding);
        if pieces.len() <= self.limit {
            let windows = vec![window(pieces.iter(), segments)];
            return Ok(Prepared { windows, tokens: pieces.len(), truncated: false });
        }
        let body = body(&encoding, &pieces);
        let (head, tail) = (&pieces[..body.start], &pieces[body.end..]);
        let room = self.limit.saturating_sub(head.len() + tail.len()).max(1);
        let slices = slices(body.len(), room, OVERLAP.min(room / 2));
        let truncated = slices.len() > MAX_WINDOWS;
        let body = &pieces[body];
        let windows = slices.into_iter().take(MAX_WINDOWS);
        let windows = windows.map(|slice| window(head.iter().chain(&body[slice]).chain(tail), segments)).collect();
        Ok(Prepared { windows, tokens: pieces.len(), truncated })
    }

    fn encoding(&self, text: &str) -> Result<Encoding, Error> {
        let text = format!("{}{text}", self.prefix);
        self.cutter.cut(text).map_err(|error| Error::Tokenizer { reason: error.to_string() })
    }

    fn pieces(&self, encoding: &Encoding) -> Vec<Piece> {
        let before = self.prefix.chars().count();
        let special = encoding.get_special_tokens_mask();
        let pieces = encoding.get_ids().iter().zip(encoding.get_offsets()).zip(special);
        let pieces = pieces.map(|((&id, &(_, end)), &special)| Piece {
            id,
            last: (special == 0).then(|| end.checked_sub(before + 1)).flatten(),
        });
        pieces.collect()
    }
}

/// The tokens between the prefix and the special ones at the end: what windows are cut from.
fn body(encoding: &Encoding, pieces: &[Piece]) -> Range<usize> {
    let special = encoding.get_special_tokens_mask();
    let tail = special.iter().rev().take_while(|&&special| special == 1).count();
    let start = pieces.iter().position(|piece| piece.last.is_some()).unwrap_or(0);
    start..pieces.len().saturating_sub(tail).max(start)
}

/// Cuts `length` tokens into slices of at most `room` that overlap.
fn slices(length: usize, room: usize, overlap: usize) -> Vec<Range<usize>> {
    let mut slices = Vec::new();
    let mut start = 0;
    while start + room < length {
        slices.push(start..start + room);
        start += room - overlap;
    }
    slices.push(start..length);
    slices
}

fn window<'piece>(pieces: impl Iterator<Item = &'piece Piece>, segments: &[Span]) -> Window {
    let (ids, lasts): (Vec<u32>, Vec<Option<usize>>) = pieces.map(|piece| (piece.id, piece.last)).unzip();
    let within = |span: &Span| {
        let inside = |last: &Option<usize>| last.is_some_and(|last| (span.start..span.end).contains(&last));
        let first = lasts.iter().position(inside).unwrap_or(0);
        let end = lasts.iter().rposition(inside).map_or(first, |last| last + 1);
        first..end
    };
    Window { segments: segments.iter().map(within).collect(), ids }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slices_cover_everything_and_overlap(length in 1_usize..5000, room in 2_usize..600) {
            let overlap = OVERLAP.min(room / 2);
            let slices = slices(length, room, overlap);
            prop_assert_eq!(slices[0].start, 0);
            prop_assert_eq!(slices[slices.len() - 1].end, length);
            for slice in &slices {
                prop_assert!(slice.len() <= room && !slice.is_empty());
            }
            for pair in slices.windows(2) {
                prop_assert_eq!(pair[0].end - pair[1].start, overlap);
            }
        }
    }

    #[test]
    fn a_token_belongs_to_the_segment_of_its_last_character() {
        // "▁ab" covers the space before it, the way that sentence pieces do
        let pieces = [(0, None), (5, None), (6, Some(1)), (7, Some(4)), (8, Some(5)), (2, None)];
        let pieces = pieces.map(|(id, last)| Piece { id, last });
        let segments = [Span { start: 0, end: 2 }, Span { start: 3, end: 6 }, Span { start: 6, end: 9 }];
        let window = window(pieces.iter(), &segments);
        assert_eq!(window.ids, [0, 5, 6, 7, 8, 2]);
        assert_eq!(window.segments, [2..3, 3..5, 0..0]);
    }
}
