//! What is kept: rows in SQLite or PostgreSQL, vectors in `qdrant-edge` or Qdrant, and the lock on their folder.
//!
//! Nothing here decides anything about feedback, and nothing here reads the clock: `now` is always a parameter.
//! Only masked text comes in, because only [`crate::privacy::Text`] fits.
//! What isn't there is `None`, never an error.

mod error;
pub mod folder;
mod page;
pub mod sql;
pub mod vectors;

pub use error::{Error, Store};
pub use page::{BadCursor, Cursor, MAX_PAGE, Page};
