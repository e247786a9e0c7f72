//! Measures the sentiment head on test files, which nothing was fitted or chosen on.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::TrainError;
use super::data::DataFolder;
use super::features::masked;
use super::metrics::{self, ChoiceScore};
use super::report::highest;
use crate::feedback::{SentimentLabel, SentimentProbabilities};
use crate::inference::Reader;

/// The eight languages of the main test.
const MAIN: &str = "sentiment/umsab.test.jsonl";

/// Other test files, where the folder has them.
const OTHERS: &[&str] = &[
    "sentiment/ajgt.test.jsonl",
    "sentiment/semeval16_hotels.test.jsonl",
    "sentiment/airline_tweets.test.jsonl",
    "sentiment/tunizi.test.jsonl",
];

/// What the files tell apart.
const POLES: [SentimentLabel; 3] = [SentimentLabel::Negative, SentimentLabel::Neutral, SentimentLabel::Positive];

/// Texts that are read between two steps of the progress bar.
const CHUNK: usize = 256;

/// One measured slice of one file.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// The file's dataset.
    pub dataset: String,
    /// The language, or `mean` over the languages of the file.
    pub language: String,
    /// Accuracy, macro-F1 and each label.
    #[serde(flatten)]
    pub score: ChoiceScore,
}

/// Measures sentiment by dataset and language; progress says how many of how many texts are encoded.
///
/// # Errors
/// [`TrainError`] if the main test file is missing or damaged, or the encoder fails.
pub fn evaluate_sentiment(
    reader: &Reader,
    data: &DataFolder,
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<Measured>, TrainError> {
    data.require(&[MAIN])?;
    let files = std::iter::once(&MAIN).chain(OTHERS.iter().filter(|file| data.require(&[file]).is_ok()));
    let mut measured = Vec::new();
    for file in files {
        let source = data.read(file)?;
        let mut slices: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (index, rows) in source.rows.chunks(CHUNK).enumerate() {
            let texts = rows.iter().map(|row| masked(&row.text)).collect();
            for (understood, row) in reader.understand_blocking(texts)?.into_iter().zip(rows) {
                let Some(truth) = POLES.iter().position(|pole| pole.name() == row.label) else { continue };
                let slice = slices.entry(row.lang.as_str()).or_default();
                slice.0.push(truth);
                slice.1.push(likeliest(understood.whole.sentiment));
            }
            progress((index + 1) * CHUNK, source.rows.len());
        }
        let dataset = file.trim_start_matches("sentiment/").trim_end_matches(".test.jsonl");
        measured.extend(slices.into_iter().map(|(language, (truth, predicted))| Measured {
            dataset: dataset.to_owned(),
            language: language.to_owned(),
            score: metrics::choice(&truth, &predicted, POLES.len()),
        }));
    }
    Ok(measured)
}

fn likeliest(of: SentimentProbabilities) -> usize {
    highest(&[of.negative, of.neutral, of.positive])
}

/// The measurements as a Markdown table.
#[must_use]
pub fn table(measured: &[Measured]) -> String {
    let mut text = String::from("| dataset | language | texts | accuracy | macro-F1 |\n|---|---|---|---|---|\n");
    for it in measured {
        let (accuracy, macro_f1) = (it.score.accuracy * 100.0, it.score.macro_f1 * 100.0);
        let _ =
            writeln!(text, "| {} | {} | {} | {accuracy:.1} | {macro_f1:.1} |", it.dataset, it.language, it.score.count);
    }
    let main: Vec<f64> = measured.iter().filter(|it| it.dataset == "umsab").map(|it| it.score.macro_f1).collect();
    let _ = writeln!(text, "| umsab | mean of {} | | | {:.1} |", main.len(), metrics::mean(&main) * 100.0);
    text
}
