//! Time and time-ordered ids, passed in rather than read.
//!
//! Rules never see a clock, and tests move it by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::Uuid;

/// A cheap handle on the time: the system's, or one that a test moves.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<Manual>),
}

#[derive(Debug)]
struct Manual {
    now_ms: AtomicI64,
    ids: AtomicU32,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `start` until [`Clock::advance`] moves it; its ids are the same in every run.
    #[must_use]
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(Manual {
            now_ms: AtomicI64::new(start.timestamp_millis()),
            ids: AtomicU32::new(0),
        })))
    }

    /// The time now, UTC, to the millisecond (what both databases keep).
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
            Source::System => Utc::now().trunc_subsecs(3),
            Source::Manual(manual) => {
                DateTime::from_timestamp_millis(manual.now_ms.load(Ordering::Relaxed)).unwrap_or_default()
            }
        }
    }

    /// Moves a manual clock forward; the system's clock is left alone.
    pub fn advance(&self, by: TimeDelta) {
        if let Source::Manual(manual) = &self.0 {
            manual.now_ms.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
        }
    }

    /// A new id whose order is the order of making (UUID version 7, RFC 9562).
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
            Source::System => Uuid::now_v7(),
            Source::Manual(manual) => {
                let millis = u64::try_from(manual.now_ms.load(Ordering::Relaxed)).unwrap_or_default();
                let count = manual.ids.fetch_add(1, Ordering::Relaxed);
                let mut bytes = [0_u8; 10];
                bytes[6..].copy_from_slice(&count.to_be_bytes());
                uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_still_until_moved_and_orders_its_ids() {
        let start = DateTime::from_timestamp_millis(1_700_000_000_123).expect("in range");
        let clock = Clock::manual(start);
        assert_eq!(clock.now(), start);
        let (first, second) = (clock.new_id(), clock.new_id());
        clock.advance(TimeDelta::seconds(2));
        let third = clock.new_id();
        assert_eq!(clock.now(), start + TimeDelta::seconds(2));
        assert!(first < second && second < third);
    }
}
