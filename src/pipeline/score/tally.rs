//! Counts from the database, put together by method and group.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::by::{By, corrupt};
use crate::app::App;
use crate::error::{Error, Kind, Result};
use crate::feedback::{Language, RatingMethod, SentimentLabel};
use crate::scores::Ratings;
use crate::stores::sql::feedback::{self, Filter, Rated};
use crate::stores::sql::themes;

/// Ratings with the sentiments of their texts.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) ratings: Ratings,
    pub(super) sentiments: BTreeMap<SentimentLabel, u64>,
}

/// Tallies by method and by the group's key; a period's key is its first day.
pub(super) type Counted = BTreeMap<RatingMethod, BTreeMap<Option<String>, Tally>>;

impl Tally {
    pub(super) fn none(method: RatingMethod) -> Self {
        Self { ratings: Ratings::none(method), sentiments: BTreeMap::new() }
    }

    fn add(&mut self, rated: &Rated) -> Result<()> {
        let mixed = |error| Error::new(Kind::Internal, "ratings were counted wrongly").caused_by(error);
        self.ratings.add(rated.rating, rated.count).map_err(mixed)?;
        if let Some(label) = rated.sentiment {
            *self.sentiments.entry(label).or_default() += rated.count;
        }
        Ok(())
    }
}

pub(super) fn take(counted: &mut Counted, method: RatingMethod) -> BTreeMap<Option<String>, Tally> {
    counted.remove(&method).unwrap_or_default()
}

/// Counts ratings, where local time is `ahead_s` ahead of UTC.
pub(super) async fn counted(app: &App, filter: &Filter, by: Option<By>, ahead_s: i32) -> Result<Counted> {
    let rows = feedback::ratings(&app.db, filter, by.map(|by| by.column(ahead_s))).await?;
    let mut counted = Counted::new();
    for row in rows {
        let key = match by.and_then(By::step) {
            Some(step) => Some(step.start(date(row.key.as_deref())?).to_string()),
            None => row.key.clone(),
        };
        let method = row.rating.method();
        let tally = counted.entry(method).or_default().entry(key).or_insert_with(|| Tally::none(method));
        tally.add(&row)?;
    }
    Ok(counted)
}

pub(super) fn date(key: Option<&str>) -> Result<NaiveDate> {
    let key = key.unwrap_or_default();
    key.parse().map_err(|_| corrupt(By::Day, key))
}

/// The titles of all themes, by id.
pub(super) async fn titles(app: &App) -> Result<BTreeMap<String, BTreeMap<Language, String>>> {
    let listed = themes::list(&app.db).await?;
    Ok(listed.into_iter().map(|listed| (listed.theme.id.to_string(), listed.theme.titles)).collect())
}
