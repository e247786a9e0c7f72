//! The use cases, one verb a file: each is a straight line from its input to the stores.

pub mod analyse;
pub mod classify;
pub mod cluster;
pub mod health;
pub mod idempotency;
pub mod import;
pub mod ingest;
pub mod jobs;
pub mod overview;
pub mod read;
pub mod record;
pub mod rules;
pub mod tickets;
pub mod tokens;
