//! The list of base models with every version and digest; embedded at build time.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Error, Layout};

/// The encoder that is used when none is named.
pub const DEFAULT_MODEL: &str = "multilingual-e5-small";

/// A language model that is small enough for tests; it is weak in Arabic.
pub const SMALL_LANGUAGE_MODEL: &str = "qwen2_5-coder-0_5b-instruct";

/// Changes whenever the converters write something else, so that old folders are made anew.
const CONVERTERS_VERSION: &str = "1";

/// All models that can be pulled by name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The models, in the order of the file.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// One model: what it is, where its parts come from, how they become a folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Its name, also that of its folder.
    pub name: String,
    /// SPDX name of its licence.
    pub licence: String,
    /// One line for people.
    pub about: String,
    /// Where it was first published.
    pub origin: String,
    /// How the sources become a folder.
    pub converter: Converter,
    /// SHA-256 over the digests of the converted files; empty when unknown.
    #[serde(default)]
    pub digest: String,
    /// The files it is made of.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// One file in one package.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The package's name.
    pub package: String,
    /// Its exact version.
    pub version: String,
    /// SHA-256 of the wheel, hexadecimal.
    pub wheel_sha256: String,
    /// Size of the wheel.
    pub wheel_bytes: u64,
    /// The file's path in the wheel.
    pub path: String,
    /// What the converter calls it.
    pub saved_as: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
}

/// How sources become a folder in the hub's layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Converter {
    /// A 4-bit BERT in one `E5S1` file, and its tokenizer.
    E5s1,
    /// A GGUF file in parts, in the order of the sources.
    Parts,
}

impl Converter {
    /// The files that it makes.
    #[must_use]
    pub const fn layout(self) -> Layout {
        match self {
            Self::E5s1 => Layout::Hub,
            Self::Parts => Layout::Gguf,
        }
    }
}

impl Manifest {
    /// The manifest that was built in.
    ///
    /// # Errors
    /// [`Error::Manifest`] when the file is broken, which a test rules out for a built program.
    pub fn built_in() -> Result<Self, Error> {
        Self::parse(include_str!("../../../models/manifest.toml"))
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Error::Manifest`] with line and column.
    pub fn parse(text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| Error::Manifest { reason: error.to_string() })
    }

    /// The model of that name.
    ///
    /// # Errors
    /// [`Error::UnknownModel`] with the names that exist.
    pub fn model(&self, name: &str) -> Result<&Model, Error> {
        self.models.iter().find(|model| model.name == name).ok_or_else(|| Error::UnknownModel {
            name: name.to_owned(),
            known: self.models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

impl Model {
    /// Identifies sources and converter: a folder made by another recipe is made anew.
    #[must_use]
    pub fn recipe(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{CONVERTERS_VERSION} {:?}", self.converter));
        for source in &self.sources {
            hash.update(format!(" {} {}", source.saved_as, source.sha256));
        }
        format!("{:x}", hash.finalize())
    }
}

impl Source {
    /// What pip is asked for: `package==version`.
    #[must_use]
    pub fn requirement(&self) -> String {
        format!("{}=={}", self.package, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_manifest_is_complete() {
        let manifest = Manifest::built_in().expect("valid");
        let model = manifest.model(DEFAULT_MODEL).expect("the default is there");
        assert_eq!(model.licence, "MIT");
        let small = manifest.model(SMALL_LANGUAGE_MODEL).expect("it is there");
        assert_eq!((small.licence.as_str(), small.converter.layout()), ("Apache-2.0", Layout::Gguf));
        for model in &manifest.models {
            assert!(!model.name.contains(['/', '\\', ':', '.']), "{} names a folder", model.name);
            for source in &model.sources {
                for digest in [&source.sha256, &source.wheel_sha256] {
                    assert!(digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
                }
                assert!(source.bytes > 0 && source.wheel_bytes > 0);
            }
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let error = Manifest::built_in().expect("valid").model("gpt").expect_err("unknown");
        assert!(error.to_string().contains(DEFAULT_MODEL), "{error}");
    }

    #[test]
    fn an_unknown_key_is_an_error_with_its_place() {
        let error = Manifest::parse("[[model]]\nname = \"a\"\nsize = 3\n").expect_err("unknown key");
        assert!(error.to_string().contains("line 3"), "{error}");
    }

    #[test]
    fn the_recipe_follows_the_sources() {
        let mut model = Manifest::built_in().expect("valid").models.remove(0);
        let before = model.recipe();
        assert_eq!(before, model.recipe());
        model.sources[0].sha256.replace_range(0..1, "0");
        assert_ne!(before, model.recipe());
    }
}
