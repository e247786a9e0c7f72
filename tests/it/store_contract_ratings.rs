//! What both databases promise about ratings, one function a promise.

use std::collections::BTreeMap;

use sada::feedback::{Abstained, Channel, Feedback, FeedbackId, Priority, Rating, RatingMethod, SentimentLabel};
use sada::scores::{Clash, STRONG, disagreement};
use sada::stores::Cursor;
use sada::stores::sql::feedback::{self, Attribute, Column, Filter};
use sada::stores::sql::{Db, themes};
use uuid::Uuid;

use crate::store_contract::analyse;
use crate::store_contract_values::{after, analysis, feedback as item, id, theme, theme_match};

const COUNT: usize = 60;

/// The `number`th feedback with a rating of a method that changes with it; every fifth has none.
fn rated(number: usize) -> Feedback {
    let method = RatingMethod::ALL[number % 4];
    let (low, high) = method.range();
    let value = i64::from(low) + (number / 4) as i64 % i64::from(high - low + 1);
    let rating = (!number.is_multiple_of(5)).then(|| Rating::new(method, value).expect("in range"));
    let mut item = item(number);
    if let Some(segment) = [None, Some("vip"), Some("أفراد")][number % 3] {
        item.origin.metadata.insert("Segment".to_owned(), segment.into());
    }
    Feedback { rating, ..item }
}

async fn fill(db: &Db) -> Vec<Feedback> {
    let items = (0..COUNT).map(rated).collect::<Vec<_>>();
    let mut tx = db.begin().await.expect("begun");
    feedback::insert_many(&mut tx, &items).await.expect("inserted");
    themes::replace_all(&mut tx, &[theme(70)], &[theme(70)]).await.expect("replaced");
    tx.commit().await.expect("kept");
    items
}

/// What is counted by hand: how many of each method, value and key.
fn by_hand(items: &[Feedback], key: impl Fn(&Feedback) -> Option<String>) -> BTreeMap<(String, Option<String>), u64> {
    let mut counts = BTreeMap::new();
    for item in items {
        if let Some(rating) = item.rating {
            *counts.entry((format!("{rating:?}"), key(item))).or_default() += 1;
        }
    }
    counts
}

async fn counted(db: &Db, filter: &Filter, by: Option<Column>) -> BTreeMap<(String, Option<String>), u64> {
    let mut counts = BTreeMap::new();
    for row in feedback::ratings(db, filter, by).await.expect("counted") {
        *counts.entry((format!("{:?}", row.rating), row.key)).or_default() += row.count;
    }
    counts
}

pub(crate) async fn ratings_are_counted_by_group_and_day(db: Db) {
    let items = fill(&db).await;
    for number in [1, 2, 3, 6] {
        analyse(&db, number, SentimentLabel::Negative, Priority::P3, Some(id(70))).await;
    }
    let all = Filter::default();
    assert_eq!(counted(&db, &all, None).await, by_hand(&items, |_| None));
    let channel = |item: &Feedback| Some(item.origin.channel.name().to_owned());
    assert_eq!(counted(&db, &all, Some(Column::Channel)).await, by_hand(&items, channel));
    let kind = |item: &Feedback| Some(item.origin.source_kind.name().to_owned());
    assert_eq!(counted(&db, &all, Some(Column::SourceKind)).await, by_hand(&items, kind));
    let source = |item: &Feedback| Some(item.origin.source.clone());
    assert_eq!(counted(&db, &all, Some(Column::Source)).await, by_hand(&items, source));
    let touchpoint = |item: &Feedback| item.origin.touchpoint.as_ref().map(ToString::to_string);
    assert_eq!(counted(&db, &all, Some(Column::Touchpoint)).await, by_hand(&items, touchpoint));
    let segment = |item: &Feedback| item.origin.segment().map(str::to_owned);
    assert_eq!(counted(&db, &all, Some(Column::Segment)).await, by_hand(&items, segment));
    for ahead_s in [0, 3 * 3_600, -5 * 3_600] {
        let day = |item: &Feedback| {
            let local = item.origin.collected_at + chrono::TimeDelta::seconds(i64::from(ahead_s));
            Some(local.date_naive().to_string())
        };
        assert_eq!(counted(&db, &all, Some(Column::Day { ahead_s })).await, by_hand(&items, day));
    }
    let known = |item: &Feedback| [1, 2, 3, 6].map(|number| FeedbackId(id(number))).contains(&item.id);
    let theme = |item: &Feedback| known(item).then(|| id(70).to_string());
    assert_eq!(counted(&db, &all, Some(Column::Theme)).await, by_hand(&items, theme));
    let language = |item: &Feedback| known(item).then(|| "ar".to_owned());
    assert_eq!(counted(&db, &all, Some(Column::Language)).await, by_hand(&items, language));

    let rows = feedback::ratings(&db, &all, None).await.expect("counted");
    let felt: u64 = rows.iter().filter(|row| row.sentiment.is_some()).map(|row| row.count).sum();
    assert_eq!(felt, 4);
    let narrow = Filter { channel: Some(Channel::Chat), since: Some(after(10 * 86_400)), ..Filter::default() };
    let chosen: Vec<_> = items.iter().filter(|item| narrow.matches(item)).cloned().collect();
    assert_eq!(counted(&db, &narrow, None).await, by_hand(&chosen, |_| None));
}

