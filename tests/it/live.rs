//! What happens is told while it happens, and who changed what is kept.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use sada::access::{Role, Scope};
use sada::web::pages::locale::Locale;
use serde_json::{Value, json};

use crate::pages::{Browser, field, fill};
use crate::support::TestApp;

/// How long a test waits for an event that comes within a second or so.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open stream of events.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(app: &TestApp, last: Option<&str>) -> Self {
        let mut request = app.request(Method::GET, "/v1/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = app.listen(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// Reads on until all of these were told.
    async fn hears(&mut self, expected: &[String]) {
        while !expected.iter().all(|each| self.text.contains(each)) {
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await;
            let frame = frame.unwrap_or_else(|_| panic!("{expected:?} not among {}", self.text));
            let data = frame.expect("it has no end").expect("it does not break").into_data().expect("data");
            self.text.push_str(std::str::from_utf8(&data).expect("UTF-8"));
        }
    }
}

async fn send(app: &TestApp, external_id: &str, text: &str) -> String {
    let item = json!({ "text": text, "external_id": external_id, "channel": "chat" });
    let answer = app.call(Method::POST, "/v1/feedback", &item).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_told_by_id_and_without_words() {
    let app = TestApp::start().await;
    let before = send(&app, "before", "وصل الطلب بسرعة شكرا").await;
    let mut stream = Stream::open(&app, None).await;
    let id = send(&app, "now", "سرقوا بطاقتي وقاعدين يسحبون منها الحين").await;
    app.work().await;
    let at = "2026-11-01T09:00:00Z";
    let of =
        |kind: &str, id: &str| format!("event: {kind}\nid: 1793523600000\ndata: {{\"id\":\"{id}\",\"at\":\"{at}\"}}");
    stream.hears(&[of("feedback_received", &id), of("feedback_analysed", &id), of("ticket_opened", &id)]).await;
    assert!(!stream.text.contains(&of("feedback_received", &before)), "what was there before is not new");
    assert!(!stream.text.contains("بطاقتي"), "{}", stream.text);

    let mut again = Stream::open(&app, Some("1793523600000")).await;
    again.hears(&[of("feedback_received", &id), of("feedback_received", &before)]).await;
    app.app.clock.advance(chrono::TimeDelta::hours(2));
    Stream::open(&app, Some("1793523600000")).await.hears(&["event: lagged".to_owned()]).await;
    app.app.stop.cancel();
    let end = tokio::time::timeout(PATIENCE, async { while stream.body.frame().await.is_some() {} }).await;
    assert!(end.is_ok(), "a stream ends when the server stops");
    drop((stream, again));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_for_those_who_may_read() {
    let app = TestApp::start().await;
    let narrow = app.token(&[Scope::Classify]).await;
    let request = Request::get("/v1/events").header("authorization", format!("Bearer {narrow}"));
    assert_eq!(app.send(request.body(Body::empty()).expect("a request")).await.status, StatusCode::FORBIDDEN);
    let bad = app.request(Method::GET, "/v1/events").header("last-event-id", "yesterday");
    let bad = app.send(bad.body(Body::empty()).expect("a request")).await;
    assert_eq!(
        (bad.status, bad.json()["invalid_params"][0]["name"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("Last-Event-ID"))
    );
    let stranger = Browser::new(&app, Locale::English);
    assert_eq!(stranger.get("/events").await.status, StatusCode::SEE_OTHER);
    let viewer = Browser::signed_in(&app, Role::Viewer, Locale::Arabic).await;
    let request = viewer.request(Method::GET, "/events").body(Body::empty()).expect("a request");
    let response = app.listen(request).await;
    assert_eq!(
        (response.status(), response.headers()["content-type"].as_bytes()),
        (StatusCode::OK, b"text/event-stream".as_slice())
    );
    drop(response);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_run_our_own_script_and_no_other() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, Role::Viewer, Locale::Arabic).await;
    let page = browser.get("/inbox").await;
    let path = page.text.split("<script src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let script = browser.get(path).await;
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    assert!(!script.text.contains("innerHTML") && !script.text.contains("eval("), "the script makes no markup of text");
    let policy = page.headers["content-security-policy"].to_str().expect("ascii");
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    assert!(page.text.contains("data-few=\"\u{2068}٣\u{2069} تذاكر"), "{}", page.text);
    app.finish().await;
}

async fn log(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/v1/audit?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["items"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changed_what_is_kept_with_the_change() {
    let app = TestApp::start().await;
    fill(&app).await;
    let listed = app.get("/v1/tickets?priority=P1").await.json();
    let id = listed["items"][0]["id"].as_str().expect("a ticket").to_owned();
    let agent = Browser::signed_in(&app, Role::Agent, Locale::Arabic).await;
    let seen = field(&agent.get(&format!("/inbox/{id}")).await.text, "seen").to_owned();
    let form = [("status", "pending"), ("priority", "P2"), ("queue", "payments"), ("seen", seen.as_str())];
    app.app.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(agent.post(&format!("/inbox/{id}"), &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(agent.post(&format!("/inbox/{id}"), &form).await.status, StatusCode::CONFLICT);
    let corrected = log(&app, &format!("action=ticket_corrected&subject={id}")).await;
    assert_eq!(corrected.len(), 1, "what was refused is not in it: {corrected:?}");
    assert_eq!((&corrected[0]["actor"]["kind"], &corrected[0]["actor"]["name"]), (&json!("user"), &json!("agent-ar")));
    assert_eq!(corrected[0]["details"]["priority"], json!(["P1", "P2"]));

    app.call(Method::PATCH, &format!("/v1/tickets/{id}"), &json!({ "status": "solved" })).await;
    let corrected = log(&app, "action=ticket_corrected&limit=1").await;
    assert_eq!((&corrected[0]["actor"]["kind"], &corrected[0]["actor"]["name"]), (&json!("token"), &json!("test")));
    assert_eq!(corrected[0]["details"], json!({ "status": ["pending", "solved"] }));

    for (name, subject) in [("agent-ar", json!({ "kind": "user", "id": "agent-ar" })), ("hunter2hunter2", Value::Null)]
    {
        agent.post("/sign-in", &[("name", name), ("password", "wrong")]).await;
        assert_eq!(log(&app, "action=sign_in_refused").await[0]["subject"], subject, "{name}");
    }
    let whole = app.get("/v1/audit?limit=1000").await.text;
    for word in ["hunter2", "بطاقتي", "courier"] {
        assert!(!whole.contains(word), "{word}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_is_for_admins_and_comes_by_page() {
    let app = TestApp::start().await;
    let narrow = app.token(&[Scope::FeedbackRead, Scope::TicketsWrite]).await;
    let request = Request::get("/v1/audit").header("authorization", format!("Bearer {narrow}"));
    assert_eq!(app.send(request.body(Body::empty()).expect("a request")).await.status, StatusCode::FORBIDDEN);
    let manager = Browser::signed_in(&app, Role::Manager, Locale::English).await;
    assert_eq!(manager.get("/audit").await.status, StatusCode::FORBIDDEN);
    let admin = Browser::signed_in(&app, Role::Admin, Locale::Arabic).await;
    let page = admin.get("/audit?action=signed_in&actor=manager-en").await;
    assert!(page.text.contains("manager-en") && page.text.matches("admin-ar</bdi>").count() == 1, "{}", page.text);
    assert!(admin.get("/audit?action=nonsense").await.status == StatusCode::UNPROCESSABLE_ENTITY);
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let answer = app.get(&format!("/v1/audit?limit=2{next}")).await.json();
        seen.extend(answer["items"].as_array().expect("a list").iter().map(|entry| entry["id"].clone()));
        let Some(cursor) = answer["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    let whole = log(&app, "limit=1000").await;
    assert_eq!(seen, whole.iter().map(|entry| entry["id"].clone()).collect::<Vec<_>>());
    assert!(whole.len() >= 5, "{whole:?}");
    app.finish().await;
}
