//! What takes a hit back: it is denied, only imagined, or over.

use super::Mark;
use super::book::{Book, Guard, Match};
use super::pattern::Indexed;
use crate::feedback::TriggerKind;
use crate::feedback::fold::WordKind;

/// How many words after an "if" are still imagined.
const IMAGINED: usize = 14;

/// How many light words a negation reaches across.
const DENIED: usize = 4;

/// The triggers that stand, and the kinds that a guard speaks against.
pub(super) fn judge<'found>(
    book: &Book,
    text: &Indexed,
    matches: &'found [Match],
) -> (Vec<(TriggerKind, &'found Match)>, Vec<TriggerKind>) {
    let scene = Scene { book, text, matches };
    let (mut hits, mut taken_back) = (Vec::new(), Vec::new());
    for found in matches {
        let Mark::Trigger(kind) = found.mark else { continue };
        if scene.is_taken_back(found) {
            taken_back.push(kind);
        } else {
            hits.push((kind, found));
        }
    }
    for group in &book.groups {
        if let Mark::Trigger(kind) = group.mark
            && group.guards.iter().any(|guard| scene.covers_everything(*guard))
        {
            taken_back.push(kind);
        }
    }
    let vetoed = TriggerKind::ALL.iter().copied();
    let vetoed = vetoed.filter(|kind| taken_back.contains(kind) && !hits.iter().any(|(hit, _)| hit == kind));
    let vetoed = vetoed.collect();
    (hits, vetoed)
}

/// Praise that a complaint follows without a turn between them: it mocks.
pub(super) fn mockery<'found>(book: &Book, text: &Indexed, matches: &'found [Match]) -> Option<&'found Match> {
    let scene = Scene { book, text, matches };
    let of = |mark: Mark| matches.iter().filter(move |found| found.mark == mark);
    of(Mark::Praise)
        .find(|praise| of(Mark::Complaint).any(|bad| bad.first > praise.last && !scene.turns(praise.last, bad.first)))
}

struct Scene<'found> {
    book: &'found Book,
    text: &'found Indexed,
    matches: &'found [Match],
}

impl Scene<'_> {
    fn is_taken_back(&self, found: &Match) -> bool {
        let guards = self.book.groups.get(found.group).map_or(&[][..], |group| group.guards.as_slice());
        guards.iter().any(|guard| match guard {
            Guard::Negation => !found.firm && self.is_denied(found),
            Guard::Hypothetical => self.only_asks() || self.is_imagined(found),
            Guard::Inquiry => self.only_asks(),
            Guard::Solved => self.is_over(found),
        })
    }

    /// Whether a guard holds for the text as a whole, so that it also speaks to what the model felt.
    fn covers_everything(&self, guard: Guard) -> bool {
        match guard {
            Guard::Negation => false,
            Guard::Hypothetical | Guard::Inquiry => self.only_asks(),
            Guard::Solved => self.solved().any(|solved| !self.turns(solved.last, self.text.words.len())),
        }
    }

    fn all(&self, mark: Mark) -> impl Iterator<Item = &Match> {
        self.matches.iter().filter(move |found| found.mark == mark)
    }

    fn any(&self, mark: Mark) -> bool {
        self.all(mark).next().is_some()
    }

    /// A negation stands right before it, or inside it right before one of its words.
    fn is_denied(&self, found: &Match) -> bool {
        let inner = found.places.windows(2).filter(|pair| pair[1] > pair[0] + 1).map(|pair| (pair[0] + 1, pair[1]));
        std::iter::once((0, found.first)).chain(inner).any(|(least, place)| self.is_negated(least, place))
    }

    fn is_negated(&self, least: usize, place: usize) -> bool {
        for earlier in (least..place).rev().take(DENIED) {
            let is_word = self.text.words.get(earlier).is_some_and(|word| word.kind == WordKind::Word);
            if !is_word {
                return false;
            }
            if self.text.is(earlier, self.book.guards.negator) {
                return self.denies(earlier);
            }
            if !self.text.is(earlier, self.book.guards.light) {
                return false;
            }
        }
        false
    }

    /// Whether the negator at this place denies: «شخص ما» is "some person", and «ولا» that nothing denied
    /// before is how the Maghreb says "became".
    fn denies(&self, place: usize) -> bool {
        let guards = &self.book.guards;
        match self.text.words.get(place).map(|word| word.form.as_str()) {
            Some("ما") => place == 0 || !self.text.is(place - 1, guards.indefinite),
            Some("ولا") => (0..place)
                .any(|earlier| self.text.same_sentence(earlier, place) && self.text.is(earlier, guards.negator)),
            _ => true,
        }
    }

    /// Something stands after an "if" of its sentence.
    fn is_imagined(&self, found: &Match) -> bool {
        self.all(Mark::Hypothetical).any(|opening| {
            let after = opening.first <= found.first && found.first.saturating_sub(opening.last) <= IMAGINED;
            after && self.text.same_sentence(opening.first, found.first)
        })
    }

    fn only_asks(&self) -> bool {
        self.any(Mark::Inquiry) && self.any(Mark::Hypothetical)
    }

    fn is_over(&self, found: &Match) -> bool {
        self.solved().any(|solved| found.first <= solved.last || !self.turns(solved.last, found.first))
    }

    fn solved(&self) -> impl Iterator<Item = &Match> {
        self.all(Mark::Solved).filter(|solved| (solved.firm || !self.is_denied(solved)) && !self.is_imagined(solved))
    }

    /// Whether something new starts between the two places.
    fn turns(&self, from: usize, to: usize) -> bool {
        (from + 1..to).any(|place| self.text.is(place, self.book.guards.turn))
    }
}
