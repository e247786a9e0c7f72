//! Feedback out of files: NDJSON, CSV in the encodings and dialects that people have, and XLSX.
//!
//! Every line that isn't blank comes out once, as a feedback or with the reason against it; a bad line never stops the rest.
//! NDJSON and CSV stream in constant memory.
//! All of it blocks: call it on a thread that may.

mod encoding;
mod guess;
mod mapping;
mod ndjson;
mod physical;
mod rating;
mod records;
mod row;
mod sniff;
mod summary;
mod words;
mod xlsx;

use std::fmt;
use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::UTF_8;
use serde::Serialize;

pub use mapping::{Assignment, Column, Field, Mapping};
pub use physical::MAX_LINE_BYTES;
pub use summary::{MAX_REFUSALS, Refusal, Summary};
pub use xlsx::MAX_WORKBOOK_BYTES;

use crate::feedback::NewFeedback;
use crate::pipeline::record::Defaults;
use crate::privacy::RawText;
use physical::PhysicalLines;
use records::{NO_DELIMITER, Raw, Records};

/// What an XLSX workbook is sent as.
const XLSX_MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A table of text, with any of the usual delimiters.
    Csv,
    /// A workbook.
    Xlsx,
}

/// Whether a table's first record names its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeaderRow {
    /// By the look of it.
    #[default]
    Guess,
    /// It does.
    Present,
    /// It is data.
    Absent,
}

/// How to read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What a line that doesn't say gets.
    pub defaults: Defaults,
    /// Columns assigned by hand.
    pub map: Vec<Assignment>,
    /// Whether there is a header.
    pub header: HeaderRow,
    /// The workbook's sheet; the first if none.
    pub sheet: Option<String>,
    /// The encoding's label (`windows-1256`); detected if none.
    pub encoding: Option<String>,
}

impl Options {
    /// Everything guessed.
    #[must_use]
    pub fn new(defaults: Defaults) -> Self {
        Self { defaults, map: Vec::new(), header: HeaderRow::Guess, sheet: None, encoding: None }
    }
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detected {
    /// Its format.
    pub format: Format,
    /// How its characters were written, by the name of the WHATWG's list; none for a workbook.
    pub encoding: Option<String>,
    /// Whether they were converted to UTF-8.
    pub converted: bool,
    /// What stands between cells; none if there is one column, or no table.
    pub delimiter: Option<char>,
    /// The sheet that is read.
    pub sheet: Option<String>,
    /// What its columns become.
    pub mapping: Option<Mapping>,
}

/// One line, or one record of several.
#[derive(Debug)]
pub struct Line {
    /// The line of the file where it starts, or the row of the sheet, from 1.
    pub number: u64,
    /// The feedback, or the reason against it.
    pub outcome: Result<NewFeedback, String>,
}

/// A file that can't be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Reading failed before the first line.
    #[error("the input can't be read: {0}")]
    Unreadable(#[source] io::Error),
    /// No encoding has this label.
    #[error("there is no encoding {0:?}; name one like utf-8, windows-1256 or utf-16le")]
    UnknownEncoding(String),
    /// Not `field=column`.
    #[error(
        "{0:?} assigns nothing; write field=column with a field of text, question, rating, nps, csat, ces, stars, channel, \
         source_kind, touchpoint, customer, date, source, id, metadata, none"
    )]
    BadAssignment(String),
    /// No column is called that.
    #[error("there is no column {column:?}; the columns are: {columns}")]
    UnknownColumn {
        /// What was asked for.
        column: String,
        /// What there is.
        columns: String,
    },
    /// Ratings whose method can't be told.
    #[error(
        "the values of column {column:?} don't tell which rating they are; assign it as nps, csat, ces or stars, like nps={column}"
    )]
    UnknownMethod {
        /// The column's header.
        column: String,
    },
    /// No column looks like text.
    #[error("no column holds what people wrote; assign one, like text=COLUMN; the columns are: {columns}")]
    NoText {
        /// What there is.
        columns: String,
    },
    /// The workbook has no such sheet.
    #[error("the workbook has no sheet {sheet:?}; its sheets are: {sheets}")]
    NoSheet {
        /// What was asked for.
        sheet: String,
        /// What there is.
        sheets: String,
    },
    /// The workbook can't be read.
    #[error("the workbook can't be read: {0}")]
    Workbook(String),
}

/// Every line of a file, read as the caller goes on.
pub struct Lines {
    source: Source,
    detected: Detected,
    first: Vec<Vec<RawText>>,
    defaults: Defaults,
    broken_off: Option<String>,
}

type Input = BufReader<Box<dyn Read + Send>>;

enum Source {
    Json(PhysicalLines<Input>),
    Csv { records: Box<Records<Input>>, skip: Vec<u64> },
    Rows(std::iter::Skip<std::vec::IntoIter<Raw>>),
    Ended,
}

