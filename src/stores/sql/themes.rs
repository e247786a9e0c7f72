//! Themes as they were last grouped, and how many feedback belong to each now.

use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::stores::Error;
use crate::themes::Theme;

const SELECT: &str = "SELECT t.id, t.titles, t.keywords, t.centre, t.examples, t.size, t.created_at, t.updated_at, \
    (SELECT count(*) FROM feedback f WHERE f.theme_id = t.id) AS members FROM themes t";

/// A theme with its present size.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The theme.
    pub theme: Theme,
    /// How many feedback belong to it now.
    pub members: u64,
}

/// Puts `themes` in place of all that there were; members of those that are gone belong to none.
///
/// # Errors
/// As the database says.
pub async fn replace_all(tx: &mut Tx, themes: &[Theme]) -> Result<(), Error> {
    Statement::new("DELETE FROM themes").execute(tx).await?;
    for theme in themes {
        insert(tx, theme).await?;
    }
    for statement in [
        "UPDATE feedback SET theme_id = NULL WHERE theme_id IS NOT NULL AND theme_id NOT IN (SELECT id FROM themes)",
        "UPDATE feedback SET theme_nearest = NULL, theme_similarity = NULL \
         WHERE theme_nearest IS NOT NULL AND theme_nearest NOT IN (SELECT id FROM themes)",
    ] {
        Statement::new(statement).execute(tx).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, theme: &Theme) -> Result<(), Error> {
    let mut statement = Statement::new(
        "INSERT INTO themes (id, titles, keywords, centre, examples, size, created_at, updated_at) VALUES (",
    );
    statement.bind(theme.id.to_string()).push(", ");
    statement.bind_list([
        to_json(&theme.titles)?,
        to_json(&theme.keywords)?,
        to_json(&theme.centre)?,
        to_json(&theme.examples)?,
    ]);
    statement.push(", ").bind(i64::try_from(theme.size).unwrap_or(i64::MAX));
    statement.push(", ").bind(theme.created_at.timestamp_millis());
    statement.push(", ").bind(theme.updated_at.timestamp_millis()).push(")");
    statement.execute(tx).await.map(drop)
}

/// Every theme, that with most members first.
///
/// # Errors
/// As the database says.
pub async fn list(db: &Db) -> Result<Vec<Listed>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" ORDER BY members DESC, t.id");
    statement.all(db).await?.iter().map(read).collect()
}

/// One theme.
///
/// # Errors
/// As the database says.
pub async fn get(db: &Db, id: Uuid) -> Result<Option<Listed>, Error> {
    let mut statement = Statement::new(SELECT);
    statement.push(" WHERE t.id = ").bind(id.to_string());
    statement.one(db).await?.as_ref().map(read).transpose()
}

fn read(row: &AnyRow) -> Result<Listed, Error> {
    let row = Reader::new("themes", "id", row);
    let theme = Theme {
        id: row.id("id")?,
        titles: row.json("titles")?,
        keywords: row.json("keywords")?,
        centre: row.json("centre")?,
        examples: row.json("examples")?,
        size: usize::try_from(row.integer("size")?).map_err(|error| row.corrupt("size", error))?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    };
    Ok(Listed { theme, members: row.count("members")? })
}
