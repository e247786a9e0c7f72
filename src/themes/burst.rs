//! Bursts: far more messages in a short while than chance allows.
//!
//! A scan statistic (Naus 1965; Kulldorff 1997): a window slides over the messages, and the fullest one is held against
//! a Poisson count at the rate of all the time outside of it, corrected for the number of windows that fit.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

/// The window that slides.
const WINDOW: TimeDelta = TimeDelta::hours(2);

/// A window with fewer messages is never a burst.
const MIN_COUNT: usize = 10;

/// The chance, over all windows, that a quiet theme is called a burst.
const MAX_CHANCE: f64 = 1e-6;

/// Busy hours come every day: a burst is at least this many times what was to be expected.
const MIN_RATIO: f64 = 4.0;

/// More messages in a short while than chance allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// The first message in it.
    pub start: DateTime<Utc>,
    /// The last message in it; at most two hours later.
    pub end: DateTime<Utc>,
    /// How many messages it has.
    pub count: usize,
    /// How many were to be expected in such a window.
    pub expected: f64,
}

/// The fullest two hours of these times, if chance can't explain them.
///
/// `observed` is the time in which messages could have come: from the first feedback of any theme until now.
/// Times outside of it are ignored; their order does not matter; within a period shorter than four hours nothing is usual.
#[must_use]
pub fn burst(times: &[DateTime<Utc>], observed: Range<DateTime<Utc>>) -> Option<Burst> {
    let period = observed.end - observed.start;
    if period < WINDOW * 2 {
        return None;
    }
    let mut times: Vec<_> = times.iter().copied().filter(|time| observed.contains(time)).collect();
    times.sort_unstable();
    let (first, count) = fullest(&times)?;
    let windows = period.num_seconds() as f64 / WINDOW.num_seconds() as f64;
    // One message more than there were: no silence is so long that the rate is nought.
    let expected = (times.len() - count + 1) as f64 / (windows - 1.0);
    // The window slides, so several placements an hour are looked at.
    let chance = poisson_tail(count, expected) * windows * count as f64;
    let found = count >= MIN_COUNT && count as f64 >= MIN_RATIO * expected && chance < MAX_CHANCE;
    found.then(|| Burst { start: times[first], end: times[first + count - 1], count, expected })
}

/// The first message and the number of messages of the window that holds most; the earliest of equals.
fn fullest(times: &[DateTime<Utc>]) -> Option<(usize, usize)> {
    let mut best = None;
    let mut first = 0;
    for (last, time) in times.iter().enumerate() {
        while *time - times[first] >= WINDOW {
            first += 1;
        }
        let count = last + 1 - first;
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((first, count));
        }
    }
    best
}

/// The chance of at least `count` where `mean` is usual, for a count above the mean (the terms fall from there on).
fn poisson_tail(count: usize, mean: f64) -> f64 {
    if (count as f64) < mean {
        return 1.0;
    }
    let log_first = (1..=count).map(|step| (mean / step as f64).ln()).sum::<f64>() - mean;
    let mut term = log_first.exp();
    let mut total = 0.0;
    let mut at = count as f64;
    while term > total * 1e-12 {
        total += term;
        at += 1.0;
        term *= mean / at;
    }
    total.min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WEEKS_12_MINUTES: i64 = 12 * 7 * 24 * 60;

    fn minute(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + minute * 60, 0).expect("in range")
    }

    fn find(minutes: impl IntoIterator<Item = i64>) -> Option<Burst> {
        let times: Vec<_> = minutes.into_iter().map(minute).collect();
        burst(&times, minute(0)..minute(WEEKS_12_MINUTES))
    }

    #[test]
    fn forty_messages_in_two_hours_are_a_burst_among_weekly_ones() {
        let weekly = (0..45).map(|step| step * 2_600);
        let found = find(weekly.chain((0..40).map(|step| 80_000 + step * 3))).expect("a burst");
        assert_eq!((found.start, found.end), (minute(80_000), minute(80_117)));
        assert_eq!(found.count, 40);
        assert!(found.expected < 0.1, "{}", found.expected);
    }

    #[test]
    fn these_are_no_bursts() {
        for (what, minutes) in [
            ("nothing", vec![]),
            ("nine at once", vec![500; 9]),
            ("one every half hour", (0..4_000).map(|step| step * 30).collect()),
            ("busy evenings", (0..84).flat_map(|day| (0..12).map(move |step| day * 1_440 + step * 10)).collect()),
        ] {
            assert_eq!(find(minutes), None, "{what}");
        }
        let times = vec![minute(10); 50];
        assert_eq!(burst(&times, minute(0)..minute(60)), None, "an hour of history");
    }

    #[test]
    fn the_tail_of_poisson_is_right() {
        for (count, mean, expected) in
            [(1, 1.0, 0.632_120_6), (5, 2.0, 0.052_653), (10, 3.0, 0.001_102_5), (2, 5.0, 1.0)]
        {
            assert!((poisson_tail(count, mean) - expected).abs() < 1e-6, "P(X >= {count} | {mean})");
        }
    }

    proptest! {
        #[test]
        fn a_burst_lies_within_two_hours_and_within_what_was_seen(
            minutes in prop::collection::vec(0..WEEKS_12_MINUTES, 0..60), centre in 0..WEEKS_12_MINUTES - 60, extra in 0_usize..60,
        ) {
            if let Some(found) = find(minutes.into_iter().chain(std::iter::repeat_n(centre, extra))) {
                prop_assert!(found.count >= MIN_COUNT && found.end - found.start < WINDOW && found.start <= found.end);
            }
        }
    }
}
