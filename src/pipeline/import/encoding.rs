//! How a file's characters are written, and a reader that turns them into UTF-8 as it goes.

use std::io::{self, Cursor, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Format, ImportError};

/// How much of a file is looked at before it is judged.
pub(super) const HEAD_BYTES: usize = 256 * 1024;

/// A reader and the beginning of what it will give.
pub(super) struct Peeked {
    /// Everything, the head included.
    pub(super) reader: Box<dyn Read + Send>,
    /// The first bytes, at most [`HEAD_BYTES`].
    pub(super) head: Vec<u8>,
}

/// Looks at the beginning without losing it.
pub(super) fn peek(mut reader: impl Read + Send + 'static) -> io::Result<Peeked> {
    let mut head = Vec::new();
    (&mut reader).take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(Peeked { reader: Box::new(Cursor::new(head.clone()).chain(reader)), head })
}

/// The encoding with this label, as the sender names it.
pub(super) fn named(label: &str) -> Result<&'static Encoding, ImportError> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| ImportError::UnknownEncoding(label.to_owned()))
}

/// The encoding that the head's bytes speak for; UTF-8 unless there is reason to think otherwise.
///
/// JSON is Unicode by its standard, so nothing else is guessed there.
pub(super) fn detect(head: &[u8], format: Format) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return encoding;
    }
    if format == Format::Ndjson || is_utf8_with_faults(head) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, head.len() < HEAD_BYTES);
    detector.guess(None, Utf8Detection::Deny)
}

/// The same characters in UTF-8, without a byte order mark; malformed UTF-8 is passed on for its line to be refused.
pub(super) fn decode(peeked: Peeked, encoding: &'static Encoding) -> io::Result<Peeked> {
    let Peeked { mut reader, head } = peeked;
    if encoding == UTF_8 {
        if head.starts_with(b"\xEF\xBB\xBF") {
            reader.read_exact(&mut [0; 3])?;
            return Ok(Peeked { reader, head: head[3..].to_vec() });
        }
        return Ok(Peeked { reader, head });
    }
    let decoder = encoding.new_decoder_with_bom_removal();
    peek(Transcoder { reader, decoder, output: Vec::new(), given: 0, ended: false })
}

/// ASCII characters and newlines leave a zero in every other byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |start: usize| head.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = head.len() / 20;
    match (even > many.max(1), odd > many.max(1)) {
        (true, false) if odd == 0 => Some(UTF_16BE),
        (false, true) if even == 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// Whether lines with other letters than ASCII's are UTF-8 at least as often as not.
fn is_utf8_with_faults(head: &[u8]) -> bool {
    let (mut sound, mut broken) = (0, 0);
    let mut lines = head.split(|byte| *byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        match std::str::from_utf8(line) {
            Ok(text) => sound += usize::from(!text.is_ascii()),
            Err(error) if lines.peek().is_none() && error.error_len().is_none() => {
                sound += usize::from(!line[..error.valid_up_to()].is_ascii());
            }
            Err(_) => broken += 1,
        }
    }
    broken == 0 || (sound > 0 && sound >= broken)
}

/// Reads another encoding as UTF-8.
struct Transcoder<R> {
    reader: R,
    decoder: Decoder,
    output: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcoder<R> {
    /// Decodes the next piece of input into `output`.
    fn refill(&mut self) -> io::Result<()> {
        let mut input = [0; 8192];
        let length = self.reader.read(&mut input)?;
        self.ended = length == 0;
        let room = self.decoder.max_utf8_buffer_length(length).unwrap_or(4 * input.len());
        self.output.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&input[..length], &mut self.output, self.ended);
        self.output.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.output.len() && !self.ended {
            self.refill()?;
        }
        let length = into.len().min(self.output.len() - self.given);
        into[..length].copy_from_slice(&self.output[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{WINDOWS_1252, WINDOWS_1256};

    use super::*;

    const ARABIC: &str = "التعليق;التقييم\nالمندوب تأخر كثير والطلب وصل بارد;2\nالتطبيق ممتاز وسهل الاستخدام;5\n";

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn decoded(bytes: Vec<u8>) -> (String, &'static Encoding) {
        let encoding = detect(&bytes, Format::Csv);
        let peeked = decode(peek(Cursor::new(bytes)).expect("bytes"), encoding).expect("bytes");
        let (mut text, mut reader) = (String::new(), peeked.reader);
        reader.read_to_string(&mut text).expect("UTF-8");
        assert!(text.as_bytes().starts_with(&peeked.head));
        (text, encoding)
    }

    #[test]
    fn encodings_are_told_apart_and_converted() {
        let long = ARABIC.repeat(4_000);
        let marked = format!("\u{feff}{ARABIC}");
        for (bytes, expected, text) in [
            (ARABIC.as_bytes().to_vec(), UTF_8, ARABIC),
            (marked.as_bytes().to_vec(), UTF_8, ARABIC),
            (long.as_bytes().to_vec(), UTF_8, long.as_str()),
            (WINDOWS_1256.encode(ARABIC).0.into_owned(), WINDOWS_1256, ARABIC),
            (WINDOWS_1256.encode(&long).0.into_owned(), WINDOWS_1256, long.as_str()),
            (utf16(&marked, u16::to_le_bytes), UTF_16LE, ARABIC),
            (utf16(&marked, u16::to_be_bytes), UTF_16BE, ARABIC),
            (utf16(ARABIC, u16::to_le_bytes), UTF_16LE, ARABIC),
            (utf16(&long, u16::to_be_bytes), UTF_16BE, long.as_str()),
            (b"text\nfine\n".to_vec(), UTF_8, "text\nfine\n"),
            (
                b"comment\ncaf\xE9 tr\xE8s agr\xE9able, merci\n".to_vec(),
                WINDOWS_1252,
                "comment\ncafé très agréable, merci\n",
            ),
            (Vec::new(), UTF_8, ""),
        ] {
            let (read, encoding) = decoded(bytes);
            assert_eq!((encoding.name(), read.as_str()), (expected.name(), text));
        }
    }

    #[test]
    fn one_broken_line_does_not_change_the_encoding() {
        let mut bytes = ARABIC.as_bytes().to_vec();
        bytes.extend(b"\xC7\xE1\n");
        assert_eq!(detect(&bytes, Format::Csv), UTF_8);
        assert_eq!(detect(b"{\"text\":\"\xC7\xE1\"}\n", Format::Ndjson), UTF_8);
    }
}
