//! How long the model takes for one short text, and for many at once: masked text in, understanding out.
//!
//! `cargo bench --bench engine`; the model is fetched if it is missing.

#![expect(clippy::expect_used, reason = "what a bench needs and lacks ends it")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use sada::config;
use sada::inference::models::{self, ModelDir};
use sada::inference::{Heads, Reader};
use sada::privacy::{RawText, Text, mask};

/// Messages of every length and dialect.
const MESSAGES: &str = include_str!("../evals/demo/feedback.ndjson");

/// As many as an import sends at once.
const MANY: usize = 64;

fn reader() -> Reader {
    let dir = ModelDir::platform_default().expect("a cache folder");
    let folder = models::ensure_default(&dir, &models::terminal()).expect("the model can be pulled");
    let settings = config::load(None, &Vec::new()).expect("the defaults").engine;
    Reader::start(&folder, Heads::builtin().expect("whole"), &settings).expect("it starts")
}

fn texts() -> Vec<Text> {
    let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("NDJSON");
    let text = |line: serde_json::Value| mask(&RawText::new(line["text"].as_str().expect("a text"))).text;
    MESSAGES.lines().map(|each| text(line(each))).collect()
}

fn understanding(criterion: &mut Criterion) {
    let (reader, texts) = (reader(), texts());
    for (name, size) in [("one text", 1), ("64 texts", MANY)] {
        let mut batches = texts.chunks_exact(size).cycle();
        let mut group = criterion.benchmark_group("understand");
        group.sample_size(10).throughput(Throughput::Elements(size as u64));
        group.bench_function(name, |bencher| {
            let next = || batches.next().expect("it goes round").to_vec();
            let run = |texts| reader.understand_blocking(texts).expect("understood");
            bencher.iter_batched(next, run, BatchSize::PerIteration);
        });
        group.finish();
    }
}

criterion_group!(benches, understanding);
criterion_main!(benches);
