//! What each column of a table becomes, from its header and from what is in it.

use super::mapping::{Assignment, Column, Field, Mapping};
use super::words::{self, Meaning};
use super::{HeaderRow, ImportError, rating};
use crate::feedback::RatingMethod;
use crate::pipeline::record::customer::Personal;
use crate::pipeline::record::time::{DayOrder, ascii_digits, parse_cell};

/// What is known of a column's content, from the first rows.
#[derive(Clone, Debug, Default)]
struct Content<'a> {
    cells: Vec<&'a str>,
    rows: usize,
}

/// Maps the columns of `rows`, the first records of a table.
///
/// # Errors
/// [`ImportError`] if an assigned column doesn't exist, or no column can be the text.
pub(super) fn mapping(rows: &[Vec<String>], header: HeaderRow, by_hand: &[Assignment]) -> Result<Mapping, ImportError> {
    let first: &[String] = rows.first().map_or(&[], Vec::as_slice);
    let has_header = match header {
        HeaderRow::Present => true,
        HeaderRow::Absent => false,
        HeaderRow::Guess => is_header(first, rows.get(1..).unwrap_or_default()),
    };
    let body = if has_header { &rows[1..] } else { rows };
    let width = if has_header { first.len() } else { rows.iter().map(Vec::len).max().unwrap_or(0) };
    let contents: Vec<Content<'_>> = (0..width).map(|place| Content::of(body, place)).collect();
    let columns = (0..width).map(|place| {
        let header = first.get(place).filter(|_| has_header).map_or("", |name| name.trim());
        column(header, place, &contents[place])
    });
    let mut mapping = Mapping { has_header, columns: columns.collect() };
    name_twins(&mut mapping);
    assign(&mut mapping, by_hand, &contents)?;
    keep_one_each(&mut mapping);
    find_text(&mut mapping, &contents);
    find_date(&mut mapping, &contents);
    if mapping.find(Field::Text).is_none() && width > 0 {
        return Err(ImportError::NoText { columns: mapping.names() });
    }
    Ok(mapping)
}

/// Whether the first record names the columns.
fn is_header(first: &[String], body: &[Vec<String>]) -> bool {
    let looks_like_value = |cell: &str| {
        rating::parse(cell).is_some() || Personal::of(cell).is_some() || parse_cell(cell, DayOrder::DayFirst).is_ok()
    };
    if first.iter().any(|cell| looks_like_value(cell)) {
        return false;
    }
    let meanings: Vec<Meaning> = first.iter().filter_map(|cell| words::meaning(cell)).collect();
    let repeats = |(place, cell): (usize, &String)| body.iter().any(|row| row.get(place) == Some(cell));
    if first.iter().enumerate().any(repeats) {
        return false;
    }
    if meanings.iter().any(|meaning| meaning.exact) {
        return true;
    }
    if first.len() < 2 || first.iter().any(|cell| cell.chars().count() > 60) {
        return false;
    }
    let typed_below = (0..first.len()).any(|place| {
        let content = Content::of(body, place);
        content.share(looks_like_value) > 0.8 || content.mean_words() >= 5.0
    });
    let short = first.iter().all(|cell| !cell.trim().is_empty() && cell.split_whitespace().count() <= 4);
    2 * meanings.len() > first.len() || (short && typed_below)
}

impl<'a> Content<'a> {
    fn of(rows: &'a [Vec<String>], place: usize) -> Self {
        let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| cell.trim());
        Self { cells: cells.filter(|cell| !cell.is_empty()).collect(), rows: rows.len() }
    }

    /// The share of filled cells that fit; 0 if none is filled.
    #[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
    fn share(&self, fits: impl Fn(&str) -> bool) -> f32 {
        if self.cells.is_empty() {
            return 0.0;
        }
        self.cells.iter().filter(|cell| fits(cell)).count() as f32 / self.cells.len() as f32
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
    fn mean_words(&self) -> f32 {
        let words: usize = self.cells.iter().map(|cell| cell.split_whitespace().count()).sum();
        words as f32 / self.cells.len().max(1) as f32
    }

    fn is_unique(&self) -> bool {
        let different: std::collections::BTreeSet<&str> = self.cells.iter().copied().collect();
        different.len() == self.rows
    }

    /// The order under which most cells are dates, and how sure that is; none if most aren't.
    fn day_order(&self) -> Option<(DayOrder, f32)> {
        let readable = |order| self.share(move |cell| parse_cell(cell, order).is_ok());
        let (day_first, month_first) = (readable(DayOrder::DayFirst), readable(DayOrder::MonthFirst));
        if day_first.max(month_first) <= 0.5 {
            return None;
        }
        if month_first > day_first {
            return Some((DayOrder::MonthFirst, 0.9));
        }
        let is_year_first = self.share(|cell| ascii_digits(cell).find(['-', '/', '.']) == Some(4)) > 0.5;
        Some((DayOrder::DayFirst, if day_first > month_first || is_year_first { 0.95 } else { 0.8 }))
    }

    fn is_names(&self) -> bool {
        let is_name =
            |cell: &str| cell.contains(' ') && cell.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '\''));
        self.share(is_name) > 0.5
    }
}

