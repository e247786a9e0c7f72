//! Files as people have them, read from outside the crate: every line comes out once, whatever is in it.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::DateTime;
use proptest::prelude::*;
use sada::feedback::Channel;
use sada::pipeline::import::{Detected, Format, Line, MAX_LINE_BYTES, Options, Summary, lines};
use sada::pipeline::record::Defaults;

fn options() -> Options {
    let now = DateTime::from_timestamp_millis(1_795_168_800_000).unwrap_or_default();
    Options::new(Defaults { source: "file".to_owned(), channel: Channel::Other, now })
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data/import").join(name)
}

fn read_with(bytes: Vec<u8>, format: Option<Format>, options: &Options) -> (Detected, Vec<Line>) {
    let mut lines = lines(Cursor::new(bytes), format, options).unwrap_or_else(|error| panic!("{error}"));
    let all = lines.by_ref().collect();
    (lines.detected().clone(), all)
}

fn read(name: &str) -> (Detected, Vec<Line>) {
    let bytes = std::fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    read_with(bytes, Format::of_path(&path(name)), &options())
}

fn fields(detected: &Detected) -> String {
    let columns = detected.mapping.iter().flat_map(|mapping| &mapping.columns);
    columns.map(|column| column.field.to_string()).collect::<Vec<_>>().join("|")
}

/// `number text` of what was taken, `number !reason` of what was not.
fn outcomes(lines: &[Line]) -> Vec<String> {
    let shown = |line: &Line| match &line.outcome {
        Ok(feedback) => format!("{} {}", line.number, feedback.text.expose()),
        Err(reason) => format!("{} !{reason}", line.number),
    };
    lines.iter().map(shown).collect()
}

/// Every outcome starts with its line of `expected`.
fn assert_outcomes(lines: &[Line], expected: &[&str]) {
    let shown = outcomes(lines);
    assert_eq!(shown.len(), expected.len(), "{shown:#?}");
    for (shown, expected) in shown.iter().zip(expected) {
        assert!(shown.starts_with(expected), "{shown:?} should start with {expected:?}");
    }
}

#[test]
fn a_malformed_line_does_not_stop_the_rest() {
    let (detected, lines) = read("five_lines.ndjson");
    assert_eq!(detected.format, Format::Ndjson);
    assert_outcomes(&lines, &["1 فيه أحد", "2 the courier", "3 !broken JSON: ", "4 ma9dartch", "6 شكراً لكم 🌷"]);
    let mut summary = Summary::new(detected);
    for line in &lines {
        match &line.outcome {
            Ok(_) => summary.accepted += 1,
            Err(reason) => summary.refuse(line.number, reason.clone()),
        }
    }
    assert_eq!((summary.accepted, summary.refused, summary.total()), (4, 1, 5));
    assert_eq!(summary.refusals[0].line, 3);
}

#[test]
fn every_kind_of_bad_json_line_has_its_reason() {
    let (_, lines) = read("bad_lines.ndjson");
    assert_outcomes(
        &lines,
        &[
            "1 one",
            "2 !not valid UTF-8 from byte 10 on",
            "3 !broken JSON: control character",
            "4 !text: holds a NUL",
            "5 !broken JSON: ",
            "6 !text: is missing",
            "7 !texte: unknown field `texte`, expected one of `text`",
            "8 !rating.value: number out of range",
            "9 !rating: nps takes whole numbers from 0 to 10, not 1e20",
            "10 !channel: \"fax\" is no channel; it must be one of survey",
            "12 !invalid type: string, expected an object",
            "13 !invalid type: null, expected an object",
            "14 !text: is empty",
            "15 last 😡",
        ],
    );
}

#[test]
fn hub_records_are_taken_as_they_are() {
    let (_, lines) = read("hub.ndjson");
    assert_outcomes(&lines, &["1 المندوب ما رد", "2 !value_text: is missing; answers without words", "3 good app"]);
    let first = lines[0].outcome.as_ref().expect("taken");
    assert_eq!(first.origin.external_id.as_deref(), Some("s-1:why"));
    assert_eq!((first.origin.channel, first.origin.source.as_str()), (Channel::Survey, "delivery-nps"));
    let third = lines[2].outcome.as_ref().expect("taken");
    assert!(third.origin.customer.as_ref().is_some_and(|customer| customer.as_str().starts_with("email-")));
}

