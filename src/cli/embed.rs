//! `sada embed`: texts to vectors, without a server or database.

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use serde_json::json;

use super::{Global, lines, ready};
use crate::config::Config;
use crate::inference::{Engine, Input, Reader};
use crate::privacy::{self, Text};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: super::Input,
    /// Give the places that search and themes compare, instead of the encoder's own vectors.
    #[arg(long)]
    places: bool,
}

/// What turns texts into vectors.
enum Source {
    Encoder(Engine),
    Places(Reader),
}

/// Writes `{id, vector}` for each text, in order.
pub(super) fn run(global: &Global, args: &Args) -> Result<()> {
    let source = Source::start(global.load()?, args.places)?;
    let mut out = stdout().lock();
    for batch in lines::read(args.input.file.as_deref())? {
        let batch = batch?;
        let texts = batch.iter().filter_map(|line| line.text.as_ref().ok());
        let mut vectors = source.vectors(texts.map(|text| privacy::mask(text).text).collect())?.into_iter();
        for line in &batch {
            let answer = match &line.text {
                Ok(_) => json!({ "id": line.id, "vector": vectors.next() }),
                Err(reason) => json!({ "id": line.id, "line": line.number, "problem": reason }),
            };
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
        }
        out.flush()?;
    }
    Ok(())
}

impl Source {
    fn start(config: Config, places: bool) -> Result<Self> {
        if places {
            return Ok(Self::Places(ready::reader(&config)?));
        }
        let engine =
            Engine::start(&ready::model(&config)?, None, config.engine).context("the model can't be started")?;
        Ok(Self::Encoder(engine))
    }

    /// A vector of unit length for each of the texts.
    fn vectors(&self, texts: Vec<Text>) -> Result<Vec<Vec<f32>>> {
        Ok(match self {
            Self::Encoder(engine) => {
                let inputs = texts.into_iter().map(|text| Input { text, segments: Vec::new() }).collect();
                engine.encode_blocking(inputs)?.into_iter().map(|encoded| encoded.pooled.vector).collect()
            }
            Self::Places(reader) => reader.understand_blocking(texts)?.into_iter().map(|one| one.place).collect(),
        })
    }
}
