//! What became of each theme from one run to the next, and those that must not be lost between the two.
//!
//! A theme that people rely on is *anchored*: where a run finds no group for it, it keeps the members that it had.
//! Invariant: every anchored theme of the last run is a group of this one, and every item stays in one place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assign::similarity;
use super::{Group, Groups, Item, Place, Previous, match_previous};
use crate::feedback::{FeedbackId, names};

/// A smaller part than this of a group is chance, not descent: 0 to 1.
const MIN_PART: f64 = 0.3;

names! {
    /// What became of a theme in a run.
    Event, "event", {
        /// It goes on.
        Same = "same",
        /// It was parted from another that goes on.
        Split = "split",
        /// It went into another.
        Merged = "merged",
        /// Nothing of it was there before.
        New = "new",
        /// Nothing goes on from it.
        Gone = "gone",
    }
}

/// What became of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// Which theme.
    pub theme: Uuid,
    /// What became of it.
    pub event: Event,
    /// The theme that it was parted from or went into.
    pub other: Option<Uuid>,
    /// How many feedback the theme shares with the one it is compared with: itself before, or the other.
    pub shared: usize,
    /// How many feedback it had before; nothing for what is new or parted.
    pub before: usize,
    /// How many it has now; nothing for what is gone or merged.
    pub after: usize,
}

/// A run's groups with their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Continued {
    /// The id of each group.
    pub ids: Vec<Uuid>,
    /// The groups and the place of each item.
    pub found: Groups,
    /// What became of each theme, those that go on first.
    pub lineage: Vec<Lineage>,
}

/// Gives `found` the ids of the themes it continues, `new_id` to the others, and keeps those of `anchored` that it lost.
///
/// `items` are those that were grouped, in the same order.
#[must_use]
pub fn continued(
    old: &[Previous],
    found: Groups,
    items: &[Item],
    anchored: &BTreeSet<Uuid>,
    mut new_id: impl FnMut() -> Uuid,
) -> Continued {
    let matched = match_previous(old, &found.groups);
    let lost: Vec<&Previous> =
        old.iter().filter(|theme| anchored.contains(&theme.id) && !matched.contains(&Some(theme.id))).collect();
    let (found, matched) =
        if lost.is_empty() { (found, matched) } else { keep(&lost, found, matched, items, anchored) };
    let ids: Vec<Uuid> = matched.iter().map(|id| id.unwrap_or_else(&mut new_id)).collect();
    let lineage = lineage(old, &ids, &found.groups);
    Continued { ids, found, lineage }
}

/// Adds the lost themes as groups of the members that are still there, and takes these out of the groups that got them.
fn keep(
    lost: &[&Previous],
    mut found: Groups,
    mut matched: Vec<Option<Uuid>>,
    items: &[Item],
    anchored: &BTreeSet<Uuid>,
) -> (Groups, Vec<Option<Uuid>>) {
    let at: HashMap<FeedbackId, usize> = items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
    for theme in lost {
        let number = found.groups.len();
        let members: Vec<FeedbackId> = theme.members.iter().copied().filter(|id| at.contains_key(id)).collect();
        for id in &members {
            let item = at[id];
            let similarity = similarity(&items[item].vector, &theme.centre);
            found.places[item] = Place { group: Some(number), nearest: Some(number), similarity, ..found.places[item] };
        }
        found.groups.push(Group { members, centre: theme.centre.clone() });
        matched.push(Some(theme.id));
    }
    let homes: HashMap<FeedbackId, Option<usize>> =
        items.iter().zip(&found.places).map(|(item, place)| (item.id, place.group)).collect();
    for (number, group) in found.groups.iter_mut().enumerate() {
        group.members.retain(|id| homes.get(id).is_some_and(|home| *home == Some(number)));
    }
    without_empty(found, matched, anchored)
}

