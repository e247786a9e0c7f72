//! Links that carry something of a person: a token, a key, an address, a record's number.
//!
//! A link goes as a whole: the host is kept from readers too, because a short link or a subdomain can name a person as well.
//! Links to public pages stay.

use super::PersonalKind;
use super::find::{Certainty, Find};
use super::shadow::Shadow;

/// Longest host or scheme that is looked for before a slash.
const LONGEST_HOST: usize = 100;

/// Services whose every path leads to one message, person or parcel.
const OPAQUE_HOSTS: [&str; 14] = [
    "t.co",
    "bit.ly",
    "goo.gl",
    "tinyurl.com",
    "wa.me",
    "t.me",
    "forms.gle",
    "lnkd.in",
    "ow.ly",
    "is.gd",
    "cutt.ly",
    "rb.gy",
    "api.whatsapp.com",
    "maps.app.goo.gl",
];

/// Parts of parameter names whose value is secret or personal, whatever it is.
const SECRET_NAMES: [&str; 24] = [
    "token",
    "key",
    "sess",
    "sid",
    "auth",
    "otp",
    "sig",
    "secret",
    "pass",
    "pwd",
    "mail",
    "phone",
    "mobile",
    "tel",
    "jwt",
    "hash",
    "nonce",
    "magic",
    "invite",
    "reset",
    "verify",
    "iban",
    "card",
    "credential",
];

/// Parts of parameter names whose value is personal when it has a digit.
const RECORD_NAMES: [&str; 16] = [
    "id", "code", "user", "account", "acc", "order", "track", "invoice", "customer", "client", "member", "ticket",
    "ref", "booking", "state", "shipment",
];

/// Path segments after which a segment names a secret or a record.
const SECRET_SEGMENTS: [&str; 16] = [
    "reset",
    "reset-password",
    "verify",
    "verification",
    "confirm",
    "invite",
    "magic",
    "activate",
    "token",
    "unsubscribe",
    "otp",
    "login",
    "track",
    "tracking",
    "pay",
    "invoice",
];

/// All links of the text that carry something.
pub(super) fn recognise(shadow: &Shadow) -> Vec<Find> {
    let mut finds = Vec::new();
    let mut end = 0;
    for slash in (0..shadow.chars.len()).filter(|&at| shadow.chars[at] == '/') {
        if slash < end {
            continue;
        }
        let Some(start) = link_start(shadow, slash) else { continue };
        end = link_end(shadow, slash);
        if carries_something(&shadow.text(start..end)) {
            finds.push(Find::new(start..end, PersonalKind::Link, Certainty::Certain));
        }
    }
    finds
}

/// Where the link starts whose first slash stands at `slash`: `scheme://`, or a host before a path.
fn link_start(shadow: &Shadow, slash: usize) -> Option<usize> {
    let reach = |end: usize, belongs: fn(char) -> bool| {
        let mut start = end;
        while end - start < LONGEST_HOST && shadow.before(start).is_some_and(belongs) {
            start -= 1;
        }
        start
    };
    if shadow.before(slash) == Some(':') && shadow.at(slash + 1) == Some('/') {
        let start = reach(slash - 1, |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        return (start < slash - 1).then_some(start);
    }
    let start = reach(slash, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let host = shadow.text(start..slash);
    let (name, ending) = host.rsplit_once('.')?;
    let named = !name.is_empty() && ending.len() >= 2 && ending.chars().all(|c| c.is_ascii_alphabetic());
    named.then_some(start)
}

/// The end of the link: white space, a quotation mark, a barrier or Arabic punctuation, without the punctuation that closes a sentence.
fn link_end(shadow: &Shadow, slash: usize) -> usize {
    let belongs = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '|') || c.is_alphanumeric();
    let mut end = slash;
    while shadow.at(end).is_some_and(belongs) {
        end += 1;
    }
    while end > slash + 1
        && matches!(shadow.chars[end - 1], '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '\'' | '*')
    {
        end -= 1;
    }
    end
}

fn carries_something(link: &str) -> bool {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    if rest.contains('@') || rest.contains("%40") {
        return true;
    }
    let (host, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.strip_prefix("www.").unwrap_or(host);
    if OPAQUE_HOSTS.contains(&host) && tail.len() > 1 {
        return true;
    }
    let (path, parameters) = tail.split_at(tail.find(['?', '#', ';']).unwrap_or(tail.len()));
    path_carries(path)
        || parameters.split(['?', '&', '#', ';']).any(parameter_carries)
        || host.split('.').any(is_opaque)
}

fn path_carries(path: &str) -> bool {
    let mut after_secret = false;
    path.split('/').filter(|segment| !segment.is_empty()).any(|segment| {
        let has_digit = segment.contains(|c: char| c.is_ascii_digit());
        let carries = is_opaque(segment) || after_secret && (has_digit || segment.len() >= 12);
        after_secret = SECRET_SEGMENTS.contains(&segment);
        carries
    })
}

fn parameter_carries(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return is_opaque(parameter) };
    let named = |names: &[&str]| names.iter().any(|part| name.contains(part));
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    !value.is_empty() && (named(&SECRET_NAMES) || named(&RECORD_NAMES) && has_digit || is_opaque(value))
}

/// Whether a piece of a link was made by a machine: many digits, letters and digits in turns, or a very long word.
fn is_opaque(piece: &str) -> bool {
    let mut mixed = Mixed::default();
    piece.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let turns =
            word.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
        if digits > 0 && digits < word.len() {
            mixed =
                Mixed { length: mixed.length + word.len(), digits: mixed.digits + digits, turns: mixed.turns + turns };
        }
        let hexadecimal = word.len() >= 16 && digits > 0 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        // A chain of digits alone is a number; five are enough for a record.
        let number = digits >= 5 && turns <= 1;
        number || hexadecimal || mixed.is_random() || word.len() >= 25 && word.is_ascii()
    })
}

/// The words of a piece that have both letters and digits, taken together.
#[derive(Default)]
struct Mixed {
    length: usize,
    digits: usize,
    turns: usize,
}

impl Mixed {
    fn is_random(&self) -> bool {
        self.length >= 8 && self.digits >= 2 && self.turns >= 2
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn found(text: &str) -> Vec<Range<usize>> {
        recognise(&Shadow::of(text, &[])).into_iter().map(|find| find.range).collect()
    }

    #[test]
    fn a_link_goes_up_to_the_end_of_its_sentence() {
        assert_eq!(found("see https://a.co/reset?token=abc. ok"), vec![4..32]);
        assert_eq!(found("(shop.example/orders/99812)"), vec![1..26]);
    }
}
