//! For how long what has ended is kept: `[retention]`.

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::duration;

/// As the operator writes it: durations, or `forever`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    pub sessions: String,
    pub tokens: String,
    pub sign_in_failures: String,
    pub idempotency: String,
    pub plans: String,
    pub proposals: String,
    pub notifications: String,
    pub mails: String,
    pub webhook_deliveries: String,
    pub imports: String,
    pub event_payloads: String,
}

/// The activity of pages, notices and whoever follows events read them: not shorter than this.
const SHORTEST_PAYLOADS: i64 = 30 * 24 * 60 * 60;

impl Default for Retention {
    fn default() -> Self {
        let said = |text: &str| text.to_owned();
        Self {
            sessions: said("0s"),
            tokens: said("90d"),
            sign_in_failures: said("24h"),
            idempotency: said("48h"),
            plans: said("30d"),
            proposals: said("365d"),
            notifications: said("365d"),
            mails: said("90d"),
            webhook_deliveries: said("30d"),
            imports: said("forever"),
            event_payloads: said("forever"),
        }
    }
}

impl Retention {
    /// In seconds.
    pub fn read(&self) -> Result<orglink_app::Retention> {
        let seconds = |name: &str, given: &str| match given {
            "forever" => Ok(None),
            given => duration::parse(given).map(Some).with_context(|| format!("retention.{name}")),
        };
        let payloads = |name: &str, given: &str| match seconds(name, given)? {
            Some(kept) if kept < SHORTEST_PAYLOADS => bail!("retention.{name}: at least \"30d\", or \"forever\""),
            kept => Ok(kept),
        };
        Ok(orglink_app::Retention {
            sessions: seconds("sessions", &self.sessions)?,
            tokens: seconds("tokens", &self.tokens)?,
            sign_in_failures: seconds("sign_in_failures", &self.sign_in_failures)?,
            idempotency: seconds("idempotency", &self.idempotency)?,
            plans: seconds("plans", &self.plans)?,
            proposals: seconds("proposals", &self.proposals)?,
            notifications: seconds("notifications", &self.notifications)?,
            mails: seconds("mails", &self.mails)?,
            webhook_deliveries: seconds("webhook_deliveries", &self.webhook_deliveries)?,
            imports: payloads("imports", &self.imports)?,
            event_payloads: payloads("event_payloads", &self.event_payloads)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_defaults_are_those_of_the_application() {
        let (read, default) = (Retention::default().read().expect("valid"), orglink_app::Retention::default());
        assert_eq!(format!("{read:?}"), format!("{default:?}"));
    }

    #[test]
    fn what_events_say_is_kept_for_a_month_at_least() {
        let with = |days: &str| Retention { event_payloads: days.to_owned(), ..Retention::default() }.read();
        assert!(with("29d").is_err() && with("30d").is_ok() && with("for ever").is_err());
    }
}
