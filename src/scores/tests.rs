//! Closed forms that were computed elsewhere, and what must hold of any ratings.

use proptest::prelude::*;

use super::*;
use crate::feedback::{Rating, RatingMethod, Sentiment, SentimentLabel, SentimentProbabilities};

/// A measure, how many gave each number from the lowest on, its value and its interval.
type Case = (Measure, &'static [u64], f64, f64, f64);

/// A measure, later and earlier ratings, their difference with its interval, p, and whether that is significant.
type Pair = (Measure, &'static [u64], &'static [u64], [f64; 3], f64, bool);

/// Computed with SciPy from the definitions, rating by rating.
#[rustfmt::skip]
const SCORES: [Case; 40] = [
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 0], 100.000000000, 77.297321365, 100.000000000),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], 100.000000000, 77.297321365, 100.000000000),
    (Measure::Nps, &[30, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], -100.000000000, -100.000000000, -77.297321365),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 0, 15, 15, 0, 0], 0.000000000, -11.351339317, 11.351339317),
    (Measure::Nps, &[5, 0, 0, 0, 0, 5, 5, 5, 5, 5, 0], -33.333333333, -60.005064869, -6.661601798),
    (Measure::Nps, &[3, 1, 2, 1, 2, 4, 5, 8, 9, 12, 13], 11.666666667, -9.549518057, 32.882851390),
    (Measure::Nps, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], -87.272727273, -97.420517620, -77.124936926),
    (Measure::Nps, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], -3.636363636, -26.153866397, 18.881139125),
    (Measure::Nps, &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 21], 48.387096774, 18.906552414, 77.867641134),
    (Measure::Nps, &[100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100], 0.000000000, -13.859038243, 13.859038243),
    (Measure::Nps, &[20, 10, 10, 30, 40, 60, 80, 150, 200, 250, 150], 15.000000000, 10.090299999, 19.909700001),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 29], 93.333333333, 80.486526219, 100.000000000),
    (Measure::Nps, &[7, 3, 4, 6, 6, 9, 11, 25, 31, 48, 50], 26.000000000, 14.805877134, 37.194122866),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 2, 998, 0, 0, 0], -0.200000000, -0.476903445, 0.076903445),
    (Measure::Csat, &[30, 0, 0, 0, 0], 0.000000000, 0.000000000, 0.113513393),
    (Measure::Csat, &[0, 0, 0, 0, 30], 1.000000000, 0.886486607, 1.000000000),
    (Measure::Csat, &[6, 6, 6, 6, 6], 0.400000000, 0.245906281, 0.576796397),
    (Measure::Csat, &[0, 0, 15, 15, 0], 0.500000000, 0.331541256, 0.668458744),
    (Measure::Csat, &[112, 83, 41, 38, 81], 0.335211268, 0.288101009, 0.385849709),
    (Measure::Csat, &[1, 2, 3, 10, 20], 0.833333333, 0.681092057, 0.921295524),
    (Measure::Csat, &[0, 1, 0, 28, 2], 0.967741935, 0.838058948, 0.994282778),
    (Measure::Csat, &[500, 400, 300, 200, 100], 0.200000000, 0.180535260, 0.220997399),
    (Measure::Csat, &[3, 0, 0, 0, 9997], 0.999700000, 0.999118264, 0.999897968),
    (Measure::CesMean, &[4, 8, 2, 2, 1, 4, 9], 4.200000000, 3.304469307, 5.095530693),
    (Measure::CesShare, &[4, 8, 2, 2, 1, 4, 9], 0.466666667, 0.302323889, 0.638577004),
    (Measure::NetEasy, &[4, 8, 2, 2, 1, 4, 9], -3.333333333, -37.259943593, 30.593276926),
    (Measure::CesMean, &[0, 0, 0, 0, 0, 0, 31], 7.000000000, 6.338467627, 7.000000000),
    (Measure::CesShare, &[0, 0, 0, 0, 0, 0, 31], 1.000000000, 0.889744605, 1.000000000),
    (Measure::NetEasy, &[0, 0, 0, 0, 0, 0, 31], 100.000000000, 77.948920908, 100.000000000),
    (Measure::CesMean, &[5, 5, 5, 5, 5, 5, 5], 4.000000000, 3.302945884, 4.697054116),
    (Measure::CesShare, &[5, 5, 5, 5, 5, 5, 5], 0.428571429, 0.279845682, 0.591425889),
    (Measure::NetEasy, &[5, 5, 5, 5, 5, 5, 5], -14.285714286, -41.882308480, 13.310879908),
    (Measure::CesMean, &[1, 1, 2, 3, 10, 20, 15], 5.692307692, 5.320266445, 6.064348939),
    (Measure::CesShare, &[1, 1, 2, 3, 10, 20, 15], 0.865384615, 0.747266798, 0.933231183),
    (Measure::NetEasy, &[1, 1, 2, 3, 10, 20, 15], 59.615384615, 42.541777432, 76.688991799),
    (Measure::StarsMean, &[0, 0, 0, 0, 40], 5.000000000, 4.649513595, 5.000000000),
    (Measure::StarsMean, &[10, 2, 3, 20, 65], 4.280000000, 4.029204415, 4.530795585),
    (Measure::StarsShare, &[10, 2, 3, 20, 65], 0.850000000, 0.767164404, 0.906940147),
    (Measure::StarsMean, &[20, 5, 5, 5, 5], 2.250000000, 1.770960581, 2.729039419),
    (Measure::StarsMean, &[1, 0, 0, 0, 29], 4.866666667, 4.593969381, 5.000000000),
];

