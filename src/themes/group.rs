//! From vectors to groups: neighbour graph, communities, centres; the members of dissolved groups go to the nearest centre.
//!
//! Two levels come of one graph: *groups* are few communities, *parts* are more and finer ones.
//! Invariant: every item has exactly one place; the order in which items come changes nothing but the order of places.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::assign::{score, similarity};
use super::communities::{Division, divisions};
use super::neighbours::{Points, Weights, links};
use super::space::Space;
use super::wording::Wordings;
use super::{Centre, Settings};
use crate::feedback::{FeedbackId, Language, Touchpoint};
use crate::statistics::adjusted_rand;
use crate::vector::dot;

/// With fewer items than this there is nothing to tell groups from.
const MIN_ITEMS: usize = 6;

/// Of divisions whose separation is at least this share of the best one's, the finest makes the parts.
///
/// On samples of train files 0.94 was better than 0.97 and 1: V 0.765, 0.756 and 0.744 on BANKING77,
/// 0.886, 0.886 and 0.877 on CLINC150.
const NEARLY_AS_FAR_APART: f32 = 0.94;

/// How many groups there may be, as a multiple of the square root of the number of texts; parts may be more.
const GROUPS_AT_MOST: f64 = 1.0;

/// Centres this much alike (cosine) are one theme.
const SAME_COSINE: f32 = 0.85;

/// What grouping knows of one feedback.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which feedback; ids are unique.
    pub id: FeedbackId,
    /// Its vector, unit length.
    pub vector: Vec<f32>,
    /// What it says, masked: of texts that mean about the same, those worded alike are neighbours.
    pub text: String,
    /// How much it is about each of some topics known beforehand, as square roots of shares that add up to 1; all items have
    /// as many, or none.
    pub topics: Vec<f32>,
    /// The language it is written in.
    pub language: Language,
    /// The interaction it is about, where its source says so.
    pub touchpoint: Option<Touchpoint>,
}

/// The groups that were found, and where each item lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// The groups, largest first.
    pub groups: Vec<Group>,
    /// The place of each item, in the order of the items.
    pub places: Vec<Place>,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its members, most typical first.
    pub members: Vec<FeedbackId>,
    /// Its middle.
    pub centre: Centre,
}

/// Where one item lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Its group's position in [`Groups::groups`], or none if it is near to none.
    pub group: Option<usize>,
    /// The number of the part in which it lies, among finer groups of the same items; none without a group.
    pub part: Option<usize>,
    /// The nearest group's position, also for the unassigned; none only if there are no groups.
    pub nearest: Option<usize>,
    /// Similarity to the nearest group's centre: about a cosine, −1 to 1.
    pub similarity: f32,
}

/// Finds the groups of these items.
///
/// Fewer than 6 items, or items of which no `smallest_group` belong together, give no groups and nothing but the unassigned.
#[must_use]
pub fn group(items: &[Item], settings: &Settings) -> Groups {
    regroup(items, &BTreeMap::new(), settings)
}

/// Finds the groups of these items, starting from the numbers of the groups that some had `before`.
///
/// Of the divisions into few communities that is taken which agrees most with before, so that new feedback alone moves
/// little.
#[must_use]
pub fn regroup(items: &[Item], before: &BTreeMap<FeedbackId, usize>, settings: &Settings) -> Groups {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&at| items[at].id);
    let sorted: Vec<&Item> = order.iter().map(|&at| &items[at]).collect();
    let known: Vec<Option<usize>> = sorted.iter().map(|item| before.get(&item.id).copied()).collect();
    let (groups, sorted_places) = group_sorted(&sorted, &known, settings);
    let mut places = vec![Place::default(); items.len()];
    for (at, place) in order.into_iter().zip(sorted_places) {
        places[at] = place;
    }
    Groups { groups, places }
}

fn group_sorted(items: &[&Item], before: &[Option<usize>], settings: &Settings) -> (Vec<Group>, Vec<Place>) {
    if items.len() < MIN_ITEMS {
        return (Vec::new(), vec![Place::default(); items.len()]);
    }
    let texts: Vec<_> = items.iter().map(|item| (&item.language, item.vector.as_slice())).collect();
    let space = Space::of(&texts);
    let points = points(items, &space);
    let centres = |homes: &[Option<usize>]| centres(items, &points, homes, &space);
    // A small set's groups are small: with too many neighbours they would all be linked.
    let neighbours = settings.neighbours.min((items.len() as f64).sqrt() as usize);
    let weights = Weights {
        touchpoint: settings.touchpoint_weight,
        wording: settings.wording_weight,
        topic: settings.topic_weight,
    };
    let divisions = divisions(before, &links(&points, neighbours, weights));
    let candidates = divisions.iter().map(|division| {
        let homes = without_small(division.iter().copied().map(Some).collect(), settings);
        (separation(items, &centres(&homes)), homes)
    });
    let settled = |homes: Vec<Option<usize>>| {
        let homes = without_small(merged(&homes, &centres(&homes)), settings);
        let found = centres(&homes);
        (at_nearest(items, homes, &found, settings), found)
    };
    let (parts, middles) = settled(finest(candidates.collect()));
    let coarse = coarsest(&divisions, before).iter().copied().map(Some).collect();
    let (groups, found) = settled(without_small(coarse, settings));
    let near =
        |item: &Item, home: Option<usize>, all: &[Centre]| home.map_or(0.0, |at| similarity(&item.vector, &all[at]));
    let place = |((item, group), part): ((&&Item, Option<usize>), Option<usize>)| Place {
        group,
        part,
        nearest: group,
        similarity: near(item, group, &found),
    };
    let mut places: Vec<Place> = items.iter().zip(groups).zip(parts).map(place).collect();
    let to_parts: Vec<f32> = items.iter().zip(&places).map(|(item, place)| near(item, place.part, &middles)).collect();
    leave_out_the_far(&mut places, &to_parts, settings);
    finish(items, found, places)
}

