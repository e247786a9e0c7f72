//! Which feedback a list or a count is about.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Statement;
use crate::feedback::{Channel, CustomerId, Feedback, Language, Priority, SentimentLabel, Touchpoint};

/// What a feedback must be to be let through; what is `None` doesn't matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Where it came in.
    pub channel: Option<Channel>,
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
    /// Whose it is.
    pub customer: Option<CustomerId>,
    /// The system it came from.
    pub source: Option<String>,
    /// Given at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Given before this time.
    pub until: Option<DateTime<Utc>>,
}

impl Filter {
    /// Whether it lets this feedback through; the same answer as the database's.
    #[must_use]
    pub fn matches(&self, item: &Feedback) -> bool {
        let (origin, analysis) = (&item.origin, item.analysis.as_ref());
        let theme = analysis.and_then(|analysis| analysis.theme.as_ref()).map(|theme| theme.id);
        is(self.channel, Some(origin.channel))
            && is(self.touchpoint.as_ref(), origin.touchpoint.as_ref())
            && is(self.language.as_ref(), analysis.map(|analysis| &analysis.language))
            && is(self.sentiment, analysis.map(|analysis| analysis.sentiment.label))
            && is(self.priority, analysis.map(|analysis| analysis.urgency.priority))
            && is(self.queue.as_ref(), analysis.map(|analysis| &analysis.route.queue))
            && is(self.theme, theme)
            && is(self.customer.as_ref(), origin.customer.as_ref())
            && is(self.source.as_ref(), Some(&origin.source))
            && self.since.is_none_or(|since| origin.collected_at >= since)
            && self.until.is_none_or(|until| origin.collected_at < until)
    }

    /// Adds the `WHERE` on `feedback f`.
    pub(super) fn push(&self, statement: &mut Statement) {
        let texts = [
            ("f.channel", self.channel.map(|channel| channel.name().to_owned())),
            ("f.touchpoint", self.touchpoint.as_ref().map(ToString::to_string)),
            ("f.language", self.language.as_ref().map(ToString::to_string)),
            ("f.sentiment", self.sentiment.map(|sentiment| sentiment.name().to_owned())),
            ("f.priority", self.priority.map(|priority| priority.name().to_owned())),
            ("f.queue", self.queue.clone()),
            ("f.theme_id", self.theme.map(|theme| theme.to_string())),
            ("f.customer", self.customer.as_ref().map(ToString::to_string)),
            ("f.source", self.source.clone()),
        ];
        statement.push(" WHERE 1 = 1");
        for (column, value) in texts {
            if let Some(value) = value {
                statement.push(" AND ").push(column).push(" = ").bind(value);
            }
        }
        if let Some(since) = self.since {
            statement.push(" AND f.collected_at >= ").bind(since.timestamp_millis());
        }
        if let Some(until) = self.until {
            statement.push(" AND f.collected_at < ").bind(until.timestamp_millis());
        }
    }
}

/// Whether what is wanted, if anything is, is what there is.
fn is<T: PartialEq>(wanted: Option<T>, there: Option<T>) -> bool {
    wanted.is_none() || wanted == there
}
