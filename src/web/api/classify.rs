//! `POST /v1/classify`: what texts are, with nothing stored.

use std::collections::HashSet;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use super::analysis::AnalysisView as ResultView;
use super::analysis::{AnalysisView, ModelView};
use super::items::{ItemProblem, Items};
use super::text;
use crate::app::App;
use crate::feedback::Analysis;
use crate::pipeline::{self, ClassifyItem, Timings};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Json, parse_value};
use crate::web::problem::{self, Problem};

/// Texts to classify.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassifyRequest {
    /// 1 to 256 of them.
    #[schema(min_items = 1, max_items = 256)]
    items: Vec<ClassifyInput>,
}

/// One text to classify.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClassifyItem)]
struct ClassifyInput {
    /// Your own id for it, given back with its result; different for each item.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "m-1")]
    id: Option<String>,
    /// What the customer wrote.
    #[schema(min_length = 1, max_length = 10_000)]
    text: String,
    /// The question that was asked, if one was.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    question: Option<String>,
}

/// What the texts are, in the order of the items.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClassifyAnswer {
    /// One for each item.
    results: Vec<ClassifyResult>,
    timings: TimingsView,
    /// The model that spoke; null if no item could be classified.
    #[schema(required)]
    model: Option<ModelView>,
}

/// What one text is, or why that can't be said.
#[derive(Debug, Serialize, ToSchema)]
struct ClassifyResult {
    /// The item's own id.
    #[schema(required)]
    id: Option<String>,
    #[schema(required)]
    result: Option<AnalysisView>,
    #[schema(required)]
    problem: Option<ItemProblem>,
}

/// How long the batch took, in milliseconds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Timings)]
struct TimingsView {
    /// Masking personal data.
    masking_ms: f64,
    /// Waiting for the model, and in it.
    inference_ms: f64,
    /// Altogether.
    total_ms: f64,
}

/// Classify texts
///
/// Says of each text what language and dialect it is in, how the customer feels, how urgent it is and why,
/// who should take it, and whether a chatbot must hand over to a person. Nothing is stored.
/// A wrong item gets a problem of its own and never fails the others.
/// The same text gives the same result as long as the model's digest and the rules stay the same.
#[utoipa::path(
    post,
    path = "/v1/classify",
    operation_id = "classify",
    tag = "classify",
    security(("bearer" = ["classify"])),
    request_body(content = ClassifyRequest, example = json!(ClassifyRequest::sample())),
    responses(
        (status = 200, description = "One result for each item, in order.", body = ClassifyAnswer,
            example = json!(ClassifyAnswer::sample())),
        problem::BadBody,
        problem::Usual,
    )
)]
pub async fn classify(
    _: Allowed<scope::Classify>,
    State(app): State<App>,
    Json(items): Json<Items>,
) -> Result<Json<ClassifyAnswer>, Problem> {
    let mut parsed = parse(items.bounded()?);
    let good = parsed.iter_mut().filter_map(|item| item.outcome.as_mut().ok()?.take()).collect::<Vec<_>>();
    let (analyses, timings) = match good.as_slice() {
        [] => (Vec::new(), Timings::default()),
        _ => pipeline::classify(&app, good).await?,
    };
    Ok(Json(ClassifyAnswer::new(parsed, &analyses, timings)))
}

/// An item with its id: what to classify (until it is taken away to be classified), or why not.
struct Parsed {
    id: Option<String>,
    outcome: Result<Option<ClassifyItem>, ItemProblem>,
}

/// Reads each item on its own; a second one with the same id is refused.
fn parse(items: Vec<Value>) -> Vec<Parsed> {
    let mut seen = HashSet::new();
    let items = items.into_iter().map(|item| {
        let id = item.get("id").and_then(Value::as_str).and_then(|id| text::short(id).ok());
        let fresh = id.as_ref().is_none_or(|id| seen.insert(id.clone()));
        let outcome = if fresh { parse_item(item).map(Some) } else { Err(ItemProblem::duplicate_id()) };
        Parsed { id, outcome }
    });
    items.collect()
}

