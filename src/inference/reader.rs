//! The encoder with its heads: masked text in, understanding out.

use std::sync::Arc;

use super::heads::{self, Heads, Intents, Topics};
use super::models::ModelFolder;
use super::{Engine, Error, Settings};
use crate::feedback::{ModelInfo, Understanding};
use crate::privacy::Text;

/// The encoder with its heads; clones share both.
#[derive(Clone, Debug)]
pub struct Reader {
    engine: Engine,
    heads: Arc<Heads>,
}

impl Reader {
    /// Loads and warms the model; takes about a second, so not for async threads.
    ///
    /// # Errors
    /// Those of [`Engine::start`], and [`Error::Heads`] if the heads were fitted for another encoder.
    pub fn start(folder: &ModelFolder, heads: Heads, settings: &Settings) -> Result<Self, Error> {
        let engine = Engine::start(folder, heads.tuned(), settings.clone())?;
        let heads = heads.for_model(engine.info())?;
        Ok(Self { engine, heads: Arc::new(heads) })
    }

    /// Whether so many texts would be taken now; see [`Engine::check_room`].
    ///
    /// # Errors
    /// [`Error::Busy`] when they would not.
    pub fn check_room(&self, texts: usize) -> Result<(), Error> {
        self.engine.check_room(texts)
    }

    /// What the model says of each text, in order.
    ///
    /// # Errors
    /// [`Error::Busy`] when the queue is full, or others of [`Engine::encode`].
    pub async fn understand(&self, texts: Vec<Text>) -> Result<Vec<Understanding>, Error> {
        heads::understand(&self.engine, &self.heads, texts).await
    }

    /// As [`Self::understand`], for threads that may wait; inside an async runtime it would panic.
    ///
    /// # Errors
    /// As [`Self::understand`].
    pub fn understand_blocking(&self, texts: Vec<Text>) -> Result<Vec<Understanding>, Error> {
        heads::understand_blocking(&self.engine, &self.heads, texts)
    }

    /// Whether texts can still be read; see [`Engine::is_alive`].
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.engine.is_alive()
    }

    /// The engine that runs the encoder.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The encoder by itself.
    #[must_use]
    pub fn encoder(&self) -> &ModelInfo {
        self.engine.info()
    }

    /// The encoder with its heads, as analyses name it.
    #[must_use]
    pub fn model(&self) -> ModelInfo {
        self.heads.model(self.engine.info())
    }

    /// The projection of intents, if there is one for the encoder.
    #[must_use]
    pub fn intents(&self) -> Option<&Intents> {
        self.heads.intents()
    }

    /// What a place is about, if there is a projection for the encoder.
    #[must_use]
    pub fn topics(&self) -> Option<&Topics> {
        self.heads.topics()
    }

    /// What decides where a text lies: places of two spaces can't be compared.
    #[must_use]
    pub fn space(&self) -> ModelInfo {
        self.heads.space(self.engine.info())
    }

    /// How many numbers a place has.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.intents().map_or(self.engine.dimension(), Intents::width)
    }
}
