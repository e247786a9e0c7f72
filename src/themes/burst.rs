//! Bursts: far more messages in a short while than chance allows.
//!
//! A scan statistic (Naus 1965; Kulldorff 1997): a window slides over the messages, and the fullest one is held against
//! a Poisson count at the rate of all the time outside of it, corrected for the number of windows that fit.
//! Looking back, one window of two hours is enough; to notice soon that a burst has begun, a short one slides besides,
//! and the chance of either is counted double (Bonferroni).

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

/// A window that slides.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// How long it is.
    width: TimeDelta,
    /// With fewer messages it is never a burst.
    least: usize,
}

/// Long enough for a burst to be seen whole.
const LONG: Window = Window { width: TimeDelta::hours(2), least: 10 };

/// Short enough to notice a burst soon.
const SHORT: Window = Window { width: TimeDelta::minutes(15), least: SOONEST };

/// With fewer messages no burst is noticed.
pub(super) const SOONEST: usize = 6;

/// A burst is over when nothing has come for so long.
pub(super) const OVER: TimeDelta = TimeDelta::hours(2);

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
    let mut times: Vec<_> = times.iter().copied().filter(|time| observed.contains(time)).collect();
    times.sort_unstable();
    let scan = Scan { times: &times, elsewhere: 0, period: observed.end - observed.start, windows: 1 };
    scan.find(LONG, observed.start)
}

/// The burst that is going on at the end of `observed`, if chance can't explain it: of two hours, or of a quarter of an
/// hour, which notices it sooner.
///
/// `times` are those of the last hours, in any order; so many messages as `earlier` came before them, within `observed`.
/// A burst after which nothing came for two hours is over.
#[must_use]
pub(super) fn ongoing(times: &[DateTime<Utc>], earlier: usize, observed: Range<DateTime<Utc>>) -> Option<Burst> {
    let (start, now) = (observed.start, observed.end);
    let mut times: Vec<_> = times.iter().copied().filter(|time| start <= *time && *time <= now).collect();
    times.sort_unstable();
    let scan = Scan { times: &times, elsewhere: earlier, period: now - start, windows: 2 };
    let found = [LONG, SHORT].into_iter().filter_map(|window| scan.find(window, now - OVER));
    found.min_by_key(|burst| burst.start)
}

/// Where windows slide.
struct Scan<'times> {
    /// In order.
    times: &'times [DateTime<Utc>],
    /// How many more messages came at other times.
    elsewhere: usize,
    /// The time in which messages could have come.
    period: TimeDelta,
    /// How many windows are tried.
    windows: u32,
}

impl Scan<'_> {
    /// The fullest window whose last message came at `since` or later, if chance can't explain it.
    fn find(&self, window: Window, since: DateTime<Utc>) -> Option<Burst> {
        if self.period < LONG.width * 2 {
            return None;
        }
        let (first, count) = fullest(self.times, window.width, since)?;
        let windows = self.period.num_seconds() as f64 / window.width.num_seconds() as f64;
        // One message more than there were: no silence is so long that the rate is nought.
        let expected = (self.times.len() + self.elsewhere - count + 1) as f64 / (windows - 1.0);
        // The window slides, so several placements an hour are looked at.
        let chance = poisson_tail(count, expected) * windows * count as f64 * f64::from(self.windows);
        let found = count >= window.least && count as f64 >= MIN_RATIO * expected && chance < MAX_CHANCE;
        found.then(|| Burst { start: self.times[first], end: self.times[first + count - 1], count, expected })
    }
}

/// The first message and the number of messages of the window that holds most, among those whose last message came at
/// `since` or later; the earliest of equals.
fn fullest(times: &[DateTime<Utc>], width: TimeDelta, since: DateTime<Utc>) -> Option<(usize, usize)> {
    let mut best = None;
    let mut first = 0;
    for (last, time) in times.iter().enumerate() {
        while *time - times[first] >= width {
            first += 1;
        }
        let count = last + 1 - first;
        if *time >= since && best.is_none_or(|(_, most)| count > most) {
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

    fn going_on(minutes: impl IntoIterator<Item = i64>, earlier: usize) -> Option<Burst> {
        let times: Vec<_> = minutes.into_iter().map(minute).collect();
        ongoing(&times, earlier, minute(0)..minute(WEEKS_12_MINUTES))
    }

    #[test]
    fn a_burst_goes_on_while_messages_come() {
        let ago = |minutes: &[i64]| minutes.iter().map(|ago| WEEKS_12_MINUTES - ago).collect::<Vec<_>>();
        let steady: Vec<i64> = (0..24).map(|step| step * 10).collect();
        for (what, minutes, earlier, expected) in [
            ("nothing", vec![], 0, None),
            ("five in five minutes", vec![0, 1, 2, 3, 4], 40, None),
            ("six in ten minutes", vec![0, 2, 4, 6, 8, 10], 40, Some((6, 10))),
            ("six in ten minutes of a busy theme", vec![0, 2, 4, 6, 8, 10], 4_000, None),
            ("six in an hour", vec![0, 12, 24, 36, 48, 60], 40, None),
            ("ten in an hour and a half", (0..10).map(|step| step * 10).collect(), 40, Some((10, 90))),
            ("six in ten minutes, an hour and a half ago", vec![90, 92, 94, 96, 98, 100], 40, Some((6, 100))),
            ("six in ten minutes, two hours ago", vec![121, 122, 124, 126, 128, 130], 40, None),
            ("one every ten minutes, for weeks", steady, 12_096, None),
        ] {
            let found = going_on(ago(&minutes), earlier);
            let expected = expected.map(|(count, first)| (count, minute(WEEKS_12_MINUTES - first)));
            assert_eq!(found.map(|burst| (burst.count, burst.start)), expected, "{what}");
        }
        assert_eq!(ongoing(&[minute(10); 50], 0, minute(0)..minute(60)), None, "an hour of history");
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
                let width = found.end - found.start;
                prop_assert!(found.count >= LONG.least && width < LONG.width && found.start <= found.end);
            }
        }

        #[test]
        fn a_burst_that_goes_on_reaches_near_now_and_is_not_explained_by_more_before(
            minutes in prop::collection::vec(WEEKS_12_MINUTES - 240..=WEEKS_12_MINUTES, 0..60), earlier in 0_usize..500,
        ) {
            if let Some(found) = going_on(minutes.iter().copied(), earlier) {
                prop_assert!(found.count >= SOONEST && found.start <= found.end);
                prop_assert!(minute(WEEKS_12_MINUTES) - found.end <= OVER && found.end - found.start < LONG.width);
                prop_assert!(going_on(minutes, 0).is_some(), "fewer before make it no less unusual");
            }
        }
    }
}
