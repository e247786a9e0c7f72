//! What both databases promise about the audit log, uploads, and what is new.

use chrono::TimeDelta;
use sada::access::{Action, Actor, AuditEntry, PasswordHash, Role, User};
use sada::feedback::{Channel, Priority};
use sada::stores::Error;
use sada::stores::sql::audit::{self, Filter};
use sada::stores::sql::events::{self, EventKind};
use sada::stores::sql::imports::{self, Advance, Choice, Import, State};
use sada::stores::sql::{Db, feedback, tickets, users};
use serde_json::json;

use crate::store_contract_values::{after, feedback as item, id, start, ticket};

fn entry(number: u128, actor: Actor, action: Action) -> AuditEntry {
    let seconds = i64::try_from(number).expect("small");
    let subject = Some(("ticket".to_owned(), format!("t-{}", number % 2)));
    AuditEntry { id: id(number), at: after(seconds), actor, action, subject, details: json!({ "queue": ["أ", "b"] }) }
}

pub(crate) async fn the_audit_log_is_kept_with_the_change_and_read_by_page(db: Db) {
    let sara = Actor::User { id: id(90), name: "sara".to_owned() };
    let entries = [
        entry(1, sara.clone(), Action::TicketCorrected),
        entry(2, Actor::Nobody, Action::SignInRefused),
        entry(3, sara, Action::TicketCorrected),
        entry(4, Actor::Token { id: id(91), name: "bot".to_owned() }, Action::TicketCorrected),
    ];
    let mut tx = db.begin().await.expect("begun");
    for entry in &entries {
        audit::insert(&mut tx, entry).await.expect("kept");
    }
    tx.commit().await.expect("kept");
    let mut taken_back = db.begin().await.expect("begun");
    audit::insert(&mut taken_back, &entry(5, Actor::Operator, Action::Exported)).await.expect("kept for now");
    drop(taken_back);

    let read = async |filter: Filter| {
        let (mut all, mut next) = (Vec::new(), None);
        loop {
            let page = audit::page(&db, &filter, next.as_ref(), 2).await.expect("read");
            all.extend(page.items);
            next = page.next;
            if next.is_none() {
                return all;
            }
        }
    };
    let newest_first: Vec<AuditEntry> = entries.iter().rev().cloned().collect();
    assert_eq!(read(Filter::default()).await, newest_first);
    let of = |number: usize| newest_first[4 - number].clone();
    for (filter, expected) in [
        (Filter { actor: Some("sara".to_owned()), ..Filter::default() }, vec![of(3), of(1)]),
        (Filter { action: Some(Action::SignInRefused), ..Filter::default() }, vec![of(2)]),
        (Filter { subject: Some("t-0".to_owned()), ..Filter::default() }, vec![of(4), of(2)]),
        (Filter { since: Some(after(2)), until: Some(after(4)), ..Filter::default() }, vec![of(3), of(2)]),
    ] {
        assert_eq!(read(filter.clone()).await, expected, "{filter:?}");
    }
}

fn import(number: u128) -> Import {
    let choice = Choice {
        map: "text=#1".to_owned(),
        header: Some(true),
        encoding: None,
        source: "crm".to_owned(),
        channel: Channel::Chat,
    };
    Import {
        id: id(number),
        user_id: id(90),
        user_name: "sara".to_owned(),
        file_name: "آراء.csv".to_owned(),
        bytes: 1_000,
        choice,
        state: State::Waiting,
        lines: 0,
        accepted: 0,
        duplicates: 0,
        refused: 0,
        fault: None,
        created_at: start(),
        updated_at: start(),
    }
}

async fn keep(db: &Db, import: &Import) {
    let mut tx = db.begin().await.expect("begun");
    imports::insert(&mut tx, import).await.expect("kept");
    tx.commit().await.expect("kept");
}

