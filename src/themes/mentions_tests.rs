//! Mentions on vectors made here: three groups along three axes, and a fourth axis of which no group speaks.

use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Act, Centre, Edit, Mention, Piece, Plan, Present, Settings, Theme, Whole, mentions};
use crate::feedback::{Span, Touchpoint};

const DELIVERY: u128 = 0;
const REFUND: u128 = 1;
const APP: u128 = 2;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn touchpoint(name: &str) -> Touchpoint {
    Touchpoint::try_from(name.to_owned()).expect("a name")
}

/// The group along an axis; whose members are as near as `reach`.
fn group(number: u128, reach: Option<f32>) -> Theme {
    let mut probe = vec![0.0; 4];
    probe[number as usize] = 1.0;
    Theme {
        id: id(number),
        titles: Default::default(),
        keywords: Default::default(),
        centre: Centre { probe, reach, ..Centre::default() },
        examples: Vec::new(),
        size: 10,
        created_at: Default::default(),
        updated_at: Default::default(),
        marks: Default::default(),
    }
}

fn present(edits: &[Act]) -> Present {
    let groups: Vec<Theme> = [DELIVERY, REFUND, APP].map(|number| group(number, Some(0.6))).into();
    let edit = |(number, act): (i64, &Act)| Edit {
        id: id(900 + u128::from(number.unsigned_abs())),
        made_at: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(number),
        made_by: String::new(),
        act: act.clone(),
        undone_at: None,
    };
    let edits: Vec<Edit> = (1..).zip(edits).map(edit).collect();
    Present { plan: Plan::new(groups.iter().map(|group| group.id), &edits), groups, themes: Vec::new() }
}

/// Pieces of ten characters each, as near to each axis as told.
fn pieces(places: &[[f32; 4]]) -> Vec<Piece> {
    let piece = |(number, place): (usize, &[f32; 4])| Piece {
        span: Span { start: number * 11, end: number * 11 + 10 },
        place: place.to_vec(),
    };
    places.iter().enumerate().map(piece).collect()
}

fn of_delivery() -> Whole<'static> {
    Whole { touchpoint: None, group: Some(id(DELIVERY)), theme: Some(id(DELIVERY)) }
}

/// Themes other than the text's own and where the text speaks of them.
fn shown(found: &[Mention]) -> Vec<(u128, usize, usize)> {
    let shown = found.iter().filter_map(|mention| Some((mention.theme?.as_u128(), mention.span)));
    shown.map(|(theme, span)| (theme, span.start, span.end)).collect()
}

const D: [f32; 4] = [0.9, 0.1, 0.0, 0.42];
const R: [f32; 4] = [0.1, 0.9, 0.0, 0.42];
const A: [f32; 4] = [0.0, 0.1, 0.7, 0.7];
const THANKS: [f32; 4] = [0.3, 0.5, 0.2, 0.78];

#[test]
fn what_a_text_says_besides_its_theme_is_found_where_it_stands() {
    for (places, expected) in [
        (&[][..], vec![]),
        (&[R], vec![]),
        (&[D, R], vec![(REFUND, 11, 21)]),
        (&[R, D], vec![(REFUND, 0, 10)]),
        (&[D, D], vec![]),
        (&[D, R, R], vec![(REFUND, 11, 32)]),
        (&[D, R, D, R], vec![(REFUND, 11, 21), (REFUND, 33, 43)]),
        (&[THANKS, D, R, A], vec![(REFUND, 22, 32), (APP, 33, 43)]),
        (&[D, THANKS], vec![]),
        (&[R, THANKS, R], vec![(REFUND, 0, 10), (REFUND, 22, 32)]),
    ] {
        let found = mentions(&pieces(places), &of_delivery(), &present(&[]), &Settings::default());
        assert_eq!(shown(&found), expected, "{places:?}");
    }
}

#[test]
fn a_stretch_is_as_near_as_its_nearest_piece() {
    let nearer = [0.0, 0.95, 0.0, 0.3];
    let found = mentions(&pieces(&[D, R, nearer, R]), &of_delivery(), &present(&[]), &Settings::default());
    assert_eq!(
        found[1],
        Mention {
            piece: 2,
            span: Span { start: 11, end: 43 },
            group: id(REFUND),
            theme: Some(id(REFUND)),
            similarity: 0.95
        }
    );
}