#[rustfmt::skip]
const DIFFERENCES: [Pair; 17] = [
    (Measure::Nps, &[3, 1, 2, 1, 2, 4, 5, 8, 9, 12, 13], &[7, 3, 4, 6, 6, 9, 11, 25, 31, 48, 50], [-14.333333333, -38.321557131, 9.654890464], 0.234299746, false),
    (Measure::Nps, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [-83.636363636, -108.334857103, -58.937870170], 0.000000024, true),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], &[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 21], [51.612903226, 14.403843671, 81.093447586], 0.002118659, true),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30], [0.000000000, -22.702678635, 22.702678635], 1.000000000, false),
    (Measure::Nps, &[20, 10, 10, 30, 40, 60, 80, 150, 200, 250, 150], &[100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100], [15.000000000, 0.297003872, 29.702996128], 0.020032930, true),
    (Measure::Csat, &[112, 83, 41, 38, 81], &[500, 400, 300, 200, 100], [0.135211268, 0.083633489, 0.189461870], 0.000000043, true),
    (Measure::Csat, &[6, 6, 6, 6, 6], &[0, 0, 15, 15, 0], [-0.100000000, -0.328305108, 0.144203428], 0.440123789, false),
    (Measure::Csat, &[0, 0, 0, 0, 30], &[3, 0, 0, 0, 9997], [0.000300000, -0.113213566, 0.000881736], 0.924411897, false),
    (Measure::Csat, &[0, 0, 0, 0, 30], &[30, 0, 0, 0, 0], [1.000000000, 0.839467820, 1.000000000], 0.000000000, true),
    (Measure::Csat, &[44, 0, 0, 0, 56], &[52, 0, 0, 0, 48], [0.080000000, -0.057571292, 0.213392601], 0.258711089, false),
    (Measure::CesMean, &[1, 1, 2, 3, 10, 20, 15], &[40, 30, 20, 10, 5, 3, 2], [3.355944056, 2.897169955, 3.814718156], 0.000000000, true),
    (Measure::CesMean, &[4, 8, 2, 2, 1, 4, 9], &[5, 5, 5, 5, 5, 5, 5], [0.200000000, -0.913729181, 1.313729181], 0.713803428, false),
    (Measure::CesMean, &[0, 0, 0, 0, 0, 0, 31], &[1, 1, 2, 3, 10, 20, 15], [1.307692308, 0.548719469, 1.679733555], 0.000002855, true),
    (Measure::CesShare, &[4, 8, 2, 2, 1, 4, 9], &[1, 1, 2, 3, 10, 20, 15], [-0.398717949, -0.576514758, -0.190139468], 0.000119320, true),
    (Measure::NetEasy, &[4, 8, 2, 2, 1, 4, 9], &[1, 1, 2, 3, 10, 20, 15], [-62.948717949, -100.929278054, -24.968157843], 0.000864571, true),
    (Measure::StarsMean, &[10, 2, 3, 20, 65], &[20, 5, 5, 5, 5], [2.030000000, 1.493441845, 2.566558155], 0.000000000, true),
    (Measure::StarsMean, &[0, 0, 0, 0, 40], &[1, 0, 0, 0, 29], [0.133333333, -0.310743833, 0.406030619], 0.248213079, false),
];