/// The homes of the finest of the divisions that are nearly as far apart as the best one; divisions come coarse to fine.
fn finest(candidates: Vec<(f32, Vec<Option<usize>>)>) -> Vec<Option<usize>> {
    let best = candidates.iter().map(|(apart, _)| *apart).fold(f32::NEG_INFINITY, f32::max);
    let enough = best.min(best * NEARLY_AS_FAR_APART);
    let finest = candidates.into_iter().rfind(|(apart, _)| *apart >= enough);
    finest.map(|(_, homes)| homes).unwrap_or_default()
}

/// Of the coarser divisions that which agrees most with before, else the coarsest; they come coarse to fine, one at least.
fn coarsest<'all>(divisions: &'all [Division], before: &[Option<usize>]) -> &'all Division {
    let most = (before.len() as f64).sqrt() * GROUPS_AT_MOST;
    let few = |division: &&Division| division.iter().max().map_or(0.0, |last| (last + 1) as f64) <= most;
    let fit = |division: &Division| agreement(before, division);
    // the first of equals: `max_by` takes the last, so it looks from the end
    let agreeing = divisions.iter().filter(few).rev().max_by(|left, right| fit(left).total_cmp(&fit(right)));
    agreeing.unwrap_or(&divisions[0])
}

/// How much a division agrees with before, by the adjusted Rand index; the same for all if nothing was there before.
fn agreement(before: &[Option<usize>], homes: &[usize]) -> f64 {
    let known = before.iter().zip(homes).filter_map(|(was, is)| was.map(|was| (was, *is)));
    adjusted_rand(&known.collect::<Vec<_>>())
}

/// How much nearer the texts are to one centre than to the next, on average: coherence and distinctness in one.
///
/// It looks at the texts alone: with touchpoints, one group for each would always stand farthest apart.
fn separation(items: &[&Item], centres: &[Centre]) -> f32 {
    let margin = |item: &&Item| {
        let (mut first, mut second) = (-1.0_f32, -1.0_f32);
        for centre in centres {
            let similarity = similarity(&item.vector, centre);
            second = second.max(similarity.min(first));
            first = first.max(similarity);
        }
        first - second
    };
    // Collected before it is summed, so that threads can't change the order of the sum.
    let margins: Vec<f32> = items.par_iter().map(margin).collect();
    margins.iter().sum::<f32>() / items.len() as f32
}

/// The homes of the items once groups that say the same are one; the number of the first of them is kept.
fn merged(homes: &[Option<usize>], centres: &[Centre]) -> Vec<Option<usize>> {
    let mut first: Vec<usize> = (0..centres.len()).collect();
    for right in 1..centres.len() {
        if let Some(left) = (0..right).find(|&left| first[left] == left && same(&centres[left], &centres[right])) {
            first[right] = left;
        }
    }
    homes.iter().map(|home| home.map(|number| first[number])).collect()
}

fn same(left: &Centre, right: &Centre) -> bool {
    let lengths = (dot(&left.probe, &left.probe) * dot(&right.probe, &right.probe)).sqrt();
    let shared: f32 =
        left.touchpoints.iter().map(|(name, share)| share.min(*right.touchpoints.get(name).unwrap_or(&0.0))).sum();
    let told_apart = !left.touchpoints.is_empty() && !right.touchpoints.is_empty() && shared < 0.5;
    dot(&left.probe, &right.probe) >= SAME_COSINE * lengths && !told_apart
}

fn points<'a>(items: &[&'a Item], space: &Space) -> Points<'a> {
    let meanings: Vec<Vec<f32>> = items.par_iter().map(|item| space.meaning(&item.vector)).collect();
    let touchpoints = numbered(items.iter().filter_map(|item| item.touchpoint.as_ref()));
    let languages = numbered(items.iter().map(|item| &item.language));
    Points {
        width: meanings.first().map_or(0, Vec::len),
        meanings: meanings.concat(),
        touchpoints: items.iter().map(|item| item.touchpoint.as_ref().map(|name| touchpoints[name])).collect(),
        languages: items.iter().map(|item| languages[&item.language]).collect(),
        wordings: Wordings::of(&items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>()),
        topics: items.iter().map(|item| item.topics.as_slice()).collect(),
    }
}

