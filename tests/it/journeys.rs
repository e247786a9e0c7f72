//! Journeys from outside: texts fall where they belong, known gaps come back in order, and every number opens to its records.

use axum::http::{Method, StatusCode};
use sada::access::Scope;
use sada::journeys::{self, Fall, StepProfile};
use sada::privacy::{RawText, Text, mask};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{TestApp, reader};

const TEXTS: &str = include_str!("data/journey_texts.jsonl");

#[derive(Deserialize)]
struct Labelled {
    journey: String,
    step: Option<String>,
    #[serde(rename = "use")]
    half: String,
    text: String,
}

fn masked(texts: &[&str]) -> Vec<Text> {
    texts.iter().map(|text| mask(&RawText::new(*text)).text).collect()
}

/// Of the half that thresholds were not chosen on: by far most that fall, fall right, and what belongs nowhere stays out.
#[test]
fn texts_without_a_touchpoint_fall_on_the_step_that_they_mean_or_on_none() {
    let texts: Vec<Labelled> = TEXTS.lines().map(|line| serde_json::from_str(line).expect("a text")).collect();
    let places = |texts: &[&str]| -> Vec<Vec<f32>> {
        let read = reader().understand_blocking(masked(texts)).expect("read");
        read.into_iter().map(|understood| understood.place).collect()
    };
    let (mut right, mut wrong, mut outside, mut out, mut all) = (0, 0, 0, 0, 0);
    for (id, toml) in journeys::defaults() {
        let ideal = journeys::parse(toml).expect("a journey");
        let steps: Vec<StepProfile> =
            ideal.steps.iter().map(|step| StepProfile::new(step, places(&step.texts()))).collect();
        let own: Vec<&Labelled> =
            texts.iter().filter(|text| text.journey == id.as_str() && text.half == "check").collect();
        let read = places(&own.iter().map(|text| text.text.as_str()).collect::<Vec<_>>());
        for (text, place) in own.iter().zip(read) {
            let fell = journeys::fall(None, &place, &steps);
            let fell = fell.map(|Fall { step, .. }| ideal.steps[step].id.as_str());
            match (fell, text.step.as_deref()) {
                (fell, None) => (outside, out) = (outside + usize::from(fell.is_some()), out + 1),
                (Some(fell), Some(step)) if fell == step => (right, all) = (right + 1, all + 1),
                (fell, Some(_)) => (wrong, all) = (wrong + usize::from(fell.is_some()), all + 1),
            }
        }
    }
    println!("{right} of {all} fell right, {wrong} wrong; of {out} that belong nowhere {outside} fell");
    assert!(right * 100 >= 85 * (right + wrong), "{right} right, {wrong} wrong");
    assert!(right * 100 >= 60 * all, "{right} of {all}");
    assert!(outside * 10 <= out, "{outside} of {out}");
}

const UNHAPPY: [&str; 4] = [
    "خدمة سيئة جدا وأنا غاضب",
    "الخدمة وحشة اوي ومش هتعامل معاكم",
    "terrible experience, I am very angry",
    "أسوأ تجربة مرّت علي",
];
const HAPPY: [&str; 4] =
    ["خدمة ممتازة شكرا لكم", "تجربة رائعة جدا", "excellent, thank you very much", "الخدمة حلوة اوي تسلموا"];

