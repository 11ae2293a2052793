//! Lengths of time as people write them in files: a whole number and `s`, `m`, `h` or `d`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const UNITS: [(&str, i64); 4] = [("d", 24 * 60 * 60), ("h", 60 * 60), ("m", 60), ("s", 1)];

/// A length of time in seconds, never negative: `14d`, `0s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Period(i64);

impl Period {
    pub const NONE: Self = Self(0);

    #[must_use]
    pub const fn from_days(days: u32) -> Self {
        Self(days as i64 * 24 * 60 * 60)
    }

    /// Of a number that is not negative; of a negative one, none.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(if seconds < 0 { 0 } else { seconds })
    }

    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// As people say it: `14 days`.
    #[must_use]
    pub fn to_words(self) -> String {
        let (count, unit) = self.parts();
        let name = match unit {
            "d" => "day",
            "h" => "hour",
            "m" => "minute",
            _ => "second",
        };
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    }

    /// In the largest unit that it is a whole number of.
    fn parts(self) -> (i64, &'static str) {
        let fits = UNITS.into_iter().find(|(_, factor)| self.0 != 0 && self.0 % factor == 0);
        fits.map_or((0, "s"), |(unit, factor)| (self.0 / factor, unit))
    }
}

/// Not a length of time as this system writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a duration: write a whole number and s, m, h or d, like \"14d\"")]
pub struct InvalidPeriod(String);

impl FromStr for Period {
    type Err = InvalidPeriod;
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let (number, unit) = given.char_indices().next_back().map_or((given, ""), |(at, _)| given.split_at(at));
        let factor = UNITS.into_iter().find(|(name, _)| *name == unit).map(|(_, factor)| factor);
        match (number.parse::<u32>(), factor) {
            (Ok(n), Some(factor)) => Ok(Self(i64::from(n) * factor)),
            _ => Err(InvalidPeriod(given.chars().take(60).collect())),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = self.parts();
        write!(f, "{count}{unit}")
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_a_number_and_a_unit() {
        for (text, seconds, words) in
            [("14d", 14 * 86400, "14 days"), ("0s", 0, "0 seconds"), ("1h", 3600, "1 hour"), ("90s", 90, "90 seconds")]
        {
            let period: Period = text.parse().expect("valid");
            assert_eq!(
                (period.as_seconds(), period.to_string(), period.to_words()),
                (seconds, text.to_owned(), words.to_owned())
            );
        }
        assert_eq!("0d".parse::<Period>().expect("valid").to_string(), "0s");
        for bad in ["", "d", "-1s", "1.5h", "1w", "1é", "99999999999d"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }
}
