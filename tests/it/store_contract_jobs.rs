//! What both databases promise about jobs: done at least once, kept at most once.

use std::collections::HashSet;

use sada::stores::sql::Db;
use sada::stores::sql::jobs::{self, Job, Lease, MAX_ATTEMPTS, NewJob, Outcome, Pending, backoff};
use serde_json::json;

use crate::store_contract_values::{after, id, start};

fn job(number: u128, kind: &str) -> NewJob {
    NewJob {
        id: id(number),
        kind: kind.to_owned(),
        payload: json!({ "feedback": [id(number)] }),
        unique_key: None,
        run_at: start(),
    }
}

async fn enqueue(db: &Db, jobs: &[NewJob]) -> u64 {
    let mut tx = db.begin().await.expect("begun");
    let added = jobs::enqueue(&mut tx, jobs, start()).await.expect("enqueued");
    tx.commit().await.expect("kept");
    added
}

/// Claims for a minute at `seconds`, under the lease `lease`.
async fn claim(db: &Db, kinds: &[&str], limit: u32, lease: u128, seconds: i64) -> Vec<Job> {
    let mut tx = db.begin().await.expect("begun");
    let lease = Lease { id: id(lease), until: after(seconds + 60) };
    let claimed = jobs::claim(&mut tx, kinds, limit, lease, after(seconds)).await.expect("claimed");
    tx.commit().await.expect("kept");
    claimed
}

async fn complete(db: &Db, done: &[Job]) -> usize {
    let mut tx = db.begin().await.expect("begun");
    let ended = jobs::complete(&mut tx, done).await.expect("completed");
    tx.commit().await.expect("kept");
    ended.len()
}

pub(crate) async fn jobs_are_claimed_in_order_and_once(db: Db) {
    let mut queue = (1..=5).map(|number| job(number, "analyse")).collect::<Vec<_>>();
    queue.push(job(6, "cluster"));
    queue.push(NewJob { run_at: after(30), ..job(7, "analyse") });
    assert_eq!(enqueue(&db, &queue).await, 7);
    assert_eq!(jobs::next_due(&db, &["analyse"]).await.expect("read"), Some(start()));
    assert_eq!(jobs::next_due(&db, &["mail"]).await.expect("read"), None);

    let first = claim(&db, &["analyse"], 3, 100, 0).await;
    assert_eq!(first.iter().map(|job| job.id).collect::<Vec<_>>(), [id(1), id(2), id(3)]);
    let expected = (json!({ "feedback": [id(1)] }), 1, start(), id(100));
    assert_eq!((first[0].payload.clone(), first[0].attempts, first[0].created_at, first[0].lease), expected);
    let second = claim(&db, &["analyse", "cluster"], 10, 101, 0).await;
    assert_eq!(second.iter().map(|job| job.id).collect::<Vec<_>>(), [id(4), id(5), id(6)]);
    assert!(claim(&db, &["analyse", "cluster"], 10, 102, 0).await.is_empty());
    assert_eq!(jobs::next_due(&db, &["analyse"]).await.expect("read"), Some(after(30)));
    assert_eq!(claim(&db, &["analyse"], 10, 103, 30).await.len(), 1);

    assert_eq!(complete(&db, &[first, second].concat()).await, 6);
    let pending = jobs::pending(&db).await.expect("read");
    assert_eq!(pending, [Pending { kind: "analyse".to_owned(), live: 1, held: 1, dead: 0, oldest: Some(start()) }]);
}

pub(crate) async fn workers_at_once_never_share_a_job(db: Db) {
    let queue = (0..120).map(|number| job(number, "analyse")).collect::<Vec<_>>();
    enqueue(&db, &queue).await;
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..6_u128 {
        let db = db.clone();
        workers.spawn(async move {
            let mut mine = Vec::new();
            for turn in 0.. {
                let claimed = claim(&db, &["analyse"], 7, 1_000 + worker * 100 + turn, 0).await;
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|job| job.id));
            }
            mine
        });
    }
    let claimed = workers.join_all().await.concat();
    assert_eq!(claimed.len(), 120);
    assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 120);
}

pub(crate) async fn a_lost_lease_keeps_nothing(db: Db) {
    enqueue(&db, &[job(1, "analyse"), job(2, "analyse")]).await;
    let slow = claim(&db, &["analyse"], 2, 100, 0).await;
    assert!(claim(&db, &["analyse"], 2, 101, 59).await.is_empty());
    let fast = claim(&db, &["analyse"], 1, 102, 60).await;
    assert_eq!((fast[0].id, fast[0].attempts), (id(1), 2));

    let mut tx = db.begin().await.expect("begun");
    let ended = jobs::complete(&mut tx, &slow).await.expect("completed");
    tx.commit().await.expect("kept");
    assert_eq!(ended, HashSet::from([id(2)]), "the first is somebody else's");
    let mut tx = db.begin().await.expect("begun");
    assert_eq!(jobs::retry(&mut tx, &slow[0], "late", after(61)).await.expect("told"), Outcome::Lost);
    assert!(!jobs::bury(&mut tx, &slow[0], "late").await.expect("told"));
    tx.commit().await.expect("kept");
    assert_eq!(complete(&db, &fast).await, 1);
    assert_eq!(complete(&db, &fast).await, 0);
    assert!(jobs::pending(&db).await.expect("read").is_empty());
}

