//! Personas: what is planted is found, what is not is refused, and every number leads to its records.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::{Method, StatusCode};
use proptest::prelude::*;
use sada::access::Role;
use sada::feedback::{CustomerId, FeedbackId, Language};
use sada::personas::{
    Aspect, Card, Customer, Found, Group, Line, MAX_EVIDENCE, MIN_CUSTOMERS, MIN_EVIDENCE, Outcome, Record, Refusal,
    cards, customers, find, key,
};
use sada::statistics::{Interval, Random, adjusted_rand};
use sada::web::pages::locale::Locale;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::pages::{Browser, links, location};
use crate::population::{Plan, Population, population, store, theme};
use crate::support::TestApp;

/// How well the groups agree with the planted kinds.
fn agreement(population: &Population, found: &Found) -> f64 {
    let mut homes: BTreeMap<&CustomerId, usize> = BTreeMap::new();
    for (home, group) in found.groups.iter().enumerate() {
        homes.extend(group.members.iter().map(|(id, _)| (id, home)));
    }
    let pairs: Vec<(usize, Option<&usize>)> =
        population.customers.iter().zip(&population.kinds).map(|(who, kind)| (*kind, homes.get(&who.id))).collect();
    adjusted_rand(&pairs)
}

fn titles() -> BTreeMap<Uuid, BTreeMap<Language, String>> {
    (0..12).map(|number| (theme(number), BTreeMap::from([(Language::english(), format!("theme {number}"))]))).collect()
}

#[test]
fn planted_groups_are_recovered() {
    let plan = Plan::default();
    for groups in [2, 3, 4] {
        for plan in [
            Plan { groups, ..plan },
            Plan { groups, habit: 0.85, customers: 160, seed: 2, ..plan },
            Plan { groups, habit: 0.85, own_ways: true, seed: 3, ..plan },
            Plan { groups, habit: 0.7, customers: 500, seed: 4, ..plan },
        ] {
            let population = population(plan);
            let outcome = find(&population.customers);
            let Outcome::Found(found) = &outcome else { panic!("{plan:?}: {outcome:?}") };
            let agreed = agreement(&population, found);
            assert!(found.groups.len() == groups && agreed >= 0.8, "{plan:?}: {agreed} {:?}", found.tried);
        }
    }
}

#[test]
fn where_nothing_is_planted_it_is_refused() {
    let mut told = Vec::new();
    for (own_ways, own_tastes) in [(false, false), (true, false), (false, true), (true, true)] {
        for seed in 100..110 {
            let plan = Plan { groups: 0, own_ways, own_tastes, customers: 150, seed, ..Plan::default() };
            if let Outcome::Found(found) = find(&population(plan).customers) {
                told.push((plan, found.tried));
            }
        }
    }
    assert!(told.len() <= 2, "more than a twentieth of 40: {told:?}");
}

#[test]
fn a_refusal_says_what_is_missing() {
    let few = population(Plan { customers: MIN_CUSTOMERS - 1, ..Plan::default() });
    let refusal = |customers: &[Customer]| match find(customers) {
        Outcome::Refused { refusal, .. } => refusal,
        Outcome::Found(found) => panic!("{:?}", found.tried),
    };
    let expected = Refusal::TooFewCustomers { customers: MIN_CUSTOMERS - 1, needed: MIN_CUSTOMERS };
    assert_eq!(refusal(&few.customers), expected);
    let once = population(Plan { records: (1, 0), ..Plan::default() });
    assert_eq!(refusal(&once.customers), Refusal::TooFewCustomers { customers: 0, needed: MIN_CUSTOMERS });
    assert_eq!(refusal(&[]), Refusal::TooFewCustomers { customers: 0, needed: MIN_CUSTOMERS });
    let alike = population(Plan { groups: 0, ..Plan::default() });
    assert!(matches!(refusal(&alike.customers), Refusal::OneCloud { chance } if chance > 0.05));
    // everybody differs from everybody: no chance, and yet no group that holds
    let tastes = population(Plan { groups: 0, own_tastes: true, customers: 150, ..Plan::default() });
    let told = refusal(&tastes.customers);
    assert!(matches!(told, Refusal::Unstable { stability, needed } if stability < needed), "{told:?}");
}

