//! `POST /v1/feedback/import`: a file of feedback, read line by line while it arrives.
//!
//! Three things run side by side with small bounded queues between them, so memory stays flat however long the file:
//! the body is received, a thread cuts it into lines, and whole batches of lines are stored.

use std::io::{self, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use utoipa::{IntoParams, ToSchema};

use super::names::Channel;
use super::record::DEFAULT_SOURCE;
use super::text;
use crate::access::Actor;
use crate::app::App;
use crate::feedback;
use crate::pipeline::import::{self, Assignment, Format, ImportError, Lines, Options, Summary};
use crate::pipeline::record::Defaults;
use crate::pipeline::take_in;
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Fields, Json, Parameters, Query, media_type};
use crate::web::problem::{self, Problem};

/// How many pieces of the body wait for the reader.
const CHUNKS: usize = 16;

/// How long an import may send nothing.
#[derive(Clone, Copy, Debug)]
pub struct Idle(pub Duration);

/// How a file is to be read; what isn't said is guessed.
#[derive(Clone, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Reading {
    /// The system that lines come from that name none; `api` if nobody says.
    #[param(min_length = 1, max_length = 200)]
    source: Option<String>,
    /// Where lines came in that don't say; `other` if nobody says.
    channel: Option<Channel>,
    /// How the characters are written, like `windows-1256`; told from the bytes if nobody says.
    encoding: Option<String>,
    /// What a table's columns are, like `text=Comment,nps=Score`; guessed if nobody says.
    map: Option<String>,
}

impl Parameters for Reading {
    fn read(fields: &mut Fields) -> Self {
        Self {
            source: fields.optional_with("source", text::short),
            channel: fields.optional("channel"),
            encoding: fields.optional("encoding"),
            map: fields.optional("map"),
        }
    }
}

impl Reading {
    /// The same in the importer's terms.
    fn options(self, now: DateTime<Utc>) -> Result<Options, Problem> {
        let source = self.source.unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
        let channel = self.channel.map_or(feedback::Channel::Other, |channel| channel.0);
        let map = Assignment::list(&self.map.unwrap_or_default());
        Ok(Options {
            map: map.map_err(|error| Problem::invalid_param("map", error.to_string()))?,
            encoding: self.encoding,
            ..Options::new(Defaults { source, channel, now })
        })
    }
}

/// A file as it is.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the body is read as a stream")]
struct AnyFile(Vec<u8>);

/// What became of an import.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportSummary {
    /// How many lines are new and stored.
    accepted: u64,
    /// How many were there already, by source and external id.
    duplicates: u64,
    /// How many were refused.
    refused: u64,
    /// The first of those, with the reason.
    refusals: Vec<Refusal>,
    /// How the characters were written; null for a workbook.
    #[schema(required, example = "windows-1256")]
    encoding: Option<String>,
    /// What the columns of a table were taken for.
    columns: Vec<ColumnView>,
}

/// A line that was refused.
#[derive(Debug, Serialize, ToSchema)]
struct Refusal {
    /// Its number, from 1.
    line: u64,
    /// What is wrong with it.
    reason: String,
}

/// What a column of a table was taken for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Column)]
struct ColumnView {
    /// Its header.
    name: String,
    /// What it was taken for.
    #[schema(value_type = String, example = "text")]
    field: serde_json::Value,
}

impl From<Summary> for ImportSummary {
    fn from(summary: Summary) -> Self {
        let detected = summary.detected;
        let mapping = detected.as_ref().and_then(|detected| serde_json::to_value(&detected.mapping).ok());
        let columns = mapping.as_ref().and_then(|mapping| mapping["columns"].as_array()).into_iter().flatten();
        let columns = columns.map(|column| ColumnView {
            name: column["name"].as_str().unwrap_or_default().to_owned(),
            field: column["field"].clone(),
        });
        let refusals =
            summary.refusals.into_iter().map(|refusal| Refusal { line: refusal.line, reason: refusal.reason });
        Self {
            accepted: summary.accepted,
            duplicates: summary.duplicate,
            refused: summary.refused,
            refusals: refusals.collect(),
            columns: columns.collect(),
            encoding: detected.and_then(|detected| detected.encoding),
        }
    }
}

impl ImportSummary {
    fn sample() -> Self {
        let refusal = Refusal { line: 3, reason: "broken JSON: expected value (column 2)".to_owned() };
        let encoding = Some("UTF-8".to_owned());
        Self { accepted: 4, refused: 1, refusals: vec![refusal], encoding, ..Self::default() }
    }
}

