//! What both databases promise about the edits of themes and their lineage, one function a promise.

use std::collections::BTreeMap;

use sada::feedback::{FeedbackId, Language, Priority, SentimentLabel};
use sada::stores::Cursor;
use sada::stores::sql::feedback::Filter;
use sada::stores::sql::sub_themes::SubThemeOf;
use sada::stores::sql::theme_lineage::{self, Descent};
use sada::stores::sql::{Db, feedback, sub_themes, theme_edits, themes};
use sada::themes::edits::Part;
use sada::themes::{Act, Edit, Event, Lineage, Membership, SubTheme};

use crate::store_contract::{analyse, fill};
use crate::store_contract_values::{after, id, theme};

fn acts() -> Vec<Act> {
    let titles = BTreeMap::from([(Language::arabic(), "تأخّر «المندوب» \"٢\" %".to_owned())]);
    let part = Part {
        id: id(73),
        records: vec![FeedbackId(id(4))],
        here: vec![0.1, -1.0 / 3.0],
        there: vec![1e-30, 0.7],
        titles: titles.clone(),
        keywords: BTreeMap::new(),
    };
    vec![
        Act::Rename { theme: id(70), titles },
        Act::Merge { theme: id(71), into: id(70) },
        Act::Split { theme: id(70), part: Box::new(part) },
        Act::Pin { theme: id(72) },
        Act::Hide { theme: id(72) },
        Act::Assign { feedback: FeedbackId(id(4)), theme: None },
    ]
}

