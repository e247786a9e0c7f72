//! Drivers: which groups of ratings pull the score up or down.

use super::{Difference, Measure, Ratings, corrected, difference, score};

/// What a group, a theme say, does to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver<Key> {
    /// Which group.
    pub key: Key,
    /// The ratings of those who are in it.
    pub with: Ratings,
    /// The ratings of all others.
    pub without: Ratings,
    /// The score with it less the score without it; none if either side has too few ratings.
    ///
    /// It is a difference between customers, not what would happen if the cause went away: those who speak of a theme
    /// may differ in other ways, too.
    pub difference: Option<Difference>,
    /// How far the group moves the score of all: that score less the score without the group, in the measure's unit.
    pub effect: Option<f64>,
}

/// What each group does to the score of `all`, those that move it most first, those with too few ratings last.
///
/// Each comparison alone would be called significant by chance once in twenty, so the p values of all of them are
/// adjusted together (Benjamini and Hochberg 1995). Groups that aren't part of `all` are left out.
#[must_use]
pub fn drivers<Key>(measure: Measure, all: &Ratings, groups: Vec<(Key, Ratings)>) -> Vec<Driver<Key>> {
    let mut found: Vec<Driver<Key>> = groups
        .into_iter()
        .filter_map(|(key, with)| {
            let without = all.minus(&with)?;
            let effect =
                score(measure, all).zip(score(measure, &without)).map(|(all, without)| all.value - without.value);
            Some(Driver { difference: difference(measure, &with, &without), key, with, without, effect })
        })
        .collect();
    let differences = corrected(found.iter().map(|driver| driver.difference).collect());
    for (driver, difference) in found.iter_mut().zip(differences) {
        driver.effect = driver.effect.filter(|_| difference.is_some());
        driver.difference = difference;
    }
    let weight = |driver: &Driver<Key>| driver.effect.map_or(-1.0, f64::abs);
    found
        .sort_by(|left, right| weight(right).total_cmp(&weight(left)).then_with(|| right.with.n().cmp(&left.with.n())));
    found
}
