//! A file that comes in parts.

use std::fs::File;
use std::io;
use std::path::Path;

use super::super::folder::GGUF;
use super::super::{Error, Model};

/// Puts the model's sources one after another into its one file.
///
/// A part is removed once it is copied, so that the disk needs room for the file and one part.
pub(super) fn join(model: &Model, parts: &Path, folder: &Path) -> Result<(), Error> {
    let path = folder.join(GGUF);
    let mut whole = File::create(&path).map_err(|error| Error::io("write", &path, error))?;
    for source in &model.sources {
        let part = parts.join(&source.saved_as);
        let mut read = File::open(&part).map_err(|error| Error::io("read", &part, error))?;
        io::copy(&mut read, &mut whole).map_err(|error| Error::io("write", &path, error))?;
        std::fs::remove_file(&part).map_err(|error| Error::io("remove", &part, error))?;
    }
    Ok(())
}
