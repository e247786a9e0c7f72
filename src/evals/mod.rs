//! Measures the real pipeline on labelled texts: what is right, how surely that is known, and what is sure and wrong.
//!
//! Test files are for measuring: nothing here chooses a setting. The one thing that is fitted here are heads for the
//! intents of public sets, on those sets' train files, because that is what the measure asks for.

mod aims;
mod choice;
mod corrections;
mod glance;
mod language;
mod picture;
mod privacy;
mod rates;
mod report;
mod routing;
mod sentiment;
mod statistics;
mod themes;
mod urgency;

use std::str::FromStr;

pub use aims::AIMS;
pub use glance::glance;
pub use picture::{Picture, pictures};
pub use rates::Rates;
pub use report::{Aim, Bound, Confusion, Line, Mistake, Section, aim_table};
pub use statistics::{Bin, Risk};

use crate::feedback::Analysis;
use crate::inference::Reader;
use crate::inference::train::{DataFolder, Encodings, Row, Source, TrainError, masked};
use crate::triage::{Lessons, Rules, assess};

/// Texts that are read between two steps of the progress bar.
const CHUNK: usize = 256;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// How texts feel.
    Sentiment,
    /// What comes first.
    Urgency,
    /// Who takes it, and what it is about.
    Routing,
    /// What it is written in, and whether it is language at all.
    Language,
    /// What texts are about, found without being told.
    Themes,
    /// Whether personal data leaves texts.
    Privacy,
}

/// What measurements run on.
pub struct Bench<'run> {
    /// The model with its heads.
    pub reader: &'run Reader,
    /// The rules of triage.
    pub rules: &'run Rules,
    /// Labelled texts; without it only what the project wrote itself is measured.
    pub data: Option<&'run DataFolder>,
    /// Texts that suites have encoded, each once.
    pub encodings: Encodings<'run>,
    /// Is told what is read, and how many of how many texts are.
    pub progress: &'run mut dyn FnMut(&str, usize, usize),
}

impl Suite {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 6] =
        [Self::Sentiment, Self::Urgency, Self::Routing, Self::Language, Self::Themes, Self::Privacy];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment",
            Self::Urgency => "urgency",
            Self::Routing => "routing",
            Self::Language => "language",
            Self::Themes => "themes",
            Self::Privacy => "privacy",
        }
    }

    /// Measures it.
    ///
    /// # Errors
    /// [`TrainError`] if a file is damaged or the model fails.
    pub fn run(self, bench: &mut Bench<'_>) -> Result<Section, TrainError> {
        let mut section = Section::new(self.name());
        match self {
            Self::Sentiment => sentiment::measure(bench, &mut section)?,
            Self::Urgency => urgency::measure(bench, &mut section)?,
            Self::Routing => routing::measure(bench, &mut section)?,
            Self::Language => language::measure(bench, &mut section)?,
            Self::Themes => themes::measure(bench, &mut section)?,
            Self::Privacy => privacy::measure(&mut section),
        }
        Ok(section)
    }
}

impl FromStr for Suite {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|suite| suite.name() == name).ok_or_else(|| format!("one of {}", names()))
    }
}

impl Bench<'_> {
    /// A file of the data folder, written down in the section; none if there is no folder or it lacks the file.
    fn source(&self, file: &str, section: &mut Section) -> Result<Option<Source>, TrainError> {
        let Some(data) = self.data.filter(|data| data.has(file)) else { return Ok(None) };
        let source = data.read(file)?;
        section.files.insert(source.file.clone(), source.sha256.clone());
        Ok(Some(source))
    }

    /// Encodes the texts that no suite has encoded yet.
    fn encode<'text>(&mut self, what: &str, texts: impl Iterator<Item = &'text str>) -> Result<(), TrainError> {
        self.encodings.add(texts, |done, all| (self.progress)(what, done.min(all), all))
    }

    /// What the pipeline says of each text.
    fn assess(&mut self, what: &str, all: &[Row]) -> Result<Vec<Analysis>, TrainError> {
        let mut analyses = Vec::with_capacity(all.len());
        for rows in all.chunks(CHUNK) {
            let texts: Vec<_> = rows.iter().map(|row| masked(&row.text)).collect();
            let understood = self.reader.understand_blocking(texts.clone())?;
            analyses.extend(
                texts.iter().zip(&understood).map(|(text, it)| assess(text, it, self.rules, &Lessons::default())),
            );
            (self.progress)(what, analyses.len(), all.len());
        }
        Ok(analyses)
    }
}
