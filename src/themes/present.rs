//! The themes as they are now: the groups of the last run, the edits of people, and what they come to together.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use uuid::Uuid;

use super::edits::{Marks, Plan, Record};
use super::{Assigned, Centre, Settings, Theme, assign};
use crate::feedback::FeedbackId;

/// How many members a theme shows as evidence.
const EXAMPLES: usize = 5;

/// The themes as they are now.
#[derive(Clone, Debug, Default)]
pub struct Present {
    /// What the last run found.
    pub groups: Vec<Theme>,
    /// What people see.
    pub themes: Vec<Theme>,
    /// What leads from the one to the other.
    pub plan: Plan,
}

/// Where one feedback lies, in the groups and in the themes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lying {
    /// Which feedback.
    pub id: FeedbackId,
    /// Its theme.
    pub theme: Option<Uuid>,
    /// Similarity to the middle of its group, −1 to 1.
    pub similarity: f32,
}

impl Present {
    /// The theme of a text that isn't stored; none only where there are no groups.
    #[must_use]
    pub fn assign(&self, vector: &[f32], settings: &Settings) -> Option<Assigned> {
        let found = assign(vector, None, &self.groups, settings)?;
        let home = |group| self.plan.home(&Record { id: None, group, vector: Some(vector) });
        Some(Assigned {
            theme: home(found.theme),
            nearest: home(Some(found.nearest)).unwrap_or(found.nearest),
            ..found
        })
    }
}

/// The themes that a plan makes of groups, with the members that lie in them; those with most members first.
#[must_use]
pub fn show(plan: &Plan, groups: &[Theme], members: &[Lying]) -> Vec<Theme> {
    let mut found: BTreeMap<Uuid, Vec<&Lying>> = BTreeMap::new();
    for member in members {
        if let Some(theme) = member.theme {
            found.entry(theme).or_default().push(member);
        }
    }
    let known: BTreeMap<Uuid, &Theme> = groups.iter().map(|group| (group.id, group)).collect();
    let mut themes: Vec<Theme> = plan
        .themes()
        .iter()
        .filter_map(|(id, role)| {
            let mut theme = match (&role.made, known.get(id)) {
                (Some((part, at)), _) => Theme {
                    id: part.id,
                    titles: part.titles.clone(),
                    keywords: part.keywords.clone(),
                    centre: Centre { probe: part.there.clone(), ..Centre::default() },
                    examples: Vec::new(),
                    size: 0,
                    created_at: *at,
                    updated_at: groups.iter().map(|group| group.updated_at).max().unwrap_or(*at),
                    marks: Marks::default(),
                },
                (None, Some(group)) => (*group).clone(),
                (None, None) => return None,
            };
            let mut members = found.remove(id).unwrap_or_default();
            members.sort_by(|left, right| typical(left, right));
            theme.titles.extend(role.titles.clone());
            theme.marks = role.marks;
            theme.size = members.len();
            theme.examples = members.iter().take(EXAMPLES).map(|member| member.id).collect();
            Some(theme)
        })
        .collect();
    themes.sort_by(|left, right| right.size.cmp(&left.size).then(left.id.cmp(&right.id)));
    themes
}

fn typical(left: &Lying, right: &Lying) -> Ordering {
    right.similarity.total_cmp(&left.similarity).then(left.id.cmp(&right.id))
}
