//! Masked texts in, everything that the model says of them out.

use super::Heads;
use crate::feedback::{Segment, Span, Understanding, segment};
use crate::inference::language::writing;
use crate::inference::{Encoded, Engine, Error, Input};
use crate::privacy::Text;

/// Reads texts; one answer for each, in order.
///
/// # Errors
/// The engine's, if it is full, stopped or fails.
pub async fn understand(engine: &Engine, heads: &Heads, texts: Vec<Text>) -> Result<Vec<Understanding>, Error> {
    let encoded = engine.encode(inputs(&texts)).await?;
    Ok(answers(engine, heads, &texts, encoded))
}

/// Reads texts on a thread that may wait; one answer for each, in order.
///
/// # Errors
/// The engine's, if it is full, stopped or fails.
pub fn understand_blocking(engine: &Engine, heads: &Heads, texts: Vec<Text>) -> Result<Vec<Understanding>, Error> {
    let encoded = engine.encode_blocking(inputs(&texts))?;
    Ok(answers(engine, heads, &texts, encoded))
}

fn inputs(texts: &[Text]) -> Vec<Input> {
    let one = |text: &Text| Input { text: text.clone(), segments: segment::split(text.as_str()) };
    texts.iter().map(one).collect()
}

fn answers(engine: &Engine, heads: &Heads, texts: &[Text], encoded: Vec<Encoded>) -> Vec<Understanding> {
    let model = heads.model(engine.info());
    let one = |(text, encoded): (&Text, Encoded)| {
        let writing = writing(text.as_str(), &encoded.pooled, heads);
        Understanding {
            language: writing.language,
            dialect: writing.dialect,
            supported: writing.supported,
            whole: heads.read(&encoded.pooled),
            segments: segments(heads, text, &encoded),
            place: heads.place(&encoded.pooled),
            windows: encoded.windows,
            truncated: encoded.truncated,
            model: model.clone(),
        }
    };
    texts.iter().zip(encoded).map(one).collect()
}

/// The pieces of a text with what the heads read in each.
fn segments(heads: &Heads, text: &Text, encoded: &Encoded) -> Vec<Segment> {
    let spans: Vec<Span> = segment::split(text.as_str());
    let one = |(span, pooled): (Span, &crate::inference::Pooled)| Segment {
        span,
        place: heads.place(pooled),
        reading: heads.read(pooled),
    };
    spans.into_iter().zip(&encoded.segments).map(one).collect()
}
