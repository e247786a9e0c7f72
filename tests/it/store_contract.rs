//! What both databases promise about feedback, themes, tokens, keys and facts, one function a promise.
//!
//! `store_contract_sqlite` and `store_contract_postgres` run each on a fresh database.

use std::collections::BTreeMap;

use sada::access::{Scope, Token};
use sada::feedback::{Channel, Feedback, FeedbackId, Language, Priority, SentimentLabel};
use sada::privacy::Text;
use sada::stores::sql::feedback::{self, Filter, Inserted};
use sada::stores::sql::idempotency::{self, Request, Reserved};
use sada::stores::sql::{Db, jobs, meta, themes, tokens};
use sada::stores::{Cursor, Error};
use sada::themes::Membership;
use uuid::Uuid;

use crate::store_contract_values::{TEXTS, after, analysis, feedback as item, id, start, theme, theme_match};

/// Stores feedback 0 to `count`.
pub(crate) async fn fill(db: &Db, count: usize) -> Vec<Feedback> {
    let items = (0..count).map(item).collect::<Vec<_>>();
    let mut tx = db.begin().await.expect("begun");
    feedback::insert_many(&mut tx, &items).await.expect("inserted");
    tx.commit().await.expect("kept");
    items
}

/// Analyses the `number`th feedback.
pub(crate) async fn analyse(
    db: &Db,
    number: usize,
    sentiment: SentimentLabel,
    priority: Priority,
    theme: Option<Uuid>,
) {
    let mut analysis = analysis(sentiment, priority, "fraud");
    analysis.theme = theme.and_then(|theme| theme_match(theme, 0.8));
    let mut tx = db.begin().await.expect("begun");
    let saved = feedback::save_analysis(&mut tx, FeedbackId(id(number as u128)), &analysis, after(90)).await;
    assert!(saved.expect("saved"), "feedback {number}");
    tx.commit().await.expect("kept");
}

fn assert_same(found: &Feedback, expected: &Feedback) {
    assert_eq!(found.id, expected.id);
    assert_eq!(found.text, expected.text);
    assert_eq!(found.question, expected.question);
    assert_eq!(found.rating, expected.rating);
    assert_eq!(found.origin, expected.origin);
    assert_eq!(found.received_at, expected.received_at);
    assert_eq!(found.analysis, expected.analysis);
}

pub(crate) async fn feedback_comes_back_as_it_went_in(db: Db) {
    let items = fill(&db, TEXTS.len() + 1).await;
    for expected in &items {
        assert_same(&feedback::get(&db, expected.id).await.expect("read").expect("there"), expected);
    }
    let ids = [items[3].id, FeedbackId(id(999)), items[0].id, items[3].id];
    let found = feedback::get_many(&db, &ids).await.expect("read");
    assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), [items[3].id, items[0].id, items[3].id]);
    assert!(feedback::get(&db, FeedbackId(id(999))).await.expect("read").is_none());
}

pub(crate) async fn a_natural_key_is_kept_once(db: Db) {
    let items = fill(&db, 3).await;
    let again = Feedback { id: FeedbackId(id(500)), ..items[0].clone() };
    let elsewhere = {
        let mut other = Feedback { id: FeedbackId(id(501)), ..items[0].clone() };
        other.origin.source = "another".to_owned();
        other
    };
    let keyless = Feedback { id: FeedbackId(id(502)), ..items[1].clone() };
    let mut twin = item(8);
    twin.id = FeedbackId(id(503));
    let mut tx = db.begin().await.expect("begun");
    let batch = [again, elsewhere, keyless, item(8), twin, items[2].clone(), items[1].clone()];
    let inserted = feedback::insert_many(&mut tx, &batch).await.expect("inserted");
    tx.commit().await.expect("kept");
    let (new, exists) = (|n| Inserted::New(FeedbackId(id(n))), |n| Inserted::Exists(FeedbackId(id(n))));
    assert_eq!(inserted, [exists(0), new(501), new(502), new(8), exists(8), exists(2), exists(1)]);
    assert_eq!(feedback::counts(&db, &Filter::default()).await.expect("counted").total, 6);
    let found = feedback::by_external(&db, "another", "طلب-0").await.expect("read").expect("there");
    assert_eq!(found.id, FeedbackId(id(501)));
    assert!(feedback::by_external(&db, "another", "طلب-2").await.expect("read").is_none());
}

