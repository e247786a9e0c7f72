//! The place where files wait.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use super::WAITS;
use crate::access::User;
use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::Channel;
use crate::stores::sql::imports::{self, Choice, Import, State};

/// How many files wait at most.
const MOST: usize = 20;

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// A file that is coming in; one that is dropped before its end goes within the hour.
#[derive(Debug)]
pub struct Reception {
    id: Uuid,
    file: File,
    bytes: u64,
    most: u64,
}

/// Makes room for a file of at most `most` bytes.
///
/// # Errors
/// `Busy` if too many files wait, `Unavailable` if the data folder can't be written.
pub async fn receive(app: &App, most: u64) -> Result<Reception> {
    if waiting(app).await.len() >= MOST {
        return Err(Error::new(Kind::Busy, "as many files wait as can; go on with one of them, or try again later"));
    }
    fs::create_dir_all(&app.uploads).await.map_err(unwritable)?;
    let id = app.clock.new_id();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let file = options.open(path(app, id)).await.map_err(unwritable)?;
    Ok(Reception { id, file, bytes: 0, most })
}

impl Reception {
    /// Adds a piece; false if the file is now larger than it may be.
    ///
    /// # Errors
    /// `Unavailable` if it can't be written.
    pub async fn write(&mut self, piece: &[u8]) -> Result<bool> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most {
            return Ok(false);
        }
        self.file.write_all(piece).await.map_err(unwritable)?;
        Ok(true)
    }

    /// How much of it has come.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Ends it; the file then waits for somebody to say how it is to be read.
    ///
    /// # Errors
    /// `Unavailable` if it can't be written, or those of the database.
    pub async fn finish(mut self, app: &App, by: &User, file_name: &str) -> Result<Uuid> {
        self.file.flush().await.map_err(unwritable)?;
        self.file.sync_all().await.map_err(unwritable)?;
        let now = app.clock.now();
        let choice = Choice {
            map: String::new(),
            header: None,
            encoding: None,
            source: "import".to_owned(),
            channel: Channel::Other,
        };
        let import = Import {
            id: self.id,
            user_id: by.id,
            user_name: by.name.as_str().to_owned(),
            file_name: plain(file_name),
            bytes: self.bytes,
            choice,
            state: State::Waiting,
            lines: 0,
            accepted: 0,
            duplicates: 0,
            refused: 0,
            fault: None,
            created_at: now,
            updated_at: now,
        };
        let mut tx = app.db.begin().await?;
        imports::insert(&mut tx, &import).await?;
        tx.commit().await?;
        Ok(self.id)
    }

    /// Takes it back.
    ///
    /// # Errors
    /// `Unavailable` if it can't be deleted.
    pub async fn give_up(self, app: &App) -> Result<()> {
        remove(app, self.id).await
    }
}

/// A file's name without its folders and without what can't be seen.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    if seen.trim().is_empty() { "?".to_owned() } else { seen }
}

/// Where the file of an import is.
pub(super) fn path(app: &App, id: Uuid) -> PathBuf {
    app.uploads.join(id.simple().to_string())
}

/// Deletes the file of an import, if it is there.
///
/// # Errors
/// `Unavailable` if it can't be deleted.
pub async fn remove(app: &App, id: Uuid) -> Result<()> {
    match fs::remove_file(path(app, id)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(error)),
        _ => Ok(()),
    }
}

/// The files that are there.
pub(super) async fn waiting(app: &App) -> Vec<Uuid> {
    let mut found = Vec::new();
    if let Ok(mut entries) = fs::read_dir(&app.uploads).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            found.extend(entry.file_name().to_str().and_then(|name| Uuid::try_parse(name).ok()));
        }
    }
    found
}

/// Whether a file without an import may still be coming in.
pub(super) fn is_young(id: Uuid, now: DateTime<Utc>) -> bool {
    let made = id.get_timestamp().and_then(|made| DateTime::from_timestamp(i64::try_from(made.to_unix().0).ok()?, 0));
    made.is_some_and(|made| now - made < WAITS)
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(Kind::Unavailable, "the data folder can't be written; has it room?").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_name_keeps_to_one_line_and_one_folder() {
        for (name, expected) in [
            ("آراء.csv", "آراء.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\x\\a.xlsx", "a.xlsx"),
            ("a\u{0}\r\nb.csv", "ab.csv"),
            ("", "?"),
        ] {
            assert_eq!(plain(name), expected, "{name:?}");
        }
        assert_eq!(plain(&"ط".repeat(500)).chars().count(), LONGEST_NAME);
    }
}
