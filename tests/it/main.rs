//! Everything that is tested from outside the crate, in one binary.

mod api;
mod architecture;
mod cli;
mod heads;
mod import;
mod inference;
mod kill;
mod support;
