//! Reads personas: all of them, one with its quotes and scores, and the records behind each of its numbers.

use uuid::Uuid;

use super::score::{self, Question, Scores};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::Feedback;
use crate::personas::{Aspect, Folded, Persona, Record, Run, key};
use crate::stores::sql::feedback::{self, Filter};
use crate::stores::sql::personas as rows;
use crate::stores::{Cursor, Page};

/// Records are looked through in pages of this many.
const PAGE: u32 = 500;

/// What the last look at all customers came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Personas {
    /// That look; none before the first.
    pub run: Option<Run>,
    /// What it found, the largest first; empty if it was refused.
    pub personas: Vec<Persona>,
}

/// A persona with what its customers wrote and gave.
#[derive(Debug)]
pub struct PersonaStory {
    /// The persona.
    pub persona: Persona,
    /// The look that found it.
    pub run: Run,
    /// Records that speak for it; those that are gone by now are left out.
    pub quotes: Vec<Feedback>,
    /// Its customers' ratings, by method.
    pub scores: Vec<Scores>,
}

/// Which of a persona's records are meant: those that show something, or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showing {
    /// In which aspect.
    pub aspect: Aspect,
    /// What: the key of a line.
    pub key: String,
}

/// All of them.
///
/// # Errors
/// Those of the database.
pub async fn personas(app: &App) -> Result<Personas> {
    Ok(Personas { run: rows::last_run(&app.db).await?, personas: rows::list(&app.db).await? })
}

/// One persona and what is known of it.
///
/// # Errors
/// `NotFound` if there is none now, or those of the database.
pub async fn persona(app: &App, id: Uuid) -> Result<PersonaStory> {
    let (persona, run) = found(app, id).await?;
    let quotes = feedback::get_many(&app.db, &persona.card.quotes).await?;
    let filter = Filter { persona: Some(id), ..Filter::default() };
    let scores = score::scores(app, Question { filter, ..Question::default() }).await?;
    Ok(PersonaStory { persona, run, quotes, scores })
}

/// Every persona with its quotes and scores, the largest first.
///
/// # Errors
/// Those of the database.
pub async fn persona_stories(app: &App) -> Result<Vec<PersonaStory>> {
    let mut stories = Vec::new();
    for each in rows::list(&app.db).await? {
        stories.push(persona(app, each.id).await?);
    }
    Ok(stories)
}

/// A page of the records that a persona's numbers were counted from, last received first: all, or those that show something.
///
/// # Errors
/// `NotFound` if there is no such persona now, or those of the database.
pub async fn persona_records(
    app: &App,
    id: Uuid,
    showing: Option<&Showing>,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Feedback>> {
    let (_, run) = found(app, id).await?;
    let filter = Filter { persona: Some(id), ..Filter::default() };
    let mut records = Page { items: Vec::new(), next: after };
    loop {
        let page = feedback::page(&app.db, &filter, records.next.as_ref(), PAGE).await?;
        // what came in or was understood later is not in the numbers
        let counted = |item: &Feedback| {
            let there = item.received_at <= run.at && item.analysis.is_some();
            there && showing.is_none_or(|showing| showing.shown_by(item))
        };
        for item in page.items.into_iter().filter(counted) {
            if records.items.len() == limit {
                records.next = records.items.last().map(feedback::place);
                return Ok(records);
            }
            records.items.push(item);
        }
        records.next = page.next;
        if records.next.is_none() {
            return Ok(records);
        }
    }
}

/// How many records that are.
///
/// # Errors
/// `NotFound` if there is no such persona now, or those of the database.
pub async fn count_persona_records(app: &App, id: Uuid, showing: Option<&Showing>) -> Result<u64> {
    Ok(persona_records(app, id, showing, None, usize::MAX).await?.items.len() as u64)
}

async fn found(app: &App, id: Uuid) -> Result<(Persona, Run)> {
    let persona = rows::get(&app.db, id).await?.ok_or_else(|| Error::not_found("persona", id))?;
    let run = rows::last_run(&app.db).await?.ok_or_else(|| Error::not_found("persona", id))?;
    Ok((persona, run))
}

impl Showing {
    /// Whether a feedback shows it.
    #[must_use]
    pub fn shown_by(&self, item: &Feedback) -> bool {
        if self.aspect == Aspect::Words {
            return Folded::of(item.text.as_str()).says(&Folded::of(&self.key));
        }
        Record::of(item).and_then(|record| key(&record, self.aspect)).is_some_and(|key| key == self.key)
    }
}
