//! The one error of the application, and the few kinds that anybody acts on.
//!
//! The parts have small errors of their own; here they become one, with the cause kept for the log.
//! What a client reads is decided in `web`, from the kind, once.

use std::fmt;

use crate::{inference, stores};

/// What sort of failure it is: all that a caller needs in order to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong; sending it again won't help.
    Invalid,
    /// There is no such thing.
    NotFound,
    /// It clashes with what is there.
    Conflict,
    /// A queue is full; try again soon.
    Busy,
    /// A part that we need can't be reached; try again later.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// A failure anywhere in the application.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What can fail in the application.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of this kind; `message` says what was wrong, where, and what to do.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// The input is wrong.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// There is no such `thing`.
    #[must_use]
    pub fn not_found(thing: &str, id: impl fmt::Display) -> Self {
        Self::new(Kind::NotFound, format!("there is no {thing} {id}"))
    }

    /// It clashes with what is there.
    #[must_use]
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, message)
    }

    /// The same failure with its cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What sort of failure it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl From<stores::Error> for Error {
    fn from(error: stores::Error) -> Self {
        let kind = match &error {
            stores::Error::Busy { .. } | stores::Error::Unavailable { .. } => Kind::Unavailable,
            stores::Error::Conflict { .. } => Kind::Conflict,
            stores::Error::Refused { .. } => Kind::Invalid,
            stores::Error::Corrupt { .. } | stores::Error::Other { .. } => Kind::Internal,
        };
        Self::new(kind, error.to_string()).caused_by(error)
    }
}

impl From<inference::Error> for Error {
    fn from(error: inference::Error) -> Self {
        let kind = match &error {
            inference::Error::Busy { .. } => Kind::Busy,
            inference::Error::Stopped => Kind::Unavailable,
            _ => Kind::Internal,
        };
        Self::new(kind, error.to_string()).caused_by(error)
    }
}
