//! Which waiting sequences share a forward pass.

use std::ops::Range;

/// Cuts sequences of those lengths into runs of at most `budget` tokens, in order of arrival.
///
/// Every sequence is in exactly one run; one that is longer than the budget goes alone.
/// Runs are packed without padding, so that neighbours of unequal length cost nothing and order can be kept.
pub(super) fn plan(lengths: &[usize], budget: usize) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut tokens = 0_usize;
    for (index, &length) in lengths.iter().enumerate() {
        if index > start && tokens.saturating_add(length) > budget {
            runs.push(start..index);
            start = index;
            tokens = 0;
        }
        tokens = tokens.saturating_add(length);
    }
    if start < lengths.len() {
        runs.push(start..lengths.len());
    }
    runs
}

/// How many sequences of two lines share the next pass: of the quick one, where somebody waits, and of the bulk.
///
/// Quick sequences go first, but leave half of the budget to the bulk when there is some: neither line ever stands still.
pub(super) fn share(quick: &[usize], bulk: &[usize], budget: usize) -> (usize, usize) {
    let first = |lengths: &[usize], budget: usize| plan(lengths, budget).first().map_or(0, Range::len);
    let quick_taken = first(quick, if bulk.is_empty() { budget } else { budget / 2 });
    let used: usize = quick[..quick_taken].iter().sum();
    (quick_taken, first(bulk, budget.saturating_sub(used)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn runs_fill_up_to_the_budget() {
        for (lengths, budget, expected) in [
            (vec![], 10, vec![]),
            (vec![3], 10, vec![1]),
            (vec![5, 5, 1], 10, vec![2, 1]),
            (vec![99], 10, vec![1]),
            (vec![1, 99, 1], 10, vec![1, 1, 1]),
            (vec![4, 4, 4, 4], 0, vec![1, 1, 1, 1]),
        ] {
            let sizes: Vec<usize> = plan(&lengths, budget).iter().map(Range::len).collect();
            assert_eq!(sizes, expected, "{lengths:?} in {budget}");
        }
    }

    #[test]
    fn quick_ones_go_first_and_leave_half() {
        for (quick, bulk, expected) in [
            (vec![], vec![], (0, 0)),
            (vec![10; 20], vec![], (10, 0)),
            (vec![], vec![10; 20], (0, 10)),
            (vec![10; 20], vec![10; 20], (5, 5)),
            (vec![10], vec![10; 20], (1, 9)),
            (vec![30], vec![100], (1, 1)),
        ] {
            assert_eq!(share(&quick, &bulk, 100), expected, "{quick:?} {bulk:?}");
        }
    }

    proptest! {
        #[test]
        fn neither_line_stands_still(
            quick in prop::collection::vec(0_usize..600, 0..50),
            bulk in prop::collection::vec(0_usize..600, 0..50),
            budget in 0_usize..2000,
        ) {
            let (from_quick, from_bulk) = share(&quick, &bulk, budget);
            prop_assert!(from_quick <= quick.len() && from_bulk <= bulk.len());
            prop_assert_eq!(from_quick == 0, quick.is_empty());
            prop_assert_eq!(from_bulk == 0, bulk.is_empty());
            let tokens: usize = quick[..from_quick].iter().chain(&bulk[..from_bulk]).sum();
            prop_assert!(tokens <= budget || from_quick <= 1 || from_bulk <= 1);
        }

        #[test]
        fn every_sequence_is_once_in_a_run_that_fits(
            lengths in prop::collection::vec(0_usize..600, 0..200),
            budget in 0_usize..2000,
        ) {
            let runs = plan(&lengths, budget);
            let covered: Vec<usize> = runs.iter().cloned().flatten().collect();
            prop_assert_eq!(covered, (0..lengths.len()).collect::<Vec<_>>());
            for run in &runs {
                let tokens: usize = lengths[run.clone()].iter().sum();
                prop_assert!(tokens <= budget || run.len() == 1);
            }
        }

        #[test]
        fn no_two_neighbouring_runs_would_fit_together(
            lengths in prop::collection::vec(1_usize..600, 0..200),
            budget in 1_usize..2000,
        ) {
            let runs = plan(&lengths, budget);
            for pair in runs.windows(2) {
                let first: usize = lengths[pair[0].clone()].iter().sum();
                prop_assert!(first + lengths[pair[1].start] > budget);
            }
        }
    }
}
