//! Which feedback is meant: the same filter for lists and for search, in a query or in a body.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::{Channel, Expectation, Priority, RatingMethod, SentimentLabel, SourceKind};
use super::text;
use crate::feedback::{CustomerId, Language, Touchpoint, UnknownName};
use crate::pipeline::{AtStep, FeedbackAttribute, FeedbackFilter};
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
    /// Direct, indirect or inferred.
    pub source_kind: Option<SourceKind>,
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
    /// What it says in particular of its theme.
    pub sub_theme: Option<Uuid>,
    /// A theme of which it speaks besides its own.
    pub mentions: Option<Uuid>,
    /// A theme that it doesn't belong to.
    pub not_theme: Option<Uuid>,
    /// What it lacks: `touchpoint`, `segment`, `language`, `theme`, `customer`, with commas between.
    #[schema(example = "theme")]
    pub without: Option<String>,
    /// How its rating was asked for.
    pub rating_method: Option<RatingMethod>,
    /// Rated as high or higher.
    #[schema(maximum = 10)]
    #[param(maximum = 10)]
    pub rating_min: Option<u8>,
    /// Rated as low or lower.
    #[schema(maximum = 10)]
    #[param(maximum = 10)]
    pub rating_max: Option<u8>,
    /// Who sent it, by their pseudonymous id.
    pub customer: Option<String>,
    /// The persona that its customer belongs to.
    pub persona: Option<Uuid>,
    /// The customer's segment: the text called `segment` (or شريحة) in the metadata.
    pub segment: Option<String>,
    /// The system that it comes from.
    pub source: Option<String>,
    /// Collected at this time or later (RFC 3339).
    pub since: Option<DateTime<Utc>>,
    /// Collected before this time (RFC 3339).
    pub until: Option<DateTime<Utc>>,
    /// On any step of this journey, or on the one that `step` names.
    #[schema(example = "shop")]
    pub journey: Option<String>,
    /// On which step of the journey it falls.
    #[schema(example = "delivery")]
    pub step: Option<String>,
    /// Only with `journey`: what it shows of the customer's expectations.
    pub expectation: Option<Expectation>,
    /// Only with `journey`: the last on the journey that came from its customer, given before this time (RFC 3339).
    pub last_before: Option<DateTime<Utc>>,
    /// Which incident it belongs to.
    pub incident: Option<Uuid>,
}

impl Parameters for Filter {
    fn read(fields: &mut Fields) -> Self {
        Self {
            channel: fields.optional("channel"),
            source_kind: fields.optional("source_kind"),
            touchpoint: fields.optional("touchpoint"),
            language: fields.optional("language"),
            sentiment: fields.optional("sentiment"),
            priority: fields.optional("priority"),
            queue: fields.optional("queue"),
            theme: fields.optional("theme"),
            sub_theme: fields.optional("sub_theme"),
            mentions: fields.optional("mentions"),
            not_theme: fields.optional("not_theme"),
            without: fields.optional("without"),
            rating_method: fields.optional("rating_method"),
            rating_min: fields.optional("rating_min"),
            rating_max: fields.optional("rating_max"),
            customer: fields.optional("customer"),
            persona: fields.optional("persona"),
            segment: fields.optional("segment"),
            source: fields.optional("source"),
            since: fields.optional_with("since", time),
            until: fields.optional_with("until", time),
            journey: fields.optional("journey"),
            step: fields.optional("step"),
            expectation: fields.optional("expectation"),
            last_before: fields.optional_with("last_before", time),
            incident: fields.optional("incident"),
        }
    }
}

/// A time in a query.
fn time(text: &str) -> Result<DateTime<Utc>, &'static str> {
    let time = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    time.map_err(|_| "must be a time like 2026-01-31T08:00:00Z (a + in an offset is written %2B)")
}

impl Filter {
    /// As the query of a path; empty if nothing is named.
    pub fn query(&self) -> String {
        serde_urlencoded::to_string(self).unwrap_or_default()
    }

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
            source_kind: self.source_kind.map(|kind| kind.0),
            touchpoint: self.touchpoint.and_then(|name| faults.keep("touchpoint", Touchpoint::try_from(name))),
            language: self.language.and_then(|code| faults.keep("language", language(&code))),
            sentiment: self.sentiment.map(|sentiment| sentiment.0),
            priority: self.priority.map(|priority| priority.0),
            queue: short(&mut faults, "queue", self.queue),
            theme: self.theme,
            sub_theme: self.sub_theme,
            mentions: self.mentions,
            not_theme: self.not_theme,
            without: self.without.and_then(|names| faults.keep("without", without(&names))).unwrap_or_default(),
            rating_method: self.rating_method.map(|method| method.0),
            rating_min: self.rating_min,
            rating_max: self.rating_max,
            customer: self.customer.and_then(|id| faults.keep("customer", CustomerId::try_from(id))),
            persona: self.persona,
            segment: short(&mut faults, "segment", self.segment),
            source: short(&mut faults, "source", self.source),
            since: self.since,
            until: self.until,
            step: at_step(&mut faults, self.journey, self.step, self.expectation, self.last_before),
            incident: self.incident,
        };
        if self.rating_min.zip(self.rating_max).is_some_and(|(least, most)| least > most) {
            faults.note("rating_max", "must not be less than rating_min");
        }
        if self.since.zip(self.until).is_some_and(|(since, until)| since >= until) {
            faults.note("until", "must be later than since");
        }
        faults.finish().map(|()| filter)
    }
}