pub(crate) async fn what_a_dead_process_held_is_free_again(db: Db) {
    enqueue(&db, &[job(1, "analyse"), job(2, "cluster"), NewJob { run_at: after(90), ..job(3, "analyse") }]).await;
    let held = claim(&db, &["analyse", "cluster"], 3, 100, 0).await;
    assert_eq!(held.len(), 2);
    let mut tx = db.begin().await.expect("begun");
    assert_eq!(jobs::free_all(&mut tx, after(1)).await.expect("freed"), 2);
    tx.commit().await.expect("kept");
    assert!(jobs::pending(&db).await.expect("read").iter().all(|pending| pending.held == 0));

    let again = claim(&db, &["analyse", "cluster"], 3, 101, 1).await;
    assert_eq!(again.iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>(), [(id(1), 2), (id(2), 2)]);
    assert_eq!(complete(&db, &held).await, 0, "the dead keep nothing");
}

pub(crate) async fn waiting_for_a_part_that_is_away_uses_nothing_up(db: Db) {
    enqueue(&db, &[job(1, "analyse")]).await;
    for turn in 0..i64::from(MAX_ATTEMPTS) * 2 {
        let held = claim(&db, &["analyse"], 1, 100, turn * 10).await;
        assert_eq!(held.first().map(|job| job.attempts), Some(1));
        let mut tx = db.begin().await.expect("begun");
        assert!(jobs::postpone(&mut tx, &held[0], "away", after(turn * 10 + 5)).await.expect("told"));
        tx.commit().await.expect("kept");
        assert!(claim(&db, &["analyse"], 1, 101, turn * 10 + 4).await.is_empty());
    }
}

pub(crate) async fn what_was_given_up_may_begin_anew(db: Db) {
    enqueue(&db, &[job(1, "analyse"), job(2, "analyse")]).await;
    let held = claim(&db, &["analyse"], 1, 100, 0).await;
    let mut tx = db.begin().await.expect("begun");
    assert!(jobs::bury(&mut tx, &held[0], "broken").await.expect("told"));
    assert_eq!(jobs::revive(&mut tx, after(1)).await.expect("revived"), 1);
    tx.commit().await.expect("kept");
    let again = claim(&db, &["analyse"], 2, 101, 1).await;
    assert_eq!(again.iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>(), [(id(1), 1), (id(2), 1)]);
}

pub(crate) async fn what_fails_waits_longer_each_time_and_then_is_dead(db: Db) {
    enqueue(&db, &[NewJob { unique_key: Some("k".to_owned()), ..job(1, "mail") }]).await;
    let mut now = 0;
    for attempt in 1..=MAX_ATTEMPTS {
        let held = claim(&db, &["mail"], 1, 100 + u128::from(attempt), now).await;
        assert_eq!(held.first().map(|job| job.attempts), Some(attempt));
        let mut tx = db.begin().await.expect("begun");
        let outcome = jobs::retry(&mut tx, &held[0], "refused", after(now)).await.expect("told");
        tx.commit().await.expect("kept");
        if attempt == MAX_ATTEMPTS {
            assert_eq!(outcome, Outcome::Dead);
        } else {
            let wait = backoff(attempt).num_seconds();
            assert_eq!(outcome, Outcome::Later(after(now + wait)));
            assert!(claim(&db, &["mail"], 1, 99, now + wait - 1).await.is_empty());
            now += wait;
        }
    }
    assert!(claim(&db, &["mail"], 1, 98, now + 86_400).await.is_empty());
    let dead = Pending { kind: "mail".to_owned(), live: 0, held: 0, dead: 1, oldest: None };
    assert_eq!(jobs::pending(&db).await.expect("read"), [dead]);
    // The key of the dead is free.
    assert_eq!(enqueue(&db, &[NewJob { unique_key: Some("k".to_owned()), ..job(2, "mail") }]).await, 1);
}

pub(crate) async fn what_kills_its_worker_is_given_up(db: Db) {
    enqueue(&db, &[job(1, "analyse")]).await;
    for attempt in 0..i64::from(MAX_ATTEMPTS) {
        assert_eq!(claim(&db, &["analyse"], 1, 100, attempt * 60).await.len(), 1, "attempt {attempt}");
    }
    assert!(claim(&db, &["analyse"], 1, 200, 3_600).await.is_empty());
    let pending = jobs::pending(&db).await.expect("read");
    assert_eq!(pending.iter().map(|pending| (pending.live, pending.dead)).collect::<Vec<_>>(), [(0, 1)]);
}

pub(crate) async fn a_unique_key_keeps_a_second_job_out(db: Db) {
    let hourly = |number| NewJob { unique_key: Some("cluster".to_owned()), ..job(number, "cluster") };
    assert_eq!(enqueue(&db, &[hourly(1), hourly(2), job(3, "cluster")]).await, 2);
    let held = claim(&db, &["cluster"], 10, 100, 0).await;
    assert_eq!(enqueue(&db, &[hourly(4)]).await, 0, "it still runs");
    complete(&db, &held).await;
    assert_eq!(enqueue(&db, &[hourly(5)]).await, 1);
}
