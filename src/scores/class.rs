//! The classes that each method sorts its ratings into.

use crate::feedback::{RatingMethod, SentimentLabel};

/// Ratings that a method calls by one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// The method's own word for those who gave them.
    pub name: &'static str,
    /// The lowest rating in it.
    pub low: u8,
    /// The highest rating in it.
    pub high: u8,
    /// What such a rating says by itself: positive, neutral or negative.
    pub feeling: SentimentLabel,
}

impl Class {
    /// The three classes of a method, best first; together they hold every rating that it allows, each once.
    #[must_use]
    pub const fn of(method: RatingMethod) -> [Self; 3] {
        match method {
            RatingMethod::Nps => three(["promoters", "passives", "detractors"], [(9, 10), (7, 8), (0, 6)]),
            RatingMethod::Csat | RatingMethod::Stars => {
                three(["satisfied", "neutral", "dissatisfied"], [(4, 5), (3, 3), (1, 2)])
            }
            RatingMethod::Ces => three(["easy", "neutral", "difficult"], [(5, 7), (4, 4), (1, 3)]),
        }
    }

    /// Whether this rating is in it.
    #[must_use]
    pub const fn holds(&self, value: u8) -> bool {
        self.low <= value && value <= self.high
    }
}

const fn three(names: [&'static str; 3], ranges: [(u8, u8); 3]) -> [Class; 3] {
    let feelings = [SentimentLabel::Positive, SentimentLabel::Neutral, SentimentLabel::Negative];
    let mut classes = [Class { name: "", low: 0, high: 0, feeling: SentimentLabel::Neutral }; 3];
    let mut at = 0;
    while at < 3 {
        classes[at] = Class { name: names[at], low: ranges[at].0, high: ranges[at].1, feeling: feelings[at] };
        at += 1;
    }
    classes
}
