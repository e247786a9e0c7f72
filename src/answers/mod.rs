//! Answers that can be proved: numbered lines of evidence, sentences that cite them, and the check that drops the others.
//!
//! A [`Sheet`] is everything that a question may be answered with. Without a language model its own lines are the answer
//! ([`extract`]); with one, its words are cut into [`Sentence`]s, and each must pass [`check`] against what it cites.

mod check;
mod claims;
mod extract;
mod instructions;
mod lexicon;
mod names;
mod numbers;
mod parse;
mod prompt;
mod sheet;
mod tell;
mod tongue;
mod topics;
mod wording;

pub use check::{Fault, Limits, check};
pub use extract::extract;
pub use instructions::commands_a_machine;
pub use parse::{Sentence, parse};
pub use prompt::{Asked, Prompt, prompt};
pub use sheet::{Counted, Kind, Line, Record, Sheet};
pub use tell::{Ask, ranked, tells};
pub use tongue::Tongue;
pub use wording::{channel_name, feeling_name, language_name, statement};
