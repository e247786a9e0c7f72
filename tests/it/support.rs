//! The real app in process: temporary folder, a clock that stands still, the real model, no socket.

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use chrono::{DateTime, TimeZone, Utc};
use http_body_util::BodyExt;
use sada::access::{Actor, Scope};
use sada::app::App;
use sada::clock::Clock;
use sada::config::{self, Config};
use sada::inference::models::{self, ModelDir};
use sada::inference::{Heads, Reader};
use sada::pipeline::tokens;
use sada::stores::sql::jobs;
use sada::worker::{self, Step};
use sada::{server, telemetry, web};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// When every test begins.
pub(crate) fn start_time() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 9, 0, 0).single().expect("a date")
}

/// The real model, loaded once for all tests.
pub(crate) fn reader() -> Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER
        .get_or_init(|| {
            let dir = ModelDir::platform_default().expect("a cache folder");
            let folder = models::ensure_default(&dir, &models::quiet).expect("the model can be pulled");
            let heads = Heads::builtin().expect("the heads are in the binary");
            Reader::start(&folder, heads, &config::load(None, &Vec::new()).expect("the defaults").engine)
                .expect("a model")
        })
        .clone()
}

/// A whole Sada in a folder of its own.
pub(crate) struct TestApp {
    /// What is wired.
    pub(crate) app: App,
    /// Its settings.
    pub(crate) config: Config,
    router: Router,
    admin: String,
    /// Where its data lies.
    pub(crate) folder: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body as it is.
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text))
    }
}

impl TestApp {
    /// Starts one with the default settings.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts one with other settings.
    pub(crate) async fn start_with(flags: &[(&'static str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut all: config::Flags = flags.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        all.push(("data.folder", folder.path().display().to_string()));
        let config = config::load(None, &all).expect("settings");
        let (app, router) = Self::open(&config).await;
        let created = tokens::create_token(&app, &Actor::Operator, "test".to_owned(), vec![Scope::Admin], None).await;
        let admin = created.expect("a token").1.reveal().to_owned();
        Self { app, config, router, admin, folder }
    }

    async fn open(config: &Config) -> (App, Router) {
        let opened = server::open(config, Clock::manual(start_time()), reader()).await.expect("it opens");
        let app = opened.app.clone();
        let router = web::router(app.clone(), telemetry::metrics(), &config.web);
        (app, router)
    }

    /// A token that allows only these.
    pub(crate) async fn token(&self, scopes: &[Scope]) -> String {
        let created =
            tokens::create_token(&self.app, &Actor::Operator, "narrow".to_owned(), scopes.to_vec(), None).await;
        created.expect("a token").1.reveal().to_owned()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
    }

    /// Begins a request whose answer has no end.
    pub(crate) async fn listen(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.expect("the router never fails")
    }

    /// Gets a path as the admin.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    /// How many items a path lists over all of its pages.
    pub(crate) async fn listed(&self, path: &str) -> u64 {
        let joint = if path.contains('?') { '&' } else { '?' };
        let (mut count, mut cursor) = (0, String::new());
        loop {
            let page = self.get(&format!("{path}{joint}limit=100{cursor}")).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
            let page = page.json();
            count += page["items"].as_array().expect("items").len() as u64;
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return count,
            }
        }
    }

    /// Sends JSON to a path as the admin.
    pub(crate) async fn call(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    /// A request of the admin, to be finished.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", self.admin))
    }

    /// Ends without a look at what is left; its folder stays.
    pub(crate) async fn stop(self) -> (Config, TempDir) {
        self.app.db.close().await;
        (self.config, self.folder)
    }

    /// Ends and starts again over the same folder.
    pub(crate) async fn restart(self) -> Self {
        let admin = self.admin.clone();
        let (config, folder) = self.stop().await;
        let (app, router) = Self::open(&config).await;
        Self { app, config, router, admin, folder }
    }

    /// Does all work that is due.
    pub(crate) async fn work(&self) -> usize {
        let mut total = 0;
        while let Step::Worked(count) =
            worker::step(&self.app, &self.config.worker).await.expect("the queue can be read")
        {
            total += count;
        }
        total
    }

    /// Ends the test: leftover jobs fail it.
    pub(crate) async fn finish(self) {
        let left: u64 =
            jobs::pending(&self.app.db).await.expect("a count").iter().map(|kind| kind.live + kind.dead).sum();
        assert_eq!(left, 0, "jobs were left over");
        self.app.db.close().await;
    }
}
