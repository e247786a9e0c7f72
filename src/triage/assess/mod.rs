//! From what the model read to what the team acts on.

use super::abstain::{Answers, abstained};
use super::handover::{Needs, handover};
use super::matrix::{self, Deadline};
use super::phrases::{Findings, Phrases};
use super::routing::{QueueProfile, route, withheld};
use super::sentiment::sentiment;
use super::settings::Settings;
use super::trigger::triggers;
use crate::feedback::{
    Abstained, Analysis, Direction, Priority, Reading, Trigger, TriggerKind, Understanding, Urgency,
};
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

/// Everything that is known of a text; its theme is left open.
///
/// Where the priority or the queue would be a guess, it goes to the human queue, at P3 at least.
#[must_use]
pub fn assess(text: &Text, understanding: &Understanding, rules: &Rules) -> Analysis {
    let (text, settings) = (text.as_str(), &rules.settings);
    let findings = rules.phrases.read(text);
    let triggers = triggers(text, understanding, &findings, &settings.triggers);
    let kinds: Vec<TriggerKind> = triggers.iter().map(|trigger| trigger.kind).collect();
    let sentiment = sentiment(&understanding.whole, &findings, &settings.sentiment);
    let whole = &understanding.whole;
    let (impact, urgency) = (whole.impact.most_likely(), whole.urgency.most_likely());
    let base = unangered(whole, settings.urgency.clearly_high);
    let mut priority = matrix::raise(base, &kinds, deadline(&findings));
    let probability = probability(whole, &triggers, priority, settings);
    let mut route = route(understanding, &rules.queues, &triggers, &settings.routing);
    let answers = Answers { sentiment: &sentiment, matrix: base, priority, triggers: &triggers, route: &route };
    let abstained = abstained(understanding, &answers, settings);
    let unsure = abstained.iter().any(|answer| matches!(answer, Abstained::Urgency | Abstained::Route));
    if unsure {
        priority = priority.min(Priority::P3);
        route = withheld(route, &settings.routing.human_queue);
    }
    let needs = Needs { asked: findings.asks_for_person.is_some(), unsure };
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

/// Probability of P1: the most probable of its reasons.
fn probability(whole: &Reading, triggers: &[Trigger], priority: Priority, settings: &Settings) -> f32 {
    let both = whole.impact.high * whole.urgency.high;
    let reasons = triggers.iter().filter(|trigger| {
        let alone = matrix::raise(Priority::P4, &[trigger.kind], Deadline::None) == Priority::P1;
        alone || (trigger.kind == TriggerKind::Legal && priority == Priority::P1)
    });
    let seen = reasons.map(|trigger| {
        let felt = whole.trigger(trigger.kind);
        if trigger.probability >= 1.0 { felt.max(settings.urgency.phrase_precision) } else { trigger.probability }
    });
    seen.fold(both, f32::max).clamp(0.0, 1.0)
}

#[cfg(test)]
pub(super) mod tests;
