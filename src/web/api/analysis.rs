//! What the models and rules said of a text, as the API shows it.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::{Abstained, Dialect, Direction, HandoverReason, Level, Priority, SentimentLabel, TriggerKind};
use crate::feedback;

/// What the models and rules said of one text.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Analysis)]
pub struct AnalysisView {
    /// ISO 639-1 code, `und` if it can't be told.
    #[schema(example = "ar")]
    language: String,
    direction: Direction,
    /// Null if it isn't Arabic or can't be told.
    #[schema(required)]
    dialect: Option<Dialect>,
    sentiment: SentimentView,
    urgency: UrgencyView,
    route: RouteView,
    /// Whether a chatbot must hand over to a person.
    handover: bool,
    /// Why it must; null if it need not.
    #[schema(required)]
    handover_reason: Option<HandoverReason>,
    /// The answers that would be guesses; leave them to a person.
    abstained: Vec<Abstained>,
    /// The nearest theme; null if none is near enough.
    #[schema(required)]
    theme: Option<ThemeMatchView>,
    /// What else a stored text says: other themes and the words that speak of them, in the order of the text.
    mentions: Vec<MentionView>,
    /// Whether the end of the text was not read.
    truncated: bool,
    /// How many windows of the model's length the text took.
    windows: u16,
    model: ModelView,
}

/// How a text feels.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Sentiment)]
struct SentimentView {
    label: SentimentLabel,
    /// From −1 (unhappy) to 1 (happy).
    score: f64,
    probabilities: ProbabilitiesView,
}

/// Calibrated probabilities of the three poles.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SentimentProbabilities)]
struct ProbabilitiesView {
    /// 0 to 1.
    negative: f64,
    /// 0 to 1.
    neutral: f64,
    /// 0 to 1.
    positive: f64,
}

/// How soon somebody must act, and what makes it so.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Urgency)]
struct UrgencyView {
    priority: Priority,
    impact: Level,
    urgency: Level,
    /// Probability that this needs somebody at once, 0 to 1.
    probability: f64,
    /// What raised the priority, with the words that show it.
    triggers: Vec<TriggerView>,
}

/// A circumstance that raises a priority, and the words that show it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Trigger)]
pub struct TriggerView {
    kind: TriggerKind,
    span: SpanView,
    /// The words there.
    text: String,
    /// 0 to 1.
    probability: f64,
}

/// A stretch of a text, counted in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Span)]
struct SpanView {
    /// First character, from 0.
    start: usize,
    /// One past the last character.
    end: usize,
}

/// Where a case goes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Route)]
struct RouteView {
    /// The queue's name.
    queue: String,
    /// 0 to 1.
    probability: f64,
    /// The next best, best first.
    alternatives: Vec<RouteOptionView>,
}

/// A queue that was not chosen.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = RouteOption)]
struct RouteOptionView {
    /// The queue's name.
    queue: String,
    /// 0 to 1.
    probability: f64,
}

/// The nearest theme.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ThemeMatch)]
struct ThemeMatchView {
    id: Uuid,
    /// Its title in the text's language.
    title: String,
    /// Cosine similarity to its centre, −1 to 1.
    similarity: f64,
}

/// A stretch of a text that speaks of another theme than the text's own.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Mention)]
struct MentionView {
    /// The theme's id.
    theme: Uuid,
    /// Its title in the text's language.
    title: String,
    span: SpanView,
    /// The words there.
    text: String,
    /// Cosine similarity of the words to the theme's centre, −1 to 1.
    similarity: f64,
}

/// Which model spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Model)]
pub struct ModelView {
    name: String,
    /// SHA-256 over weights, tokenizer and heads, in hexadecimal.
    digest: String,
}

/// Four decimals: more would be noise, and differ between an item alone and in a batch.
pub fn rounded(value: f32) -> f64 {
    (f64::from(value) * 10_000.0).round() / 10_000.0
}

impl From<&feedback::Analysis> for AnalysisView {
    fn from(analysis: &feedback::Analysis) -> Self {
        Self {
            language: analysis.language.code().to_owned(),
            direction: Direction(analysis.direction),
            dialect: analysis.dialect.map(Dialect),
            sentiment: SentimentView::from(&analysis.sentiment),
            urgency: UrgencyView::from(&analysis.urgency),
            route: RouteView::from(&analysis.route),
            handover: analysis.handover.needed,
            handover_reason: analysis.handover.reason.map(HandoverReason),
            abstained: analysis.abstained.iter().copied().map(Abstained).collect(),
            theme: analysis.theme.as_ref().map(ThemeMatchView::from),
            mentions: analysis.mentions.iter().map(MentionView::from).collect(),
            truncated: analysis.truncated,
            windows: analysis.windows,
            model: ModelView::from(&analysis.model),
        }
    }
}

