//! What somebody wants by mail, by kind; obligations come whatever they want.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::notice::NoticeKind;
use orglink_store::{event, in_write, notification};
use serde_json::json;

use crate::{App, Error, Principal};

/// One kind.
#[derive(Debug, Clone, Copy)]
pub struct Preference {
    pub kind: NoticeKind,
    /// It comes by mail too; it is in the inbox in any case.
    pub by_mail: bool,
}

/// Every kind, in its fixed order.
///
/// # Errors
/// When the database is not reachable, or nobody asks.
pub async fn list_preferences(app: &App, principal: &Principal) -> Result<Vec<Preference>, Error> {
    let account = principal.account()?.id;
    let mut tx = app.db.begin_read().await?;
    let kept = notification::list_preferences(&mut tx, account).await?;
    let by_mail = |kind: NoticeKind| {
        kind.obligation().is_some() || kept.iter().find(|(k, _)| *k == kind).is_none_or(|(_, by_mail)| *by_mail)
    };
    Ok(NoticeKind::ALL.iter().map(|kind| Preference { kind: *kind, by_mail: by_mail(*kind) }).collect())
}

/// Decides about one kind.
///
/// # Errors
/// `obligation` for what cannot be switched off, with the reason.
pub async fn change_preference(app: &App, principal: &Principal, kind: NoticeKind, by_mail: bool) -> Result<(), Error> {
    let account = principal.account()?.id;
    if let (false, Some(why)) = (by_mail, kind.obligation()) {
        return Err(Error::refused("obligation", "This always comes by mail", why));
    }
    let at = app.now();
    in_write!(app.db, tx, {
        notification::save_preference(tx, account, kind, by_mail).await?;
        let payload = json!({ "kind": kind, "by_mail": by_mail });
        let kind = EventType::AccountPreferencesChanged;
        let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
        event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        Ok::<(), Error>(())
    })
}
