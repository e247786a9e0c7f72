//! What is wired, and nothing else.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::inference::Reader;
use crate::inference::generate::Writer;
use crate::journeys::StepProfile;
use crate::stores::sql::Db;
use crate::stores::sql::lessons::State;
use crate::stores::vectors::VectorIndex;
use crate::themes::{self, Present};
use crate::triage::{Lessons, QueueSettings, Rules};

/// Everything a use case needs; a cheap handle.
#[derive(Clone)]
pub struct App {
    /// The time.
    pub clock: Clock,
    /// The encoder and its heads.
    pub reader: Reader,
    /// The language model that writes answers, if there is one; nothing needs it.
    pub writer: Option<Writer>,
    /// Triggers, thresholds, queues, due times.
    pub rules: Arc<Rules>,
    /// What corrections taught routing.
    pub lessons: CurrentLessons,
    /// Rows.
    pub db: Db,
    /// Vectors, under the feedback's own ids.
    pub vectors: VectorIndex,
    /// How texts are grouped.
    pub grouping: Arc<themes::Settings>,
    /// The themes as they are now, for assigning at once.
    pub themes: CurrentThemes,
    /// Where the texts of journeys' steps lie.
    pub journeys: JourneyProfiles,
    /// Tells the worker that a job was put in the queue.
    pub job_added: Arc<Notify>,
    /// Cancelled when the process stops; whoever waits for long ends then.
    pub stop: CancellationToken,
    /// Where files wait to be imported.
    pub uploads: Arc<Path>,
    /// The queues as the team described them, or the built-in ones.
    pub queues: Arc<[QueueSettings]>,
    /// The settings as they apply, secrets masked.
    pub settings: Arc<[Setting]>,
}

/// One setting as it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key, like `web.session_hours`.
    pub key: String,
    /// Its value as TOML, secrets masked.
    pub value: String,
    /// Where the value comes from.
    pub source: Source,
}

/// Where a setting's value comes from, the last that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The defaults.
    Default,
    /// The settings file, by its path.
    File(String),
    /// The environment.
    Environment,
    /// The command line.
    Flag,
}

/// The present themes, swapped as a whole; readers never wait for a grouping.
#[derive(Clone, Default)]
pub struct CurrentThemes(Arc<RwLock<Arc<Present>>>);

impl CurrentThemes {
    /// The themes now.
    #[must_use]
    pub fn get(&self) -> Arc<Present> {
        self.0.read().map_or_else(|poisoned| poisoned.into_inner().clone(), |themes| themes.clone())
    }

    /// Takes the place of what was there.
    pub fn set(&self, themes: Present) {
        let mut slot = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *slot = Arc::new(themes);
    }
}

/// How many journeys' profiles are kept; more versions than that are rarely in use at once.
const PROFILES: usize = 16;

/// Where the texts of journeys' steps lie, by the journey's version, so that they are read once.
#[derive(Clone, Default)]
pub struct JourneyProfiles(Arc<RwLock<HashMap<String, Arc<Vec<StepProfile>>>>>);

impl JourneyProfiles {
    /// The profiles of this version, if they are kept.
    #[must_use]
    pub fn get(&self, version: &str) -> Option<Arc<Vec<StepProfile>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(version).cloned()
    }

    /// Keeps the profiles of a version; where there are too many versions the others are forgotten.
    #[must_use]
    pub fn keep(&self, version: &str, profiles: Vec<StepProfile>) -> Arc<Vec<StepProfile>> {
        let profiles = Arc::new(profiles);
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= PROFILES {
            kept.clear();
        }
        kept.insert(version.to_owned(), profiles.clone());
        profiles
    }
}

/// The lessons as they were last read, swapped as a whole.
#[derive(Clone, Default)]
pub struct CurrentLessons(Arc<RwLock<(State, Arc<Lessons>)>>);

impl CurrentLessons {
    /// The lessons now.
    #[must_use]
    pub fn get(&self) -> Arc<Lessons> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// What the database said when they were read.
    #[must_use]
    pub fn state(&self) -> State {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Takes the place of what was there.
    pub fn set(&self, state: State, lessons: Lessons) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = (state, Arc::new(lessons));
    }
}
