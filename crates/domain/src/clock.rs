//! Time and new ids come from outside, so that tests can own both.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Microseconds since 1970-01-01T00:00:00Z, UTC: the resolution both databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This moment plus (or, negative, minus) a number of seconds; stops at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0) / 1_000_000
    }

    /// The day and minute in UTC as people read it: `2026-03-15 09:30 UTC`.
    #[must_use]
    pub fn to_minute(self) -> String {
        self.to_jiff().map_or_else(String::new, |t| t.strftime("%Y-%m-%d %H:%M UTC").to_string())
    }

    /// The same in a time zone, which is always named: `2026-03-15 10:30 Europe/Berlin`.
    #[must_use]
    pub fn to_minute_in(self, zone: &Zone) -> String {
        if zone.is_utc() {
            return self.to_minute();
        }
        let at = self.to_jiff().map(|t| t.to_zoned_datetime(zone.0.clone()));
        at.map_or_else(String::new, |t| format!("{} {}", t.strftime("%Y-%m-%d %H:%M"), zone.name()))
    }

    /// How long before or after `now`, as people say it: `3 hours ago`, `in 2 days`.
    #[must_use]
    pub fn to_relative(self, now: Self) -> String {
        let seconds = self.seconds_since(now);
        let (count, unit) = match seconds.unsigned_abs() {
            0..45 => return "just now".to_owned(),
            s @ 45..2_700 => ((s + 30) / 60, "minute"),
            s @ 2_700..79_200 => ((s + 1_800) / 3_600, "hour"),
            s @ 79_200..2_592_000 => ((s + 43_200) / 86_400, "day"),
            s @ 2_592_000..31_536_000 => (s / 2_592_000, "month"),
            s => (s / 31_536_000, "year"),
        };
        let plural = if count == 1 { "" } else { "s" };
        if seconds < 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
    }

    fn to_jiff(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.0).ok()
    }
}

/// A time zone, with the rules that are compiled in.
#[derive(Debug, Clone)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// By its IANA name, in whatever case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        jiff::tz::TimeZone::get(name).ok().map(Self)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.name() == "UTC"
    }

    pub(crate) const fn inner(&self) -> &jiff::tz::TimeZone {
        &self.0
    }

    /// The names there are, for whoever chooses one.
    #[must_use]
    pub fn names() -> Vec<String> {
        let names = jiff::tz::db().available().map(|name| name.to_string());
        let is_place = |name: &String| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("posix");
        let mut names: Vec<String> = names.filter(is_place).collect();
        names.sort_unstable();
        names
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, microseconds only when there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_jiff() {
            Some(t) => write!(f, "{t}"),
            None => write!(f, "{}µs", self.0),
        }
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidTimestamp;
    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let parsed: jiff::Timestamp = given.parse().map_err(|_| InvalidTimestamp(given.chars().take(60).collect()))?;
        Ok(Self(parsed.as_microsecond()))
    }
}

/// Not a moment in time as RFC 3339 writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a time like 2026-03-15T09:30:00Z (RFC 3339)")]
pub struct InvalidTimestamp(String);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Where "now" comes from. The program has one that reads the system; tests have one that they advance.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// Where new ids come from: UUIDv7 of the given moment (RFC 9562), for identity, never for the order of events.
pub trait IdSource: Send + Sync {
    fn next(&self, at: Timestamp) -> Uuid;
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_time_reads_back_what_it_writes(micros in -62_135_596_800_000_000_i64..253_402_300_800_000_000) {
            let t = Timestamp::from_micros(micros);
            proptest::prop_assert_eq!(t.to_string().parse::<Timestamp>(), Ok(t));
        }

        #[test]
        fn whatever_is_given_is_a_time_or_refused(given in "\\PC{0,60}") {
            let _ = given.parse::<Timestamp>();
        }
    }

    #[test]
    fn how_long_ago_is_said_as_people_say_it() {
        let now = Timestamp::from_micros(0);
        for (seconds, said) in [
            (0, "just now"),
            (-44, "just now"),
            (-45, "1 minute ago"),
            (-7_000, "2 hours ago"),
            (-79_200, "1 day ago"),
            (200_000, "in 2 days"),
            (-5_184_000, "2 months ago"),
            (63_072_000, "in 2 years"),
        ] {
            assert_eq!(now.plus_seconds(seconds).to_relative(now), said, "{seconds}");
        }
    }

    #[test]
    fn a_time_is_written_as_rfc_3339_and_read_back() {
        let t: Timestamp = "2026-03-15T23:59:59.000001Z".parse().expect("valid");
        assert_eq!(t.to_string(), "2026-03-15T23:59:59.000001Z");
        assert_eq!(t.plus_seconds(1).to_string(), "2026-03-16T00:00:00.000001Z");
        assert_eq!(t.to_minute(), "2026-03-15 23:59 UTC");
        assert_eq!(t.to_minute_in(&Zone::named("europe/berlin").expect("a zone")), "2026-03-16 00:59 Europe/Berlin");
        assert_eq!(t.to_minute_in(&Zone::default()), t.to_minute());
        assert!(Zone::named("Europe/Nowhere").is_none());
        assert!(Zone::names().len() > 300);
        assert!("yesterday".parse::<Timestamp>().is_err());
    }
}
