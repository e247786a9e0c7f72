//! A CSV's delimiter, header and columns, from how it begins.

use super::encoding::HEAD_BYTES;
use super::mapping::Mapping;
use super::physical::PhysicalLines;
use super::records::{NO_DELIMITER, Records};
use super::{ImportError, Options, guess, words};

/// How many records the columns are judged by.
pub(super) const SAMPLE: usize = 500;

/// How many records a delimiter is judged by.
const FEW: usize = 60;

/// What a CSV's beginning says.
pub(super) struct Table {
    pub(super) delimiter: u8,
    /// The lines of records that are no data.
    pub(super) skip: Vec<u64>,
    pub(super) mapping: Mapping,
    /// The first records of data.
    pub(super) first: Vec<Vec<String>>,
}

/// How many records of data are shown.
pub(super) const SHOWN: usize = 5;

/// Looks at the beginning of a decoded file.
pub(super) fn table(head: &[u8], options: &Options) -> Result<Table, ImportError> {
    let last_end = if head.len() < HEAD_BYTES { None } else { head.iter().rposition(|byte| *byte == b'\n') };
    let whole = last_end.map_or(head, |place| &head[..=place]);
    // A first line that Excel writes and reads, and nobody else.
    let told =
        whole.strip_prefix(b"sep=").and_then(|rest| rest.first().copied()).filter(|byte| b",;\t|".contains(byte));
    let delimiter = told.unwrap_or_else(|| delimiter(whole));
    let mut numbered = sample(whole, delimiter, SAMPLE);
    let mut skip = Vec::new();
    if told.is_some() {
        skip.push(1);
        numbered.retain(|(number, _)| *number != 1);
    }
    let first_line = numbered.first().map(|(number, _)| *number);
    let rows: Vec<Vec<String>> = numbered.into_iter().map(|(_, cells)| cells).collect();
    let mapping = guess::mapping(&rows, options.header, &options.map)?;
    skip.extend(first_line.filter(|_| mapping.has_header));
    let first = rows.into_iter().skip(usize::from(mapping.has_header)).take(SHOWN).collect();
    Ok(Table { delimiter, skip, mapping, first })
}

/// The delimiter under which the records agree most on their number of cells, and the first names known columns.
fn delimiter(head: &[u8]) -> u8 {
    let scored = [b',', b';', b'\t', b'|'].map(|delimiter| (score(&sample(head, delimiter, FEW)), delimiter));
    let best = scored.into_iter().fold((0.0, NO_DELIMITER), |best, next| if next.0 > best.0 { next } else { best });
    if best.0 >= 0.7 { best.1 } else { NO_DELIMITER }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
fn score(rows: &[(u64, Vec<String>)]) -> f32 {
    let Some((_, first)) = rows.first().filter(|(_, first)| first.len() > 1) else { return 0.0 };
    let alike = rows.iter().filter(|(_, row)| row.len() == first.len()).count() as f32 / rows.len() as f32;
    let known = first.iter().filter(|cell| words::meaning(cell).is_some_and(|meaning| meaning.exact)).count();
    alike + known as f32 / first.len() as f32 + if known > 0 { 0.5 } else { 0.0 }
}

/// The first sound records and their lines.
fn sample(head: &[u8], delimiter: u8, most: usize) -> Vec<(u64, Vec<String>)> {
    let mut records = Records::new(PhysicalLines::new(head, head), delimiter);
    let mut rows = Vec::new();
    while rows.len() < most
        && let Ok(Some(raw)) = records.next_record()
    {
        rows.extend(raw.cells.ok().map(|cells| (raw.number, cells)));
    }
    rows
}
