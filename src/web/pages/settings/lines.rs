//! What applies, as the lines that a settings file would hold.

use serde::Serialize;

use crate::triage::{DueTimes, QueueSettings};

#[derive(Serialize)]
struct Queues<'settings> {
    queue: &'settings [QueueSettings],
}

#[derive(Serialize)]
struct Due<'settings> {
    triage: Triage<'settings>,
}

#[derive(Serialize)]
struct Triage<'settings> {
    due: &'settings DueTimes,
}

/// The queues.
pub(super) fn of_queues(queues: &[QueueSettings]) -> String {
    toml::to_string(&Queues { queue: queues }).unwrap_or_default()
}

/// The due times.
pub(super) fn of_due(due: &DueTimes) -> String {
    toml::to_string(&Due { triage: Triage { due } }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_mean_what_applies() {
        let queues = QueueSettings::defaults();
        assert_eq!(QueueSettings::read(&of_queues(&queues), "human_review").as_ref(), Ok(&queues));
        assert!(of_due(&DueTimes::default()).contains("[triage.due.p1]\nfirst_reply_minutes = 15\n"));
    }
}
