//! The table of triage cases, and what phrase rules alone make of it, without a model.

use sada::feedback::{
    Analysis, Language, LevelProbabilities, ModelInfo, Reading, Segment, SentimentProbabilities, Span, TriggerKind,
    Understanding,
};
use sada::privacy::Text;
use sada::triage::{Lessons, Rules, Settings, assess};
use serde::Deserialize;

/// One text with what must come out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) dialect: String,
    pub(crate) group: String,
    /// Any of these is right.
    pub(crate) priority: Vec<String>,
    pub(crate) triggers: Vec<Expected>,
    /// Kinds that must not be found.
    pub(crate) forbidden: Vec<TriggerKind>,
    /// Any of these is right.
    pub(crate) sentiment: Vec<String>,
}

/// A trigger that must be found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) kind: TriggerKind,
    /// Words that its span must touch.
    pub(crate) contains: String,
}

/// The whole table.
pub(crate) fn cases() -> Vec<Case> {
    let lines = include_str!("data/triage_cases.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// What is wrong with the priority, the triggers and their places; nothing if all is right.
pub(crate) fn complaints(case: &Case, analysis: &Analysis) -> Vec<String> {
    let mut complaints = Vec::new();
    let found = &analysis.urgency.triggers;
    if !case.priority.iter().any(|priority| priority == analysis.urgency.priority.name()) {
        complaints.push(format!("{} instead of {}", analysis.urgency.priority, case.priority.join(" or ")));
    }
    for expected in &case.triggers {
        let Some(words) = case.text.find(&expected.contains) else {
            complaints.push(format!("{:?} doesn't stand in the text", expected.contains));
            continue;
        };
        let words = Span::of_bytes(&case.text, words, words + expected.contains.len());
        if !found.iter().any(|trigger| trigger.kind == expected.kind && trigger.span.overlaps(&words)) {
            complaints.push(format!("no {} at {:?}", expected.kind, expected.contains));
        }
    }
    for kind in &case.forbidden {
        if let Some(trigger) = found.iter().find(|trigger| trigger.kind == *kind) {
            complaints.push(format!("{kind} at {:?}", trigger.text));
        }
    }
    complaints
}

/// What a model that sees nothing special says of `text`.
fn neutral(text: &str) -> Understanding {
    let level = LevelProbabilities { low: 0.8, medium: 0.15, high: 0.05 };
    let reading = Reading {
        sentiment: SentimentProbabilities { negative: 0.2, neutral: 0.6, positive: 0.2 },
        mixed: 0.0,
        impact: level,
        urgency: level,
        triggers: vec![0.0; TriggerKind::ALL.len()],
        first: 0.0,
    };
    let span = Span { start: 0, end: text.chars().count() };
    Understanding {
        language: Language::arabic(),
        dialect: None,
        supported: 1.0,
        place: Vec::new(),
        whole: reading.clone(),
        segments: vec![Segment { span, place: Vec::new(), reading }],
        windows: 1,
        truncated: false,
        model: ModelInfo { name: "none".to_owned(), digest: String::new() },
    }
}

#[test]
fn the_table_is_large_varied_and_sound() {
    let cases = cases();
    assert!(cases.len() >= 120, "{}", cases.len());
    for dialect in ["msa", "gulf", "egyptian", "levantine", "maghrebi", "arabizi", "english", "mixed"] {
        assert!(cases.iter().filter(|case| case.dialect == dialect).count() >= 5, "{dialect}");
    }
    let mut ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), cases.len(), "each case has an id of its own");
    assert!(cases.iter().all(|case| !case.group.is_empty() && !case.sentiment.is_empty()));
}

#[test]
fn phrases_alone_find_what_raises_a_case_and_nothing_else() {
    let mut settings = Settings::default();
    // No queue is compared here, so none can be withheld.
    settings.routing.least = 0.0;
    let rules = Rules::new(settings, Vec::new());
    let mut wrong = Vec::new();
    for case in cases() {
        let analysis = assess(&Text::stored(case.text.clone()), &neutral(&case.text), &rules, &Lessons::default());
        let complaints = complaints(&case, &analysis);
        if !complaints.is_empty() {
            wrong.push(format!("{} ({}, {}): {}", case.id, case.group, case.dialect, complaints.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
