//! Planted personal data reaches neither the database nor the vectors nor the logs: every byte is looked through.

use std::fs;
use std::path::Path;
use std::process::Command;

use axum::http::{Method, StatusCode};
use regex::bytes::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;

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

/// The planted values of each message that has some, by the message's id.
fn planted() -> Vec<(Value, Vec<Value>)> {
    lines(TRUTH)
        .map(|truth| (truth["external_id"].clone(), truth["personal"].as_array().expect("a list").clone()))
        .filter(|(_, values)| !values.is_empty())
        .collect()
}

/// The messages that have some.
fn chosen(planted: &[(Value, Vec<Value>)]) -> Vec<Value> {
    lines(MESSAGES).filter(|message| planted.iter().any(|(id, _)| *id == message["external_id"])).collect()
}

/// Finds any planted value, or any of `more`.
fn any_of(planted: &[(Value, Vec<Value>)], more: &[&str]) -> Regex {
    let values = planted.iter().flat_map(|(_, values)| values).map(|value| value.as_str().expect("text"));
    let any: Vec<String> = values.chain(more.iter().copied()).map(regex::escape).collect();
    Regex::new(&any.join("|")).expect("a pattern")
}

/// What of it stands in `content`.
fn found(any: &Regex, content: &[u8]) -> Option<String> {
    any.find(content).map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned())
}

#[test]
fn no_planted_personal_data_is_logged_at_the_most_talkative() {
    let planted = planted();
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("messages.ndjson");
    let messages: String = chosen(&planted).iter().map(|message| format!("{message}\n")).collect();
    fs::write(&file, messages).expect("it can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_sada"))
        .arg("import")
        .arg(&file)
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .env("SADA_LOG__FILTER", "trace")
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stderr.len() > 10_000, "{} bytes of log", output.stderr.len());
    let any = any_of(&planted, &[]);
    assert_eq!(found(&any, &output.stderr), None, "in the log");
    assert_eq!(found(&any, &output.stdout), None, "in what is printed");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_planted_personal_data_is_kept_anywhere() {
    let app = TestApp::start().await;
    let planted = planted();
    let chosen: Vec<Value> = chosen(&planted).into_iter().map(now).collect();
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
    let any = any_of(&planted, &["0551234567", "planted.person@example.com", "SA0380000000608010167519"]);
    for (file, content) in &bytes(app.folder.path()) {
        assert_eq!(found(&any, content), None, "planted data stands in {file}");
    }
}
