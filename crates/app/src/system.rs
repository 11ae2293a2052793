//! The system's time and new ids: the only place that asks for either.

use std::sync::Mutex;
use std::time::UNIX_EPOCH;

use orglink_domain::clock::{Clock, IdSource, Timestamp};
use uuid::{ContextV7, Uuid};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// UUIDv7 of the moment it is asked for, with randomness from the system: each is greater than the one before, so
/// that what happened in one millisecond keeps its order.
#[derive(Default)]
pub struct SystemIds(Mutex<ContextV7>);

impl IdSource for SystemIds {
    fn next(&self, at: Timestamp) -> Uuid {
        let micros = u64::try_from(at.as_micros()).unwrap_or(0);
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or(0) * 1000;
        Uuid::new_v7(uuid::Timestamp::from_unix(&self.0, micros / 1_000_000, nanos))
    }
}
