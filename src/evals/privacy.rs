//! Whether personal data leaves texts, and nothing else.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::report::Section;
use crate::privacy::{RawText, mask};

/// Messages of the demo set, and what was planted in each.
const MESSAGES: &str = include_str!("../../evals/demo/feedback.ndjson");
const TRUTH: &str = include_str!("../../evals/demo/truth.ndjson");

/// The name of that set in the report.
const DATASET: &str = "demo";

#[derive(Deserialize)]
struct Message {
    external_id: String,
    text: String,
}

#[derive(Deserialize)]
struct Planted {
    external_id: String,
    language: String,
    personal: Vec<String>,
}

/// Counts of one slice.
#[derive(Default)]
struct Tally {
    planted: usize,
    masked: usize,
    clean: usize,
    spoiled: usize,
}

pub(super) fn measure(section: &mut Section) {
    let planted: Vec<Planted> = lines(TRUTH);
    let planted: HashMap<&str, &Planted> = planted.iter().map(|it| (it.external_id.as_str(), it)).collect();
    let mut slices = ["all", "ar", "en"].map(|slice| (slice, Tally::default()));
    for Message { external_id, text } in lines(MESSAGES) {
        let Some(Planted { language, personal, .. }) = planted.get(external_id.as_str()) else { continue };
        let of = slices.iter_mut().filter(|(slice, _)| *slice == "all" || slice == language);
        of.for_each(|(_, tally)| tally.count(&text, personal));
    }
    for (slice, tally) in slices {
        section.share((DATASET, slice, "planted values masked"), tally.masked, tally.planted);
        section.share((DATASET, slice, "masked without need"), tally.spoiled, tally.clean);
    }
}

#[expect(clippy::expect_used, reason = "the demo set is part of the binary and a test reads it")]
fn lines<Line: DeserializeOwned>(text: &str) -> Vec<Line> {
    text.lines().map(|line| serde_json::from_str(line).expect("BUG: the demo set can't be read")).collect()
}

impl Tally {
    fn count(&mut self, text: &str, personal: &[String]) {
        let masked = mask(&RawText::new(text));
        self.planted += personal.len();
        self.masked += personal.iter().filter(|value| !masked.text.as_str().contains(value.as_str())).count();
        self.clean += usize::from(personal.is_empty());
        self.spoiled += usize::from(personal.is_empty() && masked.text.as_str() != text);
    }
}
