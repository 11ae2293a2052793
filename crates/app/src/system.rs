//! The system's time and new ids: the only place that asks for either.

use std::time::UNIX_EPOCH;

use orglink_domain::clock::{Clock, IdSource, Timestamp};
use uuid::{NoContext, Uuid};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// UUIDv7 of the moment it is asked for, with randomness from the system.
pub struct SystemIds;

impl IdSource for SystemIds {
    fn next(&self, at: Timestamp) -> Uuid {
        let micros = u64::try_from(at.as_micros()).unwrap_or(0);
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or(0) * 1000;
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, micros / 1_000_000, nanos))
    }
}
