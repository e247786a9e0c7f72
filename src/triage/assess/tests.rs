//! From readings to analyses: what the heads feel, what phrases say, and what both leave open.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::feedback::{
    HandoverReason, Language, LevelProbabilities, ModelInfo, Segment, SentimentLabel, SentimentProbabilities, Span,
};

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let queue = |name: &str, place: [f32; 2], specialist_for: Vec<TriggerKind>| QueueProfile {
        name: name.to_owned(),
        places: vec![place.to_vec()],
        specialist_for,
    };
    let security = queue("security", [0.0, 1.0], vec![TriggerKind::Fraud, TriggerKind::Privacy]);
    Rules::new(Settings::default(), vec![queue("general", [1.0, 0.0], vec![]), security])
});

const CALM: LevelProbabilities = LevelProbabilities { low: 0.8, medium: 0.15, high: 0.05 };
const GRAVE: LevelProbabilities = LevelProbabilities { low: 0.05, medium: 0.15, high: 0.8 };
const TENSE: LevelProbabilities = LevelProbabilities { low: 0.1, medium: 0.4, high: 0.5 };

/// A reading in which nothing stands out.
fn quiet() -> Reading {
    Reading {
        sentiment: SentimentProbabilities { negative: 0.2, neutral: 0.6, positive: 0.2 },
        mixed: 0.0,
        impact: CALM,
        urgency: CALM,
        triggers: vec![0.01; TriggerKind::ALL.len()],
        first: 0.01,
    }
}

/// What a model that sees nothing special says of `text`.
pub(in crate::triage) fn understanding(text: &str) -> Understanding {
    let span = Span { start: 0, end: text.chars().count() };
    Understanding {
        language: Language::arabic(),
        dialect: None,
        supported: 0.99,
        place: vec![1.0, 0.0],
        whole: quiet(),
        segments: vec![Segment { span, place: vec![1.0, 0.0], reading: quiet() }],
        windows: 1,
        truncated: false,
        model: ModelInfo { name: "test".to_owned(), digest: "0".to_owned() },
    }
}

fn assessed(text: &str, change: impl FnOnce(&mut Understanding)) -> Analysis {
    let mut understanding = understanding(text);
    change(&mut understanding);
    assess(&Text::stored(text.to_owned()), &understanding, &RULES, &Lessons::default())
}

fn feel(reading: &mut Reading, kind: TriggerKind, probability: f32) {
    let index = TriggerKind::ALL.iter().position(|each| *each == kind).expect("every kind has a place");
    reading.triggers[index] = probability;
}

#[test]
fn calm_fraud_is_p1_and_angry_trivia_is_not() {
    let fraud = assessed("فيه أحد يستخدم حسابي", |_| ());
    assert_eq!(fraud.urgency.priority, Priority::P1);
    assert_eq!(fraud.urgency.triggers[0].text, "أحد يستخدم حسابي");
    assert_eq!(fraud.route.queue, "security");
    assert_eq!(fraud.handover.reason, Some(HandoverReason::TopPriority));
    assert!(fraud.urgency.probability >= RULES.settings.urgency.phrase_precision);

    let angry = assessed("الخدمة زفت والموظف قليل أدب", |understanding| {
        understanding.whole.sentiment = SentimentProbabilities { negative: 0.98, neutral: 0.01, positive: 0.01 };
        understanding.whole.impact = TENSE;
        understanding.whole.urgency = TENSE;
    });
    assert_eq!(angry.urgency.priority, Priority::P2);
    assert_eq!(angry.sentiment.label, SentimentLabel::Negative);
    assert_eq!(angry.urgency.triggers, []);
}

#[test]
fn what_is_clearly_grave_needs_no_trigger() {
    let outage = assessed("الحي كله بلا ماء", |understanding| {
        understanding.whole.impact = GRAVE;
        understanding.whole.urgency = GRAVE;
    });
    assert_eq!(outage.urgency.priority, Priority::P1);
}

