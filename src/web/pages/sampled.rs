//! Values with everything on them, for samples of pages: what their texts hold is as nasty as customers can be.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::page::Page;
use crate::feedback::{
    Abstained, Analysis, Channel, CustomerId, Dialect, Direction, Feedback, FeedbackId, Handover, HandoverReason,
    Language, Level, ModelInfo, Origin, Priority, Rating, RatingMethod, Route, Sentiment, SentimentLabel,
    SentimentProbabilities, SourceKind, Span, ThemeMatch, ThemeMention, Touchpoint, Trigger, TriggerKind, Urgency,
};
use crate::journeys;
use crate::pipeline::journey::{Actual, Feeling, GapStory, Journey, Rated, StepStory};
use crate::pipeline::score::Trend;
use crate::pipeline::score::{Before, Board, By, Detail, Group, Scores, ThemeDriver};
use crate::pipeline::{
    Day, Descent, FeedbackCounts, FeedbackFilter, Grown, Listed, LoggedEdit, Moved, SubThemeOf, ThemeLine, ThemeStory,
    TicketCounts, TicketGlance, Week, WeekOf,
};
use crate::privacy::Text;
use crate::scores::{Measure, Ratings};
use crate::themes::edits::Part;
use crate::themes::{self, Act, Change, Edit, Event, Lineage, SubTheme, Theme};
use crate::triage::ticket::{Status, Ticket};

/// What customers may write: markup, a turn of direction, a formula.
pub(super) const NASTY: &str = "<script>alert(1)</script> \u{202e}evil\u{202c} =cmd() & \"quotes\" 'x' الطلب تأخر";

/// A feedback with every kind of thing known of it.
pub(super) fn feedback(number: u128) -> Feedback {
    let kinds = TriggerKind::ALL.iter().map(|kind| Trigger {
        kind: *kind,
        span: Span { start: 0, end: 12 },
        text: NASTY.to_owned(),
        probability: 0.9,
    });
    let odd = number % 2 == 1;
    let analysis = Analysis {
        language: Language::arabic(),
        direction: Direction::Rtl,
        dialect: Some(Dialect::Gulf),
        sentiment: Sentiment {
            label: SentimentLabel::Mixed,
            score: -0.4,
            probabilities: SentimentProbabilities { negative: 0.6, neutral: 0.2, positive: 0.2 },
        },
        urgency: Urgency {
            priority: Priority::P2,
            impact: Level::High,
            urgency: Level::Medium,
            probability: 0.4,
            triggers: kinds.collect(),
        },
        route: Route { queue: "payments".to_owned(), probability: 0.7, alternatives: Vec::new() },
        handover: Handover { needed: true, reason: Some(HandoverReason::LegalThreat) },
        abstained: Abstained::ALL.to_vec(),
        theme: Some(ThemeMatch { id: Uuid::nil(), title: NASTY.to_owned(), similarity: 0.8 }),
        mentions: vec![mention(2)],
        truncated: false,
        windows: 1,
        model: ModelInfo { name: "m".to_owned(), digest: "d".to_owned() },
    };
    let at = DateTime::from_timestamp(1_793_000_000, 0).expect("in range");
    Feedback {
        id: FeedbackId(Uuid::from_u128(number)),
        text: Text::stored(NASTY.to_owned()),
        question: odd.then(|| Text::stored(NASTY.to_owned())),
        rating: Rating::new(RatingMethod::Csat, 2).ok(),
        origin: Origin {
            source: "crm".to_owned(),
            external_id: None,
            channel: Channel::Chat,
            source_kind: SourceKind::Indirect,
            touchpoint: Touchpoint::try_from("الدفع".to_owned()).ok(),
            customer: CustomerId::try_from("c-1".to_owned()).ok(),
            collected_at: at,
            metadata: BTreeMap::new(),
        },
        received_at: at,
        analysis: odd.then_some(analysis),
    }
}

/// The first words of a text, which speak of another theme.
fn mention(theme: u128) -> ThemeMention {
    let span = Span { start: 0, end: 25 };
    ThemeMention {
        theme: Uuid::from_u128(theme),
        title: NASTY.to_owned(),
        span,
        text: span.slice(NASTY).to_owned(),
        similarity: 0.7,
    }
}

