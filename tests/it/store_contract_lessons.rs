//! What both databases promise about lessons: one for a text, newest first, gone when taken back.

use sada::feedback::FeedbackId;
use sada::stores::sql::Db;
use sada::stores::sql::lessons::{self, State};
use sada::triage::Lesson;

use crate::store_contract::fill;
use crate::store_contract_values::{after, id};

fn lesson(number: u128, queue: &str, seconds: i64) -> Lesson {
    Lesson {
        feedback_id: FeedbackId(id(number)),
        queue: queue.to_owned(),
        instead_of: "care".to_owned(),
        taught_at: after(seconds),
    }
}

async fn teach(db: &Db, lesson: &Lesson) {
    let mut tx = db.begin().await.expect("begun");
    lessons::teach(&mut tx, lesson).await.expect("taught");
    tx.commit().await.expect("kept");
}

async fn forget(db: &Db, number: u128) -> bool {
    let mut tx = db.begin().await.expect("begun");
    let known = lessons::forget(&mut tx, FeedbackId(id(number))).await.expect("forgotten");
    tx.commit().await.expect("kept");
    known
}

async fn all(db: &Db, queue: Option<&str>, limit: u32) -> Vec<Lesson> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = lessons::page(db, queue, after.as_ref(), limit).await.expect("read");
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

pub(crate) async fn a_text_teaches_one_lesson_until_it_is_taken_back(db: Db) {
    fill(&db, 3).await;
    assert_eq!(lessons::state(&db).await.expect("read"), State::default());
    teach(&db, &lesson(0, "payments", 10)).await;
    teach(&db, &lesson(1, "delivery", 20)).await;
    let before = lessons::state(&db).await.expect("read");
    assert_eq!((before.count, before.last), (2, after(20).timestamp_millis()));
    teach(&db, &lesson(0, "delivery", 30)).await;
    let found = lessons::of_feedback(&db, FeedbackId(id(0))).await.expect("read");
    assert_eq!(found, Some(lesson(0, "delivery", 30)));
    assert_eq!((lessons::state(&db).await.expect("read").count, forget(&db, 0).await), (2, true));
    assert!(!forget(&db, 0).await, "twice");
    assert_eq!(lessons::of_feedback(&db, FeedbackId(id(0))).await.expect("read"), None);
    assert_eq!(all(&db, None, 10).await, [lesson(1, "delivery", 20)]);
    let mut tx = db.begin().await.expect("begun");
    assert!(lessons::teach(&mut tx, &lesson(404, "delivery", 1)).await.is_err(), "nobody wrote that");
}

pub(crate) async fn lessons_are_paged_newest_first(db: Db) {
    fill(&db, 6).await;
    let lessons: Vec<Lesson> =
        (0..6).map(|n| lesson(n, if n % 2 == 0 { "payments" } else { "delivery" }, 10 * (n as i64 / 2))).collect();
    for lesson in &lessons {
        teach(&db, lesson).await;
    }
    for limit in [1, 2, 5, 100] {
        let found = all(&db, None, limit).await;
        assert_eq!(found.iter().map(|it| it.feedback_id.0).collect::<Vec<_>>(), [5, 4, 3, 2, 1, 0].map(id), "{limit}");
        let found = all(&db, Some("delivery"), limit).await;
        assert_eq!(found.iter().map(|it| it.feedback_id.0).collect::<Vec<_>>(), [5, 3, 1].map(id), "{limit}");
    }
}
