//! What both databases promise about incidents: which texts they have, whom they touched, and when they end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use sada::feedback::{Channel, Feedback, FeedbackId, Priority, SentimentLabel};
use sada::stores::Error;
use sada::stores::sql::events::{self, EventKind};
use sada::stores::sql::feedback::{self, Attribute, Filter};
use sada::stores::sql::incidents::{self, Stretch, Touched};
use sada::stores::sql::{Db, themes, tickets};
use sada::themes::{Belongs, Heard, Membership};
use sada::triage::incident::{Incident, Status};
use uuid::Uuid;

use crate::store_contract::analyse;
use crate::store_contract_values::{after, feedback as item, id, start, theme, ticket};

/// The group that all texts are nearest to.
const GROUP: u128 = 70;

fn text(number: usize) -> FeedbackId {
    FeedbackId(id(number as u128))
}

/// The `number`th feedback, given `number` minutes after the start.
fn given(number: usize) -> Feedback {
    let mut feedback = item(number);
    feedback.origin.collected_at = start() + TimeDelta::minutes(i64::try_from(number).expect("small"));
    feedback
}

/// Feedback 0 to `count`, one a minute, all nearest to one group; every third is positive.
pub(crate) async fn fill(db: &Db, count: usize) {
    let mut tx = db.begin().await.expect("begun");
    feedback::insert_many(&mut tx, &(0..count).map(given).collect::<Vec<_>>()).await.expect("inserted");
    themes::replace_all(&mut tx, &[theme(GROUP), theme(71)], &[theme(GROUP), theme(71)]).await.expect("replaced");
    tx.commit().await.expect("kept");
    for number in 0..count {
        let label = if number % 3 == 2 { SentimentLabel::Positive } else { SentimentLabel::Negative };
        analyse(db, number, label, Priority::P3, None).await;
    }
    let mut tx = db.begin().await.expect("begun");
    feedback::set_themes(&mut tx, &(0..count).map(lies).collect::<Vec<_>>()).await.expect("set");
    tx.commit().await.expect("kept");
}

/// Where the `number`th feedback lies.
fn lies(number: usize) -> Membership {
    Membership {
        feedback_id: text(number),
        group_id: None,
        theme_id: (number < 4).then(|| id(GROUP)),
        sub_theme: None,
        nearest: Some(id(GROUP)),
        similarity: 0.1,
    }
}

fn incident(number: usize) -> Incident {
    Incident {
        id: id(number as u128),
        status: Status::Open,
        started_at: start(),
        opened_at: after(600 + i64::try_from(number).expect("small")),
        last_at: after(240),
        updated_at: after(600 + i64::try_from(number).expect("small")),
    }
}

pub(crate) async fn open(db: &Db, number: usize, texts: &[usize]) -> Result<(), Error> {
    let mut tx = db.begin().await.expect("begun");
    incidents::take_turns(&mut tx).await.expect("its turn");
    incidents::open(
        &mut tx,
        &incident(number),
        id(GROUP),
        &texts.iter().map(|number| text(*number)).collect::<Vec<_>>(),
    )
    .await?;
    tx.commit().await
}

async fn join(db: &Db, number: usize, group: u128, texts: &[usize], last: i64) -> Result<(), Error> {
    let texts: Vec<FeedbackId> = texts.iter().map(|number| text(*number)).collect();
    let mut tx = db.begin().await.expect("begun");
    incidents::join(&mut tx, id(number as u128), id(group), &texts, after(last), after(900)).await?;
    tx.commit().await
}

pub(crate) async fn touched(db: &Db, number: usize) -> Touched {
    let id = id(number as u128);
    incidents::touched(db, &[id]).await.expect("read").remove(&id).expect("asked for")
}

