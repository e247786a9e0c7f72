//! Values that the contract tests store: real sentences, every optional field there or not.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sada::feedback::{
    Abstained, Analysis, Channel, Dialect, Direction, Feedback, FeedbackId, Handover, HandoverReason, Language, Level,
    ModelInfo, Origin, Priority, Rating, RatingMethod, Route, RouteOption, Sentiment, SentimentLabel,
    SentimentProbabilities, SourceKind, Span, ThemeMatch, Trigger, TriggerKind, Urgency,
};
use sada::privacy::Text;
use sada::themes::{Centre, Marks, Theme};
use sada::triage::ticket::{Status, Ticket};
use serde_json::json;
use uuid::Uuid;

/// Gulf, Egyptian, Levantine, Maghrebi, MSA, Arabizi, mixed scripts, Arabic-Indic digits, tatweel, diacritics, emoji.
pub(crate) const TEXTS: [&str; 11] = [
    "فيه أحد يستخدم حسابي وسحب مني ٥٠٠ ريال",
    "التطبيق ده بيقفل لوحده كل شوية ومحدش بيرد",
    "شو هالخدمة، صرلي ساعتين ناطر المندوب",
    "مادرتهاش أنا هاد العملية، عافاك شوفو معايا",
    "أودّ أن أشكرَ فريقَكم على حُسنِ التعامل",
    "el mandoub et2akhar tany w ma7adesh byrod",
    "ال app وقف after the update 😡",
    "الخـــــدمـــة مـــمـــتـــازة",
    "رمز الطلب [order] والرقم [phone]",
    "The courier left it at the wrong branch 👍🏽👨‍👩‍👧",
    "\u{202B}نص باتجاهين\u{202C} \"quotes\" \\ ' ; -- %_",
];

/// 2026-03-02T08:00:00.123Z, a Monday.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_772_438_400_123).expect("in range")
}

pub(crate) fn after(seconds: i64) -> DateTime<Utc> {
    start() + TimeDelta::seconds(seconds)
}

/// An id that sorts like its number.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | number)
}

/// The `number`th feedback: those of odd numbers have nothing that is optional.
pub(crate) fn feedback(number: usize) -> Feedback {
    let full = number.is_multiple_of(2);
    let text = TEXTS[number % TEXTS.len()];
    let seconds = i64::try_from(number).expect("small");
    Feedback {
        id: FeedbackId(id(number as u128)),
        text: Text::stored(text.to_owned()),
        question: full.then(|| Text::stored("كيف كانت تجربتك؟".to_owned())),
        rating: full.then(|| Rating::new(RatingMethod::Nps, 3).expect("in range")),
        origin: Origin {
            source: "نظام-1".to_owned(),
            external_id: full.then(|| format!("طلب-{number}")),
            channel: if full { Channel::Chat } else { Channel::AppReview },
            source_kind: SourceKind::Indirect,
            touchpoint: full.then(|| "الدفع".to_owned().try_into().expect("short")),
            customer: full.then(|| format!("c-{}", number % 6).try_into().expect("short")),
            collected_at: after(seconds * 86_400),
            metadata: match full {
                true => BTreeMap::from([("app".to_owned(), json!({ "v": "4.2", "نوع": [1, 2.5, null, "\u{0}"] }))]),
                false => BTreeMap::new(),
            },
        },
        received_at: after(seconds),
        analysis: None,
    }
}

/// An analysis with every field used and floats that have no short decimal form.
pub(crate) fn analysis(sentiment: SentimentLabel, priority: Priority, queue: &str) -> Analysis {
    Analysis {
        language: Language::arabic(),
        direction: Direction::Rtl,
        dialect: Some(Dialect::Gulf),
        sentiment: Sentiment {
            label: sentiment,
            score: -0.1,
            probabilities: SentimentProbabilities { negative: 1.0 / 3.0, neutral: f32::MIN_POSITIVE, positive: 0.7 },
        },
        urgency: Urgency {
            priority,
            impact: Level::High,
            urgency: Level::Medium,
            probability: 0.123_456_79,
            triggers: vec![trigger()],
        },
        route: Route {
            queue: queue.to_owned(),
            probability: 0.9,
            alternatives: vec![RouteOption { queue: "عام".to_owned(), probability: 0.1 }],
        },
        handover: Handover { needed: true, reason: Some(HandoverReason::TopPriority) },
        abstained: vec![Abstained::Route],
        theme: None,
        mentions: Vec::new(),
        truncated: false,
        windows: 1,
        model: ModelInfo { name: "small".to_owned(), digest: "ab12".to_owned() },
    }
}

pub(crate) fn trigger() -> Trigger {
    Trigger {
        kind: TriggerKind::Fraud,
        span: Span { start: 0, end: 20 },
        text: "فيه أحد يستخدم حسابي".to_owned(),
        probability: 0.97,
    }
}

pub(crate) fn theme_match(theme: Uuid, similarity: f32) -> Option<ThemeMatch> {
    Some(ThemeMatch { id: theme, title: "as it was then".to_owned(), similarity })
}

pub(crate) fn theme(number: u128) -> Theme {
    Theme {
        id: id(number),
        titles: BTreeMap::from([
            (Language::arabic(), format!("تأخر التوصيل {number}")),
            (Language::english(), format!("late delivery {number}")),
        ]),
        keywords: BTreeMap::from([(Language::arabic(), vec!["مندوب".to_owned(), "تأخير".to_owned()])]),
        centre: Centre { probe: vec![0.1, -1.0 / 3.0, 1e-30, 0.7], touchpoints: BTreeMap::new(), reach: Some(0.1) },
        examples: vec![FeedbackId(id(1)), FeedbackId(id(2))],
        size: 7,
        created_at: start(),
        updated_at: after(60),
        marks: Marks { pinned: number.is_multiple_of(2), hidden: false },
    }
}

/// The ticket that the `number`th feedback of `customer` would open.
pub(crate) fn ticket(number: usize, customer: Option<&str>, priority: Priority, queue: &str) -> Ticket {
    let seconds = i64::try_from(number).expect("small");
    Ticket {
        id: id(0x7000 + number as u128),
        feedback_id: FeedbackId(id(number as u128)),
        attached: Vec::new(),
        customer: customer.map(|customer| customer.to_owned().try_into().expect("short")),
        priority,
        queue: queue.to_owned(),
        triggers: vec![trigger()],
        status: Status::Open,
        first_reply_due: after(900 + seconds),
        resolution_due: after(14_400 + seconds),
        created_at: after(seconds),
        updated_at: after(seconds),
        incident: None,
    }
}
