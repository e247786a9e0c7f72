//! `/v1/themes`: what many customers speak of, with the feedback behind it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::feedback::Near;
use crate::app::App;
use crate::pipeline::{self, Listed, SubThemeOf};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Path, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// How many feedback are shown as a theme's evidence.
const EVIDENCE: usize = 5;

/// Which themes are meant.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Whether hidden themes are listed, too.
    #[param(default = false, required = false)]
    hidden: bool,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        Self { hidden: fields.optional("hidden").unwrap_or_default() }
    }
}

/// A group of feedback about the same thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Theme)]
pub struct ThemeView {
    /// Stays the same from run to run.
    id: Uuid,
    /// Its title by language code, for each language that its feedback is in.
    titles: BTreeMap<String, String>,
    /// The words that tell it from other themes, best first, by language code.
    keywords: BTreeMap<String, Vec<String>>,
    /// How much feedback it holds.
    size: u64,
    /// How much other feedback speaks of it, too; `mentions` of `/v1/feedback` finds it.
    mentioned_in: u64,
    /// Somebody wants it to stay though it shrinks.
    pinned: bool,
    /// Somebody left it out of lists.
    hidden: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// All themes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Themes {
    items: Vec<ThemeView>,
}

/// What some members of a theme say in particular.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SubTheme)]
pub struct SubThemeView {
    /// Stays the same from run to run; `sub_theme` of `/v1/feedback` takes it.
    id: Uuid,
    /// Its title by language code; it tells it from the other sub-themes of its theme.
    titles: BTreeMap<String, String>,
    /// How much of the theme's feedback it holds.
    size: u64,
    /// How much of that is negative.
    negative: u64,
}

/// A theme with its evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeWithEvidence {
    theme: ThemeView,
    /// What its members say in particular, largest first: none, or at least two.
    sub_themes: Vec<SubThemeView>,
    /// Its most typical feedback, at most 5.
    evidence: Vec<Near>,
}

impl From<Listed> for ThemeView {
    fn from(Listed { theme, members, mentioned_in }: Listed) -> Self {
        Self {
            id: theme.id,
            titles: theme.titles.into_iter().map(|(language, title)| (language.code().to_owned(), title)).collect(),
            keywords: theme.keywords.into_iter().map(|(language, words)| (language.code().to_owned(), words)).collect(),
            size: members,
            mentioned_in,
            pinned: theme.marks.pinned,
            hidden: theme.marks.hidden,
            created_at: theme.created_at,
            updated_at: theme.updated_at,
        }
    }
}

impl From<SubThemeOf> for SubThemeView {
    fn from(of: SubThemeOf) -> Self {
        let titles = of.sub_theme.titles.into_iter();
        Self {
            id: of.sub_theme.id,
            titles: titles.map(|(language, title)| (language.code().to_owned(), title)).collect(),
            size: of.members,
            negative: of.negative,
        }
    }
}

impl SubThemeView {
    fn sample() -> Self {
        let titles = [("ar", "ساعتين"), ("en", "two hours")];
        let titles = titles.map(|(language, title)| (language.to_owned(), title.to_owned())).into();
        Self { id: super::sample_id(), titles, size: 17, negative: 15 }
    }
}

impl ThemeView {
    fn sample() -> Self {
        let titles = [("ar", "تأخر المندوب"), ("en", "late courier")];
        let keywords = [("ar", "المندوب"), ("en", "courier")];
        Self {
            id: super::sample_id(),
            titles: titles.map(|(language, title)| (language.to_owned(), title.to_owned())).into(),
            keywords: keywords.map(|(language, word)| (language.to_owned(), vec![word.to_owned()])).into(),
            size: 48,
            mentioned_in: 6,
            pinned: false,
            hidden: false,
            created_at: super::sample_time(),
            updated_at: super::sample_time(),
        }
    }
}

impl Themes {
    fn sample() -> Self {
        Self { items: vec![ThemeView::sample()] }
    }
}

impl ThemeWithEvidence {
    fn sample() -> Self {
        Self { theme: ThemeView::sample(), sub_themes: vec![SubThemeView::sample()], evidence: vec![Near::sample()] }
    }
}

/// List themes
///
/// Everything that customers speak of, found without a list; hidden themes are left out unless asked for.
#[utoipa::path(
    get,
    path = "/v1/themes",
    operation_id = "list_themes",
    tag = "themes",
    security(("bearer" = ["feedback:read"])),
    params(Wanted),
    responses(
        (status = 200, description = "All themes.", body = Themes, example = json!(Themes::sample())),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_themes(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Themes>, Problem> {
    let themes = pipeline::list_themes(&app).await?.into_iter();
    let shown = themes.filter(|listed| wanted.hidden || !listed.theme.marks.hidden);
    Ok(Json(Themes { items: shown.map(ThemeView::from).collect() }))
}

/// Get a theme
///
/// With what its members say in particular and its most typical feedback as evidence.
#[utoipa::path(
    get,
    path = "/v1/themes/{id}",
    operation_id = "get_theme",
    tag = "themes",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The theme's id.")),
    responses(
        (status = 200, description = "The theme.", body = ThemeWithEvidence,
            example = json!(ThemeWithEvidence::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_theme(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Json<ThemeWithEvidence>, Problem> {
    let theme = pipeline::theme(&app, id).await?.into();
    let evidence = pipeline::theme_feedback(&app, id, None, EVIDENCE).await?;
    let sub_themes = pipeline::sub_themes(&app, Some(id)).await?.into_iter().map(SubThemeView::from).collect();
    Ok(Json(ThemeWithEvidence { theme, sub_themes, evidence: evidence.items.into_iter().map(Near::from).collect() }))
}

/// List a theme's feedback
///
/// Most typical first, a page at a time.
#[utoipa::path(
    get,
    path = "/v1/themes/{id}/feedback",
    operation_id = "list_theme_feedback",
    tag = "themes",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The theme's id."), Paging),
    responses(
        (status = 200, description = "A page of its feedback.", body = Page<Near>,
            example = json!(Page::sample(Near::sample()))),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn list_theme_feedback(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Near>>, Problem> {
    let page = pipeline::theme_feedback(&app, id, paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, Near::from)))
}

/// Group the feedback again
///
/// Puts the work in the queue and answers at once; the themes change when it is done.
#[utoipa::path(
    post,
    path = "/v1/themes/regroup",
    operation_id = "regroup_themes",
    tag = "themes",
    security(("bearer" = ["themes:write"])),
    responses((status = 202, description = "It is in the queue."), problem::Usual)
)]
pub async fn regroup_themes(_: Allowed<scope::ThemesWrite>, State(app): State<App>) -> Result<StatusCode, Problem> {
    pipeline::request_clustering(&app).await?;
    Ok(StatusCode::ACCEPTED)
}
