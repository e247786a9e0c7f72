//! Everything that is tested from outside the crate, in one binary.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test may read its environment, and what it lacks fails it"
)]

mod api;
mod architecture;
mod cli;
mod evals;
mod heads;
mod import;
mod inference;
mod kill;
mod openapi;
mod pages;
mod privacy;
mod qdrant_server;
mod scores;
mod start;
mod store_contract;
mod store_contract_jobs;
mod store_contract_people;
mod store_contract_postgres;
mod store_contract_promises;
mod store_contract_ratings;
mod store_contract_sqlite;
mod store_contract_tickets;
mod store_contract_values;
mod support;
mod triage_cases;
mod vector_contract;
mod vector_contract_edge;
mod vector_contract_remote;
mod web;
