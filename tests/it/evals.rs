//! The committed report is what the program does, on the texts that the project wrote itself; and a measurement of a
//! small folder, as a user runs it.

use std::fs;
use std::path::Path;

use sada::evals::{Bench, Section, Suite};
use sada::inference::train::DataFolder;
use sada::triage::{Rules, Settings};
use serde_json::Value;

use crate::support::reader;

/// How far a measure may fall below the committed one: other processors round some steps another way.
const SLACK: f64 = 0.02;

fn measure(suite: Suite, data: Option<&DataFolder>) -> Section {
    let reader = reader();
    let rules = Rules::new(Settings::default(), Vec::new());
    let mut bench = Bench { reader: &reader, rules: &rules, data, cache: None, progress: &mut |_, _, _| () };
    suite.run(&mut bench).expect("measured")
}

#[test]
fn the_committed_numbers_of_our_own_texts_still_hold() {
    let report = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/reports/accuracy.json"));
    let report: Value = serde_json::from_str(&report.expect("a committed report")).expect("JSON");
    let sections = report["sections"].as_array().expect("sections");
    let section = sections.iter().find(|section| section["suite"] == "urgency").expect("the urgency suite");
    let measured = measure(Suite::Urgency, None);
    let mut compared = 0;
    for line in section["lines"].as_array().expect("lines").iter().filter(|line| line["slice"] == "all") {
        let name = line["measure"].as_str().expect("a name");
        let now = measured.lines.iter().find(|now| now.slice == "all" && now.measure == name).expect(name).value;
        let then = line["value"].as_f64().expect("a number");
        let worse = if name.contains("ECE") || name.contains("marked") || name.contains("missed") {
            now - then
        } else {
            then - now
        };
        assert!(worse <= SLACK, "{name} was {then:.3} in evals/reports/accuracy.json and is {now:.3}");
        compared += 1;
    }
    assert!(compared >= 6, "only {compared} measures were compared");
}

#[test]
fn a_folder_is_measured_by_language_and_its_mistakes_are_ids() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("sentiment")).expect("made");
    let lines = [
        ("a", "الخدمة زفت والموظف قليل أدب", "negative", "ar"),
        ("b", "ممتاز جدا، شكرا لكم على الخدمة الرائعة", "positive", "ar"),
        ("c", "Terrible service, the app never works", "positive", "en"),
    ];
    let lines = lines.map(|(id, text, label, lang)| {
        serde_json::json!({ "id": id, "text": text, "label": label, "lang": lang }).to_string()
    });
    fs::write(folder.path().join("sentiment/umsab.test.jsonl"), lines.join("\n")).expect("written");
    let data = DataFolder::open(folder.path()).expect("there");
    let section = measure(Suite::Sentiment, Some(&data));
    let accuracy = section.lines.iter().find(|line| line.measure == "accuracy" && line.slice == "all").expect("one");
    assert_eq!((accuracy.dataset.as_str(), accuracy.texts), ("umsab", 3));
    assert!((accuracy.value - 2.0 / 3.0).abs() < 1e-9, "{}", accuracy.value);
    assert_eq!(section.mistakes.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["c"]);
    assert!(section.files.contains_key("sentiment/umsab.test.jsonl"));
}
