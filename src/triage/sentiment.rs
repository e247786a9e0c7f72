//! How a text feels: the model's poles, both if both are there, and what prayers and mockery really mean.

use super::phrases::Findings;
use super::settings::SentimentSettings;
use crate::feedback::{Reading, Sentiment, SentimentLabel, SentimentProbabilities};

/// The feeling of a whole text.
///
/// A prayer of the wronged or praise that mocks speaks for the whole text, so it leaves nothing mixed.
pub(super) fn sentiment(whole: &Reading, findings: &Findings, settings: &SentimentSettings) -> Sentiment {
    let wronged = findings.prayer.is_some() || findings.sarcasm.is_some();
    let probabilities = if wronged { embittered(whole.sentiment, settings.shift) } else { whole.sentiment };
    let label =
        if !wronged && whole.mixed >= settings.mixed { SentimentLabel::Mixed } else { most_likely(&probabilities) };
    Sentiment { label, score: probabilities.positive - probabilities.negative, probabilities }
}

/// Whether the model knows well enough how the text feels.
pub(super) fn is_clear(sentiment: &Sentiment, settings: &SentimentSettings) -> bool {
    let SentimentProbabilities { negative, neutral, positive } = sentiment.probabilities;
    sentiment.label == SentimentLabel::Mixed || negative.max(neutral).max(positive) >= settings.least
}

fn embittered(from: SentimentProbabilities, shift: f32) -> SentimentProbabilities {
    let kept = 1.0 - shift.clamp(0.0, 1.0);
    let (neutral, positive) = (from.neutral * kept, from.positive * kept);
    SentimentProbabilities { negative: 1.0 - neutral - positive, neutral, positive }
}

/// Of equals the unhappier one, because a complaint that is missed costs more.
fn most_likely(probabilities: &SentimentProbabilities) -> SentimentLabel {
    let SentimentProbabilities { negative, neutral, positive } = *probabilities;
    if negative >= neutral && negative >= positive {
        SentimentLabel::Negative
    } else if neutral >= positive {
        SentimentLabel::Neutral
    } else {
        SentimentLabel::Positive
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{LevelProbabilities, Span};

    const fn poles(negative: f32, neutral: f32, positive: f32) -> SentimentProbabilities {
        SentimentProbabilities { negative, neutral, positive }
    }

    fn read(sentiment: SentimentProbabilities, mixed: f32) -> Reading {
        let level = LevelProbabilities { low: 1.0, medium: 0.0, high: 0.0 };
        Reading { sentiment, mixed, impact: level, urgency: level, triggers: vec![], first: 0.0 }
    }

    #[test]
    fn labels_follow_the_poles_and_both_make_it_mixed() {
        let (bad, dull, good) = (poles(0.8, 0.1, 0.1), poles(0.1, 0.8, 0.1), poles(0.1, 0.1, 0.8));
        let settings = SentimentSettings::default();
        let prayer = Findings { prayer: Some(Span { start: 0, end: 1 }), ..Findings::default() };
        for (whole, mixed, findings, expected) in [
            (bad, 0.1, Findings::default(), SentimentLabel::Negative),
            (dull, 0.3, Findings::default(), SentimentLabel::Neutral),
            (good, 0.0, Findings::default(), SentimentLabel::Positive),
            (bad, 0.6, Findings::default(), SentimentLabel::Mixed),
            (good, 0.9, prayer.clone(), SentimentLabel::Negative),
            (poles(0.5, 0.0, 0.5), 0.4, Findings::default(), SentimentLabel::Negative),
        ] {
            let found = sentiment(&read(whole, mixed), &findings, &settings);
            assert_eq!(found.label, expected, "{whole:?}");
            assert!((found.score - (found.probabilities.positive - found.probabilities.negative)).abs() < 1e-6);
        }
    }

    #[test]
    fn embittered_poles_still_sum_to_one() {
        let after = embittered(poles(0.05, 0.15, 0.8), 0.85);
        assert!((after.negative + after.neutral + after.positive - 1.0).abs() < 1e-6);
        assert!(after.negative > 0.8);
    }

    #[test]
    fn an_even_split_is_not_clear() {
        let settings = SentimentSettings::default();
        let label = |whole| sentiment(&read(whole, 0.0), &Findings::default(), &settings);
        assert!(!is_clear(&label(poles(0.34, 0.33, 0.33)), &settings));
        assert!(is_clear(&label(poles(0.5, 0.3, 0.2)), &settings));
    }
}
