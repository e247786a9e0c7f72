//! The heaviest gaps of the journey that is in use, for the first page.

use chrono::{DateTime, Utc};

use crate::app::App;
use crate::error::{Kind, Result};
use crate::journeys::{self, By, Gap, Visit};
use crate::stores::sql::feedback::Filter;
use crate::stores::sql::journeys as rows;

use super::actual::visit;
use super::{Journey, catch_up_all, list};

/// Gaps of one journey.
#[derive(Clone, Debug, PartialEq)]
pub struct TopGaps {
    /// The journey.
    pub journey: Journey,
    /// Its gaps, the heaviest first.
    pub gaps: Vec<Gap>,
    /// Which records were looked at.
    pub filter: Filter,
}

/// The heaviest `most` gaps since a time, of the journey that is in use: one that people wrote before one that came
/// along, then the one whose touchpoints more records name; none if no record is on a step.
///
/// It is content with the records that have a place where the model is too busy to place more.
///
/// # Errors
/// Those of the stores.
pub async fn top_gaps(app: &App, since: Option<DateTime<Utc>>, most: usize) -> Result<Option<TopGaps>> {
    match catch_up_all(app).await {
        Err(error) if matches!(error.kind(), Kind::Busy | Kind::Unavailable) => {}
        other => other?,
    }
    let filter = Filter { since, ..Filter::default() };
    let mut best: Option<((bool, u64), Journey)> = None;
    for journey in list(app).await? {
        let placed = rows::count_placed(&app.db, &journey.id, &Filter::default()).await?;
        let by = |by| placed.get(&Some(by)).copied().unwrap_or_default();
        let rank = (journey.written.is_some(), by(By::Touchpoint));
        if by(By::Touchpoint) + by(By::Meaning) > 0 && best.as_ref().is_none_or(|(other, _)| rank > *other) {
            best = Some((rank, journey));
        }
    }
    let Some((_, journey)) = best else { return Ok(None) };
    let stops = rows::visits(&app.db, &journey.id, &filter).await?;
    let visits: Vec<Visit> =
        stops.into_iter().filter_map(|stop| visit(&journey, stop)).map(|(visit, _)| visit).collect();
    let mut gaps = journeys::gaps(&visits, &journey.tolerated());
    gaps.truncate(most);
    Ok(Some(TopGaps { journey, gaps, filter }))
}
