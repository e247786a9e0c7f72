//! `/v1/themes/edits`: what people change in the themes, each change logged and undone by one call; and themes' lineage.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::LineageEvent;
use crate::app::App;
use crate::feedback::{FeedbackId, Language};
use crate::pipeline::{self, Descent, LoggedEdit, Wish};
use crate::themes::Act;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Json, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// A change to the themes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ThemeChange {
    /// Call a theme by a title of your own, in as many languages as you like.
    Rename {
        /// Which theme.
        theme: Uuid,
        /// Title by language code: 1 to 120 characters.
        titles: BTreeMap<String, String>,
    },
    /// Put all feedback of a theme into another, which keeps its id and title.
    Merge {
        /// The theme that goes.
        theme: Uuid,
        /// The theme that stays.
        into: Uuid,
    },
    /// Make a theme of its own out of some feedback of a theme, and of what is more like it than like the rest.
    Split {
        /// The theme that is parted.
        theme: Uuid,
        /// 1 to 1 000 of its feedback, but not all.
        #[schema(min_items = 1, max_items = 1000)]
        feedback: Vec<Uuid>,
    },
    /// Keep a theme though it shrinks.
    Pin {
        /// Which theme.
        theme: Uuid,
    },
    /// Leave a theme out of lists; its feedback stays in it.
    Hide {
        /// Which theme.
        theme: Uuid,
    },
    /// Say where one feedback belongs.
    Assign {
        /// Which feedback.
        feedback: Uuid,
        /// Its theme; null for none.
        #[schema(required)]
        theme: Option<Uuid>,
    },
}

impl ThemeChange {
    fn sample() -> Self {
        Self::Merge { theme: super::sample_id(), into: Uuid::from_u128(super::sample_id().as_u128() + 1) }
    }
}

impl From<ThemeChange> for Wish {
    fn from(change: ThemeChange) -> Self {
        match change {
            ThemeChange::Rename { theme, titles } => Self::Rename {
                theme,
                titles: titles.into_iter().map(|(code, title)| (Language::new(&code), title)).collect(),
            },
            ThemeChange::Merge { theme, into } => Self::Merge { theme, into },
            ThemeChange::Split { theme, feedback } => {
                Self::Split { theme, records: feedback.into_iter().map(FeedbackId).collect() }
            }
            ThemeChange::Pin { theme } => Self::Pin { theme },
            ThemeChange::Hide { theme } => Self::Hide { theme },
            ThemeChange::Assign { feedback, theme } => Self::Assign { feedback: FeedbackId(feedback), theme },
        }
    }
}

/// A change that was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ThemeEdit)]
pub struct EditView {
    id: Uuid,
    made_at: DateTime<Utc>,
    /// Who made it: a user's name, or that of a token; empty if it was not noted.
    made_by: String,
    /// What was done: `rename`, `merge`, `split`, `pin`, `hide` or `assign`.
    kind: &'static str,
    /// The theme that it was done to, or that the feedback was put into.
    #[schema(required)]
    theme: Option<Uuid>,
    /// The theme that took the feedback of a merged one.
    #[serde(skip_serializing_if = "Option::is_none")]
    into: Option<Uuid>,
    /// The theme that a split made.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_theme: Option<Uuid>,
    /// The feedback that was named for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    feedback: Vec<Uuid>,
    /// The titles that were given, by language code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    titles: BTreeMap<String, String>,
    /// When it was undone; null while it holds.
    #[schema(required)]
    undone_at: Option<DateTime<Utc>>,
    /// It holds but does nothing for now, because what it speaks of was undone or merged away before it.
    idle: bool,
}

impl From<LoggedEdit> for EditView {
    fn from(logged: LoggedEdit) -> Self {
        let LoggedEdit { edit, idle, .. } = logged;
        let mut view = Self {
            id: edit.id,
            made_at: edit.made_at,
            made_by: edit.made_by,
            kind: edit.act.kind(),
            theme: None,
            into: None,
            new_theme: None,
            feedback: Vec::new(),
            titles: BTreeMap::new(),
            undone_at: edit.undone_at,
            idle,
        };
        match edit.act {
            Act::Rename { theme, titles } => {
                view.theme = Some(theme);
                view.titles = titles.into_iter().map(|(language, title)| (language.code().to_owned(), title)).collect();
            }
            Act::Merge { theme, into } => (view.theme, view.into) = (Some(theme), Some(into)),
            Act::Split { theme, part } => {
                (view.theme, view.new_theme) = (Some(theme), Some(part.id));
                view.feedback = part.records.iter().map(|id| id.0).collect();
            }
            Act::Pin { theme } | Act::Hide { theme } => view.theme = Some(theme),
            Act::Assign { feedback, theme } => (view.theme, view.feedback) = (theme, vec![feedback.0]),
        }
        view
    }
}

impl EditView {
    fn sample() -> Self {
        let theme = super::sample_id();
        let into = Uuid::from_u128(theme.as_u128() + 1);
        let edit = crate::themes::Edit {
            id: super::sample_id(),
            made_at: super::sample_time(),
            made_by: "noura".to_owned(),
            act: Act::Merge { theme, into },
            undone_at: None,
        };
        LoggedEdit { edit, idle: false, titles: Vec::new() }.into()
    }
}

