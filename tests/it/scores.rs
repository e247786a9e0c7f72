//! Scores from outside: chance is not called a change, and every number opens to its records.

use axum::http::{Method, StatusCode};
use sada::feedback::Rating;
use sada::scores::{Measure, Ratings, corrected, difference, drivers};
use sada::statistics::Random;
use serde_json::{Value, json};

use crate::support::TestApp;

const TRIALS: usize = 1_000;

/// At most this share of trials may find what isn't there.
const MOST: f64 = 0.06;

/// What customers answer, from the lowest number on: mixed, or nearly all the same.
const HABITS: [(Measure, &[usize]); 9] = [
    (Measure::Nps, &[3, 1, 2, 1, 2, 4, 5, 8, 9, 12, 13]),
    (Measure::Nps, &[0, 0, 0, 0, 0, 0, 0, 0, 3, 20, 77]),
    (Measure::Csat, &[112, 83, 41, 38, 81]),
    (Measure::Csat, &[1, 1, 1, 7, 90]),
    (Measure::CesMean, &[4, 8, 2, 2, 1, 4, 9]),
    (Measure::CesMean, &[1, 0, 0, 0, 0, 1, 98]),
    (Measure::CesShare, &[4, 8, 2, 2, 1, 4, 9]),
    (Measure::NetEasy, &[4, 8, 2, 2, 1, 4, 9]),
    (Measure::StarsMean, &[10, 2, 3, 20, 65]),
];

/// `count` answers of customers with this habit.
fn answers(random: &mut Random, measure: Measure, habit: &[usize], count: usize) -> Ratings {
    let mut ratings = Ratings::none(measure.method());
    for _ in 0..count {
        let mut left = random.below(habit.iter().sum());
        let place = habit.iter().position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        let place: i64 = place.expect("within the sum").try_into().expect("small");
        let value = i64::from(measure.method().range().0) + place;
        ratings.add(Rating::new(measure.method(), value).expect("in range"), 1).expect("one method");
    }
    ratings
}

fn share(flagged: usize) -> f64 {
    flagged as f64 / TRIALS as f64
}

#[test]
fn a_change_where_nothing_changed_is_rarely_flagged() {
    for (place, (measure, habit)) in HABITS.into_iter().enumerate() {
        for (later, earlier) in [(30, 30), (30, 1_000), (100, 80), (400, 60)] {
            let mut random = Random::new((place * 10_000 + later) as u64);
            let trials = (0..TRIALS).filter(|_| {
                let sides = [later, earlier].map(|count| answers(&mut random, measure, habit, count));
                difference(measure, &sides[0], &sides[1]).expect("enough ratings").significant
            });
            let flagged = share(trials.count());
            assert!(flagged <= MOST, "{measure} {habit:?}, {later} after {earlier}: {flagged}");
        }
    }
}

#[test]
fn many_groups_without_a_change_are_rarely_flagged_at_all() {
    let (measure, habit) = HABITS[2];
    let mut random = Random::new(7);
    let trials = (0..TRIALS).filter(|_| {
        let sides = (0..12).map(|_| [60, 60].map(|count| answers(&mut random, measure, habit, count)));
        let differences = sides.map(|[later, earlier]| difference(measure, &later, &earlier)).collect();
        corrected(differences).iter().flatten().any(|difference| difference.significant)
    });
    let flagged = share(trials.count());
    assert!(flagged <= MOST, "{flagged}");
}

#[test]
fn themes_that_move_nothing_are_rarely_called_drivers_and_one_that_does_is_found() {
    let (measure, habit) = HABITS[0];
    let mut random = Random::new(11);
    let (mut chance, mut found) = (0, 0);
    for _ in 0..TRIALS {
        let mut themes: Vec<(usize, Ratings)> =
            (0..8).map(|theme| (theme, answers(&mut random, measure, habit, 40 + theme * 10))).collect();
        let all = |themes: &[(usize, Ratings)]| {
            let none = Ratings::none(measure.method());
            themes.iter().fold(none, |sum, (_, ratings)| sum.plus(ratings).expect("one method"))
        };
        let significant = |themes: Vec<(usize, Ratings)>| -> Vec<usize> {
            let drivers = drivers(measure, &all(&themes), themes).into_iter();
            let significant = drivers.filter(|driver| driver.difference.is_some_and(|found| found.significant));
            significant.map(|driver| driver.key).collect()
        };
        chance += usize::from(!significant(themes.clone()).is_empty());
        themes[3].1 = answers(&mut random, measure, &[9, 9, 9, 9, 9, 9, 9, 4, 4, 4, 4], 70);
        found += usize::from(significant(themes).contains(&3));
    }
    assert!(share(chance) <= MOST, "{}", share(chance));
    assert!(share(found) >= 0.9, "{}", share(found));
}

