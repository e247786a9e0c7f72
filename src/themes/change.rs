//! Changes from one period to the next: told from chance, or not told at all.

use serde::{Deserialize, Serialize};

/// Two-sided 5 % of the normal distribution.
const CRITICAL: f64 = 1.96;

/// Fewer than this in both periods together say nothing: the approximations below want about so many.
const LEAST: u64 = 10;

/// How a number moved, beyond chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It rose.
    Rose,
    /// Nothing that chance can't explain.
    Same,
    /// It fell.
    Fell,
}

/// Whether a count differs from that of an equally long period before.
///
/// Of two Poisson counts with the same rate, (a − b) / √(a + b) is about standard normal (Przyborowski and Wilenski 1940).
#[must_use]
pub fn of_counts(now: u64, before: u64) -> Change {
    if now + before < LEAST {
        return Change::Same;
    }
    tell((now as f64 - before as f64) / ((now + before) as f64).sqrt())
}

/// Whether a share differs from that before: `(part, whole)` of each period, by the pooled two-proportion z-test.
#[must_use]
pub fn of_shares(now: (u64, u64), before: (u64, u64)) -> Change {
    if now.1 < LEAST || before.1 < LEAST {
        return Change::Same;
    }
    let (n, m) = (now.1 as f64, before.1 as f64);
    let pooled = (now.0 + before.0) as f64 / (n + m);
    let spread = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    if spread == 0.0 {
        return Change::Same;
    }
    tell((now.0 as f64 / n - before.0 as f64 / m) / spread)
}

fn tell(z: f64) -> Change {
    match z {
        z if z > CRITICAL => Change::Rose,
        z if z < -CRITICAL => Change::Fell,
        _ => Change::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_change_only_beyond_chance() {
        for (now, before, expected) in [
            (0, 0, Change::Same),
            (8, 1, Change::Same),
            (9, 1, Change::Rose),
            (12, 9, Change::Same),
            (60, 40, Change::Rose),
            (40, 60, Change::Fell),
            (55, 45, Change::Same),
        ] {
            assert_eq!(of_counts(now, before), expected, "{now} after {before}");
        }
    }

    #[test]
    fn shares_change_only_beyond_chance() {
        for (now, before, expected) in [
            ((5, 9), (1, 90), Change::Same),
            ((30, 60), (15, 60), Change::Rose),
            ((15, 60), (30, 60), Change::Fell),
            ((16, 60), (15, 60), Change::Same),
            ((0, 50), (0, 50), Change::Same),
            ((50, 50), (50, 50), Change::Same),
        ] {
            assert_eq!(of_shares(now, before), expected, "{now:?} after {before:?}");
        }
    }
}
