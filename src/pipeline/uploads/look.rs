//! What a waiting file looks like: its columns, what they become, and its first rows, masked.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::pipeline::import::{self, Assignment, Detected, Field, Format, HeaderRow, ImportError, Lines, Options};
use crate::pipeline::record::Defaults;
use crate::privacy::{self, RawText};
use crate::stores::sql::imports::Import;

/// How many lines are tried.
const LINES: usize = 5;

/// What a file looks like.
#[derive(Debug)]
pub struct Look {
    /// What it turned out to be; none if it can't be read at all.
    pub detected: Option<Detected>,
    /// The cells of its first rows, masked; none of NDJSON.
    pub cells: Vec<Vec<String>>,
    /// What its first lines become: their number, and the text, masked, or why it is refused.
    pub lines: Vec<(u64, Result<String, String>)>,
    /// Why it can't be taken in as it is to be read now.
    pub fault: Option<ImportError>,
}

impl Look {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fault.is_none() && self.lines.is_empty()
    }
}

/// Looks at the file of an import.
///
/// # Errors
/// `NotFound` if it was deleted, or lies with another process.
pub async fn look(app: &App, import: &Import) -> Result<Look> {
    let (path, import) = (super::file::path(app, import.id), import.clone());
    let looking = tokio::task::spawn_blocking(move || look_at(&path, &import)).await;
    looking.map_err(|_| Error::new(Kind::Internal, "a file could not be looked at"))?
}

fn look_at(path: &Path, import: &Import) -> Result<Look> {
    let opened = options(import).and_then(|options| match open(path, import, &options) {
        // with a column in place of the one that lacks, the others can be shown
        Err(fault @ (ImportError::NoText { .. } | ImportError::UnknownMethod { .. })) => {
            let shown = open(path, import, &without(&fault, options)).ok();
            Ok((shown, Some(fault)))
        }
        opened => opened.map(|lines| (Some(lines), None)),
    });
    let (lines, fault) = match opened {
        Err(ImportError::Unreadable(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::not_found("file of the import", import.id));
        }
        Err(fault) => (None, Some(fault)),
        Ok(opened) => opened,
    };
    let mut look = Look { detected: None, cells: Vec::new(), lines: Vec::new(), fault };
    let Some(mut lines) = lines else { return Ok(look) };
    look.detected = Some(lines.detected().clone());
    look.cells = lines.first().iter().map(|row| row.iter().map(masked).collect()).collect();
    look.lines = lines
        .by_ref()
        .take(LINES)
        .map(|line| {
            let outcome = line.outcome.map(|item| masked(&item.text));
            (line.number, outcome.map_err(|reason| masked(&RawText::new(reason))))
        })
        .collect();
    Ok(look)
}

/// The same options with the first column as text, or without the rating that can't be told.
fn without(fault: &ImportError, mut options: Options) -> Options {
    let by_hand = match fault {
        ImportError::UnknownMethod { column } => Assignment { field: Field::Metadata, column: column.clone() },
        _ => Assignment { field: Field::Text, column: "#1".to_owned() },
    };
    options.map.retain(|other| other.column != by_hand.column);
    options.map.push(by_hand);
    options
}

pub(super) fn masked(text: &RawText) -> String {
    privacy::mask(text).text.as_str().to_owned()
}

/// How an import is to be read; what has no date was given when it began.
pub(super) fn options(import: &Import) -> Result<Options, ImportError> {
    let choice = &import.choice;
    let defaults = Defaults { source: choice.source.clone(), channel: choice.channel, now: import.created_at };
    Ok(Options {
        map: Assignment::list(&choice.map)?,
        header: match choice.header {
            None => HeaderRow::Guess,
            Some(true) => HeaderRow::Present,
            Some(false) => HeaderRow::Absent,
        },
        encoding: choice.encoding.clone(),
        ..Options::new(defaults)
    })
}

/// Opens its file: a workbook by how it begins, else by its name, else by how it begins.
pub(super) fn open(path: &Path, import: &Import, options: &Options) -> Result<Lines, ImportError> {
    let mut file = File::open(path).map_err(ImportError::Unreadable)?;
    let mut start = [0; 2];
    let read = file.read(&mut start).map_err(ImportError::Unreadable)?;
    file.rewind().map_err(ImportError::Unreadable)?;
    let named = Format::of_path(Path::new(&import.file_name));
    let format = match (&start[..read], named) {
        (b"PK" | b"\xD0\xCF", _) | (_, Some(Format::Xlsx)) => None,
        (_, named) => named,
    };
    import::lines(file, format, options)
}
