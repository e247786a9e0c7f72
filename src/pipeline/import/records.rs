//! CSV records, each with the line where it starts.
//!
//! A quote that is opened and never closed costs the line it is on, not the rest of the file:
//! the lines that it would swallow are read again from the next one.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::ndjson::too_long;
use super::physical::{MAX_LINE_BYTES, Physical, PhysicalLines};

/// Stands for "no delimiter": nobody writes it.
pub(super) const NO_DELIMITER: u8 = 0x1f;

/// One record, or why it can't be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raw {
    /// The line, or row, where it starts, from 1.
    pub(super) number: u64,
    /// Its cells.
    pub(super) cells: Result<Vec<String>, String>,
}

impl Raw {
    /// Whether every cell is empty, as spreadsheets write under their last row.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.as_ref().is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty()))
    }
}

/// Splits lines into records.
pub(super) struct Records<R> {
    lines: PhysicalLines<R>,
    again: VecDeque<Physical>,
    splitter: Reader,
    delimiter: u8,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(lines: PhysicalLines<R>, delimiter: u8) -> Self {
        let splitter = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        Self { lines, again: VecDeque::new(), splitter, delimiter }
    }

    /// The next record that isn't blank, none at the end.
    pub(super) fn next_record(&mut self) -> io::Result<Option<Raw>> {
        while let Some(line) = self.next_line()? {
            if line.is_blank() {
                continue;
            }
            let raw = self.record(line)?;
            if !raw.is_blank() {
                return Ok(Some(raw));
            }
        }
        Ok(None)
    }

    fn next_line(&mut self) -> io::Result<Option<Physical>> {
        match self.again.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// The record that starts on `first`, with as many further lines as its quotes span.
    fn record(&mut self, first: Physical) -> io::Result<Raw> {
        let number = first.number;
        let mut split = Split::default();
        let mut swallowed: Vec<Physical> = Vec::new();
        let mut line = first;
        loop {
            let Some(bytes) = line.bytes.as_deref() else {
                let alone = swallowed.is_empty();
                swallowed.push(line);
                return Ok(self.give_up(number, swallowed, if alone { too_long() } else { unclosed() }));
            };
            if split.feed(&mut self.splitter, bytes) {
                if swallowed.is_empty() || closes_properly(&swallowed, bytes, self.delimiter) {
                    return Ok(Raw { number, cells: split.cells() });
                }
                swallowed.push(line);
                return Ok(self.give_up(number, swallowed, unclosed()));
            }
            swallowed.push(line);
            match self.next_line()? {
                Some(next) if split.length <= MAX_LINE_BYTES => line = next,
                next => {
                    swallowed.extend(next);
                    return Ok(self.give_up(number, swallowed, unclosed()));
                }
            }
        }
    }

    /// Refuses the first line; the others are read again.
    fn give_up(&mut self, number: u64, swallowed: Vec<Physical>, reason: String) -> Raw {
        self.splitter.reset();
        for line in swallowed.into_iter().skip(1).rev() {
            self.again.push_front(line);
        }
        Raw { number, cells: Err(reason) }
    }
}

/// Whether every quote of a record of several lines closes at the end of its cell.
///
/// One that closes inside belongs to a later record, and everything between them was swallowed.
fn closes_properly(lines: &[Physical], last: &[u8], delimiter: u8) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Start,
        Bare,
        Quoted,
        Closed,
    }
    let mut at = At::Start;
    let lines = lines.iter().filter_map(|line| line.bytes.as_deref()).chain([last]);
    for byte in lines.flat_map(|line| line.iter().chain(b"\n")) {
        at = match (at, *byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (At::Start | At::Closed, b'"') => At::Quoted,
            (_, b'\n') => At::Start,
            (_, byte) if byte == delimiter => At::Start,
            (At::Closed, _) => return false,
            (At::Start | At::Bare, _) => At::Bare,
        };
    }
    true
}

