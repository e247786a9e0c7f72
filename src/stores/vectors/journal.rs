//! What was changed since the embedded vectors were last flushed: one file, synced once a change.
//!
//! Flushing `qdrant-edge` syncs dozens of files and takes as long as analysing a batch of texts; this takes one sync.
//! A record is its length, a checksum and a body.
//! Reading stops at the first record that isn't whole, which is what a crash while writing leaves behind.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Payload, Point};

/// A length of 4 bytes and a checksum of 8.
const HEAD: usize = 12;

/// A change to the vectors.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// These points are kept in place of those of the same ids.
    Upsert(Vec<Point>),
    /// These points are forgotten.
    Delete(Vec<Uuid>),
}

/// The part of a body that is JSON; the vectors follow as little-endian floats.
#[derive(Serialize, Deserialize)]
enum Outline {
    Upsert(Vec<(Uuid, Payload)>),
    Delete(Vec<Uuid>),
}

/// The open file.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    bytes: u64,
    /// Whether its end is in an unknown state, so that what is written after it would not be read.
    broken: bool,
}

impl Journal {
    /// Opens the file, or makes it; gives back the changes in it, oldest first.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Vec<Change>)> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let content = std::fs::read(path)?;
        let (changes, whole) = read(&content);
        file.set_len(whole)?;
        file.sync_all()?;
        Ok((Self { file, bytes: whole, broken: false }, changes))
    }

    /// Writes a change down; it is on the disk when this returns.
    pub(super) fn append(&mut self, change: &Change) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write left it in an unknown state; restart Sada"));
        }
        let record = record(change)?;
        if let Err(error) = self.file.write_all(&record).and_then(|()| self.file.sync_data()) {
            // Half a record would hide all that come after it.
            self.broken = self.file.set_len(self.bytes).is_err();
            return Err(error);
        }
        self.bytes += record.len() as u64;
        Ok(())
    }

    /// Forgets all changes, because the vectors themselves are on the disk.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.sync_data()?;
        (self.bytes, self.broken) = (0, false);
        Ok(())
    }

    /// How long it is.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }
}

fn record(change: &Change) -> io::Result<Vec<u8>> {
    let outline = match change {
        Change::Upsert(points) => {
            Outline::Upsert(points.iter().map(|point| (point.id, point.payload.clone())).collect())
        }
        Change::Delete(ids) => Outline::Delete(ids.clone()),
    };
    let outline = serde_json::to_vec(&outline)?;
    let mut body = length(outline.len())?.to_vec();
    body.extend_from_slice(&outline);
    if let Change::Upsert(points) = change {
        body.extend(points.iter().flat_map(|point| &point.vector).flat_map(|value| value.to_le_bytes()));
    }
    let mut record = length(body.len())?.to_vec();
    record.extend_from_slice(&checksum(&body));
    record.append(&mut body);
    Ok(record)
}

fn length(bytes: usize) -> io::Result<[u8; 4]> {
    u32::try_from(bytes).map(u32::to_le_bytes).map_err(|_| io::Error::other("a change is too large to be written"))
}

fn checksum(body: &[u8]) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(body).into();
    std::array::from_fn(|index| digest[index])
}

/// The whole records of `content` and how many bytes they take.
fn read(content: &[u8]) -> (Vec<Change>, u64) {
    let (mut changes, mut rest) = (Vec::new(), content);
    while let Some((change, after)) = first(rest) {
        changes.push(change);
        rest = after;
    }
    (changes, (content.len() - rest.len()) as u64)
}

fn first(content: &[u8]) -> Option<(Change, &[u8])> {
    let (head, rest) = content.split_at_checked(HEAD)?;
    let (length, sum) = head.split_at(4);
    let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
    let (body, rest) = rest.split_at_checked(length)?;
    if checksum(body) != *sum {
        return None;
    }
    let (length, body) = body.split_at_checked(4)?;
    let (outline, floats) = body.split_at_checked(u32::from_le_bytes(length.try_into().ok()?) as usize)?;
    let change = match serde_json::from_slice(outline).ok()? {
        Outline::Delete(ids) => Change::Delete(ids),
        Outline::Upsert(points) => Change::Upsert(with_vectors(points, floats)),
    };
    Some((change, rest))
}

fn with_vectors(points: Vec<(Uuid, Payload)>, floats: &[u8]) -> Vec<Point> {
    let size = (floats.len() / points.len().max(1)).max(1);
    let vectors = floats.chunks_exact(size).map(|vector| {
        vector.chunks_exact(4).map(|value| f32::from_le_bytes([value[0], value[1], value[2], value[3]])).collect()
    });
    points.into_iter().zip(vectors).map(|((id, payload), vector)| Point { id, vector, payload }).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::feedback::{Channel, Language};

    fn point(number: u128) -> Point {
        Point {
            id: Uuid::from_u128(number),
            vector: vec![number as f32, -0.1, f32::MIN_POSITIVE, 1.0 / 3.0],
            payload: Payload {
                collected_at: DateTime::from_timestamp_millis(1_700_000_000_123).expect("in range"),
                language: Language::arabic(),
                channel: Channel::Chat,
            },
        }
    }

    fn changes() -> Vec<Change> {
        vec![
            Change::Upsert(vec![point(1), point(2)]),
            Change::Delete(vec![Uuid::from_u128(1), Uuid::from_u128(7)]),
            Change::Upsert(vec![point(3)]),
            Change::Delete(Vec::new()),
            Change::Upsert(Vec::new()),
        ]
    }

    #[test]
    fn changes_come_back_in_order_until_cleared() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        for round in 0..2 {
            let (mut journal, found) = Journal::open(&path).expect("opened");
            assert_eq!(found, if round == 0 { Vec::new() } else { changes() });
            if round == 0 {
                changes().iter().for_each(|change| journal.append(change).expect("written"));
            }
            assert_eq!(journal.bytes(), std::fs::metadata(&path).expect("there").len());
        }
        let (mut journal, _) = Journal::open(&path).expect("opened");
        journal.clear().expect("cleared");
        journal.append(&Change::Delete(vec![Uuid::nil()])).expect("written");
        drop(journal);
        assert_eq!(Journal::open(&path).expect("opened").1, [Change::Delete(vec![Uuid::nil()])]);
    }

    #[test]
    fn a_torn_end_is_cut_off_wherever_it_tore() {
        let records = changes().iter().map(|change| record(change).expect("a record")).collect::<Vec<_>>();
        let whole = records.concat();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).expect("written");
            let ends = records.iter().scan(0, |end, record| {
                *end += record.len();
                Some(*end)
            });
            let kept = ends.take_while(|end| *end <= length).count();
            let (mut journal, found) = Journal::open(&path).expect("opened");
            assert_eq!(found, changes()[..kept], "torn at {length}");
            journal.append(&changes()[0]).expect("written");
            drop(journal);
            let (_, found) = Journal::open(&path).expect("opened");
            assert_eq!(found, [&changes()[..kept], &changes()[..1]].concat(), "torn at {length}, then written on");
        }
    }

    #[test]
    fn a_changed_byte_ends_the_reading() {
        let whole = record(&changes()[0]).expect("a record");
        for place in 0..whole.len() {
            let mut bad = whole.clone();
            bad[place] ^= 0x10;
            assert_eq!(read(&bad), (Vec::new(), 0), "byte {place}");
        }
    }
}
