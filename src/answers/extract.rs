//! The answer without a language model: the sheet's own lines, counts first, then words of customers.

use super::{Kind, Sentence, Sheet, Tongue};

/// Quotations that an answer has at most.
const QUOTES: usize = 2;

/// Characters of a quotation at most.
const QUOTE_CHARS: usize = 240;

/// The sheet as an answer: so many of its counts at most, in their order, and its first two quotations.
#[must_use]
pub fn extract(sheet: &Sheet, counts: usize) -> Vec<Sentence> {
    let numbered = || sheet.lines.iter().zip(1_usize..);
    let counts = numbered().filter(|(line, _)| line.counted.is_some()).take(counts);
    let counts = counts.map(|(line, number)| Sentence { text: line.text.clone(), citations: vec![number] });
    let quotes = numbered().filter(|(line, _)| line.kind == Kind::Quote).take(QUOTES);
    let quotes = quotes.filter_map(|(line, number)| {
        let language = line.records.first()?.language.code();
        let text = quotation(sheet.tongue, language, &line.text);
        Some(Sentence { text, citations: vec![number] })
    });
    counts.chain(quotes).collect()
}

/// Says that a customer wrote this, and in which language if it is another one than the reader's.
fn quotation(tongue: Tongue, language: &str, text: &str) -> String {
    let text = shortened(text);
    let own = language == tongue.name();
    match (tongue, language) {
        (Tongue::Arabic, _) if own => format!("كتب أحدهم: «{text}»"),
        (Tongue::Arabic, "en") => format!("كتب أحدهم بالإنجليزية: «{text}»"),
        (Tongue::Arabic, _) => format!("كتب أحدهم بلغة أخرى: «{text}»"),
        (Tongue::English, _) if own => format!("One of them writes: “{text}”"),
        (Tongue::English, "ar") => format!("One of them writes in Arabic: “{text}”"),
        (Tongue::English, _) => format!("One of them writes in another language: “{text}”"),
    }
}

/// One line without quotation marks of its own, cut between two words where it is long.
fn shortened(text: &str) -> String {
    let text: String =
        text.chars().map(|letter| if matches!(letter, '«' | '»' | '“' | '”' | '"') { '\'' } else { letter }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= QUOTE_CHARS {
        return text;
    }
    let cut: String = text.chars().take(QUOTE_CHARS).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}
