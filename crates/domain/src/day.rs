//! Days of the calendar, in no zone in particular.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::{Timestamp, Zone};

/// A day of the calendar, wherever: `2026-03-15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Before every other that anybody means.
    pub const FIRST: Self = Self(Date::constant(1970, 1, 1));

    /// The moment at which it begins somewhere; none at the end of all calendars.
    #[must_use]
    pub fn starts_in(self, zone: &Zone) -> Option<Timestamp> {
        let start = self.0.to_zoned_datetime(zone.inner().clone()).ok()?;
        Some(Timestamp::from_micros(start.timestamp().as_microsecond()))
    }

    /// The day that it is somewhere at a moment.
    #[must_use]
    pub fn at(moment: Timestamp, zone: &Zone) -> Option<Self> {
        let at = jiff::Timestamp::from_microsecond(moment.as_micros()).ok()?;
        Some(Self(at.to_zoned_datetime(zone.inner().clone()).date()))
    }

    #[must_use]
    pub fn plus(self, days: i64) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Self)
    }

    /// Year, month and day as one number that grows with time.
    #[must_use]
    pub fn number(self) -> i64 {
        (i64::from(self.0.year()) * 100 + i64::from(self.0.month())) * 100 + i64::from(self.0.day())
    }

    /// The day that such a number means.
    #[must_use]
    pub fn numbered(number: i64) -> Option<Self> {
        let part = |n: i64| i8::try_from(n % 100).ok();
        Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100)?, part(number)?).ok().map(Self)
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The same day some months later; the last of its month where that has no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Option<Self> {
        self.0.checked_add(jiff::Span::new().try_months(months).ok()?).ok().map(Self)
    }

    /// How many days later another one is; negative when it is earlier.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        let since = other.0.since((jiff::Unit::Day, self.0));
        since.map_or(0, |span| i64::from(span.get_days()))
    }

    /// As people read it: `15 March 2026`.
    #[must_use]
    pub fn to_words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a day like 2026-03-15")]
pub struct InvalidDay(String);

impl FromStr for Day {
    type Err = InvalidDay;
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let bad = || InvalidDay(given.chars().take(40).collect());
        let is_plain = given.len() == 10 && given.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        if is_plain { given.parse().map(Self).map_err(|_| bad()) } else { Err(bad()) }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
