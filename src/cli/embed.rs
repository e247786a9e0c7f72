//! `sada embed`: texts to vectors, without a server or database.

use std::io::{Write, stdout};

use anyhow::Result;
use serde_json::json;

use super::{Global, Input, lines, ready};
use crate::privacy::{self, Text};

/// Writes `{id, vector}` for each text, in order.
pub(super) fn run(global: &Global, input: &Input) -> Result<()> {
    let reader = ready::reader(&global.load()?)?;
    let mut out = stdout().lock();
    for batch in lines::read(input.file.as_deref())? {
        let batch = batch?;
        let texts: Vec<Text> =
            batch.iter().filter_map(|line| line.text.as_ref().ok()).map(|text| privacy::mask(text).text).collect();
        let mut understood = reader.understand_blocking(texts)?.into_iter();
        for line in &batch {
            let answer = match &line.text {
                Ok(_) => json!({ "id": line.id, "vector": understood.next().map(|understanding| understanding.vector) }),
                Err(reason) => json!({ "id": line.id, "line": line.number, "problem": reason }),
            };
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}
