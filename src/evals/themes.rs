//! What texts are about, found without being told.

use uuid::Uuid;

use super::Bench;
use super::agreement::{adjusted_rand, v_measure};
use super::report::Section;
use crate::feedback::{FeedbackId, Language};
use crate::inference::train::{Encodings, Row, TrainError};
use crate::themes::{Groups, Item, Settings, group};

/// Sets of intents, with the kind of Arabic that is taken where a set has several.
const SETS: [(&str, Option<&str>); 3] = [("banking77", None), ("arbanking77", Some("msa")), ("clinc150", None)];

/// The label outside of all intents.
const OUTSIDE: &str = "oos";

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let mut banking = Vec::new();
    for (set, dialect) in SETS {
        let Some(source) = bench.source(&format!("intent/{set}.test.jsonl"), section)? else { continue };
        let taken = |row: &Row| row.label != OUTSIDE && (dialect.is_none() || row.dialect.as_deref() == dialect);
        let rows: Vec<Row> = source.rows.into_iter().filter(taken).collect();
        bench.encode(set, rows.iter().map(|row| row.text.as_str()))?;
        grouped(set, &rows, &bench.encodings, section)?;
        if set.ends_with("banking77") {
            banking.extend(rows);
        }
    }
    let languages = |rows: &[Row]| rows.iter().any(|row| row.lang == "ar") && rows.iter().any(|row| row.lang == "en");
    if languages(&banking) { across(&banking, &bench.encodings, section) } else { Ok(()) }
}

/// Agreement of the groups with the labels, the unassigned taken as one group more.
fn grouped(set: &str, rows: &[Row], encodings: &Encodings<'_>, section: &mut Section) -> Result<(), TrainError> {
    let Groups { groups, places } = group(&items(rows, encodings)?, &Settings::default());
    let pairs: Vec<(&str, Option<usize>)> =
        rows.iter().zip(&places).map(|(row, place)| (row.label.as_str(), place.group)).collect();
    let line = |measure| (set, "all", measure);
    section.push(line("V-measure"), rows.len(), v_measure(&pairs), None);
    section.push(line("adjusted Rand index"), rows.len(), adjusted_rand(&pairs), None);
    section.share(line("unassigned"), places.iter().filter(|place| place.group.is_none()).count(), rows.len());
    section.push(line("themes"), rows.len(), groups.len() as f64, None);
    Ok(())
}

/// How many themes of texts in two languages hold both.
fn across(rows: &[Row], encodings: &Encodings<'_>, section: &mut Section) -> Result<(), TrainError> {
    let Groups { groups, places } = group(&items(rows, encodings)?, &Settings::default());
    let held = |number: usize, lang: &str| {
        rows.iter().zip(&places).any(|(row, place)| place.group == Some(number) && row.lang == lang)
    };
    let both = (0..groups.len()).filter(|&number| held(number, "ar") && held(number, "en")).count();
    section.share(("banking77 and arbanking77", "all", "themes in both languages"), both, groups.len());
    Ok(())
}

fn items(rows: &[Row], encodings: &Encodings<'_>) -> Result<Vec<Item>, TrainError> {
    let item = |(number, row): (usize, &Row)| {
        Ok(Item {
            id: FeedbackId(Uuid::from_u128(number as u128)),
            vector: encodings.vector(&row.text)?,
            language: Language::new(&row.lang),
            touchpoint: None,
        })
    };
    rows.iter().enumerate().map(item).collect()
}
