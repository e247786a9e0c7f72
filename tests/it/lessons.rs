//! A correction teaches where such texts belong: seen, kept over a restart, and taken back.

use axum::http::{Method, StatusCode};
use sada::access::{Actor, Scope};
use sada::feedback::Priority;
use sada::pipeline::{self, Correction};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::TestApp;

/// What no built-in queue speaks of: the same trouble in other words, and something else.
const TOLD: &str = "الأريكة اللي شريتها منكم رجلها مكسورة وأبغى نجار يجي يصلحها في البيت";
const SAME: &str = "الأريكة اللي وصلتني منكم رجلها مكسورة، أبي نجار يجي البيت يصلحها";
const OTHER: &str = "انخصم مني المبلغ مرتين على نفس الطلب";

async fn queue_of(app: &TestApp, text: &str) -> String {
    let body = json!({ "items": [{ "text": text }] });
    let answer = app.call(Method::POST, "/v1/classify", &body).await.json();
    answer["results"][0]["result"]["route"]["queue"].as_str().expect("a queue").to_owned()
}

/// The ticket of what was told.
async fn opened(app: &TestApp) -> Value {
    app.call(Method::POST, "/v1/feedback", &json!({ "text": TOLD, "external_id": "sofa" })).await;
    app.work().await;
    let tickets = app.get("/v1/tickets").await.json();
    tickets["items"][0].clone()
}

async fn move_to(app: &TestApp, id: Uuid, queue: &str) {
    let seen = pipeline::ticket(&app.app, id).await.expect("there");
    app.app.clock.advance(chrono::TimeDelta::seconds(1));
    let correction =
        Correction { status: seen.status, priority: Priority::P2, queue: queue.to_owned(), seen: seen.updated_at };
    pipeline::correct_ticket(&app.app, &Actor::Operator, id, correction).await.expect("corrected");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_ticket_teaches_until_the_lesson_is_taken_back() {
    let app = TestApp::start().await;
    let ticket = opened(&app).await;
    let id: Uuid = serde_json::from_value(ticket["id"].clone()).expect("a ticket");
    let sent = ticket["queue"].as_str().expect("a queue").to_owned();
    let (same, other) = (queue_of(&app, SAME).await, queue_of(&app, OTHER).await);
    assert_ne!(same, "retention", "nothing was taught yet");

    move_to(&app, id, "retention").await;
    assert_eq!((queue_of(&app, SAME).await, queue_of(&app, OTHER).await), ("retention".to_owned(), other.clone()));
    let listed = app.get("/v1/queues/lessons?queue=retention").await.json();
    assert_eq!(listed["items"][0]["feedback_id"], ticket["feedback_id"], "{listed}");
    assert_eq!((&listed["items"][0]["instead_of"], &listed["items"][1]), (&json!(sent), &Value::Null));
    assert_eq!(app.get("/v1/queues/lessons?queue=delivery").await.json()["items"], json!([]));

    let app = app.restart().await;
    assert_eq!(queue_of(&app, SAME).await, "retention", "it is known after a restart");

    let path = format!("/v1/queues/lessons/{}", ticket["feedback_id"].as_str().expect("an id"));
    let reader = app.token(&[Scope::FeedbackRead]).await;
    let request = axum::http::Request::delete(&path).header("authorization", format!("Bearer {reader}"));
    let refused = app.send(request.body(axum::body::Body::empty()).expect("a request")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(app.call(Method::DELETE, &path, &Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.call(Method::DELETE, &path, &Value::Null).await.status, StatusCode::NOT_FOUND);
    let noted = app.get("/v1/audit?action=lesson_forgotten").await.json();
    assert_eq!(noted["items"].as_array().map(Vec::len), Some(1), "{noted}");
    assert_eq!((queue_of(&app, SAME).await, queue_of(&app, OTHER).await), (same, other));
    assert_eq!(pipeline::ticket(&app.app, id).await.expect("there").queue, "retention", "the ticket stays");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_moved_back_or_to_the_human_queue_teaches_nothing() {
    let app = TestApp::start().await;
    let ticket = opened(&app).await;
    let id: Uuid = serde_json::from_value(ticket["id"].clone()).expect("a ticket");
    let sent = ticket["queue"].as_str().expect("a queue").to_owned();
    for (queue, lessons) in [("retention", 1), (sent.as_str(), 0), ("security", 1), ("human_review", 0)] {
        move_to(&app, id, queue).await;
        let listed = app.get("/v1/queues/lessons").await.json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(lessons), "{queue}: {listed}");
        assert_eq!(app.app.lessons.get().count(), lessons, "{queue}");
    }
    app.finish().await;
}
