//! Compares ways to group texts: density, neighbour graph (the product's own), agglomerative.
//!
//! `themes-compare NAME LABELS VECTORS [NAME LABELS VECTORS]…` prints one Markdown table.
//! LABELS holds `{id, label, lang, touchpoint?}` lines, VECTORS the `{id, vector}` lines that `sada embed` writes.
//! Every method sees the same vectors and chooses its granularity without the labels.

mod agglomerative;
mod density;

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use leiden_rs::metrics::{ari, v_measure};
use sada::feedback::{FeedbackId, Language, Touchpoint};
use sada::themes::{Item, Settings, group};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Deserialize)]
struct Label {
    id: String,
    #[serde(alias = "theme")]
    label: String,
    lang: String,
    touchpoint: Option<String>,
    /// Without it, texts are compared by their vectors alone.
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    vector: Vec<f32>,
}

struct Set {
    items: Vec<Item>,
    labels: Vec<usize>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    println!(
        "| set | texts | labels | method | V | ARI | groups | unassigned | CPU s |\n|---|---|---|---|---|---|---|---|---|"
    );
    for triple in arguments.chunks(3) {
        let [name, labels, vectors] = triple else {
            return Err("give NAME LABELS VECTORS, as often as you like".into());
        };
        compare(name, &read(labels, vectors)?);
    }
    Ok(())
}

fn compare(name: &str, set: &Set) {
    let meanings = without_language(&set.items);
    let plain = Settings { touchpoint_weight: 0.0, ..Settings::default() };
    row(name, set, "density: PCA 15 + HDBSCAN", || density::group(&meanings));
    for (method, title) in
        [(kodama::Method::Average, "agglomerative: average"), (kodama::Method::Ward, "agglomerative: Ward")]
    {
        row(name, set, title, || agglomerative::group(&meanings, method));
    }
    row(name, set, "graph: 10 neighbours + Leiden (`themes::group`)", || ours(&set.items, &plain));
    if set.items.iter().any(|item| item.touchpoint.is_some()) {
        row(name, set, "the same, with touchpoints", || ours(&set.items, &Settings::default()));
    }
    row(name, set, "the same, both levels", || both_levels(&set.items, &Settings::default()));
}

fn row(name: &str, set: &Set, method: &str, run: impl FnOnce() -> Vec<Option<usize>>) {
    let start = cpu_seconds();
    let found = run();
    let seconds = cpu_seconds() - start;
    let groups = found.iter().flatten().max().map_or(0, |last| last + 1);
    let unassigned = found.iter().filter(|group| group.is_none()).count() as f64 / found.len() as f64;
    // Over all texts: the unassigned count as one more group.
    let all: Vec<usize> = found.iter().map(|group| group.unwrap_or(groups)).collect();
    let labels = set.labels.iter().max().map_or(0, |last| last + 1);
    println!(
        "| {name} | {} | {labels} | {method} | {:.3} | {:.3} | {groups} | {:.1} % | {seconds:.2} |",
        found.len(),
        v_measure(&set.labels, &all),
        ari(&set.labels, &all),
        unassigned * 100.0,
    );
}

/// Processor time of this process, all threads: the clock on the wall means little on a shared machine (Linux only).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn ours(items: &[Item], settings: &Settings) -> Vec<Option<usize>> {
    group(items, settings).places.into_iter().map(|place| place.group).collect()
}

/// The sub-theme within the theme of each item.
fn both_levels(items: &[Item], settings: &Settings) -> Vec<Option<usize>> {
    let mut numbers = BTreeMap::new();
    let mut number = |home| {
        let next = numbers.len();
        *numbers.entry(home).or_insert(next)
    };
    group(items, settings)
        .places
        .into_iter()
        .map(|place| place.group.map(|group| number((group, place.part))))
        .collect()
}

fn read(labels: &str, vectors: &str) -> Result<Set, Box<dyn Error>> {
    let mut vectors: HashMap<String, Vec<f32>> =
        lines::<Vector>(vectors)?.into_iter().map(|line| (line.id, line.vector)).collect();
    let mut names = BTreeMap::new();
    let mut set = Set { items: Vec::new(), labels: Vec::new() };
    for line in lines::<Label>(labels)? {
        let Some(vector) = vectors.remove(&line.id) else { continue };
        let next = names.len();
        set.labels.push(*names.entry(line.label).or_insert(next));
        set.items.push(Item {
            id: FeedbackId(Uuid::from_u128(set.items.len() as u128)),
            vector,
            text: line.text,
            topics: Vec::new(),
            language: Language::new(&line.lang),
            touchpoint: line.touchpoint.and_then(|name| Touchpoint::try_from(name).ok()),
        });
    }
    Ok(set)
}

fn lines<T: for<'a> Deserialize<'a>>(path: &str) -> Result<Vec<T>, Box<dyn Error>> {
    BufReader::new(File::open(path)?).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

/// Unit vectors without the mean of their language, for the methods that bring no remedy of their own.
fn without_language(items: &[Item]) -> Vec<Vec<f32>> {
    let mut sums: HashMap<&Language, (f32, Vec<f32>)> = HashMap::new();
    for item in items {
        let (count, sum) = sums.entry(&item.language).or_insert_with(|| (0.0, vec![0.0; item.vector.len()]));
        *count += 1.0;
        sum.iter_mut().zip(&item.vector).for_each(|(total, value)| *total += value);
    }
    items
        .iter()
        .map(|item| {
            let (count, sum) = &sums[&item.language];
            unit(item.vector.iter().zip(sum).map(|(value, total)| value - total / count).collect())
        })
        .collect()
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-9);
    vector.iter_mut().for_each(|value| *value /= length);
    vector
}
