//! A stretch that a recogniser wants masked, and how claims on the same stretch are settled.

use std::ops::Range;

use super::PersonalKind;

/// How sure a recogniser is of the kind; it decides which tag a contested stretch gets, never whether it is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// Something says that a number is there, nothing says which.
    Guess,
    /// The shape alone, or a word near it, speaks for it.
    Shape,
    /// One check digit, or a national numbering plan.
    Checked,
    /// Words beside it say that its number follows.
    Named,
    /// Its form can be nothing else.
    Certain,
}

/// One claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Find {
    /// Positions: in the shadow when a recogniser makes it, bytes of the original later.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: PersonalKind,
    /// How sure that is.
    pub(super) certainty: Certainty,
}

impl Find {
    /// A claim on `range`.
    pub(super) fn new(range: Range<usize>, kind: PersonalKind, certainty: Certainty) -> Self {
        Self { range, kind, certainty }
    }
}

/// Joins claims that overlap into one that covers them all, named by the surest, then the longest, then the first of them.
///
/// Covering the union instead of dropping the loser means that no recogniser's claim ever stays readable.
/// The result is ordered and no two of its ranges share a position.
pub(super) fn resolve(mut claims: Vec<Find>) -> Vec<Find> {
    claims.sort_by_key(|claim| (claim.range.start, claim.range.end));
    let mut settled: Vec<(Find, usize)> = Vec::with_capacity(claims.len());
    for claim in claims {
        let length = claim.range.len();
        match settled.last_mut() {
            Some((last, named_by)) if claim.range.start < last.range.end => {
                last.range.end = last.range.end.max(claim.range.end);
                if (claim.certainty, length) > (last.certainty, *named_by) {
                    (last.kind, last.certainty, *named_by) = (claim.kind, claim.certainty, length);
                }
            }
            _ => settled.push((claim, length)),
        }
    }
    settled.into_iter().map(|(find, _)| find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_claims_become_one_named_by_the_surest() {
        let claims = vec![
            Find::new(4..9, PersonalKind::Phone, Certainty::Checked),
            Find::new(0..5, PersonalKind::OrderNumber, Certainty::Named),
            Find::new(9..12, PersonalKind::Ip, Certainty::Certain),
        ];
        let expected = vec![
            Find::new(0..9, PersonalKind::OrderNumber, Certainty::Named),
            Find::new(9..12, PersonalKind::Ip, Certainty::Certain),
        ];
        assert_eq!(resolve(claims), expected);
    }

    #[test]
    fn between_equals_the_longest_names_the_stretch() {
        let claims = vec![
            Find::new(0..5, PersonalKind::Phone, Certainty::Checked),
            Find::new(0..8, PersonalKind::Card, Certainty::Checked),
        ];
        assert_eq!(resolve(claims)[0].kind, PersonalKind::Card);
    }
}