/// What became of a theme in a run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ThemeDescent)]
pub struct DescentView {
    /// When everything was grouped.
    run_at: DateTime<Utc>,
    theme: Uuid,
    /// Its title by language code, as it was then.
    titles: BTreeMap<String, String>,
    event: LineageEvent,
    /// The theme that it was parted from or went into.
    #[schema(required)]
    other: Option<Uuid>,
    /// Title of that theme by language code, as it was then.
    other_titles: BTreeMap<String, String>,
    /// How much feedback it shares with what it is compared with: itself before the run, or the other theme.
    shared: usize,
    /// How much feedback it had before the run.
    size_before: usize,
    /// How much it had after it.
    size_after: usize,
}

impl From<Descent> for DescentView {
    fn from(descent: Descent) -> Self {
        let titles = |titles: BTreeMap<Language, String>| {
            titles.into_iter().map(|(language, title)| (language.code().to_owned(), title)).collect()
        };
        Self {
            run_at: descent.run_at,
            theme: descent.lineage.theme,
            titles: titles(descent.titles),
            event: LineageEvent(descent.lineage.event),
            other: descent.lineage.other,
            other_titles: titles(descent.other_titles),
            shared: descent.lineage.shared,
            size_before: descent.lineage.before,
            size_after: descent.lineage.after,
        }
    }
}

/// What became of a theme.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeLineage {
    /// Of itself and of what came of it or into it, the last run first.
    items: Vec<DescentView>,
}

impl ThemeLineage {
    fn sample() -> Self {
        let descent = DescentView {
            run_at: super::sample_time(),
            theme: super::sample_id(),
            titles: [("en".to_owned(), "late courier".to_owned())].into(),
            event: LineageEvent(crate::themes::Event::Same),
            other: None,
            other_titles: BTreeMap::new(),
            shared: 44,
            size_before: 45,
            size_after: 48,
        };
        Self { items: vec![descent] }
    }
}

/// Change the themes
///
/// Rename, merge, split, pin, hide, or assign a feedback. The change holds at once and in every grouping to come, until it
/// is undone.
#[utoipa::path(
    post,
    path = "/v1/themes/edits",
    operation_id = "edit_themes",
    tag = "themes",
    security(("bearer" = ["themes:write"])),
    request_body(content = ThemeChange, example = json!(ThemeChange::sample())),
    responses(
        (status = 201, description = "What was changed.", body = EditView, example = json!(EditView::sample())),
        problem::BadBody,
        problem::Missing,
        problem::Clash,
        problem::Usual,
    )
)]
pub async fn edit_themes(
    allowed: Allowed<scope::ThemesWrite>,
    State(app): State<App>,
    Json(change): Json<ThemeChange>,
) -> Result<(StatusCode, Json<EditView>), Problem> {
    let edit = pipeline::edit_theme(&app, &allowed.actor(), change.into()).await?;
    Ok((StatusCode::CREATED, Json(edit.into())))
}

/// List changes to the themes
///
/// The last made first, undone ones too.
#[utoipa::path(
    get,
    path = "/v1/themes/edits",
    operation_id = "list_theme_edits",
    tag = "themes",
    security(("bearer" = ["feedback:read"])),
    params(Paging),
    responses(
        (status = 200, description = "A page of changes.", body = Page<EditView>,
            example = json!(Page::sample(EditView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_theme_edits(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<EditView>>, Problem> {
    let page = pipeline::theme_edits(&app, None, paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, EditView::from)))
}

/// Undo a change to the themes
///
/// The themes are then as if it had never been made, with all other changes as they are.
#[utoipa::path(
    post,
    path = "/v1/themes/edits/{id}/undo",
    operation_id = "undo_theme_edit",
    tag = "themes",
    security(("bearer" = ["themes:write"])),
    params(("id" = Uuid, Path, description = "The change's id.")),
    responses(
        (status = 200, description = "The change, undone.", body = EditView, example = json!(EditView::sample())),
        problem::Missing,
        problem::Clash,
        problem::Usual,
    )
)]
pub async fn undo_theme_edit(
    allowed: Allowed<scope::ThemesWrite>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<EditView>, Problem> {
    let edit = pipeline::undo_theme_edit(&app, &allowed.actor(), id).await?;
    Ok(Json(edit.into()))
}

/// Get a theme's lineage
///
/// What the runs made of it: it went on, was parted from another, went into another, came up, or ended. Of runs in which it
/// only went on, the last is told. A theme that is gone has a lineage, too.
#[utoipa::path(
    get,
    path = "/v1/themes/{id}/lineage",
    operation_id = "get_theme_lineage",
    tag = "themes",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The theme's id.")),
    responses(
        (status = 200, description = "Its lineage; empty if there never was such a theme.", body = ThemeLineage,
            example = json!(ThemeLineage::sample())),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn get_theme_lineage(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<ThemeLineage>, Problem> {
    let items = pipeline::theme_lineage(&app, id).await?;
    Ok(Json(ThemeLineage { items: items.into_iter().map(DescentView::from).collect() }))
}
