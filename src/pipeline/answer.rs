//! Turns an evidence sheet into sentences that are proved: by the language model where there is one, else by the sheet itself.

use std::collections::BTreeMap;

use crate::answers::{self, Asked, Limits, Sentence, Sheet, Tongue, check, extract, parse, prompt};
use crate::app::App;
use crate::error::Result;
use crate::feedback::ModelInfo;
use crate::inference::generate;
use crate::privacy::{self, RawText, Text};

/// Sentences of a model that are looked at; what it writes beyond is not.
const SENTENCES: usize = 16;

/// An answer and all that proves it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The language that it is written in.
    pub tongue: Tongue,
    /// Whether the data tells; if not there are no sentences.
    pub told: bool,
    /// Its sentences, each with the lines of the sheet that it cites.
    pub sentences: Vec<Sentence>,
    /// The evidence.
    pub sheet: Sheet,
    /// The model that wrote it; none if its sentences are those of the sheet.
    pub model: Option<ModelInfo>,
    /// Sentences of the model that were dropped, counted by what was wrong with them.
    pub dropped: BTreeMap<&'static str, usize>,
    /// Why the model did not write, if there is one and it should have.
    pub without_model: Option<String>,
}

impl Answer {
    /// The data doesn't tell.
    #[must_use]
    pub fn untold(tongue: Tongue, set_aside: usize) -> Self {
        Self {
            tongue,
            told: false,
            sentences: Vec::new(),
            sheet: Sheet { tongue, lines: Vec::new(), set_aside },
            model: None,
            dropped: BTreeMap::new(),
            without_model: None,
        }
    }
}

/// Answers from a sheet; without a model, or where nothing of what it wrote is proved, with so many counts of the sheet.
///
/// A model that fails, is slow or busy costs nothing but its words.
///
/// # Errors
/// Those of the engine that reads sentences.
pub async fn answer(app: &App, sheet: Sheet, asked: &Asked<'_>, counts: usize) -> Result<Answer> {
    let mut answer = Answer { told: true, sheet, ..Answer::untold(Tongue::English, 0) };
    answer.tongue = answer.sheet.tongue;
    place(app, &mut answer.sheet).await?;
    if let Some(writer) = &app.writer {
        let answers::Prompt { system, user } = prompt(&answer.sheet, asked);
        match writer.write(generate::Prompt { system, user }).await {
            Ok(written) => {
                let (kept, dropped) = proved(app, &answer.sheet, parse(&written.text)).await?;
                answer.dropped = dropped;
                answer.sentences = kept;
                answer.model = Some(writer.info().clone()).filter(|_| !answer.sentences.is_empty());
            }
            Err(error) => {
                tracing::warn!(%error, "the language model gave no text");
                answer.without_model = Some(error.to_string());
            }
        }
    }
    if answer.sentences.is_empty() {
        answer.sentences = extract(&answer.sheet, counts);
    }
    Ok(answer)
}

/// The sentences that pass the check, and how many did not, by what was wrong.
///
/// # Errors
/// Those of the engine that reads them.
pub async fn proved(
    app: &App,
    sheet: &Sheet,
    sentences: Vec<Sentence>,
) -> Result<(Vec<Sentence>, BTreeMap<&'static str, usize>)> {
    let sentences: Vec<Sentence> = sentences.into_iter().take(SENTENCES).collect();
    let texts = sentences.iter().map(|sentence| masked(&sentence.text)).collect();
    let read = app.reader.understand(texts).await?;
    let limits = Limits::default();
    let mut dropped = BTreeMap::new();
    let mut kept: Vec<Sentence> = Vec::new();
    for (sentence, read) in sentences.into_iter().zip(&read) {
        match check(sheet, &sentence, read, &limits) {
            Ok(()) if kept.iter().any(|before| before.text == sentence.text) => {}
            Ok(()) => kept.push(sentence),
            Err(fault) => *dropped.entry(fault.name()).or_default() += 1,
        }
    }
    Ok((kept, dropped))
}

/// Finds where the sheet's own sentences lie.
async fn place(app: &App, sheet: &mut Sheet) -> Result<()> {
    let unplaced = || sheet.lines.iter().filter(|line| line.place.is_empty());
    let texts: Vec<Text> = unplaced().map(|line| masked(&line.text)).collect();
    let read = app.reader.understand(texts).await?;
    let unplaced = sheet.lines.iter_mut().filter(|line| line.place.is_empty());
    unplaced.zip(read).for_each(|(line, read)| line.place = read.place);
    Ok(())
}

/// What a model wrote is masked as anybody's text before another model reads it.
fn masked(text: &str) -> Text {
    privacy::mask(&RawText::new(text)).text
}
