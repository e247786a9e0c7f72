//! The vector contract on `qdrant-edge`, and what only a folder can suffer.

use std::path::Path;

use sada::stores::Error;
use sada::stores::vectors::{Filter, VectorIndex, VectorSettings};

use crate::store_contract_values::id;
use crate::vector_contract::{self, SIZE, point};

async fn open(folder: &Path) -> VectorIndex {
    VectorIndex::open(&VectorSettings::default(), folder, SIZE).await.expect("opened")
}

macro_rules! promises {
    ($($promise:ident),+ $(,)?) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let folder = tempfile::tempdir().expect("a folder");
            vector_contract::$promise(open(&folder.path().join("متجهات/vectors")).await).await;
        }
    )+ };
}

promises! {
    points_come_back_with_unit_length,
    the_nearest_come_first_with_their_cosine,
    a_search_is_filtered_by_payload,
    what_is_like_a_point_leaves_out_the_point,
    writing_twice_is_writing_once_and_the_last_counts,
    what_is_deleted_is_found_no_more,
    scrolling_shows_each_point_once_in_order,
    vectors_that_are_like_nothing_are_refused,
    readers_and_writers_share_the_index,
}

#[tokio::test]
async fn vectors_are_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..4_u128 {
        let index = open(folder.path()).await;
        assert_eq!(index.count().await.expect("counted"), round as u64);
        index.upsert(vec![point(round, 10.0 * round as f32)]).await.expect("kept");
        index.upsert(vec![point(77, 1.0)]).await.expect("kept");
        index.delete(&[id(77)]).await.expect("deleted");
    }
    let hits =
        open(folder.path()).await.nearest(&point(9, 31.0).vector, 9, &Filter::default()).await.expect("searched");
    assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [3, 2, 1, 0].map(id));
}

/// What a killed process leaves is what its files hold at that moment.
#[tokio::test]
async fn a_killed_process_loses_nothing_that_was_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let left = tempfile::tempdir().expect("a folder");
    let index = open(folder.path()).await;
    index.upsert((0..300).map(|number| point(number, number as f32 / 10.0)).collect()).await.expect("kept");
    index.upsert(vec![point(5, 89.0), point(300, 1.0)]).await.expect("kept");
    index.delete(&[id(6)]).await.expect("deleted");
    copy(folder.path(), left.path());
    let index = open(left.path()).await;
    assert_eq!(index.count().await.expect("counted"), 300);
    let hits = index.nearest(&point(999, 89.0).vector, 1, &Filter::default()).await.expect("searched");
    assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [id(5)]);
    assert!(index.get(&[id(6)]).await.expect("read").is_empty());
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("listed") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("its type").is_dir() {
            std::fs::create_dir(&target).expect("made");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[tokio::test]
async fn the_log_does_not_grow_for_ever() {
    let folder = tempfile::tempdir().expect("a folder");
    let index = VectorIndex::open(&VectorSettings::default(), folder.path(), 384).await.expect("opened");
    let wide = |number: u128, round: u128| {
        let mut wide = point(number, 1.0);
        wide.vector = (0..384).map(|at| ((at + 1) as f32 * (number + round + 1) as f32).sin()).collect();
        wide
    };
    let files = || {
        let entries = std::fs::read_dir(folder.path().join("wal")).expect("listed").flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("closed-")).count()
    };
    for round in 0..24_u128 {
        index.upsert((0..512).map(|number| wide(number, round)).collect()).await.expect("kept");
    }
    assert!(files() > 1, "the test must fill more than one file of the log");
    index.maintain().await.expect("maintained");
    assert!(files() <= 1);
    assert_eq!(index.count().await.expect("counted"), 512);
    // Numbered on from before, so it counts.
    index.upsert(vec![wide(3, 900)]).await.expect("kept");
    drop(index);
    let index = VectorIndex::open(&VectorSettings::default(), folder.path(), 384).await.expect("opened");
    let hits = index.nearest(&wide(3, 900).vector, 1, &Filter::default()).await.expect("searched");
    assert!(hits[0].id == id(3) && hits[0].score > 0.999_9, "{hits:?}");
}

#[tokio::test]
async fn vectors_of_another_size_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(open(folder.path()).await);
    let error = VectorIndex::open(&VectorSettings::default(), folder.path(), 768).await.expect_err("another size");
    assert!(matches!(error, Error::Refused { .. }), "{error}");
    assert!(error.to_string().contains("holds vectors of 4 dimensions and the model makes 768"), "{error}");
    drop(open(folder.path()).await);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let error =
        VectorIndex::open(&VectorSettings::default(), &file.join("vectors"), SIZE).await.expect_err("below a file");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");

    let index = open(folder.path()).await;
    let error = VectorIndex::open(&VectorSettings::default(), folder.path(), SIZE).await.expect_err("in use");
    assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    index.ping().await.expect("the first is well");
}
