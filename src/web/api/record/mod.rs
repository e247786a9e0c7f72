//! Feedback as it is sent: our own shape, or a record of the Formbricks Hub, read into one valid value.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::feedback::{self, CustomerId, NewFeedback, Origin, Rating, Touchpoint};
use crate::web::api::names::{Channel, RatingMethod, SourceKind};
use crate::web::api::text;
use crate::web::extract::parse_value;
use crate::web::problem::{Faults, InvalidParam};

/// The most that metadata may take, in bytes of JSON.
const MAX_METADATA_BYTES: usize = 4 * 1024;

/// The source of a feedback that names none.
const DEFAULT_SOURCE: &str = "api";

/// Fields that only a record of the Formbricks Hub has.
const HUB_FIELDS: [&str; 6] = ["submission_id", "source_type", "field_type", "value_text", "value_number", "tenant_id"];

/// One feedback to store.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeedbackInput)]
pub struct FeedbackInput {
    /// What the customer wrote; personal data is masked before it is stored.
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    /// The question that was asked.
    #[schema(max_length = 10_000)]
    pub question: Option<String>,
    /// The number that the customer gave with it.
    pub rating: Option<RatingView>,
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
    /// Whatever you want back, at most 4 KiB.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<BTreeMap<String, Value>>,
}

/// A number and how it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rating)]
pub struct RatingView {
    /// How it was asked for.
    pub method: RatingMethod,
    /// NPS 0–10, CSAT 1–5, CES 1–7.
    #[schema(minimum = 0, maximum = 10)]
    pub value: i64,
}

/// A feedback record of the Formbricks Hub, taken as it is.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
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
    /// With `nps`, `csat` or `ces`, `value_number` is the rating.
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
    let fields = value.as_object();
    let from_hub = fields.is_some_and(|fields| HUB_FIELDS.iter().any(|name| fields.contains_key(*name)));
    if from_hub && fields.is_some_and(|fields| !fields.contains_key("text")) {
        let record: HubRecord = parse_value(value).map_err(|param| vec![param])?;
        return check(FeedbackInput::try_from(record)?, now, "value_text");
    }
    let mut fields = value;
    let alias = fields.as_object_mut().and_then(|fields| fields.remove("value_text"));
    if alias.is_some() {
        let reason = "stands beside text; send one of the two";
        return Err(vec![InvalidParam { name: "value_text".into(), reason: reason.into() }]);
    }
    check(parse_value(fields).map_err(|param| vec![param])?, now, "text")
}

/// Reads every field, so that all that is wrong is told at once; `text_field` is what the sender calls the text.
fn check(input: FeedbackInput, now: DateTime<Utc>, text_field: &str) -> Result<NewFeedback, Vec<InvalidParam>> {
    let mut faults = Faults::default();
    let text = faults.keep(text_field, text::parse(input.text));
    let question = input.question.filter(|question| !text::is_blank(question));
    let question = question.and_then(|question| faults.keep("question", text::parse(question)));
    let rating = input.rating.and_then(|rating| faults.keep("rating", Rating::new(rating.method.0, rating.value)));
    let channel = input.channel.map_or(feedback::Channel::Other, |channel| channel.0);
    let touchpoint = input.touchpoint.and_then(|name| faults.keep("touchpoint", Touchpoint::try_from(name)));
    let customer = input.customer.and_then(|id| faults.keep("customer", CustomerId::try_from(id)));
    let collected_at = faults.keep("collected_at", not_too_late(input.collected_at.unwrap_or(now), now));
    let source = input.source.unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
    let source = faults.keep("source", text::short(&source));
    let external_id = input.external_id.and_then(|id| faults.keep("external_id", text::short(&id)));
    let metadata = faults.keep("metadata", small(input.metadata.unwrap_or_default()));
    faults.finish()?;
    let (Some(text), Some(source), Some(collected_at), Some(metadata)) = (text, source, collected_at, metadata) else {
        return Err(Vec::new());
    };
    let source_kind = input.source_kind.map_or(channel.source_kind(), |kind| kind.0);
    let origin = Origin { source, external_id, channel, source_kind, touchpoint, customer, collected_at, metadata };
    Ok(NewFeedback { text, question, rating, origin })
}

/// A time that is not before 1970 and at most a day ahead of `now`, to the millisecond.
fn not_too_late(time: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, &'static str> {
    if time > now + TimeDelta::hours(24) {
        return Err("lies more than 24 hours ahead");
    }
    let millis = time.timestamp_millis();
    DateTime::from_timestamp_millis(millis).filter(|_| millis >= 0).ok_or("lies before 1970")
}

/// Metadata that a database takes.
fn small(metadata: BTreeMap<String, Value>) -> Result<BTreeMap<String, Value>, String> {
    let json = serde_json::to_string(&metadata).map_err(|error| error.to_string())?;
    if json.len() > MAX_METADATA_BYTES {
        return Err(format!("takes {} bytes of JSON; at most {MAX_METADATA_BYTES} are kept", json.len()));
    }
    if json.contains("\\u0000") {
        return Err("holds a NUL character (U+0000); remove it".to_owned());
    }
    Ok(metadata)
}

