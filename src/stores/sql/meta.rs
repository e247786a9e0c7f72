//! A few facts about the database itself, by name: who made it, which model its vectors are of.

use super::row::Reader;
use super::statement::Statement;
use super::{Db, Tx};
use crate::stores::Error;

/// The value of `key`.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, key: &str) -> Result<Option<String>, Error> {
    let mut statement = Statement::new("SELECT key, value FROM meta WHERE key = ");
    statement.bind(key);
    let row = statement.one(db).await?;
    row.map(|row| Reader::new("meta", "key", &row).text("value")).transpose()
}

/// Sets `key` to `value`.
///
/// # Errors
/// As the database says.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO meta (key, value) VALUES (");
    statement.bind_list([key, value]);
    statement.push(") ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    statement.execute(tx).await.map(drop)
}
