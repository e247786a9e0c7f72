//! One feedback as lists and pages show it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::text::{Piece, pieces, shortened, visible};
use crate::feedback::{Feedback, Span, ThemeMention};

/// How many characters of a text a list shows.
const IN_LISTS: usize = 360;

/// One feedback, ready to be shown.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// What was written, one line, cut.
    pub line: String,
    /// What was written, whole, with its evidence.
    pub pieces: Vec<Piece>,
    /// What was asked.
    pub question: Option<String>,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// Where it came in.
    pub channel: &'static str,
    /// What it is about.
    pub touchpoint: Option<String>,
    /// Who wrote it.
    pub customer: Option<String>,
    /// The number given with it, and how it was asked for.
    pub rating: Option<(u64, &'static str)>,
    /// What was understood of it.
    pub reading: Option<Reading>,
}

/// What was understood of a feedback.
#[derive(Clone, Debug)]
pub struct Reading {
    /// How it feels.
    pub sentiment: &'static str,
    /// How urgent it is.
    pub priority: &'static str,
    /// How bad it is.
    pub impact: &'static str,
    /// How fast it gets worse.
    pub urgency: &'static str,
    /// Whose work it is.
    pub queue: String,
    /// What it is written in.
    pub language: String,
    /// The kind of Arabic.
    pub dialect: Option<&'static str>,
    /// What raised its priority: circumstance, words, percent.
    pub triggers: Vec<(&'static str, String, f64)>,
    /// Which answers were withheld.
    pub abstained: Vec<&'static str>,
    /// Why a person must look.
    pub handover: Option<&'static str>,
    /// The theme it belongs to.
    pub theme: Option<(Uuid, String)>,
    /// What else it says: other themes and the words that speak of them.
    pub mentions: Vec<(Uuid, String, String)>,
}

impl Record {
    /// Takes from a feedback what is shown.
    #[must_use]
    pub fn new(item: &Feedback) -> Self {
        let triggers = item.analysis.as_ref().map(|analysis| analysis.urgency.triggers.as_slice()).unwrap_or_default();
        let spans: Vec<Span> = triggers.iter().map(|trigger| trigger.span).collect();
        Self {
            id: item.id.0,
            line: shortened(item.text.as_str(), IN_LISTS),
            pieces: pieces(item.text.as_str(), &spans),
            question: item.question.as_ref().map(|question| visible(question.as_str())),
            at: item.origin.collected_at,
            channel: item.origin.channel.name(),
            touchpoint: item.origin.touchpoint.as_ref().map(|name| visible(name.as_str())),
            customer: item.origin.customer.as_ref().map(|name| visible(name.as_str())),
            rating: item.rating.map(|rating| (u64::from(rating.value()), rating.method().name())),
            reading: item.analysis.as_ref().map(Reading::new),
        }
    }

    /// The address of all that its customer wrote.
    #[must_use]
    pub fn of_customer(&self) -> String {
        format!("/feedback?{}", super::address::query(&[("customer", self.customer.as_deref().unwrap_or_default())]))
    }
}

impl Reading {
    fn new(analysis: &crate::feedback::Analysis) -> Self {
        let trigger = |trigger: &crate::feedback::Trigger| {
            (trigger.kind.name(), visible(&trigger.text), f64::from(trigger.probability))
        };
        let mention = |mention: &ThemeMention| (mention.theme, visible(&mention.title), visible(mention.text.trim()));
        Self {
            sentiment: analysis.sentiment.label.name(),
            priority: analysis.urgency.priority.name(),
            impact: analysis.urgency.impact.name(),
            urgency: analysis.urgency.urgency.name(),
            queue: analysis.route.queue.clone(),
            language: analysis.language.code().to_owned(),
            dialect: analysis.dialect.map(|dialect| dialect.name()),
            triggers: analysis.urgency.triggers.iter().map(trigger).collect(),
            abstained: analysis.abstained.iter().map(|abstained| abstained.name()).collect(),
            handover: analysis.handover.reason.map(|reason| reason.name()),
            theme: analysis.theme.as_ref().map(|theme| (theme.id, visible(&theme.title))),
            mentions: analysis.mentions.iter().map(mention).collect(),
        }
    }
}
