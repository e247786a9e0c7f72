//! Journeys: those that come along and those that people write, and what the records say of them.

mod actual;
mod place;
mod top;
mod write;

use chrono::{DateTime, Utc};

pub use self::actual::{Actual, Feeling, GapStory, Rated, StepStory, actual};
pub use self::place::{catch_up, catch_up_all, place_for};
pub use self::top::{TopGaps, top_gaps};
pub use self::write::{Unreadable, remove, write};
use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::journeys::{self, Ideal, JourneyId, StepId};
use crate::stores::sql::feedback::{AtStep, Filter};
use crate::stores::sql::journeys::{self as rows, Written};

/// A journey as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// Its id.
    pub id: JourneyId,
    /// What its file says.
    pub ideal: Ideal,
    /// Its file.
    pub toml: String,
    /// Which state of the file and of our rules this is.
    pub version: String,
    /// Whether one comes along under this id.
    pub built_in: bool,
    /// Who wrote it and when; none if it is the one that came along.
    pub written: Option<(String, DateTime<Utc>)>,
}

impl Journey {
    /// The step's place; none if it has no such step.
    #[must_use]
    pub fn place_of(&self, id: &StepId) -> Option<usize> {
        self.ideal.steps.iter().position(|step| step.id == *id)
    }

    /// The filter with this journey in it, whichever step.
    #[must_use]
    pub fn anywhere(&self, filter: &Filter) -> Filter {
        let at = AtStep { journey: self.id.clone(), step: None, expectation: None, last_before: None };
        Filter { step: Some(at), ..filter.clone() }
    }

    /// The filter with a step of this journey in it.
    #[must_use]
    pub fn at(&self, step: usize, filter: &Filter) -> Filter {
        let at = |step: &journeys::Step| AtStep {
            journey: self.id.clone(),
            step: Some(step.id.clone()),
            expectation: None,
            last_before: None,
        };
        Filter { step: self.ideal.steps.get(step).map(at), ..filter.clone() }
    }
}

/// All journeys, by id.
///
/// # Errors
/// Those of the database.
pub async fn list(app: &App) -> Result<Vec<Journey>> {
    let mut written = rows::list(&app.db).await?;
    let mut all = Vec::new();
    for (id, toml) in journeys::defaults() {
        all.push(match written.iter().position(|written| written.id == id) {
            Some(at) => of(written.swap_remove(at))?,
            None => built_in(id, toml)?,
        });
    }
    for written in written {
        all.push(of(written)?);
    }
    all.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(all)
}

/// One journey.
///
/// # Errors
/// `NotFound` if there is none, or those of the database.
pub async fn get(app: &App, id: &JourneyId) -> Result<Journey> {
    if let Some(written) = rows::get(&app.db, id).await? {
        return of(written);
    }
    let default = journeys::defaults().into_iter().find(|(own, _)| own == id);
    default.map_or_else(|| Err(Error::not_found("journey", id)), |(id, toml)| built_in(id, toml))
}

fn built_in(id: JourneyId, toml: &str) -> Result<Journey> {
    let ideal = read(&id, toml)?;
    Ok(Journey { id, ideal, version: journeys::version(toml), toml: toml.to_owned(), built_in: true, written: None })
}

fn of(written: Written) -> Result<Journey> {
    let Written { id, toml, author, changed_at } = written;
    let built_in = journeys::defaults().iter().any(|(default, _)| *default == id);
    let ideal = read(&id, &toml)?;
    Ok(Journey { id, ideal, version: journeys::version(&toml), toml, built_in, written: Some((author, changed_at)) })
}

/// What was checked before it was kept.
fn read(id: &JourneyId, toml: &str) -> Result<Ideal> {
    journeys::parse(toml).map_err(|faults| {
        let told = faults.first().map(ToString::to_string).unwrap_or_default();
        Error::new(Kind::Internal, format!("the journey {id} that is kept can't be read any more: {told}"))
    })
}
