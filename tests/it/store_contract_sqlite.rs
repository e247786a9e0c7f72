//! The contract on SQLite, and what only a file can suffer.

use std::path::Path;

use sada::stores::Error;
use sada::stores::sql::feedback::{self, Filter};
use sada::stores::sql::{DatabaseSettings, Db, mentions, pieces};
use sada::{feedback::FeedbackId, stores::sql::Dialect};
use sqlx::Connection;

use crate::store_contract_promises::every_promise;
use crate::store_contract_values::{feedback as item, id};
use crate::{
    store_contract, store_contract_incidents, store_contract_jobs, store_contract_journeys, store_contract_lessons,
    store_contract_live, store_contract_mentions, store_contract_people, store_contract_personas,
    store_contract_ratings, store_contract_themes, store_contract_tickets,
};

async fn open(folder: &Path) -> Db {
    Db::open(&DatabaseSettings::sqlite(&folder.join("sada.db"))).await.expect("opened")
}

/// A test for each promise, in a folder whose name needs care in a URL.
macro_rules! promises {
    ($($module:ident { $($promise:ident),+ $(,)? })+) => { $($(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let folder = tempfile::tempdir().expect("a folder");
            let folder = folder.path().join("100% بيانات #1?");
            std::fs::create_dir(&folder).expect("made");
            $module::$promise(open(&folder).await).await;
        }
    )+)+ };
}

every_promise! { promises }

/// Runs SQL on the file behind the back of the store.
async fn tamper(folder: &Path, sql: &'static str) {
    let url = DatabaseSettings::sqlite(&folder.join("sada.db")).url;
    let mut connection = sqlx::AnyConnection::connect(&url).await.expect("connected");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("ran");
    connection.close().await.expect("closed");
}

/// Whoever deletes a text deletes what was kept of it.
#[tokio::test]
async fn pieces_and_mentions_of_a_text_go_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    let kept = "INSERT INTO mentions VALUES ('a', 0, 'g', NULL, 0, 1, 0.5); INSERT INTO pieces VALUES ('a', '[]', '');";
    let text = "INSERT INTO feedback (id, source, text, channel, source_kind, collected_at, received_at, metadata)
        VALUES ('a', 's', 't', 'chat', 'direct', 0, 0, '{}');";
    for sql in [text, kept, "PRAGMA foreign_keys = ON; DELETE FROM feedback"] {
        tamper(folder.path(), sql).await;
    }
    assert!(pieces::page(&db, None, 1).await.expect("read").is_empty());
    let mut tx = db.begin().await.expect("begun");
    assert!(mentions::page(&mut tx, None, 1).await.expect("read").is_empty());
}

/// What a killed process leaves is what its files hold at that moment.
#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_committed() {
    let folder = tempfile::tempdir().expect("a folder");
    let left = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    let mut tx = db.begin().await.expect("begun");
    feedback::insert_many(&mut tx, &(0..50).map(item).collect::<Vec<_>>()).await.expect("inserted");
    tx.commit().await.expect("kept");
    let mut tx = db.begin().await.expect("begun");
    feedback::insert(&mut tx, &item(99)).await.expect("inserted");
    for file in std::fs::read_dir(folder.path()).expect("listed") {
        let file = file.expect("a file");
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), left.path().join(file.file_name())).expect("copied");
        }
    }
    drop(tx);
    let db = open(left.path()).await;
    assert_eq!(feedback::counts(&db, &Filter::default()).await.expect("counted").total, 50);
    assert!(feedback::get(&db, FeedbackId(id(99))).await.expect("read").is_none());
}

#[tokio::test]
async fn a_database_opens_again_with_all_that_was_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..3 {
        let db = open(folder.path()).await;
        assert_eq!(db.dialect(), Dialect::Sqlite);
        assert_eq!(feedback::counts(&db, &Filter::default()).await.expect("counted").total, round);
        let mut tx = db.begin().await.expect("begun");
        feedback::insert(&mut tx, &item(usize::try_from(round).expect("small"))).await.expect("inserted");
        tx.commit().await.expect("kept");
        db.close().await;
    }
}

#[tokio::test]
async fn a_bad_value_is_named_by_its_place_and_its_text_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    for (column, sql) in [
        ("channel", "UPDATE feedback SET channel = 'fax'"),
        ("metadata", "UPDATE feedback SET channel = 'chat', metadata = '{\"secret words\"'"),
        ("rating_value", "UPDATE feedback SET metadata = '{}', rating_value = 77"),
        ("touchpoint", "UPDATE feedback SET rating_method = NULL, touchpoint = ''"),
        ("collected_at", "UPDATE feedback SET touchpoint = NULL, collected_at = 9223372036854775807"),
        ("analysis", "UPDATE feedback SET collected_at = 0, analysis = '\"secret words\"'"),
    ] {
        let mut tx = db.begin().await.expect("begun");
        feedback::insert(&mut tx, &item(0)).await.expect("inserted");
        tx.commit().await.expect("kept");
        tamper(folder.path(), sql).await;
        let error = feedback::get(&db, FeedbackId(id(0))).await.expect_err("a bad value");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(&format!("feedback.{column} of row {}", id(0))), "{shown}");
        assert!(!shown.contains("secret words"), "{shown}");
    }
}

#[tokio::test]
async fn feedback_that_is_deleted_leaves_its_incident() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(folder.path()).await;
    store_contract_incidents::fill(&db, 6).await;
    store_contract_incidents::open(&db, 0, &[0, 1, 3]).await.expect("opened");
    tamper(folder.path(), "DELETE FROM feedback WHERE customer IS NULL").await;
    let touched = store_contract_incidents::touched(&db, 0).await;
    assert_eq!((touched.feedback, touched.customers, touched.without_customer), (1, 1, 0));
}

#[tokio::test]
async fn tables_of_a_newer_version_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    open(folder.path()).await.close().await;
    tamper(
        folder.path(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .await;
    let error = Db::open(&DatabaseSettings::sqlite(&folder.path().join("sada.db"))).await.expect_err("newer");
    assert!(matches!(error, Error::Refused { .. }) && error.to_string().contains("newer version"), "{error}");
}

#[tokio::test]
async fn what_is_no_database_is_refused_with_advice() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sada.db");
    let missing = DatabaseSettings::sqlite(&folder.path().join("no/such/folder/sada.db"));
    let error = Db::open(&missing).await.expect_err("no folder");
    assert!(error.to_string().contains("its folder must exist and be writable"), "{error}");

    std::fs::write(&file, "this was never a database, but it is long enough to look at".repeat(40)).expect("written");
    let error = Db::open(&DatabaseSettings::sqlite(&file)).await.expect_err("garbage");
    assert!(error.to_string().contains("damaged, restore it from a backup"), "{error}");

    for url in ["", "sada.db", "mysql://localhost/sada", "http://localhost"] {
        let settings = DatabaseSettings { url: url.to_owned(), ..DatabaseSettings::default() };
        let error = Db::open(&settings).await.expect_err("no database URL");
        assert!(matches!(error, Error::Refused { .. }), "{url}: {error}");
        assert!(error.to_string().contains("postgres://user:password@host:5432/database"), "{error}");
    }
}
