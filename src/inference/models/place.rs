//! Where models are kept, and the three ways to name one.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{DEFAULT_MODEL, Error};

/// The folder that holds one folder a model; made when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelDir(PathBuf);

impl ModelDir {
    /// Uses that folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// `sada/models` in the platform's cache folder.
    ///
    /// # Errors
    /// [`Error::NoCacheFolder`] when the user has no home.
    pub fn platform_default() -> Result<Self, Error> {
        let folders = directories::ProjectDirs::from("", "", "sada").ok_or(Error::NoCacheFolder)?;
        Ok(Self(folders.cache_dir().join("models")))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where the model of that name is or will be.
    #[must_use]
    pub fn folder_of(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// Which model is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelName {
    /// One of the manifest.
    Listed(String),
    /// A local folder in the hub's layout.
    Folder(PathBuf),
    /// One on the Hugging Face hub: `hf:owner/name` or `hf:owner/name@revision`.
    Hub {
        /// owner/name.
        repository: String,
        /// Branch, tag or commit.
        revision: String,
    },
}

impl Default for ModelName {
    fn default() -> Self {
        Self::Listed(DEFAULT_MODEL.to_owned())
    }
}

impl FromStr for ModelName {
    type Err = Error;

    fn from_str(given: &str) -> Result<Self, Error> {
        let wrong = || Error::Source { given: given.to_owned() };
        if let Some(hub) = given.strip_prefix("hf:") {
            let (repository, revision) = hub.split_once('@').unwrap_or((hub, "main"));
            let parts: Vec<&str> = repository.split('/').collect();
            let whole = parts.len() == 2 && parts.iter().all(|part| !part.is_empty()) && !revision.is_empty();
            return if whole {
                Ok(Self::Hub { repository: repository.to_owned(), revision: revision.to_owned() })
            } else {
                Err(wrong())
            };
        }
        if given.trim().is_empty() {
            return Err(wrong());
        }
        let path = Path::new(given);
        if path.components().count() > 1 || given.starts_with(['.', '~']) || path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        Ok(Self::Listed(given.to_owned()))
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed(name) => f.write_str(name),
            Self::Folder(path) => path.display().fmt(f),
            Self::Hub { repository, revision } => write!(f, "hf:{repository}@{revision}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_name_a_model() {
        let hub = |repository: &str, revision: &str| {
            Some(ModelName::Hub { repository: repository.into(), revision: revision.into() })
        };
        for (given, expected) in [
            ("multilingual-e5-small", Some(ModelName::default())),
            ("./e5", Some(ModelName::Folder("./e5".into()))),
            ("/models/e5", Some(ModelName::Folder("/models/e5".into()))),
            ("models/e5", Some(ModelName::Folder("models/e5".into()))),
            ("hf:intfloat/multilingual-e5-small", hub("intfloat/multilingual-e5-small", "main")),
            ("hf:a/b@v1.2", hub("a/b", "v1.2")),
            ("hf:a", None),
            ("hf:a/", None),
            ("hf:a/b/c", None),
            ("hf:a/b@", None),
            ("", None),
            ("  ", None),
        ] {
            assert_eq!(given.parse::<ModelName>().ok(), expected, "{given:?}");
        }
    }
}
