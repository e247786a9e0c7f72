//! `/v1/personas/{id}/ask` and `/narrative`: sentences about a persona, each with the records that prove it.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::{AnswerLanguage, EvidenceKind};
use super::text;
use crate::answers::{Line, Tongue};
use crate::app::App;
use crate::feedback::ModelInfo;
use crate::pipeline::{self, Answer};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Path, Query};
use crate::web::problem::{self, Problem};

/// A question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// In Arabic, any dialect of it, or English.
    #[schema(min_length = 1, max_length = 500)]
    question: String,
    /// The language of the answer; that of the question if it is not given.
    #[serde(default)]
    #[schema(inline)]
    language: Option<AnswerLanguage>,
}

/// In which language a description is written.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Written {
    /// `en` if it is not given.
    #[param(inline)]
    language: Option<AnswerLanguage>,
}

impl Parameters for Written {
    fn read(fields: &mut Fields) -> Self {
        Self { language: fields.optional("language") }
    }
}

/// Sentences and what proves them.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// The language of the sentences.
    #[schema(inline)]
    language: AnswerLanguage,
    /// Whether the data tells; if not there are no sentences.
    told: bool,
    /// The sentences, in order.
    sentences: Vec<SentenceView>,
    /// The lines that the sentences cite.
    evidence: Vec<EvidenceView>,
    /// The language model that wrote the sentences; none if they are made of the evidence itself.
    model: Option<Writer>,
    /// Sentences of the model that were dropped, counted by what was wrong with them.
    dropped: BTreeMap<&'static str, usize>,
    /// Records that were left out because they speak to a machine.
    set_aside: usize,
}

/// A sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentenceView {
    /// Its words; quotations in it are masked words of customers.
    text: String,
    /// Numbers of the lines that prove it.
    citations: Vec<usize>,
}

/// A line of evidence.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// Its number, by which sentences cite it.
    number: usize,
    /// What it says.
    #[schema(inline)]
    kind: EvidenceKind,
    /// It in words; of a quotation the masked words of the record.
    text: String,
    /// So many customers, where it counts.
    n: Option<u64>,
    /// Of so many.
    of: Option<u64>,
    /// The one by the other, 0 to 1.
    share: Option<f64>,
    /// Wilson's 95 % interval of the share, its lower and its upper end.
    interval: Option<[f64; 2]>,
    /// Records behind it.
    records: Vec<Uuid>,
}

/// Which language model wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct Writer {
    /// Its name.
    name: String,
    /// SHA-256 of its file in hexadecimal; empty for one on a server.
    digest: String,
}

/// Ask about a persona
///
/// Answers from that persona's own records only, each sentence with its evidence, or says that the data doesn't tell
/// (`told` is false). A language model, where one is set, may write the sentences; one that its citations don't prove is dropped.
#[utoipa::path(
    post,
    path = "/v1/personas/{id}/ask",
    operation_id = "ask_persona",
    tag = "personas",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The persona's id.")),
    request_body(content = Question, example = json!(super::sent(Question::sample()))),
    responses(
        (status = 200, description = "The answer.", body = AnswerView, example = json!(AnswerView::sample())),
        problem::BadBody,
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn ask_persona(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Json(asked): Json<Question>,
) -> Result<Json<AnswerView>, Problem> {
    let wrong = |reason: String| Problem::invalid_param("question", reason);
    if asked.question.chars().nth(pipeline::MAX_QUESTION_CHARS).is_some() {
        return Err(wrong(format!("is longer than {} characters; shorten it", pipeline::MAX_QUESTION_CHARS)));
    }
    let question = text::parse(asked.question).map_err(|error| wrong(error.to_string()))?;
    let tongue = asked.language.map(|language| language.0);
    Ok(Json(pipeline::ask(&app, id, &question, tongue).await?.into()))
}

/// Describe a persona
///
/// A few sentences from its card and its records, each with its evidence.
#[utoipa::path(
    get,
    path = "/v1/personas/{id}/narrative",
    operation_id = "narrate_persona",
    tag = "personas",
    security(("bearer" = ["feedback:read"])),
    params(("id" = Uuid, Path, description = "The persona's id."), Written),
    responses(
        (status = 200, description = "The description.", body = AnswerView, example = json!(AnswerView::sample())),
        problem::BadParams,
        problem::Missing,
        problem::Usual,
    )
)]
pub async fn narrate_persona(
    _: Allowed<scope::FeedbackRead>,
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(written): Query<Written>,
) -> Result<Json<AnswerView>, Problem> {
    let tongue = written.language.map_or(Tongue::English, |language| language.0);
    Ok(Json(pipeline::narrate(&app, id, tongue).await?.into()))
}

impl From<Answer> for AnswerView {
    fn from(answer: Answer) -> Self {
        let cited = |number: &usize| answer.sentences.iter().any(|sentence| sentence.citations.contains(number));
        let lines = (1..).zip(&answer.sheet.lines).filter(|(number, _)| cited(number));
        Self {
            evidence: lines.map(|(number, line)| EvidenceView::new(number, line)).collect(),
            language: AnswerLanguage(answer.tongue),
            told: answer.told,
            set_aside: answer.sheet.set_aside,
            model: answer.model.map(|ModelInfo { name, digest }| Writer { name, digest }),
            dropped: answer.dropped,
            sentences: answer
                .sentences
                .into_iter()
                .map(|sentence| SentenceView { text: sentence.text, citations: sentence.citations })
                .collect(),
        }
    }
}

impl EvidenceView {
    fn new(number: usize, line: &Line) -> Self {
        let counted = line.counted.as_ref();
        Self {
            number,
            kind: EvidenceKind(line.kind),
            text: line.text.clone(),
            n: counted.map(|counted| counted.n),
            of: counted.map(|counted| counted.of),
            share: counted.map(crate::answers::Counted::share),
            interval: counted.map(|counted| [counted.interval.low, counted.interval.high]),
            records: line.records.iter().map(|record| record.id.0).collect(),
        }
    }
}

impl Question {
    fn sample() -> Self {
        Self { question: "Why are they unhappy with delivery?".to_owned(), language: None }
    }
}

impl AnswerView {
    fn sample() -> Self {
        let text = "12 of 80 customers complain of “late delivery” (15 %, between 9 % and 24 %).".to_owned();
        Self {
            language: AnswerLanguage(Tongue::English),
            told: true,
            sentences: vec![SentenceView { text: text.clone(), citations: vec![1] }],
            evidence: vec![EvidenceView {
                number: 1,
                kind: EvidenceKind(crate::answers::Kind::Pain),
                text,
                n: Some(12),
                of: Some(80),
                share: Some(0.15),
                interval: Some([0.0883, 0.2444]),
                records: vec![super::sample_id()],
            }],
            model: None,
            dropped: BTreeMap::new(),
            set_aside: 0,
        }
    }
}
