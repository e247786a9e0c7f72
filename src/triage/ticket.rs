//! A case for an agent and the states it may go through.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::feedback::{CustomerId, FeedbackId, Priority, Trigger, names};

names! {
    /// Where a ticket stands.
    Status, "status", {
        /// Somebody must act.
        Open = "open",
        /// The customer or another team must act.
        Pending = "pending",
        /// Done; the customer may still come back.
        Solved = "solved",
        /// Done for good.
        Closed = "closed",
    }
}

/// A change of status that makes no sense.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a {from} ticket can't become {to}; it may become {allowed}")]
pub struct BadTransition {
    from: Status,
    to: Status,
    allowed: String,
}

impl Status {
    /// What a ticket may become from here.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::Pending, Self::Solved, Self::Closed],
            Self::Pending => &[Self::Open, Self::Solved, Self::Closed],
            Self::Solved => &[Self::Open, Self::Closed],
            Self::Closed => &[],
        }
    }

    /// The status `to`, if it may follow; staying as it is always may.
    ///
    /// # Errors
    /// [`BadTransition`] if it may not.
    pub fn change(self, to: Self) -> Result<Self, BadTransition> {
        if self == to || self.next().contains(&to) {
            return Ok(to);
        }
        let allowed = self.next().iter().map(|status| status.name()).collect::<Vec<_>>().join(" or ");
        let allowed = if allowed.is_empty() { "nothing else".to_owned() } else { allowed };
        Err(BadTransition { from: self, to, allowed })
    }

    /// Whether new messages of the same customer still belong to it.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::Pending)
    }
}

/// A case for an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id; derived from the feedback that opened it, so that a job that runs twice opens one.
    pub id: Uuid,
    /// The feedback that opened it.
    pub feedback_id: FeedbackId,
    /// Later feedback of the same customer about the same thing.
    pub attached: Vec<FeedbackId>,
    /// Whose case it is.
    pub customer: Option<CustomerId>,
    /// How urgent; only ever raised by later feedback.
    pub priority: Priority,
    /// Whose work it is.
    pub queue: String,
    /// Why it has this priority, as evidence.
    pub triggers: Vec<Trigger>,
    /// Where it stands.
    pub status: Status,
    /// When the first reply is due.
    pub first_reply_due: DateTime<Utc>,
    /// When it must be resolved.
    pub resolution_due: DateTime<Utc>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The incident that its feedback belongs to, the last if there are several; told when it is read.
    pub incident: Option<Uuid>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_move_along_the_allowed_ways_only() {
        use Status::{Closed, Open, Pending, Solved};
        let allowed = [
            (Open, Pending),
            (Open, Solved),
            (Open, Closed),
            (Pending, Open),
            (Pending, Solved),
            (Pending, Closed),
            (Solved, Open),
            (Solved, Closed),
        ];
        for from in Status::ALL.iter().copied() {
            for to in Status::ALL.iter().copied() {
                let fine = from == to || allowed.contains(&(from, to));
                assert_eq!(from.change(to).is_ok(), fine, "{from} to {to}");
            }
        }
        let message = Closed.change(Open).expect_err("closed is closed").to_string();
        assert_eq!(message, "a closed ticket can't become open; it may become nothing else");
    }
}
