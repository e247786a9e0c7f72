//! Which feedback is meant: the same filter for lists and for search, in a query or in a body.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::{Channel, Priority, SentimentLabel};
use super::text;
use crate::feedback::{CustomerId, Language, Touchpoint};
use crate::pipeline::FeedbackFilter;
use crate::web::extract::{Fields, Parameters};
use crate::web::problem::{Faults, InvalidParam};

/// Which feedback is meant; what isn't named is not looked at.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[schema(as = FeedbackFilter)]
pub struct Filter {
    /// Where it came in.
    pub channel: Option<Channel>,
    /// Which interaction it is about.
    pub touchpoint: Option<String>,
    /// ISO 639-1 code, or `und`.
    #[schema(example = "ar")]
    pub language: Option<String>,
    /// How the customer feels.
    pub sentiment: Option<SentimentLabel>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Where it goes.
    pub queue: Option<String>,
    /// Which theme it belongs to.
    pub theme: Option<Uuid>,
    /// Who sent it, by their pseudonymous id.
    pub customer: Option<String>,
    /// The system that it comes from.
    pub source: Option<String>,
    /// Collected at this time or later (RFC 3339).
    pub since: Option<DateTime<Utc>>,
    /// Collected before this time (RFC 3339).
    pub until: Option<DateTime<Utc>>,
}

impl Parameters for Filter {
    fn read(fields: &mut Fields) -> Self {
        Self {
            channel: fields.optional("channel"),
            touchpoint: fields.optional("touchpoint"),
            language: fields.optional("language"),
            sentiment: fields.optional("sentiment"),
            priority: fields.optional("priority"),
            queue: fields.optional("queue"),
            theme: fields.optional("theme"),
            customer: fields.optional("customer"),
            source: fields.optional("source"),
            since: fields.optional_with("since", time),
            until: fields.optional_with("until", time),
        }
    }
}

/// A time in a query.
fn time(text: &str) -> Result<DateTime<Utc>, &'static str> {
    let time = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    time.map_err(|_| "must be a time like 2026-01-31T08:00:00Z (a + in an offset is written %2B)")
}

impl Filter {
    /// The filter in the domain's terms.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(self) -> Result<FeedbackFilter, Vec<InvalidParam>> {
        let mut faults = Faults::default();
        let short = |faults: &mut Faults, name, value: Option<String>| {
            value.and_then(|value| faults.keep(name, text::short(&value)))
        };
        let filter = FeedbackFilter {
            channel: self.channel.map(|channel| channel.0),
            touchpoint: self.touchpoint.and_then(|name| faults.keep("touchpoint", Touchpoint::try_from(name))),
            language: self.language.and_then(|code| faults.keep("language", language(&code))),
            sentiment: self.sentiment.map(|sentiment| sentiment.0),
            priority: self.priority.map(|priority| priority.0),
            queue: short(&mut faults, "queue", self.queue),
            theme: self.theme,
            customer: self.customer.and_then(|id| faults.keep("customer", CustomerId::try_from(id))),
            source: short(&mut faults, "source", self.source),
            since: self.since,
            until: self.until,
        };
        if self.since.zip(self.until).is_some_and(|(since, until)| since >= until) {
            faults.note("until", "must be later than since");
        }
        faults.finish().map(|()| filter)
    }
}

/// A language by its code, which must be one.
fn language(code: &str) -> Result<Language, &'static str> {
    let language = Language::new(code);
    if language.code() == code { Ok(language) } else { Err("must be an ISO 639-1 code like ar, or und") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn filters_are_checked_and_all_that_is_wrong_is_told() {
        let names = |filter| -> Vec<String> {
            let filter: Filter = serde_json::from_value(filter).expect("a filter");
            filter.check().err().unwrap_or_default().into_iter().map(|param| param.name).collect()
        };
        for (filter, wrong) in [
            (json!({}), vec![]),
            (json!({"language": "ar", "channel": "chat", "since": "2026-01-01T00:00:00+03:00"}), vec![]),
            (json!({"language": "und"}), vec![]),
            (json!({"language": "Arabic", "queue": " ", "touchpoint": ""}), vec!["touchpoint", "language", "queue"]),
            (json!({"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}), vec!["until"]),
        ] {
            assert_eq!(names(filter.clone()), wrong, "{filter}");
        }
        assert!(time("2026-01-01").is_err() && time("2026-01-01T00:00:00 03:00").is_err());
    }
}
