//! What counts as personal data and how it leaves a text before anything else sees it.
//!
//! [`RawText`] is what a person typed: it can be neither serialised nor printed.
//! [`Text`] is what is left after masking: the only text that is stored, embedded or logged.

mod text;

pub use text::{RawText, Text};
