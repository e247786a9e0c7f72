//! A Formbricks Hub feedback record, taken as it is.
//!
//! One Hub record is one answer to one question of one submission, so its key is submission and field together.

use serde_json::{Map, Value};

use super::{InvalidField, RatingRecord, Record, method};
use crate::feedback::{Channel, RatingMethod};

/// Whether the object speaks the Hub's language rather than ours.
pub(super) fn is_hub(map: &Map<String, Value>) -> bool {
    map.contains_key("submission_id") || map.contains_key("field_type")
}

/// The Hub's record in our terms; what has no place of its own goes to the metadata.
pub(super) fn record(mut map: Map<String, Value>) -> Result<Record, InvalidField> {
    let field_type = take(&mut map, "field_type")?.unwrap_or_default();
    let Some(text) = take(&mut map, "value_text")?.filter(|text| !text.trim().is_empty()) else {
        return Err(InvalidField::new(
            "value_text",
            format!("is missing; answers without words are not taken, a field of type {field_type:?} alone has none"),
        ));
    };
    let source_type = take(&mut map, "source_type")?;
    let mut record = Record {
        text: Some(text),
        question: take(&mut map, "field_label")?,
        channel: source_type.as_deref().map(|name| channel_of(name).to_owned()),
        customer: first_of(&mut map, ["user_id", "user_identifier"])?,
        collected_at: take(&mut map, "collected_at")?,
        source: first_of(&mut map, ["source_id", "source_name"])?,
        external_id: external_id(&mut map)?,
        ..Record::default()
    };
    if let Some(method) = method_of(&field_type, &record)
        && let Some(value) = map.remove("value_number").filter(|value| !value.is_null())
    {
        let value = value.as_f64().ok_or_else(|| InvalidField::new("value_number", "must be a number"))?;
        record.rating = Some(RatingRecord { method: Some(method.name().to_owned()), value });
    }
    record.metadata = Some(metadata(map, source_type, field_type));
    Ok(record)
}

/// The method that the field's type names; of a plain `rating` the one that its question or channel tells, if any.
fn method_of(field_type: &str, record: &Record) -> Option<RatingMethod> {
    if field_type != "rating" {
        return field_type.parse().ok();
    }
    let channel = record.channel.as_deref().and_then(|name| name.parse().ok()).unwrap_or(Channel::Other);
    method::guess(record.question.as_deref(), channel).map(|(method, _)| method)
}

fn external_id(map: &mut Map<String, Value>) -> Result<Option<String>, InvalidField> {
    let (submission, field) = (take(map, "submission_id")?, take(map, "field_id")?);
    let own = take(map, "id")?;
    Ok(match (submission, field) {
        (Some(submission), Some(field)) => Some(format!("{submission}:{field}")),
        (Some(submission), None) => Some(submission),
        (None, _) => own,
    })
}

fn channel_of(source_type: &str) -> &'static str {
    match source_type.to_lowercase().as_str() {
        "survey" | "nps_campaign" | "interview" | "usability_test" => "survey",
        "app_review" | "app_store" => "app_review",
        "review" | "reviews" => "review",
        "social" | "social_media" => "social",
        "call" | "phone" => "call",
        "chat" | "chatbot" => "chat",
        "email" => "email",
        "web" | "feedback_form" | "form" | "website" => "web",
        "behaviour" | "behavior" => "behaviour",
        _ => "other",
    }
}

/// The record's own metadata and every filled field that has no place of its own.
fn metadata(mut map: Map<String, Value>, source_type: Option<String>, field_type: String) -> Map<String, Value> {
    let mut all = match map.remove("metadata") {
        Some(Value::Object(own)) => own,
        None | Some(Value::Null) => Map::new(),
        Some(other) => Map::from_iter([("metadata".to_owned(), other)]),
    };
    for spent in ["created_at", "updated_at"] {
        map.remove(spent);
    }
    all.extend(map.into_iter().filter(|(_, value)| !value.is_null()));
    all.extend(source_type.map(|name| ("source_type".to_owned(), name.into())));
    if !field_type.is_empty() {
        all.insert("field_type".to_owned(), field_type.into());
    }
    all
}

fn first_of(map: &mut Map<String, Value>, names: [&str; 2]) -> Result<Option<String>, InvalidField> {
    match take(map, names[0])? {
        Some(text) => Ok(Some(text)),
        None => take(map, names[1]),
    }
}

/// A field's text; ids may be whole numbers, blank means not given.
fn take(map: &mut Map<String, Value>, name: &str) -> Result<Option<String>, InvalidField> {
    match map.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(Some(number.to_string())),
        Some(_) => Err(InvalidField::new(name, "must be text")),
    }
}
