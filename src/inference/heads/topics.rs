//! What a text is about, among the topics of customer service that the project's own messages were sorted into.
//!
//! It names no theme: themes come of the texts themselves. It tells grouping that two texts are of one topic where their
//! meanings lie about as near to each other as to others.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde::Deserialize;

use super::head::HeadError;
use super::intents::Intents;
use super::linear::{Linear, softmax};
use crate::feedback::fold::{WordKind, fold};
use crate::feedback::pieces::pieces;
use crate::privacy::Text;
use crate::vector::dot;

/// Letters of a piece.
const LENGTHS: RangeInclusive<usize> = 3..=5;

/// Numbers that pieces share; with 8192 the topic of held-out messages is told no better by a whole point.
const PIECES: u32 = 4_096;

/// How long the pieces' weights are together, where a place has length 1; better than 0.5, 1 and 2.5 on held-out messages.
const LENGTH: f32 = 1.5;

/// A linear layer over a text's place and the pieces of its words (`models/train/topics.py`).
#[derive(Clone, Debug)]
pub struct Topics {
    linear: Linear,
}

/// What the program needs of the card beside its weights; the rest is for people.
#[derive(Deserialize)]
struct Card {
    inputs: usize,
    labels: Vec<String>,
    projection_sha256: String,
}

impl Topics {
    /// Reads it from the contents of its two files; none if it was learned from another projection's places, as it is
    /// until it is learned anew.
    ///
    /// # Errors
    /// [`HeadError::Topics`] if the files are damaged or don't belong together.
    pub(super) fn parse(card: &str, weights: &[u8], intents: &Intents) -> Result<Option<Self>, HeadError> {
        let wrong = |why: String| HeadError::Topics { why };
        let Card { inputs, labels, projection_sha256 } =
            serde_json::from_str(card).map_err(|error| wrong(error.to_string()))?;
        if projection_sha256 != intents.digest() {
            return Ok(None);
        }
        let expected = intents.width() + PIECES as usize;
        if inputs != expected {
            return Err(wrong(format!("the card says {inputs} inputs instead of {expected}")));
        }
        Ok(Some(Self { linear: Linear::parse(weights, labels.len(), inputs).map_err(wrong)? }))
    }

    /// How much a text at a place is about each topic: square roots of probabilities.
    ///
    /// The dot product of two texts' is the Bhattacharyya coefficient of their topics: 0 to 1, 1 if they are about the same.
    #[must_use]
    pub fn of(&self, text: &Text, place: &[f32]) -> Vec<f32> {
        let worded = numbered(text);
        let rows = self.linear.weights().chunks_exact(self.linear.inputs()).zip(self.linear.biases());
        let score = |(row, bias): (&[f32], &f32)| {
            let (of_place, of_pieces) = row.split_at(place.len());
            let words: f32 = worded.iter().map(|(piece, weight)| of_pieces[*piece] * weight).sum();
            dot(of_place, place) + words + bias
        };
        softmax(&rows.map(score).collect::<Vec<_>>()).into_iter().map(f32::sqrt).collect()
    }
}

/// The numbers of the pieces of a text's words, in order, with their weights; the squares of the weights add up to
/// 1.5², or to nothing without words.
///
/// Pieces are numbered by their letters (the hashing trick; Weinberger et al., ICML 2009), so no list of them is kept.
#[must_use]
pub fn numbered(text: &Text) -> Vec<(usize, f32)> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let words = fold(text.as_str()).into_iter().filter(|word| word.kind == WordKind::Word);
    for piece in words.flat_map(|word| pieces(&word.form, LENGTHS)) {
        *counts.entry(piece).or_default() += 1;
    }
    let signed = |(piece, count): (&String, &u32)| {
        let hash = fnv(piece);
        let weight = (1.0 + *count as f32).ln();
        (hash % PIECES, if hash & (1 << 31) == 0 { weight } else { -weight })
    };
    let mut sums: Vec<(u32, f32)> = counts.iter().map(signed).collect();
    sums.sort_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)));
    sums.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    let length = sums.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    sums.retain(|(_, weight)| *weight != 0.0);
    sums.into_iter().map(|(piece, weight)| (piece as usize, weight / length * LENGTH)).collect()
}

/// FNV-1a of 32 bits (Fowler, Noll and Vo).
fn fnv(piece: &str) -> u32 {
    piece.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Heads;
    use crate::inference::heads::TOPICS;
    use crate::privacy::{RawText, mask};

    fn text(words: &str) -> Text {
        mask(&RawText::new(words)).text
    }

    #[test]
    fn the_carried_topics_belong_to_the_carried_projection_and_to_no_other() {
        let heads = Heads::builtin().expect("heads");
        assert!(heads.topics().is_some(), "topics of the projection");
        let (card, weights) = TOPICS;
        let intents = heads.intents().expect("a projection");
        let other = card.replace(intents.digest(), "0000");
        assert!(Topics::parse(&other, weights, intents).expect("whole").is_none(), "of another projection");
        Topics::parse(card, &weights[..100], intents).expect_err("half a file");
        let narrow = card.replace("\"inputs\": 4480", "\"inputs\": 384");
        Topics::parse(&narrow, weights, intents).expect_err("too few inputs");
    }

    #[test]
    fn what_is_about_the_same_overlaps_more() {
        let heads = Heads::builtin().expect("heads");
        let topics = heads.topics().expect("topics of the projection");
        let nowhere = vec![0.0; 384];
        let of = |words: &str| topics.of(&text(words), &nowhere);
        for [first, same, other] in [
            ["الشحنة تأخرت أسبوع", "وين الشحنه متاخره", "الأكل بارد"],
            ["el mandoub ma regash el flos", "mandoub wa7esh", "el net bate2"],
            ["my card was declined", "card declined at the till", "the room was dirty"],
        ] {
            let (near, far) = (dot(&of(first), &of(same)), dot(&of(first), &of(other)));
            assert!(near > far && (dot(&of(first), &of(first)) - 1.0).abs() < 1e-4, "{first}: {near} and {far}");
        }
        assert!(of("").len() > 100, "a topic for each label");
    }

    #[test]
    fn pieces_are_numbered_alike_whatever_the_spelling_s_form() {
        for (one, other) in [("التَّطبيق", "التـطبيق"), ("Courier", "COURIER"), ("رسوم ٥", "رسوم 5")]
        {
            assert_eq!(numbered(&text(one)), numbered(&text(other)), "{one}");
        }
        let long: f32 = numbered(&text("رسوم التوصيل غالية")).iter().map(|(_, weight)| weight * weight).sum();
        assert!((long - LENGTH * LENGTH).abs() < 1e-4, "{long}");
        assert_eq!(numbered(&text("🙂")), []);
    }
}
