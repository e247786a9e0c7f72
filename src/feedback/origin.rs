//! Where and from whom a feedback came.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A value that is none of a closed list.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{value:?} is no {what}; it must be one of {expected}")]
pub struct UnknownName {
    what: &'static str,
    value: String,
    expected: String,
}

/// A closed list of names: the enum, its names in the API, and parsing with an error that lists them.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident, $what:literal, { $($(#[$item:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $type { $($(#[$item])* #[serde(rename = $name)] $variant),+ }

        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in the API and the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = $crate::feedback::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.name() == text).ok_or_else(|| {
                    $crate::feedback::UnknownName::new($what, text, Self::ALL.iter().map(|value| value.name()))
                })
            }
        }
    };
}
pub(crate) use names;

impl UnknownName {
    /// Says what `value` should have been.
    pub(crate) fn new(what: &'static str, value: &str, expected: impl Iterator<Item = &'static str>) -> Self {
        Self { what, value: value.chars().take(40).collect(), expected: expected.collect::<Vec<_>>().join(", ") }
    }
}

names! {
    /// Where a feedback came in.
    Channel, "channel", {
        /// A questionnaire.
        Survey = "survey",
        /// A review in an app store.
        AppReview = "app_review",
        /// A review on a site or map.
        Review = "review",
        /// A post or comment in public.
        Social = "social",
        /// Notes or a transcript of a call.
        Call = "call",
        /// A chat or chatbot.
        Chat = "chat",
        /// An e-mail.
        Email = "email",
        /// A form on a site.
        Web = "web",
        /// What somebody did rather than said.
        Behaviour = "behaviour",
        /// None of these.
        Other = "other",
    }
}

names! {
    /// The three ways to hear a customer.
    SourceKind, "source kind", {
        /// Asked: surveys.
        Direct = "direct",
        /// Overheard: reviews, posts, calls, chats, e-mail.
        Indirect = "indirect",
        /// Concluded from behaviour.
        Inferred = "inferred",
    }
}

impl Channel {
    /// The way of hearing that a channel usually stands for.
    #[must_use]
    pub const fn source_kind(self) -> SourceKind {
        match self {
            Self::Survey => SourceKind::Direct,
            Self::Behaviour => SourceKind::Inferred,
            _ => SourceKind::Indirect,
        }
    }
}

/// A short name that a team gives: 1–200 characters, trimmed, none of them a control character.
macro_rules! short_name {
    ($(#[$doc:meta])* $type:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// The name itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = BadName;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                let text = text.trim();
                let length = text.chars().count();
                if length == 0 || length > 200 || text.chars().any(char::is_control) {
                    return Err(BadName { what: $what });
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// A name that is empty, too long or holds control characters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a {what} has 1 to 200 characters and no control characters")]
pub struct BadName {
    what: &'static str,
}

short_name! {
    /// Which interaction a feedback is about (delivery, payment, branch visit…); the team's own words.
    Touchpoint, "touchpoint"
}

short_name! {
    /// A customer's pseudonymous id in the team's own systems; never a name, number or address.
    CustomerId, "customer id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_a_wrong_one_lists_the_right_ones() {
        for channel in Channel::ALL {
            assert_eq!(channel.name().parse::<Channel>().as_ref(), Ok(channel));
            assert_eq!(serde_json::to_value(channel).expect("a string"), channel.name());
        }
        let message = "fax".parse::<SourceKind>().expect_err("unknown").to_string();
        assert_eq!(message, "\"fax\" is no source kind; it must be one of direct, indirect, inferred");
    }

    #[test]
    fn short_names_are_trimmed_and_bounded() {
        assert_eq!(Touchpoint::try_from(" دفع ".to_owned()).expect("fine").as_str(), "دفع");
        for bad in ["", "  ", "a\u{0}b", &"x".repeat(201)] {
            assert!(CustomerId::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}
