//! What both vector stores promise, one function a promise.
//!
//! `vector_contract_edge` and `vector_contract_remote` run each on an empty index of [`SIZE`] dimensions.

use std::collections::HashSet;

use sada::feedback::{Channel, Language};
use sada::stores::Error;
use sada::stores::vectors::{Filter, Hit, Payload, Point, VectorIndex};
use uuid::Uuid;

use crate::store_contract_values::{after, id};

pub(crate) const SIZE: usize = 4;

/// A point at `angle` degrees in the first plane; language, channel and day follow its number.
pub(crate) fn point(number: u128, angle: f32) -> Point {
    let (sine, cosine) = angle.to_radians().sin_cos();
    Point {
        id: id(number),
        // Length 5, to see that length doesn't matter.
        vector: vec![cosine * 5.0, sine * 5.0, 0.0, 0.0],
        payload: Payload {
            collected_at: after(i64::try_from(number).expect("small") * 86_400),
            language: if number.is_multiple_of(2) { Language::arabic() } else { Language::english() },
            channel: if number.is_multiple_of(3) { Channel::Chat } else { Channel::Email },
        },
    }
}

fn ids(hits: &[Hit]) -> Vec<u128> {
    hits.iter().map(|hit| hit.id.as_u128() & 0xFFFF).collect()
}

/// Points 0 to 9, ten degrees apart.
async fn fan(index: &VectorIndex) {
    index.upsert((0..10).map(|number| point(number, 10.0 * number as f32)).collect()).await.expect("kept");
}

pub(crate) async fn points_come_back_with_unit_length(index: VectorIndex) {
    fan(&index).await;
    let wanted = [id(7), id(404), id(2)];
    let found = index.get(&wanted).await.expect("read");
    assert_eq!(found.iter().map(|point| point.id).collect::<Vec<_>>(), [id(7), id(2)]);
    for (found, expected) in found.iter().zip([point(7, 70.0), point(2, 20.0)]) {
        assert_eq!(found.payload, expected.payload);
        for (value, expected) in found.vector.iter().zip(&expected.vector) {
            assert!((value - expected / 5.0).abs() < 1e-6, "{value} {expected}");
        }
    }
    assert!(index.get(&[]).await.expect("read").is_empty());
    assert_eq!((index.count().await.expect("counted"), index.size()), (10, SIZE));
}

pub(crate) async fn the_nearest_come_first_with_their_cosine(index: VectorIndex) {
    assert!(index.nearest(&[1.0, 0.0, 0.0, 0.0], 3, &Filter::default()).await.expect("searched").is_empty());
    fan(&index).await;
    let asked = point(99, 24.0).vector;
    let hits = index.nearest(&asked, 4, &Filter::default()).await.expect("searched");
    assert_eq!(ids(&hits), [2, 3, 1, 4]);
    for (hit, degrees) in hits.iter().zip([4.0_f32, 6.0, 14.0, 16.0]) {
        assert!((hit.score - degrees.to_radians().cos()).abs() < 1e-5, "{hit:?}");
    }
    assert_eq!(index.nearest(&asked, 100, &Filter::default()).await.expect("searched").len(), 10);
    assert!(index.nearest(&asked, 0, &Filter::default()).await.expect("searched").is_empty());
    let away = index.nearest(&[-1.0, 0.0, 0.0, 0.0], 1, &Filter::default()).await.expect("searched");
    assert_eq!(ids(&away), [9]);
}

pub(crate) async fn a_search_is_filtered_by_payload(index: VectorIndex) {
    fan(&index).await;
    let cases: [(Filter, &[u128]); 8] = [
        (Filter { language: Some(Language::arabic()), ..Filter::default() }, &[0, 2, 4, 6, 8]),
        (Filter { language: Some(Language::new("fr")), ..Filter::default() }, &[]),
        (Filter { channel: Some(Channel::Chat), ..Filter::default() }, &[0, 3, 6, 9]),
        (Filter { channel: Some(Channel::Chat), language: Some(Language::english()), ..Filter::default() }, &[3, 9]),
        (Filter { since: Some(after(8 * 86_400)), ..Filter::default() }, &[8, 9]),
        (Filter { until: Some(after(2 * 86_400)), ..Filter::default() }, &[0, 1]),
        (Filter { since: Some(after(4 * 86_400)), until: Some(after(7 * 86_400)), ..Filter::default() }, &[4, 5, 6]),
        (Filter { exclude: (0..8).map(id).collect(), ..Filter::default() }, &[8, 9]),
    ];
    for (filter, expected) in cases {
        let hits = index.nearest(&[1.0, 0.0, 0.0, 0.0], 20, &filter).await.expect("searched");
        assert_eq!(ids(&hits), expected, "{filter:?}");
    }
}

