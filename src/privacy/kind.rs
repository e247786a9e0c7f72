//! The kinds of personal data that leave a text.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a masked stretch was; its tag is what stands in the text instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalKind {
    /// A mobile or fixed-line number.
    Phone,
    /// An e-mail address.
    Email,
    /// A national id, residence permit (Iqama), Emirates ID or civil id.
    NationalId,
    /// A passport number.
    Passport,
    /// An international bank account number.
    Iban,
    /// A payment card number, or the part of one that a text calls so.
    Card,
    /// An IP address, version 4 or 6.
    Ip,
    /// A link that carries a token, a key, a person or a record.
    Link,
    /// A number of one record: order, shipment, booking, invoice, ticket, transaction.
    OrderNumber,
    /// A number of one customer: account, membership, policy, meter; also any run of 20 digits and more.
    AccountNumber,
    /// A one-time password, PIN, CVV or password.
    VerificationCode,
}

impl PersonalKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Phone,
        Self::Email,
        Self::NationalId,
        Self::Passport,
        Self::Iban,
        Self::Card,
        Self::Ip,
        Self::Link,
        Self::OrderNumber,
        Self::AccountNumber,
        Self::VerificationCode,
    ];

    /// The name used in JSON, such as `national_id`.
    #[must_use]
    pub fn name(self) -> &'static str {
        let tag = self.tag();
        &tag[1..tag.len() - 1]
    }

    /// What stands in a masked text, such as `[national_id]`: the name in square brackets.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Phone => "[phone]",
            Self::Email => "[email]",
            Self::NationalId => "[national_id]",
            Self::Passport => "[passport]",
            Self::Iban => "[iban]",
            Self::Card => "[card]",
            Self::Ip => "[ip]",
            Self::Link => "[link]",
            Self::OrderNumber => "[order_number]",
            Self::AccountNumber => "[account_number]",
            Self::VerificationCode => "[verification_code]",
        }
    }
}

impl fmt::Display for PersonalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
