//! Changes a webhook, pauses or resumes it.

use orglink_domain::plan::differences;
use orglink_domain::webhook::WebhookState;
use orglink_store::in_write;
use orglink_store::webhook::{self, Webhook};
use serde_json::{Value, json};

use super::create_webhook::{check_description, check_types};
use super::owner::{Owner, OwnerChange, find};
use super::{WebhooksOf, address};
use crate::{App, Error, Expected, Principal};

/// What is to be different; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct WebhookPatch {
    pub url: Option<String>,
    pub description: Option<String>,
    pub types: Option<Vec<String>>,
    /// Nothing is sent; what happens meanwhile is sent when it is resumed.
    pub is_paused: Option<bool>,
}

/// Changes a webhook; the owner's new version.
///
/// # Errors
/// `NotFound`; bad input by field; `dns_unavailable`; `VersionChanged`; a refusal for anybody but an admin of the owner.
pub async fn change_webhook(
    app: &App,
    principal: &Principal,
    of: WebhooksOf<'_>,
    reference: &str,
    patch: &WebhookPatch,
    expected: Expected,
) -> Result<i64, Error> {
    let mut tx = app.db.begin_read().await?;
    let owner = Owner::load(app, &mut tx, principal, of).await?;
    find(&mut tx, owner.whose, reference).await?;
    drop(tx);
    let description = patch.description.as_deref().map(check_description).transpose()?;
    let types = patch.types.as_deref().map(check_types).transpose()?;
    let url = match &patch.url {
        Some(url) => Some(address::check(app, url).await?.to_string()),
        None => None,
    };
    let (url, description, types) = (&url, &description, &types);
    in_write!(app.db, tx, {
        let change = OwnerChange::begin(app, tx, principal, of, expected).await?;
        let before = find(tx, change.whose(), reference).await?;
        let after = Webhook {
            url: url.clone().unwrap_or_else(|| before.url.clone()),
            description: description.clone().unwrap_or_else(|| before.description.clone()),
            types: types.clone().unwrap_or_else(|| before.types.clone()),
            ..before.clone()
        };
        webhook::change(tx, &after).await?;
        let state = match patch.is_paused {
            Some(true) if before.state == WebhookState::Active => Some(WebhookState::Paused),
            Some(false) if before.state != WebhookState::Active => Some(WebhookState::Active),
            _ => None,
        };
        if let Some(state) = state {
            webhook::change_state(tx, before.id, state, change.at()).await?;
        }
        let what = match state {
            Some(WebhookState::Active) => "webhook_resumed",
            Some(_) => "webhook_paused",
            None => "webhook_changed",
        };
        let fields = differences(&fields(&before), &fields(&after));
        change.finish(app, tx, principal, &after, (what, json!({ "fields": fields }))).await
    })
}

/// What of it is compared. Of its address only the host: the rest may hold a secret.
fn fields(webhook: &Webhook) -> Value {
    let types = if webhook.types.is_empty() { "all".to_owned() } else { webhook.types.join(", ") };
    json!({ "host": address::host_of(&webhook.url), "description": webhook.description, "types": types })
}
