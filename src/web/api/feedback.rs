//! `/v1/feedback`: what customers said, sent in and given back.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::analysis::{AnalysisView, rounded};
use super::filter::Filter;
use super::items::{ItemProblem, Items};
use super::names::{Channel, RatingMethod, SourceKind};
use super::record::{self, FeedbackInput, HubRecord, RatingView};
use crate::app::App;
use crate::feedback::{Feedback, FeedbackId, NewFeedback};
use crate::pipeline::{self, Accepted, IdempotentRequest};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Json, Path, Query, parse_value};
use crate::web::idempotency::{Answer, Once, once};
use crate::web::paging::{Nearest, Page, Paging};
use crate::web::problem::{self, Problem};

/// One feedback, or up to 256 of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "bodies are read item by item; this is their shape in the OpenAPI document")]
enum FeedbackBody {
    Many(FeedbackBatch),
    One(Box<FeedbackInput>),
    Hub(Box<HubRecord>),
}

/// Up to 256 feedback.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackBatch {
    /// 1 to 256 of them.
    #[schema(min_items = 1, max_items = 256)]
    items: Vec<FeedbackInput>,
}

/// What became of one feedback.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackReceipt {
    /// Its id; null if it was refused.
    #[schema(required)]
    id: Option<Uuid>,
    /// Whether it is new; not so if the same source and external id were there already.
    created: bool,
    /// Your own id for it.
    #[schema(required)]
    external_id: Option<String>,
    /// The rating as it was understood, its method told by the question or the channel if you named none;
    /// null if there is none.
    #[schema(required)]
    rating: Option<RatingView>,
    /// Why it was refused; null if it was not.
    #[schema(required)]
    problem: Option<ItemProblem>,
}

/// What became of a batch, in its order.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackReceipts {
    /// One for each item.
    results: Vec<FeedbackReceipt>,
}

/// What became of the body.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum FeedbackAnswer {
    Many(FeedbackReceipts),
    One(FeedbackReceipt),
}

/// Send feedback
///
/// Takes one feedback, or up to 256 as `{"items": […]}`; a record of the Formbricks Hub is taken as it is.
/// Personal data is masked before anything is stored. When this answers, what it accepted is durable;
/// the analysis follows in the background.
/// Sending the same `source` and `external_id` again changes nothing. With an `Idempotency-Key` the same request
/// is done once and answered the same for a day.
/// A batch is answered with 200 and one outcome per item: a wrong one never fails the others.
#[utoipa::path(
    post,
    path = "/v1/feedback",
    operation_id = "create_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to send this again.")),
    request_body(content = FeedbackBody, examples(
        ("one" = (summary = "One feedback", value = json!(FeedbackInput::sample()))),
        ("batch" = (summary = "A batch", value = json!({"items": [FeedbackInput::sample()]}))),
        ("hub" = (summary = "A record of the Formbricks Hub", value = json!(super::sent(HubRecord::sample())))),
    )),
    responses(
        (status = 200, description = "It was there already; or a batch, with one outcome per item.",
            body = FeedbackAnswer, example = json!(FeedbackAnswer::sample())),
        (status = 201, description = "It is accepted.", body = FeedbackReceipt,
            example = json!(FeedbackReceipt::sample())),
        problem::BadBody,
        problem::Clash,
        problem::Usual,
    )
)]
pub async fn create_feedback(
    allowed: Allowed<scope::FeedbackWrite>,
    State(app): State<App>,
    Once { body, request }: Once<Value>,
) -> Result<Response, Problem> {
    once(&app, allowed.token.id, request, async |request| store(&app, body, request).await).await
}

async fn store(app: &App, body: Value, request: Option<IdempotentRequest<'_>>) -> Result<Answer, Problem> {
    let now = app.clock.now();
    if body.get("items").is_some() {
        let items: Items = parse_value(body).map_err(|param| Problem::invalid(vec![param]))?;
        let parsed = items.bounded()?.into_iter().map(|item| record::parse(item, now).map_err(ItemProblem::from));
        return accept(app, parsed.collect(), request, |results| {
            Answer::new(StatusCode::OK, &FeedbackAnswer::Many(FeedbackReceipts { results }))
        })
        .await;
    }
    let parsed = record::parse(body, now).map_err(Problem::invalid)?;
    accept(app, vec![Ok(parsed)], request, |mut receipts| {
        let Some(receipt) = receipts.pop() else { return Err(Problem::internal()) };
        let status = if receipt.created { StatusCode::CREATED } else { StatusCode::OK };
        Answer::new(status, &FeedbackAnswer::One(receipt))
    })
    .await
}

