//! Passwords: hashed slowly, because people choose them.
//!
//! Argon2id (RFC 9106) with the parameters that OWASP's cheat sheet asks for: 19 MiB, 2 passes, 1 lane.

use std::fmt;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash as Parsed, PasswordHasher as _, PasswordVerifier as _, SaltString};

/// The fewest characters of a new password: more than NIST SP 800-63B's 8, because nothing else is asked for.
const SHORTEST: usize = 12;
/// The most characters of a password, so that nobody keeps us hashing.
const LONGEST: usize = 1_000;

/// A password as somebody typed it; its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A password that can't be taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a password has {SHORTEST} to {LONGEST} characters; a few words in a row are easy to remember")]
pub struct BadPassword;

/// A password that can't be hashed, which only a defect explains.
#[derive(Debug, thiserror::Error)]
#[error("the password can't be hashed: {0}")]
pub struct HashError(argon2::password_hash::Error);

impl Password {
    /// A new password.
    ///
    /// # Errors
    /// [`BadPassword`] if it is too short or too long.
    pub fn new(text: &str) -> Result<Self, BadPassword> {
        let fits = (SHORTEST..=LONGEST).contains(&text.chars().count());
        if fits { Ok(Self(text.to_owned())) } else { Err(BadPassword) }
    }

    /// A password as somebody presents it to sign in.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.chars().take(LONGEST + 1).collect())
    }

    /// The characters, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it; takes some hundredths of a second on purpose.
    ///
    /// # Errors
    /// [`HashError`] if the library fails.
    pub fn hash(&self, salt: [u8; 16]) -> Result<PasswordHash, HashError> {
        let salt = SaltString::encode_b64(&salt).map_err(HashError)?;
        let hash = Argon2::default().hash_password(self.0.as_bytes(), &salt).map_err(HashError)?;
        Ok(PasswordHash(hash.to_string()))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

/// What is kept of a password: hash, salt and parameters as a PHC string; its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash as it was kept.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The PHC string, to be kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is of this password; as slow as hashing, also if what was kept can't be read.
    #[must_use]
    pub fn is_of(&self, password: &Password) -> bool {
        match Parsed::new(&self.0) {
            Ok(kept) => Argon2::default().verify_password(password.0.as_bytes(), &kept).is_ok(),
            Err(_) => {
                drop(password.hash([0; 16]));
                false
            }
        }
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_its_own_password_alone_and_neither_is_printed() {
        let password = Password::new("حصان بطارية صحيح").expect("long enough");
        let hash = password.hash([7; 16]).expect("hashed");
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        assert!(hash.is_of(&Password::presented("حصان بطارية صحيح")));
        assert!(!hash.is_of(&Password::presented("حصان بطارية صحيح ")));
        assert!(!PasswordHash::stored("nonsense".to_owned()).is_of(&password));
        assert_ne!(password.hash([8; 16]).expect("hashed"), hash, "another salt, another hash");
        assert_eq!(format!("{password:?} {hash:?}"), "Password(hidden) PasswordHash(hidden)");
    }

    #[test]
    fn new_passwords_have_a_length() {
        assert_eq!(Password::new("short"), Err(BadPassword));
        assert_eq!(Password::new(&"x".repeat(LONGEST + 1)), Err(BadPassword));
        assert!(Password::new(&"س".repeat(SHORTEST)).is_ok());
    }
}
