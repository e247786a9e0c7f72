//! What texts say besides their theme: which stretches of them speak of which group, and of which theme that makes them.

use sqlx::any::AnyRow;
use uuid::Uuid;

use super::Tx;
use super::row::Reader;
use super::statement::Statement;
use crate::feedback::{FeedbackId, Span};
use crate::stores::Error;
use crate::themes::Mention;

/// How many rows one statement carries.
const CHUNK: usize = 200;

/// A mention and where the text that it stands in lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The text.
    pub feedback_id: FeedbackId,
    /// The mention.
    pub mention: Mention,
    /// The text's own group.
    pub group: Option<Uuid>,
    /// The text's own theme.
    pub theme: Option<Uuid>,
}

/// Keeps the mentions of each of these texts in place of those that it had.
///
/// Those of groups and texts that are gone meanwhile are left out; a theme that is gone is none.
///
/// # Errors
/// As the database says.
pub async fn save(tx: &mut Tx, found: &[(FeedbackId, Vec<Mention>)]) -> Result<(), Error> {
    for chunk in found.chunks(CHUNK) {
        let mut old = Statement::new("DELETE FROM mentions WHERE feedback_id IN (");
        old.bind_list(chunk.iter().map(|(id, _)| id.to_string())).push(")");
        old.execute(tx).await?;
    }
    let all: Vec<(FeedbackId, Mention)> =
        found.iter().flat_map(|(id, mentions)| mentions.iter().map(|mention| (*id, *mention))).collect();
    for chunk in all.chunks(CHUNK) {
        insert(tx, chunk).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, chunk: &[(FeedbackId, Mention)]) -> Result<(), Error> {
    let mut statement = Statement::new(
        "INSERT INTO mentions (feedback_id, piece, group_id, theme_id, span_start, span_end, similarity) \
         SELECT f.id, v.column2, g.id, (SELECT id FROM themes WHERE id = v.column4), v.column5, v.column6, v.column7 \
         FROM (VALUES ",
    );
    for (index, (id, mention)) in chunk.iter().enumerate() {
        statement.push(if index == 0 { "(" } else { ", (" });
        statement.bind(id.to_string()).push(", ").bind(whole(mention.piece)).push(", ");
        statement.bind(mention.group.to_string()).push(", ");
        statement.bind(mention.theme.map(|id| id.to_string())).push(", ");
        statement.bind_list([whole(mention.span.start), whole(mention.span.end)]).push(", ");
        statement.bind(f64::from(mention.similarity)).push(")");
    }
    statement.push(") AS v JOIN feedback f ON f.id = v.column1 JOIN theme_groups g ON g.id = v.column3");
    statement.execute(tx).await.map(drop)
}

/// Takes away what speaks of groups that are gone; of a theme that is gone speaks nothing.
///
/// # Errors
/// As the database says.
pub async fn forget_the_gone(tx: &mut Tx) -> Result<(), Error> {
    for statement in [
        "DELETE FROM mentions WHERE group_id NOT IN (SELECT id FROM theme_groups)",
        "UPDATE mentions SET theme_id = NULL WHERE theme_id IS NOT NULL AND theme_id NOT IN (SELECT id FROM themes)",
    ] {
        Statement::new(statement).execute(tx).await?;
    }
    Ok(())
}

/// At most `limit` mentions by text and piece, after that of `after`; empty at the end.
///
/// # Errors
/// As the database says.
pub async fn page(tx: &mut Tx, after: Option<(FeedbackId, usize)>, limit: u32) -> Result<Vec<Standing>, Error> {
    let mut statement = Statement::new(
        "SELECT m.feedback_id, m.piece, m.group_id, m.theme_id, m.span_start, m.span_end, m.similarity, \
         f.group_id AS own_group, f.theme_id AS own_theme FROM mentions m JOIN feedback f ON f.id = m.feedback_id",
    );
    if let Some((id, piece)) = after {
        statement.push(" WHERE (m.feedback_id, m.piece) > (").bind(id.to_string());
        statement.push(", ").bind(whole(piece)).push(")");
    }
    statement.push(" ORDER BY m.feedback_id, m.piece LIMIT ").bind(i64::from(limit));
    statement.rows(tx).await?.iter().map(read).collect()
}

/// Says of many mentions, by text and piece, which theme they speak of.
///
/// # Errors
/// As the database says.
pub async fn move_to_themes(tx: &mut Tx, moved: &[(FeedbackId, usize, Option<Uuid>)]) -> Result<(), Error> {
    for chunk in moved.chunks(CHUNK) {
        let mut statement = Statement::new("UPDATE mentions SET theme_id = v.column3 FROM (VALUES ");
        for (index, (id, piece, theme)) in chunk.iter().enumerate() {
            statement.push(if index == 0 { "(" } else { ", (" });
            statement.bind(id.to_string()).push(", ").bind(whole(*piece)).push(", ");
            statement.bind(theme.map(|theme| theme.to_string())).push(")");
        }
        statement.push(") AS v WHERE mentions.feedback_id = v.column1 AND mentions.piece = v.column2");
        statement.execute(tx).await?;
    }
    Ok(())
}

fn read(row: &AnyRow) -> Result<Standing, Error> {
    let row = Reader::new("mentions", "feedback_id", row);
    let place = |column: &str| usize::try_from(row.integer(column)?).map_err(|error| row.corrupt(column, error));
    Ok(Standing {
        feedback_id: FeedbackId(row.id("feedback_id")?),
        mention: Mention {
            piece: place("piece")?,
            span: Span { start: place("span_start")?, end: place("span_end")? },
            group: row.id("group_id")?,
            theme: row.optional_id("theme_id")?,
            similarity: row.optional_real("similarity")?.unwrap_or_default() as f32,
        },
        group: row.optional_id("own_group")?,
        theme: row.optional_id("own_theme")?,
    })
}

/// A place in a text as databases count.
fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
