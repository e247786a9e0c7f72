//! What counts as personal data and how it leaves a text before anything else sees it.
//!
//! [`RawText`] is what a person typed: it can be neither serialised nor printed.
//! [`Text`] is what is left after masking: the only text that is stored, embedded or logged.
//!
//! [`mask`] leads from one to the other. Recognisers look at a folded **shadow** of the text (one digit script, one case, no invisible
//! characters) and claim stretches of it; overlapping claims become one; each leaves a tag such as `[phone]`.
//! Recall comes before precision: a mask too many costs a number, a mask too few costs a person's trust.
//! What digits cannot prove by themselves (an order number, a mistyped id) is masked when a word beside it names it.
//! Numbers written in words are not recognised.

mod checks;
mod context;
mod email;
mod find;
mod fold;
mod iban;
mod ip;
mod kind;
mod lexicon;
mod links;
mod mask;
mod numbers;
mod phones;
#[cfg(test)]
mod properties;
mod shadow;
#[cfg(test)]
mod tests;
mod text;
mod units;
mod words;

pub use kind::PersonalKind;
pub use mask::{Masked, MaskedSpan, mask};
pub use text::{RawText, Text};
