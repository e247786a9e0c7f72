//! What both databases promise about personas, one function a promise.

use std::collections::{BTreeMap, BTreeSet};

use sada::feedback::{CustomerId, FeedbackId, Language};
use sada::personas::{Aspect, Card, Line, Persona, Population, Proportion, Refusal, Run, Tried};
use sada::stores::sql::Db;
use sada::stores::sql::feedback::{self, Filter};
use sada::stores::sql::personas::{self, Member};

use crate::store_contract::fill;
use crate::store_contract_values::{after, id};

fn customer(number: usize) -> CustomerId {
    CustomerId::try_from(format!("c-{number}")).expect("short")
}

fn persona(number: u128, seconds: i64) -> Persona {
    let line = Line {
        key: "الدفع & \u{202e}=1+1".to_owned(),
        customers: Proportion::new(3, 9),
        others: Proportion::new(0, 0),
        distinct: true,
        records: 4,
        evidence: vec![FeedbackId(id(1)), FeedbackId(id(2)), FeedbackId(id(3))],
    };
    let card = Card {
        names: BTreeMap::from([(Language::arabic(), format!("من يكتبون عن «{number}»"))]),
        size: Proportion::new(9, 27),
        records: 31,
        stability: 2.0 / 3.0,
        lines: BTreeMap::from([(Aspect::Touchpoints, vec![line])]),
        themes: BTreeMap::from([(id(70), BTreeMap::from([(Language::english(), "late".to_owned())]))]),
        quotes: vec![FeedbackId(id(2))],
    };
    Persona { id: id(number), card, created_at: after(seconds), updated_at: after(seconds + 60) }
}

fn run(number: u128, seconds: i64, refusal: Option<Refusal>) -> Run {
    let tried = Tried { groups: 2, stability: 0.1 + 0.2, weakest: 1.0 / 3.0, smallest: 9, chance: None };
    Run {
        id: id(number),
        at: after(seconds),
        population: Population { customers: 27, records: 90, with_too_few: 3, anonymous: 2 },
        tried: vec![tried],
        groups: if refusal.is_none() { 2 } else { 0 },
        refusal,
    }
}

fn members(of: &[(usize, u128)]) -> Vec<Member> {
    let member = |(number, persona): &(usize, u128)| Member {
        customer: customer(*number),
        persona: id(*persona),
        probability: 1.0 / 3.0,
    };
    of.iter().map(member).collect()
}

async fn save(db: &Db, run: &Run, personas: &[Persona], members: &[Member]) {
    let mut tx = db.begin().await.expect("begun");
    personas::save(&mut tx, run, personas, members).await.expect("saved");
    tx.commit().await.expect("kept");
}

pub(crate) async fn personas_come_back_with_their_run_and_members(db: Db) {
    assert_eq!(personas::last_run(&db).await.expect("read"), None);
    assert_eq!(personas::list(&db).await.expect("read"), []);
    let (first, second) = (persona(501, 10), persona(502, 20));
    let many: Vec<(usize, u128)> = (0..450).map(|number| (number, 501 + number as u128 % 2)).collect();
    save(&db, &run(400, 1, None), &[second.clone(), first.clone()], &members(&many)).await;
    assert_eq!(personas::last_run(&db).await.expect("read"), Some(run(400, 1, None)));
    assert_eq!(personas::list(&db).await.expect("read"), [second.clone(), first.clone()]);
    assert_eq!(personas::get(&db, first.id).await.expect("read"), Some(first.clone()));
    assert_eq!(personas::get(&db, id(999)).await.expect("read"), None);
    let odd: BTreeSet<CustomerId> = (0..450).filter(|number| number % 2 == 1).map(customer).collect();
    assert_eq!(personas::members(&db, second.id).await.expect("read"), odd);
    // the next run takes the place of all of it
    save(&db, &run(401, 2, None), std::slice::from_ref(&first), &members(&[(7, 501)])).await;
    assert_eq!(personas::list(&db).await.expect("read"), std::slice::from_ref(&first));
    assert_eq!(personas::members(&db, second.id).await.expect("read"), BTreeSet::new());
    assert_eq!(personas::members(&db, first.id).await.expect("read"), BTreeSet::from([customer(7)]));
}

pub(crate) async fn a_run_that_finds_none_hides_them_and_keeps_their_ids(db: Db) {
    let first = persona(501, 10);
    save(&db, &run(400, 1, None), std::slice::from_ref(&first), &members(&[(7, 501), (3, 501)])).await;
    let refused = run(401, 2, Some(Refusal::TooFewCustomers { customers: 2, needed: 60 }));
    save(&db, &refused, &[], &[]).await;
    assert_eq!(personas::last_run(&db).await.expect("read"), Some(refused));
    assert_eq!(personas::list(&db).await.expect("read"), []);
    assert_eq!(personas::get(&db, first.id).await.expect("read"), None);
    let previous = personas::previous(&db).await.expect("read");
    let (kept, since) = previous.first().expect("one");
    assert_eq!((previous.len(), kept.id, *since), (1, first.id, first.created_at));
    assert_eq!(kept.members, [customer(3), customer(7)]);
}

pub(crate) async fn feedback_is_filtered_by_its_customer_s_persona(db: Db) {
    let items = fill(&db, 24).await;
    let (first, second) = (persona(501, 10), persona(502, 10));
    save(&db, &run(400, 1, None), &[first.clone(), second], &members(&[(0, 501), (2, 501), (4, 502)])).await;
    let of = [customer(0), customer(2)];
    let expected: BTreeSet<FeedbackId> = items
        .iter()
        .filter(|item| item.origin.customer.as_ref().is_some_and(|customer| of.contains(customer)))
        .map(|item| item.id)
        .collect();
    let filter = Filter { persona: Some(first.id), ..Filter::default() };
    let page = feedback::page(&db, &filter, None, 100).await.expect("read");
    assert_eq!(page.items.iter().map(|item| item.id).collect::<BTreeSet<_>>(), expected);
    assert_eq!(expected.len(), 8);
    assert_eq!(feedback::counts(&db, &filter).await.expect("counted").total, 8);
    let nobody = Filter { persona: Some(id(999)), ..Filter::default() };
    assert_eq!(feedback::counts(&db, &nobody).await.expect("counted").total, 0);
    let halved = feedback::page(&db, &filter, None, 3).await.expect("read");
    let last = halved.items.last().expect("three");
    assert_eq!(halved.next, Some(feedback::place(last)));
}