pub(crate) async fn what_is_not_committed_never_was(db: Db) {
    let mut tx = db.begin().await.expect("begun");
    assert!(feedback::insert(&mut tx, &item(1)).await.expect("inserted").is_new());
    let job = jobs::NewJob {
        id: id(9),
        kind: "analyse".to_owned(),
        payload: serde_json::json!({ "feedback": id(1) }),
        unique_key: None,
        run_at: start(),
    };
    assert_eq!(jobs::enqueue(&mut tx, &[job], start()).await.expect("enqueued"), 1);
    drop(tx);
    assert!(feedback::get(&db, FeedbackId(id(1))).await.expect("read").is_none());
    assert!(jobs::pending(&db).await.expect("read").is_empty());
    fill(&db, 2).await;
    assert!(feedback::get(&db, FeedbackId(id(1))).await.expect("read").is_some());
}

pub(crate) async fn a_large_batch_goes_in_whole(db: Db) {
    let items = fill(&db, 1_000).await;
    assert_eq!(feedback::counts(&db, &Filter::default()).await.expect("counted").total, 1_000);
    let ids = items.iter().map(|item| item.id).collect::<Vec<_>>();
    assert_eq!(feedback::get_many(&db, &ids).await.expect("read").len(), 1_000);
}

pub(crate) async fn nul_is_refused_and_nothing_of_the_batch_kept(db: Db) {
    for place in 0..3 {
        let mut bad = item(2);
        match place {
            0 => bad.text = Text::stored("a\u{0}b".to_owned()),
            1 => bad.question = Some(Text::stored("\u{0}".to_owned())),
            _ => bad.origin.external_id = Some("\u{0}".to_owned()),
        }
        let mut tx = db.begin().await.expect("begun");
        let error = feedback::insert_many(&mut tx, &[item(0), bad]).await.expect_err("NUL");
        assert!(matches!(&error, Error::Refused { .. }), "{error}");
        assert!(error.to_string().contains("NUL"), "{error}");
    }
    assert_eq!(feedback::counts(&db, &Filter::default()).await.expect("counted").total, 0);
}

pub(crate) async fn pages_show_everything_once_newest_first(db: Db) {
    let mut items = (0..23).map(item).collect::<Vec<_>>();
    for item in &mut items {
        item.received_at = after(item.received_at.timestamp() % 4);
    }
    let mut tx = db.begin().await.expect("begun");
    feedback::insert_many(&mut tx, &items).await.expect("inserted");
    tx.commit().await.expect("kept");
    items.sort_by_key(|item| std::cmp::Reverse((item.received_at, item.id)));
    let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
    for turn in 0..9 {
        let page = feedback::page(&db, &Filter::default(), cursor.as_ref(), 5).await.expect("read");
        seen.extend(page.items.iter().map(|item| item.id));
        if turn == 1 {
            let mut newer = item(100 + turn);
            newer.received_at = after(9_000);
            let mut tx = db.begin().await.expect("begun");
            feedback::insert(&mut tx, &newer).await.expect("inserted");
            tx.commit().await.expect("kept");
        }
        cursor = page.next.map(|next| next.to_string().parse().expect("its own text"));
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, items.iter().map(|item| item.id).collect::<Vec<_>>());
    let whole = feedback::page(&db, &Filter::default(), None, u32::MAX).await.expect("read");
    assert_eq!((whole.items.len(), whole.next), (24, None));
}

pub(crate) async fn filters_let_through_what_they_name(db: Db) {
    fill(&db, 8).await;
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, &[theme(70)], &[theme(70)]).await.expect("replaced");
    tx.commit().await.expect("kept");
    analyse(&db, 2, SentimentLabel::Negative, Priority::P1, Some(id(70))).await;
    analyse(&db, 3, SentimentLabel::Positive, Priority::P4, None).await;
    let cases: [(Filter, &[usize]); 14] = [
        (Filter { channel: Some(Channel::Chat), ..Filter::default() }, &[6, 4, 2, 0]),
        (Filter { channel: Some(Channel::Survey), ..Filter::default() }, &[]),
        (
            Filter { touchpoint: Some("الدفع".to_owned().try_into().expect("short")), ..Filter::default() },
            &[6, 4, 2, 0],
        ),
        (Filter { language: Some(Language::arabic()), ..Filter::default() }, &[3, 2]),
        (Filter { language: Some(Language::english()), ..Filter::default() }, &[]),
        (Filter { sentiment: Some(SentimentLabel::Negative), ..Filter::default() }, &[2]),
        (Filter { priority: Some(Priority::P4), ..Filter::default() }, &[3]),
        (Filter { queue: Some("fraud".to_owned()), ..Filter::default() }, &[3, 2]),
        (Filter { theme: Some(id(70)), ..Filter::default() }, &[2]),
        (Filter { customer: Some("c-0".to_owned().try_into().expect("short")), ..Filter::default() }, &[6, 0]),
        (Filter { source: Some("نظام-1".to_owned()), ..Filter::default() }, &[7, 6, 5, 4, 3, 2, 1, 0]),
        (Filter { source: Some("'; DROP TABLE feedback; --".to_owned()), ..Filter::default() }, &[]),
        (Filter { since: Some(after(2 * 86_400)), until: Some(after(5 * 86_400)), ..Filter::default() }, &[4, 3, 2]),
        (Filter { priority: Some(Priority::P1), channel: Some(Channel::Chat), ..Filter::default() }, &[2]),
    ];
    for (filter, expected) in cases {
        let page = feedback::page(&db, &filter, None, 100).await.expect("read");
        let expected = expected.iter().map(|number| FeedbackId(id(*number as u128))).collect::<Vec<_>>();
        assert_eq!(page.items.iter().map(|item| item.id).collect::<Vec<_>>(), expected, "{filter:?}");
        let counts = feedback::counts(&db, &filter).await.expect("counted");
        assert_eq!(counts.total, expected.len() as u64, "{filter:?}");
    }
}

