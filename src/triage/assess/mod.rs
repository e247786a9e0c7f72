//! From what the model read to what the team acts on.

use super::abstain::{Answers, abstained};
use super::first;
use super::handover::{Needs, handover};
use super::lessons::Lessons;
use super::matrix::{self, Deadline};
use super::phrases::{Findings, Phrases};
use super::routing::{QueueProfile, route, withheld};
use super::sentiment::sentiment;
use super::settings::Settings;
use super::trigger::triggers;
use crate::feedback::{Abstained, Analysis, Direction, Priority, Reading, TriggerKind, Understanding, Urgency};
use crate::privacy::Text;

/// Everything that the assessment goes by.
#[derive(Debug)]
pub struct Rules {
    /// What people say when it is urgent.
    pub phrases: Phrases,
    /// What the team set.
    pub settings: Settings,
    /// Where texts may go.
    pub queues: Vec<QueueProfile>,
}

impl Rules {
    /// The built-in phrases with these settings and queues.
    #[must_use]
    pub fn new(settings: Settings, queues: Vec<QueueProfile>) -> Self {
        Self { phrases: Phrases::built_in(), settings, queues }
    }
}

/// Everything that is known of a text; its theme and mentions are left open.
///
/// Where the priority or the queue would be a guess, it goes to the human queue, at P3 at least.
/// What may be P1 after all is P2 at least, and a person's. `lessons` are what corrections taught.
#[must_use]
pub fn assess(text: &Text, understanding: &Understanding, rules: &Rules, lessons: &Lessons) -> Analysis {
    let (text, settings) = (text.as_str(), &rules.settings);
    let findings = rules.phrases.read(text);
    let triggers = triggers(text, understanding, &findings, &settings.triggers);
    let kinds: Vec<TriggerKind> = triggers.iter().map(|trigger| trigger.kind).collect();
    let sentiment = sentiment(&understanding.whole, &findings, &settings.sentiment);
    let whole = &understanding.whole;
    let (impact, urgency) = (whole.impact.most_likely(), whole.urgency.most_likely());
    let base = unangered(whole, settings.urgency.clearly_high);
    let mut priority = matrix::raise(base, &kinds, deadline(&findings));
    let probability = first::probability(whole, &triggers, priority, &settings.urgency);
    let mut route = route(understanding, &rules.queues, lessons, &triggers, &settings.routing);
    let answers = Answers { sentiment: &sentiment, matrix: base, priority, triggers: &triggers, route: &route };
    let abstained = abstained(understanding, &answers, settings);
    let unsure = abstained.iter().any(|answer| matches!(answer, Abstained::Urgency | Abstained::Route));
    if unsure {
        priority = priority.min(Priority::P3);
        route = withheld(route, &settings.routing.human_queue);
    }
    let known = understanding.supported >= settings.supported;
    let perhaps_first = priority > Priority::P1 && known && first::may_be_missed(probability, &settings.urgency);
    if perhaps_first {
        priority = priority.min(Priority::P2);
    }
    let needs = Needs { perhaps_first, asked: findings.asks_for_person.is_some(), unsure };
    Analysis {
        language: understanding.language.clone(),
        direction: Direction::of(text),
        dialect: understanding.dialect,
        sentiment,
        handover: handover(priority, &kinds, needs),
        urgency: Urgency { priority, impact, urgency, probability, triggers },
        route,
        abstained,
        theme: None,
        mentions: Vec::new(),
        truncated: understanding.truncated,
        windows: understanding.windows,
        model: understanding.model.clone(),
    }
}

fn deadline(findings: &Findings) -> Deadline {
    if findings.deadline.is_some() { Deadline::Set } else { Deadline::None }
}

/// What the matrix says, with P1 kept for what is clearly grave; a circumstance that is grave raises it again.
fn unangered(whole: &Reading, clearly_high: f32) -> Priority {
    let (impact, urgency) = (whole.impact.most_likely(), whole.urgency.most_likely());
    let clear = whole.impact.high >= clearly_high && whole.urgency.high >= clearly_high;
    match matrix::priority(impact, urgency) {
        Priority::P1 if !clear => Priority::P2,
        priority => priority,
    }
}

#[cfg(test)]
pub(super) mod tests;
