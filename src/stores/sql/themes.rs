//! Themes as they were last grouped, and how many feedback belong to each now.

use std::collections::{BTreeMap, HashMap};

use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::Language;
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
/// What people called a theme stays for as long as its id does.
///
/// # Errors
/// As the database says.
pub async fn replace_all(tx: &mut Tx, themes: &[Theme]) -> Result<(), Error> {
    let mut given = given(tx).await?;
    Statement::new("DELETE FROM themes").execute(tx).await?;
    for theme in themes {
        insert(tx, theme, &given.remove(&theme.id).unwrap_or_default()).await?;
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

type TitlesByLanguage = BTreeMap<Language, String>;

/// What people called the themes that there are.
async fn given(tx: &mut Tx) -> Result<HashMap<Uuid, TitlesByLanguage>, Error> {
    let rows = Statement::new("SELECT id, given_titles FROM themes").rows(tx).await?;
    let each = rows.iter().map(|row| {
        let row = Reader::new("themes", "id", row);
        Ok((row.id("id")?, row.json("given_titles")?))
    });
    each.collect()
}

/// Calls a theme by this title in a language, until somebody calls it otherwise; false if there is no such theme.
///
/// # Errors
/// As the database says.
pub async fn rename(tx: &mut Tx, id: Uuid, language: &Language, title: &str) -> Result<bool, Error> {
    let mut select = Statement::new("SELECT id, titles, given_titles FROM themes WHERE id = ");
    select.bind(id.to_string());
    let Some(row) = select.optional(tx).await? else { return Ok(false) };
    let row = Reader::new("themes", "id", &row);
    let (mut titles, mut given): (TitlesByLanguage, TitlesByLanguage) =
        (row.json("titles")?, row.json("given_titles")?);
    titles.insert(language.clone(), title.to_owned());
    given.insert(language.clone(), title.to_owned());
    let mut statement = Statement::new("UPDATE themes SET titles = ");
    statement.bind(to_json(&titles)?).push(", given_titles = ").bind(to_json(&given)?);
    statement.push(" WHERE id = ").bind(id.to_string());
    Ok(statement.execute(tx).await? > 0)
}

async fn insert(tx: &mut Tx, theme: &Theme, given: &TitlesByLanguage) -> Result<(), Error> {
    let mut titles = theme.titles.clone();
    titles.extend(given.clone());
    let mut statement = Statement::new(
        "INSERT INTO themes (id, titles, given_titles, keywords, centre, examples, size, created_at, updated_at) \
         VALUES (",
    );
    statement.bind(theme.id.to_string()).push(", ");
    statement.bind_list([
        to_json(&titles)?,
        to_json(given)?,
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