#[test]
fn a_csv_with_everything_in_it_is_read() {
    let (detected, lines) = read("semicolons_bom.csv");
    assert_eq!(detected.to_string(), "CSV, UTF-8, cells between ';', with a header");
    assert_eq!(fields(&detected), "external_id|text|rating (nps)|collected_at|channel|metadata");
    assert_outcomes(
        &lines,
        &[
            "2 الطلب تأخر; والمندوب قال: \"ما أدري\"\nوقفل الخط",
            "4 تمام",
            "5 !text (column \"التعليق\"): is empty",
            "6 الفلوس انخصمت مرتين",
            "7 el mandoub et2akhar awi",
        ],
    );
    let second = lines[1].outcome.as_ref().expect("taken");
    assert_eq!(second.origin.collected_at.to_rfc3339(), "2026-11-13T14:03:00+00:00");
    assert_eq!(second.origin.metadata["channel"], "تطبيق");
}

#[test]
fn other_encodings_are_detected_converted_and_reported() {
    let text = std::fs::read_to_string(path("arabic.csv")).expect("a file of the test");
    let (plain, expected) = read("arabic.csv");
    assert!(!plain.converted && plain.mapping.is_some());
    let utf16 = |bytes: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
        format!("{mark}{text}").encode_utf16().flat_map(bytes).collect()
    };
    for (bytes, encoding) in [
        (encoding_rs::WINDOWS_1256.encode(&text).0.into_owned(), "windows-1256"),
        (utf16(u16::to_le_bytes, "\u{feff}"), "UTF-16LE"),
        (utf16(u16::to_be_bytes, "\u{feff}"), "UTF-16BE"),
        (utf16(u16::to_le_bytes, ""), "UTF-16LE"),
    ] {
        let (detected, lines) = read_with(bytes.clone(), None, &options());
        assert_eq!((detected.encoding.as_deref(), detected.converted), (Some(encoding), true));
        assert_eq!(detected.mapping, plain.mapping);
        assert_eq!(outcomes(&lines), outcomes(&expected));
        let labelled = Options { encoding: Some(encoding.to_owned()), ..options() };
        assert_eq!(outcomes(&read_with(bytes, None, &labelled).1), outcomes(&expected));
    }
    let customer = |place: usize| {
        let feedback = expected[place].outcome.as_ref().expect("taken");
        feedback.origin.customer.as_ref().expect("hashed").as_str().to_owned()
    };
    assert!(customer(0) == customer(1) && customer(0) != customer(2) && customer(0).starts_with("phone-"));
}

#[test]
fn small_oddities_of_tables_are_taken() {
    let (_, lines) = read("unclosed_quote.csv");
    assert_outcomes(&lines, &["2 fine", "3 !a quote opens here and is never closed", "4 next one", "6 closed, really"]);
    let (detected, lines) = read("stars.tsv");
    assert_eq!((fields(&detected).as_str(), detected.delimiter), ("text|rating (stars)|collected_at", Some('\t')));
    assert_outcomes(&lines, &["2 battery \"died\"", "3 love it", "4 !rating (column \"Stars\"): stars takes whole"]);
    let (detected, lines) = read("no_header.csv");
    assert_eq!(fields(&detected), "metadata|collected_at|text|metadata");
    assert_outcomes(&lines, &["1 the driver shouted", "2 fast, polite, thanks"]);
}

#[test]
fn a_workbook_is_read_by_rows() {
    let (detected, lines) = read("workbook.xlsx");
    assert_eq!(detected.to_string(), "XLSX, sheet \"آراء\", with a header");
    assert_eq!(fields(&detected), "text|rating (nps)|collected_at|customer|metadata");
    assert_outcomes(
        &lines,
        &[
            "3 المندوب تأخر",
            "5 good & fast",
            "6 !rating (column \"NPS\"): nps takes whole",
            "7 !text (column \"التعليق\"): is empty",
        ],
    );
    let origin = &lines[0].outcome.as_ref().expect("taken").origin;
    assert_eq!(origin.collected_at.to_rfc3339(), "2026-11-02T12:00:00+00:00");
    assert_eq!(origin.customer.as_ref().map(|customer| customer.as_str()), Some("1001"));
    let bytes = std::fs::read(path("workbook.xlsx")).expect("a file of the test");
    let old = Options { sheet: Some("Old".to_owned()), ..options() };
    assert_outcomes(&read_with(bytes.clone(), None, &old).1, &["2 an old one"]);
    let missing = Options { sheet: Some("New".to_owned()), ..options() };
    let error = lines_error(bytes, &missing);
    assert_eq!(error, "the workbook has no sheet \"New\"; its sheets are: آراء, Old");
}

fn lines_error(bytes: Vec<u8>, options: &Options) -> String {
    lines(Cursor::new(bytes), None, options).map_or_else(|error| error.to_string(), |_| "no error".to_owned())
}

