//! How much two texts share of their wording, whatever they mean: the cosine of the pieces of their words.
//!
//! Pieces are 3 to 5 letters of a word with its ends, weighed by how rare they are (TF-IDF with logarithmic counts;
//! Salton and Buckley 1988). They tell apart what the same things are said about, where meanings lie close together,
//! and spellings of one word share most of theirs.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use rayon::prelude::*;

use super::words::runs;
use crate::feedback::pieces::pieces;

/// Letters of a piece.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=5;

/// Pieces that more of the texts have than this share tell nothing apart.
const COMMON: f32 = 0.3;

/// A piece that fewer texts have than this can't be shared.
const RARE: u32 = 2;

/// A piece's number, made from its letters; that two pieces get the same is rare enough.
type Piece = u32;

/// The wording of many texts, ready to be compared.
#[derive(Default)]
pub(super) struct Wordings {
    /// The pieces of each text in the order of their numbers; squares of the weights add up to 1, or to 0 without pieces.
    rows: Vec<Vec<(Piece, f32)>>,
}

impl Wordings {
    /// The wording of these texts; each is compared with others of the same.
    pub(super) fn of(texts: &[&str]) -> Self {
        let counts: Vec<BTreeMap<Piece, u32>> = texts.par_iter().map(|text| counted(text)).collect();
        let mut held_by: HashMap<Piece, u32> = HashMap::new();
        for piece in counts.iter().flat_map(BTreeMap::keys) {
            *held_by.entry(*piece).or_default() += 1;
        }
        let most = (texts.len() as f32 * COMMON).max(RARE as f32);
        let weight = |(piece, count): (&Piece, &u32)| {
            let texts_with = held_by[piece];
            let rarity = ((1 + texts.len()) as f32 / (1 + texts_with) as f32).ln() + 1.0;
            let counts = texts_with >= RARE && texts_with as f32 <= most;
            counts.then(|| (*piece, (1.0 + (*count as f32).ln()) * rarity))
        };
        let row = |counted: &BTreeMap<Piece, u32>| of_unit_length(counted.iter().filter_map(weight).collect());
        Self { rows: counts.par_iter().map(row).collect() }
    }

    /// How much two of the texts share, 0 to 1.
    pub(super) fn shared(&self, left: usize, right: usize) -> f32 {
        let (mut left, mut right) = (self.rows[left].as_slice(), self.rows[right].as_slice());
        let mut sum = 0.0;
        while let ([(one, weight), left_rest @ ..], [(other, other_weight), right_rest @ ..]) = (left, right) {
            if one == other {
                sum += weight * other_weight;
            }
            if one <= other {
                left = left_rest;
            }
            if other <= one {
                right = right_rest;
            }
        }
        sum
    }
}

/// How often a text has each piece of its words.
fn counted(text: &str) -> BTreeMap<Piece, u32> {
    let mut counts = BTreeMap::new();
    for piece in runs(text).into_iter().flatten().flat_map(|word| pieces(&word.key, LENGTHS)) {
        *counts.entry(number(&piece)).or_default() += 1;
    }
    counts
}

fn number(piece: &str) -> Piece {
    let mut hasher = DefaultHasher::new();
    piece.hash(&mut hasher);
    hasher.finish() as Piece
}

fn of_unit_length(mut row: Vec<(Piece, f32)>) -> Vec<(Piece, f32)> {
    let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    row.iter_mut().for_each(|(_, weight)| *weight /= length);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each line the first two texts share more than the first and the last.
    const TOLD_APART: [[&str; 3]; 7] = [
        ["my card was declined", "declined card again", "my transfer is late"],
        ["المندوب تأخر كثير", "تاخر المندووووب", "التطبيق يعلق"],
        ["الـمَنْدُوب اتأخر", "مندوب متأخر", "الكارت اترفض"],
        ["وصلني الطلب ناقص", "الطلبات توصل ناقصة", "الرمز ما يوصل"],
        ["l commande ma weslatch", "commande mazal ma weslat", "l carte bloquée"],
        ["el mandoub et2akhar awi", "mandoub 3am yet2akhar", "el app by3la2"],
        ["الـ app يكرش كل مرة 😡", "app crash كرش", "refund متأخر ٥ أيام"],
    ];

    #[test]
    fn what_is_worded_alike_shares_more() {
        let texts = TOLD_APART.concat();
        let wordings = Wordings::of(&texts);
        for first in (0..texts.len()).step_by(3) {
            let (near, far) = (wordings.shared(first, first + 1), wordings.shared(first, first + 2));
            assert!(near > far + 0.1, "{}: {near} and {far}", texts[first]);
            assert!((wordings.shared(first + 1, first) - near).abs() < 1e-6);
        }
    }

    #[test]
    fn a_text_shares_all_with_itself_and_nothing_without_words() {
        let texts = ["رسوم التوصيل", "رسوم التوصيل", "طلب جديد", "طلب جديد", "٥ 😡 [phone]", "", "once", "x"];
        let wordings = Wordings::of(&texts);
        assert!((wordings.shared(0, 1) - 1.0).abs() < 1e-5 && (wordings.shared(2, 3) - 1.0).abs() < 1e-5);
        for nothing in 4..texts.len() {
            for other in 0..texts.len() {
                assert_eq!(wordings.shared(nothing, other), 0.0, "{:?} and {:?}", texts[nothing], texts[other]);
            }
        }
    }

    #[test]
    fn what_nearly_all_have_counts_for_nothing() {
        let texts: Vec<String> =
            (0..40).map(|number| format!("please {}", ["refund", "courier"][number % 2])).collect();
        let wordings = Wordings::of(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(
            (wordings.shared(0, 1), wordings.shared(0, 2)),
            (0.0, 0.0),
            "all three words are in half of the texts"
        );
    }
}
