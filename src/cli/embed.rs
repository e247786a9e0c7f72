//! `sada embed`: texts to vectors, without a server or database.

use std::io::{Write, stdout};

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Global, lines, ready};
use crate::config::Config;
use crate::inference::heads::numbered;
use crate::inference::{Engine, Input, Reader};
use crate::privacy::{self, Text};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    input: super::Input,
    /// Give the places that search and themes compare, instead of the encoder's own vectors.
    #[arg(long)]
    places: bool,
    /// Give what the head for topics reads: places, and beside them the pieces of words by number.
    #[arg(long, conflicts_with = "places")]
    topic_features: bool,
}

/// What turns texts into vectors.
enum Source {
    Encoder(Engine),
    Places(Reader),
}

/// A text's vector, and the pieces of its words if they were asked for.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    vector: Option<Vec<f32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Vec<(usize, f32)>>,
}

/// Writes `{id, vector, pieces?}` for each text, in order.
pub(super) fn run(global: &Global, args: &Args) -> Result<()> {
    let source = Source::start(global.load()?, args.places || args.topic_features)?;
    let mut out = stdout().lock();
    for batch in lines::read(args.input.file.as_deref())? {
        let batch = batch?;
        let texts = batch.iter().filter_map(|line| line.text.as_ref().ok());
        let texts: Vec<Text> = texts.map(|text| privacy::mask(text).text).collect();
        let mut pieces = texts.iter().filter(|_| args.topic_features).map(numbered).collect::<Vec<_>>().into_iter();
        let mut vectors = source.vectors(texts)?.into_iter();
        for line in &batch {
            let answer = match &line.text {
                Ok(_) => json!(Answer { id: &line.id, vector: vectors.next(), pieces: pieces.next() }),
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
