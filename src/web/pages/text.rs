//! Customers' words on a page: what could turn the page's direction is made visible, and evidence is marked.

use crate::feedback::Span;

/// A stretch of a text, marked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Whether they are evidence.
    pub marked: bool,
}

/// The same text with each forced turn of direction (U+202D, U+202E) as `�`; its length in characters stays.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().map(|letter| if matches!(letter, '\u{202d}' | '\u{202e}') { '\u{fffd}' } else { letter }).collect()
}

/// TOML with each forced turn of direction as an escape, which means the same in its strings.
#[must_use]
pub fn visible_toml(toml: &str) -> String {
    toml.replace('\u{202d}', "\\u202D").replace('\u{202e}', "\\u202E")
}

/// One line of at most `most` characters.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    let line = visible(&text.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The text cut where evidence begins and ends; spans may overlap or reach beyond its end.
#[must_use]
pub fn pieces(text: &str, spans: &[Span]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, letter) in visible(text).chars().enumerate() {
        let marked = spans.iter().any(|span| (span.start..span.end).contains(&at));
        match pieces.last_mut() {
            Some(piece) if piece.marked == marked => piece.text.push(letter),
            _ => pieces.push(Piece { text: letter.to_string(), marked }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn evidence_is_marked_where_it_stands() {
        let spans =
            |spans: &[(usize, usize)]| spans.iter().map(|&(start, end)| Span { start, end }).collect::<Vec<_>>();
        let told = |text, at: &[(usize, usize)]| {
            let pieces = pieces(text, &spans(at));
            pieces
                .into_iter()
                .map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text })
                .collect::<String>()
        };
        assert_eq!(told("يا 👍🏽 سرقوا بطاقتي", &[(6, 18)]), "يا 👍🏽 [سرقوا بطاقتي]");
        assert_eq!(told("abcdef", &[(1, 3), (2, 5), (9, 12)]), "a[bcde]f");
        assert_eq!(told("", &[(0, 4)]), "");
        assert_eq!(told("a\u{202e}b", &[(0, 1)]), "[a]\u{fffd}b");
    }

    #[test]
    fn long_texts_are_cut_at_characters() {
        assert_eq!(shortened("الطلب\n  تأخر كثير", 12), "الطلب تأخر …");
        assert_eq!(shortened("قصير", 12), "قصير");
    }

    proptest! {
        #[test]
        fn pieces_put_together_are_the_text(text in "\\PC{0,40}", start in 0_usize..50, length in 0_usize..50) {
            let pieces = pieces(&text, &[Span { start, end: start + length }]);
            let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(whole, visible(&text));
            prop_assert!(pieces.windows(2).all(|pair| pair[0].marked != pair[1].marked));
        }
    }
}
