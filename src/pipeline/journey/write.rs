//! Takes a journey that somebody wrote, or takes it back.

use std::fmt;

use serde_json::json;

use crate::access::{Action, Actor};
use crate::app::App;
use crate::error::{Error, Result};
use crate::journeys::{self, Fault, JourneyId};
use crate::stores::sql::journeys::{self as rows, Written};

use super::super::audit;
use super::{Journey, get};

/// Why a journey was not taken: all that is wrong with its file.
#[derive(Debug)]
pub enum Unreadable {
    /// The file.
    File(Vec<Fault>),
    /// Something else.
    Other(Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(faults) => {
                let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
                f.write_str(&told.join("; "))
            }
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Unreadable {}

impl<E: Into<Error>> From<E> for Unreadable {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// Keeps what `by` wrote under this id, in place of what was there; records fall on its steps anew.
///
/// # Errors
/// [`Unreadable::File`] with all that is wrong with the file, or those of the database.
pub async fn write(app: &App, id: &JourneyId, toml: &str, by: &Actor) -> Result<Journey, Unreadable> {
    let toml = toml.strip_prefix('\u{feff}').unwrap_or(toml).replace("\r\n", "\n");
    journeys::parse(&toml).map_err(Unreadable::File)?;
    let author = by.name().unwrap_or_default().to_owned();
    let written = Written { id: id.clone(), toml, author, changed_at: app.clock.now() };
    let mut tx = app.db.begin().await?;
    rows::put(&mut tx, &written).await?;
    let (subject, details) = (id.to_string(), json!({ "change": "write" }));
    audit::record(&mut tx, &app.clock, by, Action::JourneyChanged, Some(("journey", &subject)), details).await?;
    tx.commit().await?;
    Ok(get(app, id).await?)
}

/// Takes back what somebody wrote under this id; a journey that comes along is then again as it came.
///
/// # Errors
/// `NotFound` if there is no such journey, `Conflict` if it is as it came, or those of the database.
pub async fn remove(app: &App, by: &Actor, id: &JourneyId) -> Result<()> {
    let journey = get(app, id).await?;
    if journey.written.is_none() {
        let told = format!("the journey {id} comes along with Sada and can't be removed; write another in its place");
        return Err(Error::conflict(told));
    }
    let mut tx = app.db.begin().await?;
    rows::delete(&mut tx, id).await?;
    let (subject, details) = (id.to_string(), json!({ "change": "remove" }));
    audit::record(&mut tx, &app.clock, by, Action::JourneyChanged, Some(("journey", &subject)), details).await?;
    tx.commit().await?;
    Ok(())
}
