//! Answers a question about a persona from its own records, or says that the data doesn't tell.

use uuid::Uuid;

use super::answer::{Answer, answer};
use super::evidence::{Evidence, evidence};
use crate::answers::{Ask, Asked, Kind, Line, Sheet, Tongue, ranked, tells};
use crate::app::App;
use crate::error::{Error, Result};
use crate::privacy::{self, RawText};
use crate::vector::dot;

/// Characters that a question may have.
pub const MAX_QUESTION_CHARS: usize = 500;

/// Counts that an answer rests on at most.
const COUNTS: usize = 4;

/// Words of customers that it rests on at most.
const QUOTES: usize = 6;

/// From which cosine a count that was not asked for by name answers a question.
const NEAR: f32 = 0.3;

/// Answers in the question's language, or in `tongue`.
///
/// The question is masked first; nothing of it is kept.
///
/// # Errors
/// `Invalid` for a question of more than 500 characters, `NotFound` if there is no such persona now, or those of the
/// engine and the stores.
pub async fn ask(app: &App, persona: Uuid, question: &RawText, tongue: Option<Tongue>) -> Result<Answer> {
    if question.expose().chars().nth(MAX_QUESTION_CHARS).is_some() {
        return Err(Error::invalid(format!("the question is longer than {MAX_QUESTION_CHARS} characters; shorten it")));
    }
    let question = privacy::mask(question).text;
    let mut read = app.reader.understand(vec![question.clone()]).await?;
    let read = read.pop().ok_or_else(|| Error::invalid("the question is empty"))?;
    let tongue = tongue.unwrap_or_else(|| Tongue::for_question(question.as_str(), &read.language));
    let known = evidence(app, persona, tongue).await?;
    let set_aside = known.set_aside;
    // words of thousands of records are looked at
    let (text, place) = (question.clone(), read.place);
    let sheet = tokio::task::spawn_blocking(move || sheet(text.as_str(), &place, known, tongue)).await;
    let sheet =
        sheet.map_err(|error| Error::new(crate::error::Kind::Internal, "a sheet can't be made").caused_by(error))?;
    match sheet {
        Some(sheet) => answer(app, sheet, &Asked::Question(question.as_str()), COUNTS).await,
        None => Ok(Answer::untold(tongue, set_aside)),
    }
}

/// The lines that answer the question; none if the data doesn't tell.
fn sheet(question: &str, place: &[f32], known: Evidence, tongue: Tongue) -> Option<Sheet> {
    let records: Vec<(&str, &[f32])> =
        known.records.iter().map(|record| (record.text.as_str(), record.place.as_slice())).collect();
    let Ask { told, kinds } = tells(question, place, &records);
    if !told {
        return None;
    }
    let mut lines = counts(&known.counts, place, &kinds);
    let quotes = ranked(question, place, &known.records).into_iter().take(QUOTES);
    lines.extend(quotes.map(|at| Line::quoting(known.records[at].clone())));
    (!lines.is_empty()).then_some(Sheet { tongue, lines, set_aside: known.set_aside })
}

/// The counts that were asked for, nearest to the question first, and others that are near to it.
fn counts(all: &[Line], place: &[f32], kinds: &[Kind]) -> Vec<Line> {
    let nearness = |line: &Line| {
        let records = line.records.iter().map(|record| dot(place, &record.place));
        let (sum, count) = records.fold((0.0, 0_u8), |(sum, count), each| (sum + each, count + 1));
        if count == 0 { 0.0 } else { sum / f32::from(count) }
    };
    let mut scored: Vec<(bool, f32, &Line)> =
        all.iter().map(|line| (kinds.contains(&line.kind), nearness(line), line)).collect();
    scored.retain(|(asked, near, _)| *asked || *near >= NEAR);
    scored.sort_by(|left, right| right.0.cmp(&left.0).then(right.1.total_cmp(&left.1)));
    scored.into_iter().take(COUNTS).map(|(.., line)| line.clone()).collect()
}
