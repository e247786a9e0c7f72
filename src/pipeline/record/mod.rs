//! One feedback as somebody sends it, and the checks that make it a [`NewFeedback`].
//!
//! A [`Record`] holds what was sent, unchecked; all its faults are told at once.
//! Reasons may quote up to 40 characters of a short field, masked; a text's own words are never quoted.

pub mod customer;
mod hub;
mod method;
pub mod time;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::feedback::{
    Channel, CustomerId, MAX_TEXT_CHARS, NewFeedback, Origin, Rating, RatingMethod, SourceKind, Touchpoint,
};
use crate::privacy::{self, RawText};

use self::method::Told;

/// The most that a record's metadata takes as JSON, in bytes.
pub const MAX_METADATA_BYTES: usize = 4096;

/// The longest question that is taken, in Unicode scalar values.
pub const MAX_QUESTION_CHARS: usize = 2_000;

/// The longest source or external id, in Unicode scalar values.
const MAX_NAME_CHARS: usize = 200;

/// How far ahead of our clock the sender's may be.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::hours(24);

/// What is said of a rating without a method that nothing tells.
const NO_METHOD: &str = "has no method, and neither the question nor the channel tells it; add method: nps (0 to 10), \
    csat (1 to 5), ces (1 to 7, 7 is easiest) or stars (1 to 5)";

/// One feedback as it was sent: names and kinds are right, values aren't checked.
///
/// It holds unmasked text, so it can't be serialised, and its `Debug` shows nothing.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with a text")]
pub struct Record {
    /// What the person wrote, 1–10 000 characters.
    pub text: Option<String>,
    /// The question that was asked.
    pub question: Option<String>,
    /// The number the person gave with it.
    pub rating: Option<RatingRecord>,
    /// Where it came in, one of [`Channel::ALL`].
    pub channel: Option<String>,
    /// One of [`SourceKind::ALL`]; what the channel usually stands for if none.
    pub source_kind: Option<String>,
    /// Which interaction it is about.
    pub touchpoint: Option<String>,
    /// The sender's pseudonymous id; a phone number or address given here is replaced by a short hash.
    #[serde(default, deserialize_with = "word")]
    pub customer: Option<String>,
    /// When the person gave it; now if none.
    pub collected_at: Option<String>,
    /// The system that it comes from.
    pub source: Option<String>,
    /// Its id in that system.
    #[serde(default, deserialize_with = "word")]
    pub external_id: Option<String>,
    /// Whatever else the source wants back, at most [`MAX_METADATA_BYTES`].
    pub metadata: Option<Map<String, Value>>,
}

/// A rating as it was sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with a value and a method")]
pub struct RatingRecord {
    /// One of [`RatingMethod::ALL`]; what the question or the channel tells if none.
    pub method: Option<String>,
    /// A whole number in the method's range.
    #[serde(deserialize_with = "number")]
    pub value: f64,
}

/// What a record that doesn't say gets.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The system that it comes from.
    pub source: String,
    /// Where it came in.
    pub channel: Channel,
    /// The time now; also the latest time that a feedback may claim, give or take a day.
    pub now: DateTime<Utc>,
}

/// A field that can't be taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvalidField {
    /// Its name, with dots for nested ones; `record` if it isn't one field's fault.
    pub name: String,
    /// What is wrong and what is right.
    pub reason: String,
}

impl Record {
    /// Reads one JSON object: a record, or a Formbricks Hub feedback record as it is.
    ///
    /// # Errors
    /// The first fault of form: broken JSON, an unknown field, a value of the wrong type.
    pub fn from_json(json: &str) -> Result<Self, InvalidField> {
        let deserializer = &mut serde_json::Deserializer::from_str(json);
        let fault = match serde_path_to_error::deserialize(&mut *deserializer) {
            Ok(record) => return deserializer.end().map(|()| record).map_err(|error| InvalidField::json("", &error)),
            Err(fault) => fault,
        };
        if fault.inner().is_data()
            && let Ok(Value::Object(map)) = serde_json::from_str(json)
            && hub::is_hub(&map)
        {
            return hub::record(map);
        }
        Err(InvalidField::json(&fault.path().to_string(), fault.inner()))
    }

