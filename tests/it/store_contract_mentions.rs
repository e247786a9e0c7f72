//! What both databases promise about what texts say besides their theme.

use std::collections::BTreeMap;

use sada::feedback::{FeedbackId, Language, Priority, SentimentLabel, Span, ThemeMention};
use sada::stores::sql::feedback::Filter;
use sada::stores::sql::mentions::{self, Standing};
use sada::stores::sql::{Db, feedback, pieces, themes};
use sada::themes::{Membership, Mention, Piece, Theme};
use uuid::Uuid;

use crate::store_contract::{analyse, fill};
use crate::store_contract_values::{id, theme};

fn text(number: u128) -> FeedbackId {
    FeedbackId(id(number))
}

fn mention(piece: usize, span: (usize, usize), group: Uuid, theme: Option<Uuid>) -> Mention {
    Mention { piece, span: Span { start: span.0, end: span.1 }, group, theme, similarity: 1.0 / 3.0 }
}

/// Three groups that are themes, and three texts in the first of them.
async fn grouped(db: &Db) -> [Theme; 3] {
    fill(db, 3).await;
    let all = [theme(70), theme(71), theme(72)];
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, &all, &all).await.expect("replaced");
    tx.commit().await.expect("kept");
    for number in 0..3 {
        analyse(db, number, SentimentLabel::Negative, Priority::P3, None).await;
    }
    let first = Some(all[0].id);
    let lies = |number| Membership {
        feedback_id: text(number),
        group_id: first,
        theme_id: first,
        sub_theme: None,
        nearest: first,
        similarity: 0.5,
    };
    let mut tx = db.begin().await.expect("begun");
    feedback::set_themes(&mut tx, &(0..3).map(lies).collect::<Vec<_>>()).await.expect("set");
    tx.commit().await.expect("kept");
    all
}

async fn save(db: &Db, found: &[(FeedbackId, Vec<Mention>)]) {
    let mut tx = db.begin().await.expect("begun");
    mentions::save(&mut tx, found).await.expect("saved");
    tx.commit().await.expect("kept");
}

/// What a text says now: themes and words.
async fn said(db: &Db, number: u128) -> Vec<(Uuid, String)> {
    let found = feedback::get(db, text(number)).await.expect("read").expect("there");
    let mentions = found.analysis.expect("analysed").mentions;
    mentions.into_iter().map(|mention| (mention.theme, mention.text)).collect()
}

async fn found_by(db: &Db, theme: Uuid) -> (Vec<FeedbackId>, u64, Option<u64>) {
    let filter = Filter { mentions: Some(theme), ..Filter::default() };
    let page = feedback::page(db, &filter, None, 10).await.expect("read");
    assert!(page.items.iter().all(|item| filter.matches(item)), "the same answer without the database");
    let listed = themes::get(db, theme).await.expect("read").map(|listed| listed.mentioned_in);
    let counted = feedback::counts(db, &filter).await.expect("counted").total;
    (page.items.into_iter().map(|item| item.id).collect(), counted, listed)
}

pub(crate) async fn mentions_stand_in_their_texts_and_lead_to_them(db: Db) {
    let [own, second, third] = grouped(&db).await;
    let all = [
        mention(0, (0, 4), own.id, None),
        mention(2, (9, 20), third.id, Some(third.id)),
        mention(1, (5, 8), second.id, Some(second.id)),
    ];
    let gone = mention(3, (21, 24), id(404), Some(id(404)));
    let dissolved = mention(4, (25, 30), second.id, Some(id(404)));
    save(
        &db,
        &[(text(0), [&all[..], &[gone, dissolved]].concat()), (text(1), vec![all[2]]), (text(404), vec![all[2]])],
    )
    .await;

    let words = feedback::get(&db, text(0)).await.expect("read").expect("there");
    let expected = [(&second, 5, 8), (&third, 9, 20)].map(|(theme, start, end)| ThemeMention {
        theme: theme.id,
        title: theme.titles[&Language::arabic()].clone(),
        span: Span { start, end },
        text: Span { start, end }.slice(words.text.as_str()).to_owned(),
        similarity: 1.0 / 3.0,
    });
    assert_eq!(words.analysis.expect("analysed").mentions, expected);
    assert_eq!(found_by(&db, second.id).await, (vec![text(1), text(0)], 2, Some(2)));
    assert_eq!(found_by(&db, third.id).await, (vec![text(0)], 1, Some(1)));
    assert_eq!(found_by(&db, own.id).await, (vec![], 0, Some(0)));

    // analysed anew, it says less; an analysis does not keep what it said
    save(&db, &[(text(1), Vec::new())]).await;
    analyse(&db, 0, SentimentLabel::Positive, Priority::P4, None).await;
    assert!(said(&db, 1).await.is_empty());
    assert_eq!(said(&db, 0).await.len(), 2);
}

