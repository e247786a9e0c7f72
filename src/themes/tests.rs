//! Grouping, assignment and identity on vectors made here: three topics in two languages.

use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::{Assigned, Groups, Item, Previous, Settings, Theme, assign, continued, group, match_previous, regroup};
use crate::feedback::{FeedbackId, Language, Touchpoint};

const SIZE: usize = 24;

/// A vector like an encoder's: a large part of its language, a smaller one of its topic, and a little of its own.
fn vector(language: usize, topic: usize, own: usize) -> Vec<f32> {
    let mut vector = vec![0.0_f32; SIZE];
    vector[language] = 2.0;
    vector[4 + topic] = 1.0;
    for (at, value) in vector.iter_mut().enumerate().skip(10) {
        let noise = ((own * 7_919 + at * 104_729) % 2_003) as f32 / 1_001.5 - 1.0;
        *value = noise * 0.12;
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.into_iter().map(|value| value / length).collect()
}

fn item(number: usize, language: usize, topic: usize) -> Item {
    Item {
        id: FeedbackId(Uuid::from_u128(number as u128)),
        vector: vector(language, topic, number),
        text: String::new(),
        topics: Vec::new(),
        language: if language == 0 { Language::arabic() } else { Language::english() },
        touchpoint: None,
    }
}

/// Topics by turns, two thirds in the first language.
fn items(count: usize, topics: usize) -> Vec<Item> {
    (0..count).map(|number| item(number, usize::from((number / topics).is_multiple_of(3)), number % topics)).collect()
}

fn places(found: &Groups) -> Vec<Option<usize>> {
    found.places.iter().map(|place| place.group).collect()
}

fn themes(found: &Groups) -> Vec<Theme> {
    let theme = |(number, group): (u128, &super::Group)| Theme {
        id: Uuid::from_u128(number),
        titles: Default::default(),
        keywords: Default::default(),
        centre: group.centre.clone(),
        examples: group.members.iter().copied().take(5).collect(),
        size: group.members.len(),
        created_at: Default::default(),
        updated_at: Default::default(),
        marks: Default::default(),
    };
    (0..).zip(&found.groups).map(theme).collect()
}

fn previous(found: &Groups) -> Vec<Previous> {
    (500..)
        .zip(&found.groups)
        .map(|(id, group)| Previous {
            id: Uuid::from_u128(id),
            members: group.members.clone(),
            centre: group.centre.clone(),
        })
        .collect()
}

#[test]
fn topics_are_found_across_languages() {
    let items = items(150, 3);
    let found = group(&items, &Settings::default());
    for (at, place) in found.places.iter().enumerate() {
        let same = found.places[at % 3];
        assert!(place.group.is_some() && place.group == same.group, "item {at}: {place:?}");
    }
    assert_eq!(found.groups.len(), 3);
    assert_eq!(found.groups.iter().map(|group| group.members.len()).sum::<usize>(), 150);
}

#[test]
fn a_centre_reaches_three_quarters_of_its_members() {
    let items = items(150, 3);
    let found = group(&items, &Settings::default());
    for (number, group) in found.groups.iter().enumerate() {
        let reach = group.centre.reach.expect("it has members");
        let members = found.places.iter().filter(|place| place.group == Some(number));
        let within = members.filter(|place| place.similarity >= reach).count();
        assert_eq!(within, (group.members.len() * 3).div_ceil(4), "{number}");
    }
}

#[test]
fn few_items_make_no_trouble() {
    for count in [0, 1, 2, 5] {
        let found = group(&items(count, 3), &Settings::default());
        assert!(found.groups.is_empty(), "{count}");
        assert!(found.places.iter().all(|place| place.group.is_none() && place.nearest.is_none()), "{count}");
    }
    let same = vec![item(1, 0, 0).vector; 8];
    let same: Vec<Item> = (0..8).zip(same).map(|(number, vector)| Item { vector, ..item(number, 0, 0) }).collect();
    assert_eq!(group(&same, &Settings::default()).places.len(), 8);
    let (thirty, found) = (items(30, 3), group(&items(30, 3), &Settings::default()));
    assert!((2..=6).contains(&found.groups.len()), "{}", found.groups.len());
    for group in &found.groups {
        let topics: Vec<_> = thirty.iter().zip(0..).filter(|(item, _)| group.members.contains(&item.id)).collect();
        assert!(topics.iter().all(|(_, at)| at % 3 == topics[0].1 % 3), "topics are mixed");
    }
}

#[test]
fn the_touchpoint_parts_what_the_words_do_not() {
    let touchpoint = |name: &str| Touchpoint::try_from(name.to_owned()).expect("a name");
    let mut items: Vec<Item> = (0..60).map(|number| item(number, 0, 0)).collect();
    for item in &mut items {
        item.touchpoint = Some(touchpoint(if item.id.0.as_u128() % 2 == 0 { "app" } else { "branch" }));
    }
    let found = group(&items, &Settings { touchpoint_weight: 1.0, ..Settings::default() });
    let pure = |group: &super::Group| group.centre.touchpoints.len() == 1;
    assert!(found.groups.len() >= 2 && found.groups.iter().all(pure), "{:?}", found.groups.len());
}

#[test]
fn a_new_feedback_joins_the_theme_of_its_topic_in_either_language() {
    let settings = Settings::default();
    let known = items(150, 3);
    let found = group(&known, &settings);
    let themes = themes(&found);
    for (topic, language) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
        let assigned = assign(&vector(language, topic, 9_999), None, &themes, &settings).expect("themes");
        let expected = found.places[topic].group.map(|number| themes[number].id);
        assert_eq!(assigned.theme, expected, "topic {topic} in language {language}: {assigned:?}");
    }
    let far = vector(0, 5, 1);
    let Some(Assigned { theme: None, nearest, .. }) =
        assign(&far, None, &themes, &Settings { similarity_floor: 0.5, ..settings.clone() })
    else {
        panic!("a topic nobody wrote of belongs nowhere")
    };
    assert!(themes.iter().any(|theme| theme.id == nearest));
    assert_eq!(assign(&far, None, &[], &settings), None);
}

