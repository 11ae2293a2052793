//! Sends a test: an event like any other, which goes to one webhook only.

use orglink_domain::event::{EventType, NewEvent};
use orglink_domain::webhook::WebhookState;
use orglink_store::{event, in_write};

use super::WebhooksOf;
use super::owner::{Owner, find, told_by};
use crate::{App, Error, Principal};

/// Has a webhook told that it is tested, whatever it is told of otherwise.
///
/// # Errors
/// `NotFound`; `webhook_paused`; a refusal for anybody but an admin of the owner.
pub async fn test_webhook(app: &App, principal: &Principal, of: WebhooksOf<'_>, reference: &str) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let owner = Owner::load(app, tx, principal, of).await?;
        let webhook = find(tx, owner.whose, reference).await?;
        if webhook.state != WebhookState::Active {
            let detail = "Nothing is sent to a webhook that is paused. Resume it first.";
            return Err(Error::refused("webhook_paused", "The webhook is paused", detail));
        }
        let happened = NewEvent {
            kind: EventType::WebhookTested,
            organization_id: owner.id.organization(),
            workspace_id: owner.id.workspace(),
            payload: told_by(app, principal, &webhook),
        };
        event::append(tx, app.origin(principal.actor(), app.now()), happened, None).await?;
        Ok::<(), Error>(())
    })?;
    app.feed.poke();
    Ok(())
}
