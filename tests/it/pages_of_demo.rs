//! Every page over the demo: each number leads to as many records, and the first page is small.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use sada::access::Role;
use sada::web::pages::locale::Locale;
use serde_json::json;

use crate::html::Page;
use crate::pages::Browser;
use crate::support::{TestApp, start_time};
use crate::walk::{Stated, listed, numbers, shape, total, walk};

/// The demo's messages.
const MESSAGES: &str = include_str!("../../evals/demo/feedback.ndjson");

/// The morning after its last message.
const MORNING: &str = "2026-11-16T06:00:00Z";

/// Lists that are not longer than this stand on one page.
const SHORT: u64 = 30;

/// The most that the first page may weigh with all its files, in bytes.
const FIRST_PAGE: usize = 100_000;

/// Takes the demo in, understands and groups it, and tells its customers apart.
pub(crate) async fn demo() -> TestApp {
    let app = TestApp::start().await;
    app.app.clock.advance(MORNING.parse::<DateTime<Utc>>().expect("a time") - start_time());
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    app.send(request.body(Body::from(MESSAGES)).expect("a request")).await;
    app.work().await;
    for work in ["/v1/themes/regroup", "/v1/personas/runs"] {
        app.call(Method::POST, work, &json!({})).await;
        app.work().await;
    }
    fail_payments(&app).await;
    app
}

/// Payments fail again this morning: the texts of the demo's burst come in once more, so that an incident is open.
async fn fail_payments(app: &TestApp) {
    let burst = crate::incidents::burst().into_iter().take(12).enumerate();
    let lines = burst.map(|(number, mut message)| {
        let at = app.app.clock.now() - TimeDelta::minutes(12 - i64::try_from(number).expect("small"));
        message["collected_at"] = json!(at);
        message["external_id"] = json!(format!("again-{number}"));
        message.to_string()
    });
    let lines: Vec<String> = lines.collect();
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    app.send(request.body(Body::from(lines.join("\n"))).expect("a request")).await;
    app.work().await;
    let open = app.get("/v1/incidents?status=open").await.json();
    assert_eq!(open["items"].as_array().map(Vec::len), Some(1), "{open}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_leads_to_as_many_records_in_both_languages() {
    let app = demo().await;
    for locale in [Locale::Arabic, Locale::English] {
        let browser = Browser::signed_in(&app, Role::Admin, locale).await;
        let seen = walk(&browser, &["/", "/search?q=refund"]).await.pages;
        let mut wrong = BTreeSet::new();
        let mut stated: BTreeMap<String, Vec<(String, Stated)>> = BTreeMap::new();
        for page in &seen {
            match numbers(&page.html) {
                Ok(all) => {
                    for each in all {
                        stated.entry(each.href.clone()).or_default().push((page.path.clone(), each));
                    }
                }
                Err(lost) => wrong.extend(lost.into_iter().map(|lost| format!("{}: {lost}", shape(&page.path)))),
            }
        }
        for (href, all) in &stated {
            let list = Page::read(&browser.get(href).await.text);
            let there = total(&list);
            let is_list = !shape(href).contains('*') || shape(href).contains("/records");
            if is_list && there.is_some_and(|there| there <= SHORT && there != listed(&list)) {
                wrong.insert(format!("{href} says {there:?} and lists {}", listed(&list)));
            }
            for (path, each) in all.iter().filter(|(_, each)| Some(each.count) != there) {
                wrong.insert(format!("{path}: {:?} states {} and {href} lists {there:?}", each.words, each.count));
            }
        }
        assert!(wrong.is_empty(), "{locale}: {} wrong\n{}", wrong.len(), Vec::from_iter(wrong).join("\n"));
        let of_incident = |(href, _): (&String, &_)| href.contains("incident=");
        assert!(stated.iter().filter(|each| of_incident(*each)).count() >= 4, "{locale}: the incident's numbers");
        assert!(stated.len() > 200, "{locale}: only {} numbers on {} pages", stated.len(), seen.len());
        weigh(&browser).await;
    }
    app.finish().await;
}

/// The first page with all its files.
async fn weigh(browser: &Browser<'_>) {
    let page = browser.get("/").await.text;
    let files = regex::Regex::new(r#"(?:href|src)="(/assets/[^"]+)""#).expect("a pattern");
    let paths: BTreeSet<&str> = files.captures_iter(&page).map(|found| found.get(1).expect("one").as_str()).collect();
    let mut bytes = page.len();
    for path in paths {
        bytes += browser.get(path).await.text.len();
    }
    assert!(bytes <= FIRST_PAGE, "{bytes} bytes");
}
