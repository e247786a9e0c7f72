//! `sada embed`: texts to vectors, without a server or database.

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use serde_json::json;

use super::{Global, lines, ready};
use crate::inference::{Engine, Input};
use crate::privacy;

/// Writes `{id, vector}` for each text, in order.
pub(super) fn run(global: &Global, input: &super::Input) -> Result<()> {
    let config = global.load()?;
    let engine = Engine::start(&ready::model(&config)?, None, config.engine).context("the model can't be started")?;
    let mut out = stdout().lock();
    for batch in lines::read(input.file.as_deref())? {
        let batch = batch?;
        let texts = batch.iter().filter_map(|line| line.text.as_ref().ok());
        let inputs = texts.map(|text| Input { text: privacy::mask(text).text, segments: Vec::new() }).collect();
        let mut encoded = engine.encode_blocking(inputs)?.into_iter();
        for line in &batch {
            let answer = match &line.text {
                Ok(_) => json!({ "id": line.id, "vector": encoded.next().map(|encoded| encoded.pooled.vector) }),
                Err(reason) => json!({ "id": line.id, "line": line.number, "problem": reason }),
            };
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}
