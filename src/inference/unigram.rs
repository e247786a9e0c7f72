//! SentencePiece's unigram model over one automaton.
//!
//! The tokenizers crate keeps its pieces in a tree of hash tables: for a quarter of a million pieces 280 MB and most of
//! the time that a start takes. This one gives the same tokens from a tenth of that; the rest of the tokenizer stays theirs.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use daachorse::DoubleArrayAhoCorasick;
use serde::Deserialize;
use tokenizers::models::unigram::UnigramTrainer;
use tokenizers::{Model, Result, Token};

/// What a character that no piece covers costs, below the least score of a piece (as in SentencePiece).
const UNKNOWN_PENALTY: f64 = 10.0;

/// Pieces with scores; a text is cut into those whose scores have the greatest sum.
#[derive(Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Unigram {
    pieces: DoubleArrayAhoCorasick<u32>,
    scores: Vec<f64>,
    /// All pieces, one after another, and where each of them ends.
    letters: String,
    ends: Vec<usize>,
    unknown: u32,
    unknown_score: f64,
}

/// A unigram model as `tokenizer.json` has it.
#[derive(Deserialize)]
struct Written {
    #[serde(rename = "type")]
    kind: String,
    unk_id: Option<u32>,
    vocab: Vec<(String, f64)>,
    #[serde(default)]
    byte_fallback: bool,
}

/// The best way to cut a text so that a piece ends at a place.
#[derive(Clone, Copy)]
struct Cut {
    score: f64,
    start: usize,
    id: u32,
}

impl TryFrom<Written> for Unigram {
    type Error = String;

    fn try_from(written: Written) -> std::result::Result<Self, String> {
        let Written { kind, unk_id, vocab, byte_fallback } = written;
        let unknown = unk_id.filter(|id| (*id as usize) < vocab.len()).ok_or("it has no unknown piece")?;
        if kind != "Unigram" || byte_fallback {
            return Err(format!("a {kind} model, bytes for unknown characters: {byte_fallback}"));
        }
        let different: HashSet<&str> = vocab.iter().map(|(piece, _)| piece.as_str()).collect();
        if different.len() < vocab.len() || different.contains("") {
            return Err("a piece is empty or there twice".to_owned());
        }
        let pieces = DoubleArrayAhoCorasick::new(vocab.iter().map(|(piece, _)| piece));
        let scores: Vec<f64> = vocab.iter().map(|(_, score)| *score).collect();
        let unknown_score = scores.iter().copied().fold(f64::INFINITY, f64::min) - UNKNOWN_PENALTY;
        let letters: String = vocab.iter().map(|(piece, _)| piece.as_str()).collect();
        let ends = vocab.iter().scan(0, |end, (piece, _)| {
            *end += piece.len();
            Some(*end)
        });
        let ends = ends.collect();
        Ok(Self { pieces: pieces.map_err(|error| error.to_string())?, scores, letters, ends, unknown, unknown_score })
    }
}

impl Unigram {
    fn piece(&self, id: usize) -> Option<&str> {
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.letters.get(start..*self.ends.get(id)?)
    }

    /// The best cut for every place where a character ends (Viterbi); of equal ones that with the longest last piece.
    fn cuts(&self, text: &str) -> Vec<Option<Cut>> {
        let mut cuts: Vec<Option<Cut>> = vec![None; text.len() + 1];
        cuts[0] = Some(Cut { score: 0.0, start: 0, id: self.unknown });
        let mut matches = self.pieces.find_overlapping_iter(text).peekable();
        for (start, character) in text.char_indices() {
            let end = start + character.len_utf8();
            let mut alone = false;
            while let Some(found) = matches.next_if(|found| found.end() <= end) {
                alone |= found.start() == start;
                let score = self.scores[found.value() as usize];
                offer(&mut cuts, found.start()..found.end(), found.value(), score);
            }
            if !alone {
                offer(&mut cuts, start..end, self.unknown, self.unknown_score);
            }
        }
        cuts
    }
}

/// Takes a piece as a place's last one if that is better than what is known.
fn offer(cuts: &mut [Option<Cut>], place: Range<usize>, id: u32, score: f64) {
    let Some(before) = cuts[place.start] else { return };
    let score = score + before.score;
    if cuts[place.end].is_none_or(|known| score > known.score) {
        cuts[place.end] = Some(Cut { score, start: place.start, id });
    }
}

