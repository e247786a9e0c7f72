//! `sada classify`: one result a line, as the API gives it, without a server or database.

use std::io::{Write, stdout};

use anyhow::Result;
use serde_json::{Value, json};

use super::lines::Line;
use super::{Global, Input, lines, ready};
use crate::inference::Reader;
use crate::privacy::{self, Text};
use crate::telemetry;
use crate::triage::{self, Rules};
use crate::web::AnalysisView;

/// Writes `{id, result}` or `{id, line, problem}` for each text, in order.
pub(super) fn run(global: &Global, input: &Input) -> Result<()> {
    let config = global.load()?;
    telemetry::init(&config.log)?;
    let reader = ready::reader(&config)?;
    let rules = ready::rules(&config, &reader)?;
    let mut out = stdout().lock();
    for batch in lines::read(input.file.as_deref())? {
        for answer in answers(&batch?, &reader, &rules)? {
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}

fn answers(batch: &[Line], reader: &Reader, rules: &Rules) -> Result<Vec<Value>> {
    let texts: Vec<Text> =
        batch.iter().filter_map(|line| line.text.as_ref().ok()).map(|text| privacy::mask(text).text).collect();
    let understood = reader.understand_blocking(texts.clone())?;
    let mut results = texts
        .iter()
        .zip(&understood)
        .map(|(text, one)| AnalysisView::from(&triage::assess(text, one, rules, &triage::Lessons::default())));
    Ok(batch
        .iter()
        .map(|line| match &line.text {
            Ok(_) => json!({ "id": line.id, "result": results.next() }),
            Err(reason) => json!({ "id": line.id, "line": line.number, "problem": reason }),
        })
        .collect())
}