fn shuffled(customers: &[Customer], seed: u64) -> Vec<Customer> {
    let mut records: Vec<(CustomerId, Record)> = customers
        .iter()
        .flat_map(|customer| customer.records.iter().map(|record| (customer.id.clone(), record.clone())))
        .collect();
    Random::new(seed).shuffle(&mut records);
    self::customers(records)
}

#[test]
fn the_order_of_records_and_customers_changes_nothing() {
    let population = population(Plan { customers: 120, ..Plan::default() });
    let first = find(&population.customers);
    let Outcome::Found(found) = &first else { panic!("{first:?}") };
    let told = cards(&population.customers, &found.groups, &[], &titles());
    for seed in 0..3 {
        let mut again = shuffled(&population.customers, seed);
        assert_eq!(again, population.customers);
        Random::new(seed).shuffle(&mut again);
        assert_eq!(find(&again), first);
        assert_eq!(cards(&again, &found.groups, &[], &titles()), told);
    }
}

/// A line's interval, with room for rounding at its ends.
fn around(line: &Line) -> Interval {
    let Interval { low, high } = line.customers.interval;
    Interval { low: low - 1e-12, high: high + 1e-12 }
}

/// What every card must keep to, whatever the groups.
fn assert_honest(customers: &[Customer], groups: &[Group], cards: &[Card]) {
    let of: BTreeMap<FeedbackId, (&CustomerId, &Record)> = customers
        .iter()
        .flat_map(|customer| customer.records.iter().map(move |record| (record.id, (&customer.id, record))))
        .collect();
    assert_eq!(cards.iter().map(|card| card.size.n).sum::<u64>(), cards.first().map_or(0, |card| card.size.of));
    let names: BTreeSet<&str> = cards.iter().map(|card| card.name(&Language::english())).collect();
    assert_eq!(names.len(), cards.len(), "{names:?}");
    for (group, card) in groups.iter().zip(cards) {
        let members: BTreeSet<&CustomerId> = group.members.iter().map(|(id, _)| id).collect();
        assert_eq!(card.size.n, members.len() as u64);
        for (aspect, line) in
            card.lines.iter().flat_map(|(aspect, lines)| lines.iter().map(move |line| (*aspect, line)))
        {
            let showing: Vec<(&CustomerId, FeedbackId)> = of
                .values()
                .filter(|(who, record)| members.contains(who) && key(record, aspect).as_ref() == Some(&line.key))
                .map(|(who, record)| (*who, record.id))
                .collect();
            let who: BTreeSet<&CustomerId> = showing.iter().map(|(who, _)| *who).collect();
            assert_eq!(
                (line.records, line.customers.n),
                (showing.len() as u64, who.len() as u64),
                "{aspect}: {line:?}"
            );
            assert_eq!(line.customers.of + line.others.of, card.size.of);
            assert!(around(line).contains(line.customers.share) && who.len() >= MIN_EVIDENCE, "{line:?}");
            assert!((MIN_EVIDENCE..=MAX_EVIDENCE).contains(&line.evidence.len()), "{line:?}");
            let shown: BTreeSet<&CustomerId> = line.evidence.iter().map(|id| of[id].0).collect();
            assert_eq!(shown.len(), line.evidence.len().min(who.len()), "of different customers: {line:?}");
            assert!(line.evidence.iter().all(|id| showing.iter().any(|(_, record)| record == id)), "{line:?}");
        }
        let quoted: BTreeSet<&CustomerId> = card.quotes.iter().map(|id| of[id].0).collect();
        assert!(quoted.len() == card.quotes.len() && quoted.iter().all(|who| members.contains(who)), "{card:?}");
        assert!(card.unknown().all(|aspect| card.of(aspect).is_empty()));
    }
}

