//! Planted personal data reaches neither the database nor the vectors: every byte of the data folder is looked through.

use std::fs;
use std::path::Path;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::TestApp;

/// Messages with invented personal data in them.
const MESSAGES: &str = include_str!("../../evals/demo/feedback.ndjson");

/// Which data was planted in which message.
const TRUTH: &str = include_str!("../../evals/demo/truth.ndjson");

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("NDJSON"))
}

/// The message as one that is given now: the test's clock stands before some of them.
fn now(mut message: Value) -> Value {
    message.as_object_mut().expect("an object").remove("collected_at");
    message
}

/// Everything in a folder, folders inside included.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| match path.is_dir() {
            true => bytes(&path),
            false => vec![(path.display().to_string(), fs::read(&path).expect("a file"))],
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_planted_personal_data_is_kept_anywhere() {
    let app = TestApp::start().await;
    let planted: Vec<(Value, Vec<Value>)> = lines(TRUTH)
        .map(|truth| (truth["external_id"].clone(), truth["personal"].as_array().expect("a list").clone()))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let chosen: Vec<Value> = lines(MESSAGES)
        .filter(|message| planted.iter().any(|(id, _)| *id == message["external_id"]))
        .map(now)
        .collect();
    assert!(chosen.len() > 90, "{} messages", chosen.len());
    for batch in chosen.chunks(64) {
        let answer = app.call(Method::POST, "/v1/feedback", &json!({ "items": batch })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let more = json!({
        "text": "see the notes", "touchpoint": "call from 0551234567",
        "metadata": { "note": "reach me at planted.person@example.com", "deep": [{ "iban": "SA0380000000608010167519" }] }
    });
    assert_eq!(app.call(Method::POST, "/v1/feedback", &more).await.status, StatusCode::CREATED);
    assert_eq!(app.work().await, chosen.len() + 1);
    app.app.db.close().await;
    let everything = bytes(app.folder.path());
    let mut values: Vec<String> =
        planted.iter().flat_map(|(_, values)| values).map(|value| value.as_str().expect("text").to_owned()).collect();
    values.extend(["0551234567", "planted.person@example.com", "SA0380000000608010167519"].map(str::to_owned));
    let any = values.iter().map(|value| regex::escape(value)).collect::<Vec<_>>().join("|");
    let any = regex::bytes::Regex::new(&any).expect("a pattern");
    for (file, content) in &everything {
        let found = any.find(content).map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned());
        assert_eq!(found, None, "planted data stands in {file}");
    }
}