#[test]
fn the_model_hears_what_phrases_miss_where_it_is_most_probable() {
    let text = "شكرا لكم. الوضع عندي مو طبيعي ابدا";
    let analysis = assessed(text, |understanding| {
        let (first, second) = (Span { start: 0, end: 9 }, Span { start: 10, end: 34 });
        let mut alarming = quiet();
        feel(&mut alarming, TriggerKind::Safety, 0.98);
        feel(&mut understanding.whole, TriggerKind::Safety, 0.5);
        understanding.segments = vec![
            Segment { span: first, place: vec![1.0, 0.0], reading: quiet() },
            Segment { span: second, place: vec![1.0, 0.0], reading: alarming },
        ];
    });
    assert_eq!(analysis.urgency.priority, Priority::P1);
    assert_eq!(analysis.urgency.triggers[0].text, "الوضع عندي مو طبيعي ابدا");
    assert!((analysis.urgency.triggers[0].probability - 0.98).abs() < 1e-6);
}

#[test]
fn a_guard_overrules_a_borderline_feeling_but_not_a_sure_one() {
    let imagined = |probability: f32| {
        assessed("لو انسرق جوالي وش اسوي؟", |understanding| {
            feel(&mut understanding.whole, TriggerKind::Fraud, probability)
        })
    };
    assert_eq!(imagined(0.6).urgency.triggers, []);
    assert_eq!(imagined(0.99).urgency.priority, Priority::P1);
}

#[test]
fn a_legal_threat_with_a_deadline_is_p1() {
    let threat = assessed("بشتكي عليكم في وزارة التجارة", |_| ());
    assert_eq!(threat.urgency.priority, Priority::P2);
    assert_eq!(threat.handover.reason, Some(HandoverReason::LegalThreat));
    let ultimatum = assessed("رجعوا المبلغ خلال ٢٤ ساعة والا بشتكي عليكم في وزارة التجارة", |_| ());
    assert_eq!(ultimatum.urgency.priority, Priority::P1);
}

#[test]
fn praise_that_names_a_frailty_asks_for_nothing() {
    let text = "شكرا للموظف اللي ساعد امي الكفيفة، امي كفيفة";
    assert_eq!(assessed(text, |_| ()).urgency.priority, Priority::P2);
    let praise = assessed(text, |understanding| {
        understanding.whole.sentiment = SentimentProbabilities { negative: 0.02, neutral: 0.08, positive: 0.9 };
    });
    assert_eq!(praise.urgency.priority, Priority::P4);
}

#[test]
fn thanks_for_help_in_danger_are_not_the_danger() {
    let text = "انسرقت بطاقتي الشهر الماضي ووقفتوها بدقيقة، كل الاحترام";
    let happy = |understanding: &mut Understanding| {
        understanding.whole.sentiment = SentimentProbabilities { negative: 0.02, neutral: 0.08, positive: 0.9 };
    };
    assert_eq!(assessed(text, happy).urgency.priority, Priority::P4);
    let felt = assessed(text, |understanding| {
        happy(understanding);
        feel(&mut understanding.whole, TriggerKind::Fraud, 0.3);
    });
    assert_eq!(felt.urgency.priority, Priority::P1);
}

#[test]
fn what_the_model_does_not_know_goes_to_people_and_never_to_p4() {
    let unknown = assessed("qwzx plorf", |understanding| understanding.supported = 0.1);
    assert_eq!(unknown.abstained, Abstained::ALL);
    assert_eq!((unknown.urgency.priority, unknown.route.queue.as_str()), (Priority::P3, "human_review"));
    assert_eq!(unknown.handover.reason, Some(HandoverReason::Unsure));

    let said = assessed("7ad sara2 elmobile bta3y", |understanding| understanding.supported = 0.1);
    assert_eq!((said.urgency.priority, said.route.queue.as_str()), (Priority::P1, "security"));
    assert!(!said.abstained.contains(&Abstained::Urgency));

    let doubtful = assessed("الموضوع محير", |understanding| {
        understanding.whole.impact = LevelProbabilities { low: 0.4, medium: 0.3, high: 0.3 };
        understanding.whole.urgency = LevelProbabilities { low: 0.35, medium: 0.33, high: 0.32 };
    });
    assert_eq!(doubtful.abstained, [Abstained::Urgency]);
    assert_eq!((doubtful.urgency.priority, doubtful.route.queue.as_str()), (Priority::P3, "human_review"));
}