fn ratings(method: RatingMethod, counts: &[u64]) -> Ratings {
    let mut ratings = Ratings::none(method);
    for (value, count) in (i64::from(method.range().0)..).zip(counts) {
        let rating = Rating::new(method, value).expect("in range");
        ratings.add(rating, *count).expect("one method");
    }
    ratings
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 5e-8 * expected.abs().max(1.0)
}

#[test]
fn scores_equal_their_closed_forms() {
    for (measure, counts, value, low, high) in SCORES {
        let found = score(measure, &ratings(measure.method(), counts)).expect("enough ratings");
        let place = format!("{measure} of {counts:?}: {found:?}");
        assert_eq!(found.measure, measure);
        assert!(close(found.value, value), "{place}");
        assert!(close(found.interval.low, low) && close(found.interval.high, high), "{place}");
    }
}

#[test]
fn differences_equal_their_closed_forms() {
    for (measure, later, earlier, [value, low, high], p, significant) in DIFFERENCES {
        let [later, earlier] = [later, earlier].map(|counts| ratings(measure.method(), counts));
        let found = difference(measure, &later, &earlier).expect("enough ratings");
        let place = format!("{measure} of {later:?} and {earlier:?}: {found:?}");
        assert!(close(found.value, value) && close(found.p, p), "{place}");
        assert!(close(found.interval.low, low) && close(found.interval.high, high), "{place}");
        assert_eq!((found.significant, found.adjusted_p), (significant, found.p), "{place}");
    }
}

#[test]
fn newcombes_own_example() {
    // 56 of 70 against 48 of 80 (Newcombe 1998, table II, method 10): 0.20, 0.0524 to 0.3339.
    let sides = [[14, 0, 0, 0, 56], [32, 0, 0, 0, 48]].map(|counts| ratings(RatingMethod::Csat, &counts));
    let found = difference(Measure::Csat, &sides[0], &sides[1]).expect("enough");
    assert!((found.value - 0.2).abs() < 1e-9, "{found:?}");
    assert!((found.interval.low - 0.0524).abs() < 5e-5 && (found.interval.high - 0.3339).abs() < 5e-5, "{found:?}");
}

#[test]
fn too_few_ratings_have_counts_and_no_score() {
    let few = ratings(RatingMethod::Nps, &[0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 20]);
    let enough = ratings(RatingMethod::Nps, &[0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 20]);
    assert_eq!((few.n(), few.classes().map(|(_, count)| count)), (29, [20, 0, 9]));
    assert!(scores(&few).is_empty() && score(Measure::Nps, &few).is_none());
    assert_eq!(scores(&enough).len(), 1);
    assert!(difference(Measure::Nps, &enough, &few).is_none() && difference(Measure::Nps, &few, &enough).is_none());
}

