//! Turns the team's description of its queues into what routing compares texts with.

use crate::error::{Error, Result};
use crate::inference::Reader;
use crate::privacy::{self, RawText, Text};
use crate::triage::{QueueProfile, QueueSettings, Rules, Settings};

/// The queues that apply: no queues stands for the built-in ones.
#[must_use]
pub fn queues(queues: &[QueueSettings]) -> Vec<QueueSettings> {
    if queues.is_empty() { QueueSettings::defaults() } else { queues.to_vec() }
}

/// The rules for these settings and queues; no queues stands for the built-in ones.
///
/// Reads every description and example once.
///
/// # Errors
/// `Invalid` if the queues contradict one another, or those of the engine.
pub async fn compile(settings: &Settings, queues: &[QueueSettings], reader: &Reader) -> Result<Rules> {
    let queues = self::queues(queues);
    QueueSettings::check(&queues, &settings.routing.human_queue).map_err(|bad| Error::invalid(bad.to_string()))?;
    let mut profiles = Vec::with_capacity(queues.len());
    for queue in &queues {
        profiles.push(profile(queue, reader).await?);
    }
    Ok(Rules::new(settings.clone(), profiles))
}

async fn profile(queue: &QueueSettings, reader: &Reader) -> Result<QueueProfile> {
    let texts: Vec<Text> = queue.texts().into_iter().map(|text| privacy::mask(&RawText::new(text)).text).collect();
    let places = reader.understand(texts).await?.into_iter().map(|understanding| understanding.place).collect();
    Ok(QueueProfile { name: queue.name.clone(), places, specialist_for: queue.triggers.clone() })
}
