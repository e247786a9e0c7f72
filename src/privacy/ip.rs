//! IP addresses: four decimal bytes (RFC 791), or the text form of version 6 (RFC 4291, section 2.2).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::PersonalKind;
use super::find::{Certainty, Find};
use super::shadow::Shadow;

/// Words before four numbers with dots that make them a version.
const VERSION_WORDS: [&str; 12] =
    ["version", "ver", "v", "release", "build", "update", "ios", "android", "اصدار", "نسخه", "تحديث", "firmware"];
/// Longest text form of an address with a zone.
const LONGEST: usize = 64;

/// All addresses of the text.
pub(super) fn recognise(shadow: &Shadow) -> Vec<Find> {
    let mut finds = Vec::new();
    let mut at = 0;
    while at < shadow.chars.len() {
        let mut end = at;
        while shadow.at(end).is_some_and(is_address_sign) {
            end += 1;
        }
        if end > at && end - at <= LONGEST {
            finds.extend(address(shadow, at, end));
        }
        at = end + 1;
    }
    finds
}

fn is_address_sign(c: char) -> bool {
    c.is_ascii_hexdigit() || matches!(c, '.' | ':')
}

/// The address in the run `start..end`, which may end in punctuation or in a port.
fn address(shadow: &Shadow, start: usize, end: usize) -> Option<Find> {
    let run = shadow.text(start..end);
    let leading = run.len() - run.trim_start_matches('.').len();
    let run = run.trim_matches('.');
    let start = start + leading;
    let find = |length: usize| Some(Find::new(start..start + length, PersonalKind::Ip, Certainty::Certain));
    let glued = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if run.matches(':').count() >= 2 {
        let run = run.strip_suffix(':').filter(|run| !run.ends_with(':')).unwrap_or(run);
        let written = run.split(':').filter(|group| !group.is_empty()).count();
        let whole = !glued(shadow.before(start)) && !glued(shadow.at(start + run.len()));
        return if whole && written >= 3 && run.parse::<Ipv6Addr>().is_ok() { find(run.len()) } else { None };
    }
    // Letters of a word may touch the digits ("ip:10.0.0.1", "a10.0.0.1b").
    let skipped = run.len() - run.trim_start_matches(|c: char| !c.is_ascii_digit()).len();
    let digits: &str = run[skipped..].split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap_or_default();
    let start = start + skipped;
    let octets = digits.trim_end_matches('.').len();
    if !is_version_4(digits.trim_end_matches('.')) || is_version_number(shadow, start) {
        return None;
    }
    let port = run[skipped + octets..].strip_prefix(':').map_or(0, |port| 1 + port.len());
    Some(Find::new(start..start + octets + port, PersonalKind::Ip, Certainty::Certain))
}

/// Four bytes; zeros in front of them, which the standard library refuses, are allowed.
fn is_version_4(text: &str) -> bool {
    let plain: Vec<&str> = text
        .split('.')
        .map(|byte| match byte.trim_start_matches('0') {
            "" if !byte.is_empty() && byte.len() <= 3 => "0",
            rest if byte.len() <= 3 => rest,
            _ => "",
        })
        .collect();
    plain.len() == 4 && plain.join(".").parse::<Ipv4Addr>().is_ok()
}

/// Whether one of the two words before says that a version follows.
fn is_version_number(shadow: &Shadow, start: usize) -> bool {
    let before = shadow.text(start.saturating_sub(24)..start);
    before
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .rev()
        .take(2)
        .any(|word| VERSION_WORDS.contains(&word.strip_prefix("ال").unwrap_or(word)))
}
