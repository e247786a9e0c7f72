//! What both databases promise about people, their corrections, and what pages count by day and week.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sada::access::{PasswordHash, Role, Session, User};
use sada::feedback::{FeedbackId, Priority, SentimentLabel};
use sada::stores::Error;
use sada::stores::sql::feedback::{self, Filter};
use sada::stores::sql::{Db, themes, tickets, users};
use sada::themes::Membership;
use sada::triage::ticket::{Status, Ticket};

use crate::store_contract::{analyse, fill};
use crate::store_contract_values::{after, id, start, theme, ticket};

fn user(number: u128, name: &str) -> User {
    User {
        id: id(number),
        name: name.parse().expect("a name"),
        role: Role::Agent,
        password: PasswordHash::stored(format!("$argon2id${number}")),
        created_at: start(),
    }
}

async fn keep(db: &Db, user: &User) -> Result<(), Error> {
    let mut tx = db.begin().await.expect("begun");
    users::insert(&mut tx, user).await?;
    tx.commit().await
}

pub(crate) async fn users_come_back_by_name_and_no_two_have_the_same(db: Db) {
    let (sara, ali) = (user(1, "sara@example.org"), user(2, "علي"));
    keep(&db, &sara).await.expect("kept");
    keep(&db, &ali).await.expect("kept");
    let error = keep(&db, &user(3, "SARA@example.org")).await.expect_err("taken");
    assert!(matches!(&error, Error::Conflict { message } if message.contains("sara@example.org")), "{error}");
    assert_eq!(users::by_name(&db, &ali.name).await.expect("read"), Some(ali.clone()));
    assert_eq!(users::by_name(&db, &"nobody".parse().expect("a name")).await.expect("read"), None);
    assert_eq!(users::list(&db).await.expect("read"), [sara, ali]);
}

pub(crate) async fn a_session_lasts_until_its_end_or_its_user_s(db: Db) {
    let (sara, ali) = (user(1, "sara"), user(2, "ali"));
    keep(&db, &sara).await.expect("kept");
    keep(&db, &ali).await.expect("kept");
    let session = |hash: &str, user: &User, seconds| Session {
        hash: hash.to_owned(),
        user_id: user.id,
        created_at: start(),
        expires_at: after(seconds),
    };
    let mut tx = db.begin().await.expect("begun");
    for session in [session("s-1", &sara, 60), session("s-2", &sara, 600), session("a-1", &ali, 600)] {
        users::begin_session(&mut tx, &session).await.expect("begun");
    }
    tx.commit().await.expect("kept");
    let who = async |hash: &str, seconds| {
        let found = users::of_session(&db, hash, after(seconds)).await.expect("read");
        found.map(|user| user.name.as_str().to_owned())
    };
    assert_eq!(who("s-1", 59).await.as_deref(), Some("sara"));
    assert_eq!((who("s-1", 60).await, who("x", 0).await), (None, None));

    let mut tx = db.begin().await.expect("begun");
    assert_eq!(users::expire_sessions(&mut tx, after(60)).await.expect("expired"), 1);
    let other = PasswordHash::stored("another".to_owned());
    assert!(users::set_password(&mut tx, sara.id, &other).await.expect("set"));
    assert!(!users::set_password(&mut tx, id(404), &other).await.expect("no error"));
    tx.commit().await.expect("kept");
    assert_eq!((who("s-2", 61).await, who("a-1", 61).await.as_deref()), (None, Some("ali")));
    let kept = users::by_name(&db, &sara.name).await.expect("read").expect("there");
    assert_eq!(kept.password, other);

    let mut tx = db.begin().await.expect("begun");
    assert!(users::remove(&mut tx, ali.id).await.expect("removed"));
    assert!(!users::remove(&mut tx, ali.id).await.expect("no error"));
    users::end_session(&mut tx, "x").await.expect("nothing to end");
    tx.commit().await.expect("kept");
    assert_eq!(who("a-1", 61).await, None);
    let mut tx = db.begin().await.expect("begun");
    let error = users::begin_session(&mut tx, &session("a-2", &ali, 600)).await.expect_err("gone");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
}

