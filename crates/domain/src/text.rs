//! Closed lists of words, as they stand in tables, JSON and pages.

use std::fmt;

#[doc(hidden)]
pub use serde;

/// A word that is not in its closed list; says which list and what would have been accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    pub kind: &'static str,
    pub given: String,
    pub accepted: Vec<&'static str>,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is not a {}; expected one of: {}", self.given, self.kind, self.accepted.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Declares an enum whose variants are words: one spelling for tables, JSON, pages and logs.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $kind:literal $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every word of the list, in its fixed order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text::UnknownWord;
            fn from_str(given: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|w| w.as_str() == given).ok_or_else(|| $crate::text::UnknownWord {
                    kind: $kind,
                    given: given.chars().take(80).collect(),
                    accepted: Self::ALL.iter().map(|w| w.as_str()).collect(),
                })
            }
        }

        impl $crate::text::serde::Serialize for $name {
            fn serialize<S: $crate::text::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::text::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::text::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let given = <std::borrow::Cow<'de, str> as $crate::text::serde::Deserialize>::deserialize(d)?;
                given.parse().map_err($crate::text::serde::de::Error::custom)
            }
        }
    };
}
