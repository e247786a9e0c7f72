//! What texts say besides their theme, through the whole path: told at once, kept by runs, edits and undoing.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use sada::access::Role;
use sada::web::pages::locale::Locale;
use serde_json::{Value, json};

use crate::html::Page;
use crate::pages::Browser;
use crate::support::TestApp;
use crate::walk::{numbers, total};

/// Messages about late couriers, in English, Gulf and Egyptian Arabic.
const COURIERS: [&str; 18] = [
    "the courier was late again",
    "my delivery came three hours late",
    "the driver never showed up on time",
    "still waiting for the courier since the morning",
    "your couriers are always late, every single time",
    "delivery was supposed to be at noon and arrived at night",
    "المندوب تأخر كثير",
    "التوصيل تأخر ساعتين عن الموعد",
    "المندوب ما جا في الوقت",
    "أنتظر المندوب من الصبح ولا وصل",
    "دايم التوصيل عندكم متأخر",
    "السواق تأخر علينا والطلب وصل بارد",
    "المندوب اتأخر أوي",
    "الأوردر وصل متأخر ساعتين",
    "مستني المندوب من الصبح ومجاش",
    "التوصيل عندكم بيتأخر كل مرة",
    "الطيار جه بعد الميعاد بكتير",
    "المندوب قال نص ساعة وجه بعد تلات ساعات",
];

/// Messages about refunds that did not come, in the same languages.
const REFUNDS: [&str; 18] = [
    "my refund never came",
    "I am still waiting for my money back",
    "you promised a refund two weeks ago and nothing arrived",
    "when will I get my money back for the cancelled order",
    "the refund is not in my account yet",
    "I returned the shoes and you did not refund me",
    "وين فلوسي المسترجعة",
    "ما رجعتوا لي المبلغ إلى الحين",
    "متى ينزل مبلغ الاسترجاع في حسابي",
    "رجعت المنتج ولا رجعت فلوسي",
    "صار لي أسبوعين أنتظر استرداد المبلغ",
    "أبغى فلوسي ترجع، الطلب انلغى",
    "فين فلوسي اللي هترجع",
    "مستني فلوسي ترجع من أسبوع",
    "لغيت الأوردر وفلوسي مرجعتش",
    "المبلغ المسترد لسه منزلش في حسابي",
    "رجعت الجزمة ومحدش رجعلي فلوسي",
    "امتى هتردوا لي الفلوس",
];

/// Messages about an app that crashes.
const CRASHES: [&str; 12] = [
    "the app crashes every time I open it",
    "your app freezes on the login screen",
    "the application closes by itself after the update",
    "app keeps crashing since yesterday",
    "التطبيق يعلق كل ما أفتحه",
    "التطبيق يطلع لحاله بعد التحديث",
    "البرنامج ما يفتح عندي أبد",
    "من بعد التحديث والتطبيق خربان",
    "التطبيق بيقفل لوحده كل شوية",
    "الأبليكيشن بيهنج عند تسجيل الدخول",
    "البرنامج مش راضي يفتح من امبارح",
    "التطبيق بيقفل بعد التحديث الأخير",
];

/// Texts that say both, with the words of each.
const BOTH: [(&str, [&str; 2]); 3] = [
    (
        "my delivery came three hours late. the app keeps crashing",
        ["my delivery came three hours late.", "the app keeps crashing"],
    ),
    ("المندوب تأخر كثير. وين فلوسي المسترجعة", ["المندوب تأخر كثير.", "وين فلوسي المسترجعة"]),
    ("المندوب اتأخر أوي. فين فلوسي اللي هترجع", ["المندوب اتأخر أوي.", "فين فلوسي اللي هترجع"]),
];

/// Texts that say one thing and are polite.
const POLITE: [&str; 4] = [
    "Hello everybody, good morning to you all. The courier was late again. Thank you very much for your help.",
    "السلام عليكم ورحمة الله وبركاته، المندوب تأخر كثير. شكرا جزيلا لكم على تعاونكم",
    "مساء الخير جميعا. فين فلوسي اللي هترجع؟ أتمنى الرد بأسرع وقت",
    "my refund never came. looking forward to hearing from you soon",
];

