//! One import: what is in the file and what its columns become, how far it is, and what was refused.

use std::str::FromStr as _;

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::inbox::Choosable;
use super::page::Page;
use super::session::Visit;
use super::text::{shortened, visible};
use crate::access::Scope;
use crate::app::App;
use crate::feedback::Channel;
use crate::pipeline;
use crate::pipeline::import::{Assignment, Field, Format, ImportError, Mapping};
use crate::pipeline::uploads::{self, Look};
use crate::pipeline::{Import, ImportChoice, ImportState};
use crate::web::api::text;
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// How many refused lines the page shows.
const REFUSALS: u32 = 100;

/// How many refused lines the download holds.
const ALL_REFUSALS: u32 = 10_000;

/// How many characters of a cell are shown.
const CELL: usize = 80;

/// What a column may become, as assignments name it.
const FIELDS: [&str; 16] = [
    "text",
    "question",
    "rating",
    "nps",
    "csat",
    "ces",
    "stars",
    "channel",
    "source_kind",
    "touchpoint",
    "customer",
    "date",
    "source",
    "id",
    "metadata",
    "none",
];

/// The encodings that are offered.
const ENCODINGS: [&str; 4] = ["utf-8", "windows-1256", "windows-1252", "utf-16le"];

/// The page.
#[derive(Debug, Template)]
#[template(path = "import.html")]
pub struct ImportPage {
    page: Page,
    id: Uuid,
    name: String,
    state: &'static str,
    fault: Option<String>,
    counts: [(&'static str, u64); 4],
    refusals: Vec<(u64, String)>,
    refused: u64,
    source_href: Option<String>,
    form: Option<MappingForm>,
}

/// How the file is read, to be corrected.
#[derive(Debug)]
struct MappingForm {
    told: Vec<String>,
    columns: Vec<ColumnForm>,
    rows: Vec<Vec<String>>,
    lines: Vec<(u64, String, bool)>,
    headers: Vec<Choosable>,
    encodings: Vec<Choosable>,
    channels: Vec<Choosable>,
    source: String,
    may_go: bool,
}

/// One column of it.
#[derive(Debug)]
struct ColumnForm {
    field: String,
    name: String,
    choices: Vec<Choosable>,
}

/// Shows it.
///
/// # Errors
/// 403 if the role does not allow importing, 404 if there is no such import, or those of the database.
pub async fn show(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackWrite)?;
    let import = uploads::import(&app, id).await?;
    let look = match import.state {
        ImportState::Waiting => Some(uploads::look(&app, &import).await?),
        _ => None,
    };
    let refusals = uploads::refusals(&app, id, REFUSALS).await?;
    super::show(&ImportPage::new(page, &import, look.as_ref(), refusals))
}

/// Keeps how the file is to be read and, as the button says, shows it again, begins, or deletes it.
///
/// # Errors
/// 403 if the role does not allow importing, 404 if there is no such import, 409 if it doesn't wait any more,
/// 422 for a wrong field.
pub async fn go_on(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visit.allowed(Scope::FeedbackWrite)?;
    let import = uploads::import(&app, id).await?;
    let of = |name: &str| sent.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    if of("do") == "discard" {
        uploads::discard(&app, id).await?;
        return Ok(Redirect::to("/import").into_response());
    }
    let import = Import { choice: choice(&sent, of)?, ..import };
    uploads::choose(&app, id, &import.choice).await?;
    if of("do") == "go" {
        let look = uploads::look(&app, &import).await?;
        if look.fault.is_none() && !look.is_empty() {
            uploads::start(&app, &import).await?;
        }
    }
    Ok(Redirect::to(&format!("/import/{id}")).into_response())
}

fn choice<'sent>(sent: &'sent [(String, String)], of: impl Fn(&str) -> &'sent str) -> Result<ImportChoice, Problem> {
    let wrong = |name: &str, error: &dyn std::fmt::Display| Problem::invalid_param(name, error.to_string());
    let mut map = Vec::new();
    for (name, field) in sent {
        let Some(column) = name.strip_prefix("column-").filter(|_| !field.is_empty()) else { continue };
        let assignment = format!("{field}=#{column}");
        let number = column.parse::<u16>().map_err(|error| wrong(name, &error))?;
        Assignment::from_str(&assignment).map_err(|error| wrong(name, &error))?;
        map.push(format!("{field}=#{number}"));
    }
    let encoding = Some(of("encoding")).filter(|label| !label.is_empty());
    if encoding.is_some_and(|label| !ENCODINGS.contains(&label)) {
        return Err(wrong("encoding", &"must be one of the list"));
    }
    Ok(ImportChoice {
        map: map.join(","),
        header: match of("header") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        encoding: encoding.map(str::to_owned),
        source: text::short(of("source")).map_err(|error| wrong("source", &error))?,
        channel: of("channel").parse::<Channel>().map_err(|error| wrong("channel", &error))?,
    })
}

