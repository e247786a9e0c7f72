//! Many customers with the same trouble at once: one case for all of them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::feedback::names;

names! {
    /// Where an incident stands.
    Status, "status", {
        /// It goes on, or nobody has said yet that it is over.
        Open = "open",
        /// Somebody said that it is over.
        Closed = "closed",
    }
}

/// A closed incident was to be opened again.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a closed incident stays closed; if it goes on, what comes in opens a new one")]
pub struct StaysClosed;

impl Status {
    /// The status `to`, if it may follow; staying as it is always may.
    ///
    /// # Errors
    /// [`StaysClosed`] if it may not.
    pub const fn change(self, to: Self) -> Result<Self, StaysClosed> {
        match (self, to) {
            (Self::Closed, Self::Open) => Err(StaysClosed),
            _ => Ok(to),
        }
    }
}

/// A burst of similar texts; which texts and groups of texts they are, the store knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its id; that of its first feedback, so that a job that runs twice opens one.
    pub id: Uuid,
    /// Where it stands.
    pub status: Status,
    /// When its first text was given.
    pub started_at: DateTime<Utc>,
    /// When it was noticed.
    pub opened_at: DateTime<Utc>,
    /// When its last text was given.
    pub last_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_is_closed_once_and_for_good() {
        use Status::{Closed, Open};
        for (from, to, fine) in
            [(Open, Open, true), (Open, Closed, true), (Closed, Closed, true), (Closed, Open, false)]
        {
            assert_eq!(from.change(to).ok(), fine.then_some(to), "{from} to {to}");
        }
    }
}