async fn send(app: &TestApp, texts: impl Iterator<Item = (String, String)>) {
    let line = |(id, text): (String, String)| json!({ "external_id": id, "text": text }).to_string();
    let lines: Vec<String> = texts.map(line).collect();
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    app.send(request.body(Body::from(lines.join("\n"))).expect("a request")).await;
    app.work().await;
}

async fn regroup(app: &TestApp) {
    app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
    app.work().await;
}

/// An app with messages of three kinds, and those that say two things and those that are polite, all grouped.
async fn grouped() -> TestApp {
    let app = TestApp::start().await;
    let known = COURIERS.iter().chain(&REFUNDS).chain(&CRASHES).enumerate();
    send(&app, known.map(|(number, text)| (number.to_string(), (*text).to_owned()))).await;
    regroup(&app).await;
    let both = BOTH.iter().enumerate().map(|(number, (text, _))| (format!("both-{number}"), (*text).to_owned()));
    let polite = POLITE.iter().enumerate().map(|(number, text)| (format!("polite-{number}"), (*text).to_owned()));
    send(&app, both.chain(polite)).await;
    app
}

/// The theme of a text that says one thing.
async fn theme_of(app: &TestApp, text: &str) -> String {
    let answer = app.call(Method::POST, "/v1/classify", &json!({ "items": [{ "text": text }] })).await.json();
    let theme = &answer["results"][0]["result"]["theme"]["id"];
    theme.as_str().unwrap_or_else(|| panic!("a theme: {answer}")).to_owned()
}

/// The feedback of this external id.
async fn feedback(app: &TestApp, id: &str) -> Value {
    let page = app.get("/v1/feedback?limit=1000").await.json();
    let mut all = page["items"].as_array().expect("feedback").iter();
    all.find(|item| item["external_id"] == id).expect("it is there").clone()
}

/// The theme of a feedback, and what else it says: theme and words.
fn said(feedback: &Value) -> (String, Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mentions = feedback["analysis"]["mentions"].as_array().expect("mentions").iter();
    let mentions = mentions.map(|mention| (text(&mention["theme"]), text(&mention["text"])));
    (text(&feedback["analysis"]["theme"]["id"]), mentions.collect())
}

/// How many texts speak of a theme besides their own: what the theme and the filter say, which is the same.
async fn mentioned_in(app: &TestApp, theme: &str) -> u64 {
    let counted = app.get(&format!("/v1/themes/{theme}")).await.json()["theme"]["mentioned_in"].as_u64();
    let found = app.get(&format!("/v1/feedback?mentions={theme}")).await.json();
    assert_eq!(counted, found["items"].as_array().map(|items| items.len() as u64), "{theme}");
    counted.expect("a number")
}

