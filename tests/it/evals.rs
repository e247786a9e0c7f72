//! The committed report is what the program does, on the texts that the project wrote itself; and a measurement of a
//! small folder, as a user runs it.

use std::fs;
use std::path::Path;

use sada::evals::{Bench, Section, Suite};
use sada::inference::train::{DataFolder, Encodings};
use sada::triage::{Rules, Settings};
use serde_json::Value;

use crate::support::reader;

/// How far a measure may fall below the committed one: other processors round some steps another way.
const SLACK: f64 = 0.02;

fn measure(suite: Suite, data: Option<&DataFolder>) -> Section {
    let reader = reader();
    let rules = Rules::new(Settings::default(), Vec::new());
    let encodings = Encodings::new(reader.engine(), None);
    let mut bench = Bench { reader: &reader, rules: &rules, data, encodings, progress: &mut |_, _, _| () };
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
