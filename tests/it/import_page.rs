//! The import page as a browser without scripts meets it.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use sada::access::Role;
use sada::pipeline::uploads;
use sada::web::pages::locale::Locale;

use crate::pages::{Browser, location};
use crate::support::{Answer, TestApp};

/// A table as people have them: markup, a turn of direction, formulas, a phone number, and a line without text.
const TABLE: &str = "id,comment,nps,note\n\
    1,<script>alert(1)</script> الطلب تأخر,2,=cmd()\n\
    2,اتصلوا على 0551234567 وما أحد رد \u{202e}evil,1,b\n\
    3,,9,c\n\
    4,el mandoub et2akhar,11,d\n\
    5,شكراً لكم 🌷,10,e\n";

/// Sends a file as a form does.
async fn upload(app: &TestApp, browser: &Browser<'_>, name: &str, bytes: &[u8]) -> Answer {
    let mut body =
        format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--edge--\r\n");
    let request = browser.request(Method::POST, "/import").header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "multipart/form-data; boundary=edge");
    app.send(request.body(Body::from(body)).expect("a request")).await
}

/// Sends a file that is taken; the address of its import.
async fn uploaded(app: &TestApp, browser: &Browser<'_>, name: &str, bytes: &[u8]) -> String {
    let answer = upload(app, browser, name, bytes).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    location(&answer).to_owned()
}

/// The form as it is sent without a change.
fn form<'field>(what: &'field str, more: &[(&'field str, &'field str)]) -> Vec<(&'field str, &'field str)> {
    let fields = [("header", ""), ("encoding", ""), ("channel", "chat"), ("source", "crm"), ("do", what)];
    let unsaid = |(name, _): &(&str, &str)| more.iter().all(|(other, _)| other != name);
    fields.into_iter().filter(unsaid).chain(more.iter().copied()).collect()
}