impl From<feedback::Analysis> for AnalysisView {
    fn from(analysis: feedback::Analysis) -> Self {
        Self::from(&analysis)
    }
}

impl From<&feedback::Sentiment> for SentimentView {
    fn from(sentiment: &feedback::Sentiment) -> Self {
        let feedback::SentimentProbabilities { negative, neutral, positive } = sentiment.probabilities;
        Self {
            label: SentimentLabel(sentiment.label),
            score: rounded(sentiment.score),
            probabilities: ProbabilitiesView {
                negative: rounded(negative),
                neutral: rounded(neutral),
                positive: rounded(positive),
            },
        }
    }
}

impl From<&feedback::Urgency> for UrgencyView {
    fn from(urgency: &feedback::Urgency) -> Self {
        Self {
            priority: Priority(urgency.priority),
            impact: Level(urgency.impact),
            urgency: Level(urgency.urgency),
            probability: rounded(urgency.probability),
            triggers: urgency.triggers.iter().map(TriggerView::from).collect(),
        }
    }
}

impl From<&feedback::Trigger> for TriggerView {
    fn from(trigger: &feedback::Trigger) -> Self {
        Self {
            kind: TriggerKind(trigger.kind),
            span: SpanView { start: trigger.span.start, end: trigger.span.end },
            text: trigger.text.clone(),
            probability: rounded(trigger.probability),
        }
    }
}

impl From<&feedback::Route> for RouteView {
    fn from(route: &feedback::Route) -> Self {
        let alternatives = route
            .alternatives
            .iter()
            .map(|option| RouteOptionView { queue: option.queue.clone(), probability: rounded(option.probability) });
        Self {
            queue: route.queue.clone(),
            probability: rounded(route.probability),
            alternatives: alternatives.collect(),
        }
    }
}

impl From<&feedback::ThemeMatch> for ThemeMatchView {
    fn from(theme: &feedback::ThemeMatch) -> Self {
        Self { id: theme.id, title: theme.title.clone(), similarity: rounded(theme.similarity) }
    }
}

impl From<&feedback::ThemeMention> for MentionView {
    fn from(mention: &feedback::ThemeMention) -> Self {
        Self {
            theme: mention.theme,
            title: mention.title.clone(),
            span: SpanView { start: mention.span.start, end: mention.span.end },
            text: mention.text.clone(),
            similarity: rounded(mention.similarity),
        }
    }
}

impl From<&feedback::ModelInfo> for ModelView {
    fn from(model: &feedback::ModelInfo) -> Self {
        Self { name: model.name.clone(), digest: model.digest.clone() }
    }
}

impl AnalysisView {
    /// What is said of «فيه أحد يستخدم حسابي», as an example.
    pub fn sample() -> Self {
        Self {
            language: "ar".to_owned(),
            direction: Direction(feedback::Direction::Rtl),
            dialect: Some(Dialect(feedback::Dialect::Gulf)),
            sentiment: SentimentView {
                label: SentimentLabel(feedback::SentimentLabel::Negative),
                score: -0.61,
                probabilities: ProbabilitiesView { negative: 0.71, neutral: 0.19, positive: 0.1 },
            },
            urgency: UrgencyView {
                priority: Priority(feedback::Priority::P1),
                impact: Level(feedback::Level::High),
                urgency: Level(feedback::Level::High),
                probability: 0.94,
                triggers: vec![TriggerView::sample()],
            },
            route: RouteView {
                queue: "fraud".to_owned(),
                probability: 0.88,
                alternatives: vec![RouteOptionView { queue: "accounts".to_owned(), probability: 0.07 }],
            },
            handover: true,
            handover_reason: Some(HandoverReason(feedback::HandoverReason::TopPriority)),
            abstained: Vec::new(),
            theme: None,
            mentions: Vec::new(),
            truncated: false,
            windows: 1,
            model: ModelView::sample(),
        }
    }
}

impl TriggerView {
    /// An account taken over, as an example.
    pub fn sample() -> Self {
        Self {
            kind: TriggerKind(feedback::TriggerKind::Fraud),
            span: SpanView { start: 0, end: 20 },
            text: "فيه أحد يستخدم حسابي".to_owned(),
            probability: 0.94,
        }
    }
}

impl ModelView {
    /// Some model, as an example.
    pub fn sample() -> Self {
        Self { name: "multilingual-e5-small".to_owned(), digest: "9f86d081884c7d65".repeat(4) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_decimals_and_the_sample_spans_its_text() {
        assert_eq!(serde_json::json!([rounded(0.123_456), rounded(-1.0)]).to_string(), "[0.1235,-1.0]");
        let sample = TriggerView::sample();
        assert_eq!(sample.span.end, sample.text.chars().count());
    }
}