#[test]
fn a_centre_without_reach_asks_for_the_floor_and_none_for_less() {
    let settings = Settings { similarity_floor: 0.4, ..Settings::default() };
    let faint = [0.1, 0.5, 0.0, 0.86];
    for (reach, expected) in [(None, 1), (Some(0.45), 1), (Some(0.6), 0), (Some(-1.0), 1)] {
        let groups = vec![group(REFUND, reach)];
        let present = Present { plan: Plan::new([id(REFUND)], &[]), groups, themes: Vec::new() };
        assert_eq!(mentions(&pieces(&[D, faint]), &of_delivery(), &present, &settings).len(), expected, "{reach:?}");
    }
    let older: Centre = serde_json::from_str(r#"{"probe":[1.0],"touchpoints":{}}"#).expect("an older row");
    assert_eq!(older.reach, None);
}

#[test]
fn the_touchpoint_of_the_text_counts_for_its_pieces() {
    let mut present = present(&[]);
    let usual = |name: &str| [(touchpoint(name), 1.0)].into();
    present.groups[0].centre.touchpoints = usual("delivery");
    present.groups[1].centre.touchpoints = usual("payment");
    let between = [0.61, 0.7, 0.0, 0.37];
    for (name, expected) in
        [(None, vec![(REFUND, 11, 21)]), (Some("payment"), vec![(REFUND, 11, 21)]), (Some("delivery"), vec![])]
    {
        let touchpoint = name.map(touchpoint);
        let whole = Whole { touchpoint: touchpoint.as_ref(), ..of_delivery() };
        let found = mentions(&pieces(&[D, between]), &whole, &present, &Settings::default());
        assert_eq!(shown(&found), expected, "{name:?}");
    }
}

#[test]
fn edits_of_themes_hold_for_mentions() {
    let (delivery, refund, app) = (id(DELIVERY), id(REFUND), id(APP));
    let said = [D, R, A];
    for (edits, theme, expected) in [
        (vec![], Some(delivery), vec![REFUND, APP]),
        (vec![Act::Merge { theme: refund, into: delivery }], Some(delivery), vec![APP]),
        (vec![Act::Merge { theme: refund, into: app }], Some(delivery), vec![APP, APP]),
        (vec![], Some(refund), vec![DELIVERY, APP]),
        // somebody took it out of its theme
        (vec![], None, vec![REFUND, APP]),
        (vec![Act::Merge { theme: delivery, into: app }], None, vec![REFUND]),
    ] {
        let whole = Whole { touchpoint: None, group: Some(delivery), theme };
        let found = mentions(&pieces(&said), &whole, &present(&edits), &Settings::default());
        let themes: Vec<u128> = shown(&found).into_iter().map(|(theme, ..)| theme).collect();
        assert_eq!(themes, expected, "{edits:?} {theme:?}");
        let groups: Vec<Uuid> = found.iter().map(|mention| mention.group).collect();
        assert_eq!(groups, [delivery, refund, app], "what was found stays, whatever people make of it");
    }
    let nowhere = mentions(&pieces(&said), &Whole::default(), &present(&[]), &Settings::default());
    assert_eq!(shown(&nowhere).len(), 3, "a text without a theme may speak of some");
}

#[test]
fn places_of_another_space_are_near_to_nothing() {
    let strange = [D, R].map(|place| Piece { span: Span { start: 0, end: 3 }, place: place[..2].to_vec() });
    assert_eq!(mentions(&strange, &of_delivery(), &present(&[]), &Settings::default()), []);
    assert_eq!(mentions(&pieces(&[D, R]), &of_delivery(), &Present::default(), &Settings::default()), []);
}

#[test]
fn what_is_between_two_groups_speaks_of_neither() {
    for (place, expected) in [([0.0, 0.68, 0.7, 0.2], 0), ([0.0, 0.65, 0.73, 0.2], 1)] {
        let found = mentions(&pieces(&[D, place]), &of_delivery(), &present(&[]), &Settings::default());
        assert_eq!(shown(&found).len(), expected, "{place:?}");
    }
}

#[test]
fn a_piece_lies_between_where_it_is_read_alone_and_within_its_text() {
    let span = Span { start: 3, end: 9 };
    let piece = Piece::between(span, &[1.0, 0.0], &[0.0, 1.0]);
    assert_eq!(piece.span, span);
    assert!(piece.place.iter().all(|value| (value - 0.5_f32.sqrt()).abs() < 1e-6), "{piece:?}");
    assert_eq!(Piece::between(span, &[1.0, 0.0], &[-1.0, 0.0]).place, [0.0, 0.0]);
}

proptest! {
    #[test]
    fn mentions_lie_in_the_text_in_order_and_apart_and_are_never_of_its_own_theme(
        places in prop::collection::vec(prop::array::uniform4(-1.0_f32..1.0), 0..12),
        own in prop::option::of(0_u128..3), merged in any::<bool>(),
    ) {
        let unit = |place: &[f32; 4]| {
            let length = place.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-6);
            place.map(|value| value / length)
        };
        let pieces = pieces(&places.iter().map(unit).collect::<Vec<_>>());
        let edits = if merged { vec![Act::Merge { theme: id(REFUND), into: id(DELIVERY) }] } else { Vec::new() };
        let present = present(&edits);
        let theme = own.and_then(|own| present.plan.leads_to(id(own)));
        let whole = Whole { touchpoint: None, group: own.map(id), theme };
        let found = mentions(&pieces, &whole, &present, &Settings::default());
        let end = pieces.last().map_or(0, |piece| piece.span.end);
        for mention in &found {
            prop_assert!(mention.span.start < mention.span.end && mention.span.end <= end);
            prop_assert!(mention.theme != theme || theme.is_none());
            prop_assert!(mention.similarity >= 0.6);
            let piece = &pieces[mention.piece];
            prop_assert!(mention.span.start <= piece.span.start && piece.span.end <= mention.span.end);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
        prop_assert!(found.windows(2).all(|pair| pair[0].piece < pair[1].piece));
        prop_assert!(pieces.len() > 1 || found.is_empty());
    }
}
