//! A real client against a running server: how long one short text takes, how many a second there are, and what happens
//! when there are too many.
//!
//! `cargo bench --bench load` starts `sada serve` in a fresh folder and prints tables;
//! `cargo bench --bench load -- --texts 100000` watches its memory for as many texts.

#![expect(clippy::expect_used, reason = "what a bench needs and lacks ends it")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use sada::config;
use sada::inference::models::{self, ModelDir};
use sada::inference::{Heads, Reader};
use sada::privacy::{RawText, Text, mask};
use serde_json::{Value, json};

/// Its short messages are sent in turn.
const MESSAGES: &str = include_str!("../evals/demo/feedback.ndjson");

/// Callers that the server's throughput is measured with.
const CALLERS: usize = 64;

/// Texts in a call where many are sent.
const TEXTS_A_CALL: usize = 64;

/// Calls at a time that ask for more than the queue's 1 024 places.
const TOO_MANY_CALLERS: usize = 40;

/// Rounds at half the load.
const ROUNDS: usize = 5;

#[derive(Parser)]
struct Args {
    /// Seconds for each row of the tables.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Texts that are classified while memory is watched.
    #[arg(long, default_value_t = 10_000)]
    texts: usize,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What every caller shares.
struct Load {
    address: String,
    token: String,
    texts: Vec<String>,
    next: AtomicUsize,
}

/// What came back, and after how many milliseconds.
#[derive(Default)]
struct Times {
    answered: Vec<f64>,
    refused: Vec<f64>,
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
    let args = Args::parse();
    let span = Duration::from_secs(args.seconds);
    let engine = engine_rate(span);
    println!("the engine by itself, {TEXTS_A_CALL} texts a call: {engine:.0} texts/s\n");
    let folder = tempfile::tempdir().expect("a folder");
    let token = token(folder.path());
    let (server, address) = serve(folder.path());
    let load = Load { address, token, texts: texts(), next: AtomicUsize::new(0) };
    let resident = || resident_mb(server.0.id());
    load.closed(4, 1, Duration::from_secs(3));
    println!("callers          median ms    p99 ms   texts/s   of the engine's   resident MB");
    let mut saturated = 0.0;
    for callers in [1, 8, CALLERS] {
        saturated = row(&format!("{callers:<12}"), &load.closed(callers, 1, span), span, engine, &resident());
    }
    half_the_load(&load, saturated / 2.0, span);
    overload(&load, span);
    println!("memory before: {} MB, after: {} MB\n", resident(), settled(resident));
    watch(&load, args.texts, resident);
}

/// Prints a row; says how many texts a second there were.
fn row(name: &str, times: &Times, span: Duration, engine: f64, resident: &str) -> f64 {
    let rate = times.answered.len() as f64 / span.as_secs_f64();
    let (p50, p99) = (at(&times.answered, 0.5), at(&times.answered, 0.99));
    println!("{name:<14} {p50:>11.1} {p99:>9.1} {rate:>9.0} {:>16.0}% {resident:>13}", rate / engine * 100.0);
    rate
}

/// Calls at random moments at half the rate of many callers, in rounds: what the machine does besides shows in the tail.
fn half_the_load(load: &Load, rate: f64, span: Duration) {
    println!("\nhalf the load    median ms    p90 ms    p99 ms   p99 of the median");
    let rounds = (0..ROUNDS).map(|round| {
        let times = load.open(rate, span);
        let [p50, p90, p99] = [0.5, 0.9, 0.99].map(|share| at(&times.answered, share));
        println!("round {:<8} {p50:>11.1} {p90:>9.1} {p99:>9.1} {:>18.1}x", round + 1, p99 / p50);
        p99 / p50
    });
    let mut ratios: Vec<f64> = rounds.collect();
    ratios.sort_by(f64::total_cmp);
    println!("median of rounds {:>46.1}x", at(&ratios, 0.5));
}

/// More texts than the queue has places for.
fn overload(load: &Load, span: Duration) {
    let times = load.closed(TOO_MANY_CALLERS, TEXTS_A_CALL, span);
    let (answered, refused) = (times.answered.len(), times.refused.len());
    println!(
        "\n{TOO_MANY_CALLERS} callers with {TEXTS_A_CALL} texts each: {answered} calls answered, {refused} refused (429);"
    );
    println!("refused after {:.1} ms (median), {:.1} ms (p99)", at(&times.refused, 0.5), at(&times.refused, 0.99));
}

/// Resident memory once nothing is under way any more.
fn settled(resident: impl Fn() -> String) -> String {
    thread::sleep(Duration::from_secs(2));
    resident()
}

/// Memory every tenth of the texts.
fn watch(load: &Load, texts: usize, resident: impl Fn() -> String) {
    println!("texts classified   resident MB");
    for tenth in 1..=10 {
        let until = texts * tenth / 10;
        let sent = AtomicUsize::new(texts * (tenth - 1) / 10);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    while sent.fetch_add(TEXTS_A_CALL, Ordering::Relaxed) < until {
                        load.call(TEXTS_A_CALL);
                    }
                });
            }
        });
        println!("{until:>16} {:>13}", resident());
    }
}

