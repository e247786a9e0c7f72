//! Numbers that only the words beside them give away.
//!
//! For each number the words before it are read backwards, past markers ("رقم", "no.") and fillers ("هو", "my"), up to a noun that names it;
//! failing that, the words after it, when a copula joins them ("12345 هو رقم طلبي").
//! No check digit is asked for: a mistyped identifier is personal too.

use std::ops::Range;

use super::PersonalKind;
use super::checks::{is_date, is_year};
use super::find::{Certainty, Find};
use super::lexicon::{Noun, Role, role};
use super::shadow::Shadow;
use super::units;
use super::words::{Word, words};

/// How many words are read on either side of a number.
const REACH: usize = 7;
/// The widest gap between two words that still speak of the same thing, in characters.
const GAP: usize = 6;

/// The most words that one value is written in; an account number in pairs of digits has twelve.
const LONGEST_VALUE: usize = 20;

/// Digits of a long number, and how many words that say nothing may stand between it and its noun.
const LONG: usize = 9;
const STRANGERS: usize = 2;
/// Digits from which one such word may stand between a number and its marker ("رقم الحركة 993017").
const LONG_IF_MARKED: usize = 6;

/// A number after "رقم" alone, which names nothing.
const UNNAMED: Noun = Noun { kind: PersonalKind::AccountNumber, alone: usize::MAX, wordy: true, marked: 6 };

/// All numbers that their context names.
pub(super) fn recognise(shadow: &Shadow) -> Vec<Find> {
    let text = Context { shadow, words: words(shadow) };
    let mut finds: Vec<Find> = Vec::new();
    let mut last: Option<(Cue, usize)> = None;
    let mut at = 0;
    while at < text.words.len() {
        if text.words[at].digits == 0 {
            at += 1;
            continue;
        }
        let listed = last.filter(|&(_, end)| text.is_listed(end, at)).map(|(cue, _)| (cue, at));
        let Some((find, cue, next)) = text.named(at, listed) else {
            at += 1;
            continue;
        };
        finds.push(find);
        last = Some((cue, next - 1));
        at = next;
    }
    finds
}

/// What the words around a number say.
#[derive(Clone, Copy)]
struct Cue {
    noun: Noun,
    marked: bool,
}

struct Context<'text> {
    shadow: &'text Shadow,
    words: Vec<Word>,
}

