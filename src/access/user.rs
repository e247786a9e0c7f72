//! People: who they are, what their role allows, and how long they stay signed in.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Scope;
use super::password::PasswordHash;
use crate::feedback::names;

names! {
    /// What a person may do; each role may do what those before it may.
    Role, "role", {
        /// Reads.
        Viewer = "viewer",
        /// Works on tickets.
        Agent = "agent",
        /// Corrects themes and writes journeys.
        Manager = "manager",
        /// Does everything.
        Admin = "admin",
    }
}

impl Role {
    /// What it allows.
    #[must_use]
    pub const fn scopes(self) -> &'static [Scope] {
        use Scope::{Admin, Classify, FeedbackRead, FeedbackWrite, ThemesWrite, TicketsWrite};
        match self {
            Self::Viewer => &[FeedbackRead, Classify],
            Self::Agent => &[FeedbackRead, Classify, FeedbackWrite, TicketsWrite],
            Self::Manager => &[FeedbackRead, Classify, FeedbackWrite, TicketsWrite, ThemesWrite],
            Self::Admin => &[Admin],
        }
    }

    /// Whether it allows `scope`.
    #[must_use]
    pub fn allows(self, scope: Scope) -> bool {
        self.scopes().contains(&scope) || self.scopes().contains(&Scope::Admin)
    }
}

/// The name somebody signs in with: 1 to 100 characters without spaces, in lower case; a mail address will do.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(String);

/// A name that nobody can sign in with.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a user's name has 1 to 100 characters and neither spaces nor control characters")]
pub struct BadUserName;

impl UserName {
    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = BadUserName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim().to_lowercase();
        let fits = (1..=100).contains(&name.chars().count());
        let plain = !name.chars().any(|letter| letter.is_whitespace() || letter.is_control());
        if fits && plain { Ok(Self(name)) } else { Err(BadUserName) }
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: Uuid,
    /// What they sign in with; no two have the same.
    pub name: UserName,
    /// What they may do.
    pub role: Role,
    /// What is kept of their password.
    pub password: PasswordHash,
    /// Since when they are there.
    pub created_at: DateTime<Utc>,
}

/// Somebody's being signed in: the cookie holds a secret, and only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret, in hexadecimal.
    pub hash: String,
    /// Who is signed in.
    pub user_id: Uuid,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_those_before_it_may_and_only_the_last_everything() {
        for pair in Role::ALL.windows(2) {
            let lost: Vec<_> =
                Scope::ALL.iter().filter(|scope| pair[0].allows(**scope) && !pair[1].allows(**scope)).collect();
            assert!(lost.is_empty(), "{} may {lost:?} and {} not", pair[0], pair[1]);
        }
        for (role, scope, allowed) in [
            (Role::Viewer, Scope::FeedbackRead, true),
            (Role::Viewer, Scope::TicketsWrite, false),
            (Role::Agent, Scope::TicketsWrite, true),
            (Role::Agent, Scope::ThemesWrite, false),
            (Role::Manager, Scope::ThemesWrite, true),
            (Role::Manager, Scope::Privacy, false),
            (Role::Manager, Scope::Admin, false),
            (Role::Admin, Scope::Privacy, true),
        ] {
            assert_eq!(role.allows(scope), allowed, "{role} {scope}");
        }
    }

    #[test]
    fn names_are_the_same_however_they_are_typed() {
        for (text, expected) in [
            ("Sara@Example.org ", Some("sara@example.org")),
            ("سارة", Some("سارة")),
            ("", None),
            ("a b", None),
            ("a\u{0}", None),
            (&"x".repeat(101), None),
        ] {
            assert_eq!(text.parse::<UserName>().ok().as_ref().map(UserName::as_str), expected, "{text:?}");
        }
    }
}
