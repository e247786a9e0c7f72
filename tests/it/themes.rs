//! Themes as people and runs change them, through the API; and how they move on the demo set's planted themes.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use sada::themes::{Trend, burst, trend};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const TEXTS: [&str; 4] =
    ["the courier was late again", "المندوب تأخر كثير", "my refund never came", "وين فلوسي المسترجعة"];

/// Sends `count` texts beginning with number `from`, about deliveries and refunds by turns.
async fn send(app: &TestApp, from: usize, count: usize) {
    let line = |n: usize| json!({ "external_id": n.to_string(), "text": format!("{} {n}", TEXTS[n % 4]) }).to_string();
    let lines: Vec<String> = (from..from + count).map(line).collect();
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    app.send(request.body(axum::body::Body::from(lines.join("\n"))).expect("a request")).await;
    app.work().await;
}

async fn regroup(app: &TestApp) {
    app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
    app.work().await;
}

async fn edit(app: &TestApp, change: Value) -> Answer {
    app.call(Method::POST, "/v1/themes/edits", &change).await
}

async fn themes(app: &TestApp, path: &str) -> Vec<(String, u64)> {
    let all = app.get(path).await.json();
    let each = all["items"].as_array().expect("themes").iter();
    let mut all: Vec<_> = each
        .map(|theme| (theme["id"].as_str().expect("an id").to_owned(), theme["size"].as_u64().expect("a size")))
        .collect();
    all.sort();
    all
}