pub(crate) async fn a_rating_filter_finds_what_was_counted(db: Db) {
    fill(&db).await;
    analyse(&db, 2, SentimentLabel::Negative, Priority::P3, Some(id(70))).await;
    analyse(&db, 3, SentimentLabel::Negative, Priority::P3, None).await;
    let lacking =
        |attributes: &[Attribute]| Filter { without: attributes.iter().copied().collect(), ..Filter::default() };
    let everything = feedback::page(&db, &Filter::default(), None, 1_000).await.expect("read").items;
    for (filter, expected) in [
        (Filter { rating_method: Some(RatingMethod::Nps), ..Filter::default() }, 12),
        (Filter { rating_method: Some(RatingMethod::Nps), rating_min: Some(9), ..Filter::default() }, 1),
        (Filter { rating_min: Some(2), rating_max: Some(3), ..Filter::default() }, 16),
        (Filter { rating_max: Some(0), ..Filter::default() }, 1),
        (Filter { source_kind: Some(sada::feedback::SourceKind::Direct), ..Filter::default() }, 0),
        (Filter { not_theme: Some(id(70)), ..Filter::default() }, COUNT - 1),
        (Filter { not_theme: Some(id(71)), ..Filter::default() }, COUNT),
        (Filter { segment: Some("أفراد".to_owned()), ..Filter::default() }, COUNT / 3),
        (lacking(&[Attribute::Segment]), COUNT / 3),
        (lacking(&[Attribute::Theme]), COUNT - 1),
        (lacking(&[Attribute::Language]), COUNT - 2),
        (lacking(&[Attribute::Touchpoint, Attribute::Theme]), COUNT / 2),
    ] {
        let page = feedback::page(&db, &filter, None, 1_000).await.expect("read");
        let found: Vec<FeedbackId> = page.items.iter().map(|item| item.id).collect();
        let same: Vec<FeedbackId> = everything.iter().filter(|item| filter.matches(item)).map(|item| item.id).collect();
        assert_eq!(found, same, "{filter:?}");
        assert_eq!(found.len(), expected, "{filter:?}");
        assert_eq!(feedback::counts(&db, &filter).await.expect("counted").total, expected as u64, "{filter:?}");
    }
}

/// Gives each feedback a sentiment of its own, some withheld, and a theme that doesn't matter.
async fn felt(db: &Db) {
    let labels = SentimentLabel::ALL;
    let mut tx = db.begin().await.expect("begun");
    for number in 0..COUNT {
        let mut analysis = analysis(labels[number % labels.len()], Priority::P4, "عام");
        let strength = [STRONG, STRONG - 0.01, 0.99, 0.2][number / 3 % 4];
        analysis.sentiment.score =
            if analysis.sentiment.label == SentimentLabel::Negative { -strength } else { strength };
        analysis.abstained = if number % 7 == 0 { vec![Abstained::Sentiment] } else { Vec::new() };
        analysis.theme = theme_match(Uuid::nil(), 0.1);
        let saved = feedback::save_analysis(&mut tx, FeedbackId(id(number as u128)), &analysis, after(90)).await;
        assert!(saved.expect("saved"));
    }
    tx.commit().await.expect("kept");
}

pub(crate) async fn contradictions_are_those_that_the_rule_finds(db: Db) {
    let items: Vec<Feedback> = (0..COUNT)
        .map(|number| {
            let (method, extreme) = (RatingMethod::ALL[number / 4 % 4], number / 2 % 2 == 0);
            let value = if extreme { method.range().1 } else { method.range().0 };
            Feedback { rating: Some(Rating::new(method, value.into()).expect("in range")), ..item(number) }
        })
        .collect();
    let mut tx = db.begin().await.expect("begun");
    feedback::insert_many(&mut tx, &items).await.expect("inserted");
    tx.commit().await.expect("kept");
    felt(&db).await;
    let everything = feedback::page(&db, &Filter::default(), None, 1_000).await.expect("read").items;
    let contradicts = |item: &&Feedback| {
        let sentiment = item.analysis.as_ref().and_then(|analysis| analysis.known_sentiment());
        item.rating.zip(sentiment).is_some_and(|(rating, text)| disagreement(rating, text).is_some())
    };
    for methods in [RatingMethod::ALL, &[RatingMethod::Csat]] {
        let clashes: Vec<Clash> = Clash::of(methods).collect();
        let expected: Vec<FeedbackId> = everything
            .iter()
            .filter(contradicts)
            .filter(|item| item.rating.is_some_and(|rating| methods.contains(&rating.method())))
            .map(|item| item.id)
            .collect();
        assert!(!expected.is_empty());
        let (mut found, mut cursor) = (Vec::new(), None::<Cursor>);
        loop {
            let page =
                feedback::contradicting(&db, &Filter::default(), &clashes, cursor.as_ref(), 2).await.expect("read");
            found.extend(page.items.iter().map(|item| item.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{methods:?}");
        let count = feedback::count_contradicting(&db, &Filter::default(), &clashes).await.expect("counted");
        assert_eq!(count, expected.len() as u64);
    }
    let none = feedback::count_contradicting(&db, &Filter::default(), &[]).await.expect("counted");
    assert_eq!(none, 0);
}
