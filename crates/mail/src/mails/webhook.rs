//! A webhook took nothing for days, or said that it is gone: told to those who administer what it belongs to.

use orglink_domain::clock::Timestamp;
use orglink_domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};

use super::RolePlace;
use crate::{Action, Content, Named};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookPaused {
    pub place: RolePlace,
    /// The webhook's id.
    pub webhook: String,
    /// Of its URL.
    pub host: String,
    /// It answered that it is gone (410).
    pub is_gone: bool,
    /// Since when it took nothing.
    pub since: Option<Timestamp>,
    pub at: Timestamp,
}

impl Content for WebhookPaused {
    fn kind(&self) -> NoticeKind {
        NoticeKind::Webhook
    }

    fn subject(&self) -> String {
        format!("The webhook at {} of {} is paused", self.host, self.place.name())
    }

    fn paragraphs(&self) -> Vec<String> {
        let (host, place) = (&self.host, self.place.said());
        let why = if self.is_gone {
            format!("The webhook of {place} at {host} answered that it is gone (410), so nothing is sent to it any more.")
        } else {
            format!("The webhook of {place} at {host} took nothing for three days, so nothing is sent to it any more.")
        };
        vec![
            why,
            "What happens meanwhile is not lost: once the receiver works again, resume the webhook, and it is told of everything that it missed, in order.".to_owned(),
        ]
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let since = self.since.filter(|_| !self.is_gone).map(|since| ("Failing since", since.to_minute()));
        since.into_iter().chain([("Paused", self.at.to_minute())]).collect()
    }

    fn action(&self) -> Action {
        Action::new("See what it answered", format!("{}/webhooks/{}", self.place.path(), self.webhook))
    }

    fn samples() -> Vec<Self> {
        let at = Timestamp::from_micros(1_767_603_600_000_000);
        let workspace = RolePlace::Workspace(Named::new("atlas-platform", "Atlas Platform"));
        let organization = RolePlace::Organization(Named::new("meridian", "Meridian"));
        [(workspace, false), (organization, true)]
            .map(|(place, is_gone)| Self {
                place,
                webhook: "019b8c5a-0000-7000-8000-000000000000".to_owned(),
                host: "hooks.meridian.example".to_owned(),
                is_gone,
                since: Some(at.plus_seconds(-72 * 60 * 60)),
                at,
            })
            .into()
    }
}
