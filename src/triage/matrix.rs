//! Impact and urgency make a priority; triggers raise it and nothing lowers it.

use crate::feedback::{Level, LevelProbabilities, Priority, TriggerKind};

/// The ITIL matrix.
#[must_use]
pub const fn priority(impact: Level, urgency: Level) -> Priority {
    match (impact, urgency) {
        (Level::High, Level::High) => Priority::P1,
        (Level::High, Level::Medium) | (Level::Medium, Level::High) => Priority::P2,
        (Level::Medium, Level::Medium) | (Level::High, Level::Low) | (Level::Low, Level::High) => Priority::P3,
        (Level::Medium | Level::Low, Level::Low) | (Level::Low, Level::Medium) => Priority::P4,
    }
}

/// Whether a legal threat names a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// It does.
    Set,
    /// It doesn't.
    None,
}

/// The least urgent priority that a trigger allows.
#[must_use]
pub const fn floor(trigger: TriggerKind, deadline: Deadline) -> Priority {
    match (trigger, deadline) {
        (TriggerKind::Safety | TriggerKind::SelfHarm | TriggerKind::Fraud | TriggerKind::Privacy, _)
        | (TriggerKind::Legal, Deadline::Set) => Priority::P1,
        (TriggerKind::Legal, Deadline::None) | (TriggerKind::Vulnerable, _) => Priority::P2,
        (TriggerKind::Churn, _) => Priority::P3,
        (TriggerKind::RepeatContact, _) => Priority::P4,
    }
}

/// `from`, raised as far as the triggers demand; never less urgent than `from`.
///
/// A repeated contact is one step up from what the matrix says.
#[must_use]
pub fn raise(from: Priority, triggers: &[TriggerKind], deadline: Deadline) -> Priority {
    let stepped = if triggers.contains(&TriggerKind::RepeatContact) { from.raised() } else { from };
    triggers.iter().map(|trigger| floor(*trigger, deadline)).fold(stepped, Priority::min)
}

/// Probability that the matrix gives something more urgent than `priority`, the two scores taken as independent, 0 to 1.
#[must_use]
pub fn doubt(than: Priority, impact: &LevelProbabilities, urgency: &LevelProbabilities) -> f32 {
    let mut sum = 0.0;
    for (row, p) in levels(impact) {
        for (column, q) in levels(urgency) {
            if priority(row, column) < than {
                sum += p * q;
            }
        }
    }
    sum
}

const fn levels(probabilities: &LevelProbabilities) -> [(Level, f32); 3] {
    [(Level::Low, probabilities.low), (Level::Medium, probabilities.medium), (Level::High, probabilities.high)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_the_one_we_publish() {
        use Level::{High, Low, Medium};
        use Priority::{P1, P2, P3, P4};
        for (impact, urgency, expected) in [
            (High, High, P1),
            (High, Medium, P2),
            (Medium, High, P2),
            (Medium, Medium, P3),
            (High, Low, P3),
            (Low, High, P3),
            (Medium, Low, P4),
            (Low, Medium, P4),
            (Low, Low, P4),
        ] {
            assert_eq!(priority(impact, urgency), expected, "{impact} {urgency}");
        }
    }

    #[test]
    fn each_trigger_raises_as_far_as_it_should() {
        use Priority::{P1, P2, P3, P4};
        use TriggerKind::{Churn, Fraud, Legal, Privacy, RepeatContact, Safety, SelfHarm, Vulnerable};
        for (from, triggers, deadline, expected) in [
            (P4, vec![], Deadline::Set, P4),
            (P4, vec![Safety], Deadline::None, P1),
            (P4, vec![SelfHarm], Deadline::None, P1),
            (P3, vec![Fraud], Deadline::None, P1),
            (P4, vec![Privacy], Deadline::None, P1),
            (P4, vec![Legal], Deadline::None, P2),
            (P4, vec![Legal], Deadline::Set, P1),
            (P4, vec![Vulnerable], Deadline::Set, P2),
            (P4, vec![Churn], Deadline::None, P3),
            (P4, vec![RepeatContact], Deadline::None, P3),
            (P3, vec![RepeatContact], Deadline::None, P2),
            (P2, vec![RepeatContact], Deadline::None, P1),
            (P4, vec![Churn, RepeatContact], Deadline::None, P3),
            (P1, vec![Churn], Deadline::None, P1),
        ] {
            assert_eq!(raise(from, &triggers, deadline), expected, "{from} {triggers:?} {deadline:?}");
        }
    }

    #[test]
    fn raising_never_lowers_and_more_triggers_never_lower_it_further() {
        for from in Priority::ALL {
            for deadline in [Deadline::Set, Deadline::None] {
                for set in 0..1_usize << TriggerKind::ALL.len() {
                    let kinds = TriggerKind::ALL.iter().copied().enumerate();
                    let triggers: Vec<_> = kinds.filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, kind)| kind).collect();
                    let raised = raise(from, &triggers, deadline);
                    assert!(raised <= from, "{from} {triggers:?}");
                    let fewer = raise(from, triggers.split_last().map_or(&[], |(_, rest)| rest), deadline);
                    assert!(raised <= fewer, "{from} {triggers:?}");
                }
            }
        }
    }

    #[test]
    fn doubt_is_the_mass_of_what_is_more_urgent() {
        let even = LevelProbabilities { low: 0.5, medium: 0.0, high: 0.5 };
        assert_eq!(doubt(Priority::P1, &even, &even), 0.0);
        assert_eq!(doubt(Priority::P3, &even, &even), 0.25);
        assert_eq!(doubt(Priority::P4, &even, &even), 0.75);
    }
}
