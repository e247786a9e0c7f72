//! What texts are about, found without being told.

use std::collections::HashMap;

use rayon::prelude::*;
use uuid::Uuid;

use super::Bench;

use super::report::Section;
use crate::feedback::{FeedbackId, Language};
use crate::inference::train::{Row, TrainError, masked};
use crate::statistics::{adjusted_rand, v_measure};
use crate::themes::{Groups, InPart, Item, Place, Settings, group, parts};
use crate::vector::dot;

/// Sets of intents, with the kind of Arabic that is taken where a set has several.
const SETS: [(&str, Option<&str>); 3] = [("banking77", None), ("arbanking77", Some("msa")), ("clinc150", None)];

/// Texts that a search is taken to find.
const NEAREST: usize = 10;

/// The label outside of all intents.
const OUTSIDE: &str = "oos";

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let mut banking = Vec::new();
    for (set, dialect) in SETS {
        let Some(source) = bench.source(&format!("intent/{set}.test.jsonl"), section)? else { continue };
        let taken = |row: &Row| row.label != OUTSIDE && (dialect.is_none() || row.dialect.as_deref() == dialect);
        let rows: Vec<Row> = source.rows.into_iter().filter(taken).collect();
        bench.encode(set, rows.iter().map(|row| row.text.as_str()))?;
        let items = items(bench, &rows)?;
        grouped(set, &rows, &items, section);
        neighbours(set, &rows, &items, section);
        if set.ends_with("banking77") {
            banking.extend(rows);
        }
    }
    let languages = |rows: &[Row]| rows.iter().any(|row| row.lang == "ar") && rows.iter().any(|row| row.lang == "en");
    if languages(&banking) {
        across(&banking, &items(bench, &banking)?, section);
    }
    Ok(())
}

/// Agreement of themes and their sub-themes, and of themes alone, with the labels, the unassigned taken as one theme more.
fn grouped(set: &str, rows: &[Row], items: &[Item], section: &mut Section) {
    let Groups { groups, places } = group(items, &Settings::default());
    let pairs: Vec<(&str, Option<usize>)> =
        rows.iter().zip(&places).map(|(row, place)| (row.label.as_str(), place.group)).collect();
    let line = |measure| (set, "all", measure);
    section.push(line("V-measure of themes alone"), rows.len(), v_measure(&pairs), None);
    section.push(line("adjusted Rand index of themes alone"), rows.len(), adjusted_rand(&pairs), None);
    let parted: Vec<(&str, _)> =
        pairs.iter().zip(sub_themes(items, &places)).map(|((label, group), part)| (*label, (*group, part))).collect();
    section.push(line("V-measure"), rows.len(), v_measure(&parted), None);
    section.push(line("adjusted Rand index"), rows.len(), adjusted_rand(&parted), None);
    section.share(line("unassigned"), places.iter().filter(|place| place.group.is_none()).count(), rows.len());
    section.push(line("themes"), rows.len(), groups.len() as f64, None);
}

/// The sub-theme of each text, if it has one.
fn sub_themes(items: &[Item], places: &[Place]) -> Vec<Option<(usize, usize)>> {
    let lying = items.iter().zip(places).filter_map(|(item, place)| {
        Some(InPart { id: item.id, theme: Uuid::from_u128(place.group? as u128), part: place.part? })
    });
    let found = parts(lying, Settings::default().smallest_group);
    let homes: HashMap<FeedbackId, (usize, usize)> = (0..)
        .zip(&found)
        .flat_map(|(theme, (_, parts))| (0..).zip(parts).map(move |(part, members)| ((theme, part), members)))
        .flat_map(|(home, members)| members.iter().map(move |id| (*id, home)))
        .collect();
    items.iter().map(|item| homes.get(&item.id).copied()).collect()
}

/// How many of the texts nearest to a text are labelled as it is: what a search by meaning finds.
fn neighbours(set: &str, rows: &[Row], items: &[Item], section: &mut Section) {
    let right: Vec<usize> =
        items.par_iter().zip(rows).map(|(item, row)| of_its_label(item, row, rows, items)).collect();
    section.share((set, "all", "nearest ten of the same label"), right.iter().sum(), NEAREST * rows.len());
}

fn of_its_label(item: &Item, row: &Row, rows: &[Row], items: &[Item]) -> usize {
    let mut near: Vec<(f32, usize)> =
        items.iter().enumerate().map(|(at, other)| (dot(&item.vector, &other.vector), at)).collect();
    near.retain(|(_, at)| items[*at].id != item.id);
    near.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    near.iter().take(NEAREST).filter(|(_, at)| rows[*at].label == row.label).count()
}

/// How many themes of texts in two languages hold both.
fn across(rows: &[Row], items: &[Item], section: &mut Section) {
    let Groups { groups, places } = group(items, &Settings::default());
    let held = |number: usize, lang: &str| {
        rows.iter().zip(&places).any(|(row, place)| place.group == Some(number) && row.lang == lang)
    };
    let both = (0..groups.len()).filter(|&number| held(number, "ar") && held(number, "en")).count();
    section.share(("banking77 and arbanking77", "all", "themes in both languages"), both, groups.len());
}

/// The texts as the pipeline stores them.
fn items(bench: &Bench<'_>, rows: &[Row]) -> Result<Vec<Item>, TrainError> {
    let vector = |text: &str| match bench.reader.intents() {
        Some(intents) => bench.encodings.place(text, intents),
        None => bench.encodings.vector(text),
    };
    let item = |(number, row): (usize, &Row)| {
        let (text, vector) = (masked(&row.text), vector(&row.text)?);
        Ok(Item {
            id: FeedbackId(Uuid::from_u128(number as u128)),
            topics: bench.reader.topics().map_or_else(Vec::new, |topics| topics.of(&text, &vector)),
            vector,
            text: text.as_str().to_owned(),
            language: Language::new(&row.lang),
            touchpoint: None,
        })
    };
    rows.iter().enumerate().map(item).collect()
}
