//! Divides the themes that people see into sub-themes that keep their ids from run to run.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::clock::Clock;
use crate::feedback::FeedbackId;
use crate::themes::{self, Centre, Excerpt, Group, InPart, Membership, Previous, SubTheme};

/// The sub-themes of the last run.
pub(super) struct Parted {
    /// What they were called.
    pub(super) sub_themes: Vec<SubTheme>,
    /// Their members.
    pub(super) members: BTreeMap<Uuid, Vec<FeedbackId>>,
}

/// The sub-themes of all themes; says of each membership which it is in. `parts` are those of the memberships, in order.
///
/// They continue those of `before` whose members they mostly have, and their titles tell them from those of their theme.
pub(super) fn divide(
    memberships: &mut [Membership],
    parts: impl Iterator<Item = Option<usize>>,
    texts: &HashMap<FeedbackId, Excerpt<'_>>,
    before: &Parted,
    clock: &Clock,
    smallest: usize,
) -> Vec<SubTheme> {
    let lying = memberships
        .iter()
        .zip(parts)
        .filter_map(|(member, part)| Some(InPart { id: member.feedback_id, theme: member.theme_id?, part: part? }));
    let found = themes::parts(lying, smallest);
    let named: Vec<themes::Titles> = found.iter().flat_map(|(_, parts)| titles(parts, texts)).collect();
    let members: Vec<Vec<FeedbackId>> = found.into_iter().flat_map(|(_, parts)| parts).collect();
    let ids = continued(before, &members, clock);
    let homes: HashMap<FeedbackId, Uuid> =
        members.iter().zip(&ids).flat_map(|(members, id)| members.iter().map(|member| (*member, *id))).collect();
    for member in memberships {
        member.sub_theme = homes.get(&member.feedback_id).copied();
    }
    ids.into_iter().zip(named).map(|(id, words)| sub_theme(id, words, before, clock)).collect()
}

/// What the parts of one theme are called to tell them from each other.
fn titles(parts: &[Vec<FeedbackId>], texts: &HashMap<FeedbackId, Excerpt<'_>>) -> Vec<themes::Titles> {
    let of = |members: &Vec<FeedbackId>| members.iter().filter_map(|id| texts.get(id).copied()).collect();
    themes::titles(&parts.iter().map(of).collect::<Vec<Vec<Excerpt<'_>>>>())
}

/// The ids of these sub-themes: those that they continue, or new ones.
fn continued(before: &Parted, members: &[Vec<FeedbackId>], clock: &Clock) -> Vec<Uuid> {
    let was = |(id, members): (&Uuid, &Vec<FeedbackId>)| Previous {
        id: *id,
        members: members.clone(),
        centre: Centre::default(),
    };
    let before: Vec<Previous> = before.members.iter().map(was).collect();
    let now: Vec<Group> =
        members.iter().map(|members| Group { members: members.clone(), centre: Centre::default() }).collect();
    themes::match_previous(&before, &now).into_iter().map(|id| id.unwrap_or_else(|| clock.new_id())).collect()
}

/// A sub-theme, called as before if its words say nothing.
fn sub_theme(id: Uuid, words: themes::Titles, before: &Parted, clock: &Clock) -> SubTheme {
    let old = before.sub_themes.iter().find(|old| old.id == id);
    let kept = old.filter(|_| words.titles.is_empty()).map(|old| old.titles.clone());
    SubTheme {
        id,
        titles: kept.unwrap_or(words.titles),
        created_at: old.map_or_else(|| clock.now(), |old| old.created_at),
    }
}
