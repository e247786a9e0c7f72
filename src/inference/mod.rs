//! Runs the language model: texts in, vectors out.
//!
//! It fetches a model ([`models`]), loads it, and runs it behind one handle ([`Engine`]).
//! A text gets the same vectors alone and in any company, and the same bytes from run to run.
//! The engine knows nothing of labels, rules or stores: [`heads`] read what [`Encoded`] holds, and [`Reader`] is both.

mod desk;
mod encoder;
mod engine;
mod error;
pub mod generate;
pub mod heads;
mod instructions;
pub mod language;
mod lines;
pub mod models;
mod pool;
mod reader;
mod settings;
mod tokens;
pub mod train;
mod unigram;
mod worker;

pub use encoder::Tuned;
pub use engine::{Encoded, Engine, Input};
pub use error::Error;
pub use heads::{Heads, Topics};
pub use instructions::Instructions;
pub use pool::Pooled;
pub use reader::Reader;
pub use settings::{Device, Precision, Settings};
