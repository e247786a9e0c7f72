//! The pages as a browser without scripts meets them.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use regex::Regex;
use sada::access::{Actor, Password, Role};
use sada::pipeline;
use sada::web::pages::locale::Locale;
use serde_json::json;

use crate::support::{Answer, TestApp};

const PASSWORD: &str = "correct horse battery";

/// A browser: its cookies, and what it says of itself.
pub(crate) struct Browser<'app> {
    app: &'app TestApp,
    pub(crate) cookies: String,
}

impl<'app> Browser<'app> {
    pub(crate) fn new(app: &'app TestApp, locale: Locale) -> Self {
        Self { app, cookies: format!("sada_lang={locale}") }
    }

    /// Somebody of this role, signed in.
    pub(crate) async fn signed_in(app: &'app TestApp, role: Role, locale: Locale) -> Self {
        let name = format!("{role}-{locale}");
        let password = Password::new(PASSWORD).expect("long enough");
        let clock = &app.app.clock;
        let made =
            pipeline::create_user(&app.app.db, clock, &Actor::Operator, name.parse().expect("a name"), role, password);
        made.await.expect("made");
        let mut browser = Self::new(app, locale);
        let answer = browser.post("/sign-in", &[("name", &name), ("password", PASSWORD), ("to", "/inbox")]).await;
        assert_eq!((answer.status, location(&answer)), (StatusCode::SEE_OTHER, "/inbox"), "{}", answer.text);
        let cookie =
            answer.headers["set-cookie"].to_str().expect("ascii").split(';').next().expect("a pair").to_owned();
        browser.cookies = format!("{}; {cookie}", browser.cookies);
        browser
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("cookie", &self.cookies);
        request.header("accept", "text/html,*/*;q=0.8")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.app.send(self.request(Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.app.send(request.body(Body::from(body)).expect("a request")).await
    }
}

pub(crate) fn location(answer: &Answer) -> &str {
    answer.headers["location"].to_str().expect("ascii")
}

/// Every address that a page links to, as a browser reads it.
pub(crate) fn links(html: &str) -> Vec<String> {
    let link = Regex::new(r#"href="(/[^"]*)""#).expect("a pattern");
    let mut all: Vec<String> =
        link.captures_iter(html).map(|found| found[1].replace("&amp;", "&").replace("&#38;", "&")).collect();
    all.sort();
    all.dedup();
    all
}

pub(crate) fn field<'html>(html: &'html str, name: &str) -> &'html str {
    let start = html.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the field");
    start.split('"').next().expect("its value")
}

/// Feedback of one customer and others, understood and grouped.
pub(crate) async fn fill(app: &TestApp) {
    let texts = ["the courier was late again", "المندوب تأخر كثير", "my refund never came", "وين فلوسي المسترجعة"];
    let mut lines: String = (0..40)
        .map(|n| json!({ "external_id": n.to_string(), "text": format!("{} {n}", texts[n % 4]), "customer": format!("c-{}", n % 7), "touchpoint": "توصيل" }).to_string() + "\n")
        .collect();
    lines += &(json!({ "external_id": "fraud", "text": "<b>سرقوا بطاقتي</b> وقاعدين يسحبون منها الحين \u{202e}=cmd()", "customer": "c-1" }).to_string() + "\n");
    let request = app.request(Method::POST, "/v1/feedback/import").header("content-type", "application/x-ndjson");
    app.send(request.body(Body::from(lines)).expect("a request")).await;
    app.work().await;
    app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
    app.work().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_leads_somewhere_in_both_languages() {
    let app = TestApp::start().await;
    fill(&app).await;
    for locale in [Locale::Arabic, Locale::English] {
        let browser = Browser::signed_in(&app, Role::Admin, locale).await;
        let mut waiting = vec!["/".to_owned(), "/search?q=refund".to_owned()];
        let mut seen = Vec::new();
        while let Some(path) = waiting.pop() {
            if seen.contains(&path) || path.contains("lang=") || seen.len() > 260 {
                continue;
            }
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            if !path.starts_with("/assets/") && !path.ends_with("/file") {
                let root = format!("<html lang=\"{locale}\" dir=\"{}\">", locale.direction());
                assert!(answer.text.contains(&root) && !answer.text.contains('⟦'), "{path}");
                assert!(!answer.text.contains("<b>") && !answer.text.contains('\u{202e}'), "{path}");
                let policy = answer.headers["content-security-policy"].to_str().expect("ascii");
                assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path}: {policy}");
                waiting.extend(links(&answer.text));
            }
            seen.push(path);
        }
        for part in ["/inbox/", "/themes/", "/feedback/", "/feedback?", "/assets/"] {
            assert!(seen.iter().any(|path| path.starts_with(part)), "no {part} among {seen:?}");
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_is_small_and_its_files_are_kept() {
    let app = TestApp::start().await;
    fill(&app).await;
    let browser = Browser::signed_in(&app, Role::Viewer, Locale::Arabic).await;
    let page = browser.get("/").await;
    let mut bytes = page.text.len();
    for path in links(&page.text).iter().filter(|path| path.starts_with("/assets/")) {
        let file = browser.get(path).await;
        assert_eq!(file.headers["cache-control"], "public, max-age=31536000, immutable", "{path}");
        bytes += file.text.len();
    }
    assert!(bytes <= 100_000, "{bytes} bytes");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(browser.get("/assets/style.000000000000.css").await.status, StatusCode::NOT_FOUND);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_anything_before_signing_in_nor_after_signing_out() {
    let app = TestApp::start().await;
    let stranger = Browser::new(&app, Locale::English);
    for (path, to) in [
        ("/", "/sign-in"),
        ("/inbox?queue=care", "/sign-in?to=%2Finbox%3Fqueue%3Dcare"),
        ("/feedback", "/sign-in?to=%2Ffeedback"),
    ] {
        let answer = stranger.get(path).await;
        assert_eq!((answer.status, location(&answer)), (StatusCode::SEE_OTHER, to), "{path}");
    }
    let browser = Browser::signed_in(&app, Role::Viewer, Locale::English).await;
    assert_eq!(browser.get("/feedback").await.status, StatusCode::OK);
    let token = app
        .send(Request::get("/v1/themes").header("cookie", &browser.cookies).body(Body::empty()).expect("a request"))
        .await;
    assert_eq!(token.status, StatusCode::UNAUTHORIZED, "the API takes tokens, not cookies");
    let out = browser.post("/sign-out", &[]).await;
    assert!(out.headers["set-cookie"].to_str().expect("ascii").contains("Max-Age=0"));
    assert_eq!(browser.get("/feedback").await.status, StatusCode::SEE_OTHER, "the old cookie is worth nothing");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself() {
    let app = TestApp::start_with(&[("web.session_hours", "2")]).await;
    let browser = Browser::signed_in(&app, Role::Viewer, Locale::English).await;
    app.app.clock.advance(chrono::TimeDelta::minutes(119));
    assert_eq!(browser.get("/feedback").await.status, StatusCode::OK);
    app.app.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(browser.get("/feedback").await.status, StatusCode::SEE_OTHER);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_tells_nothing_and_too_many_are_refused() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, Role::Viewer, Locale::English).await;
    let with = |name: &'static str| {
        let browser = &browser;
        async move { browser.post("/sign-in", &[("name", name), ("password", "wrong"), ("to", "//evil.example")]).await }
    };
    let (known, unknown) = (with("viewer-en").await, with("nobody").await);
    assert_eq!((known.status, unknown.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(known.text.replace("viewer-en", ""), unknown.text.replace("nobody", ""));
    assert!(known.text.contains("name=\"to\" value=\"/\""), "a place elsewhere is forgotten");
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(with("nobody").await.status.as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    assert_eq!(with("somebody-else").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_corrected_by_those_who_may_from_our_own_page_and_once() {
    let app = TestApp::start().await;
    fill(&app).await;
    let listed = app.get("/v1/tickets?priority=P1").await.json();
    let path = format!("/inbox/{}", listed["items"][0]["id"].as_str().expect("a ticket"));
    let agent = Browser::signed_in(&app, Role::Agent, Locale::Arabic).await;
    let page = agent.get(&path).await.text;
    assert!(page.contains("<mark>") && page.contains("احتيال"), "the evidence and its kind are shown: {page}");
    let seen = field(&page, "seen").to_owned();
    let form = [("status", "pending"), ("priority", "P2"), ("queue", "payments"), ("seen", seen.as_str())];

    let viewer = Browser::signed_in(&app, Role::Viewer, Locale::English).await;
    assert!(!viewer.get(&path).await.text.contains("name=\"seen\""), "who may not change anything sees no form");
    let refused = viewer.post(&path, &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("<h1>You may not do this</h1>"), "{}", refused.text);
    let body = Body::from("status=closed&priority=P1&queue=care&seen=0");
    let elsewhere = agent.request(Method::POST, &path).header("sec-fetch-site", "cross-site");
    let elsewhere =
        elsewhere.header("content-type", "application/x-www-form-urlencoded").body(body).expect("a request");
    assert_eq!(app.send(elsewhere).await.status, StatusCode::FORBIDDEN);

    app.app.clock.advance(chrono::TimeDelta::minutes(1));
    let changed = agent.post(&path, &form).await;
    assert_eq!((changed.status, location(&changed)), (StatusCode::SEE_OTHER, path.as_str()), "{}", changed.text);
    let ticket = app.get(&path.replace("/inbox/", "/v1/tickets/")).await.json();
    assert_eq!(
        (&ticket["status"], &ticket["priority"], &ticket["queue"]),
        (&json!("pending"), &json!("P2"), &json!("payments"))
    );
    let (forget, undo) = (format!("{path}/forget"), "تراجع عن هذا");
    assert!(agent.get(&path).await.text.contains(undo), "what it taught is shown");
    assert_eq!(viewer.post(&forget, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.post(&forget, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!agent.get(&path).await.text.contains(undo), "and taken back");
    let stale = agent.post(&path, &form).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("لم يعد هذا ممكنًا"), "{}", stale.text);
    let seen = field(&agent.get(&path).await.text, "seen").to_owned();
    for (name, value) in [("queue", "nowhere"), ("status", "lost"), ("priority", "P9")] {
        let fields = form.map(|(field, now)| {
            if field == name {
                (field, value)
            } else if field == "seen" {
                (field, seen.as_str())
            } else {
                (field, now)
            }
        });
        assert_eq!(agent.post(&path, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_theme_keeps_the_title_that_a_person_gave_it() {
    let app = TestApp::start().await;
    fill(&app).await;
    let listed = app.get("/v1/themes").await.json();
    let path = format!("/themes/{}", listed["items"][0]["id"].as_str().expect("a theme"));
    let fields = [("title", " مشاكل   <التوصيل> "), ("language", "ar")];
    let agent = Browser::signed_in(&app, Role::Agent, Locale::Arabic).await;
    assert_eq!(agent.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    let manager = Browser::signed_in(&app, Role::Manager, Locale::Arabic).await;
    assert_eq!(
        manager.post(&path, &[("title", "  "), ("language", "ar")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(manager.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    app.call(Method::POST, "/v1/themes/regroup", &json!({})).await;
    app.work().await;
    for path in [path.as_str(), "/themes"] {
        assert!(manager.get(path).await.text.contains("مشاكل &#60;التوصيل&#62;"), "{path}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_changes_themes_by_forms_and_undoes_each_change_with_one() {
    let app = TestApp::start().await;
    fill(&app).await;
    let listed = app.get("/v1/themes").await.json();
    let id = |at: usize| listed["items"][at]["id"].as_str().expect("a theme").to_owned();
    let (first, second) = (id(0), id(1));
    let agent = Browser::signed_in(&app, Role::Agent, Locale::Arabic).await;
    let manager = Browser::signed_in(&app, Role::Manager, Locale::English).await;
    let page = manager.get(&format!("/themes/{first}")).await.text;
    let record = field(&page, "record").to_owned();
    let undo = |html: &str| -> String {
        let form = Regex::new(r#"action="(/themes/edits/[^"]+/undo)""#).expect("a pattern");
        form.captures(html).map(|found| found[1].to_owned()).expect("a form that undoes")
    };
    let none: &[(&str, &str)] = &[];
    for (path, fields, leads_to) in [
        (format!("/themes/{first}/pin"), none, format!("/themes/{first}")),
        (format!("/themes/{first}/hide"), none, "/themes".to_owned()),
        (format!("/themes/{second}/merge"), &[("into", first.as_str())], format!("/themes/{first}")),
        (format!("/feedback/{record}/theme"), &[("theme", "")], format!("/feedback/{record}")),
        (format!("/themes/{first}/split"), &[("record", record.as_str())], String::new()),
    ] {
        assert_eq!(agent.post(&path, fields).await.status, StatusCode::FORBIDDEN, "{path}");
        let done = manager.post(&path, fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}: {}", done.text);
        assert!(location(&done).starts_with(&leads_to), "{path}: {}", location(&done));
        let shown = manager.get(location(&done)).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.text);
        if path.ends_with("/merge") {
            let old = manager.get(&format!("/themes/{second}")).await;
            assert_eq!((old.status, location(&old)), (StatusCode::SEE_OTHER, leads_to.as_str()), "{path}");
        }
        let log = manager.get("/themes").await.text;
        assert!(!agent.get("/themes").await.text.contains("/undo"), "{path}");
        let undone = manager.post(&undo(&log), none).await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{path}: {}", undone.text);
        assert_eq!(manager.get(location(&undone)).await.status, StatusCode::OK, "{path}");
        assert_eq!(app.get("/v1/themes").await.json()["items"], listed["items"], "{path} undone");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_chosen_once_and_empty_fields_leave_the_address() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app, Locale::English);
    let answer = browser.get("/sign-in?to=%2Finbox&lang=ar").await;
    assert_eq!((answer.status, location(&answer)), (StatusCode::SEE_OTHER, "/sign-in?to=%2Finbox"));
    assert!(answer.headers["set-cookie"].to_str().expect("ascii").starts_with("sada_lang=ar;"));
    assert!(browser.get("/sign-in").await.text.contains("Sign in"));
    assert!(Browser::new(&app, Locale::Arabic).get("/sign-in").await.text.contains("تسجيل الدخول"));
    let missing = Browser::new(&app, Locale::Arabic).get("/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text.contains("<h1>لا شيء هنا</h1>"), "{}", missing.text);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_is_written_by_managers_and_a_fault_is_shown_at_its_line() {
    let app = TestApp::start().await;
    fill(&app).await;
    let manager = Browser::signed_in(&app, Role::Manager, Locale::Arabic).await;
    let begun = manager.get("/journeys?id=ours").await;
    assert_eq!((begun.status, location(&begun)), (StatusCode::SEE_OTHER, "/journeys/ours/edit"));
    assert!(manager.get("/journeys/ours/edit").await.text.contains("رحلة جديدة"), "a new one begins with a pattern");
    assert_eq!(manager.get("/journeys/ours").await.status, StatusCode::NOT_FOUND);

    let wrong = "title = { ar = \"رحلتنا\" }\n[[step]]\nid = \"<b>\"\ntitle = { ar = \"التوصيل\" }\ntouchpoints = [\"توصيل\"]\n";
    let refused = manager.post("/journeys/ours/edit", &[("toml", wrong)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = refused.text.replace(['\u{2068}', '\u{2069}'], "");
    assert!(told.contains("السطر ٣:") && told.contains("id = &#34;&#60;b&#62;&#34;"), "{told}");
    assert!(told.contains("touchpoints = [&#34;توصيل&#34;]"), "what was written is still there: {told}");
    let fine = wrong.replace("<b>", "all").replace('\n', "\r\n");
    let written = manager.post("/journeys/ours/edit", &[("toml", &fine)]).await;
    assert_eq!((written.status, location(&written)), (StatusCode::SEE_OTHER, "/journeys/ours"), "{}", written.text);
    let file = manager.get("/journeys/ours/file").await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"ours.toml\"");
    assert_eq!(file.text, wrong.replace("<b>", "all"), "it can be imported as it was exported");

    let agent = Browser::signed_in(&app, Role::Agent, Locale::English).await;
    let page = agent.get("/journeys/ours").await.text;
    assert!(!page.contains("/journeys/ours/edit"), "who may not write sees no way to");
    assert_eq!(agent.post("/journeys/ours/edit", &[("toml", &fine)]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.post("/journeys/ours/remove", &[]).await.status, StatusCode::FORBIDDEN);
    let removed = manager.post("/journeys/ours/remove", &[]).await;
    assert_eq!((removed.status, location(&removed)), (StatusCode::SEE_OTHER, "/journeys"));
    assert_eq!(manager.post("/journeys/shop/remove", &[]).await.status, StatusCode::CONFLICT);
    app.finish().await;
}
