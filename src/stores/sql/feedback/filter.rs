//! Which feedback a list or a count is about.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Statement;
use crate::feedback::{
    Channel, CustomerId, Feedback, Language, Priority, Rating, RatingMethod, SentimentLabel, SourceKind, Touchpoint,
    names,
};
use crate::journeys::{Expectation, JourneyId, StepId};

names! {
    /// What not every feedback has.
    Attribute, "attribute", {
        /// The interaction that it is about.
        Touchpoint = "touchpoint",
        /// The customer's segment.
        Segment = "segment",
        /// What it is written in; not known until it is analysed.
        Language = "language",
        /// The theme that it belongs to.
        Theme = "theme",
        /// Whose it is.
        Customer = "customer",
    }
}

/// A journey or one of its steps, and which of its feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtStep {
    /// The journey.
    pub journey: JourneyId,
    /// The step; any if none.
    pub step: Option<StepId>,
    /// What it shows of its writer's expectations.
    pub expectation: Option<Expectation>,
    /// Only if it is the last on the journey that came from its customer, and was given before this time.
    pub last_before: Option<DateTime<Utc>>,
}

/// What a feedback must be to be let through; what is `None` doesn't matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Where it came in.
    pub channel: Option<Channel>,
    /// Direct, indirect or inferred.
    pub source_kind: Option<SourceKind>,
    /// Which interaction it is about.
    pub touchpoint: Option<Touchpoint>,
    /// What it is written in.
    pub language: Option<Language>,
    /// How it feels.
    pub sentiment: Option<SentimentLabel>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Whose work it is.
    pub queue: Option<String>,
    /// The theme it belongs to.
    pub theme: Option<Uuid>,
    /// What it says in particular of its theme; only the database knows.
    pub sub_theme: Option<Uuid>,
    /// A theme of which it speaks besides its own.
    pub mentions: Option<Uuid>,
    /// A theme it doesn't belong to.
    pub not_theme: Option<Uuid>,
    /// What it lacks.
    pub without: BTreeSet<Attribute>,
    /// How its rating was asked for.
    pub rating_method: Option<RatingMethod>,
    /// The lowest rating.
    pub rating_min: Option<u8>,
    /// The highest rating.
    pub rating_max: Option<u8>,
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// The persona that its customer belongs to; only the database knows who does.
    pub persona: Option<Uuid>,
    /// The customer's segment.
    pub segment: Option<String>,
    /// The system it came from.
    pub source: Option<String>,
    /// Given at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Given before this time.
    pub until: Option<DateTime<Utc>>,
    /// On which step of a journey it falls.
    pub step: Option<AtStep>,
    /// The incident that it belongs to; only the database knows.
    pub incident: Option<Uuid>,
}

impl Filter {
    /// Whether it lets this feedback through; the same answer as the database's but for step, persona,
    /// sub-theme and incident, which a feedback does not hold.
    #[must_use]
    pub fn matches(&self, item: &Feedback) -> bool {
        let (origin, analysis) = (&item.origin, item.analysis.as_ref());
        let theme = analysis.and_then(|analysis| analysis.theme.as_ref()).map(|theme| theme.id);
        is(self.channel, Some(origin.channel))
            && is(self.source_kind, Some(origin.source_kind))
            && is(self.touchpoint.as_ref(), origin.touchpoint.as_ref())
            && is(self.language.as_ref(), analysis.map(|analysis| &analysis.language))
            && is(self.sentiment, analysis.map(|analysis| analysis.sentiment.label))
            && is(self.priority, analysis.map(|analysis| analysis.urgency.priority))
            && is(self.queue.as_ref(), analysis.map(|analysis| &analysis.route.queue))
            && is(self.theme, theme)
            && self.mentions.is_none_or(|theme| mentions(item, theme))
            && (self.not_theme.is_none() || self.not_theme != theme)
            && self.without.iter().all(|attribute| lacks(item, *attribute))
            && is(self.rating_method, item.rating.map(Rating::method))
            && self.rating_min.is_none_or(|least| item.rating.is_some_and(|rating| rating.value() >= least))
            && self.rating_max.is_none_or(|most| item.rating.is_some_and(|rating| rating.value() <= most))
            && is(self.customer.as_ref(), origin.customer.as_ref())
            && is(self.segment.as_deref(), origin.segment())
            && is(self.source.as_ref(), Some(&origin.source))
            && self.since.is_none_or(|since| origin.collected_at >= since)
            && self.until.is_none_or(|until| origin.collected_at < until)
    }

