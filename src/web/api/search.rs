//! `/v1/feedback/search`: feedback by meaning, in whatever words and language.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::feedback::Nearby;
use super::filter::Filter;
use super::text;
use crate::app::App;
use crate::pipeline;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Query};
use crate::web::paging::Nearest;
use crate::web::problem::{self, Problem};

/// What is looked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    /// What the feedback should be about, in your own words.
    #[schema(min_length = 1, max_length = 10_000)]
    query: String,
    /// Which feedback is looked at.
    #[serde(default)]
    filter: Option<Filter>,
    /// How many to give, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100, default = 10)]
    limit: Option<usize>,
}

/// What is looked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// What the feedback should be about, in your own words; a body keeps it out of the logs of proxies.
    #[param(min_length = 1, max_length = 10_000, example = "late couriers")]
    q: String,
}

impl Parameters for Wanted {
    fn read(fields: &mut Fields) -> Self {
        let q = fields.optional("q");
        if q.is_none() {
            fields.note("q", "is missing; say what the feedback should be about");
        }
        Self { q: q.unwrap_or_default() }
    }
}

/// Search feedback by meaning
///
/// Finds what is about the same thing, best first, whatever its words and language.
#[utoipa::path(
    post,
    path = "/v1/feedback/search",
    operation_id = "search_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:read"])),
    request_body(content = SearchRequest, example = json!(super::sent(SearchRequest::sample()))),
    responses(
        (status = 200, description = "The nearest, best first.", body = Nearby, example = json!(Nearby::sample())),
        problem::BadBody,
        problem::Usual,
    )
)]
pub async fn search_feedback(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Json(request): Json<SearchRequest>,
) -> Result<Json<Nearby>, Problem> {
    request.answer(&app).await
}

/// Search feedback by meaning, in the query
///
/// The same as `search_feedback`, for a browser; what is looked for then stands in the URL.
#[utoipa::path(
    get,
    path = "/v1/feedback/search",
    operation_id = "search_feedback_by_query",
    tag = "feedback",
    security(("bearer" = ["feedback:read"])),
    params(Wanted, Filter, Nearest),
    responses(
        (status = 200, description = "The nearest, best first.", body = Nearby, example = json!(Nearby::sample())),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn search_feedback_by_query(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query((wanted, (filter, nearest))): Query<(Wanted, (Filter, Nearest))>,
) -> Result<Json<Nearby>, Problem> {
    SearchRequest { query: wanted.q, filter: Some(filter), limit: Some(nearest.limit) }.answer(&app).await
}

impl SearchRequest {
    async fn answer(self, app: &App) -> Result<Json<Nearby>, Problem> {
        let limit = self.limit.unwrap_or(Nearest::DEFAULT);
        if !(1..=Nearest::MAX).contains(&limit) {
            return Err(Problem::invalid_param("limit", format!("must be 1 to {}", Nearest::MAX)));
        }
        let query = text::parse(self.query).map_err(|error| Problem::invalid_param("query", error.to_string()))?;
        let filter = self.filter.unwrap_or_default().check().map_err(Problem::invalid)?;
        Ok(Json(pipeline::search(app, query, filter, limit).await?.into()))
    }

    fn sample() -> Self {
        Self { query: "late couriers".to_owned(), filter: None, limit: Some(10) }
    }
}
