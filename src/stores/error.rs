//! What can go wrong in a store, by what the caller can do about it.
//!
//! The causes are told as text and not kept as values: a database's own error may quote a whole row in its `Debug`,
//! and that could carry a customer's words into a log.

use std::fmt;

/// Which store is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// SQLite or PostgreSQL.
    Database,
    /// `qdrant-edge` or Qdrant.
    Vectors,
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Database => "the database",
            Self::Vectors => "the vector store",
        })
    }
}

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It works, but not now: all connections taken, a lock held too long.
    #[error("{store} is busy: {message}; try again in a moment")]
    Busy {
        /// Which store.
        store: Store,
        /// What it said.
        message: String,
    },
    /// It is down, unreachable or out of disk.
    #[error("{store} can't be used: {message}; check that it runs, has disk space and that its address is right")]
    Unavailable {
        /// Which store.
        store: Store,
        /// What it said.
        message: String,
    },
    /// Somebody else changed or made the same thing first.
    #[error("{message}")]
    Conflict {
        /// What stood in the way.
        message: String,
    },
    /// A stored value can't be understood.
    #[error("{table}.{column} of row {row} can't be read: {message}; restore that row from a backup or delete it")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
        /// The row's key.
        row: String,
        /// Why it can't be read.
        message: String,
    },
    /// A value or setting that the store will never take.
    #[error("{store} refuses this: {message}")]
    Refused {
        /// Which store.
        store: Store,
        /// What is wrong and what to do.
        message: String,
    },
    /// Anything else; a defect in Sada or in the store.
    #[error("{store} failed: {message}")]
    Other {
        /// Which store.
        store: Store,
        /// What it said.
        message: String,
    },
}

impl Error {
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }

    pub(super) fn refused(store: Store, message: impl Into<String>) -> Self {
        Self::Refused { store, message: message.into() }
    }

    pub(super) fn unavailable(store: Store, message: impl Into<String>) -> Self {
        Self::Unavailable { store, message: message.into() }
    }

    pub(super) fn busy(store: Store, message: impl Into<String>) -> Self {
        Self::Busy { store, message: message.into() }
    }

    pub(super) fn other(store: Store, message: impl Into<String>) -> Self {
        Self::Other { store, message: message.into() }
    }
}
