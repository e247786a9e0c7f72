//! `POST /v1/feedback/import`: a file of feedback, read line by line while it arrives.
//!
//! Three things run side by side with small bounded queues between them, so memory stays flat however long the file:
//! the body is received, a thread cuts it into lines, and whole batches of lines are stored.

use std::io::{self, BufRead, BufReader, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::items::{ItemProblem, MAX_ITEMS};
use super::record;
use crate::app::App;
use crate::pipeline::{self as pipeline, Line};
use crate::web::auth::{Allowed, scope};
use crate::web::extract::{Json, media_type, parse_json};
use crate::web::problem::{self, Problem};

/// How many refusals are told one by one; the rest are only counted.
const MAX_TOLD: usize = 1_000;
/// The longest line: a text of 10 000 characters, every one of them escaped, and its metadata fit well.
const MAX_LINE_BYTES: u64 = 1024 * 1024;
/// How many pieces of the body wait for the reader.
const CHUNKS: usize = 16;

/// How long an import may send nothing.
#[derive(Clone, Copy, Debug)]
pub struct Idle(pub Duration);

/// What became of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportSummary {
    /// How many lines are new and stored.
    accepted: u64,
    /// How many were there already, by source and external id.
    duplicates: u64,
    /// How many were refused.
    refused: u64,
    /// The first 1000 of those, with the reason.
    refusals: Vec<Refusal>,
}

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Refusal {
    /// Its number, from 1.
    line: u64,
    /// What is wrong with it.
    reason: String,
}

impl ImportSummary {
    fn sample() -> Self {
        let refusal = Refusal { line: 3, reason: "malformed_json: expected value at line 1 column 1".to_owned() };
        Self { accepted: 4, duplicates: 0, refused: 1, refusals: vec![refusal] }
    }

    fn refuse(&mut self, line: u64, reason: String) {
        self.refused += 1;
        if self.refusals.len() < MAX_TOLD {
            self.refusals.push(Refusal { line, reason });
        }
    }
}

/// Import feedback
///
/// Takes a file of any length, read while it arrives: NDJSON, one object a line as in `create_feedback`.
/// A wrong line is refused with its number and reason, and the rest goes on.
/// What was accepted is durable even if the upload breaks off; sending the file again is safe for lines with an
/// `external_id`.
#[utoipa::path(
    post,
    path = "/v1/feedback/import",
    operation_id = "import_feedback",
    tag = "feedback",
    security(("bearer" = ["feedback:write"])),
    request_body(content = String, content_type = "application/x-ndjson",
        description = "One object a line.",
        example = json!("{\"text\": \"الخدمة زفت\", \"external_id\": \"1\"}\n")),
    responses(
        (status = 200, description = "What became of the lines.", body = ImportSummary,
            example = json!(ImportSummary::sample())),
        problem::BadUpload,
        problem::Usual,
    )
)]
pub async fn import_feedback(
    _: Allowed<scope::FeedbackWrite>,
    State(app): State<App>,
    State(Idle(idle)): State<Idle>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportSummary>, Problem> {
    let open = reader_for(&headers)?;
    let now = app.clock.now();
    let (chunks, upload) = mpsc::channel(CHUNKS);
    let (cut, lines) = mpsc::channel(MAX_ITEMS);
    let cutting = tokio::task::spawn_blocking(move || {
        open(Box::new(BufReader::new(Upload { chunks: upload, rest: Bytes::new() })), now, &mut |line| {
            cut.blocking_send(line).is_ok()
        });
    });
    let (received, stored) = tokio::join!(receive(body, chunks, idle), store(&app, lines));
    cutting.await.map_err(|_| Problem::internal())?;
    let summary = stored?;
    received.map(|()| Json(summary))
}

/// Reads lines and gives them on until there is no more, or nobody takes them.
type Open = fn(Box<dyn BufRead>, DateTime<Utc>, &mut dyn FnMut(Line) -> bool);

/// The reader for what the body says it is.
fn reader_for(headers: &HeaderMap) -> Result<Open, Problem> {
    match media_type(headers).as_str() {
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/json-lines" => {
            Ok(read_ndjson)
        }
        _ => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "wrong_content_type",
            "this takes NDJSON; send the header Content-Type: application/x-ndjson",
        )),
    }
}

/// Receives the body piece by piece.
async fn receive(mut body: Body, chunks: mpsc::Sender<io::Result<Bytes>>, idle: Duration) -> Result<(), Problem> {
    loop {
        let (failure, code, status) = match tokio::time::timeout(idle, body.frame()).await {
            Ok(None) => return Ok(()),
            Ok(Some(Ok(frame))) => {
                let Ok(data) = frame.into_data() else { continue };
                if chunks.send(Ok(data)).await.is_err() {
                    return Ok(());
                }
                continue;
            }
            Ok(Some(Err(_))) => ("the upload broke off", "broken_body", StatusCode::BAD_REQUEST),
            Err(_) => ("the upload sent nothing for too long", "upload_idle", StatusCode::REQUEST_TIMEOUT),
        };
        // The reader must know: the end of what arrived is not the end of the file.
        let _ = chunks.send(Err(io::Error::other(failure))).await;
        return Err(Problem::new(status, code, format!("{failure}; the lines before that are stored")));
    }
}