/// The value that a share of sorted values is below.
fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}

fn short(text: &str) -> bool {
    text.chars().count() <= 140
}

fn texts() -> Vec<String> {
    let text = |line: &str| serde_json::from_str::<Value>(line).expect("NDJSON")["text"].as_str().map(str::to_owned);
    MESSAGES.lines().filter_map(text).filter(|text| short(text)).collect()
}

/// Texts a second that the engine with its heads reads of the same texts, without a server.
fn engine_rate(span: Duration) -> f64 {
    let dir = ModelDir::platform_default().expect("a cache folder");
    let folder = models::ensure_default(&dir, &models::terminal()).expect("the model can be pulled");
    let settings = config::load(None, &Vec::new()).expect("the defaults").engine;
    let reader = Reader::start(&folder, Heads::builtin().expect("whole"), &settings).expect("it starts");
    let texts: Vec<Text> = texts().iter().map(|text| mask(&RawText::new(text)).text).collect();
    let start = Instant::now();
    let mut read = 0;
    for call in texts.chunks_exact(TEXTS_A_CALL).cycle() {
        read += reader.understand_blocking(call.to_vec()).expect("understood").len();
        if start.elapsed() > span {
            break;
        }
    }
    read as f64 / start.elapsed().as_secs_f64()
}

impl Load {
    /// So many callers, each with one call after another.
    fn closed(&self, callers: usize, texts: usize, span: Duration) -> Times {
        let until = Instant::now() + span;
        self.gather(callers, |times| {
            while Instant::now() < until {
                times.add(self.call(texts));
            }
        })
    }

    /// Calls at random moments, so many a second; each counts from the moment when it was due.
    fn open(&self, rate: f64, span: Duration) -> Times {
        let start = Instant::now();
        let (next, due) = (AtomicUsize::new(0), arrivals(rate, span));
        self.gather(CALLERS, |times| {
            while let Some(due) = due.get(next.fetch_add(1, Ordering::Relaxed)).map(|seconds| start + *seconds) {
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let (status, _) = self.call(1);
                times.add((status, due.elapsed()));
            }
        })
    }

    fn gather(&self, callers: usize, work: impl Fn(&mut Times) + Sync) -> Times {
        let work = || {
            let mut times = Times::default();
            work(&mut times);
            times
        };
        let mut all = Times::default();
        thread::scope(|scope| {
            let handles: Vec<_> = (0..callers).map(|_| scope.spawn(work)).collect();
            for times in handles.into_iter().map(|handle| handle.join().expect("a caller")) {
                all.answered.extend(times.answered);
                all.refused.extend(times.refused);
            }
        });
        all.answered.sort_by(f64::total_cmp);
        all.refused.sort_by(f64::total_cmp);
        all
    }

    /// One call: its status and how long it took.
    fn call(&self, texts: usize) -> (u16, Duration) {
        thread_local!(static AGENT: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into());
        let first = self.next.fetch_add(texts, Ordering::Relaxed);
        let items = (first..first + texts).map(|index| json!({ "text": self.texts[index % self.texts.len()] }));
        let body = json!({ "items": items.collect::<Vec<_>>() });
        let start = Instant::now();
        let mut response = AGENT
            .with(|agent| {
                let request = agent.post(format!("{}/v1/classify", self.address));
                request.header("authorization", format!("Bearer {}", self.token)).send_json(body)
            })
            .expect("an answer");
        response.body_mut().read_to_vec().expect("a body");
        (response.status().as_u16(), start.elapsed())
    }
}

impl Times {
    fn add(&mut self, (status, took): (u16, Duration)) {
        let milliseconds = took.as_secs_f64() * 1000.0;
        match status {
            200 => self.answered.push(milliseconds),
            429 => self.refused.push(milliseconds),
            other => panic!("status {other}"),
        }
    }
}

/// Moments of a Poisson process, by a fixed seed.
fn arrivals(rate: f64, span: Duration) -> Vec<Duration> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut now = 0.0;
    let gaps = std::iter::from_fn(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = ((state >> 11) as f64 + 1.0) / (1_u64 << 53) as f64;
        now -= share.ln() / rate;
        Some(Duration::from_secs_f64(now))
    });
    gaps.take_while(|moment| *moment < span).collect()
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

/// Resident memory of a process in megabytes, where the system tells it.
fn resident_mb(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.map_or("?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
