//! The map of Sada.
//!
//! Modules stand in reading order; each imports only what stands above it (a test holds us to that).

pub mod clock;
pub mod feedback;
pub mod inference;
pub mod privacy;
