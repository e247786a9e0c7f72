//! Everything that is tested from outside the crate, in one binary.
mod architecture;
mod triage_cases;
