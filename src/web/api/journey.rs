//! An ideal journey as the API shows it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::journeys::{self, Words};
use crate::pipeline::journey::Journey;

/// Words by language code.
pub(super) type ByLanguage = BTreeMap<String, String>;

/// A journey as it should be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Journey)]
pub struct JourneyView {
    #[schema(example = "shop")]
    id: String,
    /// By language code.
    title: ByLanguage,
    /// In order.
    steps: Vec<IdealStep>,
    /// Whether one comes along under this id.
    built_in: bool,
    /// Who wrote it, a token's or a person's name; null if it is as it came along.
    #[schema(required)]
    author: Option<String>,
    /// When it was written; null if it is as it came along.
    #[schema(required)]
    changed_at: Option<DateTime<Utc>>,
    /// The file that says all this, to be changed and sent back.
    #[schema(example = "title = { en = \"Shopping online\" }\n\n[[step]]\nid = \"delivery\"\n…")]
    toml: String,
}

/// A step as it should be; words by language code, empty where the file has none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JourneyStep)]
struct IdealStep {
    id: String,
    title: ByLanguage,
    /// Records with one of these fall on it.
    touchpoints: Vec<String>,
    /// Records near to this in meaning do, too, if their touchpoint is no step's.
    description: ByLanguage,
    examples: Vec<String>,
    /// What the customer should expect.
    expects: ByLanguage,
    /// What the customer should think.
    thinks: ByLanguage,
    /// What the customer should feel.
    feels: ByLanguage,
    /// Up to which share of unhappy records the step is as it should be, 0 to 1.
    tolerated: f64,
}

/// In every language.
pub(super) fn words(words: &Words) -> ByLanguage {
    words.each().map(|(language, words)| (language.code().to_owned(), words.to_owned())).collect()
}

impl From<&journeys::Step> for IdealStep {
    fn from(step: &journeys::Step) -> Self {
        let answer = |answer: &Option<Words>| answer.as_ref().map(words).unwrap_or_default();
        Self {
            id: step.id.to_string(),
            title: words(&step.title),
            touchpoints: step.touchpoints.iter().map(ToString::to_string).collect(),
            description: answer(&step.description),
            examples: step.examples.clone(),
            expects: answer(&step.expects),
            thinks: answer(&step.thinks),
            feels: answer(&step.feels),
            tolerated: step.tolerated,
        }
    }
}

impl From<Journey> for JourneyView {
    fn from(journey: Journey) -> Self {
        let (author, changed_at) = journey.written.unzip();
        Self {
            id: journey.id.to_string(),
            title: words(&journey.ideal.title),
            steps: journey.ideal.steps.iter().map(IdealStep::from).collect(),
            built_in: journey.built_in,
            author,
            changed_at,
            toml: journey.toml,
        }
    }
}

/// Words in both languages, as an example.
pub(super) fn in_both(ar: &str, en: &str) -> ByLanguage {
    [("ar", ar), ("en", en)].map(|(language, words)| (language.to_owned(), words.to_owned())).into()
}

impl JourneyView {
    /// A short journey, as an example.
    pub fn sample() -> Self {
        let step = IdealStep {
            id: "delivery".to_owned(),
            title: in_both("التوصيل", "Delivery"),
            touchpoints: vec!["delivery".to_owned(), "المندوب".to_owned()],
            description: ByLanguage::new(),
            examples: vec!["الطلب تأخر ساعتين".to_owned()],
            expects: in_both("الطلب في موعده", "Everything on time"),
            thinks: in_both("وعدوا فأوفوا", "They keep their word"),
            feels: in_both("سرور", "Pleased"),
            tolerated: journeys::TOLERATED,
        };
        Self {
            id: "shop".to_owned(),
            title: in_both("التسوّق", "Shopping"),
            steps: vec![step],
            built_in: true,
            author: Some("cx-team".to_owned()),
            changed_at: Some(super::sample_time()),
            toml: super::journeys::SAMPLE.to_owned(),
        }
    }
}
