//! The evidence sheet: numbered lines, each with the records behind it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::feedback::{FeedbackId, Language, SentimentLabel, names};
use crate::privacy::Text;
use crate::statistics::{Interval, wilson};

use super::Tongue;
use super::wording::statement;

/// Everything that a question may be answered with, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The language that its lines are written in.
    pub tongue: Tongue,
    /// Its lines; the first has number 1.
    pub lines: Vec<Line>,
    /// Records that were left out because they speak to a machine rather than to a company.
    pub set_aside: usize,
}

names! {
    /// What a line of evidence says.
    Kind, "kind of evidence", {
        /// How many customers it is about.
        Size = "size",
        /// What they speak of.
        Theme = "theme",
        /// What they complain of.
        Pain = "pain",
        /// What they ask for.
        Need = "need",
        /// What they reckon with.
        Expectation = "expectation",
        /// How they feel.
        Feeling = "feeling",
        /// Where they write.
        Channel = "channel",
        /// Which interaction they write about.
        Touchpoint = "touchpoint",
        /// What language they write in.
        Language = "language",
        /// What one of them wrote.
        Quote = "quote",
    }
}

/// A line of evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it says.
    pub kind: Kind,
    /// It, as a sentence in the sheet's language; of a quote the masked words of the record.
    pub text: String,
    /// How many of how many, where it counts something.
    pub counted: Option<Counted>,
    /// The records behind it, most telling first.
    pub records: Vec<Record>,
    /// Where its text lies among texts, at unit length; empty if nobody asked the model.
    pub place: Vec<f32>,
}

/// A part of a whole, with the interval that 95 of 100 such samples would give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counted {
    /// The part.
    pub n: u64,
    /// The whole, at least the part.
    pub of: u64,
    /// Wilson's interval of the share, 0 to 1.
    pub interval: Interval,
}

/// A record behind a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: FeedbackId,
    /// Its masked text.
    pub text: Text,
    /// What it is written in.
    pub language: Language,
    /// How it feels, where that is known.
    pub feeling: Option<SentimentLabel>,
    /// Where it lies among texts, at unit length.
    pub place: Vec<f32>,
}

impl Counted {
    /// `n` of `of`.
    #[must_use]
    pub fn new(n: u64, of: u64) -> Self {
        let of = of.max(n);
        Self { n, of, interval: wilson(n, of) }
    }

    /// The share, 0 to 1; 0 of nothing.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.of == 0 { 0.0 } else { self.n as f64 / self.of as f64 }
    }

    /// The share and the ends of its interval in whole percent, as they are written.
    #[must_use]
    pub fn percents(&self) -> [f64; 3] {
        [self.share(), self.interval.low, self.interval.high].map(|share| (share * 100.0).round())
    }
}

impl Line {
    /// A line that counts: what is counted is called `name` in the sheet's language.
    #[must_use]
    pub fn counting(tongue: Tongue, kind: Kind, name: &str, counted: Counted, records: Vec<Record>) -> Self {
        let text = statement(tongue, kind, name, &counted);
        Self { kind, text, counted: Some(counted), records, place: Vec::new() }
    }

    /// A line that quotes a record.
    #[must_use]
    pub fn quoting(record: Record) -> Self {
        Self {
            kind: Kind::Quote,
            text: record.text.as_str().to_owned(),
            counted: None,
            place: record.place.clone(),
            records: vec![record],
        }
    }

    /// Its words and those of its records: all that a sentence may repeat of it.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.records.iter().map(|record| record.text.as_str()))
    }

    /// Where it and its records lie.
    pub(super) fn places(&self) -> impl Iterator<Item = &[f32]> {
        let records = self.records.iter().map(|record| record.place.as_slice());
        std::iter::once(self.place.as_slice()).chain(records).filter(|place| !place.is_empty())
    }
}

impl Sheet {
    /// The line with this number, the first being 1.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<&Line> {
        number.checked_sub(1).and_then(|index| self.lines.get(index))
    }
}
