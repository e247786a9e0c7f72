//! Who may do what: tokens and their scopes, people and their roles.
//!
//! A token is shown once, when it is made; only its SHA-256 is kept.
//! A fast hash is right here, because a token is 256 random bits and not a password.

mod audit;
mod password;
mod user;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::feedback::{UnknownName, names};

pub use audit::{Action, Actor, AuditEntry};
pub use password::{BadPassword, HashError, Password, PasswordHash};
pub use user::{BadUserName, Role, Session, User, UserName};

names! {
    /// What a token allows.
    Scope, "scope", {
        /// Classify texts; nothing is stored.
        Classify = "classify",
        /// Read feedback, themes and tickets.
        FeedbackRead = "feedback:read",
        /// Send feedback.
        FeedbackWrite = "feedback:write",
        /// Change tickets.
        TicketsWrite = "tickets:write",
        /// Regroup and correct themes, write journeys.
        ThemesWrite = "themes:write",
        /// Erase people.
        Privacy = "privacy",
        /// Everything, tokens included.
        Admin = "admin",
    }
}

/// A token as it is kept: never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id, to name it by.
    pub id: Uuid,
    /// What it is for, in somebody's words.
    pub name: String,
    /// SHA-256 of the secret, in hexadecimal.
    pub hash: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stops working, if it does.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was withdrawn, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Token {
    /// Whether it works at `now`.
    #[must_use]
    pub fn works_at(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether it allows `scope`; an admin's allows everything.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

/// A token's secret, `sada_` and 64 hexadecimal digits; its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret made of 32 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(format!("sada_{}", hex(&bytes)))
    }

    /// A secret as somebody presents it.
    #[must_use]
    pub fn presented(secret: &str) -> Self {
        Self(secret.to_owned())
    }

    /// The characters, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it: SHA-256 in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Bytes in lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
        text.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
        text
    })
}

/// The list of scopes in `text`, separated by commas or spaces.
///
/// # Errors
/// [`UnknownName`] for the first that is none.
pub fn parse_scopes(text: &str) -> Result<Vec<Scope>, UnknownName> {
    text.split([',', ' ']).filter(|name| !name.is_empty()).map(Scope::from_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_and_its_hash_is_sha256() {
        let secret = Secret::presented("abc");
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
        assert_eq!(secret.hash(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(Secret::from_random([0xAB; 32]).reveal().len(), 69);
    }

    #[test]
    fn admin_allows_everything_and_time_ends_a_token() {
        let start = DateTime::from_timestamp(1_000, 0).expect("in range");
        let mut token = Token {
            id: Uuid::nil(),
            name: "bot".into(),
            hash: String::new(),
            scopes: vec![Scope::Classify],
            created_at: start,
            expires_at: Some(start + chrono::TimeDelta::seconds(10)),
            revoked_at: None,
        };
        assert!(token.allows(Scope::Classify) && !token.allows(Scope::FeedbackRead));
        assert!(token.works_at(start) && !token.works_at(start + chrono::TimeDelta::seconds(10)));
        token.scopes = vec![Scope::Admin];
        token.revoked_at = Some(start);
        assert!(token.allows(Scope::Privacy) && !token.works_at(start));
    }

    #[test]
    fn scopes_are_listed_with_commas_or_spaces() {
        assert_eq!(parse_scopes("classify, feedback:read"), Ok(vec![Scope::Classify, Scope::FeedbackRead]));
        assert!(parse_scopes("classify,root").is_err());
    }
}
