//! How well groups that were found agree with groups that are known.

use std::collections::BTreeMap;

/// V-measure: the harmonic mean of homogeneity and completeness, 0 to 1
/// (Rosenberg and Hirschberg, "V-Measure: a conditional entropy-based external cluster evaluation measure", EMNLP 2007, β = 1).
///
/// Each pair is one item: the known group and the found one.
#[must_use]
pub fn v_measure<K: Ord, F: Ord>(pairs: &[(K, F)]) -> f64 {
    let total = pairs.len() as f64;
    let (mut known, mut found, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (k, f) in pairs {
        *known.entry(k).or_insert(0.0) += 1.0;
        *found.entry(f).or_insert(0.0) += 1.0;
        *both.entry((k, f)).or_insert(0.0) += 1.0;
    }
    let entropy = |counts: &mut dyn Iterator<Item = f64>| -> f64 {
        counts.map(|count: f64| -(count / total) * (count / total).ln()).sum()
    };
    let h_known = entropy(&mut known.values().copied());
    let h_found = entropy(&mut found.values().copied());
    let h_both = entropy(&mut both.values().copied());
    let mutual = h_known + h_found - h_both;
    let homogeneity = if h_known == 0.0 { 1.0 } else { mutual / h_known };
    let completeness = if h_found == 0.0 { 1.0 } else { mutual / h_found };
    if homogeneity + completeness == 0.0 {
        return 0.0;
    }
    2.0 * homogeneity * completeness / (homogeneity + completeness)
}

/// Adjusted Rand index: how much more two groupings agree on pairs than by chance, at most 1
/// (Hubert and Arabie, "Comparing partitions", Journal of Classification 1985).
///
/// Each pair is one item, as for [`v_measure`].
#[must_use]
pub fn adjusted_rand<K: Ord, F: Ord>(pairs: &[(K, F)]) -> f64 {
    let (mut known, mut found, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (k, f) in pairs {
        *known.entry(k).or_insert(0_usize) += 1;
        *found.entry(f).or_insert(0_usize) += 1;
        *both.entry((k, f)).or_insert(0_usize) += 1;
    }
    let pairs_within = |count: usize| (count * count.saturating_sub(1) / 2) as f64;
    let sum = |counts: &mut dyn Iterator<Item = usize>| counts.map(pairs_within).sum::<f64>();
    let (known, found) = (sum(&mut known.into_values()), sum(&mut found.into_values()));
    let agreed = sum(&mut both.into_values());
    let by_chance = known * found / pairs_within(pairs.len()).max(1.0);
    let most = f64::midpoint(known, found);
    if most - by_chance == 0.0 { 1.0 } else { (agreed - by_chance) / (most - by_chance) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_groups_agree_and_one_group_says_nothing() {
        let same = [("a", 1), ("a", 1), ("b", 2), ("c", 3)];
        assert!((v_measure(&same) - 1.0).abs() < 1e-12);
        let one = [("a", 1), ("b", 1), ("c", 1)];
        assert!(v_measure(&one).abs() < 1e-12);
        // two known groups of two, split into three: homogeneity 1, completeness 1 / 1.5
        let split = [("a", 1), ("a", 2), ("b", 3), ("b", 3)];
        assert!((v_measure(&split) - 0.8).abs() < 1e-12);
        assert!((adjusted_rand(&same) - 1.0).abs() < 1e-12);
        assert!(adjusted_rand(&one).abs() < 1e-12);
        // one pair agreed of two known and one found among six: (1 - 1/3) / (3/2 - 1/3)
        assert!((adjusted_rand(&split) - 4.0 / 7.0).abs() < 1e-12);
    }
}