#[test]
fn methods_are_never_mixed() {
    let stars = ratings(RatingMethod::Stars, &[10, 0, 0, 0, 30]);
    let csat = ratings(RatingMethod::Csat, &[10, 0, 0, 0, 30]);
    assert!(score(Measure::Csat, &stars).is_none());
    assert!(difference(Measure::Csat, &csat, &stars).is_none());
    assert!(csat.plus(&stars).is_none() && csat.minus(&stars).is_none());
    assert!(drivers(Measure::Csat, &csat, vec![("stars", stars)]).is_empty());
    let mut mixed = csat;
    let error = mixed.add(Rating::new(RatingMethod::Nps, 3).expect("in range"), 1).expect_err("another method");
    assert_eq!((mixed, error.to_string()), (csat, "ratings of csat and nps can't be counted together".to_owned()));
}

#[test]
fn classes_hold_every_rating_once() {
    for method in RatingMethod::ALL {
        let (low, high) = method.range();
        for value in low..=high {
            let holding: Vec<_> = Class::of(*method).into_iter().filter(|class| class.holds(value)).collect();
            assert_eq!(holding.len(), 1, "{method} {value}: {holding:?}");
            let rating = Rating::new(*method, i64::from(value)).expect("in range");
            assert_eq!(feeling(rating), holding[0].feeling);
        }
    }
}

#[test]
fn drivers_are_told_from_the_rest_and_corrected_for_their_number() {
    let all = ratings(RatingMethod::Csat, &[120, 30, 30, 60, 160]);
    let late = ratings(RatingMethod::Csat, &[60, 10, 5, 3, 2]);
    let app = ratings(RatingMethod::Csat, &[20, 8, 8, 17, 37]);
    let rare = ratings(RatingMethod::Csat, &[9, 1, 0, 0, 0]);
    let found = drivers(Measure::Csat, &all, vec![("app", app), ("rare", rare), ("late", late)]);
    assert_eq!(found.iter().map(|driver| driver.key).collect::<Vec<_>>(), ["late", "app", "rare"]);
    let late = found[0].difference.expect("enough");
    assert!(late.significant && late.value < -0.5 && found[0].effect.is_some_and(|effect| effect < -0.1), "{found:?}");
    assert_eq!(found[0].without.n(), 320);
    let alone = difference(Measure::Csat, &found[1].with, &found[1].without).expect("enough");
    let app = found[1].difference.expect("enough");
    assert!(!app.significant && app.p == alone.p && app.adjusted_p >= alone.p, "{found:?}");
    assert!(found[2].difference.is_none() && found[2].effect.is_none() && found[2].with.n() == 10);
}

#[test]
fn what_is_barely_significant_alone_is_not_among_many() {
    let sides = [[44, 0, 0, 0, 56], [30, 0, 0, 0, 70]].map(|counts| ratings(RatingMethod::Csat, &counts));
    let real = difference(Measure::Csat, &sides[1], &sides[0]);
    let null = difference(Measure::Csat, &sides[0], &sides[0]);
    assert!(real.is_some_and(|difference| difference.significant && difference.p > 0.02), "{real:?}");
    let many = corrected(vec![null, real, None, null, null]);
    let judged: Vec<_> = many.iter().map(|one| one.map(|one| one.significant)).collect();
    assert_eq!(judged, [Some(false), Some(false), None, Some(false), Some(false)]);
    assert_eq!(many[1].map(|one| one.adjusted_p), real.map(|one| one.p * 4.0));
}

fn any_ratings(method: RatingMethod) -> impl Strategy<Value = Ratings> {
    let (low, high) = method.range();
    let count = prop_oneof![Just(0_u64), 0_u64..60, 0_u64..5_000];
    prop::collection::vec(count, usize::from(high - low) + 1).prop_map(move |counts| ratings(method, &counts))
}

/// Any method, two groups of its ratings.
fn pairs() -> impl Strategy<Value = (Ratings, Ratings)> {
    prop::sample::select(RatingMethod::ALL.to_vec()).prop_flat_map(|method| (any_ratings(method), any_ratings(method)))
}

