//! Who did what: the words of the audit log.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Token, User};
use crate::feedback::names;

/// Whoever does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who is signed in.
    User {
        /// Their id.
        id: Uuid,
        /// What they sign in with.
        name: String,
    },
    /// A program with a token.
    Token {
        /// The token's id.
        id: Uuid,
        /// What the token is for.
        name: String,
    },
    /// Whoever runs commands on the machine itself.
    Operator,
    /// Somebody who is not known, as when a sign-in fails.
    Nobody,
}

impl Actor {
    /// The kind as it is kept: `user`, `token`, `operator`, `nobody`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::Token { .. } => "token",
            Self::Operator => "operator",
            Self::Nobody => "nobody",
        }
    }

    /// The id, where there is one.
    #[must_use]
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::User { id, .. } | Self::Token { id, .. } => Some(*id),
            Self::Operator | Self::Nobody => None,
        }
    }

    /// The name, where there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::User { name, .. } | Self::Token { name, .. } => Some(name),
            Self::Operator | Self::Nobody => None,
        }
    }

    /// The actor that was kept as these; none if no such kind was ever kept.
    #[must_use]
    pub fn kept(kind: &str, id: Option<Uuid>, name: Option<String>) -> Option<Self> {
        match (kind, id, name) {
            ("user", Some(id), Some(name)) => Some(Self::User { id, name }),
            ("token", Some(id), Some(name)) => Some(Self::Token { id, name }),
            ("operator", None, None) => Some(Self::Operator),
            ("nobody", None, None) => Some(Self::Nobody),
            _ => None,
        }
    }
}

impl From<&User> for Actor {
    fn from(user: &User) -> Self {
        Self::User { id: user.id, name: user.name.as_str().to_owned() }
    }
}

impl From<&Token> for Actor {
    fn from(token: &Token) -> Self {
        Self::Token { id: token.id, name: token.name.clone() }
    }
}

names! {
    /// What was done.
    Action, "action", {
        /// Somebody signed in.
        SignedIn = "signed_in",
        /// Somebody tried to sign in with a wrong name or password.
        SignInRefused = "sign_in_refused",
        /// A ticket's status, priority or queue was corrected.
        TicketCorrected = "ticket_corrected",
        /// What a corrected ticket had taught was taken back.
        LessonForgotten = "lesson_forgotten",
        /// An incident was closed.
        IncidentClosed = "incident_closed",
        /// A theme was renamed, merged, split, pinned, hidden or assigned.
        ThemeChanged = "theme_changed",
        /// A journey was written or removed.
        JourneyChanged = "journey_changed",
        /// A person may sign in from now on.
        UserCreated = "user_created",
        /// A person has another role.
        RoleChanged = "role_changed",
        /// A person has another password.
        PasswordChanged = "password_changed",
        /// A person may not sign in any more.
        UserRemoved = "user_removed",
        /// A token was made.
        TokenCreated = "token_created",
        /// A token was withdrawn.
        TokenRevoked = "token_revoked",
        /// Settings were changed.
        SettingsChanged = "settings_changed",
        /// A file began to be imported.
        ImportStarted = "import_started",
        /// A file was imported.
        ImportFinished = "import_finished",
        /// Something was taken out of Sada as a file.
        Exported = "exported",
    }
}

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Its id, in the order of making.
    pub id: Uuid,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: Action,
    /// To what: its kind (`ticket`, `user`, …) and its id or name.
    pub subject: Option<(String, String)>,
    /// Names and numbers: what was before and after; never a customer's words.
    pub details: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_survives_being_kept() {
        let (id, name) = (Uuid::from_u128(7), "sara".to_owned());
        for actor in [Actor::User { id, name: name.clone() }, Actor::Token { id, name }, Actor::Operator, Actor::Nobody]
        {
            assert_eq!(Actor::kept(actor.kind(), actor.id(), actor.name().map(str::to_owned)), Some(actor));
        }
        assert_eq!(Actor::kept("user", None, None), None);
    }
}