pub(crate) async fn texts_are_heard_with_the_incident_they_belong_to(db: Db) {
    fill(&db, 9).await;
    open(&db, 0, &[0, 1]).await.expect("opened");
    let mut tx = db.begin().await.expect("begun");
    let time = start()..after(6 * 60);
    let belongs = Belongs { id: id(0), open: true, here: true };
    let expect = |incident: fn(usize) -> bool| -> Vec<Heard> {
        let heard = |number: usize| Heard {
            id: text(number),
            at: given(number).origin.collected_at,
            customer: given(number).origin.customer,
            incident: incident(number).then_some(belongs),
        };
        [0, 1, 3, 4, 6].map(heard).into()
    };
    let heard = incidents::heard(&mut tx, id(GROUP), &time).await.expect("read");
    assert_eq!(heard, expect(|number| number < 2), "positive ones and later ones are left out");
    assert_eq!(incidents::heard(&mut tx, id(71), &time).await.expect("read"), []);
    assert_eq!(incidents::earlier(&mut tx, id(GROUP), &time).await.expect("counted"), 4, "the end is left out");
    assert_eq!(incidents::first_given(&mut tx, after(1)).await.expect("read"), Some(given(1).origin.collected_at));
    assert_eq!(incidents::first_given(&mut tx, after(9_999)).await.expect("read"), None);
    drop(tx);
    join(&db, 0, 71, &[3], 180).await.expect("joined");
    let mut tx = db.begin().await.expect("begun");
    let heard = incidents::heard(&mut tx, id(GROUP), &time).await.expect("read");
    assert_eq!(heard, expect(|number| number < 4), "it goes on elsewhere, too");
    let moved = [0, 1].map(|number| Membership { nearest: Some(id(72)), ..lies(number) });
    themes::replace_all(&mut tx, &[theme(72)], &[theme(72)]).await.expect("replaced");
    feedback::set_themes(&mut tx, &moved).await.expect("set");
    let heard = incidents::heard(&mut tx, id(72), &time).await.expect("read");
    let known: Vec<_> = heard.iter().map(|text| (text.id, text.incident)).collect();
    let elsewhere = Some(Belongs { here: false, ..belongs });
    assert_eq!(known, [(text(0), elsewhere), (text(1), elsewhere)], "in a group that was found anew");
}

pub(crate) async fn an_incident_takes_in_more_and_is_counted_by_whom_it_touched(db: Db) {
    fill(&db, 24).await;
    open(&db, 0, &[0, 1, 4]).await.expect("opened");
    let mut one = Touched {
        feedback: 3,
        customers: 2,
        without_customer: 1,
        channels: BTreeMap::from([(Channel::Chat, 2), (Channel::AppReview, 1)]),
        theme: Some(id(GROUP)),
    };
    assert_eq!(touched(&db, 0).await, one);
    join(&db, 0, GROUP, &[6, 18], 18 * 60).await.expect("joined");
    join(&db, 0, 71, &[3], 180).await.expect("joined late");
    (one.feedback, one.without_customer) = (6, 2);
    one.channels = BTreeMap::from([(Channel::Chat, 4), (Channel::AppReview, 2)]);
    assert_eq!(touched(&db, 0).await, one, "6 and 18 come from a customer who is there already");
    let found = incidents::get(&db, id(0)).await.expect("read").expect("there");
    let expected = Incident { last_at: after(18 * 60), updated_at: after(900), ..incident(0) };
    assert_eq!(found, expected, "what is late does not set it back");

    let members: BTreeSet<FeedbackId> = [0, 1, 3, 4, 6, 18].map(text).into();
    assert_eq!(incidents::members(&db, id(0)).await.expect("read"), members);
    let stretches = incidents::ten_minutes(&db, id(0)).await.expect("read");
    let count = |stretch: &Stretch| ((stretch.start - start()).num_minutes(), stretch.count, stretch.negative);
    assert_eq!(stretches.iter().map(count).collect::<Vec<_>>(), [(0, 5, 5), (9, 1, 1)]);
    assert_eq!(touched(&db, 404).await, Touched::default());
    assert!(incidents::get(&db, id(404)).await.expect("read").is_none());
}

