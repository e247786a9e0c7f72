//! Feedback as it is sent: our own shape, or a record of the Formbricks Hub.
//!
//! These are the shapes that the OpenAPI document shows; bodies are read by [`Record`], as the lines of an import are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::names::{Channel, RatingMethod, SourceKind};
use crate::feedback::{self, NewFeedback};
use crate::pipeline::record::{Defaults, InvalidField, Record};
use crate::web::problem::InvalidParam;

/// The source of a feedback that names none.
pub const DEFAULT_SOURCE: &str = "api";

/// One feedback to store.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = FeedbackInput)]
pub struct FeedbackInput {
    /// What the customer wrote; personal data is masked before it is stored.
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    /// The question that was asked.
    #[schema(max_length = 2_000)]
    pub question: Option<String>,
    /// The number that the customer gave with it.
    pub rating: Option<RatingInput>,
    /// Where it came in; `other` if nobody says.
    pub channel: Option<Channel>,
    /// What the channel usually stands for if nobody says.
    pub source_kind: Option<SourceKind>,
    /// Which interaction it is about, in your own words.
    #[schema(min_length = 1, max_length = 200)]
    pub touchpoint: Option<String>,
    /// The customer's pseudonymous id in your systems; never a name, number or address.
    #[schema(min_length = 1, max_length = 200)]
    pub customer: Option<String>,
    /// When the customer gave it; now if nobody says, and at most a day ahead.
    pub collected_at: Option<DateTime<Utc>>,
    /// The system that it comes from; `api` if nobody says.
    #[schema(min_length = 1, max_length = 200)]
    pub source: Option<String>,
    /// Its id in that system; sending it again changes nothing.
    #[schema(min_length = 1, max_length = 200)]
    pub external_id: Option<String>,
    /// Whatever you want back, at most 4 KiB; a text called `segment` (or شريحة) is the customer's segment.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<BTreeMap<String, Value>>,
}

/// A number as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RatingInput)]
pub struct RatingInput {
    /// How it was asked for; without it the question's words tell, or the channel (reviews have stars), or it is refused.
    /// The answer shows what was understood.
    pub method: Option<RatingMethod>,
    /// NPS 0–10, CSAT 1–5, CES 1–7, stars 1–5.
    #[schema(minimum = 0, maximum = 10)]
    pub value: i64,
}

/// A number and how it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Rating)]
pub struct RatingView {
    /// How it was asked for.
    pub method: RatingMethod,
    /// NPS 0–10, CSAT 1–5, CES 1–7, stars 1–5.
    #[schema(minimum = 0, maximum = 10)]
    pub value: i64,
}

impl From<feedback::Rating> for RatingView {
    fn from(rating: feedback::Rating) -> Self {
        Self { method: RatingMethod(rating.method()), value: rating.value().into() }
    }
}

/// A feedback record of the Formbricks Hub, taken as it is.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = HubRecord)]
pub struct HubRecord {
    /// With `field_id` the external id.
    pub submission_id: Option<String>,
    /// When the customer gave it; now if nobody says.
    pub collected_at: Option<DateTime<Utc>>,
    /// The channel, as far as it can be guessed.
    pub source_type: Option<String>,
    /// The source.
    pub source_id: Option<String>,
    /// Kept in the metadata.
    pub source_name: Option<String>,
    /// With `submission_id` the external id.
    pub field_id: Option<String>,
    /// The question.
    pub field_label: Option<String>,
    /// With `nps`, `csat`, `ces` or `stars`, `value_number` is the rating; with `rating` if the question tells which.
    pub field_type: Option<String>,
    /// Kept in the metadata.
    pub field_group_id: Option<String>,
    /// Kept in the metadata.
    pub field_group_label: Option<String>,
    /// The text.
    #[schema(required, min_length = 1, max_length = 10_000)]
    pub value_text: Option<String>,
    /// The rating, if the field is one.
    pub value_number: Option<f64>,
    /// Kept in the metadata.
    pub value_boolean: Option<bool>,
    /// Kept in the metadata.
    pub value_date: Option<String>,
    /// Kept in the metadata: the language is told from the text.
    pub language: Option<String>,
    /// The customer's pseudonymous id.
    pub user_id: Option<String>,
    /// Kept in the metadata.
    pub tenant_id: Option<String>,
    /// Whatever you want back, at most 4 KiB.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<BTreeMap<String, Value>>,
}