#[test]
fn a_card_tells_the_habits_that_were_planted() {
    let population = population(Plan { groups: 2, ..Plan::default() });
    let Outcome::Found(found) = find(&population.customers) else { panic!("two are planted") };
    let cards = cards(&population.customers, &found.groups, &[], &titles());
    assert_honest(&population.customers, &found.groups, &cards);
    for card in &cards {
        for aspect in [Aspect::Needs, Aspect::Pains, Aspect::Feelings, Aspect::Expectations, Aspect::Channels] {
            assert!(!card.of(aspect).is_empty(), "{aspect}");
        }
        assert_eq!((card.quotes.len(), card.unknown().collect::<Vec<_>>()), (3, vec![Aspect::Words]));
        let name = card.name(&Language::english());
        assert!(name.starts_with("Those who write") && name.contains("theme "), "{name}");
        assert!(card.of(Aspect::Topics).iter().any(|line| line.distinct), "{card:?}");
        assert!(card.of(Aspect::Languages).iter().all(|line| !line.distinct), "languages were dealt to all alike");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_card_is_honest_whatever_the_groups(homes in prop::collection::vec(0_usize..4, 30), seed in 0_u64..1000) {
        let population = population(Plan { customers: homes.len(), records: (1, 4), seed, ..Plan::default() });
        let group = |home| Group {
            members: population
                .customers
                .iter()
                .zip(&homes)
                .filter(|(_, own)| **own == home)
                .map(|(who, _)| (who.id.clone(), 0.9))
                .collect(),
            stability: 0.8,
        };
        let groups: Vec<Group> = (0..4).map(group).collect();
        assert_honest(&population.customers, &groups, &cards(&population.customers, &groups, &[], &titles()));
    }
}

/// A Sada whose customers are of two kinds, and looked at.
async fn profiled() -> TestApp {
    let app = TestApp::start().await;
    store(&app.app, &population(Plan { groups: 2, customers: 90, ..Plan::default() })).await;
    look(&app).await;
    app
}

async fn look(app: &TestApp) {
    let asked = app.call(Method::POST, "/v1/personas/runs", &json!({})).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text);
    app.work().await;
}

