//! How texts feel.

use super::Bench;
use super::choice::Choices;
use super::report::Section;
use crate::feedback::SentimentLabel;
use crate::inference::train::{Row, TrainError, metrics};
use crate::statistics::Interval;

/// What files tell apart, in this order.
const POLES: [SentimentLabel; 3] = [SentimentLabel::Negative, SentimentLabel::Neutral, SentimentLabel::Positive];

/// Eight languages, whose mean is a measure of its own.
const MAIN: &str = "umsab";

/// Files that are measured where the folder has them; of ArSarcasm-v2 there is no test file.
const FILES: [&str; 12] = [
    "sentiment/umsab.test.jsonl",
    "sentiment/arsarcasm_v2.dev.jsonl",
    "sentiment/semeval16_hotels.test.jsonl",
    "sentiment/ajgt.test.jsonl",
    "sentiment/airline_tweets.test.jsonl",
    "sentiment/android_app_reviews.test.jsonl",
    "sentiment/ar_reviews_elsahar.test.jsonl",
    "sentiment/hard_hotels_sample.test.jsonl",
    "sentiment/msac.test.jsonl",
    "sentiment/myc.test.jsonl",
    "sentiment/tunizi.test.jsonl",
    "sentiment/fassila.test.jsonl",
];

/// Slices of fewer texts say too little.
const LEAST: usize = 30;

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    for file in FILES {
        let Some(source) = bench.source(file, section)? else { continue };
        let dataset = file.trim_start_matches("sentiment/").split('.').next().unwrap_or_default();
        let (rows, truths): (Vec<Row>, Vec<usize>) =
            source.rows.into_iter().filter_map(|row| pole(&row).map(|pole| (row, pole))).unzip();
        // a file without neutral texts asks which of the two poles it is
        let poles: Vec<usize> = if truths.contains(&1) { vec![0, 1, 2] } else { vec![0, 2] };
        let labels = poles.iter().map(|&pole| POLES[pole].name().to_owned()).collect();
        let mut choices = Choices { dataset: dataset.to_owned(), labels, ..Choices::default() };
        for (analysis, (row, truth)) in bench.assess(dataset, &rows)?.iter().zip(rows.iter().zip(&truths)) {
            let of = analysis.sentiment.probabilities;
            let stated = poles.iter().map(|&pole| [of.negative, of.neutral, of.positive][pole]);
            let sum: f32 = stated.clone().sum();
            let stated: Vec<f32> = stated.map(|probability| probability / sum.max(f32::MIN_POSITIVE)).collect();
            let truth = poles.iter().position(|pole| pole == truth).unwrap_or_default();
            choices.push(&row.id, slices(row), truth, &stated);
        }
        choices.report(section, LEAST);
    }
    mean(section);
    Ok(())
}

fn pole(row: &Row) -> Option<usize> {
    POLES.iter().position(|pole| pole.name() == row.label)
}

/// The language, and the kind of Arabic where the file tells it.
fn slices(row: &Row) -> Vec<String> {
    let dialect = row.dialect.iter().filter(|dialect| !dialect.is_empty() && **dialect != row.lang).cloned();
    std::iter::once(row.lang.clone()).chain(dialect).collect()
}

/// The mean over the languages of the main file.
fn mean(section: &mut Section) {
    let of = |line: &&super::Line| line.dataset == MAIN && line.slice.len() == 2 && line.measure == "macro-F1";
    let lines: Vec<super::Line> = section.lines.iter().filter(of).cloned().collect();
    if lines.is_empty() {
        return;
    }
    let values: Vec<f64> = lines.iter().map(|line| line.value).collect();
    let end = |end: fn(Interval) -> f64| -> Vec<f64> {
        lines.iter().map(|line| line.interval.map_or(line.value, end) - line.value).collect()
    };
    // the languages' texts are independent, so the squares of their widths add up
    let half = |widths: Vec<f64>| widths.iter().map(|width| width * width).sum::<f64>().sqrt() / lines.len() as f64;
    let value = metrics::mean(&values);
    let interval = Interval { low: value - half(end(|it| it.low)), high: value + half(end(|it| it.high)) };
    let texts = lines.iter().map(|line| line.texts).sum();
    section.push((MAIN, "mean of languages", "macro-F1"), texts, value, Some(interval));
}
