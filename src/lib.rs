//! Sada (صدى, "echo") turns customers' free text into triage that a team can act on, Arabic first, on your own machine.
//!
//! # The map
//!
//! Modules stand in reading order; each imports only what stands above it (`tests/it/architecture.rs` holds us to that).
//!
//! | level | modules | what they know |
//! |---|---|---|
//! | 0 | [`clock`], [`telemetry`], [`statistics`], [`vector`] | time, ids, logs; intervals, quantiles, agreement; dot products |
//! | 1 | [`privacy`] | what is personal and how it is masked |
//! | 2 | [`feedback`] | the item: one text from one person, and what was understood of it |
//! | 3 | [`access`], [`answers`], [`scores`], [`triage`], [`themes`], [`personas`], [`journeys`] | rules: pure functions on values, no IO, no clock, no async |
//! | 3 | [`inference`] | the model: text in, vectors and readings out; the only user of candle and tokenizers |
//! | 4 | [`evals`] | how good the readings and the rules are, on labelled texts |
//! | 4 | [`stores`] | rows, jobs and vectors; the only user of SQL and Qdrant |
//! | 5–6 | [`error`], [`app`] | the one error; what is wired |
//! | 7 | [`pipeline`] | the use cases, one verb a file |
//! | 8 | [`worker`], [`web`] | who calls the use cases: the job queue, the API and the pages |
//! | 9 | [`config`] | where settings come from |
//! | 10–11 | [`server`], [`cli`] | processes and commands |
//!
//! # The straight line of one feedback
//!
//! 1. `web::api::feedback` parses the body into a [`feedback::NewFeedback`], whose text is a [`privacy::RawText`].
//! 2. [`pipeline::ingest`] masks it into a [`privacy::Text`] and inserts it with its job in one transaction; now it is accepted.
//! 3. [`worker`] claims the job by lease; no transaction is held while the model runs.
//! 4. [`pipeline::analyse`] reads it once, applies the rules, writes the vector under the item's own id,
//!    then completes the job, the analysis, what else the text says and the ticket in one transaction, and opens an incident or
//!    adds to one.
//! 5. [`pipeline::cluster`] groups all vectors on a schedule and keeps the themes' ids and what else texts say; [`pipeline::profile`] tells customers apart into personas.
//!
//! # Invariants
//!
//! - Raw text can be neither serialised nor printed; stores, inference and logs take masked text only.
//! - A job may run twice without harm; what a lost lease computed is thrown away.
//! - Triggers only ever raise a priority.
//! - The same text, model and rules give the same answer, alone or in a batch.

pub mod clock;
pub mod statistics;
pub mod telemetry;
pub mod vector;

pub mod privacy;

pub mod feedback;

pub mod access;
pub mod answers;
pub mod inference;
pub mod journeys;
pub mod personas;
pub mod scores;
pub mod themes;
pub mod triage;

pub mod evals;
pub mod stores;

pub mod app;
pub mod error;

pub mod pipeline;

pub mod web;
pub mod worker;

pub mod config;

pub mod server;

pub mod cli;