/// Drops the groups that have no members left, but for the anchored.
fn without_empty(found: Groups, matched: Vec<Option<Uuid>>, anchored: &BTreeSet<Uuid>) -> (Groups, Vec<Option<Uuid>>) {
    let mut numbers = Vec::with_capacity(found.groups.len());
    let (mut groups, mut ids) = (Vec::new(), Vec::new());
    for (group, id) in found.groups.into_iter().zip(matched) {
        let stays = !group.members.is_empty() || id.is_some_and(|id| anchored.contains(&id));
        numbers.push(stays.then_some(groups.len()));
        if stays {
            groups.push(group);
            ids.push(id);
        }
    }
    let renumbered = |old: Option<usize>| old.and_then(|old| numbers[old]);
    let place = |place: Place| Place { group: renumbered(place.group), nearest: renumbered(place.nearest), ..place };
    (Groups { groups, places: found.places.into_iter().map(place).collect() }, ids)
}

/// What became of each theme.
fn lineage(old: &[Previous], ids: &[Uuid], groups: &[Group]) -> Vec<Lineage> {
    let homes: HashMap<FeedbackId, usize> =
        groups.iter().enumerate().flat_map(|(home, group)| group.members.iter().map(move |id| (*id, home))).collect();
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (was, theme) in old.iter().enumerate() {
        for is in theme.members.iter().filter_map(|id| homes.get(id)) {
            *shared.entry((was, *is)).or_default() += 1;
        }
    }
    let mut all: Vec<Lineage> =
        ids.iter().enumerate().map(|(is, id)| of_group(is, *id, old, groups, &shared)).collect();
    let gone = old.iter().enumerate().filter(|(_, theme)| !ids.contains(&theme.id));
    all.extend(gone.map(|(was, theme)| of_lost(was, theme, ids, &shared)));
    all.sort_by_key(|line| (line.event, line.theme));
    all
}

/// Where a group comes from.
fn of_group(
    is: usize,
    id: Uuid,
    old: &[Previous],
    groups: &[Group],
    shared: &BTreeMap<(usize, usize), usize>,
) -> Lineage {
    let after = groups[is].members.len();
    if let Some(was) = old.iter().position(|theme| theme.id == id) {
        let shared = shared.get(&(was, is)).copied().unwrap_or_default();
        return Lineage { theme: id, event: Event::Same, other: None, shared, before: old[was].members.len(), after };
    }
    let from = |was: usize| shared.get(&(was, is)).copied().unwrap_or_default();
    let seen: usize = (0..old.len()).map(from).sum();
    let parent = most(old.len(), from).filter(|(_, part)| *part as f64 >= MIN_PART * seen as f64);
    let (event, other, shared) = match parent {
        Some((was, part)) => (Event::Split, Some(old[was].id), part),
        None => (Event::New, None, 0),
    };
    Lineage { theme: id, event, other, shared, before: 0, after }
}

/// Where a theme without a group went.
fn of_lost(was: usize, theme: &Previous, ids: &[Uuid], shared: &BTreeMap<(usize, usize), usize>) -> Lineage {
    let into = |is: usize| shared.get(&(was, is)).copied().unwrap_or_default();
    let before = theme.members.len();
    let heir = most(ids.len(), into).filter(|(_, part)| *part as f64 >= MIN_PART * before as f64);
    let (event, other, shared) = match heir {
        Some((is, part)) => (Event::Merged, Some(ids[is]), part),
        None => (Event::Gone, None, 0),
    };
    Lineage { theme: theme.id, event, other, shared, before, after: 0 }
}