/// Opens `reader` as `format`, or as what its beginning looks like.
///
/// # Errors
/// [`ImportError`] if nothing of it can be read; a fault of one line is told with that line.
pub fn lines(
    reader: impl Read + Send + 'static,
    format: Option<Format>,
    options: &Options,
) -> Result<Lines, ImportError> {
    let peeked = encoding::peek(reader).map_err(ImportError::Unreadable)?;
    let format = format.unwrap_or_else(|| Format::of_content(&peeked.head));
    if format == Format::Xlsx {
        return workbook(peeked.reader, options);
    }
    let encoding = match &options.encoding {
        Some(label) => encoding::named(label)?,
        None => encoding::detect(&peeked.head, format),
    };
    let encoding::Peeked { reader, head } = encoding::decode(peeked, encoding).map_err(ImportError::Unreadable)?;
    let mut detected = Detected {
        format,
        encoding: Some(encoding.name().to_owned()),
        converted: encoding != UTF_8,
        delimiter: None,
        sheet: None,
        mapping: None,
    };
    let lines = PhysicalLines::new(BufReader::new(reader), &head);
    let mut first = Vec::new();
    let source = if format == Format::Ndjson {
        Source::Json(lines)
    } else {
        let table = sniff::table(&head, options)?;
        detected.delimiter = Some(char::from(table.delimiter)).filter(|_| table.delimiter != NO_DELIMITER);
        detected.mapping = Some(table.mapping);
        first = raw(&table.first);
        Source::Csv { records: Box::new(Records::new(lines, table.delimiter)), skip: table.skip }
    };
    Ok(Lines { source, detected, first, defaults: options.defaults.clone(), broken_off: None })
}

/// Cells as people wrote them.
fn raw(rows: &[Vec<String>]) -> Vec<Vec<RawText>> {
    rows.iter().map(|row| row.iter().map(RawText::new).collect()).collect()
}

fn workbook(reader: impl Read, options: &Options) -> Result<Lines, ImportError> {
    let sheet = xlsx::read(reader, options.sheet.as_deref())?;
    let sample: Vec<Vec<String>> =
        sheet.rows.iter().take(sniff::SAMPLE).filter_map(|row| row.cells.clone().ok()).collect();
    let mapping = guess::mapping(&sample, options.header, &options.map)?;
    let rows = sheet.rows.into_iter().skip(usize::from(mapping.has_header));
    let shown: Vec<_> = sample.into_iter().skip(usize::from(mapping.has_header)).take(sniff::SHOWN).collect();
    let detected = Detected {
        format: Format::Xlsx,
        encoding: None,
        converted: false,
        delimiter: None,
        sheet: Some(sheet.name),
        mapping: Some(mapping),
    };
    let source = Source::Rows(rows);
    Ok(Lines { source, detected, first: raw(&shown), defaults: options.defaults.clone(), broken_off: None })
}

impl Lines {
    /// What the file turned out to be.
    #[must_use]
    pub const fn detected(&self) -> &Detected {
        &self.detected
    }

    /// The first records of a table as they stand there; none of NDJSON.
    #[must_use]
    pub fn first(&self) -> &[Vec<RawText>] {
        &self.first
    }

    /// Why the input ended too early, if it did; known once the lines are at their end.
    #[must_use]
    pub fn broken_off(&self) -> Option<&str> {
        self.broken_off.as_deref()
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let raw = match &mut self.source {
            Source::Json(lines) => loop {
                match lines.next_line()? {
                    Some(line) if line.is_blank() => {}
                    Some(line) => {
                        return Ok(Some(Line { number: line.number, outcome: ndjson::read(&line, &self.defaults) }));
                    }
                    None => return Ok(None),
                }
            },
            Source::Csv { records, skip } => loop {
                match records.next_record()? {
                    Some(raw) if skip.contains(&raw.number) => {}
                    raw => break raw,
                }
            },
            Source::Rows(rows) => rows.next(),
            Source::Ended => None,
        };
        Ok(raw.zip(self.detected.mapping.as_ref()).map(|(raw, mapping)| Line {
            number: raw.number,
            outcome: raw.cells.and_then(|cells| row::read(&cells, mapping, &self.defaults)),
        }))
    }
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        self.next_line().unwrap_or_else(|error| {
            self.broken_off = Some(format!("the input broke off: {error}"));
            self.source = Source::Ended;
            None
        })
    }
}

impl Format {
    /// By a file's name; none if its extension says nothing.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "csv" | "tsv" => Some(Self::Csv),
            "xlsx" | "xlsm" | "xls" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// By a media type, parameters aside.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        match media_type.split(';').next()?.trim().to_lowercase().as_str() {
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/jsonlines" => {
                Some(Self::Ndjson)
            }
            "text/csv" | "text/tab-separated-values" => Some(Self::Csv),
            XLSX_MEDIA_TYPE => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The media type that a file of this kind is sent with.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => XLSX_MEDIA_TYPE,
        }
    }

    /// By how it begins.
    fn of_content(head: &[u8]) -> Self {
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xD0\xCF\x11\xE0") {
            return Self::Xlsx;
        }
        let first = head
            .iter()
            .find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
        if matches!(first, Some(b'{' | b'[')) { Self::Ndjson } else { Self::Csv }
    }
}

impl fmt::Display for Detected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.format {
            Format::Ndjson => "NDJSON",
            Format::Csv => "CSV",
            Format::Xlsx => "XLSX",
        })?;
        if let Some(encoding) = &self.encoding {
            write!(f, ", {encoding}{}", if self.converted { " converted to UTF-8" } else { "" })?;
        }
        match self.delimiter {
            Some('\t') => f.write_str(", cells between tabs")?,
            Some(delimiter) => write!(f, ", cells between {delimiter:?}")?,
            None => {}
        }
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet {sheet:?}")?;
        }
        match &self.mapping {
            Some(mapping) if mapping.has_header => f.write_str(", with a header"),
            Some(_) => f.write_str(", without a header"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
