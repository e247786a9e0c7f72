//! Gathers every part's settings: the commented defaults, the user's file, the environment, the flags.
//!
//! The embedded defaults file is the reference; a key that is not in it is an error.
//! Nothing below this module reads the environment.

mod check;
mod print;
mod shown;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::Value;
use serde::Deserialize;

use crate::app::Setting;
use crate::stores::sql::DatabaseSettings;
use crate::stores::vectors::VectorSettings;
use crate::{inference, telemetry, themes, triage, web, worker};

/// Every setting with its default and what it means.
pub const DEFAULTS: &str = include_str!("default.toml");

/// All settings, checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub server: Server,
    /// Where data lies.
    pub data: Data,
    /// Which model to use.
    pub model: Model,
    /// How logs look.
    pub log: telemetry::Settings,
    /// Where rows go.
    pub database: DatabaseSettings,
    /// Where vectors go.
    pub vectors: VectorSettings,
    /// How texts are batched through the model.
    pub engine: inference::Settings,
    /// Which language model writes answers.
    pub llm: inference::generate::Settings,
    /// What comes first and who takes it.
    pub triage: triage::Settings,
    /// The queues that take cases; the built-in ones if there are none.
    #[serde(default)]
    pub queue: Vec<triage::QueueSettings>,
    /// How texts are grouped.
    pub themes: themes::Settings,
    /// How jobs are worked off.
    pub worker: worker::Settings,
    /// The limits of the HTTP interface.
    pub web: web::Settings,
    /// All of it as text, with where it comes from.
    #[serde(skip)]
    pub shown: Vec<Setting>,
}

/// Where to listen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port.
    pub listen: SocketAddr,
}

/// Where data lies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The folder; empty for the platform's own.
    pub folder: PathBuf,
}

/// Which model to use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// A name of the manifest, a folder in the hub's layout, or `hf:owner/name`.
    pub name: String,
    /// Where converted models are kept; empty for the platform's cache.
    pub folder: PathBuf,
    /// A folder of heads that `sada train` wrote; empty for those that the program carries.
    pub heads: PathBuf,
}

/// Settings that can't be used, with the place they come from.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error("there is no settings file {}; `sada config default` prints one to start from", .0.display())]
    Missing(PathBuf),
    /// A wrong key, type or value.
    #[error("the settings can't be used: {0}")]
    Wrong(Box<figment::Error>),
    /// Values of the right type that make no sense.
    #[error("the settings can't be used: {}", .0.join("; "))]
    Senseless(Vec<String>),
}

/// What the command line says, over everything else; keys like `server.listen`.
pub type Flags = Vec<(&'static str, String)>;

/// The settings that apply, before they are checked.
///
/// # Errors
/// [`ConfigError::Missing`] if `file` is not there.
pub fn gather(file: Option<&Path>, flags: &Flags) -> Result<Figment, ConfigError> {
    let mut figment = Figment::from(Toml::string(DEFAULTS));
    if let Some(file) = file {
        if !file.is_file() {
            return Err(ConfigError::Missing(file.to_owned()));
        }
        figment = figment.merge(Toml::file_exact(file));
    }
    figment = figment.merge(Env::prefixed("SADA_").filter(|key| key.as_str().contains("__")).split("__"));
    Ok(flags.iter().fold(figment, |figment, (key, value)| {
        let typed = typed(&figment, key, value);
        figment.merge(Serialized::default(key, typed))
    }))
}

/// What was typed for a key: text where the settings hold text, else the number or truth value that it spells.
fn typed(settings: &Figment, key: &str, value: &str) -> Value {
    match settings.find_value(key) {
        Ok(Value::String(..)) | Err(_) => Value::from(value),
        Ok(_) => value.parse().unwrap_or_else(|never: std::convert::Infallible| match never {}),
    }
}

/// The settings that apply, checked.
///
/// # Errors
/// [`ConfigError`], naming the key and where it was set.
pub fn load(file: Option<&Path>, flags: &Flags) -> Result<Config, ConfigError> {
    let gathered = gather(file, flags)?;
    let mut config: Config = gathered.extract().map_err(|error| ConfigError::Wrong(Box::new(error)))?;
    config.shown = shown::all(&gathered);
    let faults = check::faults(&gathered);
    if faults.is_empty() { Ok(config) } else { Err(ConfigError::Senseless(faults)) }
}

/// The settings that apply as TOML, secrets masked.
///
/// # Errors
/// [`ConfigError`] as in [`load`].
pub fn print(file: Option<&Path>, flags: &Flags) -> Result<String, ConfigError> {
    load(file, flags)?;
    let values = gather(file, flags)?.extract().map_err(|error| ConfigError::Wrong(Box::new(error)))?;
    Ok(print::masked(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete_and_a_flag_goes_over_them() {
        let config = load(None, &vec![("server.listen", "127.0.0.1:9".to_owned())]).expect("the defaults are fine");
        assert_eq!(config.server.listen.port(), 9);
        assert_eq!(config.worker, worker::Settings::default());
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_named() {
        let unknown = load(None, &vec![("server.lisen", "x".to_owned())]).expect_err("unknown").to_string();
        assert!(unknown.contains("lisen"), "{unknown}");
        let wrong = load(None, &vec![("server.listen", "everywhere".to_owned())]).expect_err("wrong").to_string();
        assert!(wrong.contains("server.listen"), "{wrong}");
        let missing = load(Some(Path::new("/nowhere/sada.toml")), &Vec::new()).expect_err("missing").to_string();
        assert!(missing.contains("/nowhere/sada.toml"), "{missing}");
    }

    #[test]
    fn values_that_make_no_sense_are_named_with_what_is_right() {
        for (key, value, expected) in [
            ("worker.batch", "0", "worker.batch must be at least 1"),
            ("web.max_body_bytes", "0", "web.max_body_bytes must be at least 1"),
            ("triage.triggers.fraud", "1.5", "triage.triggers.fraud is 1.5 and must be from 0 to 1"),
            ("triage.supported", "-0.1", "triage.supported is -0.1 and must be from 0 to 1"),
            ("web.utc_offset_minutes", "1440", "web.utc_offset_minutes must be from -1439 to 1439"),
            ("triage.routing.temperature", "0.0", "triage.routing.temperature must be more than 0"),
            ("llm.queue", "0", "llm.queue must be at least 1"),
            ("llm.max_tokens", "5000", "llm.max_tokens must be less than llm.context_tokens"),
        ] {
            let fault = load(None, &vec![(key, value.to_owned())]).expect_err("no sense").to_string();
            assert!(fault.contains(expected), "{fault}");
        }
    }

    #[test]
    fn secrets_are_masked_in_print() {
        let flags = vec![
            ("vectors.api_key", "very-secret".to_owned()),
            ("llm.key", "very-secret-too".to_owned()),
            ("database.url", "postgres://sada:hunter2@db/sada".to_owned()),
        ];
        let printed = print(None, &flags).expect("fine");
        assert!(!printed.contains("very-secret") && !printed.contains("hunter2"), "{printed}");
        assert!(printed.contains("postgres://sada:***@db/sada"), "{printed}");
    }
}