/// The feedback that `value` describes; `now` is when it arrived.
///
/// # Errors
/// Every field that is wrong.
pub fn parse(value: Value, now: DateTime<Utc>) -> Result<NewFeedback, Vec<InvalidParam>> {
    let defaults = Defaults { source: DEFAULT_SOURCE.to_owned(), channel: feedback::Channel::Other, now };
    let record = Record::from_value(value).map_err(|fault| vec![InvalidParam::from(fault)])?;
    record.into_feedback(&defaults).map_err(|faults| faults.into_iter().map(InvalidParam::from).collect())
}

impl From<InvalidField> for InvalidParam {
    fn from(InvalidField { name, reason }: InvalidField) -> Self {
        Self { name, reason }
    }
}

impl FeedbackInput {
    /// A rating and a text after a delivery, as an example.
    pub fn sample() -> Self {
        Self {
            text: "المندوب كان محترم بس الطلب وصل ناقص".to_owned(),
            question: Some("ما سبب تقييمك؟".to_owned()),
            rating: Some(RatingInput { method: Some(RatingMethod(feedback::RatingMethod::Nps)), value: 6 }),
            channel: Some(Channel(feedback::Channel::Survey)),
            source_kind: Some(SourceKind(feedback::SourceKind::Direct)),
            touchpoint: Some("delivery".to_owned()),
            customer: Some("c-1042".to_owned()),
            collected_at: Some(super::sample_time()),
            source: Some("post-delivery".to_owned()),
            external_id: Some("r-77".to_owned()),
            metadata: Some([("branch".to_owned(), Value::from("riyadh-3"))].into()),
        }
    }
}

impl HubRecord {
    /// An answer to an open question, as an example.
    pub fn sample() -> Self {
        Self {
            submission_id: Some("s-5501".to_owned()),
            collected_at: Some(super::sample_time()),
            source_type: Some("survey".to_owned()),
            source_id: Some("q1-nps".to_owned()),
            field_id: Some("why".to_owned()),
            field_label: Some("Why this score?".to_owned()),
            field_type: Some("text".to_owned()),
            value_text: Some("the courier was late again".to_owned()),
            language: Some("en".to_owned()),
            user_id: Some("u-9".to_owned()),
            tenant_id: Some("acme".to_owned()),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The names of the fields that are wrong.
    fn wrong(value: Value) -> Vec<String> {
        let faults = parse(value, crate::web::api::sample_time()).expect_err("wrong");
        faults.into_iter().map(|param| param.name).collect()
    }

    #[test]
    fn the_samples_of_the_document_are_taken() {
        let own = parse(json!(FeedbackInput::sample()), crate::web::api::sample_time()).expect("fine");
        assert_eq!(own.origin.source_kind, feedback::SourceKind::Direct);
        assert_eq!(own.rating.map(feedback::Rating::value), Some(6));
        let hub = parse(json!(HubRecord::sample()), crate::web::api::sample_time()).expect("fine");
        assert_eq!(hub.text.expose(), "the courier was late again");
        assert_eq!(hub.origin.external_id.as_deref(), Some("s-5501:why"));
        assert_eq!(hub.origin.channel, feedback::Channel::Survey);
    }

    #[test]
    fn every_field_of_the_document_is_taken() {
        let shape = json!(FeedbackInput::sample());
        assert!(shape.as_object().is_some_and(|fields| fields.values().all(|value| !value.is_null())), "{shape}");
        assert!(parse(shape, crate::web::api::sample_time()).is_ok());
    }

    #[test]
    fn every_wrong_field_is_named() {
        for (value, expected) in [
            (json!({}), vec!["text"]),
            (json!({"text": " "}), vec!["text"]),
            (json!({"text": "x", "txt": "y"}), vec!["txt"]),
            (
                json!({"text": "x", "channel": "fax", "source": "", "collected_at": "soon"}),
                vec!["channel", "collected_at", "source"],
            ),
            (json!({"text": "x", "rating": {"method": "nps", "value": 11}}), vec!["rating"]),
            (json!({"text": "x", "metadata": {"a": "x".repeat(5_000)}}), vec!["metadata"]),
        ] {
            assert_eq!(wrong(value.clone()), expected, "{value}");
        }
    }
}
