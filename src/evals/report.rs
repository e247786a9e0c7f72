//! What was measured, as lines that a program reads and tables that a person does.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use super::statistics::{Bin, Risk};
use crate::statistics::{Interval, wilson};

/// One number: of what, on which texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The dataset.
    pub dataset: String,
    /// Which of its texts: `all`, a language, a dialect, and so on.
    pub slice: String,
    /// What was measured.
    pub measure: String,
    /// How many texts (or true cases, for a recall).
    pub texts: usize,
    /// The number; shares are 0 to 1.
    pub value: f64,
    /// Where it lies with 95 % confidence, if that is known.
    pub interval: Option<Interval>,
}

/// How often each answer was given to each truth.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confusion {
    /// The dataset.
    pub dataset: String,
    /// Its labels, in the order of rows and columns.
    pub labels: Vec<String>,
    /// A row a truth, a column an answer.
    pub counts: Vec<Vec<usize>>,
}

/// An answer that was sure and wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mistake {
    /// The dataset.
    pub dataset: String,
    /// The text's id in it; the text itself is not repeated.
    pub id: String,
    /// What it is.
    pub truth: String,
    /// What was said.
    pub said: String,
    /// How sure, 0 to 1.
    pub sure: f32,
}

/// What one suite found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Section {
    /// The suite's name.
    pub suite: String,
    /// All numbers.
    pub lines: Vec<Line>,
    /// Tables of answers by truth.
    pub confusions: Vec<Confusion>,
    /// Curves of stated probabilities and what happened, by what was stated.
    pub reliability: BTreeMap<String, Vec<Bin>>,
    /// Curves of risk over coverage, by what was answered.
    pub risks: BTreeMap<String, Vec<Risk>>,
    /// The surest wrong answers.
    pub mistakes: Vec<Mistake>,
    /// Files that it read, with their SHA-256.
    pub files: BTreeMap<String, String>,
}

/// A number that we hold ourselves to.
#[derive(Clone, Copy, Debug)]
pub struct Aim {
    /// The suite, dataset, slice and measure of its line.
    pub of: (&'static str, &'static str, &'static str, &'static str),
    /// What it has to be.
    pub bound: Bound,
    /// What others published or measured, if anything.
    pub others: &'static str,
}

/// What a number has to be.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// The lower end of its interval at least this.
    SurelyAtLeast(f64),
}

impl Section {
    /// A section without numbers.
    #[must_use]
    pub fn new(suite: &str) -> Self {
        Self { suite: suite.to_owned(), ..Self::default() }
    }

    /// Adds a number.
    pub fn push(
        &mut self,
        (dataset, slice, measure): (&str, &str, &str),
        texts: usize,
        value: f64,
        interval: Option<Interval>,
    ) {
        let (dataset, slice, measure) = (dataset.to_owned(), slice.to_owned(), measure.to_owned());
        self.lines.push(Line { dataset, slice, measure, texts, value, interval });
    }

    /// Adds which share of `whole` texts `part` of them are, with its interval.
    pub fn share(&mut self, of: (&str, &str, &str), part: usize, whole: usize) {
        self.push(of, whole, part as f64 / whole.max(1) as f64, Some(wilson(part as u64, whole as u64)));
    }

    /// The numbers as a table: a row for each slice, a column for each measure.
    #[must_use]
    pub fn table(&self) -> String {
        let mut measures: Vec<&str> = Vec::new();
        let mut rows: Vec<(&str, &str)> = Vec::new();
        for line in &self.lines {
            let row = (line.dataset.as_str(), line.slice.as_str());
            measures.extend((!measures.contains(&line.measure.as_str())).then_some(line.measure.as_str()));
            rows.extend((!rows.contains(&row)).then_some(row));
        }
        let mut text = format!("| data | slice | texts | {} |\n", measures.join(" | "));
        let _ = writeln!(text, "|---|---|---|{}", "---|".repeat(measures.len()));
        for (dataset, slice) in rows {
            let of = |measure: &str| {
                let mut lines = self.lines.iter();
                lines.find(|line| {
                    (line.dataset.as_str(), line.slice.as_str(), line.measure.as_str()) == (dataset, slice, measure)
                })
            };
            let texts = measures.iter().find_map(|measure| of(measure)).map_or(0, |line| line.texts);
            let cells: Vec<String> = measures.iter().map(|measure| of(measure).map_or(String::new(), cell)).collect();
            let _ = writeln!(text, "| {dataset} | {slice} | {texts} | {} |", cells.join(" | "));
        }
        text
    }