/// Gives the refused lines as a file.
///
/// # Errors
/// 403 if the role does not allow importing, 404 if there is no such import, or those of the database.
pub async fn download(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackWrite)?;
    uploads::import(&app, id).await?;
    let refusals = uploads::refusals(&app, id, ALL_REFUSALS).await?;
    pipeline::note_export(&app, &page.actor(), "refusals", Some(("import", &id.to_string()))).await?;
    let rows = refusals.iter().map(|(line, reason)| vec![line.to_string(), reason.clone()]);
    let header = vec!["line".to_owned(), "reason".to_owned()];
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"refused.csv\"")];
    Ok((headers, super::sheet::csv(std::iter::once(header).chain(rows))).into_response())
}

impl ImportPage {
    /// Puts the import on the page.
    #[must_use]
    pub fn new(page: Page, import: &Import, look: Option<&Look>, refusals: Vec<(u64, String)>) -> Self {
        let stopped = import.fault.as_deref().map(|fault| page.either(&format!("import-fault-{fault}"), fault));
        let empty = look.filter(|look| look.is_empty()).map(|_| page.t("import-empty"));
        let unread = look.and_then(|look| look.fault.as_ref()).map(|fault| told(&page, fault));
        let counts = [
            ("import-count-done", import.lines),
            ("import-count-new", import.accepted),
            ("import-count-duplicates", import.duplicates),
            ("import-count-refused", import.refused),
        ];
        Self {
            id: import.id,
            name: visible(&import.file_name),
            state: import.state.name(),
            fault: stopped.or(unread).or(empty),
            counts,
            refusals: refusals.into_iter().map(|(line, reason)| (line, visible(&reason))).collect(),
            refused: import.refused,
            source_href: (import.accepted > 0).then(|| "/feedback".to_owned()),
            form: look.map(|look| MappingForm::new(&page, &import.choice, look)),
            page,
        }
    }
}

/// What is wrong with a file, in the reader's language.
fn told(page: &Page, fault: &ImportError) -> String {
    match fault {
        ImportError::Unreadable(_) => page.t("import-fault-unreadable"),
        ImportError::UnknownEncoding(label) => page.about("import-fault-encoding", &visible(label)),
        ImportError::BadAssignment(text) => page.about("import-fault-assignment", &visible(text)),
        ImportError::UnknownColumn { column, .. } => page.about("import-fault-column", &visible(column)),
        ImportError::UnknownMethod { column } => page.about("import-fault-method", &visible(column)),
        ImportError::NoText { .. } => page.t("import-fault-text"),
        ImportError::NoSheet { sheet, .. } => page.about("import-fault-sheet", &visible(sheet)),
        ImportError::Workbook(reason) => page.about("import-fault-workbook", &visible(reason)),
    }
}

impl MappingForm {
    fn new(page: &Page, choice: &ImportChoice, look: &Look) -> Self {
        let by_hand = Assignment::list(&choice.map).unwrap_or_default();
        let mapping = look.detected.as_ref().and_then(|detected| detected.mapping.as_ref());
        let columns = mapping.map(|mapping| columns(page, mapping, &choice.map, &by_hand)).unwrap_or_default();
        let width = columns.len();
        let cell =
            |row: &Vec<String>, place: usize| row.get(place).map(|cell| shortened(cell, CELL)).unwrap_or_default();
        let rows = look.cells.iter().map(|row| (0..width).map(|place| cell(row, place)).collect()).collect();
        let line = |(number, outcome): &(u64, Result<String, String>)| {
            let (text, taken) = match outcome {
                Ok(text) => (text, true),
                Err(reason) => (reason, false),
            };
            (*number, shortened(text, 240), taken)
        };
        let header = match choice.header {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        };
        let guess = || Choosable::new("", page.t("import-guess"), None);
        let encodings =
            ENCODINGS.iter().map(|label| Choosable::new(label, label.to_uppercase(), choice.encoding.as_deref()));
        Self {
            told: look.detected.as_ref().map(|detected| told_of(page, detected)).unwrap_or_default(),
            columns,
            rows,
            lines: look.lines.iter().map(line).collect(),
            headers: std::iter::once(guess())
                .chain(["yes", "no"].map(|each| Choosable::new(each, page.name("import-header", each), Some(header))))
                .collect(),
            encodings: std::iter::once(guess()).chain(encodings).collect(),
            channels: Channel::ALL
                .iter()
                .map(|each| Choosable::new(each.name(), page.name("channel", each.name()), Some(choice.channel.name())))
                .collect(),
            source: visible(&choice.source),
            may_go: look.fault.is_none() && !look.is_empty(),
        }
    }
}