/// Sends so many records with these touchpoints, so many of them unhappy.
async fn send(app: &TestApp, steps: &[(&str, usize, usize)]) {
    let mut items = Vec::new();
    for (touchpoint, count, unhappy) in steps {
        for number in 0..*count {
            let is_unhappy = number < *unhappy;
            let text = if is_unhappy { UNHAPPY[number % 4] } else { HAPPY[number % 4] };
            let missed = if is_unhappy && number % 8 < 2 { "والطلب ما وصل" } else { "" };
            let effort = json!({ "method": "ces", "value": if is_unhappy { 2 } else { 6 } });
            items.push(json!({
                "text": format!("{text} {missed}"),
                "external_id": format!("{touchpoint}-{number}"),
                "channel": "chat",
                "touchpoint": touchpoint,
                "customer": format!("c-{}", items.len() % 60),
                "collected_at": format!("2026-{:02}-{:02}T10:00:00Z", 7 + number % 3, number % 28 + 1),
                "rating": if number.is_multiple_of(2) { effort } else { Value::Null },
            }));
        }
    }
    for batch in items.chunks(200) {
        let answer = app.call(Method::POST, "/v1/feedback", &json!({ "items": batch })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    app.work().await;
}

/// How many records a path lists, over all of its pages.
async fn listed(app: &TestApp, path: &str) -> u64 {
    let (mut total, mut cursor) = (0, None::<String>);
    loop {
        let next = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let answer = app.get(&format!("{path}&limit=500{next}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let page = answer.json();
        total += page["items"].as_array().expect("items").len() as u64;
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return total;
        }
    }
}

/// Every number with a path, wherever it stands.
fn counted(value: &Value, into: &mut Vec<(u64, String)>) {
    match value {
        Value::Object(fields) => {
            let count = fields
                .get("count")
                .or_else(|| fields.get("n"))
                .or_else(|| fields.get("volume").filter(|volume| volume.is_u64()));
            if let (Some(count), Some(records)) =
                (count.and_then(Value::as_u64), fields.get("records").and_then(Value::as_str))
            {
                into.push((count, records.to_owned()));
            }
            fields.values().for_each(|value| counted(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| counted(value, into)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn known_gaps_come_back_in_order_and_every_number_opens_to_its_records() {
    let app = TestApp::start().await;
    send(
        &app,
        &[("delivery", 60, 50), ("التوصيل", 20, 15), ("payment", 40, 36), ("app", 50, 2), ("call_centre", 30, 20)],
    )
    .await;
    let gaps = app.get("/v1/journeys/shop/gaps").await;
    assert_eq!(gaps.status, StatusCode::OK, "{}", gaps.text);
    let gaps = gaps.json();
    let order: Vec<&str> =
        gaps["items"].as_array().expect("items").iter().map(|gap| gap["step"].as_str().expect("a step")).collect();
    assert_eq!(order, ["delivery", "pay", "support"], "{gaps}");
    for gap in gaps["items"].as_array().expect("items") {
        let evidence = gap["evidence"].as_array().expect("evidence");
        assert!((3..=5).contains(&evidence.len()), "{gap}");
        for id in evidence {
            let record = app.get(&format!("/v1/feedback/{}", id.as_str().expect("an id"))).await.json();
            assert_eq!(record["analysis"]["sentiment"]["label"], "negative", "{record}");
        }
    }
    for filter in ["", "?since=2026-08-01T00:00:00Z", "?channel=chat&until=2026-09-01T00:00:00Z"] {
        let actual = app.get(&format!("/v1/journeys/shop/actual{filter}")).await.json();
        let delivery =
            actual["steps"].as_array().expect("steps").iter().find(|step| step["id"] == "delivery").expect("one");
        assert!(
            delivery["volume"]["count"].as_u64().expect("a count") > 20,
            "both names of delivery count: {delivery}"
        );
        assert!(
            delivery["expects"][0]["expectation"] == "unmet" && delivery["ratings"][0]["method"] == "ces",
            "{delivery}"
        );
        let silent =
            actual["steps"].as_array().expect("steps").iter().find(|step| step["id"] == "return").expect("one");
        assert_eq!(
            (silent["feels"].clone(), silent["volume"]["count"].clone()),
            (json!([]), json!(0)),
            "silence stays silent"
        );
        let mut numbers = Vec::new();
        counted(&actual, &mut numbers);
        counted(&app.get(&format!("/v1/journeys/shop/gaps{filter}")).await.json(), &mut numbers);
        assert!(numbers.len() > 20, "{filter}: {}", numbers.len());
        for (count, path) in numbers {
            assert_eq!(listed(&app, &path).await, count, "{path}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_is_written_changed_and_taken_back_by_those_who_may() {
    let app = TestApp::start().await;
    send(&app, &[("delivery", 6, 6), ("payment", 4, 0)]).await;
    let file = "title = { ar = \"رحلتنا\" }\n[[step]]\nid = \"all\"\ntitle = { ar = \"كل شيء\" }\ntouchpoints = [\"delivery\", \"payment\"]\n";
    let put = async |path: &str, toml: &str| app.call(Method::PUT, path, &json!({ "toml": toml })).await;
    let volume = async |path: &str| app.get(path).await.json()["steps"][0]["volume"]["count"].clone();

    let written = put("/v1/journeys/ours", file).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.text);
    let written = written.json();
    assert_eq!(
        (&written["author"], &written["toml"], &written["built_in"]),
        (&json!("test"), &json!(file), &json!(false))
    );
    assert_eq!(volume("/v1/journeys/ours/actual").await, 10);
    put("/v1/journeys/ours", &file.replace(", \"payment\"", "")).await;
    assert_eq!(volume("/v1/journeys/ours/actual").await, 6, "records fall anew");

    let refused = put("/v1/journeys/ours", "title = {}\n[[step]]\nid = \"A\"\ntitle = { en = \"x\" }\n").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.json();
    let reasons: Vec<&str> = refused["invalid_params"]
        .as_array()
        .expect("faults")
        .iter()
        .map(|fault| fault["reason"].as_str().expect("why"))
        .collect();
    assert!(
        reasons.len() == 3 && reasons[0].starts_with("line 1: ") && reasons[2].starts_with("line 3: "),
        "{reasons:?}"
    );
    assert_eq!(put("/v1/journeys/Not%20an%20id", file).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(volume("/v1/journeys/ours/actual").await, 6, "what was refused changed nothing");

    put("/v1/journeys/shop", file).await;
    assert_eq!(app.get("/v1/journeys/shop").await.json()["steps"].as_array().expect("steps").len(), 1);
    let listed: Vec<Value> = app.get("/v1/journeys").await.json()["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert_eq!(listed, ["government", "ours", "shop"]);
    for (path, status) in [("ours", 204), ("ours", 404), ("shop", 204), ("shop", 409), ("nowhere", 404)] {
        let answer = app.call(Method::DELETE, &format!("/v1/journeys/{path}"), &json!({})).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
    }
    assert!(
        app.get("/v1/journeys/shop").await.json()["steps"].as_array().expect("steps").len() > 5,
        "as it came along"
    );
    for path in ["/v1/journeys/nowhere/actual", "/v1/journeys/nowhere/gaps", "/v1/feedback?journey=shop&step=nowhere"] {
        assert_eq!(app.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        app.get("/v1/journeys/shop/actual?journey=shop&step=pay").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let narrow = app.token(&[Scope::FeedbackRead]).await;
    let request = axum::http::Request::builder().method(Method::PUT).uri("/v1/journeys/ours");
    let request =
        request.header("authorization", format!("Bearer {narrow}")).header("content-type", "application/json");
    let body = axum::body::Body::from(json!({ "toml": file }).to_string());
    assert_eq!(app.send(request.body(body).expect("a request")).await.status, StatusCode::FORBIDDEN);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_records_fall_at_once_and_search_knows_the_step() {
    let app = TestApp::start().await;
    send(&app, &[("delivery", 4, 4)]).await;
    assert_eq!(listed(&app, "/v1/feedback?journey=shop&step=delivery").await, 4);
    let items = json!({ "items": [
        { "text": "الطلب تأخر ساعتين والمندوب ما يرد", "external_id": "a" },
        { "text": "كل عام وأنتم بخير", "external_id": "b" },
    ]});
    app.call(Method::POST, "/v1/feedback", &items).await;
    app.work().await;
    assert_eq!(
        listed(&app, "/v1/feedback?journey=shop&step=delivery").await,
        5,
        "one by its meaning, a greeting on none"
    );
    let near = app.get("/v1/feedback/search?q=courier&journey=shop&step=delivery&limit=50").await;
    assert_eq!(near.status, StatusCode::OK, "{}", near.text);
    assert_eq!(near.json()["items"].as_array().expect("items").len(), 5);
    app.finish().await;
}