fn unclosed() -> String {
    "a quote opens here and is never closed; double the quotes inside a quoted text".to_owned()
}

/// The cells of a record that is being read.
#[derive(Default)]
struct Split {
    output: Vec<u8>,
    written: usize,
    ends: Vec<usize>,
    ended: usize,
    length: usize,
}

impl Split {
    /// Reads one line more; whether the record is complete with it.
    fn feed(&mut self, splitter: &mut Reader, line: &[u8]) -> bool {
        self.length += line.len() + 1;
        let with_end = [line, b"\n"].concat();
        let mut input = with_end.as_slice();
        loop {
            if self.output.len() < self.length + 1 {
                self.output.resize(self.length + 1, 0);
            }
            let (result, read, wrote, ends) =
                splitter.read_record(input, &mut self.output[self.written..], &mut self.ends[self.ended..]);
            input = &input[read..];
            self.written += wrote;
            self.ended += ends;
            match result {
                ReadRecordResult::Record => return true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return false,
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2 + 16, 0),
            }
        }
    }

    fn cells(&self) -> Result<Vec<String>, String> {
        let mut start = 0;
        let cells = self.ends[..self.ended].iter().map(|end| {
            let cell = std::str::from_utf8(&self.output[start..*end]).map(str::to_owned);
            start = *end;
            cell
        });
        cells.collect::<Result<_, _>>().map_err(|_| "not valid UTF-8; save the file as UTF-8".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(PhysicalLines::new(text, text), delimiter);
        let mut all = Vec::new();
        while let Some(raw) = records.next_record().expect("bytes can be read") {
            all.push((raw.number, raw.cells.unwrap_or_else(|reason| vec!["!".to_owned(), reason])));
        }
        all
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn quotes_delimiters_and_line_ends_split_as_they_should() {
        for (text, delimiter, expected) in [
            ("a,b\nc,d\n", b',', vec![(1, cells(&["a", "b"])), (2, cells(&["c", "d"]))]),
            ("a;\"b;\"\"c\"\"\nd\"\r\n\r\ne;f", b';', vec![(1, cells(&["a", "b;\"c\"\nd"])), (4, cells(&["e", "f"]))]),
            ("\"\",\"\"\n,,\nشاشة 5\" مكسورة,x", b',', vec![(3, cells(&["شاشة 5\" مكسورة", "x"]))]),
            ("a, b\nc", NO_DELIMITER, vec![(1, cells(&["a, b"])), (2, cells(&["c"]))]),
            ("\n\n\ta\tb", b'\t', vec![(3, cells(&["", "a", "b"]))]),
        ] {
            assert_eq!(read(text.as_bytes(), delimiter), expected, "{text:?}");
        }
    }

    #[test]
    fn an_unclosed_quote_costs_one_line_only() {
        let records = read("a,b\nc,\"d\ne,f\n\ng,h\n".as_bytes(), b',');
        assert_eq!(records.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 3, 5]);
        assert!(records[1].1[1].contains("never closed"), "{records:?}");
        assert_eq!(records[3].1, cells(&["g", "h"]));
        let far = format!("\"a\n{}end\n", "line of text\n".repeat(100_000));
        let records = read(far.as_bytes(), b',');
        assert_eq!(records.len(), 100_002);
        assert_eq!(records.iter().filter(|(_, cells)| cells[0] == "!").count(), 1);
    }

    #[test]
    fn a_line_that_is_too_long_or_not_utf8_is_refused_alone() {
        let mut text = format!("a,b\n{},x\n", "y".repeat(MAX_LINE_BYTES)).into_bytes();
        text.extend(b"c,\xC7\xE1\ne,f\n");
        let records = read(&text, b',');
        assert!(
            records[1].1[1].contains("longer than 1024 KiB") && records[2].1[1].contains("UTF-8"),
            "{:?}",
            records.len()
        );
        assert_eq!(records[3], (4, cells(&["e", "f"])));
    }
}
