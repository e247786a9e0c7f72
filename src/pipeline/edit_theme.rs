//! Edits the themes: rename, merge, split, pin, hide, assign. Each edit is logged, holds in every run, and can be undone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;
use uuid::Uuid;

use crate::access::{Action, Actor};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::{FeedbackId, Language};
use crate::stores::sql::{Tx, feedback, theme_edits, themes as rows};
use crate::themes::edits::{Part, Record};
use crate::themes::{self, Act, Edit, Lying, Membership, Plan, Present};

use super::audit;
use super::mentions;
use super::take_part::take_part;
use super::theme_history::{LoggedEdit, logged};

/// The longest title, in characters.
const LONGEST: usize = 120;

/// How many feedback may be named at once for a new theme.
const MOST_NAMED: usize = 1_000;

/// What somebody wants to change.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Calls a theme by a title in each of these languages.
    Rename {
        /// Which theme.
        theme: Uuid,
        /// Title by language: 1 to 120 characters.
        titles: BTreeMap<Language, String>,
    },
    /// Puts all of a theme into another.
    Merge {
        /// The theme that goes.
        theme: Uuid,
        /// The theme that stays.
        into: Uuid,
    },
    /// Makes a theme of these feedback and of what is more like them than like the rest of their theme.
    Split {
        /// The theme that they are in.
        theme: Uuid,
        /// 1 to 1 000 of its feedback, but not all.
        records: Vec<FeedbackId>,
    },
    /// Keeps a theme though it shrinks.
    Pin {
        /// Which theme.
        theme: Uuid,
    },
    /// Leaves a theme out of lists.
    Hide {
        /// Which theme.
        theme: Uuid,
    },
    /// Says where a feedback belongs.
    Assign {
        /// Which feedback.
        feedback: FeedbackId,
        /// Its theme, or none.
        theme: Option<Uuid>,
    },
}

/// Does it, in the name of `by`, and says what was done.
///
/// # Errors
/// `NotFound` for a theme or feedback that isn't there, `Invalid` for what can't be done to it, `Conflict` for what is so
/// already or can't be yet, or those of the stores; then nothing was changed.
pub async fn edit_theme(app: &App, by: &Actor, wish: Wish) -> Result<LoggedEdit> {
    let mut tx = app.db.begin().await?;
    theme_edits::take_turns(&mut tx).await?;
    let ground = Ground::read(&mut tx).await?;
    let act = ground.act(app, wish).await?;
    let (id, made_at) = (app.clock.new_id(), app.clock.now());
    let edit = Edit { id, made_at, made_by: by.name().unwrap_or_default().to_owned(), act, undone_at: None };
    theme_edits::insert(&mut tx, &edit).await?;
    record(&mut tx, app, by, &edit.act, false).await?;
    replay(app, tx, ground.members).await?;
    Ok(logged(edit, &app.themes.get()))
}

/// Undoes an edit: the themes are then as if it had never been made, with all other edits as they are.
///
/// # Errors
/// `NotFound` if there is no such edit, `Conflict` if it was undone already, or those of the stores.
pub async fn undo_theme_edit(app: &App, by: &Actor, id: Uuid) -> Result<LoggedEdit> {
    let mut tx = app.db.begin().await?;
    theme_edits::take_turns(&mut tx).await?;
    let edit = theme_edits::get(&app.db, id).await?.ok_or_else(|| Error::not_found("edit", id))?;
    let now = app.clock.now();
    if !theme_edits::undo(&mut tx, id, now).await? {
        return Err(Error::conflict(format!("edit {id} was undone already")));
    }
    record(&mut tx, app, by, &edit.act, true).await?;
    let members = feedback::memberships(&mut tx).await?;
    replay(app, tx, members).await?;
    Ok(logged(Edit { undone_at: Some(now), ..edit }, &app.themes.get()))
}

/// Notes an edit in the audit log: its kind and its theme, not the words of a title.
async fn record(tx: &mut Tx, app: &App, by: &Actor, act: &Act, undone: bool) -> Result<()> {
    let (kind, id) = match act {
        Act::Assign { feedback, .. } => ("feedback", feedback.to_string()),
        act => ("theme", act.themes().next().map(|id| id.to_string()).unwrap_or_default()),
    };
    let details = json!({ "change": act.kind(), "undone": undone });
    audit::record(tx, &app.clock, by, Action::ThemeChanged, Some((kind, &id)), details).await
}

