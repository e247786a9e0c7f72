//! Identifiers that their own digits give away: ids, cards, phones.
//!
//! Digits that belong together are found in three steps: runs of digits are **groups**, groups with nothing but separators between them
//! are a **chain** (cut where a date stands), and every stretch of whole groups of a chain is a **window** that the checks look at.
//! A run of digits is never split, so a number inside a longer number is no find.

use std::ops::Range;

use super::PersonalKind;
use super::checks::{is_card, is_date, is_egyptian_id, is_emirates_id, is_saudi_id, is_year, number};
use super::find::{Certainty, Find};
use super::phones;
use super::shadow::Shadow;
use super::units;

/// The longest identifier without letters (a card), in digits; with the prefix `00` of a phone it stays below.
const LONGEST: usize = 19;
/// A run of so many digits is no quantity, whatever it is.
const ENDLESS: usize = 20;

/// All identifiers of the text that need no context.
pub(super) fn recognise(shadow: &Shadow) -> Vec<Find> {
    let mut finds = Vec::new();
    for chain in chains(shadow) {
        let mut first = 0;
        while first < chain.len() {
            match widest_sure(shadow, &chain[first..]) {
                Some((groups, find)) => {
                    finds.push(find);
                    first += groups;
                }
                None => first += 1,
            }
        }
    }
    finds
}

/// A run of digits.
#[derive(Clone, Debug)]
struct Group {
    range: Range<usize>,
    /// The number they write, 0 when that has more than nine digits.
    value: u32,
    /// Where a `+` that belongs to it stands.
    plus: Option<usize>,
    /// What stands between it and the group before, when that is separators only.
    joint: Option<Joint>,
}

/// One to three separators, filled up with NUL.
type Joint = [char; 3];

/// Groups that separators join, cut where dates stand.
fn chains(shadow: &Shadow) -> Vec<Vec<Group>> {
    let mut chains: Vec<Vec<Group>> = Vec::new();
    for group in groups(shadow) {
        match chains.last_mut() {
            Some(chain) if group.joint.is_some() => chain.push(group),
            _ => chains.push(vec![group]),
        }
    }
    chains.into_iter().flat_map(without_dates).collect()
}

fn groups(shadow: &Shadow) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    let mut previous = None;
    while at < shadow.chars.len() {
        if !shadow.chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while shadow.at(at).is_some_and(|c| c.is_ascii_digit()) {
            at += 1;
        }
        let glued = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        // The digits of Arabizi words (3ala, ra2mi) are letters.
        if at - start <= 2 && (glued(shadow.before(start)) || glued(shadow.at(at))) {
            previous = None;
            continue;
        }
        let plus = plus_before(shadow, start);
        let joint = previous.filter(|_| plus.is_none()).and_then(|end| joint(shadow, end..start));
        let value = if at - start > 9 { 0 } else { number(&digits(shadow, &(start..at)).collect::<Vec<_>>()) };
        groups.push(Group { range: start..at, value, plus, joint });
        previous = Some(at);
    }
    groups
}

/// The `+` before a group, a space or a bracket between them allowed.
fn plus_before(shadow: &Shadow, start: usize) -> Option<usize> {
    (1..=2)
        .filter_map(|back| start.checked_sub(back))
        .find(|&at| shadow.chars[at] == '+')
        .filter(|&at| at + 1 == start || matches!(shadow.chars[at + 1], ' ' | '('))
}

/// The separators between two groups, or nothing when the groups do not belong together.
fn joint(shadow: &Shadow, gap: Range<usize>) -> Option<Joint> {
    let separators = &shadow.chars[gap.clone()];
    let joins = (1..=3).contains(&gap.len())
        && separators.iter().all(|c| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '_' | '\\' | '*'));
    // 0.123 is a fraction, not a number that starts with 0.
    let fraction = separators == ['.']
        && shadow.before(gap.start) == Some('0')
        && !shadow.before(gap.start - 1).is_some_and(|c| c.is_ascii_digit());
    (joins && !fraction).then(|| std::array::from_fn(|at| separators.get(at).copied().unwrap_or('\0')))
}

