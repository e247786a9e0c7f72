//! The tables: what must vanish, and what must stay.

use serde::Deserialize;

use super::{PersonalKind, RawText, mask};

const POSITIVES: &str = include_str!("../../tests/it/data/privacy_positives.jsonl");
const NEGATIVES: &str = include_str!("../../tests/it/data/privacy_negatives.jsonl");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Positive {
    text: String,
    kind: PersonalKind,
    gone: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Negative {
    text: String,
}

fn rows<Row: for<'de> Deserialize<'de>>(table: &str) -> Vec<Row> {
    table.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

#[test]
fn every_positive_leaves_nothing_but_its_tag() {
    let rows: Vec<Positive> = rows(POSITIVES);
    assert!(rows.len() >= 150);
    let wrong: Vec<String> = rows
        .into_iter()
        .filter_map(|row| {
            let masked = mask(&RawText::new(row.text.as_str()));
            let kinds: Vec<_> = masked.spans.iter().map(|span| span.kind).collect();
            let expected = row.text.replacen(&row.gone, row.kind.tag(), 1);
            let alone = !row.text.replacen(&row.gone, "", 1).contains(|c: char| c.is_numeric());
            let right = kinds.contains(&row.kind)
                && !masked.text.as_str().contains(&row.gone)
                && (!alone || masked.text.as_str() == expected || row.gone.contains(super::fold::is_bidi_control));
            (!right).then(|| format!("{:?} -> {:?}, expected {expected:?}", row.text, masked.text.as_str()))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_look_alike_stays_as_typed() {
    let rows: Vec<Negative> = rows(NEGATIVES);
    assert!(rows.len() >= 100);
    let wrong: Vec<String> = rows
        .into_iter()
        .filter_map(|row| {
            let masked = mask(&RawText::new(row.text.as_str()));
            (masked.text.as_str() != row.text).then(|| format!("{:?} -> {:?}", row.text, masked.text.as_str()))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
