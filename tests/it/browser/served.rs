//! A whole Sada behind a socket, with somebody who may sign in.

use std::future::pending;
use std::time::Duration;

use chrono::TimeDelta;
use sada::access::{Actor, Password, Role, Scope, UserName};
use sada::app::App;
use sada::clock::Clock;
use sada::config;
use sada::pipeline::{self, tokens};
use sada::{server, telemetry, worker};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::support::reader;

/// Who signs in.
pub(crate) const NAME: &str = "noura";
/// With this.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// How often the clock goes on.
const TICK: Duration = Duration::from_millis(200);

/// The morning after the demo's last message.
const MORNING: &str = "2026-11-16T06:00:00Z";

/// A running Sada; dropping it ends it.
pub(crate) struct Served {
    /// Where its pages are.
    pub(crate) address: String,
    token: String,
    runtime: Runtime,
    _folder: TempDir,
}

impl Served {
    /// Starts one that has taken these lines in, understood and grouped them.
    pub(crate) fn start(lines: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = TempDir::new().expect("a folder");
        let flags =
            vec![("data.folder", folder.path().display().to_string()), ("web.utc_offset_minutes", "180".to_owned())];
        let config = config::load(None, &flags).expect("settings");
        let clock = Clock::manual(MORNING.parse().expect("a time"));
        let (address, token) = runtime.block_on(async {
            let opened = server::open(&config, clock, reader()).await.expect("it opens");
            let token = admin(&opened.app).await;
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = format!("http://{}", listener.local_addr().expect("an address"));
            let app = opened.app.clone();
            let settings = config.worker.clone();
            tokio::spawn(go_on(app.clock.clone()));
            tokio::spawn(async move { server::run(opened, listener, &config, telemetry::metrics(), pending()).await });
            import(&address, &token, lines.to_owned()).await;
            worker::finish(&app, &settings, |_| {}).await.expect("understood");
            pipeline::request_clustering(&app).await.expect("asked");
            worker::finish(&app, &settings, |_| {}).await.expect("grouped");
            pipeline::request_profiling(&app).await.expect("asked");
            worker::finish(&app, &settings, |_| {}).await.expect("told apart");
            (address, token)
        });
        Self { address, token, runtime, _folder: folder }
    }

    /// Sends more lines to the API.
    pub(crate) fn import(&self, lines: &str) {
        self.runtime.block_on(import(&self.address, &self.token, lines.to_owned()));
    }
}

/// Lets the clock go on from the morning at which it began: what is new is told by time.
async fn go_on(clock: Clock) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        clock.advance(TimeDelta::milliseconds(200));
    }
}

async fn admin(app: &App) -> String {
    let name: UserName = NAME.parse().expect("a name");
    let password = Password::new(PASSWORD).expect("long enough");
    pipeline::create_user(&app.db, &app.clock, &Actor::Operator, name, Role::Admin, password).await.expect("made");
    let made = tokens::create_token(app, &Actor::Operator, "browser".to_owned(), vec![Scope::Admin], None).await;
    made.expect("a token").1.reveal().to_owned()
}

/// Over HTTP, as a program would.
async fn import(address: &str, token: &str, lines: String) {
    let (url, token) = (format!("{address}/v1/feedback/import"), format!("Bearer {token}"));
    let sent = tokio::task::spawn_blocking(move || {
        ureq::post(url).header("Authorization", token).header("Content-Type", "application/x-ndjson").send(lines)
    });
    sent.await.expect("sent").expect("taken");
}