pub(crate) async fn edits_are_logged_in_order_and_undone_once(db: Db) {
    let edit = |(number, act): (u128, Act)| Edit {
        id: id(0x900 + number),
        made_at: after(i64::try_from(number / 2).expect("small")),
        made_by: "نورة".to_owned(),
        act,
        undone_at: None,
    };
    let mut edits: Vec<Edit> = (0..).zip(acts()).map(edit).collect();
    let mut tx = db.begin().await.expect("begun");
    theme_edits::take_turns(&mut tx).await.expect("a turn");
    for edit in edits.iter().rev() {
        theme_edits::insert(&mut tx, edit).await.expect("kept");
    }
    assert_eq!(theme_edits::holding(&mut tx).await.expect("read"), edits);
    assert!(theme_edits::undo(&mut tx, edits[1].id, after(99)).await.expect("undone"));
    assert!(!theme_edits::undo(&mut tx, edits[1].id, after(100)).await.expect("no error"));
    assert!(!theme_edits::undo(&mut tx, id(404), after(100)).await.expect("no error"));
    tx.commit().await.expect("kept");
    edits[1].undone_at = Some(after(99));
    assert_eq!(theme_edits::get(&db, edits[1].id).await.expect("read").as_ref(), Some(&edits[1]));
    let (mut seen, mut cursor) = (Vec::new(), None::<Cursor>);
    loop {
        let page = theme_edits::page(&db, None, cursor.as_ref(), 4).await.expect("read");
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    seen.reverse();
    assert_eq!(seen, edits);
    for (about, expected) in [(70, 3), (72, 2), (4, 2), (404, 0)] {
        let found = theme_edits::page(&db, Some(id(about)), None, 10).await.expect("read").items;
        assert_eq!(found.len(), expected, "{about}");
    }
    let mut tx = db.begin().await.expect("begun");
    edits.remove(1);
    assert_eq!(theme_edits::holding(&mut tx).await.expect("read"), edits);
}

pub(crate) async fn moving_to_another_theme_keeps_the_group(db: Db) {
    fill(&db, 3).await;
    for number in 0..3 {
        analyse(&db, number, SentimentLabel::Negative, Priority::P3, None).await;
    }
    let (group, other) = (theme(70), theme(71));
    let mut tx = db.begin().await.expect("begun");
    themes::replace_all(&mut tx, &[group.clone(), other.clone()], std::slice::from_ref(&group))
        .await
        .expect("replaced");
    let lies = |number, theme_id| Membership {
        feedback_id: FeedbackId(id(number)),
        group_id: Some(group.id),
        sub_theme: None,
        theme_id,
        nearest: Some(other.id),
        similarity: 0.5,
    };
    feedback::set_themes(&mut tx, &[lies(0, Some(group.id)), lies(1, Some(group.id))]).await.expect("set");
    themes::replace(&mut tx, std::slice::from_ref(&other)).await.expect("replaced");
    feedback::move_to_themes(&mut tx, &[(FeedbackId(id(1)), Some(other.id))]).await.expect("moved");
    let expected = [lies(0, None), lies(1, Some(other.id))];
    assert_eq!(feedback::memberships(&mut tx).await.expect("read"), expected);
    let ids: Vec<_> = themes::groups(&mut tx).await.expect("read").iter().map(|group| group.id).collect();
    assert_eq!(ids, [group.id, other.id]);
    tx.commit().await.expect("kept");
    let listed = themes::list(&db).await.expect("read");
    assert_eq!((listed.len(), &listed[0].theme, listed[0].members), (1, &other, 1));
}

pub(crate) async fn sub_themes_are_of_the_themes_that_their_members_have_now(db: Db) {
    fill(&db, 6).await;
    for number in 0..6 {
        let feeling = if number == 0 { SentimentLabel::Negative } else { SentimentLabel::Positive };
        analyse(&db, number, feeling, Priority::P3, None).await;
    }
    let (theme, other) = (theme(70), theme(71));
    let sub_theme = |number: u128| SubTheme {
        id: id(number),
        titles: BTreeMap::from([(Language::arabic(), format!("ساعتين {number}"))]),
        created_at: after(1),
    };
    let (first, second) = (sub_theme(0x900), sub_theme(0x901));
    let lies = |number: u128| Membership {
        feedback_id: FeedbackId(id(number)),
        group_id: Some(theme.id),
        sub_theme: (number < 5).then_some(if number < 3 { first.id } else { second.id }),
        theme_id: Some(theme.id),
        nearest: Some(theme.id),
        similarity: 0.5,
    };
    let memberships: Vec<Membership> = (0..6).map(lies).collect();
    let mut tx = db.begin().await.expect("begun");
    let themes = [theme.clone(), other.clone()];
    themes::replace_all(&mut tx, &themes, &themes).await.expect("replaced");
    sub_themes::replace_all(&mut tx, &[first.clone(), second.clone()]).await.expect("replaced");
    feedback::set_themes(&mut tx, &memberships).await.expect("set");
    assert_eq!(feedback::memberships(&mut tx).await.expect("read"), memberships);
    assert_eq!(sub_themes::all(&mut tx).await.expect("read"), [first.clone(), second.clone()]);
    feedback::move_to_themes(&mut tx, &[(FeedbackId(id(4)), Some(other.id))]).await.expect("moved");
    tx.commit().await.expect("kept");
    let of = |theme, sub_theme: &SubTheme, members, negative| SubThemeOf {
        theme,
        sub_theme: sub_theme.clone(),
        members,
        negative,
    };
    let expected = [of(theme.id, &first, 3, 1), of(theme.id, &second, 1, 0), of(other.id, &second, 1, 0)];
    assert_eq!(sub_themes::of_themes(&db, None).await.expect("read"), expected);
    assert_eq!(sub_themes::of_themes(&db, Some(other.id)).await.expect("read"), expected[2..]);
    let filter = Filter { theme: Some(theme.id), sub_theme: Some(second.id), ..Filter::default() };
    assert_eq!(feedback::counts(&db, &filter).await.expect("counted").total, 1);
    let members = sub_themes::members(&db, second.id).await.expect("read");
    assert_eq!(members, [FeedbackId(id(3)), FeedbackId(id(4))].into());
    let mut tx = db.begin().await.expect("begun");
    sub_themes::replace_all(&mut tx, std::slice::from_ref(&first)).await.expect("replaced");
    tx.commit().await.expect("kept");
    assert_eq!(sub_themes::of_themes(&db, None).await.expect("read"), expected[..1], "what is gone has no members");
}

pub(crate) async fn lineage_is_told_from_both_sides(db: Db) {
    let descent = |number: u128, event, theme: u128, other: Option<u128>| Descent {
        id: id(0x800 + number),
        run_at: after(i64::try_from(number / 10).expect("small")),
        lineage: Lineage { theme: id(theme), event, other: other.map(id), shared: 7, before: 8, after: 9 },
        titles: BTreeMap::from([(Language::english(), format!("theme {theme}"))]),
        other_titles: BTreeMap::new(),
    };
    let first = [descent(0, Event::New, 70, None), descent(1, Event::Same, 71, None)];
    let second = [
        descent(10, Event::Same, 70, None),
        descent(11, Event::Merged, 71, Some(70)),
        descent(12, Event::Split, 72, Some(70)),
        descent(13, Event::Gone, 73, None),
    ];
    for run in [&first[..], &second[..]] {
        let mut tx = db.begin().await.expect("begun");
        theme_lineage::add(&mut tx, run).await.expect("added");
        tx.commit().await.expect("kept");
    }
    let of = async |theme| theme_lineage::of_theme(&db, id(theme), 10).await.expect("read");
    let [same, merged, split, gone] = second;
    assert_eq!(of(70).await, [split, merged.clone(), same, first[0].clone()]);
    assert_eq!(of(71).await, [merged], "that it went on once is forgotten");
    assert_eq!(of(73).await, [gone]);
    assert!(of(404).await.is_empty());
}