/// The chain in pieces: what stands before, between and after its dates.
fn without_dates(chain: Vec<Group>) -> Vec<Vec<Group>> {
    let mut pieces = vec![Vec::new()];
    let mut rest = chain.as_slice();
    while let Some(group) = rest.first() {
        if is_date_like(rest) {
            pieces.push(Vec::new());
            rest = &rest[3..];
        } else {
            if let Some(piece) = pieces.last_mut() {
                piece.push(group.clone());
            }
            rest = &rest[1..];
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Whether three groups with one separator write a date, Gregorian or Hijri, and the separator does not go on before or after them.
fn is_date_like(rest: &[Group]) -> bool {
    let [a, b, c, after @ ..] = rest else { return false };
    let goes_on = a.joint == b.joint || after.first().is_some_and(|next| next.joint == b.joint);
    let separates = b.joint.is_some_and(|joint| {
        joint.iter().all(|c| matches!(c, '/' | '-' | '.' | ' ' | '\0'))
            && joint.iter().any(|c| matches!(c, '/' | '-' | '.'))
    });
    if !separates || c.joint != b.joint || goes_on {
        return false;
    }
    match (a.range.len(), b.range.len(), c.range.len()) {
        (1 | 2, 1 | 2, 4) => is_year(c.value) && is_day_and_month(a.value, b.value),
        (4, 1 | 2, 1 | 2) => is_year(a.value) && is_day_and_month(b.value, c.value),
        (1 | 2, 1 | 2, 2) => is_day_and_month(a.value, b.value),
        _ => false,
    }
}

fn is_day_and_month(one: u32, other: u32) -> bool {
    // 2024 is a leap year, so every day of any year passes.
    is_date(2024, one, other) || is_date(2024, other, one)
}

fn digits(shadow: &Shadow, range: &Range<usize>) -> impl Iterator<Item = u8> {
    shadow.chars[range.clone()].iter().map(|&digit| digit as u8 - b'0')
}

/// The surest, then longest window that starts with the first group: how many groups it has, and the find.
fn widest_sure(shadow: &Shadow, groups: &[Group]) -> Option<(usize, Find)> {
    let mut best: Option<(usize, Find)> = None;
    let mut window = Window::default();
    for (at, group) in groups.iter().enumerate() {
        if at > 0 && window.digits.len() + group.range.len() > LONGEST {
            break;
        }
        window.add(shadow, group);
        let Some((kind, certainty)) = window.identify() else { continue };
        let range = window_range(shadow, &groups[..=at]);
        if certainty <= Certainty::Shape && !window.is_prefixed() && units::counts(shadow, &range) {
            continue;
        }
        if best.as_ref().is_none_or(|(_, best)| certainty >= best.certainty) {
            best = Some((at + 1, Find::new(range, kind, certainty)));
        }
    }
    best
}

/// The stretch of the groups with the `+` and the brackets that belong to them.
fn window_range(shadow: &Shadow, groups: &[Group]) -> Range<usize> {
    let mut start = groups[0].plus.unwrap_or(groups[0].range.start);
    let mut end = groups[groups.len() - 1].range.end;
    if shadow.before(start) == Some('(') && shadow.chars[start..end].contains(&')') {
        start -= 1;
    }
    // Right-to-left typing leaves the plus behind the number.
    if groups[0].plus.is_none() && shadow.at(end) == Some('+') {
        end += 1;
    }
    start..end
}

/// Neighbouring groups read as one number.
#[derive(Default)]
struct Window {
    /// The digits as characters.
    text: String,
    /// The digits as values.
    digits: Vec<u8>,
    lengths: Vec<usize>,
    plus: bool,
    /// How many groups a dot joins to the one before.
    dots: usize,
    /// Whether a dash or a bracket joins any.
    dashed: bool,
}

impl Window {
    fn add(&mut self, shadow: &Shadow, group: &Group) {
        self.plus |= group.plus.is_some();
        if !self.lengths.is_empty() && group.joint == Some(['.', '\0', '\0']) {
            self.dots += 1;
        }
        self.dashed |=
            !self.lengths.is_empty() && group.joint.is_some_and(|joint| joint.contains(&'-') || joint.contains(&')'));
        self.text.extend(&shadow.chars[group.range.clone()]);
        self.digits.extend(digits(shadow, &group.range));
        self.lengths.push(group.range.len());
    }

    fn is_prefixed(&self) -> bool {
        self.plus || self.digits.starts_with(&[0, 0])
    }

    fn identify(&self) -> Option<(PersonalKind, Certainty)> {
        let digits = self.digits.as_slice();
        if self.lengths.len() == 1 && digits.len() >= ENDLESS {
            return Some((PersonalKind::AccountNumber, Certainty::Guess));
        }
        if self.is_prefixed() {
            let prefix = if self.plus { 0 } else { 2 };
            return phones::international(&self.text[prefix..]).map(|certainty| (PersonalKind::Phone, certainty));
        }
        if is_emirates_id(digits) {
            return Some((PersonalKind::NationalId, Certainty::Certain));
        }
        if self.is_one_number() && is_egyptian_id(digits) {
            return Some((PersonalKind::NationalId, Certainty::Checked));
        }
        if self.is_one_number() && is_saudi_id(digits) {
            return Some((PersonalKind::NationalId, Certainty::Shape));
        }
        if is_card(digits) && self.is_written_like_a_card() {
            let certainty = if self.has_card_start() { Certainty::Checked } else { Certainty::Shape };
            return Some((PersonalKind::Card, certainty));
        }
        if digits.len() < 8 {
            return None;
        }
        let national = phones::national(&self.text, &self.lengths)
            .or_else(|| phones::north_american(&self.text, &self.lengths).filter(|_| self.dashed));
        let phone = national.or_else(|| phones::bare_international(&self.text).filter(|_| self.is_one_number()));
        phone.map(|certainty| (PersonalKind::Phone, certainty))
    }

    /// Whether the groups read as one number and not as a list of numbers: one run, single digits throughout, or no single digits inside.
    fn is_one_number(&self) -> bool {
        let inner = &self.lengths[..self.lengths.len() - 1];
        // Dots between some groups only are decimal points.
        (self.dots == 0 || self.dots == inner.len())
            && (self.lengths.iter().all(|&length| length == 1) || inner.iter().skip(1).all(|&length| length > 1))
    }

    /// One run, fours, or any groups behind a first digit of cards.
    fn is_written_like_a_card(&self) -> bool {
        let fours = self.lengths[..self.lengths.len() - 1].iter().all(|&length| length == 4);
        fours || self.is_one_number() && self.has_card_start()
    }

    /// Whether the first digit is one that card schemes use for payment (ISO/IEC 7812-1, major industry identifier).
    fn has_card_start(&self) -> bool {
        (2..=6).contains(&self.digits[0])
    }
}
