//! A crash in the middle of an import: nothing that was accepted is lost, nothing is doubled.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use sada::stores::sql::DatabaseSettings;
use sada::stores::sql::feedback::{self, Filter};
use sada::stores::sql::{Db, jobs};
use sada::stores::vectors::{VectorIndex, VectorSettings};
use serde_json::Value;

/// How many lines the import has.
const LINES: usize = 5_000;

/// The crash comes when this many were analysed.
const KILL_AFTER: u64 = 300;

fn sada(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sada"));
    command.arg("--data-dir").arg(folder).env("SADA_WEB__REQUESTS_PER_MINUTE", "0");
    command
}

fn serve(folder: &Path) -> (Child, String) {
    let mut process =
        sada(folder).args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().expect("sada serve starts");
    let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
    let ready = lines.find_map(|line| line.ok()?.strip_prefix("ready ").map(str::to_owned));
    (process, ready.expect("it gets ready"))
}

fn lines() -> String {
    let words = ["تأخر", "الطلب", "refund", "wallet", "الدفع", "courier", "جوالي", "app"];
    (0..LINES).fold(String::new(), |mut all, number| {
        let (first, second) = (words[number % words.len()], words[number / words.len() % words.len()]);
        writeln!(all, r#"{{"external_id":"k-{number}","text":"{first} {second} {number}"}}"#).expect("memory");
        all
    })
}

/// A number that the server tells of itself.
fn metric(address: &str, name: &str) -> Option<u64> {
    let text = ureq::get(format!("{address}/metrics")).call().ok()?.body_mut().read_to_string().ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.rsplit(' ').next()?.parse::<f64>().ok().map(|count| count as u64)
}

fn import(address: &str, token: &str, body: &str) -> Option<Value> {
    let mut answer = ureq::post(format!("{address}/v1/feedback/import"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/x-ndjson")
        .send(body.as_bytes())
        .ok()?;
    answer.body_mut().read_json().ok()
}

#[test]
fn a_kill_in_the_middle_of_an_import_loses_nothing_and_doubles_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = sada(folder.path()).args(["token", "create", "kill", "--scopes", "admin"]).output().expect("it runs");
    let token = String::from_utf8(made.stdout).expect("UTF-8").trim().to_owned();
    let body = lines();

    let (mut process, address) = serve(folder.path());
    let sender = {
        let (address, token, body) = (address.clone(), token.clone(), body.clone());
        thread::spawn(move || import(&address, &token, &body))
    };
    while metric(&address, "sada_feedback_analysed_total").unwrap_or_default() < KILL_AFTER {
        assert!(process.try_wait().expect("a state").is_none(), "the server ended by itself");
    }
    runtime().block_on(wait_for_a_batch_in_hand(folder.path()));
    process.kill().expect("kill -9");
    process.wait().expect("it is gone");
    drop(sender.join());
    let accepted = runtime().block_on(count(folder.path()));
    assert!(accepted > 0, "something was accepted before the kill");

    let file = folder.path().join("import.ndjson");
    std::fs::write(&file, &body).expect("it can be written");
    let again = sada(folder.path()).arg("import").arg(&file).args(["--source", "api"]).output().expect("it runs");
    let told = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(again.status.success(), "{told}{}", String::from_utf8_lossy(&again.stderr));
    let expected = format!("{} new, {accepted} there already, 0 refused", LINES as u64 - accepted);
    assert!(told.contains(&expected), "not {expected:?} but {told:?}");
    runtime().block_on(check(folder.path()));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

async fn open(folder: &Path) -> Db {
    Db::open(&DatabaseSettings::sqlite(&folder.join("sada.db"))).await.expect("the database opens")
}

/// Looks into the database beside the server until a worker holds jobs, which it does nearly always.
async fn wait_for_a_batch_in_hand(folder: &Path) {
    let db = open(folder).await;
    while jobs::pending(&db).await.expect("jobs").iter().all(|kind| kind.held == 0) {}
    db.close().await;
}

async fn count(folder: &Path) -> u64 {
    let db = open(folder).await;
    let total = feedback::counts(&db, &Filter::default()).await.expect("counts").total;
    db.close().await;
    total
}

async fn check(folder: &Path) {
    let db = open(folder).await;
    let counts = feedback::counts(&db, &Filter::default()).await.expect("counts");
    assert_eq!((counts.total, counts.analysed), (LINES as u64, LINES as u64));
    let left = jobs::pending(&db).await.expect("jobs");
    assert!(left.iter().all(|kind| kind.kind != "analyse" || (kind.live, kind.dead) == (0, 0)), "no job is left");
    let index = VectorIndex::open(&VectorSettings::default(), &folder.join("vectors"), 384).await.expect("it opens");
    assert_eq!(index.count().await.expect("a count"), LINES as u64, "one vector each");
}
