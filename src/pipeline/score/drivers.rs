//! Which themes move the scores.

use std::collections::BTreeMap;

use super::by::{By, corrupt};
use super::tally::{counted, take, titles};
use super::{Group, of_method};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feedback::{Language, RatingMethod};
use crate::scores::{self, Driver, Measure};
use crate::stores::sql::feedback::{Attribute, Filter};

/// What each theme does to the score of one method.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    /// The measure that they move.
    pub measure: Measure,
    /// All ratings.
    pub total: Group,
    /// The themes, those that move it most first.
    pub themes: Vec<ThemeDriver>,
}

/// What one theme does to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct ThemeDriver {
    /// The theme's id and its effect.
    pub driver: Driver<String>,
    /// The theme's titles.
    pub titles: BTreeMap<Language, String>,
    /// Finds the records of the theme.
    pub with: Filter,
    /// Finds all others.
    pub without: Filter,
}

/// What each theme does to the scores, one answer for each method that has ratings.
///
/// # Errors
/// `Invalid` if the filter chooses by rating or theme; those of the database.
pub async fn drivers(app: &App, method: Option<RatingMethod>, filter: Filter) -> Result<Vec<Drivers>> {
    if filter.theme.is_some() || filter.not_theme.is_some() || filter.without.contains(&Attribute::Theme) {
        return Err(Error::invalid("drivers compare each theme with the rest; leave the theme out of the filter"));
    }
    let filter = of_method(method, filter)?;
    let mut all = counted(app, &filter, None, 0).await?;
    let mut by_theme = counted(app, &filter, Some(By::Theme), 0).await?;
    let titles = titles(app).await?;
    let mut answers = Vec::new();
    for method in RatingMethod::ALL {
        let Some(all) = take(&mut all, *method).into_values().next() else { continue };
        let filter = Filter { rating_method: Some(*method), ..filter.clone() };
        let groups = take(&mut by_theme, *method).into_iter();
        let groups = groups.filter_map(|(key, tally)| Some((key?, tally.ratings))).collect();
        let measure = Measure::main(*method);
        let found = scores::drivers(measure, &all.ratings, groups);
        let themes = found.into_iter().map(|driver| {
            let id = driver.key.parse().map_err(|_| corrupt(By::Theme, &driver.key))?;
            Ok(ThemeDriver {
                titles: titles.get(&driver.key).cloned().unwrap_or_default(),
                driver,
                with: Filter { theme: Some(id), ..filter.clone() },
                without: Filter { not_theme: Some(id), ..filter.clone() },
            })
        });
        let themes = themes.collect::<Result<_>>()?;
        answers.push(Drivers { measure, themes, total: Group::new(None, all, filter, None) });
    }
    Ok(answers)
}