fn waiting(app: &TestApp) -> Vec<std::fs::DirEntry> {
    let folder = app.folder.path().join("uploads");
    std::fs::read_dir(folder).map(|entries| entries.flatten().collect()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_seen_corrected_taken_in_and_its_refusals_downloaded() {
    let app = TestApp::start().await;
    let agent = Browser::signed_in(&app, Role::Agent, Locale::Arabic).await;
    let path = uploaded(&app, &agent, "<b>آراء</b>\u{202e}.csv", TABLE.as_bytes()).await;
    let page = agent.get(&path).await.text;
    assert!(page.contains("<select name=\"column-2\">") && page.contains("كما اكتُشف: \u{2068}النص\u{2069}"), "{page}");
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;") && page.contains("=cmd()"), "{page}");
    assert!(page.contains("[phone]") && !page.contains("0551234567"), "what is shown is masked: {page}");
    assert!(!page.contains("<script>") && !page.contains("<b>") && !page.contains('\u{202e}'), "{page}");
    assert_eq!(waiting(&app).len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = waiting(&app)[0].metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
    }

    let again = agent.post(&path, &form("look", &[("column-4", "touchpoint")])).await;
    assert_eq!((again.status, location(&again)), (StatusCode::SEE_OTHER, path.as_str()), "{}", again.text);
    assert!(agent.get(&path).await.text.contains("<option value=\"touchpoint\" selected>"));
    let go = agent.post(&path, &form("go", &[("column-4", "touchpoint")])).await;
    assert_eq!(go.status, StatusCode::SEE_OTHER, "{}", go.text);
    let running = agent.get(&path).await.text;
    assert!(running.contains("<noscript><meta http-equiv=\"refresh\" content=\"3\"></noscript>"), "{running}");
    assert_eq!(agent.post(&path, &form("go", &[])).await.status, StatusCode::CONFLICT, "once is enough");
    app.work().await;

    let done = agent.get(&path).await.text;
    assert!(done.contains("اكتمل") && !done.contains("http-equiv"), "{done}");
    for count in ["value=\"5\">٥</data>", "value=\"3\">٣</data>", "value=\"2\">٢</data>"] {
        assert!(done.contains(count), "{count} of {done}");
    }
    assert!(waiting(&app).is_empty(), "the file is gone");
    let csv = agent.get(&format!("{path}/refusals.csv")).await;
    assert_eq!(csv.headers["content-disposition"], "attachment; filename=\"refused.csv\"");
    let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0] == "line,reason" && lines[1].starts_with("4,") && lines[2].starts_with("5,"), "{lines:?}");
    let items = app.get("/v1/feedback").await.json();
    assert_eq!(items["items"].as_array().map(Vec::len), Some(3), "{items}");
    assert_eq!(
        (items["items"][0]["source"].as_str(), items["items"][0]["channel"].as_str()),
        (Some("crm"), Some("chat"))
    );
    let log = app.get("/v1/audit").await.text;
    for action in ["import_started", "import_finished", "exported"] {
        assert!(log.contains(action), "{action} in {log}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn importing_is_for_agents_from_our_own_page() {
    let app = TestApp::start().await;
    let agent = Browser::signed_in(&app, Role::Agent, Locale::English).await;
    let viewer = Browser::signed_in(&app, Role::Viewer, Locale::English).await;
    let path = uploaded(&app, &agent, "a.csv", TABLE.as_bytes()).await;
    for (status, refused) in [
        (StatusCode::FORBIDDEN, viewer.get("/import").await),
        (StatusCode::FORBIDDEN, viewer.get(&path).await),
        (StatusCode::FORBIDDEN, viewer.post(&path, &form("go", &[])).await),
        (StatusCode::FORBIDDEN, viewer.get(&format!("{path}/refusals.csv")).await),
        (StatusCode::FORBIDDEN, upload(&app, &viewer, "a.csv", b"text\nx\n").await),
        (StatusCode::SEE_OTHER, upload(&app, &Browser::new(&app, Locale::English), "a.csv", b"text\nx\n").await),
        (StatusCode::NOT_FOUND, agent.get("/import/0197a000-0000-7000-8000-000000000000").await),
    ] {
        assert_eq!(refused.status, status, "{}", refused.text);
    }
    assert!(!viewer.get("/inbox").await.text.contains("href=\"/import\""), "who may not import sees no way there");
    let elsewhere = agent.request(Method::POST, "/import").header("sec-fetch-site", "cross-site");
    let elsewhere = elsewhere.header("content-type", "multipart/form-data; boundary=edge");
    let elsewhere = app.send(elsewhere.body(Body::from("--edge--\r\n")).expect("a request")).await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    for (name, value) in
        [("encoding", "klingon"), ("channel", "fax"), ("source", ""), ("column-1", "nonsense"), ("column-x", "text")]
    {
        let refused = agent.post(&path, &form("go", &[(name, value)])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    assert_eq!(agent.post(&path, &form("discard", &[])).await.status, StatusCode::SEE_OTHER);
    assert!(waiting(&app).is_empty());
    assert_eq!(agent.post(&path, &form("go", &[])).await.status, StatusCode::CONFLICT);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_read_is_told_in_both_languages() {
    let app = TestApp::start_with(&[("web.max_upload_bytes", "4096")]).await;
    for (locale, empty, large, no_text) in [
        (Locale::Arabic, "لا شيء في هذا الملف", "هذا الملف أكبر من", "لا يبدو أي عمود أنه ما كتبه العملاء"),
        (
            Locale::English,
            "There is nothing in this file",
            "This file is larger than",
            "No column looks like what customers wrote",
        ),
    ] {
        let browser = Browser::signed_in(&app, Role::Agent, locale).await;
        let answer = upload(&app, &browser, "a.csv", b"").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(empty), "{}", answer.text);
        let answer = upload(&app, &browser, "a.csv", &vec![b'x'; 5_000]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text.contains(large), "{}", answer.text);
        assert!(waiting(&app).is_empty(), "what is refused does not stay");

        let header = uploaded(&app, &browser, "a.csv", b"comment,nps\n").await;
        let page = browser.get(&header).await.text;
        assert!(page.contains(empty) && !page.contains("value=\"go\""), "{page}");
        let numbers = uploaded(&app, &browser, "a.csv", b"a,b\n1,2\n3,4\n5,6\n").await;
        let page = browser.get(&numbers).await.text;
        assert!(page.contains(no_text) && !page.contains("value=\"go\""), "{page}");
        assert!(page.contains("<select name=\"column-2\">"), "it can be corrected: {page}");
        browser.post(&numbers, &form("look", &[("column-2", "text"), ("column-1", "metadata")])).await;
        let page = browser.get(&numbers).await.text;
        assert!(!page.contains(no_text) && page.contains("value=\"go\""), "{page}");

        let (arabic, _, _) = encoding_rs::WINDOWS_1256.encode("التعليق,التقييم\nالطلب تأخر كثيرا ولم يصل,1\n");
        let path = uploaded(&app, &browser, "a.csv", &arabic).await;
        let page = browser.get(&path).await.text;
        assert!(page.contains("windows-1256") && page.contains("الطلب تأخر كثيرا ولم يصل"), "{page}");
        let broken = uploaded(&app, &browser, "a.xlsx", b"PK\x03\x04 not really").await;
        assert!(browser.get(&broken).await.text.contains("class=\"warn\""));
        for path in [header, numbers, path, broken] {
            browser.post(&path, &form("discard", &[])).await;
        }
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_neither_loses_nor_doubles_a_line() {
    let app = TestApp::start().await;
    let agent = Browser::signed_in(&app, Role::Agent, Locale::English).await;
    let mut table = "comment\n".to_owned();
    for number in 0..300 {
        writeln!(table, "the courier was late, message {number}").expect("memory");
    }
    let path = uploaded(&app, &agent, "a.csv", table.as_bytes()).await;
    assert_eq!(agent.post(&path, &form("go", &[])).await.status, StatusCode::SEE_OTHER);
    // as if the process had died after a batch: its lines are stored, and the job is still there
    let id = path.trim_start_matches("/import/").parse().expect("an id");
    let import = uploads::import(&app.app, id).await.expect("there");
    let mut tx = app.app.db.begin().await.expect("begun");
    let advance = sada::stores::sql::imports::Advance { accepted: 256, ..Default::default() };
    sada::stores::sql::imports::advance(&mut tx, &import, &advance, app.app.clock.now()).await.expect("moved");
    tx.commit().await.expect("kept");
    let app = app.restart().await;
    app.work().await;
    let import = uploads::import(&app.app, id).await.expect("there");
    assert_eq!((import.lines, import.accepted, import.state.name()), (300, 300, "done"));
    let stored = app.get("/v1/feedback?limit=1000").await.json();
    assert_eq!(stored["items"].as_array().map(Vec::len), Some(44), "only what was not done is read");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_goes_on_with_is_deleted_after_an_hour() {
    let app = TestApp::start().await;
    let agent = Browser::signed_in(&app, Role::Agent, Locale::English).await;
    let path = uploaded(&app, &agent, "a.csv", TABLE.as_bytes()).await;
    app.app.clock.advance(chrono::TimeDelta::minutes(59));
    uploads::expire(&app.app).await.expect("nothing is old");
    assert_eq!(waiting(&app).len(), 1);
    app.app.clock.advance(chrono::TimeDelta::minutes(2));
    uploads::expire(&app.app).await.expect("it is old");
    assert!(waiting(&app).is_empty());
    assert!(agent.get(&path).await.text.contains("Deleted unread"));
    app.finish().await;
}
