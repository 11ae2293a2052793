//! What an operator decides about a mail that did not leave: once more, or no more.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::MailId;
use orglink_domain::notice::MailState;
use orglink_policy::Action;
use orglink_store::{Tx, event, in_write, mail};
use serde_json::json;
use uuid::Uuid;

use crate::{App, Error, Principal};

/// How many mails are tried again at once.
const AT_ONCE: i64 = 1000;

/// Sends a mail again that failed, was refused or given up.
///
/// # Errors
/// `NotFound`; `mail_state` for one that waits or is sent; a refusal for anybody but an operator.
pub async fn retry_mail(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    settle(app, principal, reference, EventType::MailRetried).await
}

/// Sends a mail no more.
///
/// # Errors
/// `NotFound`; `mail_state` for one that is sent or given up already; a refusal for anybody but an operator.
pub async fn give_up_mail(app: &App, principal: &Principal, reference: &str) -> Result<(), Error> {
    settle(app, principal, reference, EventType::MailGivenUp).await
}

async fn settle(app: &App, principal: &Principal, reference: &str, kind: EventType) -> Result<(), Error> {
    app.require(Action::ManageOutbox, principal.standing())?;
    let absent = || Error::not_found("mail", reference);
    let id = MailId(Uuid::try_parse(reference).map_err(|_| absent())?);
    let at = app.now();
    in_write!(app.db, tx, {
        let Some(kept) = mail::find(tx, id).await? else { return Err(absent()) };
        let done = match kind {
            EventType::MailRetried => mail::retry(tx, id, at).await?,
            _ => mail::give_up(tx, id, at).await?,
        };
        if !done {
            let detail = format!("The mail is {}: there is nothing to decide about it.", said(kept.state));
            return Err(Error::refused("mail_state", "This mail needs no decision", detail));
        }
        note(app, tx, principal, kind, id).await
    })
}

/// Sends every refused mail again, as after a mistake in the configuration; how many.
///
/// # Errors
/// A refusal for anybody but an operator.
pub async fn retry_refused_mails(app: &App, principal: &Principal) -> Result<usize, Error> {
    app.require(Action::ManageOutbox, principal.standing())?;
    let at = app.now();
    in_write!(app.db, tx, {
        let refused = mail::list(tx, None, AT_ONCE, Some(MailState::Refused)).await?;
        for kept in &refused {
            mail::retry(tx, kept.id, at).await?;
            note(app, tx, principal, EventType::MailRetried, kept.id).await?;
        }
        Ok::<usize, Error>(refused.len())
    })
}

async fn note(app: &App, tx: &mut Tx, principal: &Principal, kind: EventType, id: MailId) -> Result<(), Error> {
    let happened = NewEvent { kind, organization_id: None, workspace_id: None, payload: json!({ "mail": id }) };
    event::append(tx, app.origin(principal.actor(), app.now()), happened, None).await?;
    Ok(())
}

const fn said(state: MailState) -> &'static str {
    match state {
        MailState::Waiting => "waiting",
        MailState::Failed => "tried again by itself",
        MailState::Sent => "sent",
        MailState::Refused => "refused",
        MailState::GivenUp => "given up",
    }
}
