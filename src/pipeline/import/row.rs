//! One row of a table as a feedback.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::mapping::{Field, Mapping};
use super::{rating, words};
use crate::feedback::{NewFeedback, RatingMethod};
use crate::pipeline::record::customer::Personal;
use crate::pipeline::record::time::{DayOrder, parse_cell};
use crate::pipeline::record::{Defaults, InvalidField, MAX_METADATA_BYTES, RatingRecord, Record};

/// The metadata's list of columns that didn't fit into it.
const LEFT_OUT: &str = "left_out";

/// The feedback in a row, or every reason against it with its column.
pub(super) fn read(cells: &[String], mapping: &Mapping, defaults: &Defaults) -> Result<NewFeedback, String> {
    let width = mapping.columns.len();
    if cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
        return Err(format!("has {} columns where there are {width}; put quotes around texts", cells.len()));
    }
    let mut record = Record { text: Some(String::new()), ..Record::default() };
    let mut faults = Vec::new();
    let mut rest = Map::new();
    for (column, cell) in mapping.columns.iter().zip(cells) {
        let cell = cell.trim();
        if !cell.is_empty()
            && let Err(fault) = place(column.field, cell, &mut record, &mut rest)
        {
            faults.push(fault);
        }
        if column.field == Field::Metadata && !cell.is_empty() {
            rest.insert(column.name.chars().filter(|c| !c.is_control()).take(200).collect(), cell.into());
        }
    }
    record.metadata = Some(bounded(rest));
    match record.into_feedback(defaults) {
        Ok(feedback) if faults.is_empty() => Ok(feedback),
        Ok(_) => Err(told(&faults, mapping)),
        Err(more) => {
            faults.extend(more);
            Err(told(&faults, mapping))
        }
    }
}

/// Puts a cell where its column belongs.
fn place(field: Field, cell: &str, record: &mut Record, rest: &mut Map<String, Value>) -> Result<(), InvalidField> {
    let own = || Some(cell.to_owned());
    match field {
        Field::Text => record.text = own(),
        Field::Question => record.question = own(),
        Field::Rating(method) => {
            let method = method.unwrap_or(RatingMethod::Csat);
            record.rating = rated(cell, method).map_err(|reason| InvalidField::new("rating", reason))?;
        }
        Field::Channel => match words::channel(cell) {
            Some(channel) => record.channel = Some(channel.name().to_owned()),
            None => {
                record.channel = Some("other".to_owned());
                rest.insert("channel".to_owned(), cell.into());
            }
        },
        Field::SourceKind => record.source_kind = Some(cell.to_lowercase()),
        Field::Touchpoint => record.touchpoint = own(),
        Field::Customer => record.customer = own(),
        Field::Phone => record.customer = Some(Personal::of(cell).unwrap_or(Personal::Phone).pseudonym(cell)),
        Field::Email => record.customer = Some(Personal::Email.pseudonym(cell)),
        Field::CollectedAt(order) => {
            let time = parse_cell(cell, order.unwrap_or(DayOrder::DayFirst));
            record.collected_at = Some(time.map_err(|error| InvalidField::new("collected_at", error))?.to_rfc3339());
        }
        Field::Source => record.source = own(),
        Field::ExternalId => record.external_id = own(),
        Field::Metadata | Field::LeftOut => {}
    }
    Ok(())
}

fn rated(cell: &str, method: RatingMethod) -> Result<Option<RatingRecord>, String> {
    if rating::is_none(cell) {
        return Ok(None);
    }
    let number =
        rating::parse(cell).ok_or_else(|| format!("{:?} is no number", cell.chars().take(40).collect::<String>()))?;
    match number.scale {
        Some(scale) if scale != f64::from(method.range().1) => {
            Err(format!("is out of {scale}, but {} goes to {}", method.name(), method.range().1))
        }
        _ => Ok(Some(RatingRecord { method: Some(method.name().to_owned()), value: number.value })),
    }
}

/// As many of the columns as the metadata takes, in order; the others are listed in it by name.
fn bounded(rest: Map<String, Value>) -> Map<String, Value> {
    let size = |map: &Map<String, Value>| serde_json::to_string(map).map_or(usize::MAX, |json| json.len());
    if size(&rest) <= MAX_METADATA_BYTES {
        return rest;
    }
    let mut kept = Map::new();
    let mut left_out: BTreeSet<String> = BTreeSet::new();
    for (name, value) in rest {
        kept.insert(name.clone(), value);
        if size(&kept) > MAX_METADATA_BYTES / 2 {
            kept.remove(&name);
            left_out.insert(name);
        }
    }
    kept.insert(LEFT_OUT.to_owned(), left_out.into_iter().collect());
    if size(&kept) > MAX_METADATA_BYTES {
        kept.insert(LEFT_OUT.to_owned(), true.into());
    }
    kept
}

/// The faults, each with the header of its column.
fn told(faults: &[InvalidField], mapping: &Mapping) -> String {
    let header = |name: &str| {
        let field = match name {
            "text" => Field::Text,
            "question" => Field::Question,
            "rating" => Field::Rating(None),
            "source_kind" => Field::SourceKind,
            "touchpoint" => Field::Touchpoint,
            "customer" => Field::Customer,
            "collected_at" => Field::CollectedAt(None),
            "source" => Field::Source,
            "external_id" => Field::ExternalId,
            _ => return None,
        };
        mapping.find(field).map(|place| mapping.columns[place].name.as_str())
    };
    let reasons = faults.iter().map(|fault| match header(&fault.name) {
        Some(header) if header != fault.name => format!("{} (column {header:?}): {}", fault.name, fault.reason),
        _ => fault.to_string(),
    });
    reasons.collect::<Vec<_>>().join("; ")
}
