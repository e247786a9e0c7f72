//! The lines of a file, one at a time, each with its number and in bounded memory.

use std::io::{self, BufRead, Read};

/// The longest line, and the longest CSV record of several lines, in bytes.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;

/// One line without its end.
#[derive(Clone, Debug)]
pub(super) struct Physical {
    /// From 1.
    pub(super) number: u64,
    /// Its bytes, at most [`MAX_LINE_BYTES`]; none if it is longer.
    pub(super) bytes: Option<Vec<u8>>,
}

impl Physical {
    /// Whether nothing is written on it.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.as_ref().is_some_and(|bytes| bytes.iter().all(u8::is_ascii_whitespace))
    }
}

/// Reads line after line; `\n`, `\r\n` and, where a file has no other ends, `\r` end a line.
pub(super) struct PhysicalLines<R> {
    reader: R,
    end: u8,
    number: u64,
}

impl<R: BufRead> PhysicalLines<R> {
    /// Lines of `reader`; `head`, its beginning, tells what ends a line.
    pub(super) fn new(reader: R, head: &[u8]) -> Self {
        let end = if head.contains(&b'\r') && !head.contains(&b'\n') { b'\r' } else { b'\n' };
        Self { reader, end, number: 0 }
    }

    /// The next line, none at the end.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Physical>> {
        let mut bytes = Vec::new();
        let most = MAX_LINE_BYTES as u64 + 2;
        if (&mut self.reader).take(most).read_until(self.end, &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if bytes.last() == Some(&self.end) {
            bytes.pop();
        } else if bytes.len() > MAX_LINE_BYTES {
            self.reader.skip_until(self.end)?;
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Ok(Some(Physical { number: self.number, bytes: Some(bytes).filter(|bytes| bytes.len() <= MAX_LINE_BYTES) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u64, Option<usize>)> {
        let mut lines = PhysicalLines::new(bytes, &bytes[..bytes.len().min(64)]);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().expect("bytes can be read") {
            all.push((line.number, line.bytes.map(|bytes| bytes.len())));
        }
        all
    }

    #[test]
    fn lines_end_in_three_ways_and_keep_their_numbers() {
        assert_eq!(read(b""), []);
        assert_eq!(read(b"a\nbb\r\n\nccc"), [(1, Some(1)), (2, Some(2)), (3, Some(0)), (4, Some(3))]);
        assert_eq!(read(b"a\rbb\r"), [(1, Some(1)), (2, Some(2))]);
    }

    #[test]
    fn a_line_over_the_limit_is_skipped_to_its_end() {
        for (length, kept) in [(MAX_LINE_BYTES, true), (MAX_LINE_BYTES + 1, false), (3 * MAX_LINE_BYTES, false)] {
            for end in ["\n", "\r\n"] {
                let text = format!("a\n{}{end}b", "x".repeat(length));
                let expected = [(1, Some(1)), (2, kept.then_some(length)), (3, Some(1))];
                assert_eq!(read(text.as_bytes()), expected, "{length} {end:?}");
            }
        }
    }
}