/// A number for each of the names, in their order.
fn numbered<'a, Name: Ord>(names: impl Iterator<Item = &'a Name>) -> BTreeMap<&'a Name, usize> {
    names.collect::<BTreeSet<_>>().into_iter().zip(0..).collect()
}

/// The homes of the items, numbered from 0 without a gap; the members of groups that are too small have none.
fn without_small(homes: Vec<Option<usize>>, settings: &Settings) -> Vec<Option<usize>> {
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for home in homes.iter().flatten() {
        *sizes.entry(*home).or_default() += 1;
    }
    sizes.retain(|_, size| *size >= settings.smallest_group.max(2));
    let numbers: BTreeMap<usize, usize> = sizes.into_keys().zip(0..).collect();
    homes.into_iter().map(|home| home.and_then(|home| numbers.get(&home).copied())).collect()
}

/// The centre of each group, in the order of their numbers.
fn centres(items: &[&Item], points: &Points<'_>, homes: &[Option<usize>], space: &Space) -> Vec<Centre> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, home) in homes.iter().enumerate() {
        if let Some(home) = home {
            members.entry(*home).or_default().push(at);
        }
    }
    members.into_values().map(|members| centre(items, points, &members, space)).collect()
}

fn centre(items: &[&Item], points: &Points<'_>, members: &[usize], space: &Space) -> Centre {
    let mut direction = vec![0.0; items[members[0]].vector.len()];
    let mut counts: BTreeMap<&Touchpoint, usize> = BTreeMap::new();
    for &at in members {
        direction.iter_mut().zip(points.meaning(at)).for_each(|(total, value)| *total += value);
        if let Some(touchpoint) = &items[at].touchpoint {
            *counts.entry(touchpoint).or_default() += 1;
        }
    }
    let named: usize = counts.values().sum();
    let touchpoints = counts.into_iter().map(|(name, count)| (name.clone(), count as f32 / named as f32)).collect();
    Centre { probe: space.probe(&direction), touchpoints, reach: None }
}

/// The homes of the items; those without one go to the nearest centre, if there is any.
fn at_nearest(
    items: &[&Item],
    homes: Vec<Option<usize>>,
    centres: &[Centre],
    settings: &Settings,
) -> Vec<Option<usize>> {
    let nearest = |item: &Item| {
        let near = |at: &usize| score(&item.vector, item.touchpoint.as_ref(), &centres[*at], settings).0;
        // The first of equals: `max_by` takes the last, so it looks from the end.
        (0..centres.len()).rev().max_by(|left, right| near(left).total_cmp(&near(right)))
    };
    items.iter().zip(homes).map(|(item, home)| home.or_else(|| nearest(item))).collect()
}

/// Takes those below the floor out of their groups, the farthest first and never more than the share allowed.
///
/// Who is near to the middle of its part belongs to the group, however far the middle of a large group may be.
fn leave_out_the_far(places: &mut [Place], to_parts: &[f32], settings: &Settings) {
    let near = |at: usize| places[at].similarity.max(to_parts[at]);
    let mut far: Vec<usize> = (0..places.len()).filter(|&at| near(at) < settings.similarity_floor).collect();
    far.sort_by(|&left, &right| near(left).total_cmp(&near(right)));
    far.truncate((places.len() as f32 * settings.unassigned_share.clamp(0.0, 1.0)) as usize);
    for at in far {
        (places[at].group, places[at].part) = (None, None);
    }
}

/// Sorts the groups by size and their members by similarity, and gives the places their final numbers.
fn finish(items: &[&Item], centres: Vec<Centre>, mut places: Vec<Place>) -> (Vec<Group>, Vec<Place>) {
    let mut found: Vec<(usize, Vec<usize>, Centre)> =
        centres.into_iter().enumerate().map(|(number, centre)| (number, Vec::new(), centre)).collect();
    for (at, place) in places.iter().enumerate() {
        if let Some(number) = place.group {
            found[number].1.push(at);
        }
    }
    for (_, members, _) in &mut found {
        members.sort_by(|&left, &right| {
            places[right].similarity.total_cmp(&places[left].similarity).then(left.cmp(&right))
        });
    }
    found.sort_by(|left, right| right.1.len().cmp(&left.1.len()).then(left.0.cmp(&right.0)));
    let mut numbers = vec![0; found.len()];
    for (new, (old, ..)) in found.iter().enumerate() {
        numbers[*old] = new;
    }
    for place in &mut places {
        place.group = place.group.map(|old| numbers[old]);
        place.nearest = place.nearest.map(|old| numbers[old]);
    }
    let group = |(_, members, centre): (usize, Vec<usize>, Centre)| Group {
        centre: Centre { reach: reach(&members, &places), ..centre },
        members: members.into_iter().map(|at| items[at].id).collect(),
    };
    (found.into_iter().map(group).collect(), places)
}

/// How similar to their centre three quarters of the members are at least, who come nearest first; none of nobody.
fn reach(members: &[usize], places: &[Place]) -> Option<f32> {
    let last = (members.len() * 3).div_ceil(4).checked_sub(1)?;
    members.get(last).map(|&at| places[at].similarity)
}
