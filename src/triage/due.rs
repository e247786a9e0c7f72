//! By when somebody must have answered, and whether there is a case to answer.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::settings::TicketSettings;
use crate::feedback::Priority;

/// How long each priority may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DueTimes {
    /// At once: 15 minutes and 4 hours.
    pub p1: DueTime,
    /// Today, first: 1 hour and 8 hours.
    pub p2: DueTime,
    /// Today: 4 hours and a day.
    pub p3: DueTime,
    /// When there is time: 8 hours and 3 days.
    pub p4: DueTime,
}

/// How long one priority may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueTime {
    /// From opening to the first reply.
    pub first_reply_minutes: u32,
    /// From opening to the solution.
    pub resolution_minutes: u32,
}

impl Default for DueTimes {
    fn default() -> Self {
        let time = |first_reply_minutes, hours: u32| DueTime { first_reply_minutes, resolution_minutes: hours * 60 };
        Self { p1: time(15, 4), p2: time(60, 8), p3: time(240, 24), p4: time(480, 72) }
    }
}

impl DueTimes {
    /// The times of one priority.
    #[must_use]
    pub const fn of(&self, priority: Priority) -> DueTime {
        match priority {
            Priority::P1 => self.p1,
            Priority::P2 => self.p2,
            Priority::P3 => self.p3,
            Priority::P4 => self.p4,
        }
    }
}

/// By when a ticket must be answered and solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first reply.
    pub first_reply: DateTime<Utc>,
    /// The solution.
    pub resolution: DateTime<Utc>,
}

/// When a ticket of this priority, opened then, is due; the end of time if that is earlier.
#[must_use]
pub fn due(priority: Priority, opened_at: DateTime<Utc>, times: &DueTimes) -> Due {
    let time = times.of(priority);
    let after = |minutes: u32| {
        opened_at.checked_add_signed(TimeDelta::minutes(i64::from(minutes))).unwrap_or(DateTime::<Utc>::MAX_UTC)
    };
    Due { first_reply: after(time.first_reply_minutes), resolution: after(time.resolution_minutes) }
}

/// Whether feedback of this priority becomes a ticket.
#[must_use]
pub fn wants_ticket(priority: Priority, settings: &TicketSettings) -> bool {
    priority <= settings.lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_urgent_is_due_earlier_and_the_reply_before_the_solution() {
        let opened_at = DateTime::<Utc>::UNIX_EPOCH;
        let times = DueTimes::default();
        let minutes = |at: DateTime<Utc>| (at - opened_at).num_minutes();
        let mut expected = [(15, 240), (60, 480), (240, 1440), (480, 4320)].into_iter();
        for priority in Priority::ALL {
            let due = due(priority, opened_at, &times);
            assert!(due.first_reply < due.resolution);
            assert_eq!(Some((minutes(due.first_reply), minutes(due.resolution))), expected.next(), "{priority}");
        }
        assert_eq!(due(Priority::P4, DateTime::<Utc>::MAX_UTC, &times).resolution, DateTime::<Utc>::MAX_UTC);
    }

    #[test]
    fn tickets_are_made_down_to_the_lowest_priority_set() {
        let wanted = |lowest| Priority::ALL.map(|priority| wants_ticket(priority, &TicketSettings { lowest }));
        assert_eq!(wanted(Priority::P3), [true, true, true, false]);
        assert_eq!(wanted(Priority::P1), [true, false, false, false]);
        assert_eq!(wanted(Priority::P4), [true; 4]);
    }
}
