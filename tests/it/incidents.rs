//! A burst of similar texts opens one incident: the demo set replayed on a clock, and what agents see and do.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use sada::access::Role;
use sada::web::pages::locale::Locale;
use serde_json::{Value, json};

use crate::pages::{Browser, fill, location};
use crate::support::TestApp;

/// When the replay begins message by message, and when it ends: a week around the planted burst.
const BEGIN: &str = "2026-10-17T00:00:00Z";
const END: &str = "2026-10-29T00:00:00Z";

/// In the middle of the burst everything is grouped anew.
const REGROUP: &str = "2026-10-22T17:00:00Z";

fn read(name: &str) -> Vec<Value> {
    let path = format!("{}/evals/demo/{name}.ndjson", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the demo set");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

fn given(message: &Value) -> DateTime<Utc> {
    time(message["collected_at"].as_str().expect("a time"))
}

/// The messages of the demo set in the order of time.
fn messages() -> Vec<Value> {
    let mut all = read("feedback");
    all.sort_by_key(given);
    all
}

/// Those that belong to its planted burst.
pub(crate) fn burst() -> Vec<Value> {
    let planted: Vec<Value> = read("truth")
        .into_iter()
        .filter(|line| line["burst"] == true)
        .map(|line| line["external_id"].clone())
        .collect();
    messages().into_iter().filter(|message| planted.contains(&message["external_id"])).collect()
}

async fn import(app: &TestApp, messages: &[Value]) {
    let lines: Vec<String> = messages.iter().map(Value::to_string).collect();
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    let answer = app.send(request.body(Body::from(lines.join("\n"))).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    app.work().await;
}

async fn regroup(app: &TestApp) {
    app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
    app.work().await;
}

fn move_to(app: &TestApp, time: DateTime<Utc>) {
    app.app.clock.advance(time - app.app.clock.now());
}

async fn incidents(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/v1/incidents?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["items"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_planted_burst_is_one_incident_within_a_quarter_of_an_hour_and_there_is_no_other() {
    let app = TestApp::start().await;
    let all = messages();
    let (before, later): (Vec<Value>, Vec<Value>) = all.into_iter().partition(|message| given(message) < time(BEGIN));
    move_to(&app, time(BEGIN));
    import(&app, &before).await;
    regroup(&app).await;
    let mut regrouped = false;
    for message in later.iter().filter(|message| given(message) < time(END)) {
        if !regrouped && given(message) > time(REGROUP) {
            move_to(&app, time(REGROUP));
            regroup(&app).await;
            regrouped = true;
        }
        move_to(&app, given(message));
        let answer = app.call(Method::POST, "/v1/feedback", message).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        app.work().await;
    }
    let found = incidents(&app, "").await;
    assert_eq!(found.len(), 1, "{found:#?}");
    let incident = &found[0];
    let planted = burst();
    let opened = time(incident["opened_at"].as_str().expect("a time"));
    let first = given(&planted[0]);
    assert!(opened - first <= TimeDelta::minutes(15), "opened {} after the first text", opened - first);

    let id = incident["id"].as_str().expect("an id");
    let members = app.get(&format!("/v1/feedback?incident={id}&limit=1000")).await.json();
    let members = members["items"].as_array().expect("a list");
    assert_eq!(incident["feedback"], json!(members.len()));
    let planted_in =
        members.iter().filter(|item| planted.iter().any(|each| each["external_id"] == item["external_id"]));
    let planted_in = planted_in.count();
    assert!(planted_in >= 38, "{planted_in} of {}", planted.len());
    assert!(members.len() - planted_in <= 2, "{} texts are of something else", members.len() - planted_in);
    assert_eq!(incident["customers"], json!(members.len()), "everybody writes once");

    // what was sent in late is history
    move_to(&app, opened + TimeDelta::days(7));
    let again = planted.into_iter().map(|mut message| {
        message["external_id"] = json!(format!("again-{}", message["external_id"]));
        message
    });
    import(&app, &again.collect::<Vec<_>>()).await;
    assert_eq!(incidents(&app, "").await.len(), 1, "history opens nothing");
    app.finish().await;
}

/// Eight customers ask for their refunds within eight minutes, ten days after all else; their messages' ids.
async fn refunds_fail(app: &TestApp, from: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in from..from + 8 {
        app.app.clock.advance(TimeDelta::minutes(1));
        let text = format!("my refund never came, I am still waiting for my money {number}");
        let item = json!({ "text": text, "external_id": format!("r-{number}"), "customer": format!("r-{number}") });
        let answer = app.call(Method::POST, "/v1/feedback", &item).await;
        ids.push(answer.json()["id"].as_str().expect("an id").to_owned());
        app.work().await;
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_says_whom_it_touched_until_somebody_closes_it() {
    let app = TestApp::start().await;
    fill(&app).await;
    app.app.clock.advance(TimeDelta::days(10));
    let ids = refunds_fail(&app, 0).await;
    let open = incidents(&app, "status=open").await;
    assert_eq!(open.len(), 1, "{open:#?}");
    let (incident, id) = (&open[0], open[0]["id"].as_str().expect("an id"));
    assert_eq!((&incident["feedback"], &incident["customers"]), (&json!(8), &json!(8)), "{incident}");
    assert_eq!((&incident["id"], &incident["without_customer"]), (&json!(ids[0]), &json!(0)));
    assert!(incident["theme"]["titles"].is_object(), "{incident}");
    let ticket = app.get(&format!("/v1/tickets?incident={id}")).await.json()["items"][0].clone();
    assert_eq!(ticket["incident"], json!(id), "{ticket}");

    let agent = Browser::signed_in(&app, Role::Agent, Locale::English).await;
    for path in ["/".to_owned(), "/inbox".to_owned(), format!("/inbox/{}", ticket["id"].as_str().expect("an id"))] {
        let page = agent.get(&path).await.text;
        assert!(page.contains(&format!("/incidents/{id}")), "{path}: {page}");
    }
    let page = agent.get(&format!("/incidents/{id}")).await.text;
    assert!(page.contains("my refund never came") && page.contains("Close the incident"), "{page}");
    let viewer = Browser::signed_in(&app, Role::Viewer, Locale::Arabic).await;
    assert!(!viewer.get(&format!("/incidents/{id}")).await.text.contains("<button class=\"primary\">"));
    assert_eq!(viewer.post(&format!("/incidents/{id}"), &[]).await.status, StatusCode::FORBIDDEN);

    let closed = agent.post(&format!("/incidents/{id}"), &[]).await;
    assert_eq!((closed.status, location(&closed)), (StatusCode::SEE_OTHER, format!("/incidents/{id}").as_str()));
    assert_eq!(incidents(&app, "status=open").await.len(), 0);
    let path = format!("/v1/incidents/{id}");
    let patch = async |status: &str| app.call(Method::PATCH, &path, &json!({ "status": status })).await.status;
    assert_eq!((patch("closed").await, patch("open").await), (StatusCode::OK, StatusCode::CONFLICT));
    let log = app.get(&format!("/v1/audit?action=incident_closed&subject={id}")).await.json();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1), "closed once: {log}");
    assert_eq!(log["items"][0]["details"], json!({ "status": ["open", "closed"] }));
    assert_eq!(app.get("/v1/incidents/01973b1c-7a52-7c1e-9d55-0d3c5d3f6a10").await.status, StatusCode::NOT_FOUND);

    refunds_fail(&app, 8).await;
    let all = incidents(&app, "").await;
    let told: Vec<_> = all.iter().map(|each| (each["status"].clone(), each["feedback"].clone())).collect();
    assert_eq!(told, [(json!("open"), json!(8)), (json!("closed"), json!(8))], "it was not over");
    app.finish().await;
}