pub(crate) async fn mentions_follow_the_edits_of_themes_and_go_with_their_groups(db: Db) {
    let [own, second, third] = grouped(&db).await;
    let (to_second, to_third) =
        (mention(1, (5, 8), second.id, Some(second.id)), mention(0, (0, 4), third.id, Some(third.id)));
    save(&db, &[(text(2), vec![to_third, to_second]), (text(1), vec![to_second])]).await;
    let mut tx = db.begin().await.expect("begun");
    let standing =
        |number, mention| Standing { feedback_id: text(number), mention, group: Some(own.id), theme: Some(own.id) };
    let expected = [standing(1, to_second), standing(2, to_third), standing(2, to_second)];
    assert_eq!(mentions::page(&mut tx, None, 2).await.expect("read"), expected[..2]);
    assert_eq!(mentions::page(&mut tx, Some((text(2), 0)), 2).await.expect("read"), expected[2..]);
    let moved = [(text(1), 1, None), (text(2), 1, Some(third.id)), (text(404), 1, None)];
    mentions::move_to_themes(&mut tx, &moved).await.expect("moved");
    tx.commit().await.expect("kept");
    assert!(said(&db, 1).await.is_empty());
    assert_eq!(found_by(&db, third.id).await, (vec![text(2)], 1, Some(1)), "one text, though it says so twice");

    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, &[own.clone(), second.clone()], &[own, second.clone()]).await.expect("replaced");
    mentions::forget_the_gone(&mut tx).await.expect("forgotten");
    let left = mentions::page(&mut tx, None, 9).await.expect("read");
    tx.commit().await.expect("kept");
    let left: Vec<_> = left.iter().map(|left| (left.feedback_id, left.mention.group, left.mention.theme)).collect();
    assert_eq!(left, [(text(1), second.id, None), (text(2), second.id, None)]);
}

pub(crate) async fn pieces_come_back_by_page_and_are_replaced(db: Db) {
    fill(&db, 4).await;
    let piece = |start: usize, place: [f32; 3]| Piece { span: Span { start, end: start + 5 }, place: place.to_vec() };
    let two = vec![piece(0, [1.0, 0.0, 0.0]), piece(7, [0.0, -0.6, 0.8])];
    let mut tx = db.begin().await.expect("begun");
    for number in [3, 0, 2, 404] {
        pieces::save(&mut tx, text(number), &two).await.expect("saved");
    }
    pieces::save(&mut tx, text(1), &two[..1]).await.expect("one is nothing to keep");
    tx.commit().await.expect("kept");
    let page = pieces::page(&db, None, 2).await.expect("read");
    assert_eq!(page.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [text(0), text(2)]);
    for (piece, known) in page[0].1.iter().zip(&two) {
        assert_eq!(piece.span, known.span);
        let near = |(left, right): (&f32, &f32)| (left - right).abs() < 0.01;
        assert!(piece.place.iter().zip(&known.place).all(near), "{piece:?}");
    }
    let rest = pieces::page(&db, Some(text(2)), 2).await.expect("read");
    assert_eq!(rest.iter().map(|(id, pieces)| (*id, pieces.len())).collect::<Vec<_>>(), [(text(3), 2)]);
    assert!(pieces::page(&db, Some(text(3)), 2).await.expect("read").is_empty());

    let mut tx = db.begin().await.expect("begun");
    let three = [two.clone(), vec![piece(14, [0.0, 0.0, 1.0])]].concat();
    pieces::save(&mut tx, text(0), &three).await.expect("saved");
    pieces::save(&mut tx, text(2), &[]).await.expect("it says one thing by now");
    let found = pieces::of(&mut tx, &[text(0), text(1), text(2), text(3)]).await.expect("read");
    tx.commit().await.expect("kept");
    let counts: BTreeMap<FeedbackId, usize> = found.iter().map(|(id, pieces)| (*id, pieces.len())).collect();
    assert_eq!(counts, BTreeMap::from([(text(0), 3), (text(3), 2)]));
}
