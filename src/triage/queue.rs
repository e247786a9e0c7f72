//! The queues that a team describes: who takes what, in their own words.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::feedback::TriggerKind;

/// The queues of a general company, until the team describes its own.
const DEFAULTS: &str = include_str!("queues.toml");

/// One queue as a team describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSettings {
    /// Its name in the API; lower-case words joined by `_`.
    pub name: String,
    /// What belongs there; compared with each text by meaning.
    pub description: Description,
    /// Texts that belong there, in customers' words; the more and the more varied, the better.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Circumstances that always go there.
    #[serde(default)]
    pub triggers: Vec<TriggerKind>,
    /// When somebody is there; always if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// What belongs in a queue, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// In Arabic.
    pub ar: String,
    /// In English.
    pub en: String,
}

/// When somebody is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// On which days, such as `sunday`.
    pub days: Vec<Weekday>,
    /// From this local time on, such as `08:00:00`.
    pub opens: NaiveTime,
    /// Until this local time; after midnight if it is before `opens`.
    pub closes: NaiveTime,
    /// Local time minus UTC, in minutes; 180 in Riyadh.
    pub utc_offset_minutes: i16,
}

/// Queues that can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum QueueError {
    /// Not TOML of the right shape.
    #[error("the queues can't be read: {0}")]
    Toml(String),
    /// The same name twice, or none.
    #[error("the queue {0:?} needs a name of its own")]
    Name(String),
    /// Two queues take the same circumstance.
    #[error("both {first} and {second} take {trigger}; only one queue can")]
    Trigger {
        /// The circumstance.
        trigger: TriggerKind,
        /// Who has it.
        first: String,
        /// Who wants it too.
        second: String,
    },
    /// Nobody takes what the model does not know.
    #[error("there must be a queue {0}, which takes what the model does not know")]
    NoHumanQueue(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    queue: Vec<QueueSettings>,
}

impl QueueSettings {
    /// The queues of a general company.
    #[must_use]
    pub fn defaults() -> Vec<Self> {
        #[expect(clippy::expect_used, reason = "the queues are part of the binary and a test reads them")]
        toml::from_str::<File>(DEFAULTS).expect("BUG: the built-in queues can't be read").queue
    }

    /// Reads queues from a settings file of `[[queue]]` tables and checks them together.
    ///
    /// # Errors
    /// [`QueueError`] if it isn't such a file or the queues contradict one another.
    pub fn read(text: &str, human_queue: &str) -> Result<Vec<Self>, QueueError> {
        let queues = toml::from_str::<File>(text).map_err(|error| QueueError::Toml(error.to_string()))?.queue;
        Self::check(&queues, human_queue)?;
        Ok(queues)
    }

    /// Checks queues together.
    ///
    /// # Errors
    /// [`QueueError`] if they contradict one another or nobody takes what the model does not know.
    pub fn check(queues: &[Self], human_queue: &str) -> Result<(), QueueError> {
        let mut names = BTreeSet::new();
        let mut taken: Vec<(TriggerKind, &str)> = Vec::new();
        for queue in queues {
            if queue.name.trim().is_empty() || !names.insert(queue.name.as_str()) {
                return Err(QueueError::Name(queue.name.clone()));
            }
            for trigger in queue.triggers.iter().copied() {
                if let Some((_, first)) = taken.iter().find(|(other, _)| *other == trigger) {
                    return Err(QueueError::Trigger {
                        trigger,
                        first: (*first).to_owned(),
                        second: queue.name.clone(),
                    });
                }
                taken.push((trigger, &queue.name));
            }
        }
        if names.contains(human_queue) { Ok(()) } else { Err(QueueError::NoHumanQueue(human_queue.to_owned())) }
    }

    /// The texts that stand for this queue; their places make its profile.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let described = [self.description.ar.as_str(), self.description.en.as_str()];
        described.into_iter().chain(self.examples.iter().map(String::as_str)).filter(|text| !text.is_empty()).collect()
    }
}

impl Hours {
    /// Whether somebody is there at this moment.
    #[must_use]
    pub fn open_at(&self, moment: DateTime<Utc>) -> bool {
        let local = moment.naive_utc() + TimeDelta::minutes(i64::from(self.utc_offset_minutes));
        let (today, time) = (local.weekday(), local.time());
        if self.opens <= self.closes {
            return self.days.contains(&today) && (self.opens..self.closes).contains(&time);
        }
        let since_today = self.days.contains(&today) && time >= self.opens;
        since_today || (self.days.contains(&today.pred()) && time < self.closes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_queues_are_sound_and_speak_both_languages() {
        let queues = QueueSettings::defaults();
        assert_eq!(QueueSettings::check(&queues, "human_review"), Ok(()));
        for queue in &queues {
            assert!(queue.texts().len() >= 2, "{}", queue.name);
            let arabic = queue.examples.iter().filter(|text| text.chars().any(|letter| ('ا'..='ي').contains(&letter)));
            let arabic = arabic.count();
            let enough = queue.name == "human_review" || (arabic >= 4 && queue.examples.len() - arabic >= 4);
            assert!(enough, "{} has {} examples", queue.name, queue.examples.len());
        }
    }

    #[test]
    fn queues_that_contradict_one_another_are_refused() {
        let queue = |name: &str, triggers: &str| {
            format!(
                "[[queue]]\nname = \"{name}\"\ndescription = {{ ar = \"أ\", en = \"a\" }}\ntriggers = [{triggers}]\n"
            )
        };
        let error = |text: String| QueueSettings::read(&text, "human").map_err(|error| error.to_string());
        let good = error(queue("human", "") + &queue("law", "\"legal\"")).expect("sound");
        assert_eq!(good.len(), 2);
        let twice = error(queue("human", "") + &queue("human", ""));
        assert_eq!(twice, Err("the queue \"human\" needs a name of its own".to_owned()));
        let torn = error(queue("human", "\"legal\"") + &queue("law", "\"legal\""));
        assert_eq!(torn, Err("both human and law take legal; only one queue can".to_owned()));
        let nobody = error(queue("law", ""));
        assert_eq!(nobody, Err("there must be a queue human, which takes what the model does not know".to_owned()));
        let unknown = error(queue("human", "") + "colour = \"red\"\n").expect_err("unknown key");
        assert!(unknown.contains("colour"), "{unknown}");
    }

    #[test]
    fn hours_follow_the_local_clock_and_may_pass_midnight() {
        let hours = |opens: &str, closes: &str| Hours {
            days: vec![Weekday::Sun],
            opens: opens.parse().expect("a time"),
            closes: closes.parse().expect("a time"),
            utc_offset_minutes: 180,
        };
        let (day, night) = (hours("08:00:00", "17:00:00"), hours("22:00:00", "06:00:00"));
        for (moment, in_day, in_night) in [
            ("2024-06-02T04:59:00Z", false, false),
            ("2024-06-02T05:00:00Z", true, false),
            ("2024-06-02T14:00:00Z", false, false),
            ("2024-06-02T19:00:00Z", false, true),
            ("2024-06-03T02:59:00Z", false, true),
            ("2024-06-03T03:00:00Z", false, false),
            ("2024-06-03T06:00:00Z", false, false),
        ] {
            let at: DateTime<Utc> = moment.parse().expect("a moment");
            assert_eq!((day.open_at(at), night.open_at(at)), (in_day, in_night), "{moment}");
        }
    }
}
