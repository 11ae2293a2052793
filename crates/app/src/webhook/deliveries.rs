//! The log of what was sent to a webhook and what it answered; sending one of it again.

use orglink_domain::webhook::DeliveryState;
use orglink_store::webhook::{self, Attempt, Delivery, Webhook};
use orglink_store::{Tx, event, in_write};
use serde_json::json;

use super::owner::{Owner, OwnerChange, find};
use super::{WebhookView, WebhooksOf};
use crate::event::cloud_events;
use crate::page::elsewhere;
use crate::{App, Error, Expected, Page, PageRequest, Principal};

/// A delivery with what was sent and what was answered.
#[derive(Debug, Clone)]
pub struct DeliveryView {
    pub of: WebhookView,
    pub delivery: Delivery,
    /// `webhook-id`.
    pub event_id: String,
    /// The body: made of the event, as it is whenever it is sent.
    pub body: String,
    /// The newest first.
    pub attempts: Vec<Attempt>,
}

/// What was sent to a webhook, the newest events first.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the owner.
pub async fn list_deliveries(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    state: Option<DeliveryState>,
    page: &PageRequest,
) -> Result<(WebhookView, Page<Delivery>), Error> {
    let before = match page.after() {
        "" => None,
        position => Some(position.parse::<i64>().map_err(|_| elsewhere())?),
    };
    let mut tx = app.db.begin_read().await?;
    let owner = Owner::load(app, &mut tx, principal, of).await?;
    let webhook = find(&mut tx, owner.whose, reference).await?;
    let found = webhook::list_deliveries(&mut tx, webhook.id, before, page.fetch(), state).await?;
    Ok((WebhookView::of(app, owner, webhook), page.page(found, |delivery| delivery.position.to_string())))
}

/// One of the deliveries of a webhook, by the position of its event.
async fn find_delivery(tx: &mut Tx, webhook: &Webhook, position: &str) -> Result<Delivery, Error> {
    let absent = || Error::not_found("delivery", position);
    let number: i64 = position.parse().map_err(|_| absent())?;
    webhook::find_delivery(tx, webhook.id, number).await?.ok_or_else(absent)
}

/// One delivery, by the position of its event.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the owner.
pub async fn view_delivery(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    position: &str,
) -> Result<DeliveryView, Error> {
    let mut tx = app.db.begin_read().await?;
    let owner = Owner::load(app, &mut tx, principal, of).await?;
    let webhook = find(&mut tx, owner.whose, reference).await?;
    let delivery = find_delivery(&mut tx, &webhook, position).await?;
    let events = event::list_at(&mut tx, &[delivery.position]).await?;
    let told = cloud_events(app, &mut tx, events).await?;
    let Some((event, envelope)) = told.into_iter().next() else {
        return Err(Error::broken("a delivery is of no event"));
    };
    let attempts = webhook::list_attempts(&mut tx, delivery.id).await?;
    let of = WebhookView::of(app, owner, webhook);
    Ok(DeliveryView { of, delivery, event_id: event.id.to_string(), body: envelope.to_string(), attempts })
}

/// Sends a delivery once more, whatever became of it, with the same id.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the owner.
pub async fn resend_delivery(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    position: &str,
) -> Result<(), Error> {
    in_write!(app.db, tx, {
        let change = OwnerChange::begin(app, tx, principal, of, Expected::Any).await?;
        let webhook = find(tx, change.whose(), reference).await?;
        let delivery = find_delivery(tx, &webhook, position).await?;
        webhook::resend(tx, delivery.id, change.at()).await?;
        webhook::touch(tx, webhook.id, change.at()).await?;
        let more = json!({ "position": delivery.position.to_string() });
        change.finish(app, tx, principal, &webhook, ("webhook_resent", more)).await?;
        Ok::<(), Error>(())
    })?;
    app.webhooks.poke();
    Ok(())
}