/// Eighteen topics in two languages that lie near each other, as customers' do.
fn customers(count: usize) -> Vec<Item> {
    let random = |seed: usize| (seed.wrapping_mul(2_654_435_761) >> 7) % 10_007;
    let mut items = Vec::with_capacity(count);
    for number in 0..count {
        let (topic, language) = (random(number) % 18, usize::from(random(number + 7) % 3 == 0));
        let mut vector = vec![0.0_f32; 48];
        vector[language] = 2.0;
        vector[4 + topic] = 1.0;
        vector[4 + (topic + 1) % 18] = 0.5;
        for (at, value) in vector.iter_mut().enumerate().skip(22) {
            *value = (random(number * 53 + at) as f32 / 5_003.5 - 1.0) * 0.22;
        }
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|value| *value /= length);
        items.push(Item { vector, ..item(number, language, topic) });
    }
    items
}

#[test]
fn a_tenth_of_new_data_moves_few_records_to_another_theme() {
    let (before, more) = (customers(900), customers(990));
    let first = group(&before, &Settings::default());
    let homes = before.iter().zip(&first.places).filter_map(|(item, place)| Some((item.id, place.group?))).collect();
    let second = regroup(&more, &homes, &Settings::default());
    let old = previous(&first);
    let next = std::cell::Cell::new(9_000_u128);
    let done = continued(&old, second, &more, &BTreeSet::new(), || {
        next.set(next.get() + 1);
        Uuid::from_u128(next.get())
    });
    let stayed = first
        .places
        .iter()
        .zip(&done.found.places)
        .filter(|(was, is)| was.group.map(|number| old[number].id) == is.group.map(|number| done.ids[number]));
    let share = stayed.count() as f64 / 900.0;
    assert!(share >= 0.95, "{share}");
    assert!(first.groups.len() >= 15, "{}", first.groups.len());
}

#[test]
fn themes_of_two_languages_hold_both() {
    let items = customers(900);
    let found = group(&items, &Settings::default());
    let arabic = Language::arabic();
    let both = found.groups.iter().filter(|group| {
        let languages =
            items.iter().filter(|item| group.members.contains(&item.id)).map(|item| item.language == arabic);
        languages.clone().any(|is| is) && !languages.clone().all(|is| is)
    });
    assert!(both.count() * 10 >= found.groups.len() * 7);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_item_has_one_place_and_few_are_left_out(count in 0_usize..90, topics in 1_usize..6) {
        let settings = Settings::default();
        let items = items(count, topics);
        let found = group(&items, &settings);
        prop_assert_eq!(found.places.len(), count);
        for (item, place) in items.iter().zip(&found.places) {
            for (number, group) in found.groups.iter().enumerate() {
                prop_assert_eq!(group.members.contains(&item.id), place.group == Some(number));
            }
            prop_assert!(place.group.is_none() || place.group == place.nearest);
            prop_assert!((-1.0..=1.0).contains(&place.similarity));
        }
        let left = found.places.iter().filter(|place| place.group.is_none()).count();
        prop_assert!(found.groups.is_empty() || left as f32 <= settings.unassigned_share * count as f32);
        prop_assert_eq!(group(&items, &settings), found);
    }

    #[test]
    fn the_order_of_items_changes_nothing(order in Just((0..80).collect::<Vec<usize>>()).prop_shuffle()) {
        let sorted = items(80, 4);
        let shuffled: Vec<Item> = order.iter().map(|&at| sorted[at].clone()).collect();
        let (expected, found) = (group(&sorted, &Settings::default()), group(&shuffled, &Settings::default()));
        prop_assert_eq!(&found.groups, &expected.groups);
        let back: Vec<_> = order.iter().map(|&at| places(&expected)[at]).collect();
        prop_assert_eq!(places(&found), back);
    }

    #[test]
    fn ids_stay_when_a_few_records_are_added(added in 0_usize..12) {
        let before = group(&items(120, 4), &Settings::default());
        let after = group(&items(120 + added, 4), &Settings::default());
        let ids = match_previous(&previous(&before), &after.groups);
        for (number, group) in after.groups.iter().enumerate() {
            let home = before.groups.iter().position(|old| group.members.iter().any(|id| old.members.contains(id)));
            prop_assert_eq!(ids[number], home.map(|at| previous(&before)[at].id));
        }
    }
}
