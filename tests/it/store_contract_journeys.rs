//! What both databases promise about journeys and the steps that feedback falls on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use sada::feedback::{FeedbackId, Priority, SentimentLabel};
use sada::journeys::{By, Expectation, JourneyId, StepId};
use sada::stores::Error;
use sada::stores::sql::Db;
use sada::stores::sql::feedback::{self, AtStep, Filter};
use sada::stores::sql::journeys::{self, Placed, Written};

use crate::store_contract::{analyse, fill};
use crate::store_contract_values::{after, id};

fn journey(name: &str) -> JourneyId {
    name.parse().expect("an id")
}

fn step(name: &str) -> StepId {
    name.parse().expect("an id")
}

fn written(name: &str, toml: &str) -> Written {
    Written { id: journey(name), toml: toml.to_owned(), author: "سارة".to_owned(), changed_at: after(5) }
}

async fn put(db: &Db, written: &Written) {
    let mut tx = db.begin().await.expect("begun");
    journeys::put(&mut tx, written).await.expect("kept");
    tx.commit().await.expect("kept");
}

async fn place(db: &Db, version: &str, placed: &[Placed]) {
    let mut tx = db.begin().await.expect("begun");
    journeys::place(&mut tx, &journey("shop"), version, placed).await.expect("placed");
    tx.commit().await.expect("kept");
}

fn placed(number: u128, name: Option<&str>, expectation: Option<Expectation>) -> Placed {
    let by = if number.is_multiple_of(2) { By::Touchpoint } else { By::Meaning };
    Placed { id: FeedbackId(id(number)), step: name.map(|name| (step(name), by, 0.1)), expectation }
}

fn at(name: &str) -> AtStep {
    AtStep { journey: journey("shop"), step: Some(step(name)), expectation: None, last_before: None }
}

async fn found(db: &Db, at: AtStep) -> BTreeSet<u128> {
    let filter = Filter { step: Some(at), ..Filter::default() };
    let page = feedback::page(db, &filter, None, 100).await.expect("read");
    let total = feedback::counts(db, &filter).await.expect("counted").total;
    assert_eq!(total, page.items.len() as u64, "a number counts what its list shows");
    page.items.iter().map(|item| item.id.0.as_u128() - id(0).as_u128()).collect()
}

pub(crate) async fn journeys_are_kept_as_they_were_written(db: Db) {
    assert!(journeys::list(&db).await.expect("read").is_empty());
    let first = written("shop", "title = { ar = \"رحلة\" }\n");
    put(&db, &first).await;
    put(&db, &written("app", "x")).await;
    let second = Written { author: "بدر".to_owned(), changed_at: after(9), ..written("app", "y\r\n'; --") };
    put(&db, &second).await;
    assert_eq!(journeys::list(&db).await.expect("read"), [second, first.clone()]);
    assert_eq!(journeys::get(&db, &journey("shop")).await.expect("read"), Some(first));
    let mut tx = db.begin().await.expect("begun");
    assert!(journeys::delete(&mut tx, &journey("shop")).await.expect("deleted"));
    assert!(!journeys::delete(&mut tx, &journey("shop")).await.expect("nothing left"));
    let refused = journeys::put(&mut tx, &written("nul", "a\0b")).await.expect_err("refused");
    assert!(matches!(refused, Error::Refused { .. }), "{refused}");
    tx.commit().await.expect("kept");
    assert_eq!(journeys::get(&db, &journey("shop")).await.expect("read"), None);
}

pub(crate) async fn feedback_waits_for_its_step_until_it_is_placed_on_the_present_version(db: Db) {
    fill(&db, 6).await;
    for number in 0..5 {
        analyse(&db, number, SentimentLabel::Negative, Priority::P3, None).await;
    }
    let waiting = async |version: &str| -> Vec<u128> {
        let all = journeys::unplaced(&db, &journey("shop"), version, 4).await.expect("read");
        all.iter().map(|item| item.id.0.as_u128() - id(0).as_u128()).collect()
    };
    assert_eq!(waiting("v1").await, [0, 1, 2, 3], "a page of those that are analysed");
    place(&db, "v1", &[placed(0, Some("pay"), None), placed(1, None, None), placed(99, Some("pay"), None)]).await;
    assert_eq!(waiting("v1").await, [2, 3, 4], "what is on no step is placed, too");
    assert_eq!(waiting("v2").await, [0, 1, 2, 3]);
    place(&db, "v2", &[placed(0, Some("order"), None)]).await;
    assert_eq!(found(&db, at("pay")).await, BTreeSet::new(), "a feedback is on one step at most");
    assert_eq!(found(&db, at("order")).await, BTreeSet::from([0]));
    put(&db, &written("shop", "changed")).await;
    assert_eq!(waiting("v2").await, [0, 1, 2, 3], "a changed journey begins anew");
}

