//! Whether a chatbot must give the conversation to a person.

use crate::feedback::{Handover, HandoverReason, Priority, TriggerKind};

/// Whether what the person wrote and what we know of it asks for a human being.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    /// It may be P1 after all.
    pub(super) perhaps_first: bool,
    /// The customer says so.
    pub(super) asked: bool,
    /// The priority or the queue is withheld.
    pub(super) unsure: bool,
}

/// The first reason that applies, most serious first.
pub(super) fn handover(priority: Priority, triggers: &[TriggerKind], needs: Needs) -> Handover {
    let reasons = [
        (priority == Priority::P1, HandoverReason::TopPriority),
        (needs.perhaps_first, HandoverReason::PerhapsTopPriority),
        (triggers.contains(&TriggerKind::Vulnerable), HandoverReason::VulnerableCustomer),
        (triggers.contains(&TriggerKind::Legal), HandoverReason::LegalThreat),
        (triggers.contains(&TriggerKind::RepeatContact), HandoverReason::RepeatContact),
        (needs.asked, HandoverReason::AskedForPerson),
        (needs.unsure, HandoverReason::Unsure),
    ];
    let reason = reasons.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason);
    Handover { needed: reason.is_some(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_serious_reason_is_named() {
        use TriggerKind::{Churn, Legal, RepeatContact, Vulnerable};
        let nothing = Needs { perhaps_first: false, asked: false, unsure: false };
        let both = Needs { perhaps_first: false, asked: true, unsure: true };
        let all = Needs { perhaps_first: true, ..both };
        for (priority, triggers, needs, expected) in [
            (Priority::P2, vec![], nothing, None),
            (Priority::P3, vec![Churn], nothing, None),
            (Priority::P1, vec![Vulnerable], both, Some(HandoverReason::TopPriority)),
            (Priority::P1, vec![], all, Some(HandoverReason::TopPriority)),
            (Priority::P2, vec![Vulnerable], all, Some(HandoverReason::PerhapsTopPriority)),
            (Priority::P2, vec![Legal, Vulnerable], both, Some(HandoverReason::VulnerableCustomer)),
            (Priority::P2, vec![RepeatContact, Legal], both, Some(HandoverReason::LegalThreat)),
            (Priority::P2, vec![RepeatContact], both, Some(HandoverReason::RepeatContact)),
            (Priority::P4, vec![], both, Some(HandoverReason::AskedForPerson)),
            (Priority::P3, vec![], Needs { unsure: true, ..nothing }, Some(HandoverReason::Unsure)),
        ] {
            let handover = handover(priority, &triggers, needs);
            assert_eq!(handover, Handover { needed: expected.is_some(), reason: expected }, "{priority} {triggers:?}");
        }
    }
}