#[test]
fn what_may_be_p1_after_all_goes_to_a_person_at_p2() {
    let perhaps = |first: f32, supported: f32| {
        assessed("صار شي غريب اليوم عندي", |understanding| {
            understanding.supported = supported;
            understanding.whole.first = first;
            feel(&mut understanding.whole, TriggerKind::Safety, first);
        })
    };
    let analysis = perhaps(0.2, 0.99);
    assert_eq!((analysis.urgency.priority, analysis.route.queue.as_str()), (Priority::P2, "general"));
    assert_eq!(analysis.handover.reason, Some(HandoverReason::PerhapsTopPriority));
    assert_eq!(perhaps(0.04, 0.99).urgency.priority, Priority::P4);
    assert_eq!(perhaps(0.2, 0.1).handover.reason, Some(HandoverReason::Unsure), "noise is not perhaps P1");
}

#[test]
fn an_unsure_feeling_or_language_alone_moves_nothing() {
    let analysis = assessed("تمام", |understanding| {
        understanding.language = Language::undetermined();
        understanding.whole.sentiment = SentimentProbabilities { negative: 0.34, neutral: 0.33, positive: 0.33 };
    });
    assert_eq!(analysis.abstained, [Abstained::Sentiment, Abstained::Language]);
    assert_eq!((analysis.urgency.priority, analysis.route.queue.as_str()), (Priority::P4, "general"));
}

#[test]
fn asking_for_a_person_hands_over() {
    let analysis = assessed("أبغى أكلم موظف", |_| ());
    assert_eq!(analysis.handover.reason, Some(HandoverReason::AskedForPerson));
    assert!(!assessed("متى تفتحون؟", |_| ()).handover.needed);
}

proptest! {
    #[test]
    fn any_text_and_reading_give_the_same_sound_analysis(
        text in any::<String>(),
        shares in proptest::collection::vec(0.0_f32..1.0, 9 + 8 + 1),
        end in 0_usize..500,
    ) {
        let level = |at: usize| {
            let sum = shares[at] + shares[at + 1] + shares[at + 2] + 1e-3;
            LevelProbabilities { low: shares[at] / sum, medium: shares[at + 1] / sum, high: shares[at + 2] / sum }
        };
        let poles = level(6);
        let reading = Reading {
            sentiment: SentimentProbabilities { negative: poles.low, neutral: poles.medium, positive: poles.high },
            mixed: shares[0],
            impact: level(0),
            urgency: level(3),
            triggers: shares[9..17].to_vec(),
            first: shares[8],
        };
        let change = |understanding: &mut Understanding| {
            understanding.supported = shares[17];
            understanding.whole = reading.clone();
            understanding.segments[0].reading = reading.clone();
            understanding.segments[0].span.end = end;
        };
        let analysis = assessed(&text, change);
        prop_assert_eq!(&analysis, &assessed(&text, change));
        let length = text.chars().count();
        for trigger in &analysis.urgency.triggers {
            prop_assert!(trigger.span.start <= trigger.span.end && trigger.span.end <= length);
            prop_assert_eq!(&trigger.text, trigger.span.slice(&text));
        }
        prop_assert!((0.0..=1.0).contains(&analysis.urgency.probability));
        let unsure = analysis.abstained.iter().any(|answer| matches!(answer, Abstained::Urgency | Abstained::Route));
        prop_assert!(!unsure || (analysis.urgency.priority <= Priority::P3 && analysis.route.queue == "human_review"));
        let kinds: Vec<TriggerKind> = analysis.urgency.triggers.iter().map(|trigger| trigger.kind).collect();
        let floor = matrix::raise(Priority::P4, &kinds, Deadline::None);
        prop_assert!(analysis.urgency.priority <= floor);
    }
}
