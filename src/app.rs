//! What is wired, and nothing else.

use std::sync::{Arc, RwLock};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::inference::Reader;
use crate::stores::sql::Db;
use crate::stores::vectors::VectorIndex;
use crate::themes::{self, Theme};
use crate::triage::Rules;

/// Everything a use case needs; a cheap handle.
#[derive(Clone)]
pub struct App {
    /// The time.
    pub clock: Clock,
    /// The encoder and its heads.
    pub reader: Reader,
    /// Triggers, thresholds, queues, due times.
    pub rules: Arc<Rules>,
    /// Rows.
    pub db: Db,
    /// Vectors, under the feedback's own ids.
    pub vectors: VectorIndex,
    /// How texts are grouped.
    pub grouping: Arc<themes::Settings>,
    /// The themes as they were last grouped, for assigning at once.
    pub themes: CurrentThemes,
    /// Tells the worker that a job was put in the queue.
    pub job_added: Arc<Notify>,
}

/// The present themes, swapped as a whole; readers never wait for a grouping.
#[derive(Clone, Default)]
pub struct CurrentThemes(Arc<RwLock<Arc<Vec<Theme>>>>);

impl CurrentThemes {
    /// The themes now.
    #[must_use]
    pub fn get(&self) -> Arc<Vec<Theme>> {
        self.0.read().map_or_else(|poisoned| poisoned.into_inner().clone(), |themes| themes.clone())
    }

    /// Takes the place of what was there.
    pub fn set(&self, themes: Vec<Theme>) {
        let mut slot = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *slot = Arc::new(themes);
    }
}
