//! Edits on groups made here: none is lost by a run, and undoing one leaves the others as they are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::{Act, Edit, Member, Part, Plan, Record, anchored, middles};
use crate::feedback::{FeedbackId, Language};
use crate::themes::{Centre, Group, Lying};
use crate::themes::{Groups, Item, Place, Previous, Settings, Theme, continued, group, show};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn feedback(number: u128) -> FeedbackId {
    FeedbackId(id(number))
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn edit(number: u128, act: Act) -> Edit {
    let made_at = at(i64::try_from(number).expect("small"));
    Edit { id: id(0xE000 + number), made_at, made_by: "noura".to_owned(), act, undone_at: None }
}

fn part(new: u128, records: &[u128]) -> Box<Part> {
    Box::new(Part {
        id: id(new),
        records: records.iter().map(|number| feedback(*number)).collect(),
        here: vec![1.0, 0.0],
        there: vec![0.0, 1.0],
        titles: BTreeMap::new(),
        keywords: BTreeMap::new(),
    })
}

fn home(plan: &Plan, number: u128, group: u128, vector: &[f32]) -> Option<u128> {
    let record = Record { id: Some(feedback(number)), group: Some(id(group)), vector: Some(vector) };
    plan.home(&record).map(|id| id.as_u128())
}

#[test]
fn each_kind_of_edit_does_what_it_says_and_is_gone_when_undone() {
    let (here, there) = ([1.0, 0.0], [0.0, 1.0]);
    let title = |text: &str| BTreeMap::from([(Language::arabic(), text.to_owned())]);
    let mut edits = vec![
        edit(1, Act::Rename { theme: id(1), titles: title("التوصيل") }),
        edit(2, Act::Merge { theme: id(2), into: id(1) }),
        edit(3, Act::Split { theme: id(1), part: part(9, &[10]) }),
        edit(4, Act::Merge { theme: id(9), into: id(3) }),
        edit(5, Act::Assign { feedback: feedback(10), theme: None }),
        edit(6, Act::Pin { theme: id(3) }),
        edit(7, Act::Hide { theme: id(3) }),
        edit(8, Act::Rename { theme: id(1), titles: title("المندوب") }),
        edit(9, Act::Rename { theme: id(2), titles: title("لا يوجد") }),
    ];
    let groups = [1, 2, 3].map(id);
    let plan = Plan::new(groups, &edits);
    assert_eq!(plan.themes().keys().copied().collect::<Vec<_>>(), [id(1), id(3)]);
    assert_eq!(plan.themes()[&id(1)].titles, title("المندوب"));
    assert!(plan.themes()[&id(3)].marks.pinned && plan.themes()[&id(3)].marks.hidden);
    assert!(plan.is_idle(edits[8].id) && !plan.is_idle(edits[7].id), "a theme that is merged away can't be renamed");
    for (number, group, vector, expected) in [
        (11, 1, here, Some(1)),
        (12, 2, here, Some(1)),
        (13, 2, there, Some(3)),
        (14, 3, there, Some(3)),
        (10, 1, here, None),
        (15, 7, here, None),
    ] {
        assert_eq!(home(&plan, number, group, &vector), expected, "{number} of {group}");
    }
    assert_eq!([1, 2, 9, 7].map(|number| plan.leads_to(id(number))), [Some(id(1)), Some(id(1)), Some(id(3)), None]);
    // undone in the middle: what was built on it rests until it is back
    edits[2].undone_at = Some(at(100));
    let plan = Plan::new(groups, &edits);
    assert!(plan.is_idle(edits[3].id));
    assert_eq!(home(&plan, 13, 2, &there), Some(1));
    for edit in &mut edits {
        edit.undone_at = Some(at(100));
    }
    let plan = Plan::new(groups, &edits);
    assert_eq!(plan, Plan::new(groups, &[]));
    assert_eq!(home(&plan, 10, 2, &there), Some(2));
}

#[test]
fn a_vector_is_asked_for_only_where_it_decides() {
    let edits = [
        edit(1, Act::Split { theme: id(1), part: part(9, &[10]) }),
        edit(2, Act::Assign { feedback: feedback(12), theme: Some(id(2)) }),
    ];
    let plan = Plan::new([1, 2].map(id), &edits);
    let asks =
        |number, group| plan.wants_vector(&Record { id: Some(feedback(number)), group: Some(id(group)), vector: None });
    assert_eq!([asks(10, 1), asks(11, 1), asks(12, 1), asks(13, 2)], [false, true, false, false]);
    assert_eq!(home(&plan, 11, 1, &[]), Some(1), "of another model's vector nothing can be told");
}

#[test]
fn middles_lie_where_the_named_are_whatever_the_language() {
    let (arabic, english) = (Language::arabic(), Language::english());
    let mut own = Vec::new();
    for number in 0..40_u8 {
        let topic = number % 2;
        for language in [&arabic, &english] {
            let common = if language == &arabic { [3.0, 0.0] } else { [0.0, 3.0] };
            own.push((language, vec![common[0], common[1], f32::from(topic), f32::from(1 - topic)]));
        }
    }
    let members: Vec<Member<'_>> =
        (0..).zip(&own).map(|(number, (language, vector))| Member { id: feedback(number), language, vector }).collect();
    // three Arabic texts of the second topic are named
    let named = BTreeSet::from([2, 6, 10].map(feedback));
    let (here, there) = middles(&members, &named);
    let part = Part { here, there, ..*part(9, &[2, 6, 10]) };
    for (number, (_, vector)) in own.iter().enumerate().skip(12) {
        assert_eq!(part.takes(feedback(number as u128), vector), vector[2] > 0.5, "{number}");
    }
}

const TOPICS: usize = 8;

/// A vector of a topic with a little of its own.
fn item(number: usize) -> Item {
    let mut vector = vec![0.0_f32; TOPICS + 6];
    vector[number % TOPICS] = 1.0;
    for (at, value) in vector.iter_mut().enumerate().skip(TOPICS) {
        *value = ((number * 7_919 + at * 104_729) % 2_003) as f32 / 10_000.0;
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|value| *value /= length);
    Item {
        id: feedback(number as u128),
        vector,
        text: String::new(),
        topics: Vec::new(),
        language: Language::arabic(),
        touchpoint: None,
    }
}

/// A team's themes, as runs and edits change them.
struct World {
    items: Vec<Item>,
    groups: Vec<Theme>,
    homes: BTreeMap<FeedbackId, Uuid>,
    edits: Vec<Edit>,
    next: u128,
}

impl World {
    fn new() -> Self {
        let mut world =
            Self { items: Vec::new(), groups: Vec::new(), homes: BTreeMap::new(), edits: Vec::new(), next: 0x9000 };
        world.run((0..160).map(item).collect(), None);
        world
    }

    /// Groups anew; with `torn`, the groups are not those of the vectors but of chance, as if the model had changed its mind.
    fn run(&mut self, items: Vec<Item>, torn: Option<usize>) {
        let found = match torn {
            None => group(&items, &Settings::default()),
            Some(parts) => by_chance(&items, parts),
        };
        let old: Vec<Previous> = self
            .groups
            .iter()
            .map(|theme| Previous {
                id: theme.id,
                members: self.homes.iter().filter(|(_, home)| **home == theme.id).map(|(id, _)| *id).collect(),
                centre: theme.centre.clone(),
            })
            .collect();
        let next = &mut self.next;
        let done = continued(&old, found, &items, &anchored(&self.edits), || {
            *next += 1;
            id(*next)
        });
        let of = items.iter().zip(&done.found.places);
        self.homes = of.filter_map(|(item, place)| Some((item.id, done.ids[place.group?]))).collect();
        let theme = |(id, group): (&Uuid, &Group)| Theme {
            id: *id,
            titles: BTreeMap::new(),
            keywords: BTreeMap::new(),
            centre: group.centre.clone(),
            examples: Vec::new(),
            size: group.members.len(),
            created_at: at(0),
            updated_at: at(0),
            marks: Default::default(),
        };
        self.groups = done.ids.iter().zip(&done.found.groups).map(theme).collect();
        self.items = items;
    }

    fn plan(&self) -> Plan {
        Plan::new(self.groups.iter().map(|group| group.id), &self.edits)
    }

    fn home(&self, plan: &Plan, item: &Item) -> Option<Uuid> {
        let group = self.homes.get(&item.id).copied();
        plan.home(&Record { id: Some(item.id), group, vector: Some(&item.vector) })
    }

    /// One more edit, drawn by three numbers; or one undone.
    fn edit(&mut self, (kind, first, second): (u8, usize, usize)) {
        let plan = self.plan();
        let themes: Vec<Uuid> = plan.themes().keys().copied().collect();
        let (theme, other) = (themes[first % themes.len()], themes[second % themes.len()]);
        let item = self.items[second % self.items.len()].clone();
        let number = self.edits.len() as u128 + 1;
        let act = match kind % 8 {
            0 => Act::Rename { theme, titles: BTreeMap::from([(Language::arabic(), format!("اسم {number}"))]) },
            1 if themes.len() > 3 && theme != other => Act::Merge { theme, into: other },
            2 | 3 => {
                let members: Vec<&Item> =
                    self.items.iter().filter(|item| self.home(&plan, item) == Some(theme)).collect();
                let named: BTreeSet<FeedbackId> =
                    members.iter().skip(first % 3).step_by(3).map(|item| item.id).collect();
                let all: Vec<Member<'_>> = members
                    .iter()
                    .map(|item| Member { id: item.id, language: &item.language, vector: &item.vector })
                    .collect();
                let (here, there) = middles(&all, &named);
                self.next += 1;
                let records = named.into_iter().collect();
                Act::Split { theme, part: Box::new(Part { records, here, there, ..*part(self.next, &[]) }) }
            }
            4 => Act::Pin { theme },
            5 => Act::Hide { theme },
            6 => Act::Assign { feedback: item.id, theme: (first % 5 != 0).then_some(theme) },
            _ => {
                if !self.edits.is_empty() {
                    let at_edit = first % self.edits.len();
                    self.edits[at_edit].undone_at = Some(at(1_000_000));
                }
                return;
            }
        };
        self.edits.push(edit(number, act));
    }

    /// What the edits came to, before a run that must not change it.
    fn said(&self) -> Vec<(Uuid, bool)> {
        let plan = self.plan();
        self.edits.iter().map(|edit| (edit.id, plan.is_idle(edit.id))).collect()
    }

    /// Every edit that holds shows in the themes.
    fn check(&self) {
        let plan = self.plan();
        let mut homes = BTreeMap::new();
        for item in &self.items {
            homes.insert(item.id, self.home(&plan, item));
        }
        let lying: Vec<Lying> =
            homes.iter().map(|(id, theme)| Lying { id: *id, theme: *theme, similarity: 0.5 }).collect();
        let shown = show(&plan, &self.groups, &lying);
        assert_eq!(shown.len(), plan.themes().len(), "every theme of the plan is shown, empty ones too");
        let mut last: BTreeMap<Uuid, &str> = BTreeMap::new();
        let mut gone: BTreeSet<Uuid> = BTreeSet::new();
        let mut assigned: BTreeMap<FeedbackId, Option<Uuid>> = BTreeMap::new();
        for edit in self.edits.iter().filter(|edit| edit.undone_at.is_none() && !plan.is_idle(edit.id)) {
            let find = |id: &Uuid| shown.iter().find(|theme| theme.id == *id);
            match &edit.act {
                Act::Rename { theme, titles } => {
                    last.insert(*theme, &titles[&Language::arabic()]);
                }
                Act::Merge { theme, into } => {
                    gone.insert(*theme);
                    for home in assigned.values_mut().filter(|home| **home == Some(*theme)) {
                        *home = Some(*into);
                    }
                }
                Act::Split { theme, part } => {
                    for (id, home) in assigned.iter_mut().filter(|(_, home)| **home == Some(*theme)) {
                        let item = self.items.iter().find(|item| item.id == *id).expect("nothing was erased");
                        if part.takes(*id, &item.vector) {
                            *home = Some(part.id);
                        }
                    }
                }
                Act::Pin { theme } => assert!(find(theme).is_none_or(|theme| theme.marks.pinned)),
                Act::Hide { theme } => assert!(find(theme).is_none_or(|theme| theme.marks.hidden)),
                Act::Assign { feedback, theme } => {
                    assigned.insert(*feedback, *theme);
                }
            }
            for theme in edit.act.themes() {
                assert!(gone.contains(&theme) || find(&theme).is_some() || is_gone_later(&self.edits, &plan, theme));
            }
        }
        for (theme, title) in last {
            let found = shown.iter().find(|shown| shown.id == theme);
            assert_eq!(
                found.map(|found| found.titles[&Language::arabic()].as_str()),
                (!gone.contains(&theme)).then_some(title)
            );
        }
        assert!(
            homes.values().flatten().all(|home| !gone.contains(home)),
            "nothing lies in a theme that was merged away"
        );
        for (feedback, theme) in assigned {
            assert_eq!(homes[&feedback], theme, "{feedback}");
        }
    }
}

/// Whether a later edit that holds merges the theme away.
fn is_gone_later(edits: &[Edit], plan: &Plan, theme: Uuid) -> bool {
    edits.iter().any(|edit| {
        edit.undone_at.is_none()
            && !plan.is_idle(edit.id)
            && matches!(edit.act, Act::Merge { theme: merged, .. } if merged == theme)
    })
}

fn by_chance(items: &[Item], parts: usize) -> Groups {
    let home = |item: &Item| ((item.id.0.as_u128() as usize * 2_654_435_761) >> 7) % parts;
    let group = |number| Group {
        members: items.iter().filter(|item| home(item) == number).map(|item| item.id).collect(),
        centre: Centre { probe: item(number).vector, ..Centre::default() },
    };
    let places = items.iter().map(|item| Place {
        group: Some(home(item)),
        part: None,
        nearest: Some(home(item)),
        similarity: 0.5,
    });
    Groups { groups: (0..parts).map(group).collect(), places: places.collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn two_hundred_edits_outlive_every_run(
        draws in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 200),
        order in Just((0..160).collect::<Vec<usize>>()).prop_shuffle(),
        torn in 3_usize..12,
    ) {
        let mut world = World::new();
        for draw in draws {
            world.edit(draw);
        }
        world.check();
        let said = world.said();
        let shuffled: Vec<Item> = order.iter().map(|number| item(*number)).collect();
        let more = (0..176).map(item).collect();
        for (items, torn) in [(shuffled.clone(), None), (more, None), ((0..176).map(item).collect(), Some(torn)), (shuffled, None)] {
            world.run(items, torn);
            world.check();
            prop_assert_eq!(world.said(), said.clone(), "what took effect before the run takes effect after it");
        }
        for edit in &mut world.edits {
            edit.undone_at = Some(at(2_000_000));
        }
        let plan = world.plan();
        prop_assert_eq!(plan, Plan::new(world.groups.iter().map(|group| group.id), &[]));
    }
}