/// The theme and the mention of the text that says both and has this number: each of the two is one of its pieces'.
async fn both(app: &TestApp, number: usize) -> [String; 2] {
    let (text, words) = BOTH[number];
    let feedback = feedback(app, &format!("both-{number}")).await;
    let themes = [theme_of(app, words[0]).await, theme_of(app, words[1]).await];
    let (own, mentions) = said(&feedback);
    let at = themes.iter().position(|theme| *theme == own).unwrap_or_else(|| panic!("{themes:?} {feedback}"));
    assert_eq!(mentions, [(themes[1 - at].clone(), words[1 - at].to_owned())], "{text}");
    let span = &feedback["analysis"]["mentions"][0]["span"];
    let place = |key: &str| span[key].as_u64().and_then(|at| usize::try_from(at).ok()).expect("a place");
    let there: String = text.chars().skip(place("start")).take(place("end") - place("start")).collect();
    assert_eq!(there, words[1 - at], "{text}");
    assert!(mentioned_in(app, &themes[1 - at]).await > 0);
    [own, themes[1 - at].clone()]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_a_text_says_is_told_at_once_and_survives_runs_and_edits() {
    let app = grouped().await;
    for number in 0..BOTH.len() {
        both(&app, number).await;
    }
    for number in 0..POLITE.len() {
        let polite = feedback(&app, &format!("polite-{number}")).await;
        assert_eq!(said(&polite).1, [], "courtesies are no theme: {polite}");
    }
    regroup(&app).await;
    let app = app.restart().await;
    let mut still = Vec::new();
    for number in 0..BOTH.len() {
        let (_, mentions) = said(&feedback(&app, &format!("both-{number}")).await);
        still.extend((!mentions.is_empty()).then_some(number));
    }
    assert!(still.len() >= 2, "a run may put a border between themes elsewhere, but not through most texts: {still:?}");
    for &number in &still {
        let [own, other] = both(&app, number).await;
        let merge = json!({ "kind": "merge", "theme": other, "into": own });
        let made = app.call(Method::POST, "/v1/themes/edits", &merge).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let merged = said(&feedback(&app, &format!("both-{number}")).await);
        assert_eq!(merged, (own.clone(), vec![]), "what was two things is one");
        if Some(&number) == still.last() {
            regroup(&app).await;
            let merged = said(&feedback(&app, &format!("both-{number}")).await);
            assert_eq!(merged, (own.clone(), vec![]), "in the next run, too");
        }
        let undo = format!("/v1/themes/edits/{}/undo", made.json()["id"].as_str().expect("an id"));
        assert_eq!(app.call(Method::POST, &undo, &json!({})).await.status, StatusCode::OK);
        assert_eq!(both(&app, number).await, [own, other], "undone, it says both again");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_put_into_the_theme_that_it_mentions_mentions_it_no_more() {
    let app = grouped().await;
    let [own, other] = both(&app, 1).await;
    let moved = feedback(&app, "both-1").await;
    let assign = json!({ "kind": "assign", "feedback": moved["id"], "theme": other });
    let made = app.call(Method::POST, "/v1/themes/edits", &assign).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let (theme, mentions) = said(&feedback(&app, "both-1").await);
    assert_eq!(theme, other);
    assert!(mentions.iter().all(|(mentioned, _)| *mentioned == own), "{mentions:?}");
    let undo = format!("/v1/themes/edits/{}/undo", made.json()["id"].as_str().expect("an id"));
    assert_eq!(app.call(Method::POST, &undo, &json!({})).await.status, StatusCode::OK);
    assert_eq!(both(&app, 1).await, [own, other]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_what_else_a_text_says_and_lead_to_all_that_say_so() {
    let app = grouped().await;
    let themes = both(&app, 1).await;
    let record = feedback(&app, "both-1").await;
    let mention = &record["analysis"]["mentions"][0];
    for (locale, label) in [(Locale::Arabic, "وتقول أيضًا"), (Locale::English, "Also says")] {
        let browser = Browser::signed_in(&app, Role::Viewer, locale).await;
        let page = browser.get(&format!("/feedback/{}", record["id"].as_str().expect("an id"))).await.text;
        let words = format!("<q dir=\"auto\">{}</q>", mention["text"].as_str().expect("words"));
        assert!(page.contains(label) && page.contains(&words), "{page}");
        assert!(page.contains(&format!("/themes/{}", themes[1])), "{page}");
        for theme in &themes {
            let page = Page::read(&browser.get(&format!("/themes/{theme}")).await.text);
            let list = format!("/feedback?mentions={theme}");
            let count = mentioned_in(&app, theme).await;
            assert_eq!(total(&Page::read(&browser.get(&list).await.text)), Some(count));
            let links = page.elements.iter().any(|element| element.get("href") == Some(&list));
            assert_eq!(links, count > 0);
            let stated = numbers(&page).expect("every number leads somewhere");
            assert!(stated.iter().all(|stated| stated.href != list || stated.count == count), "{stated:?}");
        }
    }
    let wanted = json!({ "query": "money back", "limit": 100, "filter": { "mentions": themes[1] } });
    let found = app.call(Method::POST, "/v1/feedback/search", &wanted).await.json();
    let items = found["items"].as_array().unwrap_or_else(|| panic!("{found}"));
    assert_eq!(items.len() as u64, mentioned_in(&app, &themes[1]).await);
    app.finish().await;
}
