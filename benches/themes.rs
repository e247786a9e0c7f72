//! How long a full run over many vectors takes, and how much memory: `cargo bench --bench themes -- 100000`.
//!
//! The vectors are made here, like an encoder's: a part of the language, one of the topic, a little of the neighbouring
//! topic, and noise. What is timed is what a run computes: groups, and their match with the run before.

use std::collections::BTreeSet;
use std::time::Instant;

use sada::feedback::{FeedbackId, Language};
use sada::themes::{Item, Previous, Settings, continued, group};
use uuid::Uuid;

const WIDTH: usize = 384;
const TOPICS: usize = 300;

/// Topics that a head knows beforehand.
const KNOWN: usize = 131;

fn main() {
    let count = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(100_000);
    let items = items(count);
    let settings = Settings::default();
    let start = Instant::now();
    let found = group(&items, &settings);
    let grouped = start.elapsed().as_secs_f64();
    let previous: Vec<Previous> = (0..)
        .zip(&found.groups)
        .map(|(id, group)| Previous {
            id: Uuid::from_u128(id),
            members: group.members.clone(),
            centre: group.centre.clone(),
        })
        .collect();
    let (groups, unassigned) = (found.groups.len(), found.places.iter().filter(|place| place.group.is_none()).count());
    let done = continued(&previous, found, &items, &BTreeSet::new(), Uuid::nil);
    let total = start.elapsed().as_secs_f64();
    assert_eq!(done.ids.len(), groups);
    println!(
        "{count} vectors of {WIDTH}: {groups} groups, {unassigned} unassigned, {grouped:.1} s grouping, {total:.1} s in all, \
         {:.2} GB at most",
        peak_gb()
    );
}

fn items(count: usize) -> Vec<Item> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move || {
        // xorshift64 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    };
    let topics: Vec<Vec<f32>> = (0..TOPICS).map(|_| (0..WIDTH).map(|_| random()).collect()).collect();
    let languages: Vec<Vec<f32>> = (0..2).map(|_| (0..WIDTH).map(|_| 2.0 * random()).collect()).collect();
    let item = |number: usize| {
        let (topic, language) = (number * 7_919 % TOPICS, usize::from(number.is_multiple_of(3)));
        let next = &topics[(topic + 1) % TOPICS];
        let mut vector: Vec<f32> = (0..WIDTH)
            .map(|at| languages[language][at] + topics[topic][at] + 0.4 * next[at] + 1.6 * random())
            .collect();
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|value| *value /= length);
        Item {
            id: FeedbackId(Uuid::from_u128(number as u128)),
            vector,
            text: text(topic, &mut random),
            topics: (0..KNOWN).map(|at| if at == topic % KNOWN { 0.9 } else { 0.03 * random().abs() }).collect(),
            language: if language == 0 { Language::arabic() } else { Language::english() },
            touchpoint: None,
        }
    };
    (0..count).map(item).collect()
}

/// Twelve made words: nine of its topic's thirty and three of the hundred that all topics share.
fn text(topic: usize, random: &mut impl FnMut() -> f32) -> String {
    let mut word = |first: usize, count: usize| {
        format!("{:x}", (first + (random().abs() * count as f32) as usize) * 2_654_435_761 % 99_999_989)
    };
    let words = (0..12).map(|at| if at % 4 == 3 { word(0, 100) } else { word(1_000 + 30 * topic, 30) });
    words
        .map(|word| {
            word.chars().map(|digit| (b'a' + digit.to_digit(16).unwrap_or_default() as u8) as char).collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The most memory that this process had, in GB; 0 where the system doesn't tell.
fn peak_gb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default();
    kilobytes / 1e6
}