/// Import feedback
///
/// Takes a file of any length, read while it arrives: NDJSON (one object a line as in `create_feedback`), CSV in any
/// usual encoding and with any usual delimiter, or XLSX.
/// A wrong line is refused with its number and reason, and the rest goes on.
/// What was accepted is durable even if the upload breaks off; sending the file again is safe for lines with an
/// `external_id`.
#[utoipa::path(
    post,
    path = "/v1/feedback/import",
    operation_id = "import_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:write"])),
    params(Reading),
    request_body(content(
        (String = "application/x-ndjson", example = json!("{\"text\": \"الخدمة زفت\", \"external_id\": \"1\"}\n")),
        (String = "text/csv", example = json!("id,comment,nps\n1,الخدمة زفت,2\n")),
        (AnyFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (AnyFile = "application/octet-stream"),
    )),
    responses(
        (status = 200, description = "What became of the lines.", body = ImportSummary,
            example = json!(ImportSummary::sample())),
        problem::BadUpload,
        problem::Usual,
    )
)]
pub async fn import_feedback(
    allowed: Allowed<scope::FeedbackWrite>,
    State(app): State<App>,
    State(Idle(idle)): State<Idle>,
    Query(reading): Query<Reading>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportSummary>, Problem> {
    let format = format(&headers)?;
    let options = reading.options(app.clock.now())?;
    let (chunks, upload) = mpsc::channel(CHUNKS);
    let opening =
        spawn_blocking(move || import::lines(Upload { chunks: upload, rest: Bytes::new() }, format, &options));
    let by = allowed.actor();
    let storing = async { store(&app, &by, opening.await.map_err(|_| Problem::internal())?).await };
    let (received, stored) = tokio::join!(receive(body, chunks, idle), storing);
    let summary = stored?;
    received.map_err(|cut| cut.problem(&summary))?;
    Ok(Json(summary.into()))
}

async fn store(app: &App, by: &Actor, opened: Result<Lines, ImportError>) -> Result<Summary, Problem> {
    let lines =
        opened.map_err(|error| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_file", error.to_string()))?;
    Ok(take_in(app, by, lines, |_| {}).await?)
}

/// What the body says it is; none if it is to be told from its beginning.
fn format(headers: &HeaderMap) -> Result<Option<Format>, Problem> {
    let media = media_type(headers);
    if media == "application/octet-stream" {
        return Ok(None);
    }
    Format::of_media_type(&media).map(Some).ok_or_else(|| {
        let takes = "this takes files; send the header Content-Type: application/x-ndjson, text/csv, that of an XLSX \
            workbook, or application/octet-stream to let it guess";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", takes)
    })
}

/// How an upload ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    BrokeOff,
    Idle,
}

impl Cut {
    /// What the client reads: how far it came.
    fn problem(self, summary: &Summary) -> Problem {
        let (status, code, what) = match self {
            Self::BrokeOff => (StatusCode::BAD_REQUEST, "broken_body", "the upload broke off"),
            Self::Idle => (StatusCode::REQUEST_TIMEOUT, "upload_idle", "the upload sent nothing for too long"),
        };
        let stored = summary.accepted + summary.duplicate;
        let detail = format!(
            "{what}; {stored} lines before that are stored, and sending the file again is safe for lines with ids"
        );
        Problem::new(status, code, detail)
    }
}

/// Receives the body piece by piece, until its end or until nobody reads it any more.
async fn receive(mut body: Body, chunks: mpsc::Sender<io::Result<Bytes>>, idle: Duration) -> Result<(), Cut> {
    loop {
        let cut = match tokio::time::timeout(idle, body.frame()).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else { continue };
                if chunks.send(Ok(data)).await.is_err() {
                    return Ok(());
                }
                continue;
            }
            Ok(Some(Err(_))) => Cut::BrokeOff,
            Err(_) => Cut::Idle,
        };
        // The reader must know that the end of what arrived is not the end of the file; if it is gone, all the better.
        let _ = chunks.send(Err(io::Error::other("the upload broke off"))).await;
        return Err(cut);
    }
}

/// The body as something to read from, on a thread of its own.
struct Upload {
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    rest: Bytes,
}

impl Read for Upload {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.rest = chunk?,
                None => return Ok(0),
            }
        }
        let piece = self.rest.split_to(into.len().min(self.rest.len()));
        into[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    async fn received(body: Body) -> (Result<(), Cut>, io::Result<String>) {
        let (chunks, upload) = mpsc::channel(CHUNKS);
        let reading = spawn_blocking(move || {
            let mut text = String::new();
            Upload { chunks: upload, rest: Bytes::new() }.read_to_string(&mut text).map(|_| text)
        });
        let received = receive(body, chunks, Duration::from_secs(5)).await;
        (received, reading.await.expect("no panic"))
    }

    #[tokio::test]
    async fn a_body_is_read_as_it_was_sent() {
        let (end, text) = received(Body::from("واحد\nاثنان")).await;
        assert_eq!((end, text.expect("read").as_str()), (Ok(()), "واحد\nاثنان"));
    }

    /// A body that sends one piece, and then what `end` says.
    fn piece(end: impl Future<Output = Option<io::Result<HeaderMap>>> + Send + 'static) -> Body {
        let piece = Full::new(Bytes::from_static(b"half a li")).map_err(|never| match never {});
        Body::new(piece.with_trailers(end))
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_does_not_look_like_its_end() {
        let (end, text) = received(piece(async { Some(Err(io::Error::other("gone"))) })).await;
        assert_eq!(end, Err(Cut::BrokeOff));
        assert!(text.is_err());
    }

    #[tokio::test]
    async fn a_body_that_sends_nothing_is_given_up() {
        let (chunks, mut upload) = mpsc::channel(CHUNKS);
        let body = piece(std::future::pending());
        assert_eq!(receive(body, chunks, Duration::from_millis(1)).await, Err(Cut::Idle));
        assert!(upload.recv().await.is_some_and(|chunk| chunk.is_ok()));
        assert!(upload.recv().await.is_some_and(|chunk| chunk.is_err()));
    }

    #[test]
    fn files_are_told_by_their_content_type() {
        for (content_type, expected) in [
            ("application/x-ndjson", Some(Some(Format::Ndjson))),
            ("text/csv; charset=windows-1256", Some(Some(Format::Csv))),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(Some(Format::Xlsx))),
            ("application/octet-stream", Some(None)),
            ("application/json", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(axum::http::header::CONTENT_TYPE, content_type.parse().expect("ascii"));
            assert_eq!(format(&headers).ok(), expected, "{content_type}");
        }
    }
}
