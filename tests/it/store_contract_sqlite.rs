//! The contract on SQLite, and what only a file can suffer.

use std::path::Path;

use sada::stores::Error;
use sada::stores::sql::feedback::{self, Filter};
use sada::stores::sql::{DatabaseSettings, Db};
use sada::{feedback::FeedbackId, stores::sql::Dialect};
use sqlx::Connection;

use crate::store_contract_values::{feedback as item, id};
use crate::{
    store_contract, store_contract_jobs, store_contract_people, store_contract_ratings, store_contract_tickets,
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

promises! {
    store_contract {
        feedback_comes_back_as_it_went_in,
        a_natural_key_is_kept_once,
        what_is_not_committed_never_was,
        a_large_batch_goes_in_whole,
        nul_is_refused_and_nothing_of_the_batch_kept,
        pages_show_everything_once_newest_first,
        filters_let_through_what_they_name,
        an_analysis_comes_back_exactly_and_replaces_the_last,
        counts_split_by_what_is_known,
        grouping_reads_all_that_is_analysed_in_order,
        themes_come_back_and_members_follow_them,
        a_dissolved_theme_leaves_its_members_without,
        tokens_are_found_by_hash_until_revoked,
        a_key_stands_for_one_request_for_a_day,
        facts_are_kept_by_name,
    }
    store_contract_jobs {
        jobs_are_claimed_in_order_and_once,
        workers_at_once_never_share_a_job,
        a_lost_lease_keeps_nothing,
        what_a_dead_process_held_is_free_again,
        waiting_for_a_part_that_is_away_uses_nothing_up,
        what_was_given_up_may_begin_anew,
        what_fails_waits_longer_each_time_and_then_is_dead,
        what_kills_its_worker_is_given_up,
        a_unique_key_keeps_a_second_job_out,
    }
    store_contract_ratings {
        ratings_are_counted_by_group_and_day,
        a_rating_filter_finds_what_was_counted,
        contradictions_are_those_that_the_rule_finds,
    }
    store_contract_tickets {
        a_customer_has_one_open_ticket_in_a_queue,
        a_solved_case_is_followed_by_a_new_one,
        a_change_on_a_stale_reading_is_refused,
        an_unknown_feedback_opens_nothing,
        messages_at_once_open_one_ticket,
        the_most_urgent_and_soonest_due_come_first,
    }
    store_contract_people {
        users_come_back_by_name_and_no_two_have_the_same,
        a_session_lasts_until_its_end_or_its_user_s,
        a_correction_on_a_stale_reading_is_refused,
        what_a_person_called_a_theme_outlives_a_grouping,
        days_and_weeks_add_up_and_local_midnight_counts,
        words_are_found_as_they_stand,
        without_feedback_there_is_no_last,
    }
}

/// Runs SQL on the file behind the back of the store.
async fn tamper(folder: &Path, sql: &'static str) {
    let url = DatabaseSettings::sqlite(&folder.join("sada.db")).url;
    let mut connection = sqlx::AnyConnection::connect(&url).await.expect("connected");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("ran");
    connection.close().await.expect("closed");
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
