//! A customer's id that is no personal data.
//!
//! Whatever is a phone number, an address or an official number, or holds one, becomes `kind-` and the start of its
//! SHA-256, the same for every way of writing it, so that one person stays one person and the number is never kept.

use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::time::{ascii_digits, pattern};
use crate::feedback::{BadName, CustomerId};
use crate::privacy::{self, RawText};

/// What makes an id personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A national id, a residence permit or a bank account.
    Official,
}

impl Personal {
    /// What the pseudonyms made of it start with.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Official => "official",
        }
    }

    /// What `text` looks like, if it is one such value and nothing else.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        static EMAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^\s@]+@[^\s@]+\.[^\s@]{2,}$"));
        static PHONE: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"^(?:(?:\+|00)\d{8,15}|(?:0|966|971)?5\d{8}|(?:0|20)1[0125]\d{8})$"));
        static OFFICIAL: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"^(?:784\d{12}|[23]\d{13}|[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30})$"));
        let bare = bare(text);
        if EMAIL.is_match(text.trim()) {
            Some(Self::Email)
        } else if PHONE.is_match(&bare) {
            Some(Self::Phone)
        } else if OFFICIAL.is_match(&bare) || is_saudi_id(&bare) {
            Some(Self::Official)
        } else {
            None
        }
    }

    /// The pseudonym of `text` as a value of this kind.
    #[must_use]
    pub fn pseudonym(self, text: &str) -> String {
        let same = match self {
            Self::Email => text.trim().to_lowercase(),
            Self::Phone => national(&bare(text)),
            Self::Official => bare(text).to_uppercase(),
        };
        hidden(self.name(), &same)
    }
}

/// `kind-` and the start of the value's SHA-256.
fn hidden(kind: &str, value: &str) -> String {
    let digest = Sha256::digest(value.as_bytes());
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{kind}-{short}")
}

/// The id to keep for a customer: as given, or a pseudonym if it is personal data.
///
/// Look a customer up by the same function, and either form finds the same one.
///
/// # Errors
/// [`BadName`] if it is empty, too long or holds control characters.
pub fn customer_id(text: &str) -> Result<CustomerId, BadName> {
    CustomerId::try_from(pseudonym_if_personal(text).unwrap_or_else(|| text.to_owned()))
}

/// The pseudonym of a value that is personal data; none for any other.
#[must_use]
pub fn pseudonym_if_personal(text: &str) -> Option<String> {
    static PSEUDONYM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:email|phone|official|customer)-[0-9a-f]{16}$"));
    if PSEUDONYM.is_match(text) {
        return None;
    }
    let holds_personal_data = || !privacy::mask(&RawText::new(text)).spans.is_empty();
    match Personal::of(text) {
        Some(kind) => Some(kind.pseudonym(text)),
        None => holds_personal_data().then(|| hidden("customer", text.trim())),
    }
}

/// The pseudonym of an external id that is an address or an international number.
///
/// Local numbers stay: they can't be told from a counter, and two ids must never become one.
#[must_use]
pub(super) fn pseudonym_of_external_id(text: &str) -> Option<String> {
    let kind = Personal::of(text)?;
    let sure = kind == Personal::Email || (kind == Personal::Phone && text.trim().starts_with('+'));
    sure.then(|| kind.pseudonym(text))
}

/// Without separators and with ASCII digits.
fn bare(text: &str) -> String {
    ascii_digits(text).chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '(' | ')' | '/')).collect()
}

/// What is the same in +966501234567, 00966501234567 and 0501234567: numbers of the Gulf and Egypt without their prefix.
fn national(bare: &str) -> String {
    static PREFIXED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\+?0*(?:966|971)?(5\d{8})$|^\+?0*(?:20)?(1[0125]\d{8})$"));
    let number = PREFIXED.captures(bare).and_then(|found| found.get(1).or_else(|| found.get(2)));
    number.map_or_else(|| bare.trim_start_matches(['+', '0']).to_owned(), |number| number.as_str().to_owned())
}

/// Ten digits from 1 or 2 with a Luhn sum: a Saudi national id or Iqama.
fn is_saudi_id(bare: &str) -> bool {
    if bare.len() != 10 || !bare.starts_with(['1', '2']) {
        return false;
    }
    let sum = bare.chars().rev().enumerate().try_fold(0, |sum, (place, c)| {
        let digit = c.to_digit(10)?;
        let doubled = if place % 2 == 1 { digit * 2 } else { digit };
        Some(sum + doubled / 10 + doubled % 10)
    });
    sum.is_some_and(|sum: u32| sum.is_multiple_of(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_ids_become_the_same_pseudonym_however_they_are_written() {
        let ways: [&[&str]; 3] = [
            &["+966501234567", "00966501234567", "0501234567", "050 123 4567", "٠٥٠١٢٣٤٥٦٧", "966-50-123-4567"],
            &["Sara@Example.com", "sara@example.com "],
            &["SA4420000001234567891234", "sa44 2000 0001 2345 6789 1234"],
        ];
        for same in ways {
            let first = customer_id(same[0]).expect("an id");
            assert!(!first.as_str().contains("1234") && !first.as_str().contains('@'), "{first}");
            for way in same {
                assert_eq!(customer_id(way).expect("an id"), first, "{way}");
            }
        }
        assert_ne!(customer_id("0501234567"), customer_id("0501234568"));
        for holds in ["Sara 0501234567", "sara@example.com (Riyadh)"] {
            let id = customer_id(holds).expect("an id");
            assert!(id.as_str().starts_with("customer-"), "{holds}");
            assert_eq!(customer_id(id.as_str()).expect("an id"), id, "a pseudonym stays what it is");
        }
    }

    #[test]
    fn other_ids_stay_as_they_are() {
        for id in
            ["c-1042", "١٢٣", "98213", "user_77", "a1b2c3d4-0000-4000-8000-000000000001", "عميل-٧", "1234567890123"]
        {
            assert_eq!(customer_id(id).expect("an id").as_str(), id);
        }
        assert!(customer_id(" ").is_err());
    }
}
