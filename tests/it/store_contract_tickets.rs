//! What both databases promise about tickets: one for a case, in the order of need.

use std::collections::{BTreeMap, HashSet};

use sada::feedback::{FeedbackId, Priority};
use sada::stores::sql::Db;
use sada::stores::sql::tickets::{self, Filter, Opened};
use sada::stores::{Cursor, Error};
use sada::triage::ticket::{Status, Ticket};

use crate::store_contract::fill;
use crate::store_contract_values::{after, id, ticket};

async fn open(db: &Db, ticket: &Ticket) -> Opened {
    let mut tx = db.begin().await.expect("begun");
    let opened = tickets::open_or_attach(&mut tx, ticket).await.expect("opened");
    tx.commit().await.expect("kept");
    opened
}

async fn change(db: &Db, ticket: u128, from: Status, to: Status) -> Result<Option<Ticket>, Error> {
    let mut tx = db.begin().await.expect("begun");
    let changed = tickets::change_status(&mut tx, id(ticket), from, to, after(500)).await?;
    tx.commit().await.expect("kept");
    Ok(changed)
}

pub(crate) async fn a_customer_has_one_open_ticket_in_a_queue(db: Db) {
    fill(&db, 8).await;
    let first = ticket(0, Some("c-0"), Priority::P3, "payments");
    assert_eq!(open(&db, &first).await, Opened::New(first.clone()));
    let mut urgent = ticket(1, Some("c-0"), Priority::P1, "payments");
    urgent.first_reply_due = after(10);
    let raised = Ticket {
        attached: vec![FeedbackId(id(1))],
        priority: Priority::P1,
        triggers: [first.triggers.clone(), urgent.triggers.clone()].concat(),
        first_reply_due: after(10),
        updated_at: urgent.updated_at,
        ..first.clone()
    };
    assert_eq!(open(&db, &urgent).await, Opened::Attached(raised.clone()));
    let calm = open(&db, &ticket(2, Some("c-0"), Priority::P4, "payments")).await;
    assert_eq!((calm.ticket().priority, calm.ticket().first_reply_due), (Priority::P1, after(10)));
    assert_eq!(calm.ticket().attached, [FeedbackId(id(1)), FeedbackId(id(2))]);

    // The same feedback again, whichever way it came in.
    for number in [0, 1, 2] {
        let again = open(&db, &ticket(number, Some("c-0"), Priority::P1, "payments")).await;
        assert_eq!(again, Opened::Already(calm.ticket().clone()), "{number}");
    }
    for (number, customer, queue) in [(3, Some("c-0"), "delivery"), (4, Some("c-1"), "payments"), (5, None, "payments")]
    {
        assert!(matches!(open(&db, &ticket(number, customer, Priority::P3, queue)).await, Opened::New(_)), "{number}");
    }
    assert!(matches!(open(&db, &ticket(6, None, Priority::P3, "payments")).await, Opened::New(_)), "nobody's");

    let found = tickets::get(&db, first.id).await.expect("read").expect("there");
    assert_eq!(&found, calm.ticket());
    for number in [0, 1, 2] {
        let found = tickets::of_feedback(&db, FeedbackId(id(number))).await.expect("read").expect("there");
        assert_eq!(found.id, first.id);
    }
    assert!(tickets::of_feedback(&db, FeedbackId(id(7))).await.expect("read").is_none());
    assert!(tickets::get(&db, id(404)).await.expect("read").is_none());
}

pub(crate) async fn a_solved_case_is_followed_by_a_new_one(db: Db) {
    fill(&db, 3).await;
    open(&db, &ticket(0, Some("c-0"), Priority::P2, "payments")).await;
    change(&db, 0x7000, Status::Open, Status::Pending).await.expect("changed");
    assert!(matches!(open(&db, &ticket(1, Some("c-0"), Priority::P2, "payments")).await, Opened::Attached(_)));
    let solved = change(&db, 0x7000, Status::Pending, Status::Solved).await.expect("changed").expect("there");
    assert_eq!((solved.status, solved.updated_at, solved.attached.len()), (Status::Solved, after(500), 1));
    assert!(matches!(open(&db, &ticket(2, Some("c-0"), Priority::P2, "payments")).await, Opened::New(_)));
}

