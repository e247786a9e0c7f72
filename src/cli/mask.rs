//! `sada mask`: personal data out of texts, without a model, server or database.

use std::io::{Write, stdout};

use anyhow::Result;
use serde_json::json;

use super::Input;
use super::lines::{self, Line};
use crate::privacy;

/// Writes `{id, masked, spans[{kind, start, end}]}` for each text; the spans lie in the masked text.
pub(super) fn run(input: &Input) -> Result<()> {
    let mut out = stdout().lock();
    for batch in lines::read(input.file.as_deref())? {
        for line in batch? {
            serde_json::to_writer(&mut out, &answer(&line))?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}

fn answer(line: &Line) -> serde_json::Value {
    match &line.text {
        Ok(text) => {
            let masked = privacy::mask(text);
            let spans: Vec<_> = masked
                .spans
                .iter()
                .map(|span| json!({ "kind": span.kind, "start": span.start, "end": span.end }))
                .collect();
            json!({ "id": line.id, "masked": masked.text, "spans": spans })
        }
        Err(reason) => json!({ "id": line.id, "line": line.number, "problem": reason }),
    }
}