    /// The confusions as tables.
    #[must_use]
    pub fn confusion_tables(&self) -> String {
        let mut text = String::new();
        for Confusion { dataset, labels, counts } in &self.confusions {
            let _ = writeln!(text, "| {dataset}: is ↓ said → | {} |", labels.join(" | "));
            let _ = writeln!(text, "|---|{}", "---|".repeat(labels.len()));
            for (label, row) in labels.iter().zip(counts) {
                let row: Vec<String> = row.iter().map(usize::to_string).collect();
                let _ = writeln!(text, "| {label} | {} |", row.join(" | "));
            }
            text.push('\n');
        }
        text
    }

    /// The surest mistakes as a table.
    #[must_use]
    pub fn mistake_table(&self) -> String {
        let mut text = String::from("| data | id | is | said | sure |\n|---|---|---|---|---|\n");
        for Mistake { dataset, id, truth, said, sure } in &self.mistakes {
            let _ = writeln!(text, "| {dataset} | {id} | {truth} | {said} | {sure:.2} |");
        }
        text
    }
}

/// The number with its interval, for a table.
pub(super) fn cell(line: &Line) -> String {
    let interval = line.interval.map(|Interval { low, high }| format!(" ({low:.3}–{high:.3})"));
    format!("{:.3}{}", line.value, interval.unwrap_or_default())
}

impl Aim {
    /// Its line in the table of aims, if it was measured.
    #[must_use]
    pub fn row(&self, sections: &[Section]) -> Option<String> {
        let (_, dataset, slice, measure) = self.of;
        let line = find(sections, self.of)?;
        let (bound, held) = (self.bound, self.bound.held(line));
        Some(format!("| {dataset}, {slice}: {measure} | {} | {bound} | {held} | {} |", cell(line), self.others))
    }
}

impl Bound {
    /// Whether a number is what it has to be, for a table.
    pub(super) fn held(self, line: &Line) -> &'static str {
        let held = match self {
            Self::AtLeast(bound) => line.value >= bound,
            Self::AtMost(bound) => line.value <= bound,
            Self::SurelyAtLeast(bound) => line.interval.map_or(line.value, |it| it.low) >= bound,
        };
        if held { "yes" } else { "**no**" }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::SurelyAtLeast(bound) => write!(f, "surely ≥ {bound}"),
        }
    }
}

/// The line of this suite, dataset, slice and measure, if it was measured.
pub(super) fn find<'sections>(
    sections: &'sections [Section],
    (suite, dataset, slice, measure): (&str, &str, &str, &str),
) -> Option<&'sections Line> {
    let mut lines = sections.iter().filter(|section| section.suite == suite).flat_map(|section| &section.lines);
    lines.find(|line| line.dataset == dataset && line.slice == slice && line.measure == measure)
}

/// The measured aims as a table.
#[must_use]
pub fn aim_table(aims: &[Aim], sections: &[Section]) -> String {
    let mut text = String::from("| measure | measured (95 %) | aim | held | others |\n|---|---|---|---|---|\n");
    for row in aims.iter().filter_map(|aim| aim.row(sections)) {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section() -> Section {
        let mut section = Section::new("sentiment");
        section.push(("umsab", "ar", "macro-F1"), 870, 0.664, Some(Interval { low: 0.63, high: 0.69 }));
        section.push(("umsab", "ar", "ECE"), 870, 0.04, None);
        section.push(("ajgt", "ar", "macro-F1"), 360, 0.8, None);
        section
    }

    #[test]
    fn slices_are_rows_and_measures_columns() {
        insta::assert_snapshot!(section().table(), @r"
        | data | slice | texts | macro-F1 | ECE |
        |---|---|---|---|---|
        | umsab | ar | 870 | 0.664 (0.630–0.690) | 0.040 |
        | ajgt | ar | 360 | 0.800 |  |
        ");
    }

    #[test]
    fn aims_are_held_or_not_and_left_out_when_not_measured() {
        let of = ("sentiment", "umsab", "ar", "macro-F1");
        let aims = [
            Aim { of, bound: Bound::AtLeast(0.66), others: "0.6" },
            Aim { of, bound: Bound::SurelyAtLeast(0.66), others: "" },
            Aim { of: ("sentiment", "umsab", "ar", "ECE"), bound: Bound::AtMost(0.05), others: "" },
            Aim { of: ("routing", "umsab", "ar", "ECE"), bound: Bound::AtMost(0.05), others: "" },
        ];
        insta::assert_snapshot!(aim_table(&aims, &[section()]), @r"
        | measure | measured (95 %) | aim | held | others |
        |---|---|---|---|---|
        | umsab, ar: macro-F1 | 0.664 (0.630–0.690) | ≥ 0.66 | yes | 0.6 |
        | umsab, ar: macro-F1 | 0.664 (0.630–0.690) | surely ≥ 0.66 | **no** |  |
        | umsab, ar: ECE | 0.040 | ≤ 0.05 | yes |  |
        ");
    }
}
