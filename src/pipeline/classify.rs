//! Says what a text is, and stores nothing.

use std::time::Instant;

use crate::app::App;
use crate::error::Result;
use crate::feedback::{Analysis, Language, ThemeMatch};
use crate::privacy::{self, RawText, Text};
use crate::themes::{Assigned, Theme};
use crate::triage;

/// One text to classify.
#[derive(Clone, Debug)]
pub struct ClassifyItem {
    /// What the person wrote.
    pub text: RawText,
    /// The question that was asked, if one was.
    pub question: Option<RawText>,
}

/// How long a batch took, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    /// Masking.
    pub masking_ms: f64,
    /// Waiting for the model, and in it.
    pub inference_ms: f64,
    /// From start to end.
    pub total_ms: f64,
}

/// One analysis per item, in order, and how long it took.
///
/// # Errors
/// `Busy` when the engine's queue is full.
pub async fn classify(app: &App, items: Vec<ClassifyItem>) -> Result<(Vec<Analysis>, Timings)> {
    let start = Instant::now();
    // who is refused anyhow need not wait for the masking
    app.reader.check_room(items.len())?;
    let texts: Vec<Text> = items.iter().map(|item| privacy::mask(&item.text).text).collect();
    let masking_ms = millis(start);
    let understood = app.reader.understand(texts.clone()).await?;
    let inference_ms = millis(start) - masking_ms;
    let (current, lessons) = (app.themes.get(), app.lessons.get());
    let analyses = texts
        .iter()
        .zip(&understood)
        .map(|(text, understanding)| {
            let assigned = current.assign(&understanding.place, &app.grouping);
            let theme = assigned.and_then(|assigned| theme_match(&assigned, &understanding.language, &current.themes));
            Analysis { theme, ..triage::assess(text, understanding, &app.rules, &lessons) }
        })
        .collect();
    Ok((analyses, Timings { masking_ms, inference_ms, total_ms: millis(start) }))
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// The theme that a text belongs to, if one is near enough, with its title in the text's language or another.
pub(super) fn theme_match(assigned: &Assigned, language: &Language, current: &[Theme]) -> Option<ThemeMatch> {
    let theme = current.iter().find(|theme| Some(theme.id) == assigned.theme)?;
    let title = theme.titles.get(language).or_else(|| theme.titles.values().next())?;
    Some(ThemeMatch { id: theme.id, title: title.clone(), similarity: assigned.similarity })
}
