//! Which feedback a list shows: the same choice in the address, in the form and for the stores.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::address::query;
use crate::feedback::{Channel, CustomerId, Language, Priority, SentimentLabel, Touchpoint};
use crate::pipeline::FeedbackFilter;
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
    /// Who wrote it.
    pub customer: Option<CustomerId>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// To the end of this day.
    pub to: Option<NaiveDate>,
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
            customer: fields.optional_with("customer", |text| CustomerId::try_from(text.to_owned())),
            from: fields.optional_with("from", day),
            to: fields.optional_with("to", day),
        }
    }
}

fn day(text: &str) -> Result<NaiveDate, &'static str> {
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
            customer: self.customer.clone(),
            since: self.from.and_then(|day| midnight(day, offset)),
            until: self.to.and_then(|day| midnight(day, offset)).map(|start| start + TimeDelta::days(1)),
            ..FeedbackFilter::default()
        }
    }

    /// The choice as fields of an address, with `more` after them.
    #[must_use]
    pub fn query(&self, more: &[(&str, &str)]) -> String {
        let theme = self.theme.map(|id| id.to_string());
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let (from, to) = (day(self.from), day(self.to));
        let fields = [
            ("sentiment", self.sentiment.map(SentimentLabel::name)),
            ("priority", self.priority.map(Priority::name)),
            ("channel", self.channel.map(Channel::name)),
            ("touchpoint", self.touchpoint.as_ref().map(Touchpoint::as_str)),
            ("language", self.language.as_deref()),
            ("queue", self.queue.as_deref()),
            ("theme", theme.as_deref()),
            ("customer", self.customer.as_ref().map(CustomerId::as_str)),
            ("from", from.as_deref()),
            ("to", to.as_deref()),
        ];
        let said = fields.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        query(&said.chain(more.iter().copied()).collect::<Vec<_>>())
    }
}

fn midnight(day: NaiveDate, offset: FixedOffset) -> Option<DateTime<Utc>> {
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
}