/// What the file turned out to be.
fn told_of(page: &Page, detected: &crate::pipeline::import::Detected) -> Vec<String> {
    let format = match detected.format {
        Format::Csv => "CSV",
        Format::Ndjson => "NDJSON",
        Format::Xlsx => "XLSX",
    };
    let sheet = detected.sheet.as_ref().map(|sheet| page.about("import-sheet", &visible(sheet)));
    [Some(format.to_owned()), detected.encoding.clone(), sheet].into_iter().flatten().collect()
}

fn columns(page: &Page, mapping: &Mapping, map: &str, by_hand: &[Assignment]) -> Vec<ColumnForm> {
    let names: Vec<&str> = map.split(',').collect();
    let column = |(place, column): (usize, &crate::pipeline::import::Column)| {
        let number = format!("#{}", place + 1);
        let own = by_hand.iter().position(|assignment| assignment.column == number);
        let own = own.and_then(|place| names.get(place)?.split('=').next());
        let guessed = page.about("import-guessed", &page.name("import-field", field(column.field)));
        let guess = Choosable { value: String::new(), label: guessed, chosen: own.is_none() };
        let fields = FIELDS.iter().map(|name| Choosable::new(name, page.name("import-field", name), own));
        ColumnForm {
            field: format!("column-{}", place + 1),
            name: shortened(&column.name, CELL),
            choices: std::iter::once(guess).chain(fields).collect(),
        }
    };
    mapping.columns.iter().enumerate().map(column).collect()
}

/// What a column becomes, by the name that assignments have for it.
fn field(field: Field) -> &'static str {
    match field {
        Field::Text => "text",
        Field::Question => "question",
        Field::Rating(None) => "rating",
        Field::Rating(Some(method)) => method.name(),
        Field::Channel => "channel",
        Field::SourceKind => "source_kind",
        Field::Touchpoint => "touchpoint",
        Field::Customer | Field::Phone | Field::Email => "customer",
        Field::CollectedAt(_) => "date",
        Field::Source => "source",
        Field::ExternalId => "id",
        Field::Metadata => "metadata",
        Field::LeftOut => "none",
    }
}

/// An import in a state, with a nasty name.
#[cfg(test)]
pub(super) fn sample_import(page: &Page, state: ImportState) -> Import {
    let choice = ImportChoice {
        map: "text=#2,nps=#1".to_owned(),
        header: None,
        encoding: None,
        source: super::sampled::NASTY.to_owned(),
        channel: Channel::Chat,
    };
    Import {
        id: Uuid::nil(),
        user_id: Uuid::nil(),
        user_name: "sara".to_owned(),
        file_name: super::sampled::NASTY.to_owned(),
        bytes: 1_000,
        choice,
        state,
        lines: 120,
        accepted: 100,
        duplicates: 15,
        refused: 5,
        fault: (state == ImportState::Failed).then(|| "broken_off".to_owned()),
        created_at: page.now,
        updated_at: page.now,
    }
}

#[cfg(test)]
impl ImportPage {
    fn sample_look(fault: Option<ImportError>) -> Look {
        use crate::pipeline::import::{Column, Detected};
        let column =
            |name: &str, field| Column { name: name.to_owned(), field, confidence: 0.9, reason: String::new() };
        let columns = vec![column(super::sampled::NASTY, Field::Text), column("b", Field::Metadata)];
        let mapping = Some(Mapping { has_header: true, columns });
        let (encoding, sheet) = (Some("windows-1256".to_owned()), Some(super::sampled::NASTY.to_owned()));
        let detected =
            Detected { format: Format::Csv, encoding, converted: true, delimiter: Some(','), sheet, mapping };
        let nasty = || super::sampled::NASTY.to_owned();
        Look {
            detected: Some(detected),
            cells: vec![vec![nasty(), nasty()], vec![nasty()]],
            lines: vec![(2, Ok(nasty())), (3, Err(nasty()))],
            fault,
        }
    }

    /// A file that waits.
    pub(super) fn sample_waiting(page: Page) -> Self {
        let import = sample_import(&page, ImportState::Waiting);
        Self::new(page, &import, Some(&Self::sample_look(None)), Vec::new())
    }

    /// A file that can't be read as it is.
    pub(super) fn sample_fault(page: Page) -> Self {
        let import = sample_import(&page, ImportState::Waiting);
        let fault = ImportError::UnknownMethod { column: super::sampled::NASTY.to_owned() };
        Self::new(page, &import, Some(&Self::sample_look(Some(fault))), Vec::new())
    }

    /// One on its way.
    pub(super) fn sample_running(page: Page) -> Self {
        let import = sample_import(&page, ImportState::Running);
        Self::new(page, &import, None, Vec::new())
    }

    /// One that ended too early, with refusals.
    pub(super) fn sample_done(page: Page) -> Self {
        let import = sample_import(&page, ImportState::Failed);
        Self::new(page, &import, None, vec![(3, super::sampled::NASTY.to_owned())])
    }
}
