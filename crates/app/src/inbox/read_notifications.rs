//! Says of entries that they are read, or not yet.

use orglink_domain::id::NotificationId;
use orglink_store::{in_write, notification};
use uuid::Uuid;

use crate::{App, Error, Principal};

/// Marks one entry of the one who asks; marking it twice changes nothing.
///
/// # Errors
/// `NotFound` for an entry of nobody or of somebody else.
pub async fn change_notification(app: &App, principal: &Principal, id: &str, is_read: bool) -> Result<(), Error> {
    let account = principal.account()?.id;
    let absent = || Error::not_found("notification", id);
    let entry = NotificationId(Uuid::try_parse(id).map_err(|_| absent())?);
    let at = app.now();
    in_write!(app.db, tx, {
        let Some(kept) = notification::find(tx, account, entry).await? else { return Err(absent()) };
        if kept.read_at.is_some() != is_read {
            notification::change_read(tx, account, entry, is_read.then_some(at)).await?;
        }
        Ok::<(), Error>(())
    })?;
    app.feed.tell(account);
    Ok(())
}

/// Marks everything as read that is not newer than one entry (everything when none is named): what came while
/// somebody looked stays unread. How many were marked.
///
/// # Errors
/// Bad input for something that is no entry's id.
pub async fn read_all_notifications(app: &App, principal: &Principal, up_to: Option<&str>) -> Result<u64, Error> {
    let account = principal.account()?.id;
    let up_to = match up_to.filter(|id| !id.is_empty()) {
        None => None,
        Some(id) => {
            let id = Uuid::try_parse(id).map_err(|_| Error::field("up_to", "this is no id of a notification"))?;
            Some(NotificationId(id))
        }
    };
    let at = app.now();
    let read = in_write!(app.db, tx, { notification::read_all(tx, account, up_to, at).await.map_err(Error::from) })?;
    app.feed.tell(account);
    Ok(read)
}
