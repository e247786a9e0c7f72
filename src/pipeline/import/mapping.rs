//! Which column becomes what: guessed, shown, and overridden by whoever knows better.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::ImportError;
use super::words::fold;
use crate::feedback::RatingMethod;
use crate::pipeline::record::time::DayOrder;

/// What a column becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What the person wrote.
    Text,
    /// The question that was asked.
    Question,
    /// The number the person gave; the method is settled before the first row is read.
    Rating(Option<RatingMethod>),
    /// Where it came in.
    Channel,
    /// Direct, indirect or inferred.
    SourceKind,
    /// Which interaction it is about.
    Touchpoint,
    /// The customer's id.
    Customer,
    /// The customer, by a phone number that is replaced by a short hash.
    Phone,
    /// The customer, by an e-mail address that is replaced by a short hash.
    Email,
    /// When it was given; the order of day and month is settled before the first row is read.
    CollectedAt(Option<DayOrder>),
    /// The system that it comes from.
    Source,
    /// Its id in that system.
    ExternalId,
    /// Kept beside the feedback as far as the metadata's bound allows.
    Metadata,
    /// Not imported: empty, personal or not wanted.
    LeftOut,
}

/// One column of the file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Its header, or `column 3`.
    pub name: String,
    /// What it becomes.
    #[serde(serialize_with = "by_name")]
    pub field: Field,
    /// How sure that is, 0–1.
    pub confidence: f32,
    /// Why.
    pub reason: String,
}

/// Every column of a file, in order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mapping {
    /// Whether the first record names the columns.
    pub has_header: bool,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A column that somebody has assigned by hand: `text=Comment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// What it becomes.
    pub field: Field,
    /// The column's header, or its number from 1 (`#3`).
    pub column: String,
}

impl Field {
    /// Whether two columns would be the same thing.
    pub(super) fn is_same_part(self, other: Self) -> bool {
        let part = |field| match field {
            Self::Phone | Self::Email => std::mem::discriminant(&Self::Customer),
            field => std::mem::discriminant(&field),
        };
        part(self) == part(other)
    }

    /// Whether only one column can be it.
    pub(super) const fn is_single(self) -> bool {
        !matches!(self, Self::Metadata | Self::LeftOut)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Question => "question",
            Self::Rating(None) => "rating",
            Self::Rating(Some(method)) => return write!(f, "rating ({})", method.name()),
            Self::Channel => "channel",
            Self::SourceKind => "source_kind",
            Self::Touchpoint => "touchpoint",
            Self::Customer => "customer",
            Self::Phone | Self::Email => "customer (hashed)",
            Self::CollectedAt(Some(DayOrder::MonthFirst)) => "collected_at (month first)",
            Self::CollectedAt(_) => "collected_at",
            Self::Source => "source",
            Self::ExternalId => "external_id",
            Self::Metadata => "metadata",
            Self::LeftOut => "left out",
        })
    }
}

impl FromStr for Assignment {
    type Err = ImportError;

    fn from_str(text: &str) -> Result<Self, ImportError> {
        let unknown = || ImportError::BadAssignment(text.to_owned());
        let (name, column) = text.split_once('=').ok_or_else(unknown)?;
        let field = match name.trim() {
            "text" => Field::Text,
            "question" => Field::Question,
            "rating" => Field::Rating(None),
            "nps" => Field::Rating(Some(RatingMethod::Nps)),
            "csat" => Field::Rating(Some(RatingMethod::Csat)),
            "stars" => Field::Rating(Some(RatingMethod::Stars)),
            "ces" => Field::Rating(Some(RatingMethod::Ces)),
            "channel" => Field::Channel,
            "source_kind" => Field::SourceKind,
            "touchpoint" => Field::Touchpoint,
            "customer" => Field::Customer,
            "date" | "collected_at" => Field::CollectedAt(None),
            "source" => Field::Source,
            "id" | "external_id" => Field::ExternalId,
            "metadata" => Field::Metadata,
            "none" => Field::LeftOut,
            _ => return Err(unknown()),
        };
        if column.trim().is_empty() {
            return Err(unknown());
        }
        Ok(Self { field, column: column.trim().to_owned() })
    }
}

impl Assignment {
    /// Reads `text=Comment,rating=Score`.
    ///
    /// # Errors
    /// [`ImportError::BadAssignment`] names the part that isn't one.
    pub fn list(text: &str) -> Result<Vec<Self>, ImportError> {
        text.split(',').filter(|part| !part.trim().is_empty()).map(str::parse).collect()
    }
}

impl Mapping {
    /// The place of the column that becomes `field`.
    pub(super) fn find(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field.is_same_part(field))
    }

    /// The place of a column that somebody named, by header or number.
    pub(super) fn place(&self, name: &str) -> Result<usize, ImportError> {
        let numbered = name.strip_prefix('#').unwrap_or(name).parse::<usize>().ok();
        self.columns
            .iter()
            .position(|column| column.name == name)
            .or_else(|| self.columns.iter().position(|column| fold(&column.name) == fold(name)))
            .or_else(|| numbered.filter(|number| (1..=self.columns.len()).contains(number)).map(|number| number - 1))
            .ok_or_else(|| ImportError::UnknownColumn { column: name.to_owned(), columns: self.names() })
    }

    /// Every header, for messages.
    pub(super) fn names(&self) -> String {
        let shown: Vec<&str> = self.columns.iter().take(50).map(|column| column.name.as_str()).collect();
        shown.join(", ")
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["column", "becomes", "sure", "because"].map(str::to_owned);
        let rows = self.columns.iter().map(|column| {
            let sure = format!("{:.0} %", column.confidence * 100.0);
            [cut(&column.name), column.field.to_string(), sure, column.reason.clone()]
        });
        let rows: Vec<[String; 4]> = std::iter::once(heads).chain(rows).collect();
        let width = |place: usize| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2)];
        for row in &rows {
            let [name, field, sure, reason] = row;
            writeln!(f, "{name:<0$}  {field:<1$}  {sure:>2$}  {reason}", widths[0], widths[1], widths[2])?;
        }
        Ok(())
    }
}

fn cut(name: &str) -> String {
    if name.chars().count() <= 32 { name.to_owned() } else { name.chars().take(31).chain(['…']).collect() }
}

fn by_name<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(field)
}
