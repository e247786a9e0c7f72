//! How probable it is that a text comes before everything else, and when that is too probable to leave it waiting.

use super::matrix;
use super::settings::UrgencySettings;
use crate::feedback::{Priority, Reading, Trigger, TriggerKind};

/// Share of P1 among the messages that the model's probabilities were calibrated on: 432 of the 2 047 that were held out.
const LEARNED_SHARE: f32 = 0.211;

/// Keeps odds finite.
const SMALLEST: f32 = 1e-6;

/// Probability of P1, 0 to 1: what the model says of the whole text, or of a reason that was found, if that is more.
pub(super) fn probability(
    whole: &Reading,
    triggers: &[Trigger],
    priority: Priority,
    settings: &UrgencySettings,
) -> f32 {
    let reasons = triggers
        .iter()
        .filter(|trigger| is_grave(trigger.kind) || (trigger.kind == TriggerKind::Legal && priority == Priority::P1));
    let seen = reasons.map(|trigger| {
        let felt = whole.trigger(trigger.kind);
        if trigger.probability >= 1.0 { felt.max(settings.phrase_precision) } else { trigger.probability }
    });
    seen.fold(said(whole), f32::max).clamp(0.0, 1.0)
}

/// Whether a text that is not P1 may be one after all: a miss would cost more than a needless alert.
pub(super) fn may_be_missed(probability: f32, settings: &UrgencySettings) -> bool {
    let here = odds(probability) * odds(settings.p1_share) / odds(LEARNED_SHARE);
    here * f32::from(settings.miss_cost) >= 1.0
}

/// What the model says of the whole text: its own answer and that of its reasons, with equal weight
/// (a logarithmic opinion pool; Genest and Zidek, "Combining probability distributions", Statistical Science 1986).
fn said(whole: &Reading) -> f32 {
    let grave = TriggerKind::ALL.iter().filter(|kind| is_grave(**kind)).map(|kind| whole.trigger(*kind));
    let reasons = grave.fold(whole.impact.high * whole.urgency.high, f32::max);
    let pooled = (odds(whole.first) * odds(reasons)).sqrt();
    pooled / (1.0 + pooled)
}

/// Whether a circumstance makes anything P1 by itself.
fn is_grave(kind: TriggerKind) -> bool {
    matrix::raise(Priority::P4, &[kind], matrix::Deadline::None) == Priority::P1
}

fn odds(probability: f32) -> f32 {
    let inside = probability.clamp(SMALLEST, 1.0 - SMALLEST);
    inside / (1.0 - inside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feedback::Span;
    use crate::triage::assess::tests::understanding;

    fn reading(first: f32, fraud: f32) -> Reading {
        let mut whole = understanding("x").whole;
        whole.first = first;
        let fraud_at = TriggerKind::ALL.iter().position(|kind| *kind == TriggerKind::Fraud).expect("there");
        whole.triggers[fraud_at] = fraud;
        whole
    }

    fn seen(kind: TriggerKind, probability: f32) -> Trigger {
        Trigger { kind, span: Span { start: 0, end: 1 }, text: "x".to_owned(), probability }
    }

    #[test]
    fn the_probability_is_the_models_or_that_of_a_reason() {
        let settings = UrgencySettings::default();
        for (whole, triggers, priority, expected) in [
            (reading(0.5, 0.5), vec![], Priority::P3, 0.5),
            (reading(0.9, 0.1), vec![], Priority::P3, 0.5),
            (reading(0.1, 0.1), vec![seen(TriggerKind::Fraud, 0.8)], Priority::P1, 0.8),
            (reading(0.1, 0.1), vec![seen(TriggerKind::Fraud, 1.0)], Priority::P1, settings.phrase_precision),
            (reading(0.1, 0.1), vec![seen(TriggerKind::Churn, 1.0)], Priority::P3, 0.1),
            (reading(0.1, 0.1), vec![seen(TriggerKind::Legal, 1.0)], Priority::P2, 0.1),
            (reading(0.1, 0.1), vec![seen(TriggerKind::Legal, 1.0)], Priority::P1, settings.phrase_precision),
        ] {
            let found = probability(&whole, &triggers, priority, &settings);
            assert!((found - expected).abs() < 1e-5, "{found} instead of {expected}: {triggers:?} {priority}");
        }
    }

    #[test]
    fn a_dear_miss_and_a_common_p1_make_alerts_worth_their_while() {
        for (probability, miss_cost, p1_share, expected) in [
            (0.5, 50, 0.07, true),
            (0.07, 50, 0.07, true),
            (0.06, 50, 0.07, false),
            (0.05, 50, 0.2, true),
            (0.06, 10, 0.07, false),
            (1.0, 0, 0.07, false),
            (0.0, 50, 0.07, false),
        ] {
            let settings = UrgencySettings { miss_cost, p1_share, ..UrgencySettings::default() };
            assert_eq!(may_be_missed(probability, &settings), expected, "{probability} {miss_cost} {p1_share}");
        }
    }

    proptest! {
        #[test]
        fn a_probability_stays_one_and_grows_with_what_the_model_says(
            first in 0.0_f32..=1.0, more in 0.0_f32..=1.0, fraud in 0.0_f32..=1.0,
        ) {
            let settings = UrgencySettings::default();
            let of = |first: f32| probability(&reading(first, fraud), &[], Priority::P3, &settings);
            let (low, high) = (of(first.min(more)), of(first.max(more)));
            prop_assert!((0.0..=1.0).contains(&low) && low <= high && high <= 1.0);
        }
    }
}