/// What a column becomes by itself, its neighbours aside.
fn column(header: &str, place: usize, content: &Content<'_>) -> Column {
    let name = if header.is_empty() { format!("column {}", place + 1) } else { header.to_owned() };
    let (field, confidence, reason) = match words::meaning(header) {
        Some(meaning) => settle(meaning.field, meaning.confidence, content),
        None => settle(Field::Metadata, 0.5, content),
    };
    Column { name, field, confidence, reason }
}

/// Holds a header's meaning against the content, and completes it.
fn settle(field: Field, confidence: f32, content: &Content<'_>) -> (Field, f32, String) {
    let because = |reason: &str| reason.to_owned();
    if field != Field::Text && content.share(|cell| Personal::of(cell) == Some(Personal::Email)) > 0.6 {
        return (Field::Email, 0.9, because("holds e-mail addresses: a short hash stands for the customer"));
    }
    if matches!(field, Field::Customer | Field::Metadata)
        && content.share(|cell| matches!(Personal::of(cell), Some(Personal::Phone | Personal::Official))) > 0.6
    {
        return (Field::Phone, 0.8, because("holds phone or official numbers: a short hash stands for the customer"));
    }
    match field {
        Field::Rating(method) => settle_rating(method, confidence, content),
        Field::CollectedAt(_) => match content.day_order() {
            Some((order, sure)) => {
                (Field::CollectedAt(Some(order)), confidence.min(sure), because("its name and values"))
            }
            None if content.cells.is_empty() => {
                (Field::CollectedAt(Some(DayOrder::DayFirst)), confidence, because("its name"))
            }
            None => (Field::Metadata, 0.6, because("called a date, but most values aren't one")),
        },
        Field::ExternalId if !content.is_unique() => {
            (Field::Metadata, 0.6, because("called an id, but values repeat or are missing"))
        }
        Field::Customer if content.is_names() => (Field::LeftOut, 0.8, because("holds names, which are personal data")),
        Field::Phone | Field::Email => {
            (field, confidence.min(0.8), because("personal data: a short hash stands for the customer"))
        }
        Field::LeftOut => (field, confidence, because("personal data")),
        Field::Source if content.share(|cell| words::channel(cell).is_some()) > 0.5 => {
            (Field::Channel, 0.8, because("its values are channels"))
        }
        Field::Text if content.share(|cell| rating::parse(cell).is_some()) > 0.5 => {
            (Field::Metadata, 0.6, because("called a text, but holds numbers"))
        }
        Field::Metadata => (field, confidence, because("nothing else fits")),
        _ => (field, confidence, because("its name")),
    }
}

fn settle_rating(method: Option<RatingMethod>, confidence: f32, content: &Content<'_>) -> (Field, f32, String) {
    let numeric = content.share(|cell| rating::parse(cell).is_some() || rating::is_none(cell));
    if !content.cells.is_empty() && numeric < 0.5 {
        return (Field::Metadata, 0.6, "called a rating, but most values aren't numbers".to_owned());
    }
    if let Some(method) = method {
        return (Field::Rating(Some(method)), confidence, "its name".to_owned());
    }
    match rating::method_of(&content.cells) {
        Some((method, sure)) => (
            Field::Rating(Some(method)),
            confidence.min(sure),
            format!("its name; {} by the range of its values", method.name()),
        ),
        None => {
            (Field::Metadata, 0.6, "called a rating, but its values fit neither nps, csat, ces nor stars".to_owned())
        }
    }
}

/// Two columns of one name keep apart in the metadata.
fn name_twins(mapping: &mut Mapping) {
    for place in 1..mapping.columns.len() {
        let name = mapping.columns[place].name.clone();
        let twins = mapping.columns[..place].iter().filter(|column| column.name == name).count();
        if twins > 0 {
            mapping.columns[place].name = format!("{name} ({})", place + 1);
        }
    }
}

