//! Sada's own part of the comparison with other engines: see `peers.py`, which runs it.
//!
//! Reads texts (a JSON string a line) and prints one line of JSON: how long they took, alone and together.

#![expect(clippy::expect_used, reason = "what a bench needs and lacks ends it")]

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use sada::inference::models::{self, ModelDir};
use sada::inference::{Engine, Heads, Input, Instructions, Precision, Settings};
use sada::privacy::{RawText, mask};
use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde_json::json;

/// Runs one engine over one set of texts.
#[derive(Parser)]
struct Args {
    /// File with a JSON string a line.
    texts: PathBuf,
    /// `f32` or `int8`.
    #[arg(long, value_parser = named::<Precision>)]
    precision: Precision,
    /// `auto`, `avx2` or `portable`.
    #[arg(long, default_value = "auto", value_parser = named::<Instructions>)]
    instructions: Instructions,
    /// How many of the texts are also run one at a time.
    #[arg(long, default_value_t = 100)]
    singles: usize,
    /// Run the tuned layers that the heads read, too.
    #[arg(long)]
    tuned: bool,
    /// File for the vectors, as little-endian single precision.
    #[arg(long)]
    vectors: Option<PathBuf>,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A value by its name in the settings; another name is refused with those that there are.
fn named<Value: DeserializeOwned>(name: &str) -> Result<Value, ValueError> {
    Value::deserialize(name.into_deserializer())
}

fn main() {
    let args = Args::parse();
    let engine = engine(&args);
    let lines = std::fs::read_to_string(&args.texts).expect("texts");
    let texts: Vec<Input> = lines.lines().map(input).collect();
    let alone: Vec<f64> = texts.iter().take(args.singles).map(|text| time(&engine, vec![text.clone()]).0).collect();
    let (seconds, vectors, tokens) = together(&engine, texts);
    if let Some(path) = &args.vectors {
        let mut file = std::fs::File::create(path).expect("a file for vectors");
        let bytes: Vec<u8> = vectors.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        file.write_all(&bytes).expect("written");
    }
    let measured = json!({ "seconds": seconds, "tokens": tokens, "alone_ms": alone, "resident_mb": resident_mb() });
    println!("{measured}");
}

fn engine(args: &Args) -> Engine {
    let dir = ModelDir::platform_default().expect("a cache folder");
    let folder = models::ensure_default(&dir, &models::terminal()).expect("the model can be pulled");
    let heads = Heads::builtin().expect("whole");
    let settings = Settings { precision: args.precision, instructions: args.instructions, ..Settings::default() };
    let engine = Engine::start(&folder, heads.tuned().filter(|_| args.tuned), settings).expect("it starts");
    let warm: Vec<Input> = std::iter::repeat_n(input("\"تأخر الطلب كثيرا ولم يرد أحد\""), 64).collect();
    engine.encode_blocking(warm).expect("it runs");
    engine
}

fn input(line: &str) -> Input {
    let text: String = serde_json::from_str(line).expect("a JSON string");
    Input { text: mask(&RawText::new(&text)).text, segments: Vec::new() }
}

/// Milliseconds for one call, and what came of it.
fn time(engine: &Engine, texts: Vec<Input>) -> (f64, Vec<Vec<f32>>, usize) {
    let start = Instant::now();
    let encoded = engine.encode_blocking(texts).expect("encoded");
    let elapsed = start.elapsed().as_secs_f64() * 1000.0;
    let tokens = encoded.iter().map(|text| text.tokens).sum();
    (elapsed, encoded.into_iter().map(|text| text.pooled.vector).collect(), tokens)
}

/// All texts in one call: seconds, vectors, tokens.
fn together(engine: &Engine, texts: Vec<Input>) -> (f64, Vec<Vec<f32>>, usize) {
    let (elapsed, vectors, tokens) = time(engine, texts);
    (elapsed / 1000.0, vectors, tokens)
}

/// Resident memory of this process in megabytes, where the system tells it.
fn resident_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}