/// The first number below `end` with the largest count above nothing.
fn most(end: usize, count: impl Fn(usize) -> usize) -> Option<(usize, usize)> {
    let counted = (0..end).map(|number| (number, count(number))).filter(|(_, count)| *count > 0);
    counted.max_by(|left, right| left.1.cmp(&right.1).then(right.0.cmp(&left.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::Language;
    use crate::themes::Centre;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn items(count: u128) -> Vec<Item> {
        let item = |number| Item {
            id: FeedbackId(id(number)),
            vector: vec![1.0, 0.0],
            text: String::new(),
            topics: Vec::new(),
            language: Language::arabic(),
            touchpoint: None,
        };
        (0..count).map(item).collect()
    }

    fn previous(theme: u128, members: &[u128]) -> Previous {
        let members = members.iter().map(|number| FeedbackId(id(*number))).collect();
        Previous { id: id(theme), members, centre: Centre { probe: vec![1.0, 0.0], ..Centre::default() } }
    }

    fn found(items: &[Item], homes: &[Option<usize>]) -> Groups {
        let count = homes.iter().flatten().max().map_or(0, |last| last + 1);
        let members = |number| {
            let of = items.iter().zip(homes).filter(move |(_, home)| **home == Some(number));
            of.map(|(item, _)| item.id).collect()
        };
        let groups = (0..count).map(|number| Group { members: members(number), centre: Centre::default() }).collect();
        let places =
            homes.iter().map(|home| Place { group: *home, part: None, nearest: *home, similarity: 0.5 }).collect();
        Groups { groups, places }
    }

    fn run(old: &[Previous], homes: &[Option<usize>], anchored: &[u128]) -> Continued {
        let items = items(homes.len() as u128);
        let mut next = 1_000;
        let anchored = anchored.iter().map(|number| id(*number)).collect();
        let done = continued(old, found(&items, homes), &items, &anchored, || {
            next += 1;
            id(next)
        });
        for (item, place) in items.iter().zip(&done.found.places) {
            for (number, group) in done.found.groups.iter().enumerate() {
                assert_eq!(group.members.contains(&item.id), place.group == Some(number));
            }
        }
        done
    }

    fn events(done: &Continued) -> Vec<(u128, Event, Option<u128>, usize)> {
        let each = done.lineage.iter();
        each.map(|line| (line.theme.as_u128(), line.event, line.other.map(|id| id.as_u128()), line.shared)).collect()
    }

    #[test]
    fn every_kind_of_descent_is_told() {
        let old =
            [previous(7, &[0, 1, 2, 3, 4, 5]), previous(8, &[6, 7]), previous(9, &[8, 9, 10]), previous(10, &[40])];
        let homes = [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 3, 3].map(Some);
        assert_eq!(
            events(&run(&old, &homes, &[])),
            [
                (7, Event::Same, None, 4),
                (9, Event::Same, None, 3),
                (1_001, Event::Split, Some(7), 2),
                (8, Event::Merged, Some(9), 2),
                (1_002, Event::New, None, 0),
                (10, Event::Gone, None, 0),
            ]
        );
    }

    #[test]
    fn an_anchored_theme_keeps_its_members_where_a_run_lost_it() {
        let old = [previous(7, &[0, 1, 2, 3, 4, 5]), previous(8, &[6, 7])];
        let homes = [0, 0, 0, 0, 0, 0, 0, 0, 0].map(Some);
        let done = run(&old, &homes, &[8]);
        assert_eq!(done.ids, [id(7), id(8)]);
        assert_eq!(done.found.groups[1].members, [FeedbackId(id(6)), FeedbackId(id(7))]);
        assert_eq!(done.found.groups[0].members.len(), 7);
        assert_eq!(events(&done), [(7, Event::Same, None, 6), (8, Event::Same, None, 2)]);
        assert_eq!(run(&old, &homes, &[]).ids, [id(7)]);
    }

    #[test]
    fn an_anchored_theme_stays_even_empty_and_one_that_lost_all_goes() {
        let old = [previous(7, &[0, 1]), previous(8, &[50])];
        let done = run(&old, &[None, None, Some(0)], &[7, 8]);
        assert_eq!(done.ids, [id(1_001), id(7), id(8)]);
        assert!(done.found.groups[2].members.is_empty());
        let old = [previous(7, &[0, 1, 2, 3]), previous(8, &[4, 5, 6, 7])];
        let done = run(&old, &[Some(0), Some(1), Some(2), Some(3), Some(0), Some(1), Some(2), Some(3)], &[7, 8]);
        assert_eq!(done.ids, [id(7), id(8)], "the four pairs are empty once both have their members back");
    }
}