proptest! {
    #[test]
    fn a_score_lies_in_its_interval_and_in_its_range((ratings, _) in pairs()) {
        prop_assert_eq!(scores(&ratings).is_empty(), ratings.n() < MIN_N);
        for score in scores(&ratings) {
            let (least, greatest) = score.measure.range();
            prop_assert!(least <= score.interval.low && score.interval.high <= greatest, "{:?}", score);
            prop_assert!(score.interval.low <= score.value + 1e-9 && score.value <= score.interval.high + 1e-9, "{:?}", score);
            prop_assert!(score.interval.low < score.interval.high, "nothing is certain: {:?}", score);
        }
    }

    #[test]
    fn more_of_the_same_is_known_more_surely((ratings, _) in pairs()) {
        let twice = ratings.plus(&ratings).expect("one method");
        for (once, twice) in scores(&ratings).iter().zip(scores(&twice)) {
            prop_assert!((once.value - twice.value).abs() < 1e-9);
            let width = |score: &Score| score.interval.high - score.interval.low;
            prop_assert!(width(&twice) <= width(once) + 1e-9, "{:?} {:?}", once, twice);
        }
    }

    #[test]
    fn a_difference_turned_round_is_its_opposite((one, other) in pairs()) {
        for measure in Measure::of(one.method()) {
            let (there, back) = (difference(*measure, &one, &other), difference(*measure, &other, &one));
            prop_assert_eq!(there.is_some(), one.n() >= MIN_N && other.n() >= MIN_N);
            let Some((there, back)) = there.zip(back) else { continue };
            prop_assert!((there.value + back.value).abs() < 1e-9 && (there.p - back.p).abs() < 1e-9);
            prop_assert!((there.interval.low + back.interval.high).abs() < 1e-9, "{:?} {:?}", there, back);
            prop_assert!(there.interval.low <= there.value + 1e-9 && there.value <= there.interval.high + 1e-9);
            prop_assert_eq!(there.significant, back.significant);
            prop_assert!(!there.significant || (there.p <= 0.05 && !there.interval.contains(0.0)));
            prop_assert!((0.0..=1.0).contains(&there.p), "{:?}", there);
        }
    }

    #[test]
    fn what_is_taken_away_and_given_back_is_the_same((one, other) in pairs()) {
        let both = one.plus(&other).expect("one method");
        prop_assert_eq!(both.minus(&other), Some(one));
        prop_assert_eq!(both.classes().map(|(_, count)| count).iter().sum::<u64>(), both.n());
        for driver in drivers(Measure::main(one.method()), &both, vec![((), one)]) {
            prop_assert_eq!(driver.without, other);
            prop_assert_eq!(driver.effect.is_some(), driver.difference.is_some());
        }
    }
}

#[test]
fn texts_contradict_ratings_only_if_they_are_sure() {
    let (high, low) = (Some(Disagreement::HighRatingNegativeText), Some(Disagreement::LowRatingPositiveText));
    let (negative, positive) = (SentimentLabel::Negative, SentimentLabel::Positive);
    let probabilities = SentimentProbabilities { negative: 0.0, neutral: 0.0, positive: 0.0 };
    for (method, value, label, score, expected) in [
        (RatingMethod::Nps, 9, negative, -0.9, high),
        (RatingMethod::Nps, 8, negative, -0.9, None),
        (RatingMethod::Nps, 6, positive, 0.7, low),
        (RatingMethod::Csat, 4, negative, -0.6, high),
        (RatingMethod::Csat, 5, negative, -0.59, None),
        (RatingMethod::Csat, 1, negative, -0.99, None),
        (RatingMethod::Ces, 1, positive, 0.8, low),
        (RatingMethod::Ces, 4, positive, 0.9, None),
        (RatingMethod::Stars, 5, SentimentLabel::Mixed, -0.8, None),
    ] {
        let rating = Rating::new(method, value).expect("in range");
        let found = disagreement(rating, &Sentiment { label, score, probabilities });
        assert_eq!(found, expected, "{method} {value} {label} {score}");
    }
}
