//! International bank account numbers.
//!
//! Two letters, two check digits, up to thirty letters and digits, with the remainder 1 by 97 (ISO 13616-1, check by ISO/IEC 7064 MOD 97-10);
//! the `iban_validate` crate checks remainder and national layout.

use std::ops::Range;

use iban::{Iban, ParseIbanError};

use super::PersonalKind;
use super::find::{Certainty, Find};
use super::shadow::Shadow;

const SHORTEST: usize = 15;
const LONGEST: usize = 34;

/// Lengths of the region's account numbers (SWIFT IBAN registry).
///
/// A mistyped number of exactly this length is masked though its check fails: nothing else looks like it.
const REGIONAL_LENGTHS: [(&str, usize); 16] = [
    ("sa", 24),
    ("ae", 23),
    ("kw", 30),
    ("bh", 22),
    ("qa", 29),
    ("om", 23),
    ("jo", 30),
    ("lb", 28),
    ("eg", 29),
    ("iq", 23),
    ("ps", 29),
    ("tn", 24),
    ("ly", 25),
    ("sd", 18),
    ("mr", 27),
    ("ma", 28),
];

/// All account numbers of the text, in any case, with separators anywhere.
pub(super) fn recognise(shadow: &Shadow) -> Vec<Find> {
    let mut finds: Vec<Find> = Vec::new();
    for start in 0..shadow.chars.len().saturating_sub(SHORTEST - 1) {
        if !is_start(shadow, start) || finds.last().is_some_and(|find| find.range.contains(&start)) {
            continue;
        }
        if let Some(range) = longest_valid(shadow, start) {
            finds.push(Find::new(range, PersonalKind::Iban, Certainty::Certain));
        }
    }
    finds
}

/// Two letters that no letter precedes (except those of the word "iban"), then a digit.
fn is_start(shadow: &Shadow, start: usize) -> bool {
    let letter = |at| shadow.at(at).is_some_and(|c: char| c.is_ascii_alphabetic());
    if !letter(start) || !letter(start + 1) || letter(start + 2) {
        return false;
    }
    let digit = (start + 2..start + 6).find(|&at| !shadow.at(at).is_some_and(is_separator));
    let labelled = start >= 4 && shadow.starts_with(start - 4, "iban");
    digit.is_some_and(|at| shadow.at(at).is_some_and(|c| c.is_ascii_digit()))
        && (labelled || !shadow.before(start).is_some_and(|c| c.is_ascii_alphanumeric()))
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '_' | ':' | '*')
}

fn longest_valid(shadow: &Shadow, start: usize) -> Option<Range<usize>> {
    let mut written = String::with_capacity(LONGEST);
    let mut best = None;
    let mut gap = 0;
    for (offset, &c) in shadow.chars[start..].iter().enumerate() {
        if is_separator(c) && gap < 3 {
            gap += 1;
            continue;
        }
        if !c.is_ascii_alphanumeric() || written.len() == LONGEST {
            break;
        }
        gap = 0;
        written.push(c.to_ascii_uppercase());
        let end = start + offset + 1;
        if ends_at(shadow, end) && is_account(&written) {
            best = Some(start..end);
        }
    }
    best
}

/// Whether an account number may end here: no digit goes on, and no letter of the same word.
fn ends_at(shadow: &Shadow, end: usize) -> bool {
    match shadow.at(end) {
        Some(next) if next.is_ascii_digit() => false,
        Some(next) if next.is_ascii_alphabetic() => shadow.before(end).is_some_and(|last| last.is_ascii_digit()),
        _ => true,
    }
}

fn is_account(written: &str) -> bool {
    if written.len() < SHORTEST || !written[2..4].bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    // Two letters and a year begin many sentences, so where the layout proves nothing there may be few letters.
    let letters = written.bytes().filter(u8::is_ascii_alphabetic).count();
    let regional = || {
        let country = &written[..2];
        REGIONAL_LENGTHS.iter().any(|&(known, length)| written.len() == length && country.eq_ignore_ascii_case(known))
    };
    match written.parse::<Iban>() {
        Ok(_) => true,
        Err(ParseIbanError::UnknownCountry(_)) => letters <= 4,
        Err(ParseIbanError::InvalidBban(_)) => letters <= 8,
        Err(ParseIbanError::InvalidBaseIban { .. }) => letters <= 8 && regional(),
    }
}