/// Sends feedback with ratings, in batches.
async fn send(app: &TestApp, items: &[Value]) {
    for batch in items.chunks(256) {
        let answer = app.call(Method::POST, "/v1/feedback", &json!({ "items": batch })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let problems: Vec<Value> =
            answer.json()["results"].as_array().expect("results").iter().map(|one| one["problem"].clone()).collect();
        assert!(problems.iter().all(Value::is_null), "{problems:?}");
    }
}

/// Ratings of two months: NPS falls in February at the branch, the app's stars are too few for a score.
fn ratings() -> Vec<Value> {
    let mut items = Vec::new();
    let mut add = |count: usize, method: &str, value: u8, channel: &str, touchpoint: Option<&str>, month: &str| {
        for _ in 0..count {
            let number = items.len();
            items.push(json!({
                "text": format!("رأي رقم {number}"), "external_id": number.to_string(), "channel": channel,
                "touchpoint": touchpoint, "collected_at": format!("2026-{month}-{:02}T10:00:00Z", number % 28 + 1),
                "rating": { "method": method, "value": value },
                "metadata": if number.is_multiple_of(3) { json!({ "segment": "كبار العملاء" }) } else { json!({}) },
            }));
        }
    };
    for (month, branch) in [("01", [30, 5, 5]), ("02", [5, 5, 30])] {
        add(branch[0], "nps", 10, "survey", Some("زيارة الفرع & أخرى"), month);
        add(branch[1], "nps", 8, "survey", Some("زيارة الفرع & أخرى"), month);
        add(branch[2], "nps", 2, "survey", Some("زيارة الفرع & أخرى"), month);
        add(20, "nps", 9, "chat", None, month);
        add(12, "nps", 6, "chat", None, month);
    }
    add(9, "stars", 5, "app_review", Some("app"), "02");
    items
}

/// Every path in an answer, with the number that stands beside it.
fn numbers(value: &Value, into: &mut Vec<(String, u64)>) {
    match value {
        Value::Object(fields) => {
            if let Some(path) = fields.get("records").and_then(Value::as_str) {
                let number = fields.get("n").or(fields.get("count")).and_then(Value::as_u64);
                into.push((path.to_owned(), number.expect("a number beside its records")));
            }
            fields.values().for_each(|value| numbers(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| numbers(value, into)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_comes_with_the_path_that_lists_its_records() {
    let app = TestApp::start().await;
    send(&app, &ratings()).await;
    app.work().await;
    let mut seen = 0;
    for query in [
        "by=channel",
        "by=touchpoint",
        "by=segment",
        "by=theme",
        "by=language",
        "by=source",
        "by=source_kind",
        "by=day",
        "by=week&compare=true",
        "by=quarter",
        "by=month&compare=true&channel=survey",
        "by=touchpoint&compare=true&since=2026-02-01T00:00:00Z&until=2026-03-01T00:00:00Z",
    ] {
        let answer = app.get(&format!("/v1/scores?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text);
        let answer = answer.json();
        for item in answer["items"].as_array().expect("items") {
            let parts: u64 =
                item["groups"].as_array().expect("groups").iter().map(|group| group["n"].as_u64().expect("n")).sum();
            assert_eq!(item["total"]["n"], parts, "{query}: groups make up the total");
        }
        let mut found = Vec::new();
        numbers(&answer, &mut found);
        // Every day alone would be many requests that show the same.
        let step = if query == "by=day" { 9 } else { 1 };
        for (path, number) in found.into_iter().step_by(step) {
            assert_eq!(app.listed(&path).await, number, "{query}: {path}");
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_are_told_with_intervals_and_a_real_change_is_flagged() {
    let app = TestApp::start().await;
    send(&app, &ratings()).await;
    app.work().await;
    let february = "since=2026-02-01T00:00:00Z&until=2026-03-01T00:00:00Z";
    let answer = app.get(&format!("/v1/scores?by=channel&compare=true&{february}")).await.json();
    let items = answer["items"].as_array().expect("items");
    assert_eq!(items.iter().map(|item| &item["method"]).collect::<Vec<_>>(), [&json!("nps"), &json!("stars")]);

    let (nps, stars) = (&items[0], &items[1]["total"]);
    // 25 promoters and 42 detractors of 72 after 50 and 17.
    let score = &nps["total"]["scores"][0];
    assert_eq!((&score["measure"], &score["value"]), (&json!("nps"), &json!(-23.6111)), "{nps}");
    assert_eq!(score["interval"], json!({ "low": -45.2153, "high": -2.0069 }));
    let change = &nps["total"]["before"]["difference"];
    assert_eq!((&change["value"], &change["significant"]), (&json!(-69.4444), &json!(true)), "{change}");
    let groups = nps["groups"].as_array().expect("groups");
    let flags: Vec<_> =
        groups.iter().map(|group| (&group["key"], &group["before"]["difference"]["significant"])).collect();
    assert_eq!(flags, [(&json!("survey"), &json!(true)), (&json!("chat"), &json!(false))]);
    assert_eq!(
        groups[1]["sentiments"].as_object().map(|counts| counts.values().filter_map(Value::as_u64).sum::<u64>()),
        Some(32)
    );

    assert_eq!((&stars["n"], &stars["too_few"], &stars["scores"]), (&json!(9), &json!(true), &json!([])));
    assert_eq!(stars["distribution"][4], json!({ "value": 5, "count": 9 }));
    assert_eq!((&stars["before"]["n"], &stars["before"]["difference"]), (&json!(0), &Value::Null));

    let monthly = app.get("/v1/scores?method=nps&by=month&compare=true").await.json();
    let months = monthly["items"][0]["groups"].as_array().expect("months").clone();
    assert_eq!(months.iter().map(|month| &month["key"]).collect::<Vec<_>>(), [&json!("2026-01"), &json!("2026-02")]);
    assert_eq!((&months[0]["before"], &months[1]["before"]["n"]), (&Value::Null, &json!(72)));
    assert_eq!(app.get("/v1/scores?channel=call").await.json(), json!({ "items": [] }));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drivers_are_the_difference_that_a_theme_makes() {
    let app = TestApp::start().await;
    let texts = [
        ("المندوب تأخر كثير والطلب وصل بارد", 2),
        ("the courier was hours late again", 1),
        ("التطبيق ممتاز وسهل الاستخدام", 5),
        ("love the app, so easy to use", 5),
    ];
    let items: Vec<Value> = (0..160)
        .map(|number| {
            let (text, value) = texts[number % 4];
            json!({ "text": text, "external_id": number.to_string(),
                    "rating": { "method": "csat", "value": value } })
        })
        .collect();
    send(&app, &items).await;
    app.work().await;
    app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
    app.work().await;
    let answer = app.get("/v1/scores/drivers?method=csat").await.json();
    let item = &answer["items"][0];
    assert_eq!((&item["measure"], &item["total"]["n"]), (&json!("csat"), &json!(160)), "{answer}");
    let themes = item["themes"].as_array().expect("themes");
    assert!(themes.len() >= 2, "{answer}");
    for theme in themes {
        let [with, without] = ["with", "without"].map(|side| &theme[side]);
        assert_eq!(with["n"].as_u64().zip(without["n"].as_u64()).map(|(with, without)| with + without), Some(160));
        let scores = with["score"]["value"].as_f64().zip(without["score"]["value"].as_f64());
        let expected = scores.map(|(with, without)| with - without);
        let told = theme["difference"]["value"].as_f64();
        assert_eq!(expected.map(|value| (value * 1e3).round()), told.map(|value| (value * 1e3).round()), "{theme}");
        assert!(theme["titles"].as_object().is_some_and(|titles| !titles.is_empty()), "{theme}");
    }
    assert_eq!(themes[0]["difference"]["significant"], true, "{themes:?}");
    let mut found = Vec::new();
    numbers(&answer, &mut found);
    for (path, number) in found {
        assert_eq!(app.listed(&path).await, number, "{path}");
    }
    let refused = app.get("/v1/scores/drivers?without=theme").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_contradict_their_rating_are_listed() {
    let app = TestApp::start().await;
    let angry = "أسوأ خدمة جربتها في حياتي، ضيعتوا فلوسي ومحد يرد، حسبي الله ونعم الوكيل";
    let happy = "والله خدمة رائعة وموظفين محترمين، شكراً من القلب ❤️";
    let items: Vec<Value> = [(angry, 5), (angry, 1), (happy, 1), (happy, 5), ("وصل الطلب", 5)]
        .into_iter()
        .enumerate()
        .map(|(number, (text, value))| {
            json!({ "text": text, "external_id": number.to_string(), "rating": { "method": "csat", "value": value } })
        })
        .collect();
    send(&app, &items).await;
    app.work().await;
    let first = app.get("/v1/scores/disagreements?limit=1").await.json();
    let cursor = first["next_cursor"].as_str().expect("a second page");
    let second = app.get(&format!("/v1/scores/disagreements?limit=1&cursor={cursor}")).await.json();
    assert_eq!(second["next_cursor"], Value::Null);
    let told = [&first, &second].map(|page| {
        let item = &page["items"][0];
        (
            item["disagreement"].clone(),
            item["feedback"]["external_id"].clone(),
            item["feedback"]["rating"]["value"].clone(),
        )
    });
    let expected = [
        (json!("low_rating_positive_text"), json!("2"), json!(1)),
        (json!("high_rating_negative_text"), json!("0"), json!(5)),
    ];
    assert_eq!(told, expected);
    let scores = app.get("/v1/scores").await.json();
    let disagreements = &scores["items"][0]["disagreements"];
    assert_eq!(disagreements["count"], 2, "{scores}");
    assert_eq!(app.listed(disagreements["records"].as_str().expect("a path")).await, 2);
    assert_eq!(app.get("/v1/scores/disagreements?method=nps").await.json()["items"], json!([]));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rating_was_taken_for_is_shown() {
    let app = TestApp::start().await;
    let send = async |body: Value| app.call(Method::POST, "/v1/feedback", &body).await;
    let guessed = send(json!({ "text": "تمام", "rating": { "value": 9 }, "question": "هل توصي بنا لصديق؟" })).await;
    assert_eq!(guessed.json()["rating"], json!({ "method": "nps", "value": 9 }), "{}", guessed.text);
    let stars = send(json!({ "text": "تمام", "rating": { "value": 4 }, "channel": "app_review" })).await;
    assert_eq!(stars.json()["rating"], json!({ "method": "stars", "value": 4 }));
    for (rating, told) in [
        (json!({ "value": 4 }), "neither the question nor the channel tells"),
        (json!({ "method": "stars", "value": 6 }), "stars takes whole numbers from 1 to 5, not 6"),
        (json!({ "method": "thumbs", "value": 1 }), "must be one of nps, csat, ces, stars"),
    ] {
        let refused = send(json!({ "text": "تمام", "rating": rating })).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let param = &refused.json()["invalid_params"][0];
        assert_eq!(param["name"], "rating");
        assert!(param["reason"].as_str().is_some_and(|reason| reason.contains(told)), "{param}");
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_are_refused_with_what_to_do() {
    let app = TestApp::start().await;
    for (query, told) in [
        ("method=likes", "must be one of nps, csat, ces, stars"),
        (
            "by=mood",
            "must be one of channel, source_kind, source, touchpoint, segment, language, theme, day, week, month, quarter",
        ),
        ("compare=perhaps", "compare"),
        ("compare=true", "compare needs since"),
        ("compare=true&since=2030-01-01T00:00:00Z", "since must lie before"),
        ("rating_min=9", "scores are of all ratings"),
        ("rating_method=nps", "name a method"),
        ("since=yesterday", "must be a time like"),
        ("without=words", "must be one of touchpoint, segment, language, theme"),
        ("group=channel", "is no parameter of this path"),
    ] {
        let refused = app.get(&format!("/v1/scores?{query}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", refused.text);
        assert_eq!(refused.headers["content-type"], "application/problem+json", "{query}");
        assert!(refused.text.contains(told), "{query}: {}", refused.text);
    }
    app.finish().await;
}