pub(crate) async fn steps_are_filtered_counted_and_read_alike(db: Db) {
    fill(&db, 10).await;
    for number in 0..10 {
        let label = if number % 3 == 0 { SentimentLabel::Negative } else { SentimentLabel::Positive };
        analyse(&db, number, label, Priority::P2, None).await;
    }
    let expectation =
        |number: u128| (number < 4).then_some(if number < 2 { Expectation::Unmet } else { Expectation::Asked });
    let steps = |number| {
        if number < 6 {
            Some("pay")
        } else if number < 9 {
            Some("order")
        } else {
            None
        }
    };
    let all: Vec<Placed> = (0..10).map(|number| placed(number, steps(number), expectation(number))).collect();
    place(&db, "v1", &all).await;
    assert_eq!(found(&db, at("pay")).await, BTreeSet::from([0, 1, 2, 3, 4, 5]));
    assert_eq!(found(&db, AtStep { expectation: Some(Expectation::Unmet), ..at("pay") }).await, BTreeSet::from([0, 1]));
    assert_eq!(found(&db, AtStep { journey: journey("other"), ..at("pay") }).await, BTreeSet::new());
    let any = found(&db, AtStep { step: None, ..at("pay") }).await;
    assert_eq!(any, (0..9).collect(), "on whichever step");
    let counted = journeys::count_placed(&db, &journey("shop"), &Filter::default()).await.expect("counted");
    assert_eq!(counted, BTreeMap::from([(None, 1), (Some(By::Touchpoint), 5), (Some(By::Meaning), 4)]));

    let filter = Filter { sentiment: Some(SentimentLabel::Negative), ..Filter::default() };
    let mut visits = journeys::visits(&db, &journey("shop"), &filter).await.expect("read");
    visits.sort_by_key(|stop| stop.id);
    let told: Vec<_> = visits.iter().map(|stop| (stop.id, stop.step.as_str(), stop.by, stop.priority)).collect();
    let expected = [(0, "pay", By::Touchpoint), (3, "pay", By::Meaning), (6, "order", By::Touchpoint)];
    assert_eq!(told, expected.map(|(number, step, by)| (FeedbackId(id(number)), step, by, Priority::P2)));
    let rows = feedback::get_many(&db, &visits.iter().map(|stop| stop.id).collect::<Vec<_>>()).await.expect("read");
    for (stop, row) in visits.iter().zip(&rows) {
        assert_eq!((&stop.customer, &stop.touchpoint), (&row.origin.customer, &row.origin.touchpoint));
        assert_eq!((stop.collected_at, stop.rating), (row.origin.collected_at, row.rating));
    }
    let among: Vec<FeedbackId> = [1, 7, 99].map(|number| FeedbackId(id(number))).into();
    let there = journeys::on_step(&db, &at("pay"), &among).await.expect("read");
    assert_eq!(there.into_iter().collect::<Vec<_>>(), [FeedbackId(id(1))]);
}

pub(crate) async fn the_last_of_each_customer_is_found(db: Db) {
    // customers c-0, c-2 and c-4 wrote every sixth day; the others are nobody's
    fill(&db, 12).await;
    let all: Vec<Placed> =
        (0..12).map(|number| placed(number, Some(if number < 8 { "pay" } else { "order" }), None)).collect();
    for number in 0..12 {
        analyse(&db, number, SentimentLabel::Neutral, Priority::P4, None).await;
    }
    place(&db, "v1", &all).await;
    let last = |name: &str, days: i64| AtStep { last_before: Some(after(0) + TimeDelta::days(days)), ..at(name) };
    assert_eq!(found(&db, last("pay", 100)).await, BTreeSet::from([6]), "0, 2 and 4 have written again");
    assert_eq!(found(&db, last("order", 100)).await, BTreeSet::from([8, 10]));
    assert_eq!(
        found(&db, last("order", 10)).await,
        BTreeSet::from([8]),
        "10 was given on the tenth day, not before it"
    );
}
