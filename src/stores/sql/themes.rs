//! Themes as people see them, with how many feedback belong to each now, and the groups that they were made of.

use sqlx::any::AnyRow;
use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::stores::Error;
use crate::themes::{Marks, Theme};

const COLUMNS: &str = "t.id, t.titles, t.keywords, t.centre, t.examples, t.size, t.created_at, t.updated_at";

const SELECT: &str = "SELECT t.id, t.titles, t.keywords, t.centre, t.examples, t.size, t.created_at, t.updated_at, \
    t.pinned, t.hidden, (SELECT count(*) FROM feedback f WHERE f.theme_id = t.id) AS members, \
    (SELECT count(DISTINCT m.feedback_id) FROM mentions m WHERE m.theme_id = t.id) AS mentioned_in FROM themes t";

/// A theme with its present size.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The theme.
    pub theme: Theme,
    /// How many feedback belong to it now.
    pub members: u64,
    /// How many others speak of it, too.
    pub mentioned_in: u64,
}

/// Puts what a run found, and what the edits of people make of it, in place of all that there was.
///
/// Feedback of groups and themes that are gone belongs to none.
///
/// # Errors
/// As the database says.
pub async fn replace_all(tx: &mut Tx, groups: &[Theme], themes: &[Theme]) -> Result<(), Error> {
    Statement::new("DELETE FROM theme_groups").execute(tx).await?;
    for group in groups {
        insert(tx, "theme_groups", group).await?;
    }
    for statement in [
        "UPDATE feedback SET group_id = NULL WHERE group_id IS NOT NULL AND group_id NOT IN (SELECT id FROM theme_groups)",
        "UPDATE feedback SET theme_nearest = NULL, theme_similarity = NULL \
         WHERE theme_nearest IS NOT NULL AND theme_nearest NOT IN (SELECT id FROM theme_groups)",
    ] {
        Statement::new(statement).execute(tx).await?;
    }
    replace(tx, themes).await
}

/// Puts `themes` in place of those that people saw; what the run found stays.
///
/// # Errors
/// As the database says.
pub async fn replace(tx: &mut Tx, themes: &[Theme]) -> Result<(), Error> {
    Statement::new("DELETE FROM themes").execute(tx).await?;
    for theme in themes {
        insert(tx, "themes", theme).await?;
        let mut marks = Statement::new("UPDATE themes SET pinned = ");
        marks.bind(i64::from(theme.marks.pinned)).push(", hidden = ").bind(i64::from(theme.marks.hidden));
        marks.push(" WHERE id = ").bind(theme.id.to_string());
        marks.execute(tx).await?;
    }
    Statement::new(
        "UPDATE feedback SET theme_id = NULL WHERE theme_id IS NOT NULL AND theme_id NOT IN (SELECT id FROM themes)",
    )
    .execute(tx)
    .await
    .map(drop)
}

async fn insert(tx: &mut Tx, table: &str, theme: &Theme) -> Result<(), Error> {
    let mut statement = Statement::new("INSERT INTO ");
    statement.push(table).push(" (id, titles, keywords, centre, examples, size, created_at, updated_at) VALUES (");
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

/// What the last run found, before the edits of people.
///
/// # Errors
/// As the database says.
pub async fn groups(tx: &mut Tx) -> Result<Vec<Theme>, Error> {
    let mut statement = Statement::new("SELECT ");
    statement.push(COLUMNS).push(" FROM theme_groups t ORDER BY t.size DESC, t.id");
    statement.rows(tx).await?.iter().map(|row| theme(&Reader::new("theme_groups", "id", row))).collect()
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
    let marks = Marks { pinned: row.integer("pinned")? != 0, hidden: row.integer("hidden")? != 0 };
    let (members, mentioned_in) = (row.count("members")?, row.count("mentioned_in")?);
    Ok(Listed { theme: Theme { marks, ..theme(&row)? }, members, mentioned_in })
}

fn theme(row: &Reader<'_>) -> Result<Theme, Error> {
    Ok(Theme {
        id: row.id("id")?,
        titles: row.json("titles")?,
        keywords: row.json("keywords")?,
        centre: row.json("centre")?,
        examples: row.json("examples")?,
        size: usize::try_from(row.integer("size")?).map_err(|error| row.corrupt("size", error))?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        marks: Marks::default(),
    })
}