pub(crate) async fn what_is_like_a_point_leaves_out_the_point(index: VectorIndex) {
    fan(&index).await;
    let hits = index.similar(id(0), 2, &Filter { exclude: vec![id(1)], ..Filter::default() }).await.expect("searched");
    assert_eq!(ids(&hits.expect("there")), [2, 3]);
    assert!(index.similar(id(404), 2, &Filter::default()).await.expect("searched").is_none());
}

pub(crate) async fn writing_twice_is_writing_once_and_the_last_counts(index: VectorIndex) {
    fan(&index).await;
    fan(&index).await;
    let mut moved = point(0, 85.0);
    moved.payload.language = Language::new("fr");
    index.upsert(vec![moved.clone(), point(10, 1.0), moved.clone()]).await.expect("kept");
    assert_eq!(index.count().await.expect("counted"), 11);
    let found = index.get(&[id(0)]).await.expect("read");
    assert_eq!(found[0].payload, moved.payload);
    let hits = index.nearest(&point(99, 85.0).vector, 1, &Filter::default()).await.expect("searched");
    assert_eq!(ids(&hits), [0]);
    index.upsert(Vec::new()).await.expect("nothing to do");
}

pub(crate) async fn what_is_deleted_is_found_no_more(index: VectorIndex) {
    fan(&index).await;
    index.delete(&[id(2), id(404), id(3)]).await.expect("deleted");
    index.delete(&[id(2)]).await.expect("nothing left to do");
    assert_eq!(index.count().await.expect("counted"), 8);
    assert!(index.get(&[id(2), id(3)]).await.expect("read").is_empty());
    let hits = index.nearest(&point(99, 24.0).vector, 3, &Filter::default()).await.expect("searched");
    assert_eq!(ids(&hits), [1, 4, 0]);
    index.upsert(vec![point(2, 25.0)]).await.expect("kept again");
    assert_eq!(index.count().await.expect("counted"), 9);
}

pub(crate) async fn scrolling_shows_each_point_once_in_order(index: VectorIndex) {
    let points = (0..600).map(|number| point(number, number as f32 / 10.0)).collect::<Vec<_>>();
    index.upsert(points.into_iter().rev().collect()).await.expect("kept");
    let (mut seen, mut from) = (Vec::<Uuid>::new(), None);
    loop {
        let scrolled = index.scroll(from, 250).await.expect("read");
        assert!(scrolled.points.len() <= 250 && scrolled.points.iter().all(|point| point.vector.len() == SIZE));
        seen.extend(scrolled.points.iter().map(|point| point.id));
        from = scrolled.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..600).map(id).collect::<Vec<_>>());
    let all = index.get(&seen).await.expect("read");
    assert_eq!(all.len(), 600);
    index.maintain().await.expect("maintained");
    index.ping().await.expect("there");
    assert_eq!(index.count().await.expect("counted"), 600);
}

pub(crate) async fn vectors_that_are_like_nothing_are_refused(index: VectorIndex) {
    for (bad, expected) in [
        (vec![1.0; 3], "a vector has 4 dimensions here, not 3"),
        (vec![1.0; 5], "a vector has 4 dimensions here, not 5"),
        (Vec::new(), "a vector has 4 dimensions here, not 0"),
        (vec![0.0; 4], "a vector of zeros is like nothing"),
        (vec![1.0, f32::NAN, 0.0, 0.0], "a vector must hold finite numbers only"),
        (vec![1.0, f32::INFINITY, 0.0, 0.0], "a vector must hold finite numbers only"),
    ] {
        let error = index.nearest(&bad, 1, &Filter::default()).await.expect_err("refused");
        assert!(matches!(&error, Error::Refused { .. }) && error.to_string().contains(expected), "{error}");
        let error =
            index.upsert(vec![point(1, 1.0), Point { vector: bad, ..point(2, 0.0) }]).await.expect_err("refused");
        assert!(error.to_string().contains(&id(2).to_string()), "{error}");
    }
    assert_eq!(index.count().await.expect("counted"), 0, "nothing of a bad batch is kept");
}

pub(crate) async fn readers_and_writers_share_the_index(index: VectorIndex) {
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..4_u128 {
        let index = index.clone();
        tasks.spawn(async move {
            for step in 0..5_u128 {
                let number = worker * 5 + step;
                index.upsert(vec![point(number, number as f32)]).await.expect("kept");
                let hits =
                    index.nearest(&point(99, number as f32).vector, 1, &Filter::default()).await.expect("searched");
                assert_eq!(ids(&hits), [number]);
                if step == 3 {
                    index.maintain().await.expect("maintained");
                }
            }
        });
    }
    tasks.join_all().await;
    let scrolled = index.scroll(None, 100).await.expect("read");
    assert_eq!(scrolled.points.iter().map(|point| point.id).collect::<HashSet<_>>(), (0..20).map(id).collect());
}
