//! Finds the steps that records fall on, for records that came and journeys that changed since it was last done.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::FeedbackId;
use crate::journeys::{self, Fall, StepProfile};
use crate::privacy::{self, RawText, Text};
use crate::stores::sql::feedback::Filter;
use crate::stores::sql::journeys::{self as rows, Placed, Unplaced};

use super::{Journey, get, list};

/// Records are placed in pages of this many.
const PAGE: u32 = 1_000;

/// Places what has no place yet on any journey.
///
/// # Errors
/// Those of the engine and the stores.
pub async fn catch_up_all(app: &App) -> Result<()> {
    for journey in list(app).await? {
        catch_up(app, &journey).await?;
    }
    Ok(())
}

/// Places what the filter's step may hold, if it names one.
///
/// # Errors
/// `NotFound` if there is no such journey or step, or those of the engine and the stores.
pub async fn place_for(app: &App, filter: &Filter) -> Result<()> {
    let Some(at) = &filter.step else { return Ok(()) };
    let journey = get(app, &at.journey).await?;
    if let Some(step) = &at.step {
        journey.place_of(step).ok_or_else(|| Error::not_found("step", step))?;
    }
    catch_up(app, &journey).await
}

/// Places what has no place yet on this journey.
///
/// Runs twice without harm: the same record falls on the same step.
///
/// # Errors
/// Those of the engine and the stores; what was placed before stays.
pub async fn catch_up(app: &App, journey: &Journey) -> Result<()> {
    loop {
        let waiting = rows::unplaced(&app.db, &journey.id, &journey.version, PAGE).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let full = waiting.len() == PAGE as usize;
        let placed = place(app, journey, waiting).await?;
        let mut tx = app.db.begin().await?;
        rows::place(&mut tx, &journey.id, &journey.version, &placed).await?;
        tx.commit().await?;
        if !full {
            return Ok(());
        }
    }
}

async fn place(app: &App, journey: &Journey, waiting: Vec<Unplaced>) -> Result<Vec<Placed>> {
    let named: Vec<StepProfile> = journey.ideal.steps.iter().map(|step| StepProfile::new(step, Vec::new())).collect();
    let known =
        |item: &Unplaced| item.touchpoint.as_ref().is_some_and(|name| named.iter().any(|step| step.takes(name)));
    let unknown: Vec<Uuid> = waiting.iter().filter(|item| !known(item)).map(|item| item.id.0).collect();
    let (profiles, places) = if unknown.is_empty() {
        (Arc::new(named), HashMap::new())
    } else {
        let points = app.vectors.get(&unknown).await?;
        (profiles(app, journey).await?, points.into_iter().map(|point| (FeedbackId(point.id), point.vector)).collect())
    };
    let steps: Vec<_> = journey.ideal.steps.iter().map(|step| step.id.clone()).collect();
    let computed = tokio::task::spawn_blocking(move || {
        let one = |item: &Unplaced| {
            let place = places.get(&item.id).map(Vec::as_slice).unwrap_or_default();
            let fall = journeys::fall(item.touchpoint.as_ref(), place, &profiles);
            let step = |fall: Fall| Some((steps.get(fall.step)?.clone(), fall.by, fall.nearness));
            let expected = journeys::expectation(item.text.as_str());
            Placed { id: item.id, step: fall.and_then(step), expectation: expected.map(|expected| expected.kind) }
        };
        waiting.iter().map(one).collect()
    });
    // what a panic says may quote a customer, so it is not passed on
    computed.await.map_err(|_| Error::new(Kind::Internal, "placing records on a journey broke off"))
}

/// The profiles of a journey's steps; their texts are read once for each version.
async fn profiles(app: &App, journey: &Journey) -> Result<Arc<Vec<StepProfile>>> {
    if let Some(profiles) = app.journeys.get(&journey.version) {
        return Ok(profiles);
    }
    let mut profiles = Vec::with_capacity(journey.ideal.steps.len());
    for step in &journey.ideal.steps {
        let texts: Vec<Text> = step.texts().into_iter().map(|text| privacy::mask(&RawText::new(text)).text).collect();
        let places = app.reader.understand(texts).await?.into_iter().map(|understanding| understanding.place).collect();
        profiles.push(StepProfile::new(step, places));
    }
    Ok(app.journeys.keep(&journey.version, profiles))
}