impl From<&FeedbackFilter> for Filter {
    fn from(filter: &FeedbackFilter) -> Self {
        let without: Vec<&str> = filter.without.iter().map(|attribute| attribute.name()).collect();
        Self {
            channel: filter.channel.map(Channel),
            source_kind: filter.source_kind.map(SourceKind),
            touchpoint: filter.touchpoint.as_ref().map(ToString::to_string),
            language: filter.language.as_ref().map(ToString::to_string),
            sentiment: filter.sentiment.map(SentimentLabel),
            priority: filter.priority.map(Priority),
            queue: filter.queue.clone(),
            theme: filter.theme,
            sub_theme: filter.sub_theme,
            mentions: filter.mentions,
            not_theme: filter.not_theme,
            without: (!without.is_empty()).then(|| without.join(",")),
            rating_method: filter.rating_method.map(RatingMethod),
            rating_min: filter.rating_min,
            rating_max: filter.rating_max,
            customer: filter.customer.as_ref().map(ToString::to_string),
            persona: filter.persona,
            segment: filter.segment.clone(),
            source: filter.source.clone(),
            since: filter.since,
            until: filter.until,
            journey: filter.step.as_ref().map(|at| at.journey.to_string()),
            step: filter.step.as_ref().and_then(|at| at.step.as_ref()).map(ToString::to_string),
            expectation: filter.step.as_ref().and_then(|at| at.expectation).map(Expectation),
            last_before: filter.step.as_ref().and_then(|at| at.last_before),
            incident: filter.incident,
        }
    }
}

/// The step that is meant, if one is.
fn at_step(
    faults: &mut Faults,
    journey: Option<String>,
    step: Option<String>,
    expectation: Option<Expectation>,
    last_before: Option<DateTime<Utc>>,
) -> Option<AtStep> {
    let given =
        [("step", step.is_some()), ("expectation", expectation.is_some()), ("last_before", last_before.is_some())];
    for (name, _) in given.into_iter().filter(|(_, given)| *given && journey.is_none()) {
        faults.note(name, "goes with a journey only, like journey=shop&step=delivery");
    }
    let journey = journey.and_then(|id| faults.keep("journey", id.parse()))?;
    let step = step.and_then(|id| faults.keep("step", id.parse()));
    Some(AtStep { journey, step, expectation: expectation.map(|expectation| expectation.0), last_before })
}

/// Attributes by their names.
fn without(names: &str) -> Result<BTreeSet<FeedbackAttribute>, UnknownName> {
    names.split(',').map(|name| name.trim().parse()).collect()
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
            (json!({"without": "theme, touchpoint", "rating_method": "nps", "rating_min": 9}), vec![]),
            (json!({"without": "words", "rating_min": 9, "rating_max": 8}), vec!["without", "rating_max"]),
            (json!({"journey": "shop", "step": "delivery", "expectation": "unmet"}), vec![]),
            (json!({"journey": "shop"}), vec![]),
            (json!({"step": "delivery"}), vec!["step"]),
            (json!({"journey": "My Shop", "step": "delivery"}), vec!["journey"]),
            (
                json!({"expectation": "asked", "last_before": "2026-01-01T00:00:00Z"}),
                vec!["expectation", "last_before"],
            ),
            (json!({"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}), vec!["until"]),
        ] {
            assert_eq!(names(filter.clone()), wrong, "{filter}");
        }
        let filter = json!({"touchpoint": "الدفع & أكثر", "rating_max": 6, "since": "2026-01-01T00:00:00Z"});
        let filter: Filter = serde_json::from_value(filter).expect("a filter");
        assert!(filter.query().ends_with("+%26+%D8%A3%D9%83%D8%AB%D8%B1&rating_max=6&since=2026-01-01T00%3A00%3A00Z"));
        let back = Filter::from(&filter.clone().check().expect("fine"));
        assert_eq!(back.query(), filter.query());
        assert!(time("2026-01-01").is_err() && time("2026-01-01T00:00:00 03:00").is_err());
    }
}