pub(crate) async fn an_analysis_comes_back_exactly_and_replaces_the_last(db: Db) {
    fill(&db, 2).await;
    analyse(&db, 1, SentimentLabel::Neutral, Priority::P3, None).await;
    analyse(&db, 1, SentimentLabel::Mixed, Priority::P2, None).await;
    let found = feedback::get(&db, FeedbackId(id(1))).await.expect("read").expect("there");
    assert_eq!(found.analysis, Some(analysis(SentimentLabel::Mixed, Priority::P2, "fraud")));
    let mut tx = db.begin().await.expect("begun");
    let analysis = analysis(SentimentLabel::Mixed, Priority::P2, "fraud");
    assert!(!feedback::save_analysis(&mut tx, FeedbackId(id(404)), &analysis, start()).await.expect("no error"));
    drop(tx);
    let counts = feedback::counts(&db, &Filter::default()).await.expect("counted");
    assert_eq!((counts.total, counts.analysed, counts.themed), (2, 1, 0));
}

pub(crate) async fn counts_split_by_what_is_known(db: Db) {
    fill(&db, 15).await;
    analyse(&db, 0, SentimentLabel::Negative, Priority::P1, None).await;
    analyse(&db, 1, SentimentLabel::Negative, Priority::P2, None).await;
    analyse(&db, 2, SentimentLabel::Positive, Priority::P4, None).await;
    let counts = feedback::counts(&db, &Filter::default()).await.expect("counted");
    assert_eq!((counts.total, counts.analysed), (15, 3));
    assert_eq!(counts.sentiments, BTreeMap::from([(SentimentLabel::Negative, 2), (SentimentLabel::Positive, 1)]));
    assert_eq!(counts.priorities, BTreeMap::from([(Priority::P1, 1), (Priority::P2, 1), (Priority::P4, 1)]));
    assert_eq!(counts.languages, BTreeMap::from([(Language::arabic(), 3)]));
    // One a day from a Monday on.
    let weeks = counts.weeks.iter().map(|week| (week.start.to_rfc3339(), week.count)).collect::<Vec<_>>();
    let expected = [("2026-03-02", 7), ("2026-03-09", 7), ("2026-03-16", 1)];
    assert_eq!(weeks, expected.map(|(day, count)| (format!("{day}T00:00:00+00:00"), count)));
}

pub(crate) async fn grouping_reads_all_that_is_analysed_in_order(db: Db) {
    fill(&db, 9).await;
    for number in [7, 1, 4] {
        analyse(&db, number, SentimentLabel::Negative, Priority::P3, None).await;
    }
    let first = feedback::analysed(&db, None, 2).await.expect("read");
    let second = feedback::analysed(&db, first.next.as_ref(), 2).await.expect("read");
    assert!(second.next.is_none());
    let all = first.items.iter().chain(&second.items).collect::<Vec<_>>();
    assert_eq!(all.iter().map(|item| item.id).collect::<Vec<_>>(), [1, 4, 7].map(|number| FeedbackId(id(number))));
    assert_eq!(all[0].collected_at, item(1).origin.collected_at);
    assert_eq!((all[0].language.code(), all[0].sentiment), ("ar", SentimentLabel::Negative));
}