pub(crate) async fn an_import_goes_on_from_where_it_is_and_nowhere_else(db: Db) {
    let first = import(1);
    keep(&db, &first).await;
    assert_eq!(imports::get(&db, first.id).await.expect("read"), Some(first.clone()));
    assert_eq!(imports::get(&db, id(404)).await.expect("read"), None);

    let more =
        Advance { accepted: 3, duplicates: 1, refusals: vec![(2, "text: is empty".to_owned()), (9, "\0".to_owned())] };
    let advance = async |import: &Import| {
        let mut tx = db.begin().await.expect("begun");
        imports::advance(&mut tx, import, &more, after(5)).await?;
        tx.commit().await
    };
    let early = advance(&first).await.expect_err("it does not run");
    assert!(matches!(early, Error::Conflict { .. }), "{early}");
    let mut tx = db.begin().await.expect("begun");
    imports::choose(&mut tx, first.id, &Choice { header: None, ..first.choice.clone() }).await.expect("it waits");
    imports::set_state(&mut tx, first.id, (State::Waiting, State::Running), None, after(1)).await.expect("it waits");
    tx.commit().await.expect("kept");
    let mut tx = db.begin().await.expect("begun");
    assert!(imports::choose(&mut tx, first.id, &first.choice).await.is_err(), "too late");
    drop(tx);

    advance(&first).await.expect("from the beginning");
    let twice = advance(&first).await.expect_err("it is further");
    assert!(matches!(twice, Error::Conflict { .. }), "{twice}");
    let now = imports::get(&db, first.id).await.expect("read").expect("there");
    assert_eq!((now.lines, now.accepted, now.duplicates, now.refused), (6, 3, 1, 2));
    assert_eq!((now.choice.header, now.updated_at), (None, after(5)));
    let refusals = imports::refusals(&db, first.id, 10).await.expect("read");
    assert_eq!(refusals, [(2, "text: is empty".to_owned()), (9, "\u{fffd}".to_owned())]);
    assert_eq!(imports::last(&db, 5).await.expect("read"), [now]);

    let mut tx = db.begin().await.expect("begun");
    assert_eq!(imports::forget_refusals(&mut tx, after(1)).await.expect("forgotten"), 2);
    tx.commit().await.expect("kept");
}

pub(crate) async fn uploads_that_nobody_goes_on_with_end(db: Db) {
    for number in 1..=2 {
        keep(&db, &import(number)).await;
    }
    let mut tx = db.begin().await.expect("begun");
    imports::set_state(&mut tx, id(2), (State::Waiting, State::Running), None, start()).await.expect("it waits");
    imports::expire(&mut tx, start(), after(1)).await.expect("nothing is old");
    tx.commit().await.expect("kept");
    let state = async |number| imports::get(&db, id(number)).await.expect("read").map(|import| import.state);
    assert_eq!((state(1).await, state(2).await), (Some(State::Waiting), Some(State::Running)));
    let mut tx = db.begin().await.expect("begun");
    imports::expire(&mut tx, after(2), after(2)).await.expect("both are old, and the second has no job");
    tx.commit().await.expect("kept");
    assert_eq!((state(1).await, state(2).await), (Some(State::Expired), Some(State::Failed)));
}

pub(crate) async fn what_is_new_is_told_from_a_moment_on(db: Db) {
    let mut tx = db.begin().await.expect("begun");
    for number in 1..=3 {
        feedback::insert(&mut tx, &item(number)).await.expect("kept");
    }
    tickets::open_or_attach(&mut tx, &ticket(1, None, Priority::P1, "care")).await.expect("opened");
    tx.commit().await.expect("kept");
    keep(&db, &import(7)).await;
    let all = events::since(&db, start() - TimeDelta::days(1), 100).await.expect("read");
    let count = |kind| all.events.iter().filter(|event| event.kind == kind).count();
    assert_eq!(count(EventKind::FeedbackReceived), 3, "{all:?}");
    assert_eq!((count(EventKind::TicketOpened), count(EventKind::ImportChanged)), (1, 1), "{all:?}");
    assert_eq!((count(EventKind::TicketChanged), count(EventKind::ThemesGrouped)), (0, 0), "{all:?}");
    assert!(!all.more && all.events.is_sorted_by_key(|event| event.at));
    let few = events::since(&db, start() - TimeDelta::days(1), 2).await.expect("read");
    assert!(few.more && few.events.len() == 4, "{few:?}");
    let later = events::since(&db, start() + TimeDelta::days(9), 100).await.expect("read");
    assert_eq!((later.events, later.more), (Vec::new(), false));
}

pub(crate) async fn the_last_admin_is_known(db: Db) {
    let user = |number, name: &str, role| User {
        id: id(number),
        name: name.parse().expect("a name"),
        role,
        password: PasswordHash::stored("$".to_owned()),
        created_at: start(),
    };
    let (sara, ali) = (user(1, "sara", Role::Admin), user(2, "ali", Role::Viewer));
    let mut tx = db.begin().await.expect("begun");
    users::insert(&mut tx, &sara).await.expect("kept");
    users::insert(&mut tx, &ali).await.expect("kept");
    assert!(!users::has_admin_besides(&mut tx, sara.id).await.expect("read"));
    assert!(users::has_admin_besides(&mut tx, ali.id).await.expect("read"));
    assert!(users::set_role(&mut tx, ali.id, Role::Admin).await.expect("set"));
    assert!(!users::set_role(&mut tx, id(404), Role::Admin).await.expect("no error"));
    assert!(users::has_admin_besides(&mut tx, sara.id).await.expect("read"));
}
