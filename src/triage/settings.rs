//! Every number that the rules compare with, its default and why.

use serde::{Deserialize, Serialize};

use super::due::DueTimes;
use crate::feedback::{Priority, TriggerKind};

/// What a team may set about triage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// From which probability a text of a kind that the model does not know counts as known, 0 to 1.
    pub supported: f32,
    /// When a circumstance counts as present.
    pub triggers: TriggerSettings,
    /// When the priority stands and when it is withheld.
    pub urgency: UrgencySettings,
    /// When a feeling counts as clear.
    pub sentiment: SentimentSettings,
    /// How queues compete for a text.
    pub routing: RoutingSettings,
    /// By when an answer is due.
    pub due: DueTimes,
    /// Which feedback becomes a ticket.
    pub tickets: TicketSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            supported: 0.5,
            triggers: TriggerSettings::default(),
            urgency: UrgencySettings::default(),
            sentiment: SentimentSettings::default(),
            routing: RoutingSettings::default(),
            due: DueTimes::default(),
            tickets: TicketSettings::default(),
        }
    }
}

/// From which probability of the model a circumstance counts as present, 0 to 1.
///
/// A phrase rule needs no probability; the model alone must be sure, because in training one text in six had a circumstance
/// and among a company's messages it is one in twenty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TriggerSettings {
    /// Of injury or danger.
    pub safety: f32,
    /// Of self-harm; lower than the others, because nothing costs more than this miss.
    pub self_harm: f32,
    /// Of fraud and account takeover.
    pub fraud: f32,
    /// Of leaked or misused personal data.
    pub privacy: f32,
    /// Of a regulator, a court or the press.
    pub legal: f32,
    /// Of a vulnerable customer.
    pub vulnerable: f32,
    /// Of the wish to leave.
    pub churn: f32,
    /// Of the third contact about the same thing.
    pub repeat_contact: f32,
    /// How much more probable it must be in one piece than in the whole text: the best of many pieces is often a fluke.
    pub piece_margin: f32,
    /// From which probability of being happy a frailty, a departure or a repeated contact that is spoken of is praise.
    pub praise: f32,
    /// How probable any other circumstance must be in praise, even where a phrase names it.
    pub in_praise: f32,
    /// From which probability a guard (denied, only imagined, solved) no longer overrules the model.
    pub sure: f32,
}

impl Default for TriggerSettings {
    fn default() -> Self {
        Self {
            safety: 0.7,
            self_harm: 0.5,
            fraud: 0.8,
            privacy: 0.6,
            legal: 0.5,
            vulnerable: 0.6,
            churn: 0.5,
            repeat_contact: 0.6,
            piece_margin: 0.5,
            praise: 0.8,
            in_praise: 0.05,
            sure: 0.97,
        }
    }
}

impl TriggerSettings {
    /// The threshold of one family.
    #[must_use]
    pub const fn threshold(&self, kind: TriggerKind) -> f32 {
        match kind {
            TriggerKind::Safety => self.safety,
            TriggerKind::SelfHarm => self.self_harm,
            TriggerKind::Fraud => self.fraud,
            TriggerKind::Privacy => self.privacy,
            TriggerKind::Legal => self.legal,
            TriggerKind::Vulnerable => self.vulnerable,
            TriggerKind::Churn => self.churn,
            TriggerKind::RepeatContact => self.repeat_contact,
        }
    }
}

/// When the priority stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UrgencySettings {
    /// How probable high impact and high urgency must each be for P1 without any circumstance; keeps mere anger below.
    pub clearly_high: f32,
    /// The priority is withheld if it is more probable than this that it should be a more urgent one.
    pub doubt: f32,
    /// How many needless alerts one missed P1 costs: a text that may be P1 after all is P2 at least and goes to a person.
    pub miss_cost: u16,
    /// Share of P1 among the team's messages, 0 to 1; the model learned from messages that are P1 more often.
    pub p1_share: f32,
    /// Probability of P1 that is reported where a phrase rule, not the model, saw the reason: how often phrases are right.
    pub phrase_precision: f32,
}

impl Default for UrgencySettings {
    fn default() -> Self {
        Self { clearly_high: 0.65, doubt: 0.5, miss_cost: 50, p1_share: 0.07, phrase_precision: 0.9 }
    }
}

/// When a feeling is clear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SentimentSettings {
    /// How probable it must be that a text has both poles, each about something else, for it to be mixed.
    pub mixed: f32,
    /// The feeling is withheld if no label is more probable than this.
    pub least: f32,
    /// Share of the other poles' probability that a prayer of the wronged or mocking praise moves to negative.
    pub shift: f32,
}

impl Default for SentimentSettings {
    fn default() -> Self {
        Self { mixed: 0.6, least: 0.4, shift: 0.85 }
    }
}

/// How queues compete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoutingSettings {
    /// Softmax temperature over cosine similarities, chosen so that the stated probability of a queue is what happens.
    ///
    /// It is for the projection that comes with the default encoder; the plain vectors of another encoder lie closer
    /// together and want about 0.02.
    pub temperature: f32,
    /// The queue is withheld if none is more probable than this.
    pub least: f32,
    /// The queue that takes what is withheld.
    pub human_queue: String,
}

impl Default for RoutingSettings {
    fn default() -> Self {
        Self { temperature: 0.05, least: 0.25, human_queue: "human_review".to_owned() }
    }
}

/// Which feedback becomes a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TicketSettings {
    /// The least urgent priority that still becomes one.
    pub lowest: Priority,
}

impl Default for TicketSettings {
    fn default() -> Self {
        Self { lowest: Priority::P3 }
    }
}