#[test]
fn a_line_over_the_limit_is_refused_and_the_rest_goes_on() {
    let long = format!("{{\"text\":\"a\"}}\n{{\"text\":\"{}\"}}\n{{\"text\":\"b\"}}\n", "x".repeat(3 * MAX_LINE_BYTES));
    let (_, lines) = read_with(long.into_bytes(), None, &options());
    assert_outcomes(&lines, &["1 a", "2 !longer than 1024 KiB", "3 b"]);
}

/// Makes lines as they are asked for and knows how far the reader ran ahead.
struct Endless {
    left: usize,
    made: Arc<AtomicUsize>,
}

const LINE: &[u8] = "{\"text\":\"الخدمة بطيئة\",\"rating\":{\"method\":\"nps\",\"value\":3}}\n".as_bytes();

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = into.len().min(self.left);
        let made = self.made.load(Ordering::Relaxed);
        for (place, byte) in into[..length].iter_mut().enumerate() {
            *byte = LINE[(made + place) % LINE.len()];
        }
        self.left -= length;
        self.made.fetch_add(length, Ordering::Relaxed);
        Ok(length)
    }
}

#[test]
fn a_long_stream_is_never_held() {
    const COUNT: usize = 200_000;
    let made = Arc::new(AtomicUsize::new(0));
    let endless = Endless { left: COUNT * LINE.len(), made: Arc::clone(&made) };
    let mut read = 0;
    for line in lines(endless, Some(Format::Ndjson), &options()).unwrap_or_else(|error| panic!("{error}")) {
        assert!(line.outcome.is_ok());
        read += 1;
        let ahead = made.load(Ordering::Relaxed) - read * LINE.len();
        assert!(ahead <= 512 * 1024, "{ahead} bytes are held after line {read}");
    }
    assert_eq!(read, COUNT);
}

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b";".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just(b"text,rating,date\n".to_vec()),
        Just("التعليق;التاريخ\n".as_bytes().to_vec()),
        Just(b"{\"text\":\"a\"}".to_vec()),
        Just(b"{\"submission_id\":1,\"value_text\":\"\\ud83d\"}".to_vec()),
        Just(b"PK\x03\x04".to_vec()),
        "[a-zء-ي٠-٩ ]{1,20}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn cell() -> impl Strategy<Value = String> {
    "[a-zء-ي ,;\"\n0-9😡]{0,12}"
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in any_bytes(), wanted in 0..4) {
        let format = [None, Some(Format::Ndjson), Some(Format::Csv), Some(Format::Xlsx)][wanted as usize];
        if let Ok(lines) = lines(Cursor::new(bytes), format, &options()) {
            let numbers: Vec<u64> = lines.map(|line| line.number).collect();
            let distinct: BTreeSet<u64> = numbers.iter().copied().collect();
            prop_assert!(numbers.is_sorted() && distinct.len() == numbers.len(), "{numbers:?}");
        }
    }

    #[test]
    fn every_json_line_that_is_not_blank_comes_out_once(bytes in any_bytes()) {
        let bytes: Vec<u8> = bytes.into_iter().filter(|byte| !matches!(byte, 0 | b'\r' | 0xFE | 0xFF)).collect();
        let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let blank = |line: &&[u8]| line.iter().all(u8::is_ascii_whitespace);
        let expected: Vec<u64> = (1..).zip(body.split(|byte| *byte == b'\n')).filter(|(_, line)| !blank(line)).map(|(number, _)| number).collect();
        let (_, lines) = read_with(bytes.clone(), Some(Format::Ndjson), &options());
        prop_assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_written_record_comes_back_once(rows in proptest::collection::vec((cell(), cell()), 1..30)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["comment", "other"]).expect("memory");
        for (text, other) in &rows {
            writer.write_record([text, other]).expect("memory");
        }
        let written = writer.into_inner().expect("memory");
        let by_hand = Options { map: vec!["text=comment".parse().expect("an assignment"), "metadata=other".parse().expect("an assignment")], ..options() };
        let (detected, lines) = read_with(written, Some(Format::Csv), &by_hand);
        prop_assert_eq!(detected.delimiter, Some(','));
        let filled = rows.iter().filter(|(text, other)| !(text.trim().is_empty() && other.trim().is_empty()));
        let expected: Vec<&str> = filled.map(|(text, _)| text.trim()).collect();
        prop_assert_eq!(lines.len(), expected.len());
        for (line, text) in lines.iter().zip(expected) {
            prop_assert_eq!(line.outcome.as_ref().map(|feedback| feedback.text.expose()).unwrap_or_default(), text);
        }
    }
}