/// A ticket of each status, some late.
pub(super) fn tickets(page: &Page) -> Vec<TicketGlance> {
    let each = Status::ALL.iter().zip(Priority::ALL).enumerate();
    let glance = each.map(|(number, (status, priority))| TicketGlance {
        ticket: Ticket {
            id: Uuid::from_u128(number as u128),
            feedback_id: FeedbackId(Uuid::from_u128(1)),
            attached: vec![FeedbackId(Uuid::from_u128(2))],
            customer: CustomerId::try_from("c-1".to_owned()).ok(),
            priority,
            queue: if number == 0 { "payments" } else { "claims" }.to_owned(),
            triggers: feedback(1).analysis.expect("one").urgency.triggers,
            status: *status,
            first_reply_due: page.now - TimeDelta::minutes(7),
            resolution_due: page.now + TimeDelta::hours(3),
            created_at: page.now - TimeDelta::minutes(22),
            updated_at: page.now,
            incident: Some(Uuid::from_u128(7)),
        },
        feedback: Some(feedback(1)),
    });
    glance.collect()
}

pub(super) fn theme() -> Theme {
    Theme {
        id: Uuid::nil(),
        titles: BTreeMap::from([
            (Language::arabic(), "تأخر التوصيل".to_owned()),
            (Language::english(), "late delivery".to_owned()),
        ]),
        keywords: BTreeMap::from([(Language::english(), vec![NASTY.to_owned()])]),
        centre: Default::default(),
        examples: Vec::new(),
        size: 40,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        marks: Default::default(),
    }
}

/// What some of the theme's members say in particular.
fn sub_theme(number: u128) -> SubThemeOf {
    SubThemeOf {
        theme: theme().id,
        sub_theme: SubTheme {
            id: Uuid::from_u128(number),
            titles: BTreeMap::from([
                (Language::arabic(), "ساعتين".to_owned()),
                (Language::english(), NASTY.to_owned()),
            ]),
            created_at: DateTime::UNIX_EPOCH,
        },
        members: 20,
        negative: 5,
    }
}

/// A theme that grows.
pub(super) fn story() -> ThemeStory {
    let start = |week: i64| DateTime::UNIX_EPOCH + TimeDelta::weeks(week);
    let weeks = (0..12).map(|week| WeekOf { start: start(week), count: week.unsigned_abs(), negative: 0 });
    let sentiments = SentimentLabel::ALL.iter().map(|label| (*label, 10)).collect();
    ThemeStory {
        line: ThemeLine {
            listed: Listed { theme: theme(), members: 40, mentioned_in: 3 },
            negative: 12,
            weeks: weeks.collect(),
            trend: themes::Trend::Growing,
        },
        counts: FeedbackCounts { total: 40, analysed: 40, sentiments, ..FeedbackCounts::default() },
        quotes: vec![feedback(1), feedback(2)],
        sub_themes: vec![sub_theme(1), sub_theme(2)],
        others: vec![theme()],
        edits: edits(),
        lineage: lineage(),
    }
}

/// An edit of each kind, some undone or without effect.
fn edits() -> Vec<LoggedEdit> {
    let (theme, into) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let (titles, feedback) = (super::sampled::theme().titles, FeedbackId(Uuid::from_u128(3)));
    let part = Part {
        id: into,
        records: vec![feedback],
        here: Vec::new(),
        there: Vec::new(),
        titles: titles.clone(),
        keywords: BTreeMap::new(),
    };
    let acts = [
        Act::Rename { theme, titles: titles.clone() },
        Act::Merge { theme, into },
        Act::Split { theme, part: Box::new(part) },
        Act::Pin { theme },
        Act::Hide { theme },
        Act::Assign { feedback, theme: Some(theme) },
        Act::Assign { feedback, theme: None },
    ];
    let logged = |(number, act): (u128, Act)| LoggedEdit {
        titles: act.themes().map(|_| titles.clone()).collect(),
        idle: number == 1,
        edit: Edit {
            id: Uuid::from_u128(number),
            made_at: DateTime::UNIX_EPOCH,
            made_by: "noura".to_owned(),
            act,
            undone_at: (number == 3).then_some(DateTime::UNIX_EPOCH),
        },
    };
    (0..).zip(acts).map(logged).collect()
}

