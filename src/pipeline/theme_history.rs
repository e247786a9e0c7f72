//! What people and runs did to the themes.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::feedback::Language;
use crate::stores::sql::theme_edits as edits;
use crate::stores::sql::theme_lineage as lineage;
use crate::stores::{Cursor, Page};
use crate::themes::{Act, Edit, Present};

/// How much of a theme's lineage is shown.
const LINEAGE: u32 = 50;

/// An edit, whether it does anything now, and what its themes are called.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedEdit {
    /// The edit.
    pub edit: Edit,
    /// It holds, but what it speaks of was undone or merged away before it; it takes effect again when that is undone.
    pub idle: bool,
    /// The titles of the themes that it speaks of, in its order.
    pub titles: Vec<Titles>,
}

/// A theme's title in each language.
pub type Titles = BTreeMap<Language, String>;

/// All edits, or those that name one theme or feedback; the last made first.
///
/// # Errors
/// Those of the database.
pub async fn theme_edits(
    app: &App,
    about: Option<Uuid>,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<LoggedEdit>> {
    let page = edits::page(&app.db, about, after.as_ref(), u32::try_from(limit).unwrap_or(u32::MAX)).await?;
    let present = app.themes.get();
    Ok(Page { items: page.items.into_iter().map(|edit| logged(edit, &present)).collect(), next: page.next })
}

pub(super) fn logged(edit: Edit, present: &Present) -> LoggedEdit {
    let titles = edit.act.themes().map(|id| called(id, &edit, present)).collect();
    LoggedEdit { idle: present.plan.is_idle(edit.id), titles, edit }
}

/// What a theme is called now, or was before it was merged or its split undone.
fn called(id: Uuid, edit: &Edit, present: &Present) -> Titles {
    let known = present.themes.iter().chain(&present.groups).find(|theme| theme.id == id);
    match (known, &edit.act) {
        (Some(theme), _) => theme.titles.clone(),
        (None, Act::Split { part, .. }) if part.id == id => part.titles.clone(),
        (None, _) => Titles::new(),
    }
}

/// What the last runs made of a theme, of itself and of what came of it or into it, the last first.
///
/// A theme that is gone has a lineage, too; one that never was has none.
///
/// # Errors
/// Those of the database.
pub async fn theme_lineage(app: &App, theme: Uuid) -> Result<Vec<lineage::Descent>> {
    Ok(lineage::of_theme(&app.db, theme, LINEAGE).await?)
}
