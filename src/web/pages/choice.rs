//! Which feedback a list shows: the same choice in the address, in the form and for the stores.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use uuid::Uuid;

use super::address::query;
use crate::feedback::{Channel, CustomerId, Language, Priority, RatingMethod, SentimentLabel, Touchpoint};
use crate::journeys::{Expectation, StepId};
use crate::pipeline::{AtStep, FeedbackAttribute, FeedbackFilter};
use crate::web::extract::{Fields, Parameters};

/// What is chosen; what is `None` doesn't matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// How it feels.
    pub sentiment: Option<SentimentLabel>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Where it came in.
    pub channel: Option<Channel>,
    /// What it is about.
    pub touchpoint: Option<Touchpoint>,
    /// What it is written in.
    pub language: Option<String>,
    /// Whose work it is.
    pub queue: Option<String>,
    /// Its theme.
    pub theme: Option<Uuid>,
    /// What it says in particular of its theme.
    pub sub_theme: Option<Uuid>,
    /// A theme of which it speaks besides its own.
    pub mentions: Option<Uuid>,
    /// A theme that it doesn't belong to.
    pub not_theme: Option<Uuid>,
    /// What it lacks.
    pub without: Option<FeedbackAttribute>,
    /// How its rating was asked for.
    pub rating_method: Option<RatingMethod>,
    /// The lowest rating.
    pub rating_min: Option<u8>,
    /// The highest rating.
    pub rating_max: Option<u8>,
    /// The customer's segment.
    pub segment: Option<String>,
    /// The persona of who wrote it.
    pub persona: Option<Uuid>,
    /// Who wrote it.
    pub customer: Option<CustomerId>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// To the end of this day.
    pub to: Option<NaiveDate>,
    /// On which step of a journey it falls.
    pub step: Option<AtStep>,
    /// The incident that it belongs to.
    pub incident: Option<Uuid>,
}

impl Parameters for Choice {
    fn read(fields: &mut Fields) -> Self {
        Self {
            sentiment: fields.optional("sentiment"),
            priority: fields.optional("priority"),
            channel: fields.optional("channel"),
            touchpoint: fields.optional_with("touchpoint", |text| Touchpoint::try_from(text.to_owned())),
            language: fields.optional("language"),
            queue: fields.optional("queue"),
            theme: fields.optional("theme"),
            sub_theme: fields.optional("sub_theme"),
            mentions: fields.optional("mentions"),
            not_theme: fields.optional("not_theme"),
            without: fields.optional("without"),
            rating_method: fields.optional("rating_method"),
            rating_min: fields.optional("rating_min"),
            rating_max: fields.optional("rating_max"),
            segment: fields.optional("segment"),
            persona: fields.optional("persona"),
            customer: fields.optional_with("customer", |text| CustomerId::try_from(text.to_owned())),
            from: fields.optional_with("from", day),
            to: fields.optional_with("to", day),
            step: step(fields),
            incident: fields.optional("incident"),
        }
    }
}

/// A journey or a step of one; a form from which the journey was taken away chooses none.
fn step(fields: &mut Fields) -> Option<AtStep> {
    let (journey, step) = (fields.optional("journey"), fields.optional("step"));
    let expectation = fields.optional("expectation");
    let last_before = fields.optional("last_before");
    Some(AtStep { journey: journey?, step, expectation, last_before })
}

/// A day as forms send it.
///
/// # Errors
/// How it must look.
pub(super) fn day(text: &str) -> Result<NaiveDate, &'static str> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "must be a day like 2026-01-31")
}

impl Choice {
    /// The choice for the stores, where local time is ahead of UTC by `offset`.
    #[must_use]
    pub fn filter(&self, offset: FixedOffset) -> FeedbackFilter {
        FeedbackFilter {
            channel: self.channel,
            touchpoint: self.touchpoint.clone(),
            language: self.language.as_deref().map(Language::new),
            sentiment: self.sentiment,
            priority: self.priority,
            queue: self.queue.clone(),
            theme: self.theme,
            sub_theme: self.sub_theme,
            mentions: self.mentions,
            not_theme: self.not_theme,
            without: self.without.into_iter().collect(),
            rating_method: self.rating_method,
            rating_min: self.rating_min,
            rating_max: self.rating_max,
            segment: self.segment.clone(),
            persona: self.persona,
            customer: self.customer.clone(),
            since: self.from.and_then(|day| midnight(day, offset)),
            until: self.to.and_then(|day| day_after(day, offset)),
            step: self.step.clone(),
            incident: self.incident,
            ..FeedbackFilter::default()
        }
    }

    /// The choice that finds what `filter` lets through, whose times must be midnights where local time is ahead of UTC by
    /// `offset`; a filter by several attributes that are lacking keeps the first.
    #[must_use]
    pub fn of(filter: &FeedbackFilter, offset: FixedOffset) -> Self {
        let day = |time: DateTime<Utc>| time.with_timezone(&offset).date_naive();
        Self {
            sentiment: filter.sentiment,
            priority: filter.priority,
            channel: filter.channel,
            touchpoint: filter.touchpoint.clone(),
            language: filter.language.as_ref().map(ToString::to_string),
            queue: filter.queue.clone(),
            theme: filter.theme,
            sub_theme: filter.sub_theme,
            mentions: filter.mentions,
            not_theme: filter.not_theme,
            without: filter.without.first().copied(),
            rating_method: filter.rating_method,
            rating_min: filter.rating_min,
            rating_max: filter.rating_max,
            segment: filter.segment.clone(),
            persona: filter.persona,
            customer: filter.customer.clone(),
            from: filter.since.map(day),
            to: filter.until.map(|until| day(until - TimeDelta::milliseconds(1))),
            step: filter.step.clone(),
            incident: filter.incident,
        }
    }

