//! What scores are told apart by, and the filter that finds one group.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};
use crate::feedback::{Language, Touchpoint, names};
use crate::scores::Step;
use crate::stores::sql::feedback::{Attribute, Column, Filter};

names! {
    /// What scores are told apart by.
    By, "grouping", {
        /// Where the ratings came in.
        Channel = "channel",
        /// Direct, indirect or inferred.
        SourceKind = "source_kind",
        /// The system that they came from.
        Source = "source",
        /// Which interaction they are about.
        Touchpoint = "touchpoint",
        /// The customers' segment, as the metadata names it.
        Segment = "segment",
        /// What their texts are written in.
        Language = "language",
        /// The theme of their texts.
        Theme = "theme",
        /// The day, UTC.
        Day = "day",
        /// The week, from Monday on, UTC.
        Week = "week",
        /// The month, UTC.
        Month = "month",
        /// The quarter, UTC.
        Quarter = "quarter",
    }
}

impl By {
    /// The period, if it is one.
    pub(super) const fn step(self) -> Option<Step> {
        match self {
            Self::Day => Some(Step::Day),
            Self::Week => Some(Step::Week),
            Self::Month => Some(Step::Month),
            Self::Quarter => Some(Step::Quarter),
            _ => None,
        }
    }

    /// The column that tells them apart, where local time is `ahead_s` ahead of UTC.
    pub(super) const fn column(self, ahead_s: i32) -> Column {
        match self {
            Self::Channel => Column::Channel,
            Self::SourceKind => Column::SourceKind,
            Self::Source => Column::Source,
            Self::Touchpoint => Column::Touchpoint,
            Self::Segment => Column::Segment,
            Self::Language => Column::Language,
            Self::Theme => Column::Theme,
            Self::Day | Self::Week | Self::Month | Self::Quarter => Column::Day { ahead_s },
        }
    }

    /// The filter that lets only this group through; without a key, those that lack it.
    pub(super) fn narrowed(self, key: Option<&str>, filter: Filter) -> Result<Filter> {
        let wrong = || corrupt(self, key.unwrap_or_default());
        let Some(key) = key else {
            let attribute = match self {
                Self::Touchpoint => Attribute::Touchpoint,
                Self::Segment => Attribute::Segment,
                Self::Language => Attribute::Language,
                Self::Theme => Attribute::Theme,
                _ => return Err(wrong()),
            };
            let mut filter = filter;
            filter.without.insert(attribute);
            return Ok(filter);
        };
        Ok(match self {
            Self::Channel => Filter { channel: Some(key.parse().map_err(|_| wrong())?), ..filter },
            Self::SourceKind => Filter { source_kind: Some(key.parse().map_err(|_| wrong())?), ..filter },
            Self::Source => Filter { source: Some(key.to_owned()), ..filter },
            Self::Touchpoint => {
                Filter { touchpoint: Some(Touchpoint::try_from(key.to_owned()).map_err(|_| wrong())?), ..filter }
            }
            Self::Segment => Filter { segment: Some(key.to_owned()), ..filter },
            Self::Language => Filter { language: Some(Language::new(key)), ..filter },
            Self::Theme => Filter { theme: Some(key.parse().map_err(|_| wrong())?), ..filter },
            Self::Day | Self::Week | Self::Month | Self::Quarter => filter,
        })
    }
}

/// Our own fault: the database holds a key that can't be.
pub(super) fn corrupt(by: By, key: &str) -> Error {
    Error::new(Kind::Internal, format!("{key:?} is no {by}"))
}
