//! The settings page: who sees what, who changes what, and what is kept of it.

use axum::http::StatusCode;
use sada::access::Role;
use sada::web::pages::locale::Locale;
use serde_json::json;

use crate::pages::{Browser, location};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reads_queues_and_due_times_and_admins_the_rest() {
    let app = TestApp::start().await;
    let viewer = Browser::signed_in(&app, Role::Viewer, Locale::Arabic).await;
    let page = viewer.get("/settings").await.text;
    for part in ["المدفوعات", "[triage.due.p1]", "first_reply_minutes = 15", "[[queue]]"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("/settings/users") && !page.contains("session_hours"), "{page}");
    for path in ["/settings/tokens", "/settings/users", "/settings/users/change"] {
        let fields = [("name", "x"), ("role", "admin"), ("password", "correct horse battery"), ("do", "role")];
        assert_eq!(viewer.post(path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let admin = Browser::signed_in(&app, Role::Admin, Locale::English).await;
    let page = admin.get("/settings").await.text;
    assert!(page.contains("web.session_hours") && page.contains("Command line"), "{page}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_works_until_it_is_withdrawn() {
    let app = TestApp::start().await;
    let admin = Browser::signed_in(&app, Role::Admin, Locale::English).await;
    let fields = [("name", "<i>bot</i>"), ("scope", "feedback:read"), ("scope", "classify"), ("days", "30")];
    let made = admin.post("/settings/tokens", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let secret = made.text.split("<code class=\"secret\">").nth(1).and_then(|rest| rest.split('<').next());
    let secret = secret.expect("the secret").to_owned();
    let again = admin.get("/settings").await.text;
    assert!(!again.contains(&secret) && again.contains("&#60;i&#62;bot"), "{again}");
    let request = || {
        let request = axum::http::Request::get("/v1/themes").header("authorization", format!("Bearer {secret}"));
        request.body(axum::body::Body::empty()).expect("a request")
    };
    assert_eq!(app.send(request()).await.status, StatusCode::OK);
    let tokens = app.get("/v1/tokens").await.json();
    let token = tokens["items"].as_array().expect("a list").iter().find(|token| token["name"] == "<i>bot</i>");
    let id = token.expect("it is listed")["id"].as_str().expect("an id").to_owned();
    assert_eq!(admin.post(&format!("/settings/tokens/{id}"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.send(request()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(admin.post(&format!("/settings/tokens/{id}"), &[]).await.status, StatusCode::NOT_FOUND);
    for fields in [
        vec![("name", "x")],
        vec![("name", " "), ("scope", "classify")],
        vec![("name", "x"), ("scope", "classify"), ("days", "0")],
    ] {
        let refused = admin.post("/settings/tokens", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(refused.text.contains("A token needs a name"), "{}", refused.text);
    }
    let log = app.get("/v1/audit").await.text;
    assert!(log.contains("token_created") && log.contains("token_revoked") && !log.contains(&secret), "{log}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_change_and_go_but_never_the_last_admin() {
    let app = TestApp::start().await;
    let admin = Browser::signed_in(&app, Role::Admin, Locale::Arabic).await;
    let new = |name, password| [("name", name), ("role", "viewer"), ("password", password)];
    let made = admin.post("/settings/users", &new("علي@example.org", "بطارية حصان صحيح")).await;
    assert_eq!((made.status, location(&made)), (StatusCode::SEE_OTHER, "/settings#people"), "{}", made.text);
    for (fields, told) in [
        (new("علي@example.org", "بطارية حصان صحيح"), "هذا الاسم مستخدم"),
        (new("a b", "بطارية حصان صحيح"), "ودون مسافات"),
        (new("sara", "short"), "١٢ حرفًا على الأقل"),
    ] {
        let refused = admin.post("/settings/users", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
        assert!(refused.text.contains(told), "{told} in {}", refused.text);
    }
    let change = async |fields: &[(&str, &str)]| admin.post("/settings/users/change", fields).await;
    let ali = ("name", "علي@example.org");
    let mut browser = Browser::new(&app, Locale::Arabic);
    let credentials = [ali, ("password", "بطارية حصان صحيح"), ("to", "/")];
    let answer = browser.post("/sign-in", &credentials).await;
    let cookie = answer.headers["set-cookie"].to_str().expect("ascii").split(';').next().expect("a pair").to_owned();
    browser.cookies = format!("{}; {cookie}", browser.cookies);
    assert_eq!(browser.get("/import").await.status, StatusCode::FORBIDDEN);
    assert_eq!(change(&[ali, ("do", "role"), ("role", "agent")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/import").await.status, StatusCode::OK, "the new role counts at once");
    let short = change(&[ali, ("do", "password"), ("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        change(&[ali, ("do", "password"), ("password", "another long password")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(browser.get("/import").await.status, StatusCode::SEE_OTHER, "the session is over");

    let me = ("name", "admin-ar");
    for fields in [[me, ("do", "role"), ("role", "viewer")], [me, ("do", "remove"), ("role", "")]] {
        let refused = change(&fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("المدير العام الوحيد"), "{}", refused.text);
    }
    assert_eq!(change(&[ali, ("do", "remove")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(change(&[ali, ("do", "remove")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(change(&[me, ("do", "dance")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let log = app.get("/v1/audit?subject=%D8%B9%D9%84%D9%8A%40example.org").await.json();
    let actions: Vec<_> =
        log["items"].as_array().expect("a list").iter().map(|entry| entry["action"].clone()).collect();
    let expected = ["user_removed", "password_changed", "role_changed", "signed_in", "user_created"];
    assert_eq!(actions, expected.map(|action| json!(action)));
    assert!(!log.to_string().contains("another long password"));
    app.finish().await;
}
