//! The OpenAPI document: what clients are generated from, so a change to it must be seen.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::TestApp;

fn document() -> Value {
    serde_json::to_value(sada::web::openapi()).expect("a document")
}

/// Every operation: its method, its path and what is said of it.
fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").iter().map(move |(method, operation)| {
            let method = method.to_uppercase().parse().expect("a method");
            (method, path.clone(), operation.clone())
        })
    });
    each.collect()
}

#[test]
fn the_document_changes_only_on_purpose() {
    insta::assert_json_snapshot!("openapi", document(), { ".info.version" => "[version]" });
}

#[test]
fn every_operation_is_described_with_examples_and_errors() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let place = format!("{method} {path}");
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        assert!(ids.insert(id), "{place}: its operationId is taken");
        for key in ["summary", "description"] {
            assert!(operation[key].as_str().is_some_and(|text| !text.is_empty()), "{place} lacks a {key}");
        }
        let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
        for (kind, body) in bodies.filter(|(kind, _)| kind.contains("json") || kind.contains("csv")) {
            assert!(!body["example"].is_null() || !body["examples"].is_null(), "{place}: no example of {kind}");
        }
        let responses = operation["responses"].as_object().expect("responses");
        for (status, response) in responses {
            for (kind, content) in response["content"].as_object().into_iter().flatten() {
                assert!(!content["example"].is_null(), "{place}: no example of {status}");
                assert_eq!(kind == "application/problem+json", status.as_str() >= "400", "{place}: {status}");
            }
        }
        if path.starts_with("/v1/") {
            for status in ["401", "403", "429", "500", "503"] {
                assert!(responses.contains_key(status), "{place} lacks {status}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                into.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, into));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, into)),
            _ => {}
        }
    }
    let document = document();
    let mut all = BTreeSet::new();
    references(&document, &mut all);
    assert!(all.len() > 20);
    for reference in all {
        let pointer = reference.strip_prefix('#').expect("inside the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

/// The path with an id in place of each parameter.
fn filled(path: &str) -> String {
    let id = if path.starts_with("/v1/journeys/") { "shop" } else { "01973b1c-7a52-7c1e-9d55-0d3c5d3f6a10" };
    path.replace("{id}", id)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_asks_for_the_scope_that_the_document_names() {
    let app = TestApp::start().await;
    let useless = app.token(&[]).await;
    for (method, path, operation) in operations(&document()) {
        let place = format!("{method} {path}");
        let scope = operation["security"][0]["bearer"][0].as_str();
        assert_eq!(scope.is_some(), path.starts_with("/v1/"), "{place}");
        let Some(scope) = scope else { continue };
        let request = axum::http::Request::builder().method(method).uri(filled(&path));
        let request = request.header("authorization", format!("Bearer {useless}")).body(Body::empty());
        let answer = app.send(request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}: {}", answer.text);
        let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
        assert!(detail.contains(scope), "{place} needs {scope}, but says: {detail}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_bodies_are_taken() {
    let app = TestApp::start().await;
    for (method, path, operation) in operations(&document()) {
        let body = &operation["requestBody"]["content"]["application/json"];
        let several = body["examples"].as_object().into_iter().flatten().map(|(_, each)| each["value"].clone());
        let examples: Vec<Value> =
            several.chain(std::iter::once(body["example"].clone())).filter(|example| !example.is_null()).collect();
        for example in examples {
            let answer = app.call(method.clone(), &filled(&path), &example).await;
            let fine = answer.status.is_success() || answer.status == StatusCode::NOT_FOUND;
            assert!(fine, "{method} {path}: {example}: {}", answer.text);
        }
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_documented_parameter_is_known_and_no_other() {
    let app = TestApp::start().await;
    for (method, path, operation) in operations(&document()) {
        if method != Method::GET || !path.starts_with("/v1/") {
            continue;
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let query: Vec<&Value> = parameters.iter().filter(|parameter| parameter["in"] == "query").collect();
        let named: Vec<String> =
            query.iter().map(|parameter| format!("{}=1", parameter["name"].as_str().expect("a name"))).collect();
        if named.is_empty() {
            continue;
        }
        let answer = app.get(&format!("{}?{}&surplus=1", filled(&path), named.join("&"))).await;
        let wrong = answer.json()["invalid_params"].clone();
        let unknown: Vec<&Value> = wrong
            .as_array()
            .expect("invalid parameters")
            .iter()
            .filter(|param| param["reason"].as_str().is_some_and(|reason| reason.contains("no parameter")))
            .map(|param| &param["name"])
            .collect();
        assert_eq!(unknown, [&json!("surplus")], "{path}: {wrong}");
    }
    app.finish().await;
}
