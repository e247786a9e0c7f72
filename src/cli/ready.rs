//! The model, fetched if it is missing, loaded and warm.

use anyhow::{Context, Result};

use crate::config::Config;
use crate::inference::generate::{self, Local, Remote, Writer};
use crate::inference::models::{self, ModelDir, ModelFolder, ModelName};
use crate::inference::{Heads, Reader};
use crate::pipeline;
use crate::triage::Rules;

/// Questions that a server is asked at a time.
const SIDE_BY_SIDE: usize = 4;

/// Where models are kept.
pub(super) fn model_dir(config: &Config) -> Result<ModelDir> {
    if config.model.folder.as_os_str().is_empty() {
        return Ok(ModelDir::platform_default()?);
    }
    Ok(ModelDir::new(&config.model.folder))
}

/// The model's folder, fetched with a progress bar if it is missing.
pub(super) fn model(config: &Config) -> Result<ModelFolder> {
    let name: ModelName = config.model.name.parse()?;
    Ok(models::resolve(&model_dir(config)?, &name, &models::terminal())?)
}

/// The model and its heads, warm.
pub(super) fn reader(config: &Config) -> Result<Reader> {
    let folder = model(config)?;
    let own = &config.model.heads;
    let heads = if own.as_os_str().is_empty() { Heads::builtin()? } else { Heads::load(own)? };
    Reader::start(&folder, heads, &config.engine).context("the model can't be started")
}

/// The language model that the settings name, ready to write; none if they name none.
pub(super) fn writer(config: &Config) -> Result<Option<Writer>> {
    let settings = &config.llm;
    let models: Vec<Box<dyn generate::Model>> = if !settings.url.is_empty() {
        let remote = Remote::new(settings)?;
        (0..SIDE_BY_SIDE).map(|_| Box::new(remote.clone()) as Box<dyn generate::Model>).collect()
    } else if !settings.path.is_empty() {
        let (path, name) = models::language_model(&model_dir(config)?, &settings.path, &models::terminal())?;
        vec![Box::new(Local::load(&path, settings)?.named(&name))]
    } else {
        return Ok(None);
    };
    Ok(Some(Writer::start(models, settings)?))
}

/// The rules of triage with the queues as the settings describe them, for commands without a runtime.
pub(super) fn rules(config: &Config, reader: &Reader) -> Result<Rules> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(pipeline::rules::compile(&config.triage, &config.queue, reader))?)
}
