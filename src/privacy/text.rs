//! The two kinds of text: as typed, and masked.

use std::fmt;

use serde::Serialize;

/// What a person typed, personal data included.
///
/// It has no `Serialize` and its `Debug` shows the length alone, so that it can reach neither a store nor a log.
#[derive(Clone, PartialEq, Eq)]
pub struct RawText(String);

impl RawText {
    /// Takes what was typed as it is.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The typed characters, for masking and for checks of form only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RawText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawText({} characters)", self.0.chars().count())
    }
}

/// Masked text: personal data is replaced by tags like `[phone]`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Text that masking made; only the privacy module can say so.
    pub(super) fn masked(text: String) -> Self {
        Self(text)
    }

    /// Text that was masked before it was stored, read back; for stores only.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// What `cut` leaves of it.
    #[must_use]
    pub fn part(&self, cut: impl FnOnce(&str) -> &str) -> Self {
        Self(cut(&self.0).to_owned())
    }

    /// The masked characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} characters)", self.0.chars().count())
    }
}
