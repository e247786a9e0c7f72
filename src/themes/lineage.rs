//! Keeping ids from run to run: which new group is which old theme.
//!
//! Members decide, among the feedback that both runs saw, so that what was added or erased in between changes nothing.
//! Where the two share nothing at all, the centres decide.
//! Invariant: an id is given at most once, and only to the group that fits its theme best, which it fits best too.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Centre, Group};
use crate::feedback::FeedbackId;
use crate::vector::dot;

/// Less overlap than this (Jaccard) is another theme.
const MIN_OVERLAP: f64 = 0.3;

/// Centres less alike than this (cosine) are different themes.
const MIN_COSINE: f32 = 0.8;

/// A theme as the last run left it.
#[derive(Clone, Debug)]
pub struct Previous {
    /// Its id.
    pub id: Uuid,
    /// Its members then.
    pub members: Vec<FeedbackId>,
    /// Its centre then.
    pub centre: Centre,
}

/// For each new group the id of the old theme that it continues, or none if it is new.
#[must_use]
pub fn match_previous(old: &[Previous], new: &[Group]) -> Vec<Option<Uuid>> {
    let mut pairs = by_members(old, new);
    if pairs.is_empty() {
        pairs = by_centres(old, new);
    }
    pairs.sort_by(|left, right| {
        right
            .fit
            .total_cmp(&left.fit)
            .then_with(|| old[left.old].id.cmp(&old[right.old].id))
            .then(left.new.cmp(&right.new))
    });
    let mut ids = vec![None; new.len()];
    let mut given = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for pair in pairs {
        // The first pair in which either stands is its best; only where both meet for the first time is it mutual.
        let (first_for_old, first_for_new) = (given.insert(pair.old), seen.insert(pair.new));
        if first_for_old && first_for_new {
            ids[pair.new] = Some(old[pair.old].id);
        }
    }
    ids
}

struct Pair {
    old: usize,
    new: usize,
    fit: f64,
}

/// Pairs that overlap enough; empty only if no feedback was seen by both runs.
fn by_members(old: &[Previous], new: &[Group]) -> Vec<Pair> {
    let was = homes(old.iter().map(|theme| &theme.members));
    let is = homes(new.iter().map(|group| &group.members));
    let mut shared: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let (mut old_sizes, mut new_sizes) = (vec![0.0; old.len()], vec![0.0; new.len()]);
    for (id, &old_home) in &was {
        if let Some(&new_home) = is.get(id) {
            *shared.entry((old_home, new_home)).or_default() += 1.0;
            old_sizes[old_home] += 1.0;
            new_sizes[new_home] += 1.0;
        }
    }
    shared
        .into_iter()
        .map(|((old, new), both)| Pair { old, new, fit: both / (old_sizes[old] + new_sizes[new] - both) })
        .filter(|pair| pair.fit >= MIN_OVERLAP)
        .collect()
}

fn homes<'a>(groups: impl Iterator<Item = &'a Vec<FeedbackId>>) -> BTreeMap<FeedbackId, usize> {
    groups.enumerate().flat_map(|(home, members)| members.iter().map(move |member| (*member, home))).collect()
}

fn by_centres(old: &[Previous], new: &[Group]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (old_at, theme) in old.iter().enumerate() {
        for (new_at, group) in new.iter().enumerate() {
            let fit = cosine(&theme.centre.probe, &group.centre.probe);
            if fit.partial_cmp(&MIN_COSINE) != Some(Ordering::Less) && fit.is_finite() {
                pairs.push(Pair { old: old_at, new: new_at, fit: f64::from(fit) });
            }
        }
    }
    pairs
}

fn cosine(left: &[f32], right: &[f32]) -> f32 {
    let lengths = (dot(left, left) * dot(right, right)).sqrt();
    if left.len() == right.len() && lengths > 0.0 { dot(left, right) / lengths } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn feedback(number: u128) -> FeedbackId {
        FeedbackId(Uuid::from_u128(number))
    }

    fn previous(id: u128, members: &[u128], probe: &[f32]) -> Previous {
        let members = members.iter().copied().map(feedback).collect();
        Previous { id: Uuid::from_u128(id), members, centre: Centre { probe: probe.to_vec(), ..Centre::default() } }
    }

    fn group(members: &[u128], probe: &[f32]) -> Group {
        let members = members.iter().copied().map(feedback).collect();
        Group { members, centre: Centre { probe: probe.to_vec(), ..Centre::default() } }
    }

    fn ids(found: &[Option<Uuid>]) -> Vec<Option<u128>> {
        found.iter().map(|id| id.map(|id| id.as_u128())).collect()
    }

    #[test]
    fn the_larger_part_of_a_split_keeps_the_id_and_the_smaller_is_new() {
        let old = [previous(7, &[1, 2, 3, 4, 5, 6], &[])];
        assert_eq!(ids(&match_previous(&old, &[group(&[5, 6], &[]), group(&[1, 2, 3, 4], &[])])), [None, Some(7)]);
    }

    #[test]
    fn a_merged_group_keeps_the_id_of_the_larger_part() {
        let old = [previous(7, &[1, 2], &[]), previous(8, &[3, 4, 5], &[])];
        assert_eq!(ids(&match_previous(&old, &[group(&[1, 2, 3, 4, 5], &[])])), [Some(8)]);
    }

    #[test]
    fn what_came_and_went_in_between_does_not_count() {
        let old = [previous(7, &[1, 2, 3, 90, 91, 92, 93, 94, 95, 96], &[])];
        let grown: Vec<u128> = (1..=3).chain(200..400).collect();
        assert_eq!(ids(&match_previous(&old, &[group(&grown, &[])])), [Some(7)]);
    }

    #[test]
    fn without_a_shared_member_the_centres_decide() {
        let old = [previous(7, &[1, 2], &[1.0, 0.0]), previous(8, &[3, 4], &[0.0, 1.0])];
        let new = [group(&[11], &[0.1, 2.0]), group(&[12], &[-1.0, 0.0])];
        assert_eq!(ids(&match_previous(&old, &new)), [Some(8), None]);
        assert_eq!(ids(&match_previous(&[], &new)), [None, None]);
        assert_eq!(match_previous(&old, &[]), []);
    }

    proptest! {
        #[test]
        fn an_unchanged_run_keeps_every_id_and_none_is_given_twice(
            homes in prop::collection::vec(0_usize..6, 1..80), moved in prop::collection::vec(0_usize..6, 80),
        ) {
            let gather = |homes: &[usize]| {
                let mut groups = vec![Vec::new(); 6];
                homes.iter().zip(0_u128..).for_each(|(home, number)| groups[*home].push(number));
                groups.retain(|members| !members.is_empty());
                groups
            };
            let old: Vec<_> = gather(&homes).iter().zip(100..).map(|(members, id)| previous(id, members, &[])).collect();
            let same: Vec<_> = gather(&homes).iter().map(|members| group(members, &[])).collect();
            let expected: Vec<_> = old.iter().map(|theme| Some(theme.id)).collect();
            prop_assert_eq!(match_previous(&old, &same), expected);

            let changed: Vec<_> = gather(&moved[..homes.len()]).iter().map(|members| group(members, &[])).collect();
            let mut given: Vec<_> = match_previous(&old, &changed).into_iter().flatten().collect();
            let count = given.len();
            given.sort_unstable();
            given.dedup();
            prop_assert_eq!(given.len(), count);
        }
    }
}