impl Model for Unigram {
    type Trainer = UnigramTrainer;

    fn tokenize(&self, text: &str) -> Result<Vec<Token>> {
        let cuts = self.cuts(text);
        let mut tokens: Vec<Token> = Vec::new();
        let mut end = text.len();
        while end > 0 {
            let cut = cuts[end].ok_or("BUG: a place that no piece ends at")?;
            match tokens.last_mut() {
                // neighbours that are unknown are one
                Some(next) if cut.id == self.unknown && next.id == self.unknown => next.offsets.0 = cut.start,
                _ => tokens.push(Token::new(cut.id, String::new(), (cut.start, end))),
            }
            end = cut.start;
        }
        tokens.reverse();
        tokens.iter_mut().for_each(|token| text[token.offsets.0..token.offsets.1].clone_into(&mut token.value));
        Ok(tokens)
    }

    fn token_to_id(&self, token: &str) -> Option<u32> {
        let mut matches = self.pieces.find_overlapping_iter(token);
        matches.find(|found| found.start() == 0 && found.end() == token.len()).map(|found| found.value())
    }

    fn id_to_token(&self, id: u32) -> Option<String> {
        self.piece(id as usize).map(str::to_owned)
    }

    fn get_vocab(&self) -> HashMap<String, u32> {
        let pieces = (0..self.scores.len()).zip(0..);
        pieces.filter_map(|(index, id)| Some((self.piece(index)?.to_owned(), id))).collect()
    }

    fn get_vocab_size(&self) -> usize {
        self.scores.len()
    }

    fn save(&self, _: &Path, _: Option<&str>) -> Result<Vec<PathBuf>> {
        Err("it is read and never written".into())
    }

    fn get_trainer(&self) -> UnigramTrainer {
        UnigramTrainer::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokenizers::models::unigram;

    use super::*;

    fn vocabulary() -> Vec<(String, f64)> {
        let pieces = [
            ("<unk>", 0.0),
            ("▁", -2.0),
            ("a", -3.0),
            ("b", -3.5),
            ("ab", -4.0),
            ("▁ab", -4.5),
            ("ba", -6.5),
            ("aba", -7.5),
            ("س", -3.0),
            ("سل", -3.2),
            ("سلام", -5.0),
            ("ام", -4.1),
            ("😀", -6.0),
        ];
        pieces.map(|(piece, score)| (piece.to_owned(), score)).to_vec()
    }

    fn ours() -> Unigram {
        serde_json::from_value(serde_json::json!({ "type": "Unigram", "unk_id": 0, "vocab": vocabulary() }))
            .expect("whole")
    }

    #[test]
    fn pieces_are_found_by_name_and_number() {
        let ours = ours();
        for (id, (piece, _)) in (0..).zip(vocabulary()) {
            assert_eq!((ours.token_to_id(&piece), ours.id_to_token(id)), (Some(id), Some(piece)));
        }
        assert_eq!((ours.token_to_id("abab"), ours.id_to_token(13)), (None, None));
        assert_eq!(ours.get_vocab().len(), ours.get_vocab_size());
    }

    #[test]
    fn other_models_are_left_to_others() {
        for other in [
            serde_json::json!({ "type": "Unigram", "unk_id": null, "vocab": vocabulary() }),
            serde_json::json!({ "type": "Unigram", "unk_id": 99, "vocab": vocabulary() }),
            serde_json::json!({ "type": "Unigram", "unk_id": 0, "vocab": vocabulary(), "byte_fallback": true }),
            serde_json::json!({ "type": "Unigram", "unk_id": 0, "vocab": [["a", 0.0], ["a", 1.0]] }),
            serde_json::json!({ "type": "BPE", "unk_id": 0, "vocab": vocabulary() }),
        ] {
            assert!(serde_json::from_value::<Unigram>(other.clone()).is_err(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn the_tokens_are_those_of_the_tokenizers_crate(text in "[▁abxسلام😀 ]{0,24}") {
            let theirs = unigram::Unigram::from(vocabulary(), Some(0), false).expect("whole");
            let told = |tokens: Vec<Token>| -> Vec<_> {
                tokens.into_iter().map(|token| (token.id, token.value, token.offsets)).collect()
            };
            prop_assert_eq!(told(ours().tokenize(&text).expect("cut")), told(theirs.tokenize(&text).expect("cut")));
        }
    }
}
