//! The gaps of a journey as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::journey::{ByLanguage, in_both, words};
use super::journey_actual::{Counted, ShareView, Thinks, sample_counted, sample_theme};
use super::score::{path, rounded};
use crate::feedback;
use crate::journeys::{self, Share};
use crate::pipeline::FeedbackFilter;
use crate::pipeline::journey::{Actual, GapStory};

/// A step that is worse than it should be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyGap)]
struct GapView {
    /// The step's id.
    #[schema(example = "delivery")]
    step: String,
    /// The step's title by language code.
    title: ByLanguage,
    /// Volume times severity; gaps are ranked by it.
    weight: f64,
    /// How bad it is at least, 0 to 1: the weighted mean of the lower bounds of the shares of unhappy records (0.5),
    /// urgent ones (0.3) and low ratings (0.2, left out where nobody rated).
    severity: f64,
    /// How many records are on the step.
    volume: u64,
    /// Unhappy records; more of them than the ideal tolerates, with 95 % confidence.
    negative: Counted,
    /// Up to which share the ideal tolerates them, 0 to 1.
    tolerated: f64,
    /// Records of priority P1 or P2.
    urgent: ShareView,
    /// Of those that came with a rating, those with a low one; null if none did.
    #[schema(required)]
    low_ratings: Option<ShareView>,
    /// What the unhappy records are about.
    themes: Vec<Thinks>,
    /// Ids of unhappy records, the most urgent first.
    evidence: Vec<Uuid>,
    /// The path that lists the step's records.
    records: String,
}

/// Gaps, the heaviest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyGaps)]
pub struct GapsView {
    items: Vec<GapView>,
}

impl From<Actual> for GapsView {
    fn from(actual: Actual) -> Self {
        let items = actual.gaps.iter().filter_map(|story| GapView::new(story, &actual)).collect();
        Self { items }
    }
}

impl GapView {
    fn new(story: &GapStory, actual: &Actual) -> Option<Self> {
        let (gap, step) = (&story.gap, actual.journey.ideal.steps.get(story.gap.step)?);
        let unhappy = || FeedbackFilter { sentiment: Some(feedback::SentimentLabel::Negative), ..story.filter.clone() };
        Some(Self {
            step: step.id.to_string(),
            title: words(&step.title),
            weight: rounded(gap.weight, 4),
            severity: rounded(gap.severity, 4),
            volume: gap.volume,
            negative: Counted::new(&gap.negative, &unhappy()),
            tolerated: step.tolerated,
            urgent: (&gap.urgent).into(),
            low_ratings: gap.low_ratings.as_ref().map(ShareView::from),
            themes: gap.themes.iter().map(|told| Thinks::new(told, unhappy(), actual)).collect(),
            evidence: gap.evidence.iter().map(|id| id.0).collect(),
            records: path("feedback", &story.filter),
        })
    }
}

impl GapsView {
    /// One gap, as an example.
    pub fn sample() -> Self {
        let gap = GapView {
            step: "delivery".to_owned(),
            title: in_both("التوصيل", "Delivery"),
            weight: 120.1,
            severity: 0.3977,
            volume: 302,
            negative: sample_counted(189, 302),
            tolerated: journeys::TOLERATED,
            urgent: (&Share::of(60, 302)).into(),
            low_ratings: Some((&Share::of(70, 120)).into()),
            themes: vec![sample_theme(84, 189)],
            evidence: vec![super::sample_id()],
            records: "/v1/feedback?journey=shop&step=delivery".to_owned(),
        };
        Self { items: vec![gap] }
    }
}