    /// The choice as fields of an address, with `more` after them.
    #[must_use]
    pub fn query(&self, more: &[(&str, &str)]) -> String {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string());
        let (theme, sub_theme, not_theme) = (id(self.theme), id(self.sub_theme), id(self.not_theme));
        let rating = |value: Option<u8>| value.map(|value| value.to_string());
        let (least, most) = (rating(self.rating_min), rating(self.rating_max));
        let (persona, incident, mentions) = (id(self.persona), id(self.incident), id(self.mentions));
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let (from, to) = (day(self.from), day(self.to));
        let step = self.step.as_ref();
        let before = step.and_then(|at| at.last_before).map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        let fields = [
            ("sentiment", self.sentiment.map(SentimentLabel::name)),
            ("priority", self.priority.map(Priority::name)),
            ("channel", self.channel.map(Channel::name)),
            ("touchpoint", self.touchpoint.as_ref().map(Touchpoint::as_str)),
            ("language", self.language.as_deref()),
            ("queue", self.queue.as_deref()),
            ("theme", theme.as_deref()),
            ("sub_theme", sub_theme.as_deref()),
            ("mentions", mentions.as_deref()),
            ("not_theme", not_theme.as_deref()),
            ("without", self.without.map(FeedbackAttribute::name)),
            ("rating_method", self.rating_method.map(RatingMethod::name)),
            ("rating_min", least.as_deref()),
            ("rating_max", most.as_deref()),
            ("segment", self.segment.as_deref()),
            ("persona", persona.as_deref()),
            ("customer", self.customer.as_ref().map(CustomerId::as_str)),
            ("from", from.as_deref()),
            ("to", to.as_deref()),
            ("journey", step.map(|at| at.journey.as_str())),
            ("step", step.and_then(|at| at.step.as_ref()).map(StepId::as_str)),
            ("expectation", step.and_then(|at| at.expectation).map(Expectation::name)),
            ("last_before", before.as_deref()),
            ("incident", incident.as_deref()),
        ];
        let said = fields.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        query(&said.chain(more.iter().copied()).collect::<Vec<_>>())
    }
}

/// The first moment of the day after.
pub(super) fn day_after(day: NaiveDate, offset: FixedOffset) -> Option<DateTime<Utc>> {
    midnight(day, offset).map(|start| start + TimeDelta::days(1))
}

/// The first moment of a day where local time is ahead of UTC by `offset`.
pub(super) fn midnight(day: NaiveDate, offset: FixedOffset) -> Option<DateTime<Utc>> {
    day.and_time(NaiveTime::MIN).and_local_timezone(offset).single().map(|local| local.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_local_day_and_the_address_says_what_was_chosen() {
        let day = |text: &str| Some(super::day(text).expect("a day"));
        let choice = Choice {
            sentiment: Some(SentimentLabel::Negative),
            customer: CustomerId::try_from("a&b".to_owned()).ok(),
            from: day("2026-11-01"),
            to: day("2026-11-01"),
            ..Choice::default()
        };
        let filter = choice.filter(FixedOffset::east_opt(3 * 3_600).expect("an offset"));
        let told = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339()).unwrap_or_default();
        assert_eq!(told(filter.since), "2026-10-31T21:00:00+00:00");
        assert_eq!(told(filter.until), "2026-11-01T21:00:00+00:00");
        let address = choice.query(&[("after", "1.2.3")]);
        assert_eq!(address, "sentiment=negative&customer=a%26b&from=2026-11-01&to=2026-11-01&after=1.2.3");
        assert!(super::day("1/11/2026").is_err());
    }

    #[test]
    fn a_filter_of_whole_days_survives_its_address() {
        let offset = FixedOffset::east_opt(3 * 3_600).expect("an offset");
        let filter = FeedbackFilter {
            rating_method: Some(RatingMethod::Nps),
            rating_min: Some(0),
            rating_max: Some(6),
            segment: Some("أفراد & شركات".to_owned()),
            without: [FeedbackAttribute::Theme].into(),
            sub_theme: Some(Uuid::from_u128(1)),
            incident: Some(Uuid::from_u128(2)),
            mentions: Some(Uuid::from_u128(3)),
            not_theme: Some(Uuid::nil()),
            step: Some(AtStep {
                journey: "shop".parse().expect("an id"),
                step: "pay".parse().ok(),
                expectation: Some(Expectation::Unmet),
                last_before: DateTime::from_timestamp(1_793_480_400, 0),
            }),
            touchpoint: Touchpoint::try_from("الدفع".to_owned()).ok(),
            since: DateTime::from_timestamp(1_793_480_400, 0),
            until: DateTime::from_timestamp(1_793_480_400 + 7 * 86_400, 0),
            ..FeedbackFilter::default()
        };
        let choice = Choice::of(&filter, offset);
        assert_eq!(choice.filter(offset), filter);
        assert!(choice.query(&[]).contains("&rating_method=nps&rating_min=0&rating_max=6&segment="));
    }
}
