//! Rules on data: files with faults, records with known steps, and journeys with known gaps.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::feedback::{CustomerId, FeedbackId, Language, Priority, SentimentLabel, Touchpoint};

const STEP: &str = "[[step]]\nid = \"pay\"\ntitle = { en = \"Pay\" }\ntouchpoints = [\"payment\"]\n";

#[test]
fn the_journeys_that_come_along_are_whole_in_both_languages() {
    let all = defaults();
    assert_eq!(all.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["shop", "government"]);
    for (id, toml) in all {
        let ideal = parse(toml).unwrap_or_else(|faults| panic!("{id}: {faults:?}"));
        assert!((5..=10).contains(&ideal.steps.len()), "{id}");
        for step in &ideal.steps {
            let answers = [&step.description, &step.expects, &step.thinks, &step.feels];
            for words in
                answers.into_iter().map(|words| words.as_ref().expect("written")).chain([&ideal.title, &step.title])
            {
                let languages: Vec<&str> = words.each().map(|(language, _)| language.code()).collect();
                assert_eq!(languages, ["ar", "en"], "{id}: {}", step.id);
            }
            let arabic = |text: &&String| text.chars().any(|letter| ('ا'..='ي').contains(&letter));
            let count = step.examples.iter().filter(arabic).count();
            assert!(count >= 3 && step.examples.len() - count >= 2, "{id}: {} has too few examples", step.id);
            assert!(step.touchpoints.iter().any(|name| arabic(&&name.to_string())), "{id}: {}", step.id);
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let title = "title = { ar = \"رحلة\" }\n";
    let many: String =
        (0..21).map(|n| STEP.replace("pay", &format!("p{n}")).replace("\"payment\"", &format!("\"t{n}\""))).collect();
    for (file, expected) in [
        (String::new(), vec![(1, FaultKind::Toml, "missing field `title`")]),
        ("title = {".to_owned(), vec![(1, FaultKind::Toml, "")]),
        (title.to_owned(), vec![(1, FaultKind::NoSteps, "")]),
        (format!("{title}colour = \"red\"\n{STEP}"), vec![(2, FaultKind::Toml, "unknown field `colour`")]),
        (format!("{title}{STEP}touchpoint = [\"x\"]\n"), vec![(6, FaultKind::Toml, "unknown field `touchpoint`")]),
        (format!("{title}{STEP}tolerated = \"much\"\n"), vec![(6, FaultKind::Toml, "invalid type")]),
        (format!("{title}{}", STEP.replace("\"pay\"", "\"Pay now\"")), vec![(3, FaultKind::BadId, "Pay now")]),
        (format!("{title}{}", STEP.replace("\"pay\"", "\"دفع\"")), vec![(3, FaultKind::BadId, "دفع")]),
        (
            format!("{title}{STEP}{STEP}"),
            vec![(7, FaultKind::IdTwice, "pay"), (9, FaultKind::TouchpointTwice, "payment")],
        ),
        (
            format!("{title}{}", STEP.replace("[\"payment\"]", "[\"الدفع\", \"دفع\"]")),
            vec![(5, FaultKind::TouchpointTwice, "دفع")],
        ),
        (
            format!("{title}{}", STEP.replace("[\"payment\"]", "[\"call_centre\", \"Call-Centre\"]")),
            vec![(5, FaultKind::TouchpointTwice, "Call-Centre")],
        ),
        (format!("{title}{}", STEP.replace("[\"payment\"]", "[\" \"]")), vec![(5, FaultKind::BadTouchpoint, " ")]),
        (format!("{title}{}", STEP.replace("[\"payment\"]", "[]")), vec![(2, FaultKind::NothingFalls, "pay")]),
        (format!("{title}{}", STEP.replace("{ en = \"Pay\" }", "{}")), vec![(4, FaultKind::NoWords, "title")]),
        (format!("{title}{}", STEP.replace("en = \"Pay\"", "en = \" \"")), vec![(4, FaultKind::BadWords, "title")]),
        (format!("{title}{}", STEP.replace("en =", "English =")), vec![(4, FaultKind::BadLanguage, "English")]),
        (format!("{title}{STEP}tolerated = 5.0\n"), vec![(6, FaultKind::BadShare, "5")]),
        (
            format!("{title}{STEP}expects = {{ ar = \"{}\" }}\n", "س".repeat(601)),
            vec![(6, FaultKind::BadWords, "expects")],
        ),
        (
            format!("{title}{STEP}examples = [\"fine\", \"جوالي ٠٥٥١٢٣٤٥٦٧\"]\n"),
            vec![(6, FaultKind::Personal, "examples")],
        ),
        (format!("{title}{many}"), vec![(82, FaultKind::TooMany, "steps")]),
        ("#".repeat(MAX_FILE + 1), vec![(1, FaultKind::FileTooLong, "")]),
    ] {
        let start: String = file.chars().take(200).collect();
        let faults = parse(&file).expect_err(&start);
        let found: Vec<_> = faults.iter().map(|fault| (fault.line, fault.kind)).collect();
        assert_eq!(
            found,
            expected.iter().map(|(line, kind, _)| (*line, *kind)).collect::<Vec<_>>(),
            "{start}: {faults:?}"
        );
        for (fault, (line, _, about)) in faults.iter().zip(&expected) {
            assert!(fault.about.contains(about), "{start}: {fault:?}");
            assert!(fault.to_string().starts_with(&format!("line {line}: ")), "{fault}");
        }
    }
}

#[test]
fn a_file_needs_little_and_keeps_what_it_says() {
    let ideal = parse(&format!("title = {{ ar = \"رحلة  قصيرة\" }}\n{STEP}tolerated = 0.25\n")).expect("fine");
    assert_eq!(ideal.title.in_language(&Language::english()), "رحلة قصيرة", "whichever language there is");
    assert_eq!((ideal.steps[0].tolerated, ideal.steps[0].id.as_str()), (0.25, "pay"));
    assert!(ideal.steps[0].expects.is_none() && ideal.steps[0].texts().is_empty());
    assert_ne!(version("a"), version("b"));
}

fn profile(touchpoints: &[&str], places: &[[f32; 2]]) -> StepProfile {
    let names: Vec<String> = touchpoints.iter().map(|name| format!("{name:?}")).collect();
    let file = format!(
        "title = {{ en = \"t\" }}\n[[step]]\nid = \"s\"\ntitle = {{ en = \"s\" }}\nexamples = [\"x\"]\ntouchpoints = [{}]\n",
        names.join(", ")
    );
    StepProfile::new(&parse(&file).expect("a journey").steps[0], places.iter().map(|place| place.to_vec()).collect())
}

#[test]
fn a_touchpoint_goes_before_meaning_and_neither_is_guessed() {
    let steps = [
        profile(&["delivery", "التوصيل"], &[[1.0, 0.0], [0.8, 0.6]]),
        profile(&["call_centre"], &[[0.0, 1.0]]),
        profile(&["nothing to compare"], &[]),
    ];
    let at = |touchpoint: Option<&str>, place: &[f32]| {
        let touchpoint = touchpoint.map(|name| Touchpoint::try_from(name.to_owned()).expect("a touchpoint"));
        fall(touchpoint.as_ref(), place, &steps).map(|fall| (fall.step, fall.by))
    };
    for (touchpoint, place, expected) in [
        (Some("delivery"), [0.0, 1.0], Some((0, By::Touchpoint))),
        (Some("DELIVERY"), [0.0, 1.0], Some((0, By::Touchpoint))),
        (Some("توصيل"), [0.0, 1.0], Some((0, By::Touchpoint))),
        (Some("التَّوصـــيل"), [0.0, 1.0], Some((0, By::Touchpoint))),
        (Some("Call-Centre"), [1.0, 0.0], Some((1, By::Touchpoint))),
        (Some("call centre"), [1.0, 0.0], Some((1, By::Touchpoint))),
        (Some("elsewhere"), [1.0, 0.0], Some((0, By::Meaning))),
        (None, [0.0, 1.0], Some((1, By::Meaning))),
        (None, [-1.0, 0.0], None),
        (None, [0.625, 0.781], None),
        (None, [f32::NAN, 0.0], None),
    ] {
        assert_eq!(at(touchpoint, &place), expected, "{touchpoint:?} {place:?}");
    }
    assert_eq!(at(None, &[]), None);
    assert_eq!(at(None, &[1.0, 0.0, 0.0]), None, "another model's place");
}

#[test]
fn expectations_are_read_from_words_in_every_dialect() {
    use Expectation::{Asked, Unmet};
    for (text, expected) in [
        ("الطلب ما وصل إلى الآن", Some(Unmet)),
        ("الطلب ماوصل", Some(Unmet)),
        ("لم يصلني أي رد من الموظف", Some(Unmet)),
        ("لَمْ يَصِلْنِي الطَّلَبُ", Some(Unmet)),
        ("الاوردر موصلش", Some(Unmet)),
        ("محدش رد عليا", Some(Unmet)),
        ("الفلوس مارجعتش لحد دلوقتي", Some(Unmet)),
        ("لسا ما رجعت المصاري", Some(Unmet)),
        ("ماوصلنيش الكوموند", Some(Unmet)),
        ("المندوب تأخـــر ساعتين 😡", Some(Unmet)),
        ("وصلتني الطلبية ناقصة", Some(Unmet)),
        ("el talab ma wasal", Some(Unmet)),
        ("الاوردر ma wasal w el driver met2akher", Some(Unmet)),
        ("it never arrived", Some(Unmet)),
        ("the code doesn’t work", Some(Unmet)),
        ("Still waiting for my refund", Some(Unmet)),
        ("nobody answered", Some(Unmet)),
        ("متى يرجع المبلغ؟", Some(Asked)),
        ("ياريت تضيفوا الوضع الليلي", Some(Asked)),
        ("بغيت نعرف الثمن", Some(Asked)),
        ("ممكن فاتورة", Some(Asked)),
        ("Please add dark mode", Some(Asked)),
        ("٢٥ ريال؟", Some(Asked)),
        ("yaret tzawdo el 3orod", Some(Asked)),
        ("شكرا خدمة ممتازة", None),
        ("great service as always", None),
        ("مشمش طازج", None),
        ("المندوب ما تأخر أبدًا", None),
        ("they are never late", None),
        ("وصل على طول", None),
        ("", None),
        ("😂😂", None),
    ] {
        let found = expectation(text);
        assert_eq!(found.map(|expected| expected.kind), expected, "{text}");
        if let Some(Expected { span, .. }) = found {
            assert!(span.start < span.end && span.end <= text.chars().count(), "{text}: {span:?}");
        }
    }
    let marked = expectation("يا جماعة لم يصلني شيء").expect("unmet").span;
    assert_eq!((marked.start, marked.end), (9, 17));
}

fn time(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(day)
}

/// A visit of a customer of its own.
fn visit(number: usize, step: usize, feeling: SentimentLabel) -> Visit {
    let score = match feeling {
        SentimentLabel::Negative => -0.9,
        SentimentLabel::Positive => 0.9,
        _ => 0.0,
    };
    Visit {
        id: FeedbackId(Uuid::from_u128(number as u128)),
        step,
        by: By::Touchpoint,
        at: time(number as i64 % 50),
        customer: CustomerId::try_from(format!("c-{number}")).ok(),
        touchpoint: Touchpoint::try_from("delivery".to_owned()).ok(),
        sentiment: (feeling, score),
        priority: Priority::P4,
        rated: None,
        theme: Some(Uuid::from_u128(number as u128 % 3)),
        expectation: None,
    }
}

/// Steps with so many records, so many of them unhappy, so many of those urgent.
fn journey(steps: &[(usize, usize, usize)]) -> Vec<Visit> {
    let mut visits = Vec::new();
    for (step, (count, unhappy, urgent)) in steps.iter().enumerate() {
        for number in 0..*count {
            let feeling = if number < *unhappy { SentimentLabel::Negative } else { SentimentLabel::Positive };
            let mut visit = visit(visits.len(), step, feeling);
            visit.priority = if number < *urgent { Priority::P1 } else { Priority::P4 };
            visits.push(visit);
        }
    }
    visits
}

#[test]
fn known_gaps_come_back_in_order() {
    let visits = journey(&[(100, 5, 0), (200, 150, 0), (50, 45, 30), (300, 90, 0), (4, 4, 4), (150, 120, 60)]);
    let found = gaps(&visits, &[0.1; 6]);
    let order: Vec<usize> = found.iter().map(|gap| gap.step).collect();
    assert_eq!(order, [5, 1, 3, 2, 4], "few records never weigh as much as many, and a step that is fine has no gap");
    let heaviest = &found[0];
    assert_eq!((heaviest.volume, heaviest.negative.part, heaviest.urgent.part), (150, 120, 60));
    // Wilson: 120 of 150 is at least 0.7288, 60 of 150 at least 0.3250; without ratings 0.5 and 0.3 of 0.8
    let severity = (0.5 * 0.728_804 + 0.3 * 0.324_956) / 0.8;
    assert!((heaviest.severity - severity).abs() < 1e-3, "{} {severity}", heaviest.severity);
    assert!((heaviest.weight - 150.0 * heaviest.severity).abs() < 1e-9);
    let urgent: BTreeSet<FeedbackId> =
        visits.iter().filter(|visit| visit.priority == Priority::P1).map(|visit| visit.id).collect();
    assert_eq!(heaviest.evidence.len(), EVIDENCE);
    assert!(heaviest.evidence.iter().all(|id| urgent.contains(id)), "the most urgent are shown first");
    assert!(heaviest.themes.iter().all(|told| told.share.whole == 120 && !told.evidence.is_empty()));
}

#[test]
fn what_the_ideal_tolerates_is_no_gap_and_low_ratings_confirm_one() {
    let visits = journey(&[(100, 30, 0), (100, 30, 0)]);
    assert_eq!(gaps(&visits, &[0.5, 0.1]).iter().map(|gap| gap.step).collect::<Vec<_>>(), [1]);
    let mut rated = visits.clone();
    for visit in rated.iter_mut().filter(|visit| visit.step == 1).take(60) {
        visit.rated = Some(SentimentLabel::Negative);
    }
    let severity =
        |visits: &[Visit]| gaps(visits, &[0.1; 2]).into_iter().find(|gap| gap.step == 1).map(|gap| gap.severity);
    assert!(severity(&rated) > severity(&visits));
    assert!(gaps(&[], &[0.1; 3]).is_empty());
}

#[test]
fn a_step_is_told_with_counts_that_add_up() {
    let mut visits = journey(&[(10, 4, 0), (6, 0, 0), (0, 0, 0)]);
    visits[0].expectation = Some(Expectation::Unmet);
    visits[1].expectation = Some(Expectation::Asked);
    visits[2].expectation = Some(Expectation::Unmet);
    visits[3].by = By::Meaning;
    let told = actual(&visits, 3);
    let parts: Vec<(u64, u64)> = told.iter().map(|facts| (facts.volume.part, facts.volume.whole)).collect();
    assert_eq!(parts, [(10, 16), (6, 16), (0, 16)]);
    assert_eq!(told[0].by_meaning, 1);
    let feels: Vec<_> = told[0].feels.iter().map(|told| (told.what, told.share.part)).collect();
    assert_eq!(feels, [(SentimentLabel::Positive, 6), (SentimentLabel::Negative, 4)]);
    let expects: Vec<_> =
        told[0].expects.iter().map(|told| (told.what, told.share.part, told.evidence.len())).collect();
    assert_eq!(expects, [(Expectation::Unmet, 2, 2), (Expectation::Asked, 1, 1)]);
    let silent = &told[2];
    assert!(
        silent.feels.is_empty()
            && silent.expects.is_empty()
            && silent.thinks.is_empty()
            && silent.touchpoints.is_empty()
    );
}

#[test]
fn where_customers_fall_silent_is_told_only_of_enough_who_had_time() {
    let mut visits = Vec::new();
    let mut add = |customer: usize, step: usize, day: i64| {
        let mut visit = visit(visits.len(), step, SentimentLabel::Neutral);
        (visit.customer, visit.at) = (CustomerId::try_from(format!("c-{customer}")).ok(), time(day));
        visits.push(visit);
    };
    for customer in 0..40 {
        add(customer, 0, 1);
        add(customer, 1, 10);
        if customer % 8 == 0 {
            add(customer, 2, 20);
        }
    }
    for customer in 100..140 {
        add(customer, 1, 95);
    }
    let told = leaving(&visits, 3, time(100));
    let at = |step: usize| {
        told[step].as_ref().map(|leaving: &Leaving| (leaving.here.part, leaving.here.whole, leaving.more))
    };
    assert_eq!(at(0), Some((0, 40, false)), "all of them went on");
    assert_eq!(at(1), Some((35, 40, true)), "those who wrote days ago may still go on");
    assert_eq!(at(2), None, "five customers say nothing");
    assert_eq!(told[1].expect("told").before, time(100 - QUIET_DAYS));
    assert_eq!(leaving(&[], 2, time(0)), [None, None]);
}

/// A step, a feeling, a priority, a theme, a customer and an expectation, by their places.
type Drawn = (usize, usize, usize, u128, usize, Option<usize>);

fn drawn(number: usize, (step, feeling, priority, theme, customer, expected): Drawn) -> Visit {
    let mut visit = visit(number, step, SentimentLabel::ALL[feeling]);
    visit.priority = Priority::ALL[priority];
    visit.theme = (theme > 0).then(|| Uuid::from_u128(theme));
    visit.customer = CustomerId::try_from(format!("c-{customer}")).ok().filter(|_| customer > 3);
    visit.expectation = expected.map(|at| Expectation::ALL[at]);
    visit
}

fn arbitrary() -> impl Strategy<Value = Vec<Visit>> {
    let one = (0_usize..5, 0_usize..4, 0_usize..4, 0_u128..4, 0_usize..30, prop::option::of(0_usize..2));
    let all = prop::collection::vec(one, 0..120);
    all.prop_map(|all| all.into_iter().enumerate().map(|(number, one)| drawn(number, one)).collect())
}

proptest! {
    #[test]
    fn order_changes_nothing(visits in arbitrary(), turn in 0_usize..120) {
        let mut turned: Vec<Visit> = visits.iter().rev().cloned().collect();
        let by = turn % turned.len().max(1);
        turned.rotate_left(by);
        prop_assert_eq!(actual(&visits, 5), actual(&turned, 5));
        prop_assert_eq!(gaps(&visits, &[0.1; 5]), gaps(&turned, &[0.1; 5]));
        prop_assert_eq!(leaving(&visits, 5, time(60)), leaving(&turned, 5, time(60)));
    }

    #[test]
    fn every_record_is_counted_once_and_ranking_is_a_total_order(visits in arbitrary()) {
        let told = actual(&visits, 5);
        prop_assert_eq!(told.iter().map(|facts| facts.volume.part).sum::<u64>(), visits.len() as u64);
        for facts in &told {
            prop_assert_eq!(facts.feels.iter().map(|told| told.share.part).sum::<u64>(), facts.volume.part);
        }
        let found = gaps(&visits, &[0.0; 5]);
        for pair in found.windows(2) {
            prop_assert!(pair[0].weight > pair[1].weight || (pair[0].weight == pair[1].weight && pair[0].step < pair[1].step));
        }
        for gap in &found {
            prop_assert!((0.0..=1.0).contains(&gap.severity) && gap.negative.part > 0 && !gap.evidence.is_empty());
        }
    }

    #[test]
    fn a_record_falls_on_one_step_at_most_and_on_the_same_wherever_it_is_asked(x in -1.0_f32..1.0, y in -1.0_f32..1.0, name in "[a-z]{0,8}") {
        let length = x.hypot(y).max(f32::EPSILON);
        let steps = [profile(&["a"], &[[1.0, 0.0]]), profile(&["b"], &[[0.0, 1.0]])];
        let touchpoint = Touchpoint::try_from(name).ok();
        let found = fall(touchpoint.as_ref(), &[x / length, y / length], &steps);
        prop_assert_eq!(found, fall(touchpoint.as_ref(), &[x / length, y / length], &steps));
        prop_assert!(found.is_none_or(|fall| fall.step < 2));
    }

    #[test]
    fn no_file_stops_the_reader_and_every_fault_has_a_line_of_it(text in "(title|\\[\\[step\\]\\]|id|=|\"|\\{|\\}|\\[|\\]|\n|ar|تجربة|x|,| ){0,60}") {
        if let Err(faults) = parse(&text) {
            let lines = text.split('\n').count();
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)), "{:?}", faults);
        }
    }

    #[test]
    fn what_is_expected_lies_within_the_text(text in "\\PC{0,40}") {
        if let Some(Expected { span, .. }) = expectation(&text) {
            prop_assert!(span.start < span.end && span.end <= text.chars().count());
        }
    }
}