/// Sets what somebody assigned; other columns guessed to be the same become metadata.
fn assign(mapping: &mut Mapping, by_hand: &[Assignment], contents: &[Content<'_>]) -> Result<(), ImportError> {
    for assignment in by_hand {
        let place = mapping.place(&assignment.column)?;
        for (other, column) in mapping.columns.iter_mut().enumerate() {
            if other != place && assignment.field.is_single() && column.field.is_same_part(assignment.field) {
                let is_personal = matches!(column.field, Field::Phone | Field::Email);
                column.field = if is_personal { Field::LeftOut } else { Field::Metadata };
                column.reason = format!("{} was assigned", assignment.column);
            }
        }
        let column = &mut mapping.columns[place];
        (column.field, column.reason) = assigned(assignment, column, &contents[place])?;
        column.confidence = 1.0;
    }
    Ok(())
}

fn assigned(assignment: &Assignment, column: &Column, content: &Content<'_>) -> Result<(Field, String), ImportError> {
    let settled = settle(assignment.field, 1.0, content);
    Ok(match (assignment.field, settled.0) {
        (Field::Rating(None), Field::Rating(method)) => (Field::Rating(method), format!("assigned; {}", settled.2)),
        (Field::Rating(None), _) => return Err(ImportError::UnknownMethod { column: column.name.clone() }),
        (Field::CollectedAt(_), Field::CollectedAt(order)) => (Field::CollectedAt(order), "assigned".to_owned()),
        (Field::CollectedAt(_), _) => (Field::CollectedAt(Some(DayOrder::DayFirst)), "assigned".to_owned()),
        (Field::Customer, hashed @ (Field::Phone | Field::Email)) => (hashed, format!("assigned; {}", settled.2)),
        (Field::Customer, _) if matches!(column.field, Field::Phone | Field::Email) => {
            (column.field, format!("assigned; {}", column.reason))
        }
        (field, _) => (field, "assigned".to_owned()),
    })
}

/// Of several columns that could be the same thing, the surest stays.
fn keep_one_each(mapping: &mut Mapping) {
    let rank = |column: &Column| (column.confidence * 100.0).round();
    for place in 0..mapping.columns.len() {
        let field = mapping.columns[place].field;
        if !field.is_single() {
            continue;
        }
        let own = rank(&mapping.columns[place]);
        let better = mapping.columns.iter().enumerate().find(|(other, column)| {
            *other != place
                && column.field.is_same_part(field)
                && (rank(column) > own || (rank(column) >= own && *other < place))
        });
        if let Some((_, better)) = better {
            let reason = format!("{} is the surer {}", better.name, better.field);
            let is_personal = matches!(field, Field::Phone | Field::Email);
            let column = &mut mapping.columns[place];
            column.field = if is_personal { Field::LeftOut } else { Field::Metadata };
            column.reason = if is_personal { "personal data".to_owned() } else { reason };
            column.confidence = 0.6;
        }
    }
}

/// Without a header that says so, the column of the longest free text is the text.
fn find_text(mapping: &mut Mapping, contents: &[Content<'_>]) {
    if mapping.find(Field::Text).is_some() {
        return;
    }
    let alone = mapping.columns.len() == 1;
    let is_free = |cell: &str| cell.contains(char::is_alphabetic) && (alone || cell.contains(' '));
    let mut ranked: Vec<(f32, usize)> = (0..contents.len())
        .filter(|place| {
            mapping.columns[*place].field == Field::Metadata && mapping.columns[*place].reason != "assigned"
        })
        .filter(|place| contents[*place].share(is_free) > 0.3)
        .map(|place| (contents[place].mean_words(), place))
        .collect();
    ranked.sort_by(|left, right| right.0.total_cmp(&left.0));
    let Some((words, place)) = ranked.first().copied() else { return };
    let next = ranked.get(1).map_or(0.0, |(words, _)| *words);
    let column = &mut mapping.columns[place];
    column.field = Field::Text;
    column.confidence = (0.5 + 0.4 * (words - next) / words.max(1.0)).clamp(0.3, 0.9);
    column.reason = "the longest free text".to_owned();
}

/// Without a header that says so, the first column of nothing but dates is the date.
fn find_date(mapping: &mut Mapping, contents: &[Content<'_>]) {
    if mapping.find(Field::CollectedAt(None)).is_some() {
        return;
    }
    let is_written = |cell: &str| {
        let is_date = |order| parse_cell(cell, order).is_ok();
        ascii_digits(cell).contains(['-', '/', ':']) && (is_date(DayOrder::DayFirst) || is_date(DayOrder::MonthFirst))
    };
    for (column, content) in mapping.columns.iter_mut().zip(contents) {
        if column.field == Field::Metadata
            && column.reason != "assigned"
            && content.share(is_written) > 0.95
            && let Some((order, sure)) = content.day_order()
        {
            column.field = Field::CollectedAt(Some(order));
            column.confidence = sure.min(0.7);
            column.reason = "its values are dates".to_owned();
            return;
        }
    }
}