pub(crate) async fn a_text_belongs_to_one_incident(db: Db) {
    fill(&db, 6).await;
    open(&db, 0, &[0, 1]).await.expect("opened");
    for refused in [
        open(&db, 0, &[3]).await,
        open(&db, 3, &[3, 1]).await,
        open(&db, 3, &[404]).await,
        join(&db, 0, GROUP, &[1], 60).await,
    ] {
        let error = refused.expect_err("it is taken, or not there");
        assert!(matches!(error, Error::Conflict { .. }), "{error}");
    }
    assert_eq!(touched(&db, 0).await.feedback, 2);
    assert!(incidents::get(&db, id(3)).await.expect("read").is_none());
}

pub(crate) async fn an_incident_is_closed_once_and_listed_by_when_it_was_noticed(db: Db) {
    fill(&db, 6).await;
    for number in [0, 1, 3] {
        open(&db, number, &[number]).await.expect("opened");
    }
    let close = async |number: usize| {
        let mut tx = db.begin().await.expect("begun");
        let changed =
            incidents::change_status(&mut tx, id(number as u128), Status::Open, Status::Closed, after(2_000)).await?;
        tx.commit().await.expect("kept");
        Ok::<_, Error>(changed)
    };
    let closed = close(1).await.expect("closed").expect("there");
    assert_eq!((closed.status, closed.updated_at), (Status::Closed, after(2_000)));
    let error = close(1).await.expect_err("it was closed");
    assert!(error.to_string().contains("was open when you read it and is closed now"), "{error}");
    assert!(close(404).await.expect("no error").is_none());
    for (status, expected) in [(None, vec![3, 1, 0]), (Some(Status::Open), vec![3, 0]), (Some(Status::Closed), vec![1])]
    {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = incidents::page(&db, status, after.as_ref(), 2).await.expect("read");
            seen.extend(page.items.iter().map(|incident| incident.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected.into_iter().map(id).collect::<Vec<Uuid>>(), "{status:?}");
    }
}

pub(crate) async fn tickets_and_feedback_are_filtered_by_incident(db: Db) {
    fill(&db, 9).await;
    let mut tx = db.begin().await.expect("begun");
    for number in [0, 6, 1, 4] {
        let customer = item(number).origin.customer.map(String::from);
        let ticket = ticket(number, customer.as_deref(), Priority::P3, "payments");
        tickets::open_or_attach(&mut tx, &ticket).await.expect("opened");
    }
    tx.commit().await.expect("kept");
    open(&db, 1, &[1, 3, 6]).await.expect("opened");
    let filter = Filter { incident: Some(id(1)), ..Filter::default() };
    let page = feedback::page(&db, &filter, None, 10).await.expect("read");
    assert_eq!(page.items.iter().map(|item| item.id).collect::<Vec<_>>(), [6, 3, 1].map(text));
    let nobody = Filter { without: [Attribute::Customer].into(), ..filter };
    assert_eq!(feedback::counts(&db, &nobody).await.expect("counted").total, 2);
    let filter = tickets::Filter { incident: Some(id(1)), ..tickets::Filter::default() };
    let found = tickets::page(&db, &filter, None, 10).await.expect("read").items;
    let known = |found: &tickets::Opened| found.ticket().incident;
    assert_eq!(found.iter().map(|ticket| ticket.feedback_id).collect::<Vec<_>>(), [0, 1].map(text));
    assert!(found.iter().all(|ticket| ticket.incident == Some(id(1))), "also by what is attached to it");
    let mut tx = db.begin().await.expect("begun");
    let other = tickets::open_or_attach(&mut tx, &ticket(4, Some("c-4"), Priority::P3, "payments")).await;
    assert_eq!(other.as_ref().ok().and_then(known), None);
}

pub(crate) async fn an_opened_and_a_changed_incident_are_told(db: Db) {
    fill(&db, 6).await;
    open(&db, 0, &[0]).await.expect("opened");
    let told = async || {
        let all = events::since(&db, after(500), 10).await.expect("read").events.into_iter();
        all.filter(|event| event.id == Some(id(0))).map(|event| event.kind).collect::<Vec<_>>()
    };
    assert_eq!(told().await, [EventKind::IncidentOpened]);
    join(&db, 0, GROUP, &[1], 60).await.expect("joined");
    assert_eq!(told().await, [EventKind::IncidentOpened, EventKind::IncidentChanged]);
}
