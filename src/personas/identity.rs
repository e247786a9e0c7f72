//! Keeping ids from run to run: which new group is which old persona.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Group;
use crate::feedback::CustomerId;

/// Less overlap than this (Jaccard, among the customers whom both runs placed) is another persona.
pub const MIN_OVERLAP: f64 = 0.3;

/// A persona as an earlier run left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Its id.
    pub id: Uuid,
    /// Who was in it.
    pub members: Vec<CustomerId>,
}

/// For each new group the id of the persona that it continues, if there is one; an id is given once.
///
/// Members decide, among the customers whom both runs placed, so that who came or went changes nothing.
#[must_use]
pub fn match_previous(previous: &[Previous], groups: &[Group]) -> Vec<Option<Uuid>> {
    let old: Vec<BTreeSet<&CustomerId>> = previous.iter().map(|persona| persona.members.iter().collect()).collect();
    let new: Vec<BTreeSet<&CustomerId>> =
        groups.iter().map(|group| group.members.iter().map(|(id, _)| id).collect()).collect();
    let placed = |sets: &[BTreeSet<&CustomerId>], id: &CustomerId| sets.iter().any(|set| set.contains(id));
    let mut pairs = Vec::new();
    for (old_at, was) in old.iter().enumerate() {
        for (new_at, is) in new.iter().enumerate() {
            let both = was.intersection(is).count();
            let either = was.iter().filter(|id| placed(&new, id)).count()
                + is.iter().filter(|id| placed(&old, id)).count()
                - both;
            let overlap = if either == 0 { 0.0 } else { both as f64 / either as f64 };
            pairs.push((overlap, old_at, new_at));
        }
    }
    pairs.retain(|(overlap, ..)| *overlap >= MIN_OVERLAP);
    pairs.sort_by(|left, right| right.0.total_cmp(&left.0).then((left.1, left.2).cmp(&(right.1, right.2))));
    let mut ids = vec![None; groups.len()];
    for (_, old_at, new_at) in pairs {
        let id = previous[old_at].id;
        if ids[new_at].is_none() && !ids.contains(&Some(id)) {
            ids[new_at] = Some(id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn customer(number: usize) -> CustomerId {
        CustomerId::try_from(format!("c-{number}")).expect("a name")
    }

    fn group(numbers: impl IntoIterator<Item = usize>) -> Group {
        Group { members: numbers.into_iter().map(|number| (customer(number), 1.0)).collect(), stability: 1.0 }
    }

    fn previous(id: u128, numbers: impl IntoIterator<Item = usize>) -> Previous {
        Previous { id: Uuid::from_u128(id), members: numbers.into_iter().map(customer).collect() }
    }

    fn ids(found: &[Option<Uuid>]) -> Vec<Option<u128>> {
        found.iter().map(|id| id.map(|id| id.as_u128())).collect()
    }

    #[test]
    fn who_came_and_went_changes_nothing_and_the_larger_part_of_a_split_keeps_the_id() {
        let old = [previous(7, 0..40), previous(8, 40..60)];
        assert_eq!(ids(&match_previous(&old, &[group(45..90), group(5..40)])), [Some(8), Some(7)]);
        assert_eq!(ids(&match_previous(&old, &[group(0..28), group(28..40), group(40..60)])), [Some(7), None, Some(8)]);
        assert_eq!(ids(&match_previous(&old, &[group(0..60)])), [Some(7)]);
        assert_eq!(ids(&match_previous(&old, &[group(100..160)])), [None]);
        assert_eq!(ids(&match_previous(&[], &[group(0..9)])), [None]);
    }

    proptest! {
        #[test]
        fn an_unchanged_run_keeps_every_id_and_none_is_given_twice(
            homes in prop::collection::vec(0_usize..4, 1..80), moved in prop::collection::vec(0_usize..4, 80),
        ) {
            let gather = |homes: &[usize]| -> Vec<Vec<usize>> {
                let of = |home| homes.iter().enumerate().filter(move |(_, own)| **own == home).map(|(at, _)| at).collect();
                (0..4).map(of).filter(|members: &Vec<usize>| !members.is_empty()).collect()
            };
            let old: Vec<Previous> =
                (50..).zip(gather(&homes)).map(|(id, members)| previous(id, members)).collect();
            let same: Vec<Group> = gather(&homes).into_iter().map(group).collect();
            let expected: Vec<_> = old.iter().map(|persona| Some(persona.id)).collect();
            prop_assert_eq!(match_previous(&old, &same), expected);
            let changed: Vec<Group> = gather(&moved[..homes.len()]).into_iter().map(group).collect();
            let mut given: Vec<_> = match_previous(&old, &changed).into_iter().flatten().collect();
            let count = given.len();
            given.sort_unstable();
            given.dedup();
            prop_assert_eq!(given.len(), count);
        }
    }
}
