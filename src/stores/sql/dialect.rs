//! What SQLite and PostgreSQL do differently: everything of that kind, and nothing else.

use sqlx::error::DatabaseError;

use super::Tx;
use super::statement::Statement;
use crate::stores::{Error, Store};

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A file on this machine.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// The database that `url` names.
    pub(super) fn of_url(url: &str) -> Result<Self, Error> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(super::settings::bad_url()),
        }
    }

    /// How many may write at once; none if as many as there are connections.
    pub(super) const fn writers(self) -> Option<u32> {
        match self {
            Self::Sqlite => Some(1),
            Self::Postgres => None,
        }
    }

    /// How a transaction that writes begins.
    ///
    /// SQLite must take its lock at once: a reader that turns writer fails without waiting.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// What the first connection says, before the tables are brought up to date.
    pub(super) const fn on_connect_once(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &["PRAGMA busy_timeout = 10000", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"],
            Self::Postgres => &[],
        }
    }

    /// What each connection says first.
    pub(super) const fn on_connect(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &["PRAGMA busy_timeout = 10000", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"],
            Self::Postgres => &[
                "SET statement_timeout = '60s'",
                "SET lock_timeout = '10s'",
                "SET idle_in_transaction_session_timeout = '60s'",
            ],
        }
    }

    /// What each connection that only reads says first.
    pub(super) const fn on_connect_reader(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &["PRAGMA busy_timeout = 10000", "PRAGMA query_only = ON"],
            Self::Postgres => self.on_connect(),
        }
    }

    /// Ends a `SELECT` whose rows are about to be changed, so that two who do the same get different rows.
    pub(super) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
}

/// Lets one transaction at a time pass that names the same `key`; it is freed at the end of the transaction.
pub(super) async fn take_turns(tx: &mut Tx, key: &str) -> Result<(), Error> {
    match tx.dialect {
        Dialect::Sqlite => Ok(()),
        Dialect::Postgres => {
            let mut statement = Statement::new("SELECT pg_advisory_xact_lock(hashtextextended(");
            statement.bind(key).push(", 0))");
            statement.optional(tx).await.map(drop)
        }
    }
}

/// What an error of either database means to the caller.
pub(super) fn error(error: sqlx::Error) -> Error {
    let message = error.to_string();
    match error {
        sqlx::Error::PoolTimedOut => Error::busy(Store::Database, "all connections are taken"),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Error::unavailable(Store::Database, message),
        sqlx::Error::Configuration(_) => Error::refused(Store::Database, message),
        sqlx::Error::Database(error) => match error.code() {
            Some(code) if code.len() == 5 => of_postgres(&code, error.as_ref()),
            Some(code) => of_sqlite(&code, error.as_ref()),
            None => Error::other(Store::Database, error.message()),
        },
        _ => Error::other(Store::Database, message),
    }
}

/// By the first byte of SQLite's result code (<https://sqlite.org/rescode.html>).
fn of_sqlite(code: &str, error: &dyn DatabaseError) -> Error {
    let message = error.message();
    match code.parse::<u32>().unwrap_or_default() & 0xFF {
        5 | 6 => Error::busy(Store::Database, message),
        8 => Error::refused(Store::Database, format!("{message}; make its file and folder writable")),
        10 | 13 => Error::unavailable(Store::Database, message),
        11 | 26 => Error::other(Store::Database, format!("{message}; the file is damaged, restore it from a backup")),
        14 => Error::refused(Store::Database, format!("{message}; its folder must exist and be writable")),
        19 => Error::conflict(message),
        _ => Error::other(Store::Database, message),
    }
}

/// By the class of SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn of_postgres(code: &str, error: &dyn DatabaseError) -> Error {
    let message = error.message();
    match code {
        "40001" | "40P01" | "55P03" | "57014" | "53300" => Error::busy(Store::Database, message),
        "25006" => Error::unavailable(Store::Database, message),
        _ => match &code[..2] {
            "08" | "53" | "57" | "58" => Error::unavailable(Store::Database, message),
            "22" | "28" | "3D" | "42" => Error::refused(Store::Database, message),
            "23" => Error::conflict(message),
            _ => Error::other(Store::Database, message),
        },
    }
}
