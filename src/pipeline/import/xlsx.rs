//! The rows of a workbook's sheet.
//!
//! A workbook is a compressed archive whose directory stands at its end, so unlike the other formats it is held in memory;
//! its size is bounded, and only filled cells are kept.

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader, Xlsx};

use super::ImportError;
use super::records::Raw;

/// The largest workbook, in bytes.
pub const MAX_WORKBOOK_BYTES: usize = 64 * 1024 * 1024;

/// The largest content of a sheet, in bytes of text: a small archive can unpack to far more than memory holds.
const MAX_CONTENT_BYTES: usize = 512 * 1024 * 1024;

/// The last column that is read.
const MAX_COLUMNS: u32 = 1_000;

/// The filled rows of a sheet, and its name.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: Vec<Raw>,
}

/// Reads the sheet called `wanted`, or the first.
pub(super) fn read(reader: impl Read, wanted: Option<&str>) -> Result<Sheet, ImportError> {
    let mut bytes = Vec::new();
    reader.take(MAX_WORKBOOK_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(ImportError::Unreadable)?;
    if bytes.len() > MAX_WORKBOOK_BYTES {
        return Err(ImportError::Workbook(format!("larger than {} MiB; save it as CSV", MAX_WORKBOOK_BYTES >> 20)));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(ImportError::Workbook("an old .xls or one with a password; save it as .xlsx or CSV".to_owned()));
    }
    let broken = |error: calamine::XlsxError| ImportError::Workbook(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = workbook.sheet_names();
    let name = match wanted {
        Some(wanted) => sheets.iter().find(|sheet| *sheet == wanted).cloned(),
        None => sheets.first().cloned(),
    };
    let Some(name) = name else {
        return Err(ImportError::NoSheet { sheet: wanted.unwrap_or("1").to_owned(), sheets: sheets.join(", ") });
    };
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(broken)?;
    let mut rows: Vec<Raw> = Vec::new();
    let mut content = 0;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = shown(cell.get_value());
        content += text.len() + 24;
        if content > MAX_CONTENT_BYTES {
            return Err(ImportError::Workbook("more than 512 MiB of text; save it as CSV".to_owned()));
        }
        if column < MAX_COLUMNS && !text.is_empty() {
            put(&mut rows, u64::from(row) + 1, column as usize, text);
        }
    }
    rows.retain(|row| !row.is_blank());
    Ok(Sheet { name, rows })
}

/// Cells come row by row; one that doesn't is looked up.
fn put(rows: &mut Vec<Raw>, number: u64, column: usize, text: String) {
    let place = match rows.binary_search_by_key(&number, |row| row.number) {
        Ok(place) => place,
        Err(place) => {
            rows.insert(place, Raw { number, cells: Ok(Vec::new()) });
            place
        }
    };
    if let Ok(cells) = &mut rows[place].cells {
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
}

/// A cell's value as one would type it.
fn shown(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::Int(number) => number.to_string(),
        // Rust writes whole floats without a point and never with an exponent.
        Data::Float(number) => number.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Bool(value) => value.to_string(),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        Data::DateTime(time) => time.as_f64().to_string(),
        Data::Error(_) | Data::Empty => String::new(),
    }
}
