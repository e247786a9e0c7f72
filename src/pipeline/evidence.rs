//! What is known of a persona, as lines of evidence: its card's counts and its customers' words.

use std::collections::HashMap;

use uuid::Uuid;

use super::persona_records;
use crate::answers::{
    Counted, Kind, Line, Record, Tongue, channel_name, commands_a_machine, feeling_name, language_name,
};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::{Channel, Feedback, FeedbackId, Language, SentimentLabel};
use crate::personas::{Aspect, Card, Persona};
use crate::stores::sql::feedback;
use crate::stores::sql::personas as rows;

/// Records of a persona that are read for an answer, the latest.
const RECORDS: usize = 2_000;

/// Aspects of a card and the kind of evidence that their lines are, in the order of a description.
const ASPECTS: [(Aspect, Kind); 8] = [
    (Aspect::Pains, Kind::Pain),
    (Aspect::Needs, Kind::Need),
    (Aspect::Expectations, Kind::Expectation),
    (Aspect::Feelings, Kind::Feeling),
    (Aspect::Topics, Kind::Theme),
    (Aspect::Channels, Kind::Channel),
    (Aspect::Touchpoints, Kind::Touchpoint),
    (Aspect::Languages, Kind::Language),
];

/// What is known of a persona.
pub(super) struct Evidence {
    /// The counts of its card.
    pub(super) counts: Vec<Line>,
    /// Its customers' records, last received first, without those that speak to a machine.
    pub(super) records: Vec<Record>,
    /// How many do.
    pub(super) set_aside: usize,
    /// The records that its card quotes.
    pub(super) quotes: Vec<FeedbackId>,
}

/// Gathers it, in the language of the answer.
///
/// # Errors
/// `NotFound` if there is no such persona now, or those of the stores.
pub(super) async fn evidence(app: &App, id: Uuid, tongue: Tongue) -> Result<Evidence> {
    let Persona { card, .. } = rows::get(&app.db, id).await?.ok_or_else(|| Error::not_found("persona", id))?;
    let (records, set_aside) = records(app, persona_records(app, id, None, None, RECORDS).await?.items).await?;
    let shown: Vec<FeedbackId> = card.lines.values().flatten().flat_map(|line| line.evidence.iter().copied()).collect();
    let (behind, _) = self::records(app, feedback::get_many(&app.db, &shown).await?).await?;
    let behind: HashMap<FeedbackId, Record> = behind.into_iter().map(|record| (record.id, record)).collect();
    Ok(Evidence { counts: counts(&card, tongue, &behind), records, set_aside, quotes: card.quotes })
}

/// Records with their places; those without one are not analysed yet, and those that speak to a machine are only counted.
async fn records(app: &App, items: Vec<Feedback>) -> Result<(Vec<Record>, usize)> {
    let ids: Vec<Uuid> = items.iter().map(|item| item.id.0).collect();
    let points = app.vectors.get(&ids).await?;
    let mut places: HashMap<Uuid, Vec<f32>> = points.into_iter().map(|point| (point.id, point.vector)).collect();
    let (commands, items): (Vec<Feedback>, Vec<Feedback>) =
        items.into_iter().partition(|item| commands_a_machine(item.text.as_str()));
    let record = |item: Feedback| {
        let place = places.remove(&item.id.0)?;
        let analysis = item.analysis?;
        let feeling = analysis.known_sentiment().map(|sentiment| sentiment.label);
        Some(Record { id: item.id, text: item.text, language: analysis.language, feeling, place })
    };
    Ok((items.into_iter().filter_map(record).collect(), commands.len()))
}

fn counts(card: &Card, tongue: Tongue, behind: &HashMap<FeedbackId, Record>) -> Vec<Line> {
    let records = |ids: &[FeedbackId]| ids.iter().filter_map(|id| behind.get(id).cloned()).collect();
    let size = Counted::new(card.size.n, card.size.of);
    let mut lines = vec![Line::counting(tongue, Kind::Size, "", size, records(&card.quotes))];
    for (aspect, kind) in ASPECTS {
        for line in card.of(aspect) {
            let Some(name) = name(card, tongue, kind, &line.key) else { continue };
            let counted = Counted::new(line.customers.n, line.customers.of);
            lines.push(Line::counting(tongue, kind, &name, counted, records(&line.evidence)));
        }
    }
    lines
}

/// What a line's key is called; none if it has no name in the language.
fn name(card: &Card, tongue: Tongue, kind: Kind, key: &str) -> Option<String> {
    match kind {
        Kind::Feeling => Some(feeling_name(tongue, key.parse::<SentimentLabel>().ok()?).to_owned()),
        Kind::Channel => Some(channel_name(tongue, key.parse::<Channel>().ok()?).to_owned()),
        Kind::Language => Some(language_name(tongue, &Language::new(key))),
        Kind::Touchpoint => Some(key.to_owned()),
        Kind::Theme | Kind::Pain | Kind::Need | Kind::Expectation => {
            let titles = card.themes.get(&key.parse().ok()?)?;
            titles.get(&tongue.language()).or_else(|| titles.values().next()).cloned()
        }
        Kind::Size | Kind::Quote => None,
    }
}