/// Stores the good ones and the answer, which `answer` makes of one outcome for each, in order.
async fn accept(
    app: &App,
    parsed: Vec<Result<NewFeedback, ItemProblem>>,
    request: Option<IdempotentRequest<'_>>,
    answer: impl FnOnce(Vec<FeedbackReceipt>) -> Result<Answer, Problem>,
) -> Result<Answer, Problem> {
    let mut good = Vec::with_capacity(parsed.len());
    let mut told = Vec::with_capacity(parsed.len());
    for item in parsed {
        told.push(item.map(|feedback| {
            let told = (feedback.origin.external_id.clone(), feedback.rating.map(RatingView::from));
            good.push(feedback);
            told
        }));
    }
    pipeline::ingest_once(app, good, request, |accepted| {
        let mut accepted = accepted.into_iter();
        let receipts = told.into_iter().map(|item| match item {
            Ok((external_id, rating)) => FeedbackReceipt::accepted(accepted.next(), external_id, rating),
            Err(problem) => FeedbackReceipt::refused(problem),
        });
        answer(receipts.collect())
    })
    .await
}

impl FeedbackReceipt {
    fn accepted(accepted: Option<Accepted>, external_id: Option<String>, rating: Option<RatingView>) -> Self {
        let problem = accepted.is_none().then(ItemProblem::internal);
        let created = accepted.as_ref().is_some_and(|accepted| accepted.created);
        Self { id: accepted.map(|accepted| accepted.id.0), created, external_id, rating, problem }
    }

    fn refused(problem: ItemProblem) -> Self {
        Self { id: None, created: false, external_id: None, rating: None, problem: Some(problem) }
    }

    fn sample() -> Self {
        let rating = RatingView { method: RatingMethod(crate::feedback::RatingMethod::Nps), value: 6 };
        let accepted = Accepted { id: FeedbackId(super::sample_id()), created: true };
        Self::accepted(Some(accepted), Some("r-77".to_owned()), Some(rating))
    }
}

impl FeedbackAnswer {
    fn sample() -> Self {
        let refused = FeedbackReceipt::refused(ItemProblem::no_text("text", super::text::NoText::Empty));
        Self::Many(FeedbackReceipts { results: vec![FeedbackReceipt::sample(), refused] })
    }
}

/// What a customer said, masked, and what was understood of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feedback)]
pub struct FeedbackView {
    id: Uuid,
    /// The text with personal data masked.
    text: String,
    /// The question that was asked, masked.
    #[schema(required)]
    question: Option<String>,
    #[schema(required)]
    rating: Option<RatingView>,
    channel: Channel,
    source_kind: SourceKind,
    #[schema(required)]
    touchpoint: Option<String>,
    #[schema(required)]
    customer: Option<String>,
    source: String,
    #[schema(required)]
    external_id: Option<String>,
    #[schema(value_type = Object)]
    metadata: BTreeMap<String, Value>,
    collected_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
    /// Null until the text was analysed, a moment after it came in.
    #[schema(required)]
    analysis: Option<AnalysisView>,
}

impl From<Feedback> for FeedbackView {
    fn from(feedback: Feedback) -> Self {
        let origin = feedback.origin;
        Self {
            id: feedback.id.0,
            text: feedback.text.as_str().to_owned(),
            question: feedback.question.map(|question| question.as_str().to_owned()),
            rating: feedback.rating.map(RatingView::from),
            channel: Channel(origin.channel),
            source_kind: SourceKind(origin.source_kind),
            touchpoint: origin.touchpoint.map(String::from),
            customer: origin.customer.map(String::from),
            source: origin.source,
            external_id: origin.external_id,
            metadata: origin.metadata,
            collected_at: origin.collected_at,
            received_at: feedback.received_at,
            analysis: feedback.analysis.as_ref().map(AnalysisView::from),
        }
    }
}