/// Stores lines by the batch as they come.
async fn store(app: &App, mut lines: mpsc::Receiver<Line>) -> Result<ImportSummary, Problem> {
    let mut summary = ImportSummary::default();
    let mut batch = Vec::with_capacity(MAX_ITEMS);
    while lines.recv_many(&mut batch, MAX_ITEMS).await > 0 {
        let mut good = Vec::with_capacity(batch.len());
        for Line { number, outcome } in batch.drain(..) {
            match outcome {
                Ok(feedback) => good.push(feedback),
                Err(reason) => summary.refuse(number, reason),
            }
        }
        if good.is_empty() {
            continue;
        }
        for accepted in pipeline::ingest(app, good).await? {
            if accepted.created { summary.accepted += 1 } else { summary.duplicates += 1 }
        }
    }
    Ok(summary)
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

/// One JSON object a line; empty lines are passed over, but counted.
fn read_ndjson(mut source: Box<dyn BufRead>, now: DateTime<Utc>, give: &mut dyn FnMut(Line) -> bool) {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let Ok(read) = source.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line) else { return };
        if read == 0 {
            return;
        }
        let cut_off = read as u64 == MAX_LINE_BYTES && line.last() != Some(&b'\n');
        let outcome = if cut_off {
            if source.skip_until(b'\n').is_err() {
                return;
            }
            Err(format!("the line is longer than {MAX_LINE_BYTES} bytes"))
        } else if line.trim_ascii().is_empty() {
            continue;
        } else {
            read_line(&line, now)
        };
        if !give(Line { number, outcome }) {
            return;
        }
    }
}

fn read_line(line: &[u8], now: DateTime<Utc>) -> Result<crate::feedback::NewFeedback, String> {
    let value = parse_json(line).map_err(|problem| problem.detail().to_owned())?;
    record::parse(value, now).map_err(|wrong| ItemProblem::from(wrong).into_detail())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: Vec<u8>) -> Vec<(u64, Result<String, String>)> {
        let mut lines = Vec::new();
        let now = crate::web::api::sample_time();
        read_ndjson(Box::new(io::Cursor::new(file)), now, &mut |line| {
            lines.push((line.number, line.outcome.map(|feedback| feedback.text.expose().to_owned())));
            true
        });
        lines
    }

    #[test]
    fn a_wrong_line_is_refused_with_its_number_and_the_rest_goes_on() {
        let file = "{\"text\":\"الخدمة زفت\"}\r\n\n{oops\n{\"text\":\" \"}\n{\"text\":\"fine\"}";
        let lines = read(file.as_bytes().to_vec());
        let numbers: Vec<_> = lines.iter().map(|(number, outcome)| (*number, outcome.is_ok())).collect();
        assert_eq!(numbers, [(1, true), (3, false), (4, false), (5, true)]);
        assert!(lines[1].1.as_ref().is_err_and(|reason| reason.contains("column")), "{:?}", lines[1]);
        assert!(lines[2].1.as_ref().is_err_and(|reason| reason.contains("text")), "{:?}", lines[2]);
    }

    #[test]
    fn a_line_without_an_end_is_cut_off_and_the_next_one_is_read() {
        let mut file = format!("{{\"text\":\"{}\"}}\n", "x".repeat(3 * 1024 * 1024)).into_bytes();
        file.extend(b"{\"text\":\"fine\"}\n\xff\xfe\n");
        let lines = read(file);
        assert!(lines[0].1.as_ref().is_err_and(|reason| reason.contains("longer")));
        assert_eq!(lines[1], (2, Ok("fine".to_owned())));
        assert!(lines[2].1.as_ref().is_err_and(|reason| reason.contains("UTF-8")));
    }

    #[tokio::test]
    async fn a_body_is_read_as_it_was_sent() {
        let (chunks, upload) = mpsc::channel(CHUNKS);
        let reading = tokio::task::spawn_blocking(move || {
            let mut text = String::new();
            Upload { chunks: upload, rest: Bytes::new() }.read_to_string(&mut text).map(|_| text)
        });
        receive(Body::from("واحد\nاثنان"), chunks, Duration::from_secs(5)).await.expect("received");
        assert_eq!(reading.await.expect("no panic").expect("read"), "واحد\nاثنان");
    }

    #[test]
    fn only_the_first_refusals_are_told() {
        let mut summary = ImportSummary::default();
        (1..=1_500).for_each(|line| summary.refuse(line, "no".to_owned()));
        assert_eq!((summary.refused, summary.refusals.len()), (1_500, MAX_TOLD));
    }
}