impl Context<'_> {
    /// The find for the number at word `at`, with its cue and the first word after it.
    fn named(&self, at: usize, listed: Option<(Cue, usize)>) -> Option<(Find, Cue, usize)> {
        let first = self.first_of_value(at);
        let label = (first..at).find(|&word| matches!(self.role(word), Some(Role::Noun(_) | Role::Marker)));
        let labelled = label.and_then(|label| self.cue_before(label + 1, at));
        let cues = [self.cue_before(first, at), labelled, self.glued(at), self.password(at), listed];
        for (cue, first) in cues.into_iter().flatten() {
            let end = self.value_end(at, cue.noun.kind);
            if let Some(find) = self.believe(cue, first, end) {
                return Some((find, cue, end));
            }
        }
        let end = self.value_end(at, PersonalKind::OrderNumber);
        let cue = self.cue_after(end)?;
        self.believe(cue, first, end).map(|find| (find, cue, end))
    }

    /// The first word of the value that `at` is in: "ORD" in "ORD-123".
    fn first_of_value(&self, at: usize) -> usize {
        let mut first = at;
        while first > 0 && at - first < 4 && self.words[first - 1].ascii && self.is_joined(first - 1, first, "-_/") {
            first -= 1;
        }
        first
    }

    /// A noun that starts the word itself: "order12345".
    fn glued(&self, at: usize) -> Option<(Cue, usize)> {
        let word = self.shadow.text(self.words[at].range.clone());
        let letters = word.len() - word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        match role(&word[..letters]) {
            Some(Role::Noun(noun)) if letters > 0 && self.words[at].digits == word.len() - letters => {
                Some((Cue { noun, marked: false }, at))
            }
            _ => None,
        }
    }

    /// The cue in the words before `first`, and the word where the value starts.
    ///
    /// A long number has few other meanings, so words that say nothing may stand between it and its noun.
    fn cue_before(&self, first: usize, at: usize) -> Option<(Cue, usize)> {
        let (mut marked, mut signed) = (false, false);
        let digits = self.words[at].digits;
        let allowed = if digits >= LONG { STRANGERS } else { usize::from(digits >= LONG_IF_MARKED) };
        let mut strangers = 0;
        for word in (first.saturating_sub(REACH)..first).rev() {
            if !self.is_near(word, word + 1) {
                break;
            }
            match self.role(word) {
                Some(Role::Noun(noun)) => {
                    let ahead = word
                        .checked_sub(1)
                        .filter(|&ahead| self.is_near(ahead, word))
                        .and_then(|ahead| self.role(ahead));
                    marked |= signed || ahead == Some(Role::Marker);
                    let near = strangers == 0 || marked || digits >= LONG;
                    return (near && ahead != Some(Role::Veto)).then_some((Cue { noun, marked }, first));
                }
                Some(Role::Marker) => marked = true,
                Some(Role::Sign) => signed = true,
                Some(Role::Filler | Role::Copula) => {}
                Some(Role::Veto) => return None,
                None if strangers == allowed => break,
                None => strangers += 1,
            }
        }
        marked.then_some((Cue { noun: UNNAMED, marked }, first))
    }

    /// The cue of a password, which may have symbols between the words that `at` ends: "Abc@1234".
    fn password(&self, at: usize) -> Option<(Cue, usize)> {
        let is_part = |word: usize| {
            self.words[word].ascii
                && self.role(word).is_none()
                && self.gap(word, word + 1).iter().all(|c| !c.is_whitespace())
        };
        let parts = (at.saturating_sub(REACH)..at).rev().take_while(|&word| is_part(word)).count();
        let cue = if parts > 0 { self.cue_before(at - parts, at) } else { None };
        cue.filter(|(cue, _)| cue.noun.kind == PersonalKind::VerificationCode)
    }

    /// The cue in the words after a number, which needs a copula and a noun that is marked.
    fn cue_after(&self, end: usize) -> Option<Cue> {
        let (mut joined, mut marked) = (false, false);
        let mut noun = None;
        for word in end..self.words.len().min(end + REACH) {
            if !self.is_near(word - 1, word) {
                break;
            }
            match self.role(word) {
                Some(Role::Copula) => joined |= noun.is_none(),
                Some(Role::Filler | Role::Sign) => {}
                Some(Role::Marker) => marked = true,
                Some(Role::Noun(named)) if noun.is_none() => noun = Some(named),
                _ if self.words[word].digits > 0 => return None,
                _ => break,
            }
        }
        noun.filter(|noun| joined && (marked || noun.kind == PersonalKind::Phone))
            .map(|noun| Cue { noun, marked: true })
    }

    /// The first word after the value that starts at `at`, by how numbers of the kind are written.
    fn value_end(&self, at: usize, kind: PersonalKind) -> usize {
        let longest = match kind {
            PersonalKind::Phone => 15,
            PersonalKind::NationalId | PersonalKind::Card => 20,
            PersonalKind::Iban => 34,
            PersonalKind::AccountNumber => 24,
            _ => 0,
        };
        let mut end = at + 1;
        let mut digits = self.words[at].digits;
        let mut plain = digits == self.words[at].range.len();
        while end < self.words.len().min(at + LONGEST_VALUE) && self.words[end].ascii {
            let word = &self.words[end];
            let whole = word.digits == word.range.len();
            let tight = self.is_joined(end - 1, end, "-_/") || whole && self.is_joined(end - 1, end, ".");
            let gap = self.gap(end - 1, end);
            let apart =
                gap.len() <= 3 && gap.iter().all(|c| " -./_()".contains(*c)) && (gap.len() == 1 || !gap.contains(&'.'));
            let fits =
                digits + word.digits <= longest && (whole && plain || kind == PersonalKind::Iban && word.digits > 0);
            let spaced = whole && word.digits >= 3 && self.is_joined(end - 1, end, " ") && longest == 0;
            let quantity = whole && !tight && units::counts(self.shadow, &word.range);
            if quantity || !(tight || apart && fits || spaced) {
                break;
            }
            digits += word.digits;
            plain &= whole;
            end += 1;
        }
        end
    }

    /// The find of words `first..end`, when it has the digits that its cue asks for and is no date and no quantity.
    fn believe(&self, cue: Cue, first: usize, end: usize) -> Option<Find> {
        let words = &self.words[first..end];
        let digits: usize = words.iter().map(|word| word.digits).sum();
        let letters = words.iter().map(|word| word.range.len()).sum::<usize>() - digits;
        // In a code of letters and digits letters count as well, but not those of an Arabizi word with its one or two digits.
        let signs = if digits > 2 { digits + letters.min(digits) } else { digits };
        let least = if cue.marked { cue.noun.marked } else { cue.noun.alone };
        let mut range = words.first()?.range.start..words.last()?.range.end;
        let is_code = cue.noun.kind == PersonalKind::VerificationCode;
        let has_letters = letters > 0;
        let enough = if has_letters && is_code { self.is_code(cue, &range, digits) } else { signs >= least };
        if !enough || self.is_date(words) || self.is_fraction_or_time(&range, cue.marked && cue.noun != UNNAMED) {
            return None;
        }
        let is_sum = cue.noun.alone > 6 && self.shadow.text(range.clone()).ends_with("000");
        if !cue.marked && !has_letters && (is_sum || units::counts(self.shadow, &range) || self.is_year(&range)) {
            return None;
        }
        if is_code && has_letters {
            while self.shadow.at(range.end).is_some_and(|c| "!@#$%^&*_-+?".contains(c)) {
                range.end += 1;
            }
        }
        let certainty = match cue {
            Cue { noun: UNNAMED, .. } => Certainty::Guess,
            Cue { marked: true, .. } => Certainty::Named,
            Cue { marked: false, .. } => Certainty::Shape,
        };
        Some(Find::new(range, cue.noun.kind, certainty))
    }

    /// Whether a run of letters and digits can be a secret, and not a promotion (SAVE20) or an Arabizi word (sa7ab).
    fn is_code(&self, cue: Cue, range: &Range<usize>, digits: usize) -> bool {
        let chars = &self.shadow.chars[range.clone()];
        let turns = chars.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
        let labelled =
            self.shadow.chars[..range.start].iter().rev().find(|c| **c != ' ').is_some_and(|c| matches!(c, ':' | '='));
        let secret = if cue.noun.wordy { labelled || digits > 1 } else { turns > 1 && digits > 1 };
        secret && chars.len() >= 4
    }

    fn is_date(&self, words: &[Word]) -> bool {
        let [a, b, c] = words else { return false };
        let number = |word: &Word| self.shadow.text(word.range.clone()).parse::<u32>().unwrap_or(0);
        let (a, b, c) = (number(a), number(b), number(c));
        let within = |year, one, other| is_year(year) && (is_date(2024, one, other) || is_date(2024, other, one));
        within(a, b, c) || within(c, a, b)
    }

    fn is_year(&self, range: &Range<usize>) -> bool {
        range.len() == 4 && self.shadow.text(range.clone()).parse().is_ok_and(is_year)
    }

    /// Whether the number is only the start of "12:30" or "1,200", or a fraction that nothing names.
    fn is_fraction_or_time(&self, range: &Range<usize>, named: bool) -> bool {
        let goes_on = self.shadow.at(range.end).is_some_and(|c| matches!(c, ':' | ',' | '٬'))
            && self.shadow.at(range.end + 1).is_some_and(|c| c.is_ascii_digit());
        let decimal = matches!(self.shadow.text(range.clone()).split_once('.'), Some((whole, _)) if whole.len() <= 3);
        goes_on && range.len() <= 3 || decimal && !named
    }

    /// Whether `at` goes on the list that `last` is in: only a comma, a slash or an "and" stands between.
    fn is_listed(&self, last: usize, at: usize) -> bool {
        let between = self.shadow.text(self.words[last].range.end..self.words[at].range.start);
        let between = between
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '،' | '/' | '&' | '-' | '(' | ')' | '#'));
        matches!(between, "" | "و" | "and" | "او" | "or" | "w")
    }

    /// Whether two neighbouring words belong to one statement.
    fn is_near(&self, left: usize, right: usize) -> bool {
        let gap = self.gap(left, right);
        let abbreviated =
            self.words[left].range.len() <= 4 && self.words[left].digits == 0 || self.role(left) == Some(Role::Marker);
        let stop = |&c: &char| match c {
            '!' | '?' | '؟' => true,
            '.' => !abbreviated,
            '\n' => self.words[right].digits == 0,
            _ => false,
        };
        gap.len() <= GAP && !gap.iter().any(stop)
    }

    /// Whether exactly one of the characters stands between two neighbouring words.
    fn is_joined(&self, left: usize, right: usize, by: &str) -> bool {
        matches!(self.gap(left, right), [c] if by.contains(*c))
    }

    fn gap(&self, left: usize, right: usize) -> &[char] {
        &self.shadow.chars[self.words[left].range.end..self.words[right].range.start]
    }

    fn role(&self, word: usize) -> Option<Role> {
        let Word { digits, range, .. } = &self.words[word];
        if *digits == range.len() {
            // "Last 4 digits"; other numbers name nothing.
            return (self.shadow.chars[range.clone()] == ['4']).then_some(Role::Filler);
        }
        // Names behind an "@" are people and companies.
        if self.shadow.before(range.start) == Some('@') {
            return None;
        }
        role(&self.shadow.text(self.words[word].range.clone()))
    }
}