impl TryFrom<HubRecord> for FeedbackInput {
    type Error = Vec<InvalidParam>;

    fn try_from(record: HubRecord) -> Result<Self, Vec<InvalidParam>> {
        let mut faults = Faults::default();
        if record.value_text.is_none() {
            faults.note("value_text", "is missing; only records with a text are taken");
        }
        let rating = record.rating().and_then(|rating| faults.keep("value_number", rating));
        let external_id = record.external_id();
        let channel = record.source_type.as_deref().map(|source| Channel(channel_of(source)));
        let metadata = record.kept();
        faults.finish()?;
        Ok(Self {
            text: record.value_text.unwrap_or_default(),
            question: record.field_label,
            rating,
            channel,
            customer: record.user_id,
            collected_at: record.collected_at,
            source: record.source_id.or(record.source_type).or_else(|| Some("hub".to_owned())),
            external_id,
            metadata: Some(metadata),
            ..Self::default()
        })
    }
}

impl HubRecord {
    /// One submission has a record for each of its fields, so both ids make the natural key.
    fn external_id(&self) -> Option<String> {
        let submission = self.submission_id.as_ref()?;
        Some(self.field_id.as_ref().map_or_else(|| submission.clone(), |field| format!("{submission}:{field}")))
    }

    fn rating(&self) -> Option<Result<RatingView, String>> {
        let method = match self.field_type.as_deref()? {
            "nps" => feedback::RatingMethod::Nps,
            "csat" => feedback::RatingMethod::Csat,
            "ces" => feedback::RatingMethod::Ces,
            _ => return None,
        };
        let number = self.value_number?;
        let range = method.range();
        let value = (i64::from(range.0)..=i64::from(range.1)).find(|value| *value as f64 == number);
        Some(match value {
            Some(value) => Ok(RatingView { method: RatingMethod(method), value }),
            None => Err(format!("{} takes whole numbers from {} to {}", method.name(), range.0, range.1)),
        })
    }

    /// The metadata, with the fields that have no place of their own.
    fn kept(&self) -> BTreeMap<String, Value> {
        let mut metadata = self.metadata.clone().unwrap_or_default();
        let texts = [
            ("source_name", &self.source_name),
            ("field_group_id", &self.field_group_id),
            ("field_group_label", &self.field_group_label),
            ("language", &self.language),
            ("tenant_id", &self.tenant_id),
            ("value_date", &self.value_date),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                metadata.entry(name.to_owned()).or_insert_with(|| value.as_str().into());
            }
        }
        if let Some(value) = self.value_boolean {
            metadata.entry("value_boolean".to_owned()).or_insert_with(|| value.into());
        }
        metadata
    }
}

/// The channel that a Hub's free word for its source stands for.
fn channel_of(source_type: &str) -> feedback::Channel {
    let word = source_type.to_lowercase();
    if let Ok(channel) = word.parse() {
        return channel;
    }
    let holds = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match () {
        () if holds(&["survey", "nps", "csat", "questionnaire"]) => feedback::Channel::Survey,
        () if holds(&["app_store", "appstore", "play_store", "app-store"]) => feedback::Channel::AppReview,
        () if holds(&["review"]) => feedback::Channel::Review,
        () if holds(&["social", "twitter", "facebook", "instagram", "tiktok"]) => feedback::Channel::Social,
        () if holds(&["call", "phone", "voice"]) => feedback::Channel::Call,
        () if holds(&["chat", "whatsapp", "support"]) => feedback::Channel::Chat,
        () if holds(&["mail"]) => feedback::Channel::Email,
        () if holds(&["form", "web", "site"]) => feedback::Channel::Web,
        () => feedback::Channel::Other,
    }
}

impl FeedbackInput {
    /// A rating and a text after a delivery, as an example.
    pub fn sample() -> Self {
        Self {
            text: "المندوب كان محترم بس الطلب وصل ناقص".to_owned(),
            question: Some("ما سبب تقييمك؟".to_owned()),
            rating: Some(RatingView { method: RatingMethod(feedback::RatingMethod::Nps), value: 6 }),
            channel: Some(Channel(feedback::Channel::Survey)),
            touchpoint: Some("delivery".to_owned()),
            customer: Some("c-1042".to_owned()),
            collected_at: Some(crate::web::api::sample_time()),
            source: Some("post-delivery".to_owned()),
            external_id: Some("r-77".to_owned()),
            metadata: Some([("branch".to_owned(), Value::from("riyadh-3"))].into()),
            ..Self::default()
        }
    }
}

impl HubRecord {
    /// An answer to an open question, as an example.
    pub fn sample() -> Self {
        Self {
            submission_id: Some("s-5501".to_owned()),
            collected_at: Some(crate::web::api::sample_time()),
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
mod tests;