async fn members(app: &TestApp, theme: &str) -> Vec<String> {
    let page = app.get(&format!("/v1/themes/{theme}/feedback?limit=1000")).await.json();
    let ids = page["items"].as_array().expect("feedback").iter();
    ids.map(|near| near["feedback"]["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_hold_at_once_and_in_every_run_and_undoing_them_brings_all_back() {
    let app = TestApp::start().await;
    send(&app, 0, 60).await;
    regroup(&app).await;
    let found = themes(&app, "/v1/themes").await;
    assert!(found.len() >= 2, "{found:?}");
    let (first, second) = (found[0].0.as_str(), found[1].0.as_str());
    let whole = found[0].1 + found[1].1;

    let mut made = Vec::new();
    let mut keep = |answer: Answer| {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let edit = answer.json();
        made.push(edit["id"].as_str().expect("an id").to_owned());
        edit
    };
    keep(
        edit(&app, json!({ "kind": "rename", "theme": first, "titles": { "ar": "التوصيل  والمال", "en": "all" } }))
            .await,
    );
    keep(edit(&app, json!({ "kind": "merge", "theme": second, "into": first })).await);
    assert_eq!(themes(&app, "/v1/themes").await.iter().find(|(id, _)| id == first).map(|(_, size)| *size), Some(whole));
    assert_eq!(app.get(&format!("/v1/themes/{second}")).await.status, StatusCode::NOT_FOUND);
    let all = members(&app, first).await;
    let split = keep(edit(&app, json!({ "kind": "split", "theme": first, "feedback": [all[0]] })).await);
    let part = split["new_theme"].as_str().expect("an id").to_owned();
    assert!(members(&app, &part).await.contains(&all[0]));
    keep(edit(&app, json!({ "kind": "assign", "feedback": all[0], "theme": first })).await);
    keep(edit(&app, json!({ "kind": "pin", "theme": first })).await);
    keep(edit(&app, json!({ "kind": "hide", "theme": part })).await);

    let check = async || {
        let shown = app.get(&format!("/v1/themes/{first}")).await.json();
        let theme = &shown["theme"];
        assert_eq!((&theme["titles"]["ar"], &theme["pinned"]), (&json!("التوصيل والمال"), &json!(true)), "{theme}");
        assert!(!themes(&app, "/v1/themes").await.iter().any(|(id, _)| *id == part));
        assert!(themes(&app, "/v1/themes?hidden=true").await.iter().any(|(id, _)| *id == part));
        assert!(members(&app, first).await.contains(&all[0]));
        assert_eq!(app.get(&format!("/v1/themes/{second}")).await.status, StatusCode::NOT_FOUND);
    };
    check().await;
    let themed = async || themes(&app, "/v1/themes?hidden=true").await.iter().map(|(_, size)| size).sum::<u64>();
    let before = themed().await;
    send(&app, 60, 6).await;
    assert_eq!(themed().await, before + 6, "what is new is placed at once");
    check().await;
    regroup(&app).await;
    check().await;
    let app = app.restart().await;
    regroup(&app).await;

    let log = app.get("/v1/themes/edits?limit=4").await.json();
    assert_eq!(log["items"][0]["kind"], "hide");
    assert_eq!(log["items"][0]["made_by"], "test");
    assert!(log["next_cursor"].is_string());
    for id in made.iter().rev() {
        let path = format!("/v1/themes/edits/{id}/undo");
        let undone = app.call(Method::POST, &path, &json!({})).await;
        assert!(undone.status == StatusCode::OK && undone.json()["undone_at"].is_string(), "{}", undone.text);
        assert_eq!(app.call(Method::POST, &path, &json!({})).await.status, StatusCode::CONFLICT);
    }
    let after = themes(&app, "/v1/themes").await;
    assert!(after.iter().any(|(id, _)| id == first) && after.iter().any(|(id, _)| id == second), "{after:?}");
    assert!(!after.iter().any(|(id, _)| *id == part));
    let lineage = app.get(&format!("/v1/themes/{first}/lineage")).await.json();
    let events: Vec<_> = lineage["items"].as_array().expect("lines").iter().map(|line| &line["event"]).collect();
    assert!(events.contains(&&json!("same")) && events.contains(&&json!("new")), "{lineage}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_t_be_done_to_a_theme_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    send(&app, 0, 40).await;
    regroup(&app).await;
    let before = app.get("/v1/themes?hidden=true").await.text;
    let theme = themes(&app, "/v1/themes").await[0].0.clone();
    let own = members(&app, &theme).await;
    let nobody = "00000000-0000-4000-8000-000000000000";
    for (change, status, told) in [
        (json!({ "kind": "pin", "theme": nobody }), 404, "there is no theme"),
        (json!({ "kind": "merge", "theme": theme, "into": nobody }), 404, "there is no theme"),
        (json!({ "kind": "merge", "theme": theme, "into": theme }), 422, "into itself"),
        (json!({ "kind": "rename", "theme": theme, "titles": {} }), 422, "at least one title"),
        (json!({ "kind": "rename", "theme": theme, "titles": { "en": " " } }), 422, "1 to 120 characters"),
        (json!({ "kind": "rename", "theme": theme, "titles": { "Arabic": "توصيل" } }), 422, "like ar or en"),
        (json!({ "kind": "split", "theme": theme, "feedback": [] }), 422, "name 1 to 1000"),
        (json!({ "kind": "split", "theme": theme, "feedback": [nobody] }), 422, "is not in theme"),
        (json!({ "kind": "split", "theme": theme, "feedback": own }), 422, "something must stay"),
        (json!({ "kind": "assign", "feedback": nobody, "theme": theme }), 404, "there is no feedback"),
        (json!({ "kind": "assign", "feedback": own[0], "theme": theme }), 409, "there already"),
        (json!({ "kind": "dissolve", "theme": theme }), 422, "dissolve"),
    ] {
        let answer = edit(&app, change.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{change}: {}", answer.text);
        assert!(answer.text.contains(told), "{change}: {}", answer.text);
    }
    assert_eq!(app.get("/v1/themes?hidden=true").await.text, before);
    let missing = app.call(Method::POST, &format!("/v1/themes/edits/{nobody}/undo"), &json!({})).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    app.finish().await;
}

/// When messages came in.
type Times = Vec<DateTime<Utc>>;

/// When each message of the demo set came in, by its planted theme; and those that belong to the planted burst.
fn planted() -> (BTreeMap<String, Times>, Times) {
    let read = |name: &str| -> Vec<Value> {
        let path = format!("{}/evals/demo/{name}.ndjson", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the demo set");
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let truth: BTreeMap<String, Value> =
        read("truth").into_iter().map(|line| (line["external_id"].as_str().expect("an id").to_owned(), line)).collect();
    let (mut times, mut burst) = (BTreeMap::<String, Times>::new(), Vec::new());
    for message in read("feedback") {
        let known = &truth[message["external_id"].as_str().expect("an id")];
        let at = message["collected_at"].as_str().expect("a time").parse().expect("a time");
        times.entry(known["theme"].as_str().expect("a theme").to_owned()).or_default().push(at);
        if known["burst"] == true {
            burst.push(at);
        }
    }
    burst.sort();
    (times, burst)
}

#[test]
fn planted_themes_move_as_planted_and_steady_ones_do_not() {
    let (times, _) = planted();
    let start: DateTime<Utc> = "2026-08-24T00:00:00Z".parse().expect("a time");
    for (theme, times) in times {
        let mut weeks = [0_u64; 12];
        times.iter().for_each(|time| weeks[usize::try_from((*time - start).num_weeks()).expect("after it")] += 1);
        let expected = match theme.as_str() {
            "app_crash" => Trend::Fading,
            "map_address" => Trend::Growing,
            _ => Trend::Steady,
        };
        assert_eq!(trend(&weeks), expected, "{theme}: {weeks:?}");
    }
}

#[test]
fn the_planted_burst_is_seen_within_a_quarter_of_an_hour_and_no_other() {
    let (times, planted) = planted();
    let start = *times.values().flatten().min().expect("messages");
    for (theme, mut times) in times {
        times.sort();
        let seen = (1..=times.len()).find_map(|count| {
            let now = times[count - 1] + TimeDelta::seconds(1);
            burst(&times[..count], start..now).map(|found| (found, now))
        });
        match (theme.as_str(), seen) {
            ("payment_failed", Some((found, now))) => {
                assert_eq!(found.start, planted[0], "the time of its first text");
                assert!(now - planted[0] <= TimeDelta::minutes(15), "{} after", now - planted[0]);
            }
            (_, seen) => assert_eq!(seen, None, "{theme}"),
        }
    }
}