pub(crate) async fn a_change_on_a_stale_reading_is_refused(db: Db) {
    fill(&db, 1).await;
    open(&db, &ticket(0, None, Priority::P2, "payments")).await;
    change(&db, 0x7000, Status::Open, Status::Solved).await.expect("changed");
    let error = change(&db, 0x7000, Status::Open, Status::Pending).await.expect_err("stale");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    assert!(error.to_string().contains("was open when you read it and is solved now"), "{error}");
    assert!(change(&db, 404, Status::Open, Status::Pending).await.expect("no error").is_none());
}

pub(crate) async fn an_unknown_feedback_opens_nothing(db: Db) {
    let mut tx = db.begin().await.expect("begun");
    let error = tickets::open_or_attach(&mut tx, &ticket(1, None, Priority::P1, "payments")).await;
    let error = error.expect_err("no such feedback");
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
}

pub(crate) async fn messages_at_once_open_one_ticket(db: Db) {
    fill(&db, 12).await;
    let mut workers = tokio::task::JoinSet::new();
    for number in 0..12 {
        let db = db.clone();
        workers
            .spawn(async move { open(&db, &ticket(number, Some("c-0"), Priority::P2, "payments")).await.ticket().id });
    }
    let tickets = workers.join_all().await;
    assert_eq!(tickets.iter().collect::<HashSet<_>>().len(), 1);
    let found = tickets::get(&db, tickets[0]).await.expect("read").expect("there");
    assert_eq!(found.attached.len(), 11);
}

pub(crate) async fn the_most_urgent_and_soonest_due_come_first(db: Db) {
    fill(&db, 10).await;
    for number in 0..10 {
        let priority = [Priority::P3, Priority::P1, Priority::P4, Priority::P2][number % 4];
        let mut ticket = ticket(number, None, priority, if number < 5 { "payments" } else { "delivery" });
        ticket.first_reply_due = after(1_000 - 100 * (number as i64 / 4));
        open(&db, &ticket).await;
    }
    change(&db, 0x7001, Status::Open, Status::Closed).await.expect("changed");
    let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
    loop {
        let page = tickets::page(&db, &Filter::default(), cursor.as_ref(), 3).await.expect("read");
        seen.extend(page.items.iter().map(|ticket| ticket.id.as_u128() & 0xFFF));
        cursor = page.next.map(|next| next.to_string().parse().expect("its own text"));
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [9, 5, 1, 7, 3, 8, 4, 0, 6, 2]);

    for (filter, expected) in [
        (Filter { status: Some(Status::Closed), ..Filter::default() }, vec![1]),
        (
            Filter { queue: Some("payments".to_owned()), status: Some(Status::Open), ..Filter::default() },
            vec![3, 4, 0, 2],
        ),
        (Filter { priority: Some(Priority::P4), ..Filter::default() }, vec![6, 2]),
        (Filter { customer: Some("c-0".to_owned().try_into().expect("short")), ..Filter::default() }, vec![]),
        (Filter { active: true, ..Filter::default() }, vec![9, 5, 7, 3, 8, 4, 0, 6, 2]),
        (Filter { status: Some(Status::Open), due_by: Some(after(900)), ..Filter::default() }, vec![9, 5, 7, 8, 4, 6]),
    ] {
        let page = tickets::page(&db, &filter, None, 100).await.expect("read");
        assert_eq!(
            page.items.iter().map(|ticket| ticket.id.as_u128() & 0xFFF).collect::<Vec<_>>(),
            expected,
            "{filter:?}"
        );
        let count = tickets::count(&db, &filter).await.expect("counted");
        assert_eq!(count, expected.len() as u64, "{filter:?}");
    }

    let counts = tickets::counts(&db, after(900)).await.expect("counted");
    assert_eq!(counts.statuses, BTreeMap::from([(Status::Open, 9), (Status::Closed, 1)]));
    let priorities = [(Priority::P1, 2), (Priority::P2, 2), (Priority::P3, 3), (Priority::P4, 2)];
    assert_eq!(counts.active_priorities, BTreeMap::from(priorities));
    assert_eq!(counts.active_queues, BTreeMap::from([("payments".to_owned(), 4), ("delivery".to_owned(), 5)]));
    assert_eq!(counts.overdue, 6);
}