/// A line for each kind of descent, seen from either side.
fn lineage() -> Vec<Descent> {
    let (own, other) = (Uuid::nil(), Uuid::from_u128(9));
    let lines = Event::ALL.iter().flat_map(|event| [(*event, own, other), (*event, other, own)]);
    let descent = |(event, theme, other)| Descent {
        id: Uuid::nil(),
        run_at: DateTime::UNIX_EPOCH,
        lineage: Lineage { theme, event, other: Some(other), shared: 30, before: 35, after: 40 },
        titles: super::sampled::theme().titles,
        other_titles: super::sampled::theme().titles,
    };
    lines.map(descent).collect()
}

/// A week in which everything happens.
pub(super) fn week(page: &Page) -> Week {
    let ago = |days| page.now - TimeDelta::days(days);
    let moved = |now, before, change| Moved { now, before, change };
    let day = |number: i64| Day {
        start: ago(28 - number),
        sentiments: SentimentLabel::ALL.iter().map(|label| (*label, number.unsigned_abs() % 5)).collect(),
        unread: 1,
    };
    let grown = |change| Grown { theme: theme(), moved: moved(20, 4, change) };
    Week {
        days: ago(7)..ago(0),
        before: ago(14)..ago(7),
        volume: moved(120, 80, Change::Rose),
        negative: moved(30, 50, Change::Fell),
        top_priority: moved(9, 2, Change::Rose),
        series: (0..28).map(day).collect(),
        urgent: tickets(page),
        tickets: TicketCounts { overdue: 2, ..TicketCounts::default() },
        growing: vec![grown(Change::Rose), grown(Change::Same)],
    }
}

/// A journey with everything on it: two steps with records and one of which nobody speaks.
pub(super) fn actual_journey() -> Actual {
    let toml = "title = { ar = \"رحلة\", en = \"A journey\" }\n".to_owned()
        + &["one", "two", "three"]
            .map(|id| {
                format!(
                    "[[step]]\nid = \"{id}\"\ntitle = {{ ar = \"خطوة\" }}\ntouchpoints = [\"{id} =cmd()\"]\nexpects = {{ en = \"=cmd()\" }}\n"
                )
            })
            .concat();
    let ideal = journeys::parse(&toml).expect("a journey");
    let journey = Journey {
        id: "shop".parse().expect("an id"),
        ideal,
        toml,
        version: "1".to_owned(),
        built_in: true,
        written: Some((NASTY.to_owned(), DateTime::UNIX_EPOCH)),
    };
    let visit = |number: u128| journeys::Visit {
        id: FeedbackId(Uuid::from_u128(number)),
        step: (number % 2) as usize,
        by: if number.is_multiple_of(3) { journeys::By::Meaning } else { journeys::By::Touchpoint },
        at: DateTime::UNIX_EPOCH,
        customer: CustomerId::try_from(format!("c-{number}")).ok(),
        touchpoint: Touchpoint::try_from("الدفع =cmd()".to_owned()).ok(),
        sentiment: (SentimentLabel::ALL[(number % 4) as usize], -0.5),
        priority: Priority::P1,
        rated: Some(SentimentLabel::Negative),
        theme: Some(Uuid::nil()),
        expectation: Some(journeys::Expectation::ALL[(number % 3 / 2) as usize]),
    };
    let visits: Vec<journeys::Visit> = (1..=80).map(visit).collect();
    let share = journeys::Share::of(20, 40);
    let story = |(step, facts)| {
        let filter = journey.at(step, &FeedbackFilter::default());
        let mut ratings = Ratings::none(RatingMethod::Ces);
        ratings.add(Rating::new(RatingMethod::Ces, 3).expect("a rating"), 20 + 20 * step as u64).expect("one method");
        StepStory {
            facts,
            words: BTreeMap::from([(Language::english(), vec![NASTY.to_owned()])]),
            ratings: vec![Rated { scores: crate::scores::scores(&ratings), ratings, filter: filter.clone() }],
            feeling: Some(Feeling {
                now: share,
                before: share,
                change: [Change::Rose, Change::Fell, Change::Same][step],
                filter: filter.clone(),
                filter_before: filter.clone(),
            }),
            leaving: Some(journeys::Leaving {
                here: share,
                elsewhere: share,
                more: true,
                before: DateTime::UNIX_EPOCH,
            }),
            filter,
        }
    };
    let gaps = journeys::gaps(&visits, &[0.1; 3]).into_iter();
    let gaps = gaps.map(|gap| GapStory { filter: journey.at(gap.step, &FeedbackFilter::default()), gap });
    Actual {
        gaps: gaps.collect(),
        steps: journeys::actual(&visits, 3).into_iter().enumerate().map(story).collect(),
        covered: journeys::Share::of(80, 100),
        filter: FeedbackFilter::default(),
        quotes: (1..=80).map(|number| (FeedbackId(Uuid::from_u128(number)), feedback(number))).collect(),
        themes: BTreeMap::from([(Uuid::nil(), theme().titles)]),
        journey,
    }
}

