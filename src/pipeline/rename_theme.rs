//! Gives a theme a title of a person's choice, which stays when everything is grouped anew.

use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::Language;
use crate::stores::sql::themes;

/// The longest title, in characters.
const LONGEST: usize = 120;

/// Calls a theme by `title` in `language`.
///
/// # Errors
/// `NotFound` if there is none, `Invalid` for a title that is empty or longer than 120 characters, or those of the database.
pub async fn rename_theme(app: &App, id: Uuid, language: &Language, title: &str) -> Result<()> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() || title.chars().count() > LONGEST || title.chars().any(char::is_control) {
        return Err(Error::invalid(format!("a title has 1 to {LONGEST} characters and no control characters")));
    }
    let mut tx = app.db.begin().await?;
    let renamed = themes::rename(&mut tx, id, language, &title).await?;
    tx.commit().await?;
    if renamed { Ok(()) } else { Err(Error::not_found("theme", id)) }
}