    /// Adds the `WHERE` on `feedback f`.
    pub(in super::super) fn push(&self, statement: &mut Statement) {
        let texts = [
            ("f.channel", self.channel.map(|channel| channel.name().to_owned())),
            ("f.source_kind", self.source_kind.map(|kind| kind.name().to_owned())),
            ("f.touchpoint", self.touchpoint.as_ref().map(ToString::to_string)),
            ("f.language", self.language.as_ref().map(ToString::to_string)),
            ("f.sentiment", self.sentiment.map(|sentiment| sentiment.name().to_owned())),
            ("f.priority", self.priority.map(|priority| priority.name().to_owned())),
            ("f.queue", self.queue.clone()),
            ("f.theme_id", self.theme.map(|theme| theme.to_string())),
            ("f.sub_theme_id", self.sub_theme.map(|id| id.to_string())),
            ("f.customer", self.customer.as_ref().map(ToString::to_string)),
            ("f.segment", self.segment.clone()),
            ("f.source", self.source.clone()),
            ("f.rating_method", self.rating_method.map(|method| method.name().to_owned())),
        ];
        statement.push(" WHERE 1 = 1");
        for (column, value) in texts {
            if let Some(value) = value {
                statement.push(" AND ").push(column).push(" = ").bind(value);
            }
        }
        if let Some(theme) = self.mentions {
            statement.push(" AND f.id IN (SELECT feedback_id FROM mentions WHERE theme_id = ");
            statement.bind(theme.to_string()).push(")");
        }
        if let Some(theme) = self.not_theme {
            statement.push(" AND (f.theme_id IS NULL OR f.theme_id <> ").bind(theme.to_string()).push(")");
        }
        if let Some(persona) = self.persona {
            statement.push(" AND f.customer IN (SELECT customer FROM persona_members WHERE persona_id = ");
            statement.bind(persona.to_string()).push(")");
        }
        for attribute in &self.without {
            statement.push(" AND ").push(attribute.column()).push(" IS NULL");
        }
        if let Some(least) = self.rating_min {
            statement.push(" AND f.rating_value >= ").bind(i64::from(least));
        }
        if let Some(most) = self.rating_max {
            statement.push(" AND f.rating_value <= ").bind(i64::from(most));
        }
        if let Some(since) = self.since {
            statement.push(" AND f.collected_at >= ").bind(since.timestamp_millis());
        }
        if let Some(until) = self.until {
            statement.push(" AND f.collected_at < ").bind(until.timestamp_millis());
        }
        if let Some(incident) = self.incident {
            statement.push(" AND f.id IN (SELECT feedback_id FROM incident_feedback WHERE incident_id = ");
            statement.bind(incident.to_string()).push(")");
        }
        if let Some(at) = &self.step {
            at.push(statement);
        }
    }
}

impl AtStep {
    fn push(&self, statement: &mut Statement) {
        statement.push(" AND f.id IN (SELECT r.feedback_id FROM journey_records r WHERE r.journey = ");
        statement.bind(self.journey.as_str());
        match &self.step {
            Some(step) => statement.push(" AND r.step = ").bind(step.as_str()),
            None => statement.push(" AND r.step IS NOT NULL"),
        };
        if let Some(expectation) = self.expectation {
            statement.push(" AND r.expectation = ").bind(expectation.name());
        }
        statement.push(")");
        if let Some(before) = self.last_before {
            statement.push(" AND f.customer IS NOT NULL AND f.collected_at < ").bind(before.timestamp_millis());
            statement.push(
                " AND NOT EXISTS (SELECT 1 FROM feedback later JOIN journey_records r ON r.feedback_id = later.id \
                 WHERE later.customer = f.customer AND r.step IS NOT NULL AND r.journey = ",
            );
            statement.bind(self.journey.as_str());
            statement.push(" AND (later.collected_at, later.id) > (f.collected_at, f.id))");
        }
    }
}

impl Attribute {
    /// The column of `feedback f` that is empty where it lacks.
    const fn column(self) -> &'static str {
        match self {
            Self::Touchpoint => "f.touchpoint",
            Self::Segment => "f.segment",
            Self::Language => "f.language",
            Self::Theme => "f.theme_id",
            Self::Customer => "f.customer",
        }
    }
}

fn lacks(item: &Feedback, attribute: Attribute) -> bool {
    let analysis = item.analysis.as_ref();
    match attribute {
        Attribute::Touchpoint => item.origin.touchpoint.is_none(),
        Attribute::Segment => item.origin.segment().is_none(),
        Attribute::Language => analysis.is_none(),
        Attribute::Theme => analysis.is_none_or(|analysis| analysis.theme.is_none()),
        Attribute::Customer => item.origin.customer.is_none(),
    }
}

fn mentions(item: &Feedback, theme: Uuid) -> bool {
    item.analysis.as_ref().is_some_and(|analysis| analysis.mentions.iter().any(|mention| mention.theme == theme))
}

/// Whether what is wanted, if anything is, is what there is.
fn is<T: PartialEq>(wanted: Option<T>, there: Option<T>) -> bool {
    wanted.is_none() || wanted == there
}