pub(crate) async fn themes_come_back_and_members_follow_them(db: Db) {
    fill(&db, 12).await;
    for number in 0..12 {
        analyse(&db, number, SentimentLabel::Negative, Priority::P3, None).await;
    }
    let (first, second) = (theme(70), theme(71));
    let memberships = (0..12_u128).map(|number| Membership {
        feedback_id: FeedbackId(id(number)),
        group_id: (number % 5 != 0).then_some(second.id),
        sub_theme: None,
        theme_id: (number != 11).then_some(if number < 8 { first.id } else { second.id }),
        nearest: Some(if number < 8 { first.id } else { second.id }),
        similarity: [0.1, 0.7, 1.0 / 3.0, 0.7][number as usize % 4],
    });
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, &[first.clone(), second.clone()], &[first.clone(), second.clone()])
        .await
        .expect("replaced");
    feedback::set_themes(&mut tx, &memberships.clone().collect::<Vec<_>>()).await.expect("set");
    tx.commit().await.expect("kept");

    let listed = themes::list(&db).await.expect("read");
    let sizes = listed.iter().map(|listed| (listed.theme.id, listed.members)).collect::<Vec<_>>();
    assert_eq!(sizes, [(first.id, 8), (second.id, 3)]);
    assert_eq!(listed[0].theme, first);
    assert_eq!(themes::get(&db, second.id).await.expect("read").map(|listed| listed.theme), Some(second.clone()));
    assert!(themes::get(&db, id(404)).await.expect("read").is_none());

    for expected in memberships {
        assert_eq!(feedback::membership(&db, expected.feedback_id).await.expect("read"), Some(expected));
    }
    let (mut members, mut cursor) = (Vec::new(), None::<Cursor>);
    loop {
        let page = feedback::of_theme(&db, first.id, cursor.as_ref(), 3).await.expect("read");
        members.extend(page.items.iter().map(|item| item.analysis.as_ref().and_then(|known| known.theme.clone())));
        cursor = page.next.map(|next| next.to_string().parse().expect("its own text"));
        if cursor.is_none() {
            break;
        }
    }
    let near = members.iter().flatten().map(|theme| theme.similarity).collect::<Vec<_>>();
    assert_eq!(near, [0.7, 0.7, 0.7, 0.7, 1.0 / 3.0, 1.0 / 3.0, 0.1, 0.1]);
    assert!(members.iter().flatten().all(|theme| theme.title == "تأخر التوصيل 70"));
    let counts = feedback::counts(&db, &Filter { theme: Some(first.id), ..Filter::default() }).await.expect("counted");
    assert_eq!((counts.total, counts.themed), (8, 8));
}

pub(crate) async fn a_dissolved_theme_leaves_its_members_without(db: Db) {
    fill(&db, 3).await;
    let (old, kept) = (theme(70), theme(71));
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, &[old.clone(), kept.clone()], &[old.clone(), kept.clone()]).await.expect("replaced");
    tx.commit().await.expect("kept");
    analyse(&db, 0, SentimentLabel::Negative, Priority::P3, Some(old.id)).await;
    analyse(&db, 1, SentimentLabel::Negative, Priority::P3, Some(kept.id)).await;
    let mut renamed = kept.clone();
    renamed.titles = BTreeMap::from([(Language::english(), "courier is late".to_owned())]);
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, std::slice::from_ref(&renamed), std::slice::from_ref(&renamed))
        .await
        .expect("replaced");
    tx.commit().await.expect("kept");
    // Analysed against a theme that is gone by now.
    analyse(&db, 2, SentimentLabel::Negative, Priority::P3, Some(old.id)).await;
    let late = Membership {
        feedback_id: FeedbackId(id(2)),
        group_id: Some(old.id),
        sub_theme: None,
        theme_id: Some(old.id),
        nearest: Some(old.id),
        similarity: 0.9,
    };
    let mut tx = db.begin().await.expect("begun");
    feedback::set_themes(&mut tx, std::slice::from_ref(&late)).await.expect("set");
    tx.commit().await.expect("kept");
    let nowhere = Membership { group_id: None, theme_id: None, nearest: None, ..late };
    assert_eq!(feedback::membership(&db, nowhere.feedback_id).await.expect("read"), Some(nowhere));

    let ids = [0, 1, 2].map(|number| FeedbackId(id(number)));
    let found = feedback::get_many(&db, &ids).await.expect("read");
    let titles = found.iter().map(|item| {
        let theme = item.analysis.as_ref().and_then(|analysis| analysis.theme.as_ref());
        theme.map(|theme| theme.title.as_str())
    });
    assert_eq!(titles.collect::<Vec<_>>(), [None, Some("courier is late"), None]);
    assert_eq!(feedback::membership(&db, ids[0]).await.expect("read"), None);
}

