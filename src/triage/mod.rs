//! What comes first, who takes it and by when: pure rules on what the models said.
//!
//! [`assess`] is the way in: it takes a masked text and what the heads read in it, and gives the analysis.
//! The same text, reading and rules always give the same analysis.

mod abstain;
mod assess;
mod due;
mod first;
mod handover;
pub mod incident;
mod lessons;
pub mod matrix;
pub mod phrases;
mod queue;
mod routing;
mod sentiment;
mod settings;
pub mod ticket;
mod trigger;

pub use assess::{Rules, assess};
pub use due::{Due, DueTime, DueTimes, due, wants_ticket};
pub use lessons::{COUNTED as LESSONS_COUNTED, Lesson, Lessons};
pub use queue::{Description, Hours, QueueError, QueueSettings};
pub use routing::{QueueProfile, route};
pub use settings::{RoutingSettings, SentimentSettings, Settings, TicketSettings, TriggerSettings, UrgencySettings};