pub(crate) async fn a_correction_on_a_stale_reading_is_refused(db: Db) {
    fill(&db, 1).await;
    let before = ticket(0, None, Priority::P2, "payments");
    let mut tx = db.begin().await.expect("begun");
    tickets::open_or_attach(&mut tx, &before).await.expect("opened");
    tx.commit().await.expect("kept");
    let corrected = Ticket {
        status: Status::Pending,
        priority: Priority::P3,
        queue: "delivery".to_owned(),
        first_reply_due: after(9_000),
        resolution_due: after(90_000),
        updated_at: after(700),
        ..before.clone()
    };
    let mut tx = db.begin().await.expect("begun");
    tickets::correct(&mut tx, &before, &corrected).await.expect("corrected");
    tx.commit().await.expect("kept");
    assert_eq!(tickets::get(&db, before.id).await.expect("read"), Some(corrected));
    let mut tx = db.begin().await.expect("begun");
    let error = tickets::correct(&mut tx, &before, &before).await.expect_err("stale");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
}

pub(crate) async fn days_and_weeks_add_up_and_local_midnight_counts(db: Db) {
    fill(&db, 20).await;
    for number in 0..12 {
        let label = if number % 3 == 0 { SentimentLabel::Negative } else { SentimentLabel::Positive };
        analyse(&db, number, label, Priority::P3, None).await;
    }
    let days = feedback::days(&db, &Filter::default(), 0).await.expect("counted");
    assert_eq!(days.len(), 20, "one a day");
    assert_eq!(days.iter().map(|day| day.total()).sum::<u64>(), 20);
    assert_eq!(days.iter().map(|day| day.unread).sum::<u64>(), 8);
    assert_eq!(days[0].start, start() - TimeDelta::hours(8) - TimeDelta::milliseconds(123));
    assert_eq!(days[0].sentiments, BTreeMap::from([(SentimentLabel::Negative, 1)]));
    // 08:00 UTC is before midnight nowhere, but 17 hours further east it is the next day
    let east = feedback::days(&db, &Filter::default(), 17 * 3_600).await.expect("counted");
    assert_eq!(east[0].start, days[0].start + TimeDelta::hours(7));
    assert_eq!(feedback::last_collected(&db).await.expect("read"), Some(after(19 * 86_400)));

    let subject = theme(70);
    let memberships: Vec<Membership> = (0..9_u128)
        .map(|number| Membership {
            feedback_id: FeedbackId(id(number)),
            group_id: Some(subject.id),
            sub_theme: None,
            theme_id: Some(subject.id),
            nearest: Some(subject.id),
            similarity: 0.5,
        })
        .collect();
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, std::slice::from_ref(&subject), std::slice::from_ref(&subject))
        .await
        .expect("replaced");
    feedback::set_themes(&mut tx, &memberships).await.expect("set");
    tx.commit().await.expect("kept");
    let weeks = feedback::theme_weeks(&db, &Filter::default()).await.expect("counted");
    let told: Vec<_> = weeks.iter().map(|week| (week.theme, week.count, week.negative)).collect();
    assert_eq!(told, [(subject.id, 7, 3), (subject.id, 2, 0)]);
    assert_eq!(weeks[1].start - weeks[0].start, TimeDelta::weeks(1));
}

pub(crate) async fn words_are_found_as_they_stand(db: Db) {
    fill(&db, 11).await;
    for (words, expected) in [
        ("المندوب", 1),
        ("AFTER THE update", 1),
        ("%_", 1),
        ("[order]", 1),
        ("%", 1),
        ("'; DROP TABLE", 0),
        ("\\ ' ;", 1),
    ] {
        let found = feedback::with_words(&db, words, &Filter::default(), None, 50).await.expect("looked for").items;
        assert_eq!(found.len(), expected, "{words}");
    }
    let filter = Filter { channel: Some(sada::feedback::Channel::Survey), ..Filter::default() };
    assert!(feedback::with_words(&db, "المندوب", &filter, None, 50).await.expect("looked for").items.is_empty());
}

pub(crate) async fn without_feedback_there_is_no_last(db: Db) {
    assert_eq!(feedback::last_collected(&db).await.expect("read"), None);
    assert!(feedback::days(&db, &Filter::default(), 0).await.expect("counted").is_empty());
}
