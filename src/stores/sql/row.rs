//! Rows into values: whatever can't be understood is named by table, column and key.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{Any, Decode, Row, Type};
use uuid::Uuid;

use crate::stores::{Error, Store};

/// Reads the columns of one row.
pub(super) struct Reader<'row> {
    table: &'static str,
    key: String,
    row: &'row AnyRow,
}

impl<'row> Reader<'row> {
    /// A reader of a row of `table` whose column `key` names it in errors.
    pub(super) fn new(table: &'static str, key: &str, row: &'row AnyRow) -> Self {
        let key = row.try_get::<String, _>(key).unwrap_or_else(|_| "?".to_owned());
        Self { table, key, row }
    }

    /// A column that is never empty.
    fn get<Value>(&self, column: &str) -> Result<Value, Error>
    where
        Value: Decode<'row, Any> + Type<Any>,
    {
        self.row.try_get(column).map_err(|error| self.corrupt(column, error))
    }

    pub(super) fn text(&self, column: &str) -> Result<String, Error> {
        self.get(column)
    }

    pub(super) fn optional_text(&self, column: &str) -> Result<Option<String>, Error> {
        self.get(column)
    }

    pub(super) fn integer(&self, column: &str) -> Result<i64, Error> {
        self.get(column)
    }

    pub(super) fn optional_integer(&self, column: &str) -> Result<Option<i64>, Error> {
        self.get(column)
    }

    pub(super) fn optional_real(&self, column: &str) -> Result<Option<f64>, Error> {
        self.get(column)
    }

    /// A number that can't be negative.
    pub(super) fn count(&self, column: &str) -> Result<u64, Error> {
        u64::try_from(self.integer(column)?).map_err(|error| self.corrupt(column, error))
    }

    pub(super) fn time(&self, column: &str) -> Result<DateTime<Utc>, Error> {
        self.moment(column, self.integer(column)?)
    }

    pub(super) fn optional_time(&self, column: &str) -> Result<Option<DateTime<Utc>>, Error> {
        self.optional_integer(column)?.map(|millis| self.moment(column, millis)).transpose()
    }

    fn moment(&self, column: &str, millis: i64) -> Result<DateTime<Utc>, Error> {
        DateTime::from_timestamp_millis(millis).ok_or_else(|| self.corrupt(column, "no such time"))
    }

    pub(super) fn id(&self, column: &str) -> Result<Uuid, Error> {
        self.parsed(column)
    }

    pub(super) fn optional_id(&self, column: &str) -> Result<Option<Uuid>, Error> {
        self.optional_parsed(column)
    }

    /// A value that is kept as its name.
    pub(super) fn parsed<Value>(&self, column: &str) -> Result<Value, Error>
    where
        Value: FromStr<Err: Display>,
    {
        self.text(column)?.parse().map_err(|error| self.corrupt(column, error))
    }

    /// A value that is kept as its name, or not there.
    pub(super) fn optional_parsed<Value>(&self, column: &str) -> Result<Option<Value>, Error>
    where
        Value: FromStr<Err: Display>,
    {
        let text = self.optional_text(column)?;
        text.map(|text| text.parse().map_err(|error| self.corrupt(column, error))).transpose()
    }

    pub(super) fn json<Value: DeserializeOwned>(&self, column: &str) -> Result<Value, Error> {
        self.of_json(column, &self.text(column)?)
    }

    pub(super) fn optional_json<Value: DeserializeOwned>(&self, column: &str) -> Result<Option<Value>, Error> {
        self.optional_text(column)?.map(|text| self.of_json(column, &text)).transpose()
    }

    fn of_json<Value: DeserializeOwned>(&self, column: &str, text: &str) -> Result<Value, Error> {
        // The position alone: what serde quotes may be a customer's words.
        serde_json::from_str(text).map_err(|error| {
            let place = format!("it is not the JSON that was expected, at character {}", error.column());
            self.corrupt(column, place)
        })
    }

    pub(super) fn corrupt(&self, column: &str, message: impl Display) -> Error {
        Error::Corrupt {
            table: self.table,
            column: column.to_owned(),
            row: self.key.clone(),
            message: message.to_string(),
        }
    }
}

/// A value as JSON for a column.
pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::other(Store::Database, format!("a value has no JSON: {error}")))
}