    /// The same from JSON that was parsed before.
    ///
    /// # Errors
    /// The first fault of form.
    pub fn from_value(value: Value) -> Result<Self, InvalidField> {
        match value {
            Value::Object(map) if hub::is_hub(&map) => hub::record(map),
            value => serde_path_to_error::deserialize(value)
                .map_err(|fault| InvalidField::json(&fault.path().to_string(), fault.inner())),
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// Each field that is wrong, with the reason.
    pub fn into_feedback(self, defaults: &Defaults) -> Result<NewFeedback, Vec<InvalidField>> {
        let mut faults = Faults::default();
        let text = faults.check("text", check_text(self.text));
        let question = faults.check("question", check_question(self.question));
        let channel = faults.check("channel", self.channel.map_or(Ok(defaults.channel), |name| name.parse()));
        let asked = question.as_ref().and_then(|question| question.as_ref()).map(RawText::expose);
        let told = || method::guess(asked, channel.unwrap_or(defaults.channel));
        let rating = faults.check("rating", self.rating.map(|rating| rating.check(told)).transpose());
        let kind = faults.check("source_kind", self.source_kind.map(|name| name.parse::<SourceKind>()).transpose());
        let touchpoint = faults.check("touchpoint", given(self.touchpoint).map(Touchpoint::try_from).transpose());
        let customer = given(self.customer).map(|text| customer::customer_id(&text)).transpose();
        let customer: Option<Option<CustomerId>> = faults.check("customer", customer);
        let collected_at = faults.check("collected_at", check_time(self.collected_at, defaults.now));
        let source = faults.check("source", check_name(self.source.unwrap_or_else(|| defaults.source.clone())));
        let external_id = faults.check("external_id", given(self.external_id).map(check_external_id).transpose());
        let metadata = faults.check("metadata", check_metadata(self.metadata.unwrap_or_default()));
        match (text, question, rating, channel, kind, touchpoint) {
            (Some(text), Some(question), Some(rating), Some(channel), Some(kind), Some(touchpoint)) => {
                match (customer, collected_at, source, external_id, metadata) {
                    (Some(customer), Some(collected_at), Some(source), Some(external_id), Some(metadata)) => {
                        let source_kind = kind.unwrap_or(channel.source_kind());
                        let origin = Origin {
                            source,
                            external_id,
                            channel,
                            source_kind,
                            touchpoint,
                            customer,
                            collected_at,
                            metadata,
                        };
                        Ok(NewFeedback { text, question, rating, origin })
                    }
                    _ => Err(faults.0),
                }
            }
            _ => Err(faults.0),
        }
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").finish_non_exhaustive()
    }
}

impl RatingRecord {
    /// The rating; `told` says its method and what told it, where the sender doesn't.
    fn check(self, told: impl FnOnce() -> Option<(RatingMethod, Told)>) -> Result<Rating, String> {
        let (method, source) = match self.method {
            Some(name) => (name.parse::<RatingMethod>().map_err(|error| error.to_string())?, None),
            None => told().map(|(method, source)| (method, Some(source))).ok_or(NO_METHOD)?,
        };
        checked(method, self.value).map_err(|reason| match source {
            Some(source) => format!("{reason}; the {source} told the method, send the right one as rating.method"),
            None => reason,
        })
    }
}

/// The rating, if its value is a whole number of the method's scale.
fn checked(method: RatingMethod, value: f64) -> Result<Rating, String> {
    let (low, high) = method.range();
    #[expect(clippy::cast_possible_truncation, reason = "whole and below 1e9 in size")]
    if value.fract() == 0.0 && value.abs() < 1e9 {
        return Rating::new(method, value as i64).map_err(|error| error.to_string());
    }
    let shown = if value.abs() < 1e9 { value.to_string() } else { format!("{value:e}") };
    Err(format!("{method} takes whole numbers from {low} to {high}, not {shown}"))
}

impl InvalidField {
    /// A fault of one field.
    #[must_use]
    pub fn new(name: &str, reason: impl fmt::Display) -> Self {
        let reason = privacy::mask(&RawText::new(reason.to_string())).text.as_str().to_owned();
        Self { name: if name.is_empty() { "record" } else { name }.to_owned(), reason }
    }

    /// A fault that the JSON reader found; its position is told in the sender's terms.
    fn json(path: &str, error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let what = without_text(message.strip_suffix(&position).unwrap_or(&message));
        let place = match (error.line(), error.column()) {
            (0, _) => String::new(),
            (1, column) => format!(" (column {column})"),
            (line, column) => format!(" (line {line}, column {column})"),
        };
        if error.is_data() || what.contains("out of range") {
            Self::new(if matches!(path, "." | "?") { "" } else { path }, format!("{what}{place}"))
        } else {
            Self::new("", format!("broken JSON: {what}{place}"))
        }
    }
}

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name == "record" { f.write_str(&self.reason) } else { write!(f, "{}: {}", self.name, self.reason) }
    }
}

