//! From what was typed to what may be kept.

use std::collections::HashSet;

use serde::Serialize;

use super::find::{Certainty, Find, resolve};
use super::shadow::Shadow;
use super::{PersonalKind, RawText, Text, context, email, iban, ip, links, numbers};

/// How often a text is looked through before what still looks like data goes as a whole.
const PASSES: usize = 6;

/// A text without its personal data, and what stood where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text with tags.
    pub text: Text,
    /// One span a tag that masking set, in order; tags that were typed have none.
    pub spans: Vec<MaskedSpan>,
}

/// Where masking set a tag. Positions count Unicode scalar values, ends are exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct MaskedSpan {
    /// What was masked.
    pub kind: PersonalKind,
    /// First character of the tag in the masked text.
    pub start: usize,
    /// One past the last character of the tag in the masked text.
    pub end: usize,
    /// First masked character of the original.
    pub original_start: usize,
    /// One past the last masked character of the original.
    pub original_end: usize,
}

/// Replaces personal data by tags.
///
/// Everything else stays as it was typed, except that control characters other than line feed and tab go,
/// and so do bidirectional embeddings and isolates that are not closed in their line (they would turn the text around them).
/// Masking a masked text changes nothing. Time grows linearly with the text.
#[must_use]
pub fn mask(raw: &RawText) -> Masked {
    let original = raw.expose();
    render(original, &find_all(original))
}

/// What to mask: ordered, disjoint byte ranges of the original.
///
/// A mask can bring a word nearer to a number that was too far from it, so the text is looked through until nothing new is found.
fn find_all(original: &str) -> Vec<Find> {
    let mut finds = Vec::new();
    for pass in 1..=PASSES {
        let shadow = Shadow::of(original, &finds);
        let claims = match shadow.is_suspicious() {
            true if pass == PASSES => suspicious_words(&shadow),
            true => recognise(&shadow),
            false => Vec::new(),
        };
        if claims.is_empty() {
            break;
        }
        finds.extend(resolve(claims).into_iter().map(|find| Find { range: shadow.original(&find.range), ..find }));
        finds.sort_by_key(|find| find.range.start);
    }
    finds
}

fn recognise(shadow: &Shadow) -> Vec<Find> {
    // Of equal claims the first names the stretch: words know better than shapes.
    [context::recognise, numbers::recognise, iban::recognise, email::recognise, links::recognise, ip::recognise]
        .iter()
        .flat_map(|recogniser| recogniser(shadow))
        .collect()
}

/// Every word with a digit, an `@` or a slash.
///
/// Only a text built to outlast the passes comes here; it has no claim to stay readable.
fn suspicious_words(shadow: &Shadow) -> Vec<Find> {
    let mut start = 0;
    let mut finds = Vec::new();
    for word in shadow.chars.split(|c| c.is_whitespace() || *c == super::fold::BARRIER) {
        if word.iter().any(|c| c.is_ascii_digit() || matches!(c, '@' | '/')) {
            finds.push(Find::new(start..start + word.len(), PersonalKind::AccountNumber, Certainty::Guess));
        }
        start += word.len() + 1;
    }
    finds
}

fn render(original: &str, finds: &[Find]) -> Masked {
    let unpaired = unpaired_controls(original, finds);
    let mut finds = finds.iter().peekable();
    let (mut text, mut spans) = (String::with_capacity(original.len()), Vec::new());
    let (mut written, mut hidden_until) = (0, 0);
    for (place, (at, typed)) in original.char_indices().enumerate() {
        if let Some(find) = finds.next_if(|find| find.range.start == at) {
            let end = written + find.kind.tag().len();
            text.push_str(find.kind.tag());
            spans.push(MaskedSpan { kind: find.kind, start: written, end, original_start: place, original_end: place });
            (written, hidden_until) = (end, find.range.end);
        }
        if at < hidden_until {
            if let Some(span) = spans.last_mut() {
                span.original_end = place + 1;
            }
        } else if !is_stripped(typed) && !unpaired.contains(&at) {
            text.push(typed);
            written += 1;
        }
    }
    Masked { text: Text::masked(text), spans }
}

fn is_stripped(typed: char) -> bool {
    typed.is_control() && !matches!(typed, '\n' | '\t')
}

/// Byte positions of bidirectional controls that open or close nothing in their line, outside the finds.
///
/// Pairs as in Unicode Standard Annex #9, BD9 and X5a to X7: an isolate closes what was opened inside it.
fn unpaired_controls(original: &str, finds: &[Find]) -> HashSet<usize> {
    let mut finds = finds.iter().peekable();
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut unpaired = HashSet::new();
    for (at, typed) in original.char_indices() {
        while finds.next_if(|find| find.range.end <= at).is_some() {}
        if finds.peek().is_some_and(|find| find.range.contains(&at)) {
            continue;
        }
        match typed {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push((at, false)),
            '\u{2066}'..='\u{2068}' => open.push((at, true)),
            '\u{202C}' => match open.last() {
                Some((_, false)) => drop(open.pop()),
                _ => drop(unpaired.insert(at)),
            },
            '\u{2069}' => match open.iter().rposition(|(_, isolate)| *isolate) {
                Some(opener) => unpaired.extend(open.drain(opener..).skip(1).map(|(inner, _)| inner)),
                None => drop(unpaired.insert(at)),
            },
            '\n' | '\u{2029}' => unpaired.extend(open.drain(..).map(|(opener, _)| opener)),
            _ => {}
        }
    }
    unpaired.extend(open.into_iter().map(|(opener, _)| opener));
    unpaired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_outlasts_the_passes_goes_word_by_word() {
        let shadow = Shadow::of("شقة 12 [phone]7 a@b و c/d نعم", &[]);
        let gone: Vec<String> = suspicious_words(&shadow).into_iter().map(|find| shadow.text(find.range)).collect();
        assert_eq!(gone, ["12", "7", "a@b", "c/d"]);
    }
}
