//! `/v1/scores`: NPS, CSAT, CES and stars with their intervals, what moves them, and what contradicts them.

use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::feedback::FeedbackView;
use super::filter::Filter;
use super::names::{Disagreement, Grouping, RatingMethod};
use super::score::{DriversView, ScoresView};
use crate::app::App;
use crate::pipeline::score;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Query};
use crate::web::paging::{Page, Paging};
use crate::web::problem::{self, Problem};

/// Which scores.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Method {
    /// Ratings of this method; of each by itself if none is named.
    method: Option<RatingMethod>,
}

/// How scores are told apart.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Split {
    /// Also by group or period.
    by: Option<Grouping>,
    /// Against the period before: as long as from `since` to `until` (now if left out), whole months against whole
    /// months; periods against the one before each.
    #[param(default = false, required = false)]
    compare: bool,
}

impl Parameters for Method {
    fn read(fields: &mut Fields) -> Self {
        Self { method: fields.optional("method") }
    }
}

impl Parameters for Split {
    fn read(fields: &mut Fields) -> Self {
        Self { by: fields.optional("by"), compare: fields.optional("compare").unwrap_or(false) }
    }
}

/// Scores, each method by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scores {
    /// One for each method that has ratings.
    items: Vec<ScoresView>,
}

/// Drivers, each method by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Drivers {
    /// One for each method that has ratings.
    items: Vec<DriversView>,
}

/// A feedback whose text contradicts its rating.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RatingDisagreement)]
pub struct DisagreementView {
    disagreement: Disagreement,
    feedback: FeedbackView,
}

impl From<score::Contradiction> for DisagreementView {
    fn from(found: score::Contradiction) -> Self {
        Self { disagreement: Disagreement(found.disagreement), feedback: found.feedback.into() }
    }
}

impl DisagreementView {
    fn sample() -> Self {
        let disagreement = Disagreement(crate::scores::Disagreement::HighRatingNegativeText);
        Self { disagreement, feedback: FeedbackView::rated_sample() }
    }
}

/// Get scores
///
/// NPS, CSAT, CES 2.0 and stars, each with n and a 95 % interval; ratings of different methods are never mixed.
/// Below 30 ratings there are counts and no score. A difference to the period before is significant only beyond chance,
/// corrected for the number of groups shown. Every number comes with the path that lists its records.
/// Only ratings that came with words are counted.
#[utoipa::path(
    get,
    path = "/v1/scores",
    operation_id = "get_scores",
    tag = "scores",
    security(("bearer" = ["feedback:read"])),
    params(Method, Split, Filter),
    responses(
        (status = 200, description = "The scores.", body = Scores,
            example = json!(Scores { items: vec![ScoresView::sample()] })),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn get_scores(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query(((Method { method }, split), filter)): Query<((Method, Split), Filter)>,
) -> Result<Json<Scores>, Problem> {
    let question = score::Question {
        method: method.map(|method| method.0),
        by: split.by.map(|by| by.0),
        compare: split.compare,
        ahead_s: 0,
        filter: filter.check().map_err(Problem::invalid)?,
    };
    let found = score::scores(&app, question).await?;
    Ok(Json(Scores { items: found.into_iter().map(ScoresView::from).collect() }))
}

/// Get what moves the scores
///
/// For each theme the score of those who speak of it less the score of all others, with a 95 % interval; p values are
/// corrected for the number of themes (Benjamini and Hochberg). It is a difference between customers, not what would
/// happen if the theme went away.
#[utoipa::path(
    get,
    path = "/v1/scores/drivers",
    operation_id = "get_score_drivers",
    tag = "scores",
    security(("bearer" = ["feedback:read"])),
    params(Method, Filter),
    responses(
        (status = 200, description = "The drivers.", body = Drivers,
            example = json!(Drivers { items: vec![DriversView::sample()] })),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn get_score_drivers(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query((Method { method }, filter)): Query<(Method, Filter)>,
) -> Result<Json<Drivers>, Problem> {
    let filter = filter.check().map_err(Problem::invalid)?;
    let found = score::drivers(&app, method.map(|method| method.0), filter).await?;
    Ok(Json(Drivers { items: found.into_iter().map(DriversView::from).collect() }))
}

/// List disagreements
///
/// Feedback whose rating says one thing and whose text clearly another: a high rating with a very negative text, or a
/// low one with a very positive text. Newest first, a page at a time.
#[utoipa::path(
    get,
    path = "/v1/scores/disagreements",
    operation_id = "list_score_disagreements",
    tag = "scores",
    security(("bearer" = ["feedback:read"])),
    params(Method, Filter, Paging),
    responses(
        (status = 200, description = "A page of them.", body = Page<DisagreementView>,
            example = json!(Page::sample(DisagreementView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_score_disagreements(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query(((Method { method }, filter), paging)): Query<((Method, Filter), Paging)>,
) -> Result<Json<Page<DisagreementView>>, Problem> {
    let filter = filter.check().map_err(Problem::invalid)?;
    let method = method.map(|method| method.0);
    let page = score::disagreements(&app, method, filter, paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, DisagreementView::from)))
}
