//! Fetches a folder from the Hugging Face hub with the hub's own client.

use hf_hub::api::sync::{ApiBuilder, ApiError};
use hf_hub::{Repo, RepoType};

use super::folder::{CONFIG, TOKENIZER, WEIGHTS};
use super::{Error, ModelDir, ModelFolder};

/// Downloads what is missing of the three files into `hub` below the model folder.
pub(super) fn fetch(dir: &ModelDir, repository: &str, revision: &str) -> Result<ModelFolder, Error> {
    let failed = |file| move |error: ApiError| refusal(repository, file, &error);
    let cache = dir.path().join("hub");
    std::fs::create_dir_all(&cache).map_err(|error| Error::io("write", &cache, error))?;
    let api = ApiBuilder::from_env().with_cache_dir(cache).build().map_err(failed(CONFIG))?;
    let files = api.repo(Repo::with_revision(repository.to_owned(), RepoType::Model, revision.to_owned()));
    let config = files.get(CONFIG).map_err(failed(CONFIG))?;
    for file in [TOKENIZER, WEIGHTS] {
        files.get(file).map_err(failed(file))?;
    }
    let folder = config.parent().unwrap_or(dir.path());
    ModelFolder::named(folder, repository)
}

fn refusal(repository: &str, file: &'static str, error: &ApiError) -> Error {
    Error::Hub { repository: repository.to_owned(), file, reason: error.to_string() }
}
