//! The lock on a data folder: one process owns it at a time.
//!
//! The operating system frees the lock when the owner ends, however it ends, so no lock is ever left behind.
//! The file's content only names the owner; it is the lock that counts.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The file inside the folder.
const FILE: &str = "lock";

/// Who owns a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its process id.
    pub pid: u32,
    /// Where it listens, if it said so.
    pub address: Option<String>,
}

/// Why a folder can't be owned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process has it.
    #[error("the data folder {} belongs to {}; stop that process, send your request to it, or name another folder",
        folder.display(), name(owner.as_ref()))]
    Taken {
        /// The folder.
        folder: PathBuf,
        /// Who has it, if it wrote its name.
        owner: Option<Owner>,
    },
    /// It can't be made or written.
    #[error("the data folder {} can't be written: {source}; change its permissions or name another folder",
        folder.display())]
    NotWritable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Its lock can't be taken or read for another reason.
    #[error("the lock of the data folder {} failed: {source}; file locks are needed, so a local disk is too",
        folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn name(owner: Option<&Owner>) -> String {
    match owner {
        Some(Owner { pid, address: Some(address) }) => format!("process {pid}, which serves {address}"),
        Some(Owner { pid, address: None }) => format!("process {pid}"),
        None => "another process".to_owned(),
    }
}

/// Ownership of a data folder, for as long as the value lives.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
    folder: PathBuf,
}

impl FolderLock {
    /// Takes `folder`, making it if need be.
    ///
    /// # Errors
    /// [`Error::Taken`] if another process has it, [`Error::NotWritable`] if it can't be written.
    pub fn acquire(folder: &Path) -> Result<Self, Error> {
        let not_writable = |source| Error::NotWritable { folder: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(not_writable)?;
        let path = folder.join(FILE);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Taken { folder: folder.to_owned(), owner: read_owner(&path) });
            }
            Err(TryLockError::Error(source)) => return Err(Error::Io { folder: folder.to_owned(), source }),
        }
        let mut lock = Self { file, folder: folder.to_owned() };
        lock.write("")?;
        Ok(lock)
    }

    /// Writes down where the owner listens, for whoever finds the folder taken.
    ///
    /// # Errors
    /// [`Error::NotWritable`] if the disk is full or gone.
    pub fn announce(&mut self, address: &str) -> Result<(), Error> {
        self.write(address)
    }

    /// The folder that is owned.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn write(&mut self, address: &str) -> Result<(), Error> {
        let line = format!("{} {address}\n", std::process::id());
        self.file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .and_then(|()| self.file.write_all(line.as_bytes()))
            .and_then(|()| self.file.sync_data())
            .map_err(|source| Error::NotWritable { folder: self.folder.clone(), source })
    }
}

/// Who owns `folder` now; none if nobody does.
///
/// # Errors
/// [`Error::Io`] if the lock can't be tried.
pub fn owner(folder: &Path) -> Result<Option<Owner>, Error> {
    let path = folder.join(FILE);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::Io { folder: folder.to_owned(), source }),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(read_owner(&path)),
        Err(TryLockError::Error(source)) => Err(Error::Io { folder: folder.to_owned(), source }),
    }
}

fn read_owner(path: &Path) -> Option<Owner> {
    let mut text = String::new();
    File::open(path).ok()?.take(4096).read_to_string(&mut text).ok()?;
    let (pid, address) = text.trim_end_matches('\n').split_once(' ')?;
    let address = (!address.is_empty()).then(|| address.to_owned());
    Some(Owner { pid: pid.parse().ok()?, address })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_owner_is_told_who_is_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("not/yet/there");
        let mut lock = FolderLock::acquire(&data).expect("free");
        let pid = std::process::id();
        assert_eq!(owner(&data).expect("readable"), Some(Owner { pid, address: None }));
        lock.announce("http://127.0.0.1:8080").expect("written");

        let error = FolderLock::acquire(&data).expect_err("taken");
        assert!(matches!(&error, Error::Taken { owner: Some(owner), .. }
            if owner.pid == pid && owner.address.as_deref() == Some("http://127.0.0.1:8080")));
        let expected = format!("belongs to process {pid}, which serves http://127.0.0.1:8080;");
        assert!(error.to_string().contains(&expected), "{error}");

        drop(lock);
        assert_eq!(owner(&data).expect("readable"), None);
        FolderLock::acquire(&data).expect("free again");
    }

    #[test]
    fn a_folder_that_nobody_locked_has_no_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(owner(folder.path()).expect("readable"), None);
    }

    #[test]
    fn a_folder_that_cannot_be_made_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let error = FolderLock::acquire(&file.join("data")).expect_err("below a file");
        assert!(matches!(error, Error::NotWritable { .. }), "{error}");
    }
}