/// Replays the edits that hold on the groups there are, keeps what they come to, and ends the transaction.
async fn replay(app: &App, mut tx: Tx, members: Vec<Membership>) -> Result<()> {
    let groups = rows::groups(&mut tx).await?;
    let edits = theme_edits::holding(&mut tx).await?;
    let plan = Plan::new(groups.iter().map(|group| group.id), &edits);
    let record = |member: &Membership| Record { id: Some(member.feedback_id), group: member.group_id, vector: None };
    let asked: Vec<Uuid> =
        members.iter().filter(|member| plan.wants_vector(&record(member))).map(|member| member.feedback_id.0).collect();
    let points = app.vectors.get(&asked).await?;
    let vectors: HashMap<Uuid, &[f32]> = points.iter().map(|point| (point.id, point.vector.as_slice())).collect();
    let (mut lying, mut moved) = (Vec::with_capacity(members.len()), Vec::new());
    for member in &members {
        let vector = vectors.get(&member.feedback_id.0).copied();
        let theme = plan.home(&Record { vector, ..record(member) });
        if theme != member.theme_id {
            moved.push((member.feedback_id, theme));
        }
        lying.push(Lying { id: member.feedback_id, theme, similarity: member.similarity });
    }
    let themes = themes::show(&plan, &groups, &lying);
    rows::replace(&mut tx, &themes).await?;
    feedback::move_to_themes(&mut tx, &moved).await?;
    mentions::follow(&mut tx, &plan).await?;
    tx.commit().await?;
    app.themes.set(Present { groups, themes, plan });
    Ok(())
}

/// What there is before an edit.
struct Ground {
    plan: Plan,
    members: Vec<Membership>,
}

impl Ground {
    async fn read(tx: &mut Tx) -> Result<Self> {
        let groups = rows::groups(tx).await?;
        let edits = theme_edits::holding(tx).await?;
        let plan = Plan::new(groups.iter().map(|group| group.id), &edits);
        Ok(Self { plan, members: feedback::memberships(tx).await? })
    }

    /// The wish as an act that can be replayed.
    async fn act(&self, app: &App, wish: Wish) -> Result<Act> {
        match wish {
            Wish::Rename { theme, titles } => {
                self.there(theme)?;
                Ok(Act::Rename { theme, titles: tidy(titles)? })
            }
            Wish::Merge { theme, into } => {
                self.there(theme)?;
                self.there(into)?;
                if theme == into {
                    return Err(Error::invalid("a theme can't be merged into itself; name another in `into`"));
                }
                Ok(Act::Merge { theme, into })
            }
            Wish::Split { theme, records } => {
                self.there(theme)?;
                let part = Box::new(self.part(app, theme, records.into_iter().collect()).await?);
                Ok(Act::Split { theme, part })
            }
            Wish::Pin { theme } => match self.there(theme)?.pinned {
                true => Err(Error::conflict("the theme is pinned already")),
                false => Ok(Act::Pin { theme }),
            },
            Wish::Hide { theme } => match self.there(theme)?.hidden {
                true => Err(Error::conflict("the theme is hidden already")),
                false => Ok(Act::Hide { theme }),
            },
            Wish::Assign { feedback, theme } => {
                theme.map(|theme| self.there(theme)).transpose()?;
                self.assign(app, feedback, theme).await
            }
        }
    }

    fn there(&self, theme: Uuid) -> Result<themes::Marks> {
        self.plan.themes().get(&theme).map(|role| role.marks).ok_or_else(|| Error::not_found("theme", theme))
    }

    async fn assign(&self, app: &App, id: FeedbackId, theme: Option<Uuid>) -> Result<Act> {
        let Some(member) = self.members.iter().find(|member| member.feedback_id == id) else {
            feedback::get(&app.db, id).await?.ok_or_else(|| Error::not_found("feedback", id))?;
            return Err(Error::conflict(format!("feedback {id} was not grouped yet; ask again in a moment")));
        };
        match member.theme_id == theme {
            true => Err(Error::conflict("the feedback is there already")),
            false => Ok(Act::Assign { feedback: id, theme }),
        }
    }

    /// What is taken out of a theme when these of its feedback are named.
    async fn part(&self, app: &App, theme: Uuid, named: BTreeSet<FeedbackId>) -> Result<Part> {
        let of_theme = self.members.iter().filter(|member| member.theme_id == Some(theme));
        let ids: BTreeSet<FeedbackId> = of_theme.map(|member| member.feedback_id).collect();
        if named.is_empty() || named.len() > MOST_NAMED {
            return Err(Error::invalid(format!("name 1 to {MOST_NAMED} of the theme's feedback in `records`")));
        }
        if let Some(other) = named.iter().find(|id| !ids.contains(id)) {
            return Err(Error::invalid(format!("feedback {other} is not in theme {theme}")));
        }
        if named.len() == ids.len() {
            return Err(Error::invalid("something must stay in the theme; name fewer, or rename it"));
        }
        take_part(app, &ids.into_iter().collect::<Vec<_>>(), named).await
    }
}

/// Titles with single spaces, if all can be taken.
fn tidy(titles: BTreeMap<Language, String>) -> Result<BTreeMap<Language, String>> {
    if titles.is_empty() {
        return Err(Error::invalid("name at least one title, by its language"));
    }
    let tidied = titles.into_iter().map(|(language, title)| {
        if language == Language::undetermined() {
            return Err(Error::invalid("a title's language is its code of 2 or 3 small letters, like ar or en"));
        }
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || title.chars().count() > LONGEST || title.chars().any(char::is_control) {
            return Err(Error::invalid(format!("a title has 1 to {LONGEST} characters and no control characters")));
        }
        Ok((language, title))
    });
    tidied.collect()
}
