//! One mail in words. Its one-time secrets are masked; whoever must hand one over another way reveals it, and the
//! recipient sees that.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::id::MailId;
use orglink_mail::Rendered;
use orglink_policy::Action;
use orglink_store::mail::{self, Addressee};
use orglink_store::{event, in_write};
use serde_json::json;
use uuid::Uuid;

use super::ListedMail;
use super::list_mails::listed;
use super::make::{MASK, Made, make, mint_secret, mint_unsubscribe, render, says_of, unsubscribe_url};
use crate::{App, Error, Principal};

/// A mail as an operator sees it.
#[derive(Debug, Clone)]
pub struct ViewedMail {
    pub listed: ListedMail,
    /// Nothing when this program does not know the template.
    pub rendered: Option<Rendered>,
    /// The secret in it is a real one.
    pub is_revealed: bool,
}

fn id_of(reference: &str) -> Result<MailId, Error> {
    Uuid::try_parse(reference).map(MailId).map_err(|_| Error::not_found("mail", reference))
}

/// Shows a mail as it was or will be sent, with masked secrets.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an operator.
pub async fn view_mail(app: &App, principal: &Principal, reference: &str) -> Result<ViewedMail, Error> {
    app.require(Action::ManageOutbox, principal.standing())?;
    if app.outbox.shows_secrets() {
        // In a demo whoever plays the operator plays everybody else too.
        return show(app, reference, None).await;
    }
    let id = id_of(reference)?;
    let mut tx = app.db.begin_read().await?;
    let kept = mail::find(&mut tx, id).await?.ok_or_else(|| Error::not_found("mail", reference))?;
    let rendered = match says_of(&mut tx, &kept).await? {
        None => None,
        Some(says) => {
            let unsubscribe = kept.kind.obligation().is_none().then(|| unsubscribe_url(app, &kept, MASK));
            Some(render(app, &says, Some(MASK), unsubscribe.as_deref())?)
        }
    };
    let listed = listed(&mut tx, vec![kept]).await?.pop().ok_or_else(|| Error::not_found("mail", reference))?;
    Ok(ViewedMail { listed, rendered, is_revealed: false })
}

/// Shows a mail with a new one-time secret that works like the one that was or will be sent. An event says so, and the
/// recipient is told in their inbox.
///
/// # Errors
/// `NotFound`; `no_secret` for a mail that has none to show; a refusal for anybody but an operator.
pub async fn reveal_mail(app: &App, principal: &Principal, reference: &str) -> Result<ViewedMail, Error> {
    app.require(Action::ManageOutbox, principal.standing())?;
    show(app, reference, Some(principal)).await
}

/// With a secret; with an event by whom, unless it is a demo's.
async fn show(app: &App, reference: &str, by: Option<&Principal>) -> Result<ViewedMail, Error> {
    let (id, at) = (id_of(reference)?, app.now());
    in_write!(app.db, tx, {
        let kept = mail::find(tx, id).await?.ok_or_else(|| Error::not_found("mail", reference))?;
        let mut unsubscribe = kept.kind.obligation().is_none().then(|| unsubscribe_url(app, &kept, MASK));
        let (says, secret) = match make(app, tx, &kept).await? {
            Made::Ready { says, to } => {
                let secret = mint_secret(app, tx, &kept, &says, &to).await?;
                if by.is_none() {
                    unsubscribe = mint_unsubscribe(app, tx, &kept, &to).await?;
                }
                (Some(*says), secret)
            }
            Made::Pointless(_) => (says_of(tx, &kept).await?, None),
        };
        if let Some(principal) = by {
            let (Some(says), Some(_)) = (&says, &secret) else {
                let detail = "This mail has no one-time link, or its time is over: there is nothing to reveal.";
                return Err(Error::refused("no_secret", "There is nothing to reveal", detail));
            };
            let account = match &kept.to {
                Addressee::Account(id) => Some(*id),
                Addressee::Address(email) => orglink_store::account::find_by_email(tx, email).await?.map(|a| a.id),
            };
            let happened = NewEvent {
                kind: EventType::MailRevealed,
                organization_id: None,
                workspace_id: None,
                payload: json!({ "mail": kept.id, "account": account, "subject": says.content().subject() }),
            };
            event::append(tx, app.origin(principal.actor(), at), happened, None).await?;
        }
        let is_revealed = secret.is_some();
        let shown = secret.as_ref().map_or(MASK, crate::Secret::reveal);
        let rendered = match &says {
            None => None,
            Some(says) => Some(render(app, says, Some(shown), unsubscribe.as_deref())?),
        };
        let listed = listed(tx, vec![kept]).await?.pop().ok_or_else(|| Error::not_found("mail", reference))?;
        Ok::<ViewedMail, Error>(ViewedMail { listed, rendered, is_revealed })
    })
}
