//! Every page from a sample of its context, in every language: what they all must keep to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use askama::Template;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta};
use regex::Regex;
use uuid::Uuid;

use super::failure::Failure;
use super::locale::Locale;
use super::page::Page;
use crate::feedback::{
    Abstained, Analysis, Channel, CustomerId, Dialect, Direction, Feedback, FeedbackId, Handover, HandoverReason,
    Language, Level, ModelInfo, Origin, Priority, Rating, RatingMethod, Route, Sentiment, SentimentLabel,
    SentimentProbabilities, SourceKind, Span, ThemeMatch, Touchpoint, Trigger, TriggerKind, Urgency,
};
use crate::pipeline::{
    Day, FeedbackCounts, Grown, Listed, Moved, ThemeLine, ThemeStory, TicketCounts, TicketGlance, Week, WeekOf,
};
use crate::privacy::Text;
use crate::themes::{Change, Theme, Trend};
use crate::triage::ticket::{Status, Ticket};
use crate::web::problem::Problem;

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
        },
        feedback: Some(feedback(1)),
    });
    glance.collect()
}

fn theme() -> Theme {
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
    }
}

/// A theme that grows.
pub(super) fn story() -> ThemeStory {
    let start = |week: i64| DateTime::UNIX_EPOCH + TimeDelta::weeks(week);
    let weeks = (0..12).map(|week| WeekOf { start: start(week), count: week.unsigned_abs(), negative: 0 });
    let sentiments = SentimentLabel::ALL.iter().map(|label| (*label, 10)).collect();
    ThemeStory {
        line: ThemeLine {
            listed: Listed { theme: theme(), members: 40 },
            weeks: weeks.collect(),
            trend: Trend::Growing,
        },
        counts: FeedbackCounts { total: 40, analysed: 40, sentiments, ..FeedbackCounts::default() },
        quotes: vec![feedback(1), feedback(2)],
    }
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

/// Every page, by name.
fn pages(locale: Locale) -> Vec<(&'static str, String)> {
    let failure = |status| {
        let problem = Problem::invalid_param("queue", NASTY);
        Failure::new(Page::sample(locale, "/x"), status, &problem, "0197-7").render()
    };
    let statuses = [403, 404, 409, 422, 429, 500, 503].map(|status| StatusCode::from_u16(status).expect("a status"));
    let mut pages: Vec<_> = statuses.map(|status| ("failure", failure(status))).into();
    pages.extend(super::samples(locale));
    pages.into_iter().map(|(name, page)| (name, page.expect("it can be written"))).collect()
}

/// Styles that know left from right.
static PHYSICAL: LazyLock<Regex> = LazyLock::new(|| {
    let sides = "left|right|top|bottom";
    let pattern = format!(
        r"(?m)(?:^|[;{{\s])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:{sides})[\w-]*|{sides}|(?:min-|max-)?(?:width|height)|border-(?:{sides})-(?:{sides})-radius)\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)"
    );
    Regex::new(&pattern).expect("a pattern")
});

/// Styles and scripts in a tag, which the policy forbids.
static INLINE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<[^>]*\s(?:style|on[a-z]+)=").expect("a pattern"));

#[test]
fn the_stylesheet_does_not_know_left_from_right() {
    let style = include_str!("assets/style.css");
    let found: Vec<&str> = PHYSICAL.find_iter(style).map(|found| found.as_str()).collect();
    assert!(found.is_empty(), "{found:?}");
    for physical in
        ["a { margin-left: 1px }", "a{width:1px}", "a { text-align: right }", "a { border-top-left-radius: 0 }"]
    {
        assert!(PHYSICAL.is_match(physical), "{physical}");
    }
}

#[test]
fn every_page_is_whole_in_every_language() {
    for locale in Locale::ALL.iter().copied() {
        for (name, html) in pages(locale) {
            let place = format!("{name} in {locale}");
            let root = format!("<html lang=\"{locale}\" dir=\"{}\">", locale.direction());
            assert!(html.contains(&root), "{place}");
            assert!(
                !html.contains('⟦'),
                "{place} lacks {:?}",
                html.split('⟦').nth(1).and_then(|rest| rest.split('⟧').next())
            );
            assert_eq!(html.matches("<h1").count(), 1, "{place}: one heading");
            assert_eq!(html.matches("<main").count(), 1, "{place}: one main part");
            assert!(!INLINE.is_match(&html), "{place}: {:?}", INLINE.find(&html));
            assert!(html.len() < 100_000, "{place}: {} bytes", html.len());
        }
    }
}

#[test]
fn no_page_asks_another_machine_for_anything() {
    let elsewhere = Regex::new(r#"(?:src|href|action|url\()\s*=?\s*["']?(?:https?:)?//"#).expect("a pattern");
    for locale in Locale::ALL.iter().copied() {
        for (name, html) in pages(locale) {
            assert!(!elsewhere.is_match(&html), "{name} in {locale}");
            assert!(!html.contains("<script"), "{name} in {locale}");
        }
    }
}

#[test]
fn what_customers_write_stays_text() {
    for locale in Locale::ALL.iter().copied() {
        for (name, html) in pages(locale) {
            assert!(!html.contains('\u{202e}'), "{name} in {locale}: a turn of direction gets out");
            for (at, _) in html.match_indices("=cmd()") {
                let before = &html[..at];
                let apart = before.rfind("dir=\"auto\"").max(before.rfind("<bdi>")).expect("something set apart");
                let between = before[apart..].replace("</mark>", "");
                assert!(!between.contains("</"), "{name} in {locale}: a text without its own direction: {between}");
            }
        }
        let all: String = pages(locale).into_iter().map(|(_, html)| html).collect();
        assert!(all.contains("&#60;script&#62;") && all.contains("=cmd()"), "{locale}: the samples hold no such text");
    }
}

#[test]
fn every_field_has_a_label() {
    let field = Regex::new(r#"<(?:input|select)\b[^>]*>"#).expect("a pattern");
    for (name, html) in pages(Locale::English) {
        for found in field.find_iter(&html).filter(|found| !found.as_str().contains("type=\"hidden\"")) {
            let before = &html[..found.start()];
            let inside = before.rfind("<label") > before.rfind("</label>");
            assert!(inside || found.as_str().contains("aria-label="), "{name}: {}", found.as_str());
        }
    }
}
