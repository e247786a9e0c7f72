//! Which texts begin an incident and which join one, told in minutes ago.

use proptest::prelude::*;

use super::*;

const OPEN: Belongs = Belongs { id: Uuid::from_u128(0xA), open: true, here: true };
const CLOSED: Belongs = Belongs { open: false, ..OPEN };
const ELSEWHERE: Belongs = Belongs { here: false, ..OPEN };

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("in range")
}

fn observed() -> Range<DateTime<Utc>> {
    now() - TimeDelta::weeks(4)..now()
}

/// A text of somebody who wrote nothing else, so many minutes ago; its id is its place in the order of time.
fn text(minutes_ago: i64, incident: Option<Belongs>) -> Heard {
    let id = u128::from((10_000 - minutes_ago).unsigned_abs());
    Heard {
        id: FeedbackId(Uuid::from_u128(id)),
        at: now() - TimeDelta::minutes(minutes_ago),
        customer: CustomerId::try_from(format!("c-{minutes_ago}")).ok(),
        incident,
    }
}

fn texts(minutes_ago: &[i64], incident: Option<Belongs>) -> Vec<Heard> {
    minutes_ago.iter().map(|ago| text(*ago, incident)).collect()
}

const BURST: [i64; 6] = [11, 9, 7, 5, 2, 0];

/// The wave of these texts, which join an incident or begin one.
fn wave(minutes_ago: &[i64], joined: Option<Uuid>) -> Option<Wave> {
    Wave::of(&texts(minutes_ago, None), joined)
}

#[test]
fn a_burst_of_many_people_begins_an_incident() {
    let all = |edit: fn(usize, &mut Heard)| {
        let mut heard = texts(&BURST, None);
        heard.iter_mut().enumerate().for_each(|(number, text)| edit(number, text));
        heard
    };
    let whole = wave(&BURST, None);
    let cases: [(&str, Vec<Heard>, Option<Wave>); 5] = [
        ("six people", all(|_, _| ()), whole.clone()),
        ("nobody says who they are", all(|_, text| text.customer = None), whole),
        ("one person", all(|_, text| text.customer = CustomerId::try_from("c".to_owned()).ok()), None),
        ("one file", all(|_, text| text.at = now()), None),
        ("some of a closed incident", all(|number, text| text.incident = (number < 3).then_some(CLOSED)), None),
    ];
    for (what, heard, expected) in cases {
        assert_eq!(begins(&heard, 30, observed()), expected, "{what}");
    }
    let after_closing: Vec<Heard> = texts(&[60, 50, 40], Some(CLOSED)).into_iter().chain(all(|_, _| ())).collect();
    assert_eq!(begins(&after_closing, 30, observed()), wave(&BURST, None), "it goes on");
}

#[test]
fn a_wave_that_mostly_lies_in_an_open_incident_joins_it() {
    let mixed = |known: usize, belongs| {
        let heard = BURST.iter().enumerate().map(|(number, ago)| text(*ago, (number < known).then_some(belongs)));
        begins(&heard.collect::<Vec<_>>(), 30, observed())
    };
    assert_eq!(mixed(3, ELSEWHERE), wave(&[5, 2, 0], Some(ELSEWHERE.id)));
    assert_eq!(mixed(2, ELSEWHERE), wave(&[7, 5, 2, 0], None));
    assert_eq!(mixed(6, ELSEWHERE), None, "nothing is new");
}

#[test]
fn texts_join_an_incident_while_it_goes_on() {
    for (what, known, new, expected) in [
        ("the next", vec![10, 5], vec![0], Some(vec![0])),
        ("after an hour", vec![60], vec![0], Some(vec![0])),
        ("after two hours", vec![120], vec![0], None),
        ("one leads to the next", vec![200], vec![100, 0], Some(vec![100, 0])),
        ("what was analysed late", vec![30, 0], vec![20], Some(vec![20])),
        ("what came before the first", vec![10], vec![30], None),
        ("nothing new", vec![10], vec![], None),
    ] {
        let heard: Vec<Heard> = texts(&known, Some(OPEN)).into_iter().chain(texts(&new, None)).collect();
        let expected = expected.and_then(|new: Vec<i64>| wave(&new, Some(OPEN.id)));
        assert_eq!(joins(&heard), expected, "{what}");
    }
    for belongs in [CLOSED, ELSEWHERE] {
        let heard: Vec<Heard> = texts(&[10, 5], Some(belongs)).into_iter().chain(texts(&[0], None)).collect();
        assert_eq!(joins(&heard), None, "{belongs:?}");
    }
}

fn any_texts() -> impl Strategy<Value = Vec<Heard>> {
    let belongs = prop::option::weighted(0.4, prop::sample::select(vec![OPEN, CLOSED, ELSEWHERE]));
    let each = prop::collection::btree_map(0_i64..240, (belongs, prop::option::of(0_u32..9)), 0..60);
    let heard = |(ago, (incident, customer)): (i64, (Option<Belongs>, Option<u32>))| Heard {
        customer: customer.and_then(|number| CustomerId::try_from(format!("c-{number}")).ok()),
        ..text(ago, incident)
    };
    each.prop_map(move |all| all.into_iter().map(heard).collect())
}

proptest! {
    #[test]
    fn only_what_belongs_nowhere_is_taken_and_never_by_a_closed_incident(
        heard in any_texts(), earlier in 0_usize..200,
    ) {
        let free: BTreeSet<FeedbackId> =
            heard.iter().filter(|text| text.incident.is_none()).map(|text| text.id).collect();
        let open: BTreeSet<Uuid> =
            heard.iter().filter_map(|text| text.incident).filter(|known| known.open).map(|known| known.id).collect();
        for wave in [joins(&heard), begins(&heard, earlier, observed())].into_iter().flatten() {
            prop_assert!(!wave.texts.is_empty() && wave.texts.iter().all(|id| free.contains(id)));
            prop_assert!(wave.start <= wave.end && wave.end <= now());
            let first = wave.is_new && wave.incident == wave.texts[0].0;
            prop_assert!(first || (!wave.is_new && open.contains(&wave.incident)));
        }
        if begins(&heard, earlier, observed()).is_some() {
            prop_assert!(may_begin(&heard));
        }
    }

    #[test]
    fn the_order_in_which_texts_are_read_changes_nothing(
        heard in any_texts().prop_flat_map(|heard| (Just(heard.clone()), Just(heard).prop_shuffle())),
    ) {
        let (one, other) = heard;
        prop_assert_eq!(begins(&one, 5, observed()), begins(&other, 5, observed()));
        prop_assert_eq!(joins(&one), joins(&other));
    }
}
