//! Reads texts for the streaming commands: plain lines or NDJSON objects `{id?, text}`, in order, without waiting for the end.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, stdin};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::feedback::MAX_TEXT_CHARS;
use crate::privacy::RawText;

/// How many texts are handled together when they come faster than they can be read.
const BATCH: usize = 64;

/// The longest line that is taken, in bytes; a longer one is refused and skipped.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// One text of the input, or why it is none.
pub(super) struct Line {
    /// Its place in the input, from 1.
    pub number: u64,
    /// The id it came with; its line number if it had none.
    pub id: Value,
    /// The text, or what was wrong with the line.
    pub text: Result<RawText, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    id: Option<Value>,
    text: String,
}

/// Texts as they arrive, in batches of what is there already.
pub(super) struct Batches(Receiver<std::io::Result<Line>>);

/// Starts reading `path`, or standard input if there is none or it is `-`.
///
/// # Errors
/// If the file can't be opened.
pub(super) fn read(path: Option<&Path>) -> Result<Batches> {
    let source: Box<dyn Read + Send> = match path {
        Some(path) if path != Path::new("-") => {
            Box::new(File::open(path).with_context(|| format!("can't open {}", path.display()))?)
        }
        _ => Box::new(stdin()),
    };
    let (sender, receiver) = sync_channel(BATCH * 4);
    thread::spawn(move || {
        let mut reader = BufReader::new(source);
        for number in 1.. {
            let Some(line) = next_line(&mut reader, number).transpose() else { return };
            let failed = line.is_err();
            if sender.send(line).is_err() || failed {
                return;
            }
        }
    });
    Ok(Batches(receiver))
}

impl Iterator for Batches {
    type Item = std::io::Result<Vec<Line>>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.0.recv().ok()?;
        std::iter::once(first).chain(self.0.try_iter()).take(BATCH).collect::<std::io::Result<Vec<_>>>().into()
    }
}

fn next_line(reader: &mut impl BufRead, number: u64) -> std::io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let read = reader.by_ref().take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    let too_long = bytes.len() as u64 > MAX_LINE_BYTES && bytes.last() != Some(&b'\n');
    if too_long {
        skip_line(reader)?;
        return Ok(Some(Line { number, id: number.into(), text: Err("longer than 1 MiB".to_owned()) }));
    }
    Ok(Some(parse(&bytes, number)))
}

fn skip_line(reader: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        match buffer.iter().position(|&byte| byte == b'\n') {
            Some(end) => {
                reader.consume(end + 1);
                return Ok(());
            }
            None => {
                let length = buffer.len();
                reader.consume(length);
            }
        }
    }
}

fn parse(bytes: &[u8], number: u64) -> Line {
    let line = match std::str::from_utf8(bytes) {
        Ok(line) => line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{FEFF}'),
        Err(error) => {
            let text = Err(format!("not UTF-8: the byte at position {} can't be read", error.valid_up_to() + 1));
            return Line { number, id: number.into(), text };
        }
    };
    if !line.trim_start().starts_with('{') {
        return Line { number, id: number.into(), text: checked(line.to_owned()) };
    }
    match serde_json::from_str::<Object>(line) {
        Ok(object) => Line { number, id: object.id.unwrap_or_else(|| number.into()), text: checked(object.text) },
        Err(error) => Line { number, id: number.into(), text: Err(format!("not an object {{id?, text}}: {error}")) },
    }
}

fn checked(text: String) -> Result<RawText, String> {
    if text.trim().is_empty() {
        return Err("the text is empty".to_owned());
    }
    if text.contains('\0') {
        return Err("the text holds a NUL character".to_owned());
    }
    match text.chars().count() {
        length if length > MAX_TEXT_CHARS => {
            Err(format!("the text has {length} characters; at most {MAX_TEXT_CHARS} are taken"))
        }
        _ => Ok(RawText::new(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<Line> {
        let mut reader = BufReader::new(input);
        (1..).map_while(|number| next_line(&mut reader, number).expect("memory can be read")).collect()
    }

    #[test]
    fn every_line_is_a_text_or_says_why_not() {
        let long = "x".repeat(2 << 20);
        let cases: Vec<(Vec<u8>, Value, Result<&str, &str>)> = vec![
            ("الخدمة زفت\r\n".into(), 1.into(), Ok("الخدمة زفت")),
            ("\u{FEFF}hello".into(), 1.into(), Ok("hello")),
            (r#"{"id":"a","text":"hi"}"#.into(), "a".into(), Ok("hi")),
            (r#"{"text":"hi"}"#.into(), 1.into(), Ok("hi")),
            (r#"{"id":7}"#.into(), 1.into(), Err("missing field `text`")),
            (r#"{"text":"\ud800"}"#.into(), 1.into(), Err("hex escape")),
            (r#"{"text":"a","txt":1}"#.into(), 1.into(), Err("unknown field `txt`")),
            (b"\n".to_vec(), 1.into(), Err("empty")),
            (b"a\0b".to_vec(), 1.into(), Err("NUL")),
            (b"ab\xFFc".to_vec(), 1.into(), Err("position 3")),
            (vec![b'x'; 10_001], 1.into(), Err("10001 characters")),
            (long.into_bytes(), 1.into(), Err("1 MiB")),
        ];
        for (input, id, expected) in cases {
            let found = lines(&input);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].id, id);
            match (&found[0].text, expected) {
                (Ok(text), Ok(wanted)) => assert_eq!(text.expose(), wanted),
                (Err(reason), Err(part)) => assert!(reason.contains(part), "{reason}"),
                (found, wanted) => panic!("{found:?} is not {wanted:?}"),
            }
        }
    }

    #[test]
    fn a_line_too_long_does_not_hide_the_next() {
        let input = format!("{}\nnext\n", "x".repeat(3 << 20));
        let found = lines(input.as_bytes());
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].text.as_ref().map(RawText::expose), Ok("next"));
    }
}
