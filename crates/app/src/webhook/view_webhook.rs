//! The webhooks of a workspace or an organization, for its admins.

use orglink_domain::clock::Timestamp;
use orglink_domain::id::WebhookId;
use orglink_store::webhook::{self, Webhook};

use super::WebhooksOf;
use super::address::host_of;
use super::owner::{Owner, find};
use crate::{App, Error, Page, PageRequest, Principal};

/// A workspace or an organization as its webhooks show it.
#[derive(Debug, Clone)]
pub struct OwnerView {
    pub slug: String,
    pub name: String,
    /// What changes of its webhooks are of.
    pub version: i64,
}

impl OwnerView {
    pub(super) fn of(owner: Owner) -> Self {
        Self { slug: owner.slug, name: owner.name, version: owner.version }
    }
}

/// A webhook with whose it is.
#[derive(Debug, Clone)]
pub struct WebhookView {
    pub owner: OwnerView,
    pub webhook: Webhook,
    /// Of its URL.
    pub host: String,
    /// Until when the secret before signs as well, if it does.
    pub previous_until: Option<Timestamp>,
}

impl WebhookView {
    pub(super) fn of(app: &App, owner: Owner, webhook: Webhook) -> Self {
        let previous_until = webhook.previous.as_ref().map(|(_, until)| *until).filter(|until| *until > app.now());
        Self { owner: OwnerView::of(owner), host: host_of(&webhook.url), webhook, previous_until }
    }
}

/// All webhooks of an owner, in the order in which they were made.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the owner.
pub async fn list_webhooks(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    page: &PageRequest,
) -> Result<(OwnerView, Page<Webhook>), Error> {
    let mut tx = app.db.begin_read().await?;
    let owner = Owner::load(app, &mut tx, principal, of).await?;
    let after = page.after_id(WebhookId)?;
    let found = webhook::list(&mut tx, owner.whose, after, page.fetch()).await?;
    Ok((OwnerView::of(owner), page.page(found, |webhook| webhook.id.to_string())))
}

/// One of them.
///
/// # Errors
/// `NotFound`; a refusal for anybody but an admin of the owner.
pub async fn view_webhook(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
) -> Result<WebhookView, Error> {
    let mut tx = app.db.begin_read().await?;
    let owner = Owner::load(app, &mut tx, principal, of).await?;
    let webhook = find(&mut tx, owner.whose, reference).await?;
    Ok(WebhookView::of(app, owner, webhook))
}
