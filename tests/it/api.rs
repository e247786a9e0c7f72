//! The API from outside: what a client sends and what it gets.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use sada::access::Scope;
use serde_json::{Value, json};

use crate::support::TestApp;

async fn classify(app: &TestApp, items: Value) -> Value {
    let answer = app.call(Method::POST, "/v1/classify", &json!({ "items": items })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn classify_finds_the_calm_fraud_and_keeps_the_furious_trivia_down() {
    let app = TestApp::start().await;
    let answer = classify(
        &app,
        json!([{ "id": "1", "text": "فيه أحد يستخدم حسابي" }, { "id": "2", "text": "الخدمة زفت والموظف قليل أدب" }]),
    )
    .await;
    let (fraud, rude) = (&answer["results"][0]["result"], &answer["results"][1]["result"]);
    assert_eq!(fraud["urgency"]["priority"], "P1");
    let trigger = &fraud["urgency"]["triggers"][0];
    assert_eq!(trigger["kind"], "fraud");
    assert!(trigger["text"].as_str().is_some_and(|text| text.contains("يستخدم حسابي")), "{trigger}");
    assert_eq!(fraud["handover"], true);
    assert_ne!(rude["urgency"]["priority"], "P1");
    assert_eq!(rude["sentiment"]["label"], "negative");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_item_never_fails_the_others() {
    let app = TestApp::start().await;
    let answer = classify(
        &app,
        json!([
            { "id": "a", "text": "thank you, very fast" },
            { "id": "b", "text": "   " },
            { "id": "a", "text": "again" },
            { "id": "c", "text": "x".repeat(10_001) },
            { "id": "d", "text": 7 },
            { "id": "e", "text": "كل شي تمام" },
        ]),
    )
    .await;
    let results = answer["results"].as_array().expect("results");
    let fine: Vec<bool> = results.iter().map(|result| result["problem"].is_null()).collect();
    assert_eq!(fine, [true, false, false, false, false, true]);
    assert!(results.iter().all(|result| result["problem"].is_null() != result["result"].is_null()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_gives_the_same_result_alone_and_in_company() {
    let app = TestApp::start().await;
    let text = "el mandoub et2akhar sa3ten w el akl weselni bared";
    let alone = classify(&app, json!([{ "text": text }])).await;
    let company = classify(&app, json!([{ "text": "مرحبا" }, { "text": text }, { "text": "x ".repeat(900) }])).await;
    assert_eq!(alone["results"][0]["result"], company["results"][1]["result"]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feedback_is_masked_stored_understood_and_found() {
    let app = TestApp::start().await;
    let sent = json!({
        "text": "انخصم مني مرتين، جوالي ٠٥٥١٢٣٤٥٦٧", "external_id": "r-1", "source": "crm",
        "channel": "chat", "touchpoint": "payment", "customer": "c-1", "rating": { "method": "csat", "value": 1 }
    });
    let created = app.call(Method::POST, "/v1/feedback", &sent).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    assert_eq!(app.work().await, 1);
    let id = created.json()["id"].as_str().expect("an id").to_owned();
    let stored = app.get(&format!("/v1/feedback/{id}")).await.json();
    let text = stored["text"].as_str().expect("a text");
    assert!(text.contains("[phone]") && !text.contains('٥'), "{text}");
    assert_eq!(stored["analysis"]["language"], "ar");
    let again = app.call(Method::POST, "/v1/feedback", &sent).await;
    assert_eq!((again.status, again.json()["id"].as_str()), (StatusCode::OK, Some(id.as_str())));
    let found = app.get("/v1/feedback/search?q=double%20charge&limit=5").await.json();
    assert_eq!(found["items"][0]["feedback"]["id"], id.as_str(), "{found}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_takes_what_it_can_and_names_what_it_can_not() {
    let app = TestApp::start().await;
    let body = "{\"external_id\":\"1\",\"text\":\"التطبيق يعلق\"}\n{\"external_id\":\"2\",\"text\":\"late again\"}\n{oops\n{\"external_id\":\"4\",\"text\":\" \"}\n{\"external_id\":\"5\",\"text\":\"merci\"}\n";
    let request = |body: &'static str| {
        app.request(Method::POST, "/v1/feedback/import")
            .header("content-type", "application/x-ndjson")
            .body(Body::from(body))
    };
    let first = app.send(request(body).expect("a request")).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let first = first.json();
    assert_eq!((&first["accepted"], &first["refused"]), (&json!(3), &json!(2)), "{first}");
    let lines: Vec<_> =
        first["refusals"].as_array().expect("refusals").iter().map(|each| each["line"].clone()).collect();
    assert_eq!(lines, [json!(3), json!(4)]);
    let second = app.send(request(body).expect("a request")).await.json();
    assert_eq!((&second["accepted"], &second["duplicates"]), (&json!(0), &json!(3)), "{second}");
    assert_eq!(app.work().await, 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn urgent_feedback_becomes_a_ticket_that_moves_along_the_allowed_ways() {
    let app = TestApp::start().await;
    for (id, text) in [("1", "سرقوا بطاقتي وقاعدين يسحبون منها الحين"), ("2", "thanks, great service")]
    {
        let sent = json!({ "text": text, "external_id": id, "customer": format!("c-{id}") });
        assert_eq!(app.call(Method::POST, "/v1/feedback", &sent).await.status, StatusCode::CREATED);
    }
    app.work().await;
    let listed = app.get("/v1/tickets?priority=P1").await.json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
    let id = listed["items"][0]["id"].as_str().expect("an id");
    let path = format!("/v1/tickets/{id}");
    for (status, expected) in [("solved", StatusCode::OK), ("closed", StatusCode::OK), ("open", StatusCode::CONFLICT)] {
        let changed = app.call(Method::PATCH, &path, &json!({ "status": status })).await;
        assert_eq!(changed.status, expected, "{}", changed.text);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn grouping_on_demand_gives_themes_with_evidence_and_keeps_their_ids() {
    let app = TestApp::start().await;
    let texts = ["the courier was late", "المندوب تأخر كثير", "my refund never came", "وين فلوسي المسترجعة"];
    let lines: String = (0..40)
        .map(|n| format!("{}\n", json!({ "external_id": n.to_string(), "text": format!("{} {n}", texts[n % 4]) })))
        .collect();
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    app.send(request.body(Body::from(lines)).expect("a request")).await;
    app.work().await;
    let ids = |themes: &Value| -> Vec<String> {
        themes["items"].as_array().expect("themes").iter().map(|theme| theme["id"].to_string()).collect()
    };
    let mut seen = Vec::new();
    for _ in 0..2 {
        let asked = app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text);
        app.work().await;
        seen.push(app.get("/v1/themes").await.json());
    }
    assert!(!ids(&seen[0]).is_empty());
    assert_eq!(ids(&seen[0]), ids(&seen[1]));
    let first = seen[0]["items"][0]["id"].as_str().expect("an id");
    let evidence = app.get(&format!("/v1/themes/{first}/feedback?limit=3")).await.json();
    assert_eq!(evidence["items"].as_array().map(Vec::len), Some(3), "{evidence}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_that_says_what_to_do() {
    let app = TestApp::start().await;
    let narrow = app.token(&[Scope::FeedbackRead]).await;
    let post = |token: &str, kind: &str, body: &str| {
        Request::builder()
            .method(Method::POST)
            .uri("/v1/classify")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", kind)
            .body(Body::from(body.to_owned()))
            .expect("a request")
    };
    let many = json!({ "items": vec![json!({ "text": "x" }); 257] }).to_string();
    let large = json!({ "items": [{ "text": "x".repeat(9 << 20) }] }).to_string();
    let fine = json!({ "items": [{ "text": "x" }] }).to_string();
    let full = app.token(&[Scope::Classify]).await;
    let cases = [
        (post("sada_wrong", "application/json", &fine), StatusCode::UNAUTHORIZED),
        (post(&narrow, "application/json", &fine), StatusCode::FORBIDDEN),
        (post(&full, "text/plain", &fine), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post(&full, "application/json", "{oops"), StatusCode::BAD_REQUEST),
        (post(&full, "application/json", "{\"items\":[]}"), StatusCode::UNPROCESSABLE_ENTITY),
        (post(&full, "application/json", &many), StatusCode::UNPROCESSABLE_ENTITY),
        (post(&full, "application/json", &large), StatusCode::PAYLOAD_TOO_LARGE),
        (app.request(Method::GET, "/v1/nothing").body(Body::empty()).expect("a request"), StatusCode::NOT_FOUND),
        (
            app.request(Method::PUT, "/v1/classify").body(Body::empty()).expect("a request"),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            app.request(Method::GET, "/v1/feedback?limit=0").body(Body::empty()).expect("a request"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            app.request(Method::GET, "/v1/feedback?cursor=zzz").body(Body::empty()).expect("a request"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ];
    for (request, expected) in cases {
        let place = format!("{} {}", request.method(), request.uri());
        let answer = app.send(request).await;
        assert_eq!(answer.status, expected, "{place}: {}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{place}");
        let problem = answer.json();
        for key in ["type", "title", "status", "detail", "code", "request_id"] {
            assert!(!problem[key].is_null(), "{place} lacks {key}: {problem}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_answer_and_another_body_is_refused() {
    let app = TestApp::start().await;
    let send = |text: &str| {
        app.request(Method::POST, "/v1/feedback")
            .header("content-type", "application/json")
            .header("idempotency-key", "k-1")
            .body(Body::from(json!({ "text": text }).to_string()))
            .expect("a request")
    };
    let (first, second) = (app.send(send("late")).await, app.send(send("late")).await);
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert_eq!((first.status, &first.text), (second.status, &second.text));
    assert_eq!(app.send(send("other")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.work().await, 1);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_metrics_and_the_reference_need_no_token() {
    let app = TestApp::start().await;
    for (path, expected) in [
        ("/health/live", StatusCode::OK),
        ("/health/ready", StatusCode::OK),
        ("/metrics", StatusCode::OK),
        ("/openapi.json", StatusCode::OK),
        ("/", StatusCode::SEE_OTHER),
    ] {
        let answer = app.send(Request::get(path).body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, expected, "{path}: {}", answer.text);
    }
    app.finish().await;
}
