//! What the service does with feedback, one verb a file.

pub mod import;
pub mod record;