/// Every count with the path that lists it.
fn counts(value: &Value, into: &mut Vec<(String, u64)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(path), Some(count)) = (fields.get("records").and_then(Value::as_str), fields.get("count")) {
                into.push((path.to_owned(), count.as_u64().expect("a count")));
            }
            fields.values().for_each(|value| counts(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| counts(value, into)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_of_a_persona_lists_its_records() {
    let app = profiled().await;
    let all = app.get("/v1/personas").await.json();
    assert_eq!((&all["run"]["groups"], &all["run"]["refusal"]), (&json!(2), &Value::Null), "{all}");
    let mut found = Vec::new();
    counts(&all["items"], &mut found);
    assert!(found.len() > 30, "{found:?}");
    for (path, count) in &found {
        assert_eq!(app.listed(path).await, *count, "{path}");
    }
    for persona in all["items"].as_array().expect("items") {
        let id = persona["id"].as_str().expect("an id");
        let one = app.get(&format!("/v1/personas/{id}")).await.json();
        assert_eq!(&one["persona"], persona);
        let told = |quotes: &Value| quotes.as_array().expect("quotes").len();
        assert_eq!((told(&one["quotes"]), told(&persona["quotes"])), (3, 3), "{one}");
        assert!(persona["names"]["ar"].as_str().is_some_and(|name| name.starts_with("من يكتبون")), "{persona}");
        assert!(!persona["lines"]["words"].as_array().expect("typical words").is_empty(), "{persona}");
        for evidence in persona["lines"]["pains"][0]["evidence"].as_array().expect("evidence") {
            let record = app.get(&format!("/v1/feedback/{}", evidence.as_str().expect("an id"))).await.json();
            assert_eq!(record["analysis"]["sentiment"]["label"], "negative", "{record}");
            assert_eq!(record["analysis"]["theme"]["id"], persona["lines"]["pains"][0]["key"], "{record}");
        }
        let rated = app.get(&format!("/v1/scores?persona={id}")).await.json();
        assert_eq!(rated["items"], one["scores"], "the ratings are those of its customers");
        assert_eq!(app.listed(&format!("/v1/feedback?persona={id}")).await, persona["records"]["count"]);
    }
    for (path, status) in [
        ("/v1/personas/01973b1c-7a52-7c1e-9d55-0d3c5d3f6a10", StatusCode::NOT_FOUND),
        ("/v1/personas/7", StatusCode::UNPROCESSABLE_ENTITY),
        ("/v1/personas/export.md?language=fr", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(app.get(path).await.status, status, "{path}");
    }
    let id = all["items"][0]["id"].as_str().expect("an id");
    for query in ["aspect=pains", "key=x", "aspect=moods&key=x", "limit=0"] {
        let refused = app.get(&format!("/v1/personas/{id}/records?{query}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", refused.text);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_stay_from_run_to_run() {
    let app = profiled().await;
    let ids = |all: &Value| -> Vec<(Value, Value)> {
        let items = all["items"].as_array().expect("items");
        items.iter().map(|item| (item["id"].clone(), item["created_at"].clone())).collect()
    };
    let first = app.get("/v1/personas").await.json();
    app.app.clock.advance(chrono::TimeDelta::hours(1));
    look(&app).await;
    let second = app.get("/v1/personas").await.json();
    assert_eq!(ids(&first), ids(&second));
    assert_ne!(first["run"]["id"], second["run"]["id"]);
    assert_ne!(first["items"][0]["updated_at"], second["items"][0]["updated_at"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_customers_are_refused_on_the_page_and_in_the_api() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, Role::Admin, Locale::Arabic).await;
    assert!(browser.get("/personas").await.text.contains("لم يُنظر في العملاء بعد"));
    assert_eq!(app.get("/v1/personas").await.json(), json!({ "run": null, "items": [] }));
    store(&app.app, &population(Plan { customers: 12, ..Plan::default() })).await;
    let asked = browser.post("/personas", &[]).await;
    assert_eq!((asked.status, location(&asked)), (StatusCode::SEE_OTHER, "/personas?asked=1"), "{}", asked.text);
    app.work().await;
    let all = app.get("/v1/personas").await.json();
    let refusal = &all["run"]["refusal"];
    assert_eq!((&refusal["reason"], &refusal["measured"]), (&json!("too_few_customers"), &json!(12.0)), "{all}");
    assert!(refusal["detail"].as_str().is_some_and(|detail| detail.contains("60 are needed")), "{refusal}");
    let page = browser.get("/personas").await.text.replace(['\u{2068}', '\u{2069}'], "");
    assert!(page.contains("العملاء أقل من أن تُستخرج منهم شخصيات") && page.contains("والمطلوب ٦٠"), "{page}");
    let text = app.get("/v1/personas/export.md").await.text;
    assert!(text.contains("Too few customers for personas"), "{text}");
    let viewer = Browser::signed_in(&app, Role::Viewer, Locale::English).await;
    assert!(!viewer.get("/personas").await.text.contains("<form method=\"post\" action=\"/personas\""));
    assert_eq!(viewer.post("/personas", &[]).await.status, StatusCode::FORBIDDEN);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_exports_show_customers_words_as_text() {
    let app = profiled().await;
    for locale in [Locale::Arabic, Locale::English] {
        let browser = Browser::signed_in(&app, Role::Viewer, locale).await;
        let (mut waiting, mut seen) = (VecDeque::from(["/personas".to_owned()]), Vec::new());
        while let Some(path) = waiting.pop_front() {
            let ours = path.starts_with("/personas") || path.starts_with("/feedback?persona=");
            if !ours || path.contains("lang=") || seen.contains(&path) || seen.len() > 60 {
                continue;
            }
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            assert!(!answer.text.contains('\u{202e}') && !answer.text.contains('⟦'), "{path}");
            let scripts = answer.text.matches("<script").count();
            assert_eq!(scripts, answer.text.matches("<script src=\"/assets/").count(), "{path}");
            assert!(!answer.text.contains("<b>"), "{path}");
            waiting.extend(links(&answer.text));
            seen.push(path);
        }
        for part in ["/personas/print", "/personas/export.md", "records?aspect=", "/feedback?persona="] {
            assert!(seen.iter().any(|path| path.contains(part)), "no {part} among {seen:?}");
        }
    }
    let export = app.get("/v1/personas/export.md?language=ar").await;
    assert_eq!(export.headers["content-type"], "text/markdown; charset=utf-8");
    assert!(export.text.starts_with("# الشخصيات") && export.text.contains("> “"), "{}", export.text);
    for line in export.text.lines() {
        assert!(!line.starts_with(['=', '+', '@', '\t', '<']), "{line}");
    }
    let noted = app.get("/v1/audit?action=exported").await.json();
    assert_eq!(noted["items"][0]["details"]["what"], "personas", "{noted}");
    app.finish().await;
}
