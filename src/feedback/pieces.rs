//! Pieces of words: runs of letters that spellings and inflections of a word share.

use std::iter::once;
use std::ops::RangeInclusive;

/// The pieces of a word of so many letters, the shortest first; its edges count as letters (a space each).
pub fn pieces(word: &str, lengths: RangeInclusive<usize>) -> impl Iterator<Item = String> + use<> {
    let letters: Vec<char> = once(' ').chain(word.chars()).chain(once(' ')).collect();
    lengths.flat_map(move |length| letters.windows(length).map(String::from_iter).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_count_as_letters() {
        for (word, expected) in [
            ("app", &[" ap", "app", "pp ", " app", "app ", " app "][..]),
            ("من", &[" من", "من ", " من "]),
            ("x", &[" x "]),
            ("", &[]),
        ] {
            assert_eq!(pieces(word, 3..=5).collect::<Vec<_>>(), expected, "{word}");
        }
    }
}
