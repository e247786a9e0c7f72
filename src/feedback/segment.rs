//! Cuts a text into the pieces that say one thing each: sentences, and clauses around a turn ("but", «بس»).

use unicode_segmentation::UnicodeSegmentation;

use super::Span;

/// Pieces shorter than this many letters join their neighbour.
const MIN_LETTERS: usize = 8;

/// At most this many pieces; what follows belongs to the last one.
pub const MAX_SEGMENTS: usize = 32;

/// Words that turn from one thing to another; a new piece starts before them.
const TURNS: &[&str] =
    &["but", "however", "although", "بس", "لكن", "ولكن", "غير", "إلا", "الا", "مع", "bas", "lakin", "walakin", "mais"];

/// The pieces of `text`, in order, without overlap; every letter is in one of them.
///
/// A text without a letter is one piece; an empty text has none.
#[must_use]
pub fn split(text: &str) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    let mut start = 0;
    let mut position = 0;
    for word in text.split_word_bounds() {
        let length = word.chars().count();
        if TURNS.contains(&word.to_lowercase().as_str()) {
            close(text, &mut pieces, start, position);
            start = position;
        }
        position += length;
        if is_stop(word) {
            close(text, &mut pieces, start, position);
            start = position;
        }
    }
    close(text, &mut pieces, start, position);
    pieces
}

fn is_stop(word: &str) -> bool {
    word.chars().any(|character| matches!(character, '.' | '!' | '?' | '؟' | '\n' | '؛' | ';' | '…' | '،' | ','))
        && !word.chars().any(char::is_alphanumeric)
}

/// Ends a piece; a short one is joined to the piece before it.
fn close(text: &str, pieces: &mut Vec<Span>, start: usize, end: usize) {
    let Some(piece) = trimmed(text, Span { start, end }) else { return };
    let letters = |span: Span| span.slice(text).chars().filter(|character| character.is_alphabetic()).count();
    let full = pieces.len() >= MAX_SEGMENTS;
    match pieces.last_mut() {
        Some(last) if full || letters(piece) < MIN_LETTERS || letters(*last) < MIN_LETTERS => last.end = piece.end,
        _ => pieces.push(piece),
    }
}

fn trimmed(text: &str, span: Span) -> Option<Span> {
    let slice = span.slice(text);
    let lead = slice.chars().take_while(|character| character.is_whitespace()).count();
    let tail = slice.chars().rev().take_while(|character| character.is_whitespace()).count();
    let piece = Span { start: span.start + lead, end: span.end.saturating_sub(tail) };
    (piece.start < piece.end).then_some(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|span| span.slice(text)).collect()
    }

    #[test]
    fn sentences_and_turns_are_cut() {
        for (text, expected) in [
            ("", vec![]),
            ("   ", vec![]),
            ("😡😡", vec!["😡😡"]),
            ("الخدمة زفت والموظف قليل أدب", vec!["الخدمة زفت والموظف قليل أدب"]),
            ("المندوب كان محترم بس الطلب وصل ناقص", vec!["المندوب كان محترم", "بس الطلب وصل ناقص"]),
            ("Great courier. The app keeps crashing!", vec!["Great courier.", "The app keeps crashing!"]),
            ("ok. The app keeps crashing!", vec!["ok. The app keeps crashing!"]),
            ("دفعت 3.50 ريال زيادة؟ رجعوها لي لو سمحتم", vec!["دفعت 3.50 ريال زيادة؟", "رجعوها لي لو سمحتم"]),
        ] {
            assert_eq!(pieces(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_text_of_many_sentences_has_a_bounded_number_of_pieces() {
        let text = "the courier was late again. ".repeat(100);
        let spans = split(&text);
        assert_eq!(spans.len(), MAX_SEGMENTS);
        assert_eq!(spans.last().map(|span| span.end), Some(text.trim_end().chars().count()));
    }
}
