//! What the members of themes say in particular, and how many do.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::{FeedbackId, SentimentLabel};
use crate::stores::Error;
use crate::themes::SubTheme;

/// A sub-theme with its present size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubThemeOf {
    /// The theme whose members these are.
    pub theme: Uuid,
    /// What they say in particular.
    pub sub_theme: SubTheme,
    /// How many they are.
    pub members: u64,
    /// How many of them are unhappy.
    pub negative: u64,
}

/// Puts what a run found in place of all that there was; feedback of what is gone belongs to none.
///
/// # Errors
/// As the database says.
pub async fn replace_all(tx: &mut Tx, found: &[SubTheme]) -> Result<(), Error> {
    Statement::new("DELETE FROM sub_themes").execute(tx).await?;
    for each in found {
        let mut statement = Statement::new("INSERT INTO sub_themes (id, titles, created_at) VALUES (");
        statement.bind(each.id.to_string()).push(", ").bind(to_json(&each.titles)?);
        statement.push(", ").bind(each.created_at.timestamp_millis()).push(")");
        statement.execute(tx).await?;
    }
    let gone = "UPDATE feedback SET sub_theme_id = NULL \
        WHERE sub_theme_id IS NOT NULL AND sub_theme_id NOT IN (SELECT id FROM sub_themes)";
    Statement::new(gone).execute(tx).await.map(drop)
}

/// What the last run found.
///
/// # Errors
/// As the database says.
pub async fn all(tx: &mut Tx) -> Result<Vec<SubTheme>, Error> {
    let statement = Statement::new("SELECT id, titles, created_at FROM sub_themes ORDER BY id");
    statement.rows(tx).await?.iter().map(|row| read(&Reader::new("sub_themes", "id", row))).collect()
}

/// What the members of a theme, or of every theme, say in particular: by theme, largest first.
///
/// # Errors
/// As the database says.
pub async fn of_themes(db: &Db, theme: Option<Uuid>) -> Result<Vec<SubThemeOf>, Error> {
    let mut statement = Statement::new(
        "SELECT f.theme_id, s.id, s.titles, s.created_at, count(*) AS members, sum(CASE WHEN f.sentiment = ",
    );
    statement.bind(SentimentLabel::Negative.name());
    statement.push(
        " THEN 1 ELSE 0 END) AS negative FROM feedback f JOIN sub_themes s ON s.id = f.sub_theme_id \
         WHERE f.theme_id IS NOT NULL",
    );
    if let Some(theme) = theme {
        statement.push(" AND f.theme_id = ").bind(theme.to_string());
    }
    statement.push(" GROUP BY f.theme_id, s.id, s.titles, s.created_at ORDER BY f.theme_id, members DESC, s.id");
    let of = |row| {
        let row = Reader::new("sub_themes", "id", row);
        Ok(SubThemeOf {
            theme: row.id("theme_id")?,
            sub_theme: read(&row)?,
            members: row.count("members")?,
            negative: row.count("negative")?,
        })
    };
    statement.all(db).await?.iter().map(of).collect()
}

/// Which feedback are in a sub-theme.
///
/// # Errors
/// As the database says.
pub async fn members(db: &Db, sub_theme: Uuid) -> Result<BTreeSet<FeedbackId>, Error> {
    let mut statement = Statement::new("SELECT id FROM feedback WHERE sub_theme_id = ");
    statement.bind(sub_theme.to_string());
    statement.all(db).await?.iter().map(|row| Ok(FeedbackId(Reader::new("feedback", "id", row).id("id")?))).collect()
}

fn read(row: &Reader<'_>) -> Result<SubTheme, Error> {
    Ok(SubTheme { id: row.id("id")?, titles: row.json("titles")?, created_at: row.time("created_at")? })
}
