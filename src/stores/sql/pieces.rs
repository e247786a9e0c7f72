//! Where the pieces of texts lie: eight bits a number, because they are only compared with the middles of groups.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sqlx::any::AnyRow;

use super::row::{Reader, to_json};
use super::statement::Statement;
use super::{Db, Tx};
use crate::feedback::{FeedbackId, Span};
use crate::stores::Error;
use crate::themes::Piece;

const SELECT: &str = "SELECT feedback_id, spans, places FROM pieces";

/// How many ids one statement carries.
const CHUNK: usize = 200;

/// The largest step of a number to either side.
const STEPS: f32 = 127.0;

/// Keeps the pieces of a text in place of those that it had; fewer than two are nothing to keep.
///
/// Those of a feedback that is gone are left out.
///
/// # Errors
/// As the database says.
pub async fn save(tx: &mut Tx, id: FeedbackId, pieces: &[Piece]) -> Result<(), Error> {
    let mut old = Statement::new("DELETE FROM pieces WHERE feedback_id = ");
    old.bind(id.to_string());
    old.execute(tx).await?;
    if pieces.len() < 2 {
        return Ok(());
    }
    let spans: Vec<(usize, usize)> = pieces.iter().map(|piece| (piece.span.start, piece.span.end)).collect();
    let bytes: Vec<u8> = pieces.iter().flat_map(|piece| packed(&piece.place)).collect();
    let mut statement = Statement::new("INSERT INTO pieces (feedback_id, spans, places) SELECT f.id, ");
    statement.bind_list([to_json(&spans)?, STANDARD.encode(bytes)]);
    statement.push(" FROM feedback f WHERE f.id = ").bind(id.to_string());
    statement.execute(tx).await.map(drop)
}

/// The pieces of at most `limit` texts, by id, after that of `after`; empty at the end.
///
/// # Errors
/// As the database says.
pub async fn page(db: &Db, after: Option<FeedbackId>, limit: u32) -> Result<Vec<(FeedbackId, Vec<Piece>)>, Error> {
    let mut statement = Statement::new(SELECT);
    if let Some(after) = after {
        statement.push(" WHERE feedback_id > ").bind(after.to_string());
    }
    statement.push(" ORDER BY feedback_id LIMIT ").bind(i64::from(limit));
    statement.all(db).await?.iter().map(read).collect()
}

/// The pieces of these texts, as far as they have some.
///
/// # Errors
/// As the database says.
pub async fn of(tx: &mut Tx, ids: &[FeedbackId]) -> Result<BTreeMap<FeedbackId, Vec<Piece>>, Error> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let mut statement = Statement::new(SELECT);
        statement.push(" WHERE feedback_id IN (").bind_list(chunk.iter().map(ToString::to_string)).push(")");
        for row in statement.rows(tx).await? {
            found.extend([read(&row)?]);
        }
    }
    Ok(found)
}

fn read(row: &AnyRow) -> Result<(FeedbackId, Vec<Piece>), Error> {
    let row = Reader::new("pieces", "feedback_id", row);
    let spans: Vec<(usize, usize)> = row.json("spans")?;
    let bytes = STANDARD.decode(row.text("places")?).map_err(|error| row.corrupt("places", error))?;
    if spans.is_empty() || !bytes.len().is_multiple_of(spans.len()) {
        return Err(row.corrupt("places", "they are not as many as the spans"));
    }
    let width = (bytes.len() / spans.len()).max(1);
    let places = bytes.chunks_exact(width).map(unpacked);
    let piece = |((start, end), place)| Piece { span: Span { start, end }, place };
    Ok((FeedbackId(row.id("feedback_id")?), spans.into_iter().zip(places).map(piece).collect()))
}

/// A byte for each number of a place: how many steps it is from nothing, the farthest 127.
fn packed(place: &[f32]) -> impl Iterator<Item = u8> {
    let farthest = place.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    let scale = if farthest > 0.0 { STEPS / farthest } else { 0.0 };
    place.iter().map(move |value| ((value * scale).round() as i8).cast_unsigned())
}

/// The place again, of unit length as it was; zeros stay zeros.
fn unpacked(bytes: &[u8]) -> Vec<f32> {
    let steps = bytes.iter().map(|byte| f32::from(byte.cast_signed()));
    let length = steps.clone().map(|step| step * step).sum::<f32>().sqrt().max(1.0);
    steps.map(|step| step / length).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::vector::dot;

    proptest! {
        #[test]
        fn a_place_is_much_the_same_when_it_comes_back(values in prop::collection::vec(-1.0_f32..1.0, 1..400)) {
            let length = dot(&values, &values).sqrt();
            prop_assume!(length > 1e-3);
            let place: Vec<f32> = values.iter().map(|value| value / length).collect();
            let back = unpacked(&packed(&place).collect::<Vec<u8>>());
            prop_assert!((dot(&back, &back) - 1.0).abs() < 1e-4);
            prop_assert!(dot(&place, &back) > 0.999, "{}", dot(&place, &back));
        }
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(unpacked(&packed(&[0.0, 0.0]).collect::<Vec<u8>>()), [0.0, 0.0]);
        assert!(unpacked(&packed(&[]).collect::<Vec<u8>>()).is_empty());
    }
}
