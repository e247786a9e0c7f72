//! A real client against a running server: how long one short text takes, and how many a second there are.
//!
//! `cargo bench --bench load` starts `sada serve` in a fresh folder, classifies with 1, 8 and 64 callers, and prints a table.

#![expect(clippy::expect_used, reason = "what a bench needs and lacks ends it")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long each number of callers is measured.
const SPAN: Duration = Duration::from_secs(10);

/// Its short messages are sent in turn.
const MESSAGES: &str = include_str!("../evals/demo/feedback.ndjson");

/// What every caller shares.
struct Load {
    address: String,
    token: String,
    texts: Vec<String>,
    next: AtomicUsize,
    busy: AtomicUsize,
}

/// A server that ends with the bench.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = token(folder.path());
    let (server, address) = serve(folder.path());
    let load = Load { address, token, texts: texts(), next: AtomicUsize::new(0), busy: AtomicUsize::new(0) };
    round(&load, 4, Duration::from_secs(3));
    println!("callers   median ms    p99 ms   items/s   429s   resident MB");
    for callers in [1, 8, 64] {
        load.busy.store(0, Ordering::Relaxed);
        let start = Instant::now();
        let sorted_ms = round(&load, callers, SPAN);
        let rate = sorted_ms.len() as f64 / start.elapsed().as_secs_f64();
        let at = |share: f64| sorted_ms[((sorted_ms.len() - 1) as f64 * share) as usize];
        let (busy, resident) = (load.busy.load(Ordering::Relaxed), resident_mb(server.0.id()));
        println!("{callers:>7} {:>11.1} {:>9.1} {rate:>9.1} {busy:>6} {resident:>13}", at(0.5), at(0.99));
    }
}

fn texts() -> Vec<String> {
    let text = |line: &str| serde_json::from_str::<Value>(line).expect("NDJSON")["text"].as_str().map(str::to_owned);
    MESSAGES.lines().filter_map(text).filter(|text| text.chars().count() <= 140).collect()
}

fn sada(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sada"));
    command.arg("--data-dir").arg(folder);
    command
}

fn token(folder: &Path) -> String {
    let made = sada(folder).args(["token", "create", "bench"]).stderr(Stdio::inherit()).output().expect("it runs");
    String::from_utf8(made.stdout).expect("UTF-8").trim().to_owned()
}

fn serve(folder: &Path) -> (Server, String) {
    let mut command = sada(folder);
    command
        .args(["serve", "--port", "0"])
        .env("SADA_WEB__REQUESTS_PER_MINUTE", "0")
        .env("SADA_LOG__FILTER", "warn")
        .stdout(Stdio::piped());
    let mut process = command.spawn().expect("it starts");
    let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
    let ready = lines.find_map(|line| line.ok()?.strip_prefix("ready ").map(str::to_owned));
    (Server(process), ready.expect("it gets ready"))
}

/// Milliseconds of every answered call, sorted.
fn round(load: &Load, callers: usize, span: Duration) -> Vec<f64> {
    let until = Instant::now() + span;
    let mut times: Vec<f64> = thread::scope(|scope| {
        let handles: Vec<_> = (0..callers).map(|_| scope.spawn(move || call(load, until))).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("a caller")).collect()
    });
    times.sort_by(f64::total_cmp);
    times
}

fn call(load: &Load, until: Instant) -> Vec<f64> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut times = Vec::new();
    while Instant::now() < until {
        let text = &load.texts[load.next.fetch_add(1, Ordering::Relaxed) % load.texts.len()];
        let start = Instant::now();
        let mut response = agent
            .post(format!("{}/v1/classify", load.address))
            .header("authorization", format!("Bearer {}", load.token))
            .send_json(json!({ "items": [{ "text": text }] }))
            .expect("an answer");
        response.body_mut().read_to_vec().expect("a body");
        match response.status().as_u16() {
            200 => times.push(start.elapsed().as_secs_f64() * 1000.0),
            429 => drop(load.busy.fetch_add(1, Ordering::Relaxed)),
            other => panic!("status {other}"),
        }
    }
    times
}

/// Resident memory of a process in megabytes, where the system tells it.
fn resident_mb(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or("?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