impl FeedbackView {
    /// The calm report of a fraud, as an example.
    pub fn sample() -> Self {
        Self {
            id: super::sample_id(),
            text: "فيه أحد يستخدم حسابي".to_owned(),
            question: None,
            rating: None,
            channel: Channel(crate::feedback::Channel::Chat),
            source_kind: SourceKind(crate::feedback::SourceKind::Indirect),
            touchpoint: Some("account".to_owned()),
            customer: Some("c-1042".to_owned()),
            source: "chatbot".to_owned(),
            external_id: Some("m-1".to_owned()),
            metadata: BTreeMap::new(),
            collected_at: super::sample_time(),
            received_at: super::sample_time(),
            analysis: Some(AnalysisView::sample()),
        }
    }
}

impl FeedbackView {
    /// Sarcastic praise under a high rating, as an example.
    pub fn rated_sample() -> Self {
        let rating = RatingView { method: RatingMethod(crate::feedback::RatingMethod::Csat), value: 5 };
        Self {
            text: "ما شاء الله عليكم، خدمة خمس نجوم".to_owned(), rating: Some(rating), ..Self::sample()
        }
    }
}

/// List feedback
///
/// Newest first, a page at a time. Filters can be combined.
#[utoipa::path(
    get,
    path = "/v1/feedback",
    operation_id = "list_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:read"])),
    params(Filter, Paging),
    responses(
        (status = 200, description = "A page of feedback.", body = Page<FeedbackView>,
            example = json!(Page::sample(FeedbackView::sample()))),
        problem::BadParams,
        problem::Usual,
    )
)]
pub async fn list_feedback(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Query((filter, paging)): Query<(Filter, Paging)>,
) -> Result<Json<Page<FeedbackView>>, Problem> {
    let filter = filter.check().map_err(Problem::invalid)?;
    let page = pipeline::list_feedback(&app, filter, paging.cursor, paging.limit).await?;
    Ok(Json(Page::of(page, FeedbackView::from)))
}

/// Get a feedback
///
/// Its masked text and, once it was analysed, what was understood of it.
#[utoipa::path(
    get,
    path = "/v1/feedback/{id}",
    operation_id = "get_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The feedback's id.")),
    responses(
        (status = 200, description = "The feedback.", body = FeedbackView, example = json!(FeedbackView::sample())),
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn get_feedback(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<FeedbackId>,
) -> Result<Json<FeedbackView>, Problem> {
    Ok(Json(pipeline::feedback(&app, id).await?.into()))
}

/// A feedback and how near it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Near {
    feedback: FeedbackView,
    /// Cosine similarity, −1 to 1.
    similarity: f64,
}

/// The nearest feedback, best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nearby {
    items: Vec<Near>,
}

impl From<(Feedback, f32)> for Near {
    fn from((feedback, similarity): (Feedback, f32)) -> Self {
        Self { feedback: feedback.into(), similarity: rounded(similarity) }
    }
}

impl Near {
    /// A near one, as an example.
    pub fn sample() -> Self {
        Self { feedback: FeedbackView::sample(), similarity: 0.8731 }
    }
}

impl From<Vec<(Feedback, f32)>> for Nearby {
    fn from(near: Vec<(Feedback, f32)>) -> Self {
        Self { items: near.into_iter().map(Near::from).collect() }
    }
}

impl Nearby {
    /// One near feedback, as an example.
    pub fn sample() -> Self {
        Self { items: vec![Near::sample()] }
    }
}

/// Find similar feedback
///
/// The nearest by meaning, best first, in whatever language; the feedback itself is left out.
#[utoipa::path(
    get,
    path = "/v1/feedback/{id}/similar",
    operation_id = "list_similar_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The feedback's id."), Nearest),
    responses(
        (status = 200, description = "The nearest.", body = Nearby, example = json!(Nearby::sample())),
        problem::Missing,
        problem::Clash,
        problem::Usual,
    )
)]
pub async fn list_similar_feedback(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<FeedbackId>,
    Query(nearest): Query<Nearest>,
) -> Result<Json<Nearby>, Problem> {
    Ok(Json(pipeline::similar(&app, id, nearest.limit).await?.into()))
}
