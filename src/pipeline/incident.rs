//! Notices that many customers have the same trouble at once, in the transaction that keeps what was understood.
//!
//! Texts of a group that is not bursting cost one indexed query a batch.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::stores::sql::{Tx, incidents};
use crate::themes::{self, Heard, Wave};
use crate::triage::incident::{Incident, Status};

/// How far back the usual rate of a group is looked for.
const USUAL: TimeDelta = TimeDelta::weeks(4);

/// Looks whether the latest texts of these groups belong to an open incident or begin one.
///
/// # Errors
/// Those of the database.
pub(super) async fn watch(tx: &mut Tx, app: &App, groups: &BTreeSet<Uuid>) -> Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    incidents::take_turns(tx).await?;
    for group in groups {
        let heard = incidents::heard(tx, *group, &(now - themes::LATELY..now)).await?;
        if let Some(wave) = wave(tx, *group, &heard, now).await? {
            keep(tx, *group, &wave, now).await?;
        }
    }
    Ok(())
}

async fn wave(tx: &mut Tx, group: Uuid, heard: &[Heard], now: DateTime<Utc>) -> Result<Option<Wave>> {
    if let Some(wave) = themes::joins(heard) {
        return Ok(Some(wave));
    }
    if !themes::may_begin(heard) {
        return Ok(None);
    }
    let Some(start) = incidents::first_given(tx, now - USUAL).await? else { return Ok(None) };
    let earlier = incidents::earlier(tx, group, &(start..now - themes::LATELY)).await?;
    Ok(themes::begins(heard, usize::try_from(earlier).unwrap_or(usize::MAX), start..now))
}

async fn keep(tx: &mut Tx, group: Uuid, wave: &Wave, now: DateTime<Utc>) -> Result<()> {
    if !wave.is_new {
        return Ok(incidents::join(tx, wave.incident, group, &wave.texts, wave.end, now).await?);
    }
    let incident = Incident {
        id: wave.incident,
        status: Status::Open,
        started_at: wave.start,
        opened_at: now,
        last_at: wave.end,
        updated_at: now,
    };
    incidents::open(tx, &incident, group, &wave.texts).await?;
    tracing::info!(incident = %incident.id, feedback = wave.texts.len(), "many write of the same trouble");
    Ok(())
}
