//! E-mail addresses, also those written to escape notice ("name at gmail dot com").
//!
//! The local part is looser than RFC 5321 allows: what stands before an `@` and a domain belongs to a person.

use std::ops::Range;

use super::PersonalKind;
use super::find::{Certainty, Find};
use super::shadow::{MAIL_PROVIDERS, Shadow};

/// Longest local part and domain (RFC 5321, section 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// Spellings of `@` in words, spaces around them required.
const AT_WORDS: [&str; 8] = ["(at)", "[at]", "{at}", "at", "ات", "آت", "(ات)", "arobase"];

/// All addresses of the text.
pub(super) fn recognise(shadow: &Shadow) -> Vec<Find> {
    let mut finds = Vec::new();
    for at in 0..shadow.chars.len() {
        let found = if shadow.chars[at] == '@' { around_sign(shadow, at) } else { around_word(shadow, at) };
        finds.extend(found.map(|range| Find::new(range, PersonalKind::Email, Certainty::Certain)));
    }
    finds
}

fn around_sign(shadow: &Shadow, at: usize) -> Option<Range<usize>> {
    if let (Some(start), Some(end)) = (local_start(shadow, at), domain_end(shadow, at + 1)) {
        return Some(start..end);
    }
    // Spaces around the sign are believed only beside a known provider.
    let right = skip_spaces(shadow, at + 1);
    let left = skip_spaces_back(shadow, at);
    let end = provider_end(shadow, right)?;
    Some(local_start(shadow, left)?..end)
}

/// An address whose `@` is the word that starts at `word`.
fn around_word(shadow: &Shadow, word: usize) -> Option<Range<usize>> {
    if !matches!(shadow.chars[word], '(' | '[' | '{' | 'a' | 'ا' | 'آ') {
        return None;
    }
    let left = skip_spaces_back(shadow, word);
    AT_WORDS.iter().filter(|spelling| shadow.starts_with(word, spelling)).find_map(|spelling| {
        let after = word + spelling.chars().count();
        let right = skip_spaces(shadow, after);
        let bracketed = !spelling.starts_with(char::is_alphabetic);
        let end = provider_end(shadow, right)?;
        // "Looking at yahoo" is no address; one in words says its ending too.
        let ended = !MAIL_PROVIDERS.iter().any(|provider| end == right + provider.chars().count());
        if !bracketed && (left == word || right == after || !ended) {
            return None;
        }
        Some(local_start(shadow, left)?..end)
    })
}

/// The start of the local part that ends at `end`.
///
/// Arabic words glued to a Latin local part are not part of it.
fn local_start(shadow: &Shadow, end: usize) -> Option<usize> {
    let reach = |belongs: &dyn Fn(char) -> bool| {
        let mut start = end;
        while end - start < LOCAL && shadow.before(start).is_some_and(belongs) {
            start -= 1;
        }
        start
    };
    let latin = reach(&|c| c.is_ascii_alphanumeric() || is_local_sign(c));
    let start = if latin < end { latin } else { reach(&|c| c.is_alphanumeric() || is_local_sign(c)) };
    let first = (start..end).find(|&at| shadow.chars[at].is_alphanumeric())?;
    Some(first)
}

fn is_local_sign(c: char) -> bool {
    "._%+-!#$&'*=?^`{|}~".contains(c)
}

/// The end of a domain with at least one dot that starts at `start`.
fn domain_end(shadow: &Shadow, start: usize) -> Option<usize> {
    let mut end = start;
    while end - start < DOMAIN && shadow.at(end).is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-')) {
        end += 1;
    }
    while end > start && matches!(shadow.chars[end - 1], '.' | '-') {
        end -= 1;
    }
    let dot = shadow.chars[start..end].iter().position(|&c| c == '.');
    match dot {
        Some(dot) if dot > 0 => Some(end),
        _ => provider_end(shadow, start),
    }
}

/// The end of a known provider's name at `start`, with its ending if there is one (".com", " dot com", " دوت كوم").
fn provider_end(shadow: &Shadow, start: usize) -> Option<usize> {
    let provider = MAIL_PROVIDERS.iter().find(|provider| shadow.starts_with(start, provider))?;
    let end = start + provider.chars().count();
    let mut dot = skip_spaces(shadow, end);
    let sign = ["(dot)", "[dot]", "dot", "دوت", "نقطه", "."].iter().find(|sign| shadow.starts_with(dot, sign));
    let Some(sign) = sign else { return Some(end) };
    dot = skip_spaces(shadow, dot + sign.chars().count());
    let ending = ["com", "net", "org", "fr", "sa", "كوم"].iter().find(|ending| shadow.starts_with(dot, ending));
    Some(ending.map_or(end, |ending| dot + ending.chars().count()))
}

fn skip_spaces(shadow: &Shadow, mut at: usize) -> usize {
    while shadow.at(at) == Some(' ') {
        at += 1;
    }
    at
}

fn skip_spaces_back(shadow: &Shadow, mut at: usize) -> usize {
    while shadow.before(at) == Some(' ') {
        at -= 1;
    }
    at
}
