//! Everything that is tested from outside the crate, in one binary.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test may read its environment, and what it lacks fails it"
)]

mod answers;
mod answers_liar;
mod api;
mod architecture;
mod ask;
mod browser;
mod cli;
mod evals;
mod generate;
mod heads;
mod html;
mod import;
mod import_page;
mod incidents;
mod inference;
mod journeys;
mod kill;
mod lessons;
mod live;
mod mentions;
mod openapi;
mod pages;
mod pages_of_demo;
mod pages_of_nasty_texts;
mod personas;
mod population;
mod privacy;
mod qdrant_server;
mod scores;
mod settings_page;
mod start;
mod store_contract;
mod store_contract_incidents;
mod store_contract_jobs;
mod store_contract_journeys;
mod store_contract_lessons;
mod store_contract_live;
mod store_contract_mentions;
mod store_contract_people;
mod store_contract_personas;
mod store_contract_postgres;
mod store_contract_promises;
mod store_contract_ratings;
mod store_contract_sqlite;
mod store_contract_themes;
mod store_contract_tickets;
mod store_contract_values;
mod support;
mod themes;
mod triage_cases;
mod vector_contract;
mod vector_contract_edge;
mod vector_contract_remote;
mod walk;
mod web;
