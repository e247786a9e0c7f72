//! What a process does with what an earlier one left behind.

use sada::clock::Clock;
use sada::server;
use sada::stores::sql::jobs::{self, Lease};
use sada::stores::sql::{Db, meta};
use serde_json::json;

use crate::support::{TestApp, reader, start_time};

#[tokio::test]
async fn vectors_of_another_model_are_refused_with_what_to_do() {
    let test = TestApp::start().await;
    let (config, folder) = test.stop().await;
    let db = Db::open(&server::database_settings(&config).expect("settings")).await.expect("it opens");
    let mut tx = db.begin().await.expect("begun");
    meta::set(&mut tx, "vectors.model", "0123456789abcdef").await.expect("set");
    tx.commit().await.expect("kept");
    db.close().await;

    let refused =
        server::open(&config, Clock::manual(start_time()), reader()).await.err().expect("refused").to_string();
    assert!(refused.contains("0123456789ab") && refused.contains("fresh data folder"), "{refused}");
    drop(folder);
}

#[tokio::test]
async fn what_a_killed_process_had_in_hand_is_done_at_once() {
    let test = TestApp::start().await;
    let sent = test.call(axum::http::Method::POST, "/v1/feedback", &json!({"text": "وصل الطلب متأخر"})).await;
    assert_eq!(sent.status.as_u16(), 201, "{}", sent.text);
    let lease = Lease { id: test.app.clock.new_id(), until: start_time() + chrono::TimeDelta::hours(1) };
    let mut tx = test.app.db.begin().await.expect("begun");
    assert_eq!(jobs::claim(&mut tx, &["analyse"], 9, lease, start_time()).await.expect("claimed").len(), 1);
    tx.commit().await.expect("kept");
    assert_eq!(test.work().await, 0, "it is in other hands");

    let test = test.restart().await;
    assert_eq!(test.work().await, 1);
    test.finish().await;
}
