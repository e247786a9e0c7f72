//! The domain's closed lists as the API shows them: a name in JSON, and all the names in the schema.
//!
//! The names come from the domain itself, so the two can't drift.

use std::borrow::Cow;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::feedback::UnknownName;
use crate::pipeline::score;
use crate::{access, answers, feedback, journeys, personas, scores, themes, triage};

/// A type of the API for each list of the domain.
macro_rules! lists {
    ($($view:ident($domain:ty) = $values:expr, $doc:literal;)+) => {$(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $view(pub $domain);

        impl PartialSchema for $view {
            fn schema() -> RefOr<Schema> {
                let names = $values.iter().map(|value| value.name());
                let list = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(names));
                list.description(Some($doc)).into()
            }
        }

        impl ToSchema for $view {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($view))
            }
        }
    )+};
}

lists! {
    Action(access::Action) = access::Action::ALL, "What somebody did.";
    Abstained(feedback::Abstained) = feedback::Abstained::ALL, "An answer that is withheld because it would be a guess.";
    Aspect(personas::Aspect) = personas::Aspect::ALL, "What a line of a persona's card is about: needs are the themes of what they ask for, pains those of what they write unhappily, expectations those of what says how things should be.";
    AnswerLanguage(answers::Tongue) = answers::Tongue::ALL, "A language that answers are written in.";
    Channel(feedback::Channel) = feedback::Channel::ALL, "Where a feedback came in.";
    Dialect(feedback::Dialect) = feedback::Dialect::ALL, "The kind of Arabic a text is in.";
    Direction(feedback::Direction) = feedback::Direction::ALL, "The way a text runs.";
    EvidenceKind(answers::Kind) = answers::Kind::ALL, "What a line of evidence says.";
    Disagreement(scores::Disagreement) = scores::Disagreement::ALL, "How a rating and its text contradict each other.";
    Expectation(journeys::Expectation) = journeys::Expectation::ALL, "What a text shows of its writer's expectations: something that should have happened did not (unmet), or something is asked for.";
    Grouping(score::By) = score::By::ALL, "What scores are told apart by; periods are in UTC, weeks begin on Monday.";
    HandoverReason(feedback::HandoverReason) = feedback::HandoverReason::ALL, "Why a person must take over.";
    IncidentStatus(triage::incident::Status) = triage::incident::Status::ALL, "Where an incident stands.";
    Level(feedback::Level) = feedback::Level::ALL, "One axis of the priority matrix.";
    LineageEvent(themes::Event) = themes::Event::ALL, "What became of a theme in a run: it went on, was parted from another, went into another, came up, or ended.";
    Measure(scores::Measure) = scores::Measure::ALL, "A number that sums up ratings: NPS (−100 to 100); CSAT, the share of 4 and 5; CES 2.0 as a mean (1 to 7), as the share of 5 to 7, and as BT's Net Easy Score (6–7 less 1–3, −100 to 100); stars as a mean and as the share of 4 and 5.";
    Priority(feedback::Priority) = feedback::Priority::ALL, "What comes first: P1 before P4.";
    RatingMethod(feedback::RatingMethod) = feedback::RatingMethod::ALL, "How a rating was asked for: NPS 0–10, CSAT 1–5, CES 1–7 (7 is easiest), plain stars 1–5.";
    Scope(access::Scope) = access::Scope::ALL, "What a token allows.";
    SentimentLabel(feedback::SentimentLabel) = feedback::SentimentLabel::ALL, "How a text feels.";
    SourceKind(feedback::SourceKind) = feedback::SourceKind::ALL, "The three ways to hear a customer.";
    TicketStatus(triage::ticket::Status) = triage::ticket::Status::ALL, "Where a ticket stands.";
    TriggerKind(feedback::TriggerKind) = feedback::TriggerKind::ALL, "A circumstance that raises a priority.";
}

/// Reading from a query.
macro_rules! parsed {
    ($($view:ident),+) => {$(
        impl FromStr for $view {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                text.parse().map(Self)
            }
        }
    )+};
}

parsed!(
    Action,
    AnswerLanguage,
    Aspect,
    Channel,
    Expectation,
    Grouping,
    IncidentStatus,
    Priority,
    RatingMethod,
    SentimentLabel,
    SourceKind,
    TicketStatus
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_lists_the_names_that_json_holds() {
        let schema = serde_json::to_value(TriggerKind::schema()).expect("a schema");
        assert_eq!(schema["type"], "string");
        let names: Vec<_> =
            feedback::TriggerKind::ALL.iter().map(|kind| serde_json::json!(TriggerKind(*kind))).collect();
        assert_eq!(schema["enum"], serde_json::Value::Array(names));
        assert_eq!(serde_json::json!(RatingMethod(feedback::RatingMethod::Nps)), "nps");
        assert_eq!("P2".parse::<Priority>().map(|priority| priority.0), Ok(feedback::Priority::P2));
    }
}
