//! How somebody signs in has changed.

use orglink_domain::event::{Event, EventType};
use orglink_mail::{SecurityChange, SecurityChanged};

use super::Notice;

/// What changed, told to whose it is.
pub(super) fn changed(event: &Event) -> Vec<Notice> {
    let what = match event.kind {
        EventType::AccountPasswordChanged => SecurityChange::PasswordChanged,
        EventType::PasskeyCreated => SecurityChange::PasskeyAdded,
        EventType::PasskeyDeleted => SecurityChange::PasskeyRemoved,
        EventType::PasskeyRefused => SecurityChange::PasskeyRefused,
        EventType::RecoveryCodesCreated => SecurityChange::RecoveryCodesMade,
        EventType::RecoveryCodeUsed => SecurityChange::RecoveryCodeUsed,
        _ => return Vec::new(),
    };
    event.actor.account_id.map(|who| Notice::new(who, SecurityChanged { what, at: event.at })).into_iter().collect()
}