#[derive(Default)]
struct Faults(Vec<InvalidField>);

impl Faults {
    fn check<T, E: fmt::Display>(&mut self, name: &str, value: Result<T, E>) -> Option<T> {
        value.map_err(|reason| self.0.push(InvalidField::new(name, reason))).ok()
    }
}

/// A message of the JSON reader without the text that it met where something else was expected.
fn without_text(message: &str) -> String {
    let quoted = message.find("string \"").zip(message.rfind("\", expected"));
    let shown = match quoted {
        Some((start, end)) if start < end => format!("{}{}", &message[..start + "string".len()], &message[end + 1..]),
        _ => message.to_owned(),
    };
    shown.chars().take(300).collect()
}

/// The start of a value between quotes, for a reason.
fn quote(value: &str) -> String {
    format!("{:?}", value.chars().take(40).collect::<String>())
}

/// Blank means not given: exports fill empty columns that way.
fn given(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.trim().is_empty())
}

fn check_text(text: Option<String>) -> Result<RawText, String> {
    let text = text.ok_or("is missing; every feedback needs the words that the person wrote")?;
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err("is empty; every feedback needs the words that the person wrote".to_owned());
    }
    check_chars(text, MAX_TEXT_CHARS)
}

fn check_question(question: Option<String>) -> Result<Option<RawText>, String> {
    given(question).map(|question| check_chars(question, MAX_QUESTION_CHARS)).transpose()
}

fn check_chars(text: String, most: usize) -> Result<RawText, String> {
    let length = text.chars().count();
    if length > most {
        return Err(format!("has {length} characters, at most {most} are taken"));
    }
    if text.contains('\0') {
        return Err("holds a NUL character, which no text has; remove it".to_owned());
    }
    Ok(RawText::new(text))
}

fn check_time(text: Option<String>, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let Some(text) = given(text) else { return Ok(now) };
    let time = time::parse(&text).map_err(|error| error.to_string())?;
    if time > now + CLOCK_TOLERANCE {
        return Err(format!("{} lies more than a day ahead; check the clock and the date's format", quote(&text)));
    }
    Ok(time.trunc_subsecs(3))
}

fn check_name(name: String) -> Result<String, String> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(format!("must have 1 to {MAX_NAME_CHARS} characters and no control characters"));
    }
    Ok(name.to_owned())
}

fn check_external_id(id: String) -> Result<String, String> {
    check_name(customer::pseudonym_of_external_id(&id).unwrap_or(id))
}

fn check_metadata(metadata: Map<String, Value>) -> Result<BTreeMap<String, Value>, String> {
    let size = serde_json::to_string(&metadata).map_err(|error| error.to_string())?;
    if size.len() > MAX_METADATA_BYTES {
        return Err(format!("takes {} bytes as JSON, at most {MAX_METADATA_BYTES} are taken", size.len()));
    }
    if size.contains("\\u0000") && has_nul(&metadata) {
        return Err("holds a NUL character; remove it".to_owned());
    }
    if metadata.keys().any(|key| check_name(key.clone()).is_err()) {
        return Err(format!("names must have 1 to {MAX_NAME_CHARS} characters and no control characters"));
    }
    Ok(metadata.into_iter().collect())
}

fn has_nul(map: &Map<String, Value>) -> bool {
    fn inside(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(items) => items.iter().any(inside),
            Value::Object(map) => has_nul(map),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    map.iter().any(|(key, value)| key.contains('\0') || inside(value))
}

/// An id: text, or a whole number that some systems send instead.
fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected text; ids of more than 19 digits must be sent as text")]
    enum Word {
        Text(String),
        Whole(i64),
        Large(u64),
    }
    Ok(Option::<Word>::deserialize(deserializer)?.map(|word| match word {
        Word::Text(text) => text,
        Word::Whole(number) => number.to_string(),
        Word::Large(number) => number.to_string(),
    }))
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number")]
    enum Number {
        Number(f64),
    }
    Number::deserialize(deserializer).map(|Number::Number(value)| value)
}

#[cfg(test)]
mod tests;
