//! A statement that is put together from parts, with its values numbered as both databases understand: `$1`, `$2`…
//!
//! Only text of this crate goes into it; whatever comes from outside is bound.
//!
//! Never bind an optional float: `sqlx::Any` declares a missing `f64` to PostgreSQL as a `real`, and the next call with
//! a value would then be misread.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, Arguments, AssertSqlSafe, Encode, Type};

use super::dialect;
use super::{Db, Tx};
use crate::stores::Error;

/// A statement in the making.
pub(super) struct Statement {
    text: String,
    arguments: AnyArguments,
    failure: Option<sqlx::Error>,
}

impl Statement {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), arguments: AnyArguments::default(), failure: None }
    }

    /// Adds SQL.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value.
    pub(super) fn bind<'value>(&mut self, value: impl Encode<'value, Any> + Type<Any>) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.failure = Some(sqlx::Error::Encode(error));
        }
        self.text.push('$');
        self.text.push_str(&self.arguments.len().to_string());
        self
    }

    /// Adds a list of values with commas between.
    pub(super) fn bind_list<'value, Value>(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self
    where
        Value: Encode<'value, Any> + Type<Any>,
    {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.bind(value);
        }
        self
    }

    /// Runs it in a transaction and counts the rows it touched.
    pub(super) async fn execute(self, tx: &mut Tx) -> Result<u64, Error> {
        let done = self.query()?.execute(tx.connection()).await.map_err(dialect::error)?;
        Ok(done.rows_affected())
    }

    /// Reads rows in a transaction.
    pub(super) async fn rows(self, tx: &mut Tx) -> Result<Vec<AnyRow>, Error> {
        self.query()?.fetch_all(tx.connection()).await.map_err(dialect::error)
    }

    /// Reads a row in a transaction.
    pub(super) async fn optional(self, tx: &mut Tx) -> Result<Option<AnyRow>, Error> {
        self.query()?.fetch_optional(tx.connection()).await.map_err(dialect::error)
    }

    /// Reads rows outside of transactions.
    pub(super) async fn all(self, db: &Db) -> Result<Vec<AnyRow>, Error> {
        self.query()?.fetch_all(&db.reader).await.map_err(|error| super::acquire_error(&db.reader, error))
    }

    /// Reads a row outside of transactions.
    pub(super) async fn one(self, db: &Db) -> Result<Option<AnyRow>, Error> {
        self.query()?.fetch_optional(&db.reader).await.map_err(|error| super::acquire_error(&db.reader, error))
    }

    fn query<'q>(self) -> Result<sqlx::query::Query<'q, Any, AnyArguments>, Error> {
        match self.failure {
            Some(error) => Err(dialect::error(error)),
            None => Ok(sqlx::query_with(AssertSqlSafe(self.text), self.arguments)),
        }
    }
}
