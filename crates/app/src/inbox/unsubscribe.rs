//! Ends mails of a kind by the link in one of them, without signing in. Doing it twice changes nothing; it never
//! signs anybody in and shows nothing of an account.

use orglink_domain::event::{Actor, EventType, NewEvent, Through};
use orglink_domain::notice::NoticeKind;
use orglink_store::one_time::OneTimeToken;
use orglink_store::{Tx, event, in_write, mail, notification};
use serde_json::json;

use crate::one_time;
use crate::{App, Error};

async fn find(tx: &mut Tx, app: &App, kind: &str, secret: &str) -> Result<(NoticeKind, OneTimeToken), Error> {
    let absent = || Error::not_found("link", "in this mail");
    let kind: NoticeKind = kind.parse().map_err(|_| absent())?;
    let token = one_time::find(tx, "unsubscribe", secret, app.now()).await?.ok_or_else(absent)?;
    if kind.obligation().is_some() {
        return Err(absent());
    }
    Ok((kind, token))
}

/// What a link would end; changes nothing (mail programs and scanners open links).
///
/// # Errors
/// `NotFound` for a link that is none, or too old.
pub async fn find_unsubscribe(app: &App, kind: &str, secret: &str) -> Result<NoticeKind, Error> {
    let mut tx = app.db.begin_read().await?;
    Ok(find(&mut tx, app, kind, secret).await?.0)
}

/// Ends mails of the kind to whoever got the mail.
///
/// # Errors
/// `NotFound` for a link that is none, or too old.
pub async fn unsubscribe(app: &App, kind: &str, secret: &str) -> Result<NoticeKind, Error> {
    let at = app.now();
    in_write!(app.db, tx, {
        let (kind, token) = find(tx, app, kind, secret).await?;
        if let Some(account) = token.account_id {
            notification::save_preference(tx, account, kind, false).await?;
            let actor = Actor { account_id: Some(account), through: Through::Own };
            let payload = json!({ "kind": kind, "by_mail": false });
            let kind = EventType::AccountPreferencesChanged;
            let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload };
            event::append(tx, app.origin(actor, at), happened, None).await?;
        } else if let Some(email) = &token.email_folded {
            mail::change_unwanted(tx, email, kind, true).await?;
        }
        Ok::<NoticeKind, Error>(kind)
    })
}
