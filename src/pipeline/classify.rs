//! Says what a text is, and stores nothing.

use std::time::{Duration, Instant};

use crate::app::App;
use crate::error::Result;
use crate::feedback::{Analysis, ThemeMatch, Understanding};
use crate::privacy::{self, RawText, Text};
use crate::themes;
use crate::triage;

/// One text to classify.
#[derive(Clone, Debug)]
pub struct ClassifyItem {
    /// What the person wrote.
    pub text: RawText,
    /// The question that was asked, if one was.
    pub question: Option<RawText>,
}

/// How long a batch took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    /// Masking.
    pub masking: Duration,
    /// Waiting for the engine and reading.
    pub inference: Duration,
    /// From start to end.
    pub total: Duration,
}

/// One analysis per item, in order, and how long it took.
///
/// # Errors
/// `Busy` when the engine's queue is full.
pub async fn classify(app: &App, items: Vec<ClassifyItem>) -> Result<(Vec<Analysis>, Timings)> {
    let start = Instant::now();
    let texts: Vec<Text> = items.iter().map(|item| privacy::mask(&item.text).text).collect();
    let masking = start.elapsed();
    let understood = app.reader.understand(texts.clone()).await?;
    let inference = start.elapsed().saturating_sub(masking);
    let current = app.themes.get();
    let analyses = texts
        .iter()
        .zip(&understood)
        .map(|(text, understanding)| {
            let theme = nearest_theme(app, &current, understanding);
            Analysis { theme, ..triage::assess(text, understanding, &app.rules) }
        })
        .collect();
    Ok((analyses, Timings { masking, inference, total: start.elapsed() }))
}

/// The theme that a text belongs to, if one is near enough.
pub(super) fn nearest_theme(
    app: &App,
    current: &[themes::Theme],
    understanding: &Understanding,
) -> Option<ThemeMatch> {
    themes::assign(&understanding.vector, &understanding.language, current, &app.grouping)
}