/// NPS by week, with these numbers of ratings, half of them 10, the others 3 and 8.
pub(super) fn trend(page: &Page, counts: &[u64]) -> Trend {
    let week = |(number, count): (usize, &u64)| {
        let start = page.now - TimeDelta::weeks(counts.len() as i64 - number as i64);
        let days = start..start + TimeDelta::weeks(1);
        rated(days, *count, Some(format!("2026-W{number:02}")))
    };
    Trend { step: By::Week, groups: counts.iter().enumerate().map(week).collect() }
}

fn rated(days: std::ops::Range<DateTime<chrono::Utc>>, count: u64, key: Option<String>) -> Group {
    let mut ratings = Ratings::none(RatingMethod::Nps);
    for (value, count) in [(10, count - count / 2), (3, count / 4), (8, count / 2 - count / 4)] {
        ratings.add(Rating::new(RatingMethod::Nps, value).expect("in range"), count).expect("one method");
    }
    let filter = FeedbackFilter { since: Some(days.start), until: Some(days.end), ..FeedbackFilter::default() };
    Group {
        key,
        titles: BTreeMap::new(),
        scores: crate::scores::scores(&ratings),
        sentiments: BTreeMap::from([(SentimentLabel::Negative, count / 4)]),
        before: None,
        filter: FeedbackFilter { rating_method: Some(RatingMethod::Nps), ..filter },
        ratings,
    }
}

/// Scores of which everything can be said, and others of which little can.
pub(super) fn board(page: &Page) -> Board {
    let days = page.now - TimeDelta::days(28)..page.now;
    let earlier = page.now - TimeDelta::days(56)..days.start;
    let group = |now: u64, then: u64, key: Option<String>| {
        let (mut group, before) = (rated(days.clone(), now, key), rated(earlier.clone(), then, None));
        group.before = Some(Before {
            difference: crate::scores::difference(Measure::Nps, &group.ratings, &before.ratings),
            scores: before.scores,
            ratings: before.ratings,
            filter: before.filter,
        });
        Group { titles: theme().titles, ..group }
    };
    let theme_id = || Some(Uuid::nil().to_string());
    let groups = vec![group(400, 300, theme_id()), group(12, 3, theme_id()), group(40, 0, None)];
    let scores =
        |total, groups| Scores { method: RatingMethod::Nps, total, groups, groups_left_out: 0, disagreements: 3 };
    let all = rated(days.clone(), 400, None);
    let found = crate::scores::drivers(
        Measure::Nps,
        &all.ratings,
        vec![(Uuid::nil().to_string(), rated(days.clone(), 100, None).ratings)],
    );
    let drivers = found.into_iter().map(|driver| ThemeDriver {
        driver,
        titles: theme().titles,
        with: all.filter.clone(),
        without: all.filter.clone(),
    });
    Board {
        methods: vec![scores(group(400, 300, None), Vec::new()), scores(group(12, 40, None), Vec::new())],
        detail: Some(Detail {
            scores: scores(group(400, 300, None), groups),
            trend: trend(page, &[40, 50, 12, 60]),
            drivers: drivers.collect(),
        }),
        days,
    }
}
