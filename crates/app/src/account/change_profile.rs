//! Changes what somebody is called, and in which time zone they read times.

use orglink_domain::clock::Zone;
use orglink_domain::event::EventType;
use orglink_domain::name::check_title;
use orglink_store::{account, in_write};
use serde_json::json;

use super::append;
use crate::{App, Error, Principal};

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    pub name: Option<String>,
    /// By its IANA name; empty for UTC.
    pub time_zone: Option<String>,
}

/// Changes it; nothing happens when it is so already.
///
/// # Errors
/// Bad input that says which field.
pub async fn change_profile(app: &App, principal: &Principal, change: &ProfileChange) -> Result<(), Error> {
    let id = principal.account()?.id;
    if let Some(name) = &change.name {
        check_title("name", name.trim()).map_err(|e| Error::field("name", e.to_string()))?;
    }
    let zone = match change.time_zone.as_deref().map(str::trim) {
        None => None,
        Some("") => Some(None),
        Some(name) => {
            let zone = Zone::named(name).ok_or_else(|| {
                Error::field("time_zone", "there is no such time zone; write it like Europe/Berlin, or nothing for UTC")
            })?;
            Some((!zone.is_utc()).then(|| zone.name().to_owned()))
        }
    };
    let at = app.now();
    in_write!(app.db, tx, {
        let before = account::find(tx, id).await?.ok_or(Error::SignedOut)?;
        let zone_before = account::find_details(tx, id).await?.ok_or(Error::SignedOut)?.time_zone;
        let name = change.name.as_deref().map_or(before.name.as_str(), str::trim);
        let zone_after = zone.clone().unwrap_or_else(|| zone_before.clone());
        if name == before.name && zone_after == zone_before {
            return Ok(());
        }
        account::change_profile(tx, id, name, zone_after.as_deref()).await?;
        append(app, tx, principal, EventType::AccountChanged, json!({ "account": id }), at).await
    })
}