fn parse_item(item: Value) -> Result<ClassifyItem, ItemProblem> {
    if !item.is_object() {
        return Err(ItemProblem::new("invalid", "an item is an object with a text"));
    }
    let input: ClassifyInput = parse_value(item).map_err(ItemProblem::from)?;
    if let Some(id) = &input.id {
        text::short(id).map_err(|reason| ItemProblem::new("invalid", format!("id {reason}")))?;
    }
    let question = input.question.filter(|question| !text::is_blank(question));
    Ok(ClassifyItem {
        text: text::parse(input.text).map_err(|error| ItemProblem::no_text("text", error))?,
        question: question.map(text::parse).transpose().map_err(|error| ItemProblem::no_text("question", error))?,
    })
}

impl ClassifyAnswer {
    /// Puts the analyses, which are those of the good items in order, beside their ids.
    fn new(parsed: Vec<Parsed>, analyses: &[Analysis], timings: Timings) -> Self {
        let model = analyses.first().map(|analysis| ModelView::from(&analysis.model));
        let mut analyses = analyses.iter();
        let results = parsed.into_iter().map(|Parsed { id, outcome }| match outcome {
            Ok(_) => match analyses.next() {
                Some(analysis) => ClassifyResult { id, result: Some(analysis.into()), problem: None },
                None => ClassifyResult { id, result: None, problem: Some(ItemProblem::internal()) },
            },
            Err(problem) => ClassifyResult { id, result: None, problem: Some(problem) },
        });
        Self { results: results.collect(), timings: TimingsView::from(timings), model }
    }

    fn sample() -> Self {
        let fine = ClassifyResult { id: Some("m-1".to_owned()), result: Some(AnalysisView::sample()), problem: None };
        let empty = ItemProblem::no_text("text", text::NoText::Empty);
        let wrong = ClassifyResult { id: Some("m-2".to_owned()), result: None, problem: Some(empty) };
        let timings = TimingsView { masking_ms: 0.4, inference_ms: 11.2, total_ms: 12.1 };
        Self { results: vec![fine, wrong], timings, model: Some(ModelView::sample()) }
    }
}

impl From<Timings> for TimingsView {
    fn from(timings: Timings) -> Self {
        let Timings { masking_ms, inference_ms, total_ms } = timings;
        Self { masking_ms, inference_ms, total_ms }
    }
}

impl ClassifyRequest {
    fn sample() -> Self {
        let item = |id: &str, text: &str| ClassifyInput { id: Some(id.into()), text: text.into(), question: None };
        Self { items: vec![item("m-1", "فيه أحد يستخدم حسابي"), item("m-2", " ")] }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bad_item_gets_its_own_problem_and_leaves_the_others_alone() {
        let cases = [
            (json!({"id": "a", "text": "فيه أحد يستخدم حسابي"}), Some("a"), None),
            (json!({"id": "a", "text": "الخدمة زفت"}), Some("a"), Some("duplicate_id")),
            (json!({"text": "no id is fine"}), None, None),
            (json!({"text": "nor a second one", "id": null}), None, None),
            (json!({"id": "b", "text": "  "}), Some("b"), Some("text_empty")),
            (json!({"id": "c", "text": "x\u{0}y"}), Some("c"), Some("text_has_nul")),
            (json!({"id": "d", "text": "x".repeat(10_001)}), Some("d"), Some("text_too_long")),
            (json!({"id": "e", "text": 7}), Some("e"), Some("invalid")),
            (json!({"id": "f"}), Some("f"), Some("invalid")),
            (json!({"id": "g", "text": "x", "lang": "ar"}), Some("g"), Some("invalid")),
            (json!({"id": 8, "text": "x"}), None, Some("invalid")),
            (json!({"id": "", "text": "x"}), None, Some("invalid")),
            (json!({"id": "h", "text": "x", "question": "y\u{0}"}), Some("h"), Some("text_has_nul")),
            (json!({"id": "i", "text": "x", "question": " "}), Some("i"), None),
            (json!("just a text"), None, Some("invalid")),
            (json!(["j", "x", null]), None, Some("invalid")),
            (json!(null), None, Some("invalid")),
        ];
        let parsed = parse(cases.iter().map(|(item, ..)| item.clone()).collect());
        assert_eq!(parsed.len(), cases.len());
        for (parsed, (item, id, code)) in parsed.iter().zip(&cases) {
            assert_eq!(parsed.id.as_deref(), *id, "{item}");
            assert_eq!(parsed.outcome.as_ref().err().map(ItemProblem::code), *code, "{item}");
        }
    }
}
