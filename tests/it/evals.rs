//! The committed report is what the program does, on the texts that the project wrote itself; and a measurement of a
//! small folder, as a user runs it.

use std::fs;
use std::path::Path;

use sada::evals::{Bench, Line, Section, Suite, glance};
use sada::inference::train::{DataFolder, Encodings};
use sada::pipeline::rules::compile;
use sada::triage::Settings;
use serde_json::Value;

use crate::support::reader;

/// How far a measure may fall below the committed one: other processors round some steps another way.
const SLACK: f64 = 0.02;

/// The sections of a committed report.
fn committed(name: &str) -> Vec<Section> {
    let text = fs::read_to_string(root().join("evals/reports").join(name)).expect(name);
    let mut report: Value = serde_json::from_str(&text).expect("JSON");
    serde_json::from_value(report["sections"].take()).expect("sections")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn measure(suite: Suite, data: Option<&DataFolder>) -> Section {
    let reader = reader();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let rules = runtime.block_on(compile(&Settings::default(), &[], &reader)).expect("the built-in queues");
    let encodings = Encodings::new(reader.engine(), None);
    let mut bench = Bench { reader: &reader, rules: &rules, data, encodings, progress: &mut |_, _, _| () };
    suite.run(&mut bench).expect("measured")
}

/// Whether a greater value of this measure is a worse one.
fn is_fault(line: &Line) -> bool {
    ["ECE", "marked", "missed", "others handed", "wrong", "sure feeling", "sent to"]
        .iter()
        .any(|part| line.measure.contains(part))
}

#[test]
fn the_committed_numbers_of_our_own_texts_still_hold() {
    let report = committed("accuracy.json");
    let mut compared = 0;
    for suite in [Suite::Urgency, Suite::Routing, Suite::Language, Suite::Privacy] {
        let section = report.iter().find(|section| section.suite == suite.name()).expect("in the report");
        for now in measure(suite, None).lines.iter().filter(|line| line.texts >= 100) {
            let same =
                |then: &&Line| (&then.dataset, &then.slice, &then.measure) == (&now.dataset, &now.slice, &now.measure);
            let then = section.lines.iter().find(same).expect("in the report");
            let worse = if is_fault(now) { now.value - then.value } else { then.value - now.value };
            let (of, was, is) = (format!("{}, {}: {}", now.dataset, now.slice, now.measure), then.value, now.value);
            assert!(worse <= SLACK, "{of} was {was:.3} in evals/reports/accuracy.json and is {is:.3}");
            compared += 1;
        }
    }
    assert!(compared >= 15, "only {compared} measures were compared");
}

#[test]
fn the_readme_says_what_the_reports_say() {
    let sections = [committed("accuracy.json"), committed("demo.json")].concat();
    let table = glance(&sections);
    assert!(!table.contains("not measured"), "a number is in no report:\n{table}");
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let (_, rest) = readme.split_once("<!-- accuracy -->\n").expect("where the table begins");
    let (said, _) = rest.split_once("<!-- /accuracy -->").expect("where the table ends");
    assert!(said == table, "put this between the marks in README.md:\n{table}");
}

#[test]
fn nothing_personal_that_was_planted_is_left() {
    let section = measure(Suite::Privacy, None);
    let value = |measure: &str| {
        let line = section.lines.iter().find(|line| line.slice == "all" && line.measure == measure);
        line.map(|line| (line.value, line.texts)).expect(measure)
    };
    assert_eq!(value("planted values masked"), (1.0, 121));
    assert!(value("masked without need").0 < 0.02, "{:?}", value("masked without need"));
}

#[test]
fn themes_of_a_small_folder_are_held_against_its_labels() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("intent")).expect("made");
    let kinds = [
        (
            "late",
            ["my order is late", "the order has still not arrived", "when will my parcel arrive", "delivery is late"],
        ),
        (
            "charge",
            [
                "I was charged twice",
                "my card was charged two times",
                "double charge on my card",
                "you took the money twice",
            ],
        ),
        (
            "password",
            [
                "I forgot my password",
                "how do I reset the password",
                "password reset does not work",
                "can't change my password",
            ],
        ),
    ];
    let lines = kinds.iter().flat_map(|(label, texts)| {
        texts.iter().cycle().take(24).enumerate().map(move |(number, text)| {
            let text = format!("{text}{}", "!".repeat(number / 4));
            serde_json::json!({ "id": format!("{label}-{number}"), "text": text, "label": label, "lang": "en" })
                .to_string()
        })
    });
    let lines: Vec<String> = lines.collect();
    fs::write(folder.path().join("intent/banking77.test.jsonl"), lines.join("\n")).expect("written");
    let section = measure(Suite::Themes, Some(&DataFolder::open(folder.path()).expect("there")));
    let value = |measure: &str| section.lines.iter().find(|line| line.measure == measure).expect(measure).value;
    assert!(value("V-measure") >= 0.5 && value("adjusted Rand index") >= 0.3, "{}", section.table());
    assert!(value("unassigned") <= 0.15 && (3.0..=12.0).contains(&value("themes")), "{}", section.table());
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
