//! The vector contract over gRPC, and what only a server can do to us.
//!
//! It runs against the stand-in of `qdrant_server`, and once more against a real one if `SADA_TEST_QDRANT_URL` names it.

use std::collections::BTreeMap;
use std::path::Path;

use qdrant_client::qdrant::{Distance, PayloadSchemaType};
use sada::stores::Error;
use sada::stores::vectors::{Filter, VectorIndex, VectorSettings};

use crate::qdrant_server::{Server, State};
use crate::vector_contract::{self, SIZE, point};

fn settings(url: &str) -> VectorSettings {
    VectorSettings { url: Some(url.to_owned()), timeout_s: 5, ..VectorSettings::default() }
}

async fn open(settings: &VectorSettings) -> Result<VectorIndex, Error> {
    VectorIndex::open(settings, Path::new("/nonexistent"), SIZE).await
}

macro_rules! promises {
    ($($promise:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() {
                let server = Server::start(&State::default(), "127.0.0.1:0", None).await;
                vector_contract::$promise(open(&settings(&server.url())).await.expect("opened")).await;
                server.stop().await;
            }
        )+

        /// Passes where no server is named: then the stand-in has to do.
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn a_real_server_keeps_the_contract() {
            let Ok(url) = std::env::var("SADA_TEST_QDRANT_URL") else { return };
            let api_key = std::env::var("SADA_TEST_QDRANT_API_KEY").ok();
            $(
                let collection = concat!("sada_test_", stringify!($promise)).to_owned();
                let client = qdrant_client::Qdrant::from_url(&url).api_key(api_key.clone()).build().expect("a client");
                client.delete_collection(&collection).await.expect("cleared");
                let named = VectorSettings { collection, api_key: api_key.clone(), ..settings(&url) };
                vector_contract::$promise(open(&named).await.expect("opened")).await;
            )+
        }
    };
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_is_made_with_its_indexes_and_found_again() {
    let state = State::default();
    let server = Server::start(&state, "127.0.0.1:0", None).await;
    let index = open(&settings(&server.url())).await.expect("opened");
    index.upsert(vec![point(1, 1.0)]).await.expect("kept");
    let again = open(&settings(&server.url())).await.expect("opened again");
    assert_eq!(again.count().await.expect("counted"), 1);
    let indexes = [
        ("channel", PayloadSchemaType::Keyword),
        ("collected_at", PayloadSchemaType::Integer),
        ("language", PayloadSchemaType::Keyword),
    ];
    let indexes = indexes.map(|(name, kind)| (name.to_owned(), kind));
    assert_eq!(state.kind("sada_feedback"), Some((4, Distance::Cosine, BTreeMap::from(indexes))));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_of_another_kind_is_refused() {
    let state = State::default();
    state.create("wide", 768, Distance::Cosine);
    state.create("dot", 4, Distance::Dot);
    let server = Server::start(&state, "127.0.0.1:0", None).await;
    for (collection, expected) in [
        ("wide", "the collection wide holds vectors of 768 dimensions and the model makes 4"),
        ("dot", "the collection dot measures by Dot and Sada needs cosine"),
    ] {
        let settings = VectorSettings { collection: collection.to_owned(), ..settings(&server.url()) };
        let error = open(&settings).await.expect_err("another kind");
        assert!(matches!(error, Error::Refused { .. }) && error.to_string().contains(expected), "{error}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_key_opens_and_a_wrong_one_is_named() {
    let server = Server::start(&State::default(), "127.0.0.1:0", Some("k3y")).await;
    let right = VectorSettings { api_key: Some("k3y".to_owned()), ..settings(&server.url()) };
    open(&right).await.expect("opened").upsert(vec![point(1, 1.0)]).await.expect("kept");
    for wrong in [None, Some("other".to_owned()), Some("bad\nkey".to_owned())] {
        let error = open(&VectorSettings { api_key: wrong.clone(), ..right.clone() }).await.expect_err("wrong key");
        assert!(matches!(error, Error::Refused { .. }), "{wrong:?}: {error}");
        assert!(!wrong.is_some_and(|wrong| error.to_string().contains(&wrong)), "the key must not be told: {error}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_is_missed_and_found_again() {
    let state = State::default();
    let server = Server::start(&state, "127.0.0.1:0", None).await;
    let url = server.url();
    let index = open(&settings(&url)).await.expect("opened");
    index.upsert(vec![point(1, 1.0)]).await.expect("kept");
    let address = server.stop().await.to_string();

    for error in [
        index.ping().await.expect_err("gone"),
        index.upsert(vec![point(2, 2.0)]).await.expect_err("gone"),
        index.nearest(&point(9, 1.0).vector, 1, &Filter::default()).await.expect_err("gone"),
        open(&settings(&url)).await.expect_err("gone"),
    ] {
        assert!(matches!(error, Error::Unavailable { .. }), "{error}");
    }

    let server = Server::start(&state, &address, None).await;
    index.upsert(vec![point(2, 2.0)]).await.expect("kept");
    assert_eq!(index.count().await.expect("counted"), 2);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_address_is_refused() {
    for url in ["", "localhost:6334", "grpc://localhost:6334", "http://", "http://bad host:1"] {
        let error = open(&settings(url)).await.expect_err("no address");
        assert!(matches!(error, Error::Refused { .. }), "{url}: {error}");
        assert!(error.to_string().contains("http://host:6334"), "{url}: {error}");
    }
}
