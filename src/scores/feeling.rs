//! A text's own sentiment beside the rating that came with it, and where the two disagree.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Class;
use crate::feedback::{Rating, RatingMethod, Sentiment, SentimentLabel, names};

/// How strong a text's sentiment must be to contradict its rating: the least distance of its score from nought, 0 to 1.
pub const STRONG: f32 = 0.6;

names! {
    /// How a text and its rating contradict each other.
    Disagreement, "disagreement", {
        /// A high rating with a very negative text: politeness, sarcasm, or a scale that was read upside down.
        HighRatingNegativeText = "high_rating_negative_text",
        /// A low rating with a very positive text: a slip, or a scale that was read upside down.
        LowRatingPositiveText = "low_rating_positive_text",
    }
}

/// What a rating says by itself: positive, neutral or negative, by its method's classes.
#[must_use]
pub fn feeling(rating: Rating) -> SentimentLabel {
    let classes = Class::of(rating.method());
    let class = classes.iter().find(|class| class.holds(rating.value()));
    class.map_or(SentimentLabel::Neutral, |class| class.feeling)
}

/// How the text's sentiment contradicts the rating, if it does and is strong.
#[must_use]
pub fn disagreement(rating: Rating, sentiment: &Sentiment) -> Option<Disagreement> {
    if sentiment.score.abs() < STRONG {
        return None;
    }
    match (feeling(rating), sentiment.label) {
        (SentimentLabel::Positive, SentimentLabel::Negative) => Some(Disagreement::HighRatingNegativeText),
        (SentimentLabel::Negative, SentimentLabel::Positive) => Some(Disagreement::LowRatingPositiveText),
        _ => None,
    }
}

/// One kind of contradiction, in terms that a database can look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The ratings in question.
    pub ratings: Class,
    /// How they were asked for.
    pub method: RatingMethod,
    /// The texts' sentiment, at least [`STRONG`].
    pub sentiment: SentimentLabel,
}

impl Clash {
    /// Both kinds, for each of these methods.
    pub fn of(methods: &[RatingMethod]) -> impl Iterator<Item = Self> {
        methods.iter().flat_map(|method| {
            let [best, _, worst] = Class::of(*method);
            let clash = |ratings, sentiment| Self { ratings, method: *method, sentiment };
            [clash(best, SentimentLabel::Negative), clash(worst, SentimentLabel::Positive)]
        })
    }
}
