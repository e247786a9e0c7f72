//! What all edits together come to: which themes there are, and where each feedback belongs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Act, Edit, Part};
use crate::feedback::{FeedbackId, Language};
use crate::vector::dot;

/// The edits that hold, ready to be replayed on any feedback.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    themes: BTreeMap<Uuid, Role>,
    steps: Vec<(usize, Step)>,
    assigned: HashMap<FeedbackId, (usize, Option<Uuid>)>,
    idle: BTreeSet<Uuid>,
}

/// A theme as the edits leave it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Role {
    /// What people called it.
    pub titles: BTreeMap<Language, String>,
    /// How it is marked.
    pub marks: Marks,
    /// What it was made of by a person, and when; none if a run found it.
    pub made: Option<(Part, DateTime<Utc>)>,
}

/// How a theme is marked by people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// It stays though it shrinks.
    pub pinned: bool,
    /// It is left out of lists.
    pub hidden: bool,
}

/// What edits need to know of one feedback.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Which; none for a text that isn't stored.
    pub id: Option<FeedbackId>,
    /// The group that it lies in, if it lies in any.
    pub group: Option<Uuid>,
    /// Its vector, where it is at hand: without it, it stays where a theme was parted.
    pub vector: Option<&'a [f32]>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Merge { theme: Uuid, into: Uuid },
    Split { theme: Uuid, new: Uuid, named: HashSet<FeedbackId>, here: Vec<f32>, there: Vec<f32> },
}

impl Plan {
    /// What `edits` come to on these groups.
    ///
    /// An edit of a theme that isn't there has no effect for as long as it isn't: see [`Plan::is_idle`].
    #[must_use]
    pub fn new(groups: impl IntoIterator<Item = Uuid>, edits: &[Edit]) -> Self {
        let themes = groups.into_iter().map(|id| (id, Role::default())).collect();
        let mut plan = Self { themes, ..Self::default() };
        let mut order: Vec<&Edit> = edits.iter().filter(|edit| edit.undone_at.is_none()).collect();
        order.sort_by_key(|edit| (edit.made_at, edit.id));
        for (number, edit) in order.into_iter().enumerate() {
            if !plan.take(number + 1, edit) {
                plan.idle.insert(edit.id);
            }
        }
        plan
    }

    /// Adds one edit; false if what it speaks of isn't there.
    fn take(&mut self, number: usize, edit: &Edit) -> bool {
        match &edit.act {
            Act::Rename { theme, titles } => self.change(*theme, |role| role.titles.extend(titles.clone())),
            Act::Pin { theme } => self.change(*theme, |role| role.marks.pinned = true),
            Act::Hide { theme } => self.change(*theme, |role| role.marks.hidden = true),
            Act::Merge { theme, into } => {
                let there = theme != into && self.themes.contains_key(theme) && self.themes.contains_key(into);
                if there {
                    self.themes.remove(theme);
                    self.steps.push((number, Step::Merge { theme: *theme, into: *into }));
                }
                there
            }
            Act::Split { theme, part } => self.split(number, *theme, part, edit.made_at),
            Act::Assign { feedback, theme } => {
                let there = theme.is_none_or(|theme| self.themes.contains_key(&theme));
                if there {
                    self.assigned.insert(*feedback, (number, *theme));
                }
                there
            }
        }
    }

    fn split(&mut self, number: usize, theme: Uuid, part: &Part, at: DateTime<Utc>) -> bool {
        let there = self.themes.contains_key(&theme) && !self.themes.contains_key(&part.id);
        if there {
            self.themes.insert(part.id, Role { made: Some((part.clone(), at)), ..Role::default() });
            let named = part.records.iter().copied().collect();
            let (here, there) = (part.here.clone(), part.there.clone());
            self.steps.push((number, Step::Split { theme, new: part.id, named, here, there }));
        }
        there
    }

    fn change(&mut self, theme: Uuid, change: impl FnOnce(&mut Role)) -> bool {
        self.themes.get_mut(&theme).map(change).is_some()
    }

    /// The themes there are, by id.
    #[must_use]
    pub const fn themes(&self) -> &BTreeMap<Uuid, Role> {
        &self.themes
    }

    /// Whether an edit that was not undone has no effect, because what it speaks of was undone or merged away before.
    #[must_use]
    pub fn is_idle(&self, edit: Uuid) -> bool {
        self.idle.contains(&edit)
    }

    /// The theme of a feedback.
    #[must_use]
    pub fn home(&self, record: &Record<'_>) -> Option<Uuid> {
        self.walk(record).0
    }

    /// The theme that a group or theme went into; itself if it is still there.
    #[must_use]
    pub fn leads_to(&self, theme: Uuid) -> Option<Uuid> {
        self.home(&Record { id: None, group: Some(theme), vector: None })
    }

    /// Whether the vector of a feedback decides where it belongs.
    #[must_use]
    pub fn wants_vector(&self, record: &Record<'_>) -> bool {
        self.walk(&Record { vector: None, ..*record }).1
    }

    /// The theme of a feedback, and whether its vector was asked for on the way.
    fn walk(&self, record: &Record<'_>) -> (Option<Uuid>, bool) {
        let said = record.id.and_then(|id| self.assigned.get(&id));
        let (from, mut home) = said.copied().unwrap_or((0, record.group));
        let mut asked = false;
        for (_, step) in self.steps.iter().filter(|(number, _)| *number > from) {
            match step {
                Step::Merge { theme, into } if home == Some(*theme) => home = Some(*into),
                Step::Split { theme, new, named, here, there } if home == Some(*theme) => {
                    let is_named = record.id.is_some_and(|id| named.contains(&id));
                    asked |= !is_named;
                    if is_named || record.vector.is_some_and(|vector| nearer(vector, there, here)) {
                        home = Some(*new);
                    }
                }
                Step::Merge { .. } | Step::Split { .. } => {}
            }
        }
        // a group of another process's run, which this plan doesn't know
        (home.filter(|home| self.themes.contains_key(home)), asked)
    }
}

impl Part {
    /// Whether a feedback of the theme goes along into the new one.
    #[must_use]
    pub fn takes(&self, id: FeedbackId, vector: &[f32]) -> bool {
        self.records.contains(&id) || nearer(vector, &self.there, &self.here)
    }
}

/// Whether a vector is nearer to `there` than to `here`; vectors of another size are near to nothing.
fn nearer(vector: &[f32], there: &[f32], here: &[f32]) -> bool {
    vector.len() == there.len() && vector.len() == here.len() && dot(vector, there) > dot(vector, here)
}