pub(crate) async fn tokens_are_found_by_hash_until_revoked(db: Db) {
    let token = Token {
        id: id(1),
        name: "روبوت الدردشة".to_owned(),
        hash: "aa".repeat(32),
        scopes: vec![Scope::Classify, Scope::FeedbackWrite],
        created_at: start(),
        expires_at: Some(after(60)),
        revoked_at: None,
    };
    let forever = Token { id: id(2), hash: "bb".repeat(32), expires_at: None, scopes: Vec::new(), ..token.clone() };
    let mut tx = db.begin().await.expect("begun");
    tokens::insert(&mut tx, &token).await.expect("inserted");
    tokens::insert(&mut tx, &forever).await.expect("inserted");
    tx.commit().await.expect("kept");
    let mut tx = db.begin().await.expect("begun");
    let error = tokens::insert(&mut tx, &Token { id: id(3), ..token.clone() }).await.expect_err("hash taken");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    drop(tx);
    assert_eq!(tokens::by_hash(&db, &token.hash).await.expect("read"), Some(token.clone()));
    assert_eq!(tokens::by_hash(&db, "cc").await.expect("read"), None);

    let mut tx = db.begin().await.expect("begun");
    assert!(tokens::revoke(&mut tx, token.id, after(5)).await.expect("revoked"));
    assert!(!tokens::revoke(&mut tx, token.id, after(6)).await.expect("nothing left"));
    assert!(!tokens::revoke(&mut tx, id(404), after(6)).await.expect("no such token"));
    tx.commit().await.expect("kept");
    let revoked = Token { revoked_at: Some(after(5)), ..token };
    assert_eq!(tokens::list(&db).await.expect("read"), [revoked, forever]);
}

pub(crate) async fn a_key_stands_for_one_request_for_a_day(db: Db) {
    let request = Request { token_id: id(1), key: "مفتاح 1", hash: "h1" };
    let other = Request { hash: "h2", ..request };
    let elsewhere = Request { token_id: id(2), ..other };
    let reserve = async |request: &Request<'_>, seconds| {
        let mut tx = db.begin().await.expect("begun");
        let reserved = idempotency::reserve(&mut tx, request, after(seconds)).await.expect("reserved");
        tx.commit().await.expect("kept");
        reserved
    };
    assert_eq!(reserve(&request, 0).await, Reserved::New);
    assert_eq!(reserve(&request, 1).await, Reserved::Running);
    assert_eq!(reserve(&other, 1).await, Reserved::Mismatch);
    assert_eq!(reserve(&elsewhere, 1).await, Reserved::New);

    let mut tx = db.begin().await.expect("begun");
    idempotency::complete(&mut tx, &request, 201, r#"{"id":"١"}"#).await.expect("completed");
    tx.commit().await.expect("kept");
    let done = Reserved::Done { status: 201, body: r#"{"id":"١"}"#.to_owned() };
    assert_eq!(reserve(&request, 700).await, done);
    assert_eq!(reserve(&other, 700).await, Reserved::Mismatch);
    let mut tx = db.begin().await.expect("begun");
    let error = idempotency::complete(&mut tx, &request, 201, "again").await.expect_err("answered");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    drop(tx);

    // What ran when the process died is free again after ten minutes, and what failed at once.
    assert_eq!(reserve(&elsewhere, 500).await, Reserved::Running);
    assert_eq!(reserve(&elsewhere, 601).await, Reserved::New);
    let mut tx = db.begin().await.expect("begun");
    idempotency::forget(&mut tx, &elsewhere).await.expect("forgotten");
    idempotency::forget(&mut tx, &request).await.expect("an answer stays");
    tx.commit().await.expect("kept");
    assert_eq!(reserve(&elsewhere, 602).await, Reserved::New);
    assert_eq!(reserve(&request, 702).await, done);

    assert_eq!(reserve(&request, 86_399).await, done);
    let mut tx = db.begin().await.expect("begun");
    assert_eq!(idempotency::expire(&mut tx, after(86_399)).await.expect("expired"), 0);
    assert_eq!(idempotency::expire(&mut tx, after(86_400)).await.expect("expired"), 1);
    tx.commit().await.expect("kept");
    assert_eq!(reserve(&other, 86_401).await, Reserved::New);
}

pub(crate) async fn facts_are_kept_by_name(db: Db) {
    assert_eq!(meta::get(&db, "model").await.expect("read"), None);
    for value in ["abc", "نموذج"] {
        let mut tx = db.begin().await.expect("begun");
        meta::set(&mut tx, "model", value).await.expect("set");
        tx.commit().await.expect("kept");
    }
    assert_eq!(meta::get(&db, "model").await.expect("read").as_deref(), Some("نموذج"));
    db.ping().await.expect("there");
}
