//! What texts are written in, and whether they are language at all.

use super::Bench;
use super::choice::Choices;
use super::report::Section;
use crate::feedback::{Abstained, Priority};
use crate::inference::train::{Row, TrainError, noise};

/// Texts of eight languages.
const LANGUAGES: &str = "sentiment/umsab.test.jsonl";

/// Arabic whose kind crowds told; nothing was learned from these rows.
const DIALECTS: &str = "sentiment/arsarcasm_v2.dev.jsonl";

/// Arabic in Latin letters.
const ARABIZI: &str = "sentiment/tunizi.test.jsonl";

/// Kinds of Arabic that the dialect file tells.
const KINDS: [&str; 5] = ["msa", "gulf", "egyptian", "levantine", "maghrebi"];

/// Texts that are no language, and the seed that they are made from; training made its own from another.
const NOISE: usize = 330;
const SEED: u64 = 77;

/// From which stated probability an answer is sure.
const SURE: f32 = 0.8;

/// Words for what is made of words.
const SAMPLES: [&str; 4] = [
    "the order arrived late and nobody answered my calls",
    "وصل الطلب متأخر وما أحد رد على اتصالاتي",
    "تم خصم المبلغ مرتين وأطلب استرجاعه",
    "please cancel my subscription at the end of the month",
];

pub(super) fn measure(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    languages(bench, section)?;
    dialects(bench, section)?;
    arabizi(bench, section)?;
    noises(bench, section)
}

fn languages(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let Some(source) = bench.source(LANGUAGES, section)? else { return Ok(()) };
    let analyses = bench.assess("languages", &source.rows)?;
    let mut labels: Vec<String> = source.rows.iter().map(|row| row.lang.clone()).collect();
    labels.push("other".to_owned());
    labels.sort_unstable();
    labels.dedup();
    let of = |code: &str| labels.iter().position(|label| label == code);
    let mut choices = Choices { dataset: "languages".to_owned(), labels: labels.clone(), ..Choices::default() };
    for (analysis, row) in analyses.iter().zip(&source.rows) {
        let (Some(truth), Some(other)) = (of(&row.lang), of("other")) else { continue };
        let said = of(analysis.language.code()).unwrap_or(other);
        choices.push(&row.id, vec![row.lang.clone()], truth, &certain(said, labels.len()));
    }
    choices.report_answers(section, 1);
    let withheld = analyses.iter().filter(|analysis| analysis.abstained.contains(&Abstained::Language)).count();
    section.share(("languages", "all", "withheld"), withheld, analyses.len());
    Ok(())
}

fn dialects(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let Some(source) = bench.source(DIALECTS, section)? else { return Ok(()) };
    let known = |row: &Row| row.dialect.as_deref().and_then(|name| KINDS.iter().position(|kind| *kind == name));
    let rows: Vec<Row> = source.rows.into_iter().filter(|row| known(row).is_some()).collect();
    let analyses = bench.assess("dialects", &rows)?;
    let labels = KINDS.iter().map(|kind| (*kind).to_owned()).chain(["withheld".to_owned()]).collect();
    let mut choices = Choices { dataset: "dialects".to_owned(), labels, ..Choices::default() };
    for (analysis, row) in analyses.iter().zip(&rows) {
        let said = analysis.dialect.and_then(|dialect| KINDS.iter().position(|kind| *kind == dialect.name()));
        let truth = known(row).unwrap_or_default();
        choices.push(
            &row.id,
            vec![KINDS[truth].to_owned()],
            truth,
            &certain(said.unwrap_or(KINDS.len()), KINDS.len() + 1),
        );
    }
    choices.report_answers(section, 1);
    Ok(())
}

fn arabizi(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let Some(source) = bench.source(ARABIZI, section)? else { return Ok(()) };
    let analyses = bench.assess("arabizi", &source.rows)?;
    let told = analyses.iter().filter(|it| it.dialect.is_some_and(|dialect| dialect.name() == "arabizi")).count();
    section.share(("tunizi", "all", "told as arabizi"), told, analyses.len());
    Ok(())
}

/// Noise must not be surely anything: neither a feeling, nor urgent, nor a queue's.
fn noises(bench: &mut Bench<'_>, section: &mut Section) -> Result<(), TrainError> {
    let row = |(kind, text): (&'static str, String)| Row { text, label: kind.to_owned(), ..Row::default() };
    let rows: Vec<Row> = noise(SEED, &SAMPLES, NOISE).into_iter().map(row).collect();
    let analyses = bench.assess("noise", &rows)?;
    let mut share = |measure, wrong: &dyn Fn(&crate::feedback::Analysis) -> bool| {
        let count = analyses.iter().filter(|analysis| wrong(analysis)).count();
        section.share(("noise", "all", measure), count, analyses.len());
    };
    share("sure feeling", &|it| {
        let of = it.sentiment.probabilities;
        !it.abstained.contains(&Abstained::Sentiment) && of.negative.max(of.neutral).max(of.positive) >= SURE
    });
    share("marked P1", &|it| it.urgency.priority == Priority::P1);
    share("sent to a queue", &|it| !it.abstained.contains(&Abstained::Route));
    Ok(())
}

/// All of the probability on one answer.
fn certain(said: usize, labels: usize) -> Vec<f32> {
    (0..labels).map(|label| if label == said { 1.0 } else { 0.0 }).collect()
}
